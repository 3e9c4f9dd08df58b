package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"
)

const (
	maxPages    = 400
	maxPageData = 16 << 20         // drawing instructions of one page after unpacking, in bytes
	maxPDFTime  = 20 * time.Second // a file that takes longer is refused
)

var (
	errLocked  = errors.New("it is locked with a password or damaged; save an unlocked copy")
	errSlowPDF = errors.New("it takes too long to read; save it as text or DOCX")
)

// readPDF reads the text layer of a PDF page by page and then reads it as plain text.
// The library panics on some damaged files and knows no time limit, so it runs behind both.
func readPDF(data []byte) ([]block, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	stop := make(chan struct{})
	go func() {
		defer func() {
			if recover() != nil {
				done <- result{err: errLocked}
			}
		}()
		text, err := pdfText(data, stop)
		done <- result{text, err}
	}()
	timer := time.NewTimer(maxPDFTime)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, r.err
		}
		return readText([]byte(r.text))
	case <-timer.C:
		close(stop)
		return nil, errSlowPDF
	}
}

func pdfText(data []byte, stop <-chan struct{}) (string, error) {
	file, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", errLocked
	}
	pages := file.NumPage()
	if pages > maxPages {
		return "", fmt.Errorf("it has %d pages and at most %d are read; split it", pages, maxPages)
	}
	var text strings.Builder
	for n := 1; n <= pages; n++ {
		select {
		case <-stop:
			return "", errSlowPDF
		default:
		}
		page := file.Page(n)
		if page.V.IsNull() {
			continue
		}
		if err := checkPage(page); err != nil {
			return "", err
		}
		for _, line := range pageLines(page.Content().Text) {
			text.WriteString(line + "\n")
		}
		if text.Len() > maxText {
			return "", errTooMuch
		}
	}
	return joinWrapped(text.String()), nil
}

// checkPage refuses a page whose instructions unpack to more than a page can need.
func checkPage(page pdf.Page) error {
	contents := page.V.Key("Contents")
	streams := []pdf.Value{contents}
	if contents.Kind() == pdf.Array {
		streams = streams[:0]
		for i := range min(contents.Len(), 1000) {
			streams = append(streams, contents.Index(i))
		}
	}
	left := int64(maxPageData)
	for _, stream := range streams {
		if stream.Kind() != pdf.Stream {
			continue
		}
		reader := stream.Reader()
		read, _ := io.Copy(io.Discard, io.LimitReader(reader, left))
		reader.Close()
		if left -= read; left <= 0 {
			return errTooMuch
		}
	}
	return nil
}

// pageLines puts the letters of a page back into lines, top to bottom, left to right.
// A gap wider than a fifth of the letter's height is a space, one wider than four
// heights is the next cell of a table.
func pageLines(letters []pdf.Text) []string {
	sort.SliceStable(letters, func(i, j int) bool {
		if dy := letters[i].Y - letters[j].Y; dy > 2 || dy < -2 {
			return dy > 0
		}
		return false
	})
	var lines []string
	var line strings.Builder
	for i, l := range letters {
		if i > 0 {
			before := letters[i-1]
			gap := l.X - (before.X + before.W)
			switch {
			case before.Y-l.Y > 2:
				lines = append(lines, strings.TrimSpace(line.String()))
				line.Reset()
				if before.Y-l.Y > 1.9*before.FontSize {
					lines = append(lines, "")
				}
			case gap > 4*l.FontSize:
				line.WriteString(" | ")
			case gap > 0.2*l.FontSize && before.S != " ":
				line.WriteByte(' ')
			}
		}
		line.WriteString(l.S)
	}
	return append(lines, strings.TrimSpace(line.String()), "")
}

// joinWrapped joins lines that a page broke in the middle of a sentence.
func joinWrapped(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if n := len(out); n > 0 && wraps(out[n-1], line) {
			out[n-1] += " " + line
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// wraps says whether a line goes on with the sentence of the line before: that line is
// long, does not end one, and this one opens neither a list item nor a heading.
func wraps(before, line string) bool {
	if before == "" || line == "" || strings.Contains(before+line, "|") || endsSentence(before) || strings.HasSuffix(before, ":") {
		return false
	}
	if bulletLine.MatchString(line) || numbered.MatchString(line) || appendix.MatchString(line) {
		return false
	}
	first := line[0]
	return first >= 'a' && first <= 'z' || len(before) > 60
}
