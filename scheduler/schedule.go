package scheduler

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a recurring time.
type Schedule interface {
	// Next returns the first time after this one.
	Next(after time.Time) time.Time
}

// morning is the local hour at which schedules written in words fire.
const morning = 9

// ParseSchedule reads a cron spec ("0 9 * * 1") or words ("every 2 years from
// 2026-05-01", fired at 9am) in a time zone. It refuses what would fire twice, or not
// at all, when the clocks change, and what never fires.
func ParseSchedule(spec string, zone *time.Location) (Schedule, error) {
	if strings.HasPrefix(spec, "every ") {
		return parseWords(spec, zone)
	}
	s, err := parseCron(spec, zone)
	if err != nil {
		return nil, fmt.Errorf("the schedule %q cannot be read: %w", spec, err)
	}
	if s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, zone)).IsZero() {
		return nil, fmt.Errorf("the schedule %q never happens", spec)
	}
	return s, nil
}

// parseCron guards the library, which panics on a lone time zone and knows no clock changes.
func parseCron(spec string, zone *time.Location) (s Schedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write five fields: minute, hour, day, month, weekday")
		}
	}()
	if strings.HasPrefix(spec, "@") || strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("write five fields: minute, hour, day, month, weekday")
	}
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	fields := parsed.(*cron.SpecSchedule)
	fields.Location = zone
	if fields.Hour&(1<<1) != 0 {
		return nil, fmt.Errorf("choose another hour than 1am to 2am, which the clock change skips or repeats")
	}
	return fields, nil
}

type every struct {
	years, months, days int
	from                time.Time
}

func parseWords(spec string, zone *time.Location) (Schedule, error) {
	wrong := fmt.Errorf("the schedule %q cannot be read: write it as “every 2 years from 2026-05-01”", spec)
	words := strings.Fields(spec)
	if len(words) == 4 { // "every year from …"
		words = append([]string{words[0], "1"}, words[1:]...)
	}
	if len(words) != 5 || words[3] != "from" {
		return nil, wrong
	}
	n, err := strconv.Atoi(words[1])
	if err != nil || n < 1 || n > 1000 {
		return nil, wrong
	}
	day, err := time.ParseInLocation(time.DateOnly, words[4], zone)
	if err != nil {
		return nil, wrong
	}
	e := every{from: time.Date(day.Year(), day.Month(), day.Day(), morning, 0, 0, 0, zone)}
	switch strings.TrimSuffix(words[2], "s") {
	case "day":
		e.days = n
	case "week":
		e.days = 7 * n
	case "month":
		e.months = n
	case "year":
		e.years = n
	default:
		return nil, wrong
	}
	return e, nil
}

// Next counts from the first date every time, so that a clamped month end does not stick.
func (e every) Next(after time.Time) time.Time {
	step := 0
	if after.After(e.from) {
		days := int(after.Sub(e.from).Hours() / 24)
		step = max(0, days/(366*e.years+31*e.months+e.days)-1)
	}
	for ; ; step++ {
		if at := e.at(step); at.After(after) {
			return at
		}
	}
}

func (e every) at(step int) time.Time {
	y, m, d := e.from.Date()
	if e.days > 0 {
		return time.Date(y, m, d+step*e.days, morning, 0, 0, 0, e.from.Location())
	}
	month := time.Date(y+step*e.years, m+time.Month(step*e.months), 1, morning, 0, 0, 0, e.from.Location())
	last := month.AddDate(0, 1, -1).Day()
	return time.Date(month.Year(), month.Month(), min(d, last), morning, 0, 0, 0, e.from.Location())
}
