package policy

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxXML is the most XML read out of a DOCX file, in bytes; XML weighs several times its words.
const maxXML = 8 * maxText

// maxDepth is how deep the elements of a DOCX file may nest.
const maxDepth = 200

// maxElements is the most elements read out of a DOCX file; four hundred pages have a fifth of it.
const maxElements = 1_000_000

var errNotWord = errors.New("it is not a Word document; save it as .docx first")

// readDOCX reads the main text of a Word document: paragraphs, headings by their
// style, list items and table rows. Changes that were struck out are not read.
func readDOCX(data []byte) ([]block, error) {
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errNotWord
	}
	main, err := files.Open("word/document.xml")
	if err != nil {
		return nil, errNotWord
	}
	defer main.Close()
	limited := &io.LimitedReader{R: main, N: maxXML}
	word := &word{}
	decoder := xml.NewDecoder(limited)
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && limited.N <= 0 {
			return nil, errTooMuch
		}
		if err != nil {
			return nil, fmt.Errorf("read its text: %w", err)
		}
		if err := word.token(token); err != nil {
			return nil, err
		}
	}
	if limited.N <= 0 {
		return nil, errTooMuch
	}
	return word.blocks, nil
}

// word is the state while reading: what stands around the words that come next.
type word struct {
	blocks []block
	words  strings.Builder
	cell   strings.Builder
	cells  []string
	style  string
	listed bool
	inText bool
	tables int
	struck int
	depth  int
	size   int
	count  int
}

func (w *word) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if w.depth++; w.depth > maxDepth {
			return errNotWord
		}
		if w.count++; w.count > maxElements {
			return errTooMuch
		}
		w.start(t)
	case xml.EndElement:
		w.depth--
		w.end(t.Name.Local)
	case xml.CharData:
		if w.inText && w.struck == 0 {
			w.words.Write(t)
			if w.size += len(t); w.size > maxText {
				return errTooMuch
			}
		}
	}
	return nil
}

func (w *word) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p":
		w.words.Reset()
		w.style, w.listed = "", false
	case "pStyle":
		w.style = value(t)
	case "numPr":
		w.listed = true
	case "t":
		w.inText = true
	case "tab", "br", "cr":
		w.words.WriteByte(' ')
	case "noBreakHyphen":
		w.words.WriteByte('-')
	case "del":
		w.struck++
	case "tbl":
		w.tables++
	case "tr":
		w.cells = nil
	case "tc":
		w.cell.Reset()
	}
}

func (w *word) end(name string) {
	switch name {
	case "t":
		w.inText = false
	case "del":
		w.struck--
	case "p":
		w.paragraph()
	case "tc":
		if cell := oneLine(w.cell.String()); cell != "" {
			w.cells = append(w.cells, strings.ReplaceAll(cell, "|", "/"))
		}
		w.cell.Reset()
	case "tr":
		if len(w.cells) > 0 {
			w.blocks = append(w.blocks, block{kind: row, text: strings.Join(w.cells, " | ")})
		}
		w.cells = nil
	case "tbl":
		w.tables--
	}
}

func (w *word) paragraph() {
	text := oneLine(tidy.Replace(w.words.String()))
	w.words.Reset()
	if text == "" {
		return
	}
	if w.tables > 0 {
		w.cell.WriteString(text + " ")
		return
	}
	style := strings.ToLower(w.style)
	switch {
	case style == "title":
		w.blocks = append(w.blocks, block{kind: heading, level: 1, text: text})
	case strings.HasPrefix(style, "heading"):
		level := 2
		if last := style[len(style)-1]; last >= '1' && last <= '9' {
			level = int(last - '0')
		}
		w.blocks = append(w.blocks, block{kind: heading, level: level, text: text})
	case w.listed || strings.HasPrefix(style, "list"):
		w.blocks = append(w.blocks, block{kind: bullet, text: text})
	default:
		w.blocks = append(w.blocks, block{kind: paragraph, text: text})
	}
}

func value(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "val" {
			return a.Value
		}
	}
	return ""
}
