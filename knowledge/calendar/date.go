package calendar

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a day of the calendar with no time and no zone. The zero Date means none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// New is the date with these numbers, or an error in plain words when there is no such day.
func New(year int, month time.Month, day int) (Date, error) {
	switch {
	case year < 1 || year > 9999:
		return Date{}, fmt.Errorf("the year %d is not between 1 and 9999", year)
	case month < 1 || month > 12:
		return Date{}, fmt.Errorf("there is no month %d; months go from 1 to 12", int(month))
	case day < 1 || day > daysIn(year, month):
		return Date{}, fmt.Errorf("there is no %d %s %d; that month has %d days", day, month, year, daysIn(year, month))
	}
	return Date{year, month, day}, nil
}

// ParseISO reads a date written 2026-11-22 and nothing else.
func ParseISO(text string) (Date, error) {
	var parts [3]int
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return Date{}, fmt.Errorf("%q is not a date; write it like 2026-11-22", text)
	}
	for i, s := range []string{text[:4], text[5:7], text[8:]} {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return Date{}, fmt.Errorf("%q is not a date; write it like 2026-11-22", text)
		}
		parts[i] = int(n)
	}
	return New(parts[0], time.Month(parts[1]), parts[2])
}

// On is the date that a clock in a zone shows at an instant.
func On(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{y, m, d}
}

// IsZero says that there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String is the date in ISO form, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Long is the date as people read it: "Monday 5 October 2026".
func (d Date) Long() string {
	return fmt.Sprintf("%s %d %s %d", d.Weekday(), d.Day, d.Month, d.Year)
}

// Plain is the date without the day of the week: "5 October 2026".
func (d Date) Plain() string { return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year) }

// MarshalText writes the date in ISO form; the zero Date is empty.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a date in ISO form; an empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseISO(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Compare is -1, 0 or 1 as d is before, on or after o.
func (d Date) Compare(o Date) int { return d.noon().Compare(o.noon()) }

// Before says that d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After says that d is a later day than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Latest is the later of two dates; the zero Date is earlier than any.
func Latest(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}

// noon stands for the day in the middle of its hours, far from any clock change.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// AddDays is the date n days on, or back when n is negative.
func (d Date) AddDays(n int) Date { return On(d.noon().AddDate(0, 0, n), time.UTC) }

// DaysTo is the number of days from d to o; negative when o is earlier.
func (d Date) DaysTo(o Date) int { return int(o.noon().Sub(d.noon()) / (24 * time.Hour)) }

// AddMonths is the same day number n months on, or the last day of that month when it is
// shorter: 31 January and one month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	months := d.Year*12 + int(d.Month) - 1 + n
	year, month := months/12, time.Month(months%12+1)
	return Date{year, month, min(d.Day, daysIn(year, month))}
}

// AddYears is the same day n years on; 29 February becomes the 28th in a common year.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// Birthday is the day on which somebody born on d reaches an age. Someone born on
// 29 February reaches it on 1 March in a common year, the later of the two customs.
func (d Date) Birthday(age int) Date {
	birthday := d.AddYears(age)
	if d.Month == time.February && d.Day == 29 && birthday.Day == 28 {
		return birthday.AddDays(1)
	}
	return birthday
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Weekend says that the day is a Saturday or a Sunday.
func (d Date) Weekend() bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 12, 0, 0, 0, time.UTC).Day()
}
