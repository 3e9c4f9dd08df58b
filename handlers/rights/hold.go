package rights

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"shareright/bot"
)

// Holding names the open requests that touch a file, so that nothing of it is destroyed
// meanwhile. A request to see data that names no file yet touches every file. A request
// that goes round whoever asks is an empty reference: it holds, and is not named.
func Holding(ctx context.Context, t bot.Turn, file string) ([]bot.Ref, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return nil, err
	}
	var refs []bot.Ref
	for _, f := range found {
		switch r := f.Record; {
		case !r.holds(file):
		case r.hidden(t.By), r.About == bot.DPLead && t.By.ID == "": // a clock speaks to the lead
			refs = append(refs, "")
		default:
			refs = append(refs, f.Ref)
		}
	}
	return refs, nil
}

// holds says whether nothing of a file may be destroyed because of this request. Once it
// was decided that data may be erased, a request for just that holds nothing.
func (r Request) holds(file string) bool {
	if r.over() || r.Right == erase && !r.Granted.IsZero() {
		return false
	}
	marks := r.marks()
	if len(marks) == 0 {
		return r.copies()
	}
	for _, m := range marks {
		if sameFile(m, file) {
			return true
		}
	}
	return false
}

// marks are the files it touches.
func (r Request) marks() []string {
	var list []string
	for _, m := range append([]string{r.Mark}, r.Files...) {
		if letters(m) != "" {
			list = append(list, m)
		}
	}
	return list
}

// sameFile compares references as people write them: "F-118" is "f 118".
func sameFile(a, b string) bool { return letters(a) != "" && letters(a) == letters(b) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// inTheWay is the sentence that says which other request forbids to erase what this one is about, or nothing.
func (h handler) inTheWay(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (string, error) {
	if r.Right != erase {
		return "", nil
	}
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return "", err
	}
	marks := r.marks()
	for _, f := range found {
		switch other := f.Record; {
		case f.Ref == ref || other.Right == erase:
		case len(marks) == 0 && other.copies():
			return t.Say("rights.erase-which"), nil
		case slices.ContainsFunc(marks, other.holds) && other.hidden(t.By):
			return t.Say("rights.erase-held-other"), nil
		case slices.ContainsFunc(marks, other.holds):
			return t.Say("rights.erase-held", "ref", string(f.Ref)), nil
		}
	}
	return "", nil
}
