package policy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// zipped is a DOCX file whose text is this XML.
func zipped(t testing.TB, xml []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(xml); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whatever XML stands in a Word document, it is read or refused, and soon.
func FuzzWordDocumentsAreReadOrRefused(f *testing.F) {
	f.Add([]byte(`<w:document><w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Data</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a|b</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a><t>&d;</t></a>`))
	f.Add([]byte(`<p><t>x</p></t></tc></tr></tbl></del><tbl>`))
	f.Add([]byte(`<p><pStyle val="heading"/><t>x</t></p>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		soon(t, func() { sound(t, "x.docx", zipped(t, xml)) })
		soon(t, func() { sound(t, "x.docx", xml) }) // and as a file that is no zip, or a broken one
	})
}

// Whatever a PDF holds, it is read or refused, and soon.
func FuzzPDFsAreReadOrRefused(f *testing.F) {
	f.Add(pdfOf("BT /F1 12 Tf 72 720 Td (We keep forms for seven years.) Tj ET"))
	f.Add(pdfOf("BT /F1 12 Tf (\\(\\)\\134 <</A [1 2]>> BI ID EI"))
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) { soon(t, func() { sound(t, "x.pdf", data) }) })
}

// pdfOf is the smallest PDF with one page of these instructions.
func pdfOf(drawing string) []byte {
	var out bytes.Buffer
	var at []int
	out.WriteString("%PDF-1.4\n")
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(drawing), drawing),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	} {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", len(at)+1, start)
	return out.Bytes()
}

func sound(t *testing.T, name string, data []byte) {
	doc, err := Read(name, data)
	if err != nil {
		return
	}
	for _, p := range doc.Passages {
		if len([]rune(p.Text)) > MaxQuote || p.Text == "" {
			t.Errorf("passage of %d characters", len([]rune(p.Text)))
		}
	}
}

// soon fails when a small file takes long.
func soon(t *testing.T, read func()) {
	t.Helper()
	start := time.Now()
	read()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// A small file that unpacks to far more than it weighs is refused, and costs little.
func TestAFileThatUnpacksToFarMoreThanItWeighsIsRefused(t *testing.T) {
	word := func(inner string) []byte { return []byte("<w:document><w:body>" + inner + "</w:body></w:document>") }
	for name, file := range map[string][]byte{
		"much text":       zipped(t, word("<w:p><w:r><w:t>"+strings.Repeat("a ", maxText)+"</w:t></w:r></w:p>")),
		"much of nothing": zipped(t, word(strings.Repeat("<w:p></w:p>", maxXML/10))),
		"deep":            zipped(t, word(strings.Repeat("<w:r>", 100_000))),
	} {
		t.Run(name, func(t *testing.T) {
			if len(file) > 1<<20 {
				t.Fatalf("the file weighs %d bytes", len(file))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			if _, err := Read("x.docx", file); err == nil {
				t.Error("it was read")
			}
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 200<<20 {
				t.Errorf("it cost %d MB", grown>>20)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
