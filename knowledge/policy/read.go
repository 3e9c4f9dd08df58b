package policy

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// MaxFile is the largest file that Read accepts, in bytes.
const MaxFile = 20 << 20

// maxText is the most text taken from one file, in bytes after unpacking: a guard
// against files that unpack to far more than they weigh.
const maxText = 8 << 20

// maxPassages is the most passages kept from one file.
const maxPassages = 20000

// ErrFormat means that the file is of a kind that Read does not know.
var ErrFormat = errors.New("this kind of file cannot be read; use Markdown, text, HTML, DOCX or PDF")

// ErrNoText means that a file held no words, as a scan without a text layer does.
var ErrNoText = errors.New("no words were found; if it is a scan, save it with a text layer first")

// errTooMuch means that the file unpacks to more than maxText.
var errTooMuch = fmt.Errorf("it holds more than %d MB of text; split it into smaller files", maxText>>20)

// blockKind is what a line or paragraph is before passages are made of it.
type blockKind int

const (
	paragraph blockKind = iota
	heading
	bullet
	row
)

// block is one piece of a document in reading order.
type block struct {
	kind  blockKind
	level int    // of a heading, 1 is outermost
	text  string // cells of a row are joined by " | "

	header bool // a row that names the columns
}

var readers = map[string]func([]byte) ([]block, error){
	".md": readMarkdown, ".markdown": readMarkdown, ".txt": readText, ".text": readText,
	".html": readHTML, ".htm": readHTML, ".docx": readDOCX, ".pdf": readPDF,
}

// CanRead says whether Read knows files with such a name.
func CanRead(name string) bool { return readers[strings.ToLower(filepath.Ext(name))] != nil }

// Read makes a document of one file's bytes. The name's ending says how to read it and
// its last element becomes the document's id.
func Read(name string, data []byte) (doc Document, err error) {
	read := readers[strings.ToLower(filepath.Ext(name))]
	if read == nil {
		return Document{}, fmt.Errorf("read %s: %w", name, ErrFormat)
	}
	if len(data) > MaxFile {
		return Document{}, fmt.Errorf("read %s: the file is larger than %d MB; split it", name, MaxFile>>20)
	}
	blocks, err := read(data)
	if err != nil {
		return Document{}, fmt.Errorf("read %s: %w", name, err)
	}
	doc = split(blocks)
	doc.ID = filepath.Base(name)
	if len(doc.Passages) == 0 {
		return Document{}, fmt.Errorf("read %s: %w", name, ErrNoText)
	}
	if doc.Title == "" {
		doc.Title = strings.TrimSuffix(doc.ID, filepath.Ext(doc.ID))
	}
	describe(&doc, blocks)
	return doc, nil
}

// clean returns the text as UTF-8 with plain spaces and line ends. Bytes that are not
// UTF-8 are taken as Windows-1252, which older office programs write.
func clean(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	text := string(data)
	if !utf8.ValidString(text) {
		text = fromWindows(data)
	}
	return tidy.Replace(text)
}

var tidy = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\u200b", "",
	"\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
	"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\ufeff", "", "\u00ad", "", "\x00", "", "\f", "\n\n")

// windowsPunctuation are the characters of Windows-1252 that policies are full of and Latin-1 lacks.
var windowsPunctuation = map[byte]rune{0x80: '€', 0x85: '…', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”',
	0x95: '•', 0x96: '–', 0x97: '—', 0x99: '™'}

func fromWindows(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		if r, ok := windowsPunctuation[c]; ok {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// oneLine joins the words of a text with single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
