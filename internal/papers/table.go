package papers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"shareright/bot"
)

// Row is one record of a register, as the store gives it.
type Row struct {
	Ref  bot.Ref
	Body []byte
}

// guard keeps a spreadsheet from running a text as a formula. It puts a quotation mark in
// front, because that is what spreadsheets read as "this is text". What cannot be seen is
// passed over in the search for the first letter: some spreadsheets drop it.
func guard(cell string) string {
	seen := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	if strings.IndexAny(cell, "\t\r\n\x00") == 0 || strings.IndexAny(seen, "=+-@＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}

// Rows are the rows of a register as the engine lists them.
func Rows(found []bot.Row) []Row {
	rows := make([]Row, len(found))
	for i, f := range found {
		rows[i] = Row{Ref: bot.Ref(f.Ref), Body: f.Body}
	}
	return rows
}

// Draw makes the content of a file that the bot sends: PDF, XLSX or CSV by the end of its name.
func Draw(f bot.File, r bot.Register, rows []bot.Row, org bot.Org, now time.Time) ([]byte, error) {
	if f.Paper != nil {
		return PDF(*f.Paper, org.Name, now.In(org.Zone))
	}
	write := CSV
	if strings.HasSuffix(f.Name, ".xlsx") {
		write = XLSX
	}
	var out bytes.Buffer
	err := write(&out, r, Rows(rows))
	return out.Bytes(), err
}

// table is a register as cells: the header first, and the reference in front of each row.
func table(r bot.Register, rows []Row) [][]string {
	head := []string{"Reference"}
	for _, c := range r.Columns {
		head = append(head, c.Name)
	}
	cells := [][]string{head}
	for _, row := range rows {
		line := []string{guard(string(row.Ref))}
		for _, c := range r.Columns {
			line = append(line, guard(c.Value(row.Body)))
		}
		cells = append(cells, line)
	}
	return cells
}

// CSV writes a register as RFC 4180 text in UTF-8, in the order of the rows.
func CSV(w io.Writer, r bot.Register, rows []Row) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.WriteAll(table(r, rows)); err != nil {
		return fmt.Errorf("write %s as CSV: %w", r.Title, err)
	}
	return nil
}

// longestCell is the most a spreadsheet takes in one cell, in characters.
const longestCell = 32767

// XLSX writes a register as a workbook of one sheet. Every cell is text.
func XLSX(w io.Writer, r bot.Register, rows []Row) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closeErr := book.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("close workbook: %w", closeErr)
		}
	}()
	const sheet = "Register"
	if err := book.SetSheetName(book.GetSheetName(0), sheet); err != nil {
		return fmt.Errorf("write %s as XLSX: %w", r.Title, err)
	}
	for y, line := range table(r, rows) {
		for x, cell := range line {
			at, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				return fmt.Errorf("write %s as XLSX: %w", r.Title, err)
			}
			if letters := []rune(cell); len(letters) > longestCell {
				cell = string(letters[:longestCell])
			}
			if err := book.SetCellStr(sheet, at, cell); err != nil {
				return fmt.Errorf("write %s as XLSX: %w", r.Title, err)
			}
		}
	}
	if err := book.Write(w); err != nil {
		return fmt.Errorf("write %s as XLSX: %w", r.Title, err)
	}
	return nil
}
