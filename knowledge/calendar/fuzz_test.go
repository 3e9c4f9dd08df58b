package calendar

import (
	"errors"
	"testing"
	"time"
)

// Whatever people type for a day, there is a day of the calendar or a sentence.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"31/2/2026", "29 feb 2028", "next tuesday", "in 99999999999 days", "0", "--", "1st", "march", "2026-11-23T09:00", "٣/٤/٢٠٢٦"} {
		f.Add(seed)
	}
	today := Date{Year: 2026, Month: time.November, Day: 23}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseDate(text, today)
		if err != nil {
			var p *Problem
			if !errors.As(err, &p) || p.Text == "" {
				t.Fatalf("ParseDate(%q) gave %v, which is not a sentence", text, err)
			}
			return
		}
		if same := got.AddDays(0); same != got || got.Year < 1 || got.Year > 9999 {
			t.Fatalf("ParseDate(%q) gave %+v, which is no day", text, got)
		}
	})
}
