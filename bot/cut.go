package bot

import (
	"strings"
	"time"
	"unicode"
)

// Cut shortens text to at most max characters: after a sentence where one ends in the
// second half, otherwise after a word, and never inside a letter with its accents.
func Cut(s string, max int) string {
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	if max < 2 {
		return string(r[:max])
	}
	head := r[:max-2]
	for i := len(head) - 1; i > len(head)/2; i-- {
		if strings.ContainsRune(".!?\n", head[i]) && (i+1 == len(head) || unicode.IsSpace(head[i+1])) {
			return strings.TrimSpace(string(head[:i+1])) + " …"
		}
	}
	head = r[:max-1]
	for i := len(head) - 1; i > len(head)/2; i-- {
		if unicode.IsSpace(head[i]) {
			return strings.TrimSpace(string(head[:i])) + "…"
		}
	}
	end := len(head)
	for end > 1 && joins(r[end]) {
		end--
	}
	return string(head[:end]) + "…"
}

// joins says whether the letter belongs to the one before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r >= 0x1f3fb && r <= 0x1f3ff
}

// Day writes an ISO date as people read it; anything else stays as it is.
func Day(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 January 2006")
}
