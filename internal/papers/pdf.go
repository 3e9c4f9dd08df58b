// Package papers turns what the bot says into files to keep: a message into a PDF, a
// register into CSV and XLSX.
//
// It knows no feature. What stands in a paper, and who may have it, is decided elsewhere.
package papers

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"shareright/bot"
)

// Measures of a page, in millimetres and points. A4 with wide margins, so that it can be filed.
const (
	margin     = 20.0
	width      = 210 - 2*margin
	labelWidth = 55.0
	textSize   = 10.5
	lineHeight = 5.4
)

// PDF draws a message on A4 pages, without its buttons. The foot of each page holds footer,
// the day and the page's number. The same message and day give the same bytes.
func PDF(m bot.Message, footer string, day time.Time) ([]byte, error) {
	d := fpdf.New("P", "mm", "A4", "")
	d.AddUTF8FontFromBytes("go", "", goregular.TTF)
	d.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	footer = inked(footer)
	d.SetTitle(inked(m.Title), true)
	d.SetLang("en-GB")
	d.SetCreationDate(day)
	d.SetModificationDate(day)
	d.SetCatalogSort(true)
	d.SetMargins(margin, margin, margin)
	d.SetAutoPageBreak(true, margin)
	d.AliasNbPages("{pages}")
	d.SetFooterFunc(func() {
		d.SetY(-margin + 6)
		d.SetFont("go", "", 8)
		d.CellFormat(width/2, 4, footer+" · "+day.Format("2 January 2006"), "", 0, "L", false, 0, "")
		d.CellFormat(width/2, 4, "Page "+strconv.Itoa(d.PageNo())+" of {pages}", "", 0, "R", false, 0, "")
	})
	d.AddPage()
	p := page{d}
	p.write("B", 16, m.Title)
	d.Ln(2)
	for _, b := range m.Body {
		p.block(b)
	}
	for _, s := range m.Sources {
		p.write("", 8.5, s.Line())
	}
	var out bytes.Buffer
	if err := d.Output(&out); err != nil {
		return nil, fmt.Errorf("draw %q: %w", m.Title, err)
	}
	return out.Bytes(), nil
}

type page struct{ *fpdf.Fpdf }

// inked is the text as it can be drawn: without what steers or turns it, and with a mark
// for letters beyond the first plane, such as emoji, which the library refuses.
func inked(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return ' '
		case r > 0xFFFF:
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

func (p page) write(style string, size float64, text string) {
	p.SetFont("go", style, size)
	p.MultiCell(width, lineHeight*size/textSize, inked(text), "", "L", false)
}

func (p page) block(b bot.Block) {
	switch b.Kind {
	case bot.Heading:
		p.keep(4 * lineHeight)
		p.Ln(3)
		p.write("B", 12.5, b.Text)
		p.Ln(1)
	case bot.Pairs:
		for i := 0; i+1 < len(b.Items); i += 2 {
			p.pair(b.Items[i], b.Items[i+1])
		}
		p.Ln(2)
	case bot.Bullets, bot.Steps:
		for i, item := range b.Items {
			mark := "•"
			if b.Kind == bot.Steps {
				mark = strconv.Itoa(i+1) + "."
			}
			p.item(mark, item)
		}
		p.Ln(2)
	case bot.SmallLine:
		p.write("", 8.5, b.Text)
	default:
		for _, line := range b.Plain() {
			p.write("", textSize, line)
		}
		p.Ln(2)
	}
}

// pair is a label and its value beside it; both wrap, and the row stays on one page where it fits.
func (p page) pair(label, value string) {
	label, value = inked(label), inked(value)
	p.SetFont("go", "B", textSize)
	labelLines := len(p.SplitText(label, labelWidth-2))
	p.SetFont("go", "", textSize)
	p.keep(float64(max(labelLines, min(len(p.SplitText(value, width-labelWidth)), 40))) * lineHeight)
	top, onPage := p.GetY(), p.PageNo()
	p.SetFont("go", "B", textSize)
	p.MultiCell(labelWidth-2, lineHeight, label, "", "L", false)
	bottom := p.GetY()
	p.SetXY(margin+labelWidth, top)
	p.SetFont("go", "", textSize)
	p.SetLeftMargin(margin + labelWidth)
	p.MultiCell(width-labelWidth, lineHeight, value, "", "L", false)
	p.SetLeftMargin(margin)
	if p.PageNo() == onPage && p.GetY() < bottom {
		p.SetY(bottom)
	}
	p.SetX(margin)
	p.Ln(1)
}

func (p page) item(mark, text string) {
	p.SetFont("go", "", textSize)
	p.keep(lineHeight)
	p.CellFormat(6, lineHeight, mark, "", 0, "L", false, 0, "")
	p.SetLeftMargin(margin + 6)
	p.MultiCell(width-6, lineHeight, inked(text), "", "L", false)
	p.SetLeftMargin(margin)
	p.SetX(margin)
}

// keep begins a new page when less than so many millimetres are left.
func (p page) keep(height float64) {
	_, tall := p.GetPageSize()
	if p.GetY()+height > tall-margin {
		p.AddPage()
	}
}
