package retention

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// Pensions is the timetable of State Pension ages, by date of birth.
// Pensions Act 1995 schedule 4, as changed in 2007, 2011 and 2014.
type Pensions struct {
	Version         string
	men, women, all []band
	watchFrom       calendar.Date
	watchWarn       string
	sources         []knowledge.Source
}

type band struct {
	Born   calendar.Date `yaml:"born"`
	On     calendar.Date `yaml:"on"`
	Years  int           `yaml:"years"`
	Months int           `yaml:"months"`
}

// ErrSexNeeded says that the date depends on the sex recorded for the State Pension.
var ErrSexNeeded = errors.New("for a birth before 6 December 1953, give sex as m or f, as the pension service has it")

// LoadPensions reads pension.yaml and sources.yaml and reports every mistake in them.
func LoadPensions(files fs.FS) (*Pensions, error) {
	var file struct {
		Version string   `yaml:"version"`
		Sources []string `yaml:"sources"`
		Watch   struct {
			BornFrom calendar.Date `yaml:"born_from"`
			Warn     string        `yaml:"warn"`
		} `yaml:"watch"`
		Men   []band `yaml:"men"`
		Women []band `yaml:"women"`
		All   []band `yaml:"all"`
	}
	if err := knowledge.ReadYAML(files, "pension.yaml", &file); err != nil {
		return nil, err
	}
	known, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	p := &Pensions{Version: file.Version, men: file.Men, women: file.Women, all: file.All,
		watchFrom: file.Watch.BornFrom, watchWarn: file.Watch.Warn}
	if p.sources, err = known.Pick(file.Sources...); err != nil {
		return nil, fmt.Errorf("pension.yaml: %w", err)
	}
	return p, p.check()
}

func (p *Pensions) check() error {
	var problems []error
	wrong := func(format string, a ...any) { problems = append(problems, fmt.Errorf("pension.yaml: "+format, a...)) }
	for name, bands := range map[string][]band{"men": p.men, "women": p.women, "all": p.all} {
		if len(bands) == 0 {
			wrong("the table %q is empty", name)
		}
		for i, b := range bands {
			if b.Born.IsZero() || b.On.IsZero() == (b.Years == 0) {
				wrong("%s, row %d needs a birth date, and either on or years", name, i+1)
			}
			if i > 0 && !bands[i-1].Born.Before(b.Born) {
				wrong("%s, row %d: birth dates must go forward", name, i+1)
			}
		}
	}
	if len(problems) == 0 && (!p.men[len(p.men)-1].Born.Before(p.all[0].Born) || !p.women[len(p.women)-1].Born.Before(p.all[0].Born)) {
		wrong("the rows for men and women must come before the rows for all")
	}
	return errors.Join(problems...)
}

// DefaultPensions is the timetable that the program carries.
var DefaultPensions = sync.OnceValue(func() *Pensions {
	p, err := LoadPensions(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return p
})

// Sources says where the timetable comes from.
func (p *Pensions) Sources() []knowledge.Source { return append([]knowledge.Source(nil), p.sources...) }

// NeedsSex says that people born on that day had different ages by sex.
func (p *Pensions) NeedsSex(dob calendar.Date) bool { return dob.Before(p.all[0].Born) }

// Age is the day on which somebody reaches State Pension age. Sex is m or f, and may be
// empty where it makes no difference; otherwise the error is ErrSexNeeded.
func (p *Pensions) Age(dob calendar.Date, sex string) (calendar.Due, error) {
	if dob.IsZero() {
		return calendar.Due{}, errors.New("give the date of birth, as dob")
	}
	bands := p.all
	if p.NeedsSex(dob) {
		switch strings.ToLower(strings.TrimSpace(sex)) {
		case "m", "male", "man":
			bands = p.men
		case "f", "female", "woman":
			bands = p.women
		case "":
			return calendar.Due{}, ErrSexNeeded
		default:
			return calendar.Due{}, fmt.Errorf("sex is %q; use m or f", sex)
		}
		if dob.Before(bands[0].Born) {
			return calendar.Due{}, fmt.Errorf("the timetable starts with births in %d; check the year", bands[0].Born.Year)
		}
	}
	b := bands[0]
	for _, next := range bands[1:] {
		if dob.Before(next.Born) {
			break
		}
		b = next
	}
	due := calendar.Due{Sources: p.Sources()}
	due.Date = b.reached(dob)
	if b.On.IsZero() {
		due.Steps = append(due.Steps, fmt.Sprintf("Born on %s: State Pension age is %s.", dob.Plain(), Span{Years: b.Years, Months: b.Months}.period()))
	} else {
		due.Steps = append(due.Steps, fmt.Sprintf("Born on %s: the law fixes the day, %s.", dob.Plain(), b.On.Long()))
	}
	if !p.watchFrom.IsZero() && !dob.Before(p.watchFrom) {
		due.Warnings = append(due.Warnings, p.watchWarn)
	}
	return due, nil
}

// reached adds the age as the Act does: years, then months, ending where a month ends.
func (b band) reached(dob calendar.Date) calendar.Date {
	switch {
	case !b.On.IsZero():
		return b.On
	case b.Months == 0:
		return dob.Birthday(b.Years)
	}
	return dob.AddMonths(12*b.Years + b.Months)
}

// Latest is Age for keeping records: where sex matters and is not known, the later day,
// so that nothing is destroyed early.
func (p *Pensions) Latest(dob calendar.Date, sex string) (calendar.Date, []string, error) {
	if sex == "" && p.NeedsSex(dob) {
		man, err := p.Age(dob, "m")
		if err != nil {
			return calendar.Date{}, nil, err
		}
		woman, err := p.Age(dob, "f")
		return calendar.Latest(man.Date, woman.Date), man.Warnings, err
	}
	due, err := p.Age(dob, sex)
	return due.Date, due.Warnings, err
}
