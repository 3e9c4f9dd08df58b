package ask

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"shareright/knowledge"
	"shareright/knowledge/policy"
	"shareright/knowledge/retention"
)

//go:embed content/*.yaml
var content embed.FS

// sentences are the words around a quote.
type sentences struct {
	PolicySays        string   `yaml:"policy_says"`
	LawDiffers        string   `yaml:"law_differs"`
	Stale             string   `yaml:"stale"`
	Old               string   `yaml:"old"`
	Contradicts       string   `yaml:"contradicts"`
	Older             string   `yaml:"older"`
	Also              string   `yaml:"also"`
	AskLead           string   `yaml:"ask_lead"`
	Unknown           string   `yaml:"unknown"`
	UnknownNoPolicies string   `yaml:"unknown_no_policies"`
	AskPerson         string   `yaml:"ask_person"`
	Nearest           string   `yaml:"nearest"`
	Retention         string   `yaml:"retention"`
	Empty             string   `yaml:"empty"`
	Help              string   `yaml:"help"`
	HelpMore          string   `yaml:"help_more"`
	HelpWords         []string `yaml:"help_words"`
	Thanks            string   `yaml:"thanks"`
	ThanksWords       []string `yaml:"thanks_words"`
}

// difference is a known place where a policy's words and the law are not the same.
type difference struct {
	ID       string   `yaml:"id"`
	Mark     string   `yaml:"mark"`     // its number in the law notes
	Passages []string `yaml:"passages"` // phrases by which such a passage is known
	Law      []string `yaml:"law"`      // what the law says, in plain sentences
	Source   string   `yaml:"source"`
	from     knowledge.Source
}

type differenceFile struct {
	Checked     string       `yaml:"checked"`
	Differences []difference `yaml:"differences"`
}

// New makes a book from the content that comes with the program. Sharing decides the
// sharing questions, the schedule those about keeping.
func New(lexicon *policy.Lexicon, schedule *retention.Schedule, sharing Sharing) (*Book, error) {
	files, err := fs.Sub(content, "content")
	if err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	return Read(files, lexicon, schedule, sharing)
}

// Read makes a book from sentences.yaml, differences.yaml and sources.yaml in a folder.
// All mistakes are told at once.
func Read(files fs.FS, lexicon *policy.Lexicon, schedule *retention.Schedule, sharing Sharing) (*Book, error) {
	b := &Book{sharing: sharing, schedule: schedule, lexicon: lexicon}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	if err := knowledge.ReadYAML(files, "sentences.yaml", &b.sentences); err != nil {
		return nil, err
	}
	var file differenceFile
	if err := knowledge.ReadYAML(files, "differences.yaml", &file); err != nil {
		return nil, err
	}
	problems := []error{b.readTerms(files, sources)}
	if file.Checked == "" {
		problems = append(problems, errors.New("differences.yaml: name the date it was checked"))
	}
	for _, d := range file.Differences {
		picked, err := sources.Pick(d.Source)
		if err != nil {
			problems = append(problems, fmt.Errorf("differences.yaml: %q: %w", d.ID, err))
			continue
		}
		if len(d.Passages) == 0 || len(d.Law) == 0 {
			problems = append(problems, fmt.Errorf("differences.yaml: %q needs passages and law", d.ID))
		}
		d.from = picked[0]
		b.differences = append(b.differences, d)
	}
	return b, errors.Join(problems...)
}

// differ returns the known differences between the quoted policies and the law.
func (b *Book) differ(quotes []Quote) []difference {
	wordings := make([]policy.Wording, len(quotes))
	for i, q := range quotes {
		wordings[i] = b.lexicon.Wording(q.Passage)
	}
	var list []difference
	for _, d := range b.differences {
		if slices.ContainsFunc(wordings, func(w policy.Wording) bool { return slices.ContainsFunc(d.Passages, w.Mentions) }) {
			list = append(list, d)
		}
	}
	return list
}

func (d difference) text() string {
	where := d.from.Title
	if d.from.Section != "" {
		where += ", " + d.from.Section
	}
	return strings.Join(d.Law, " ") + " (" + where + ")"
}

func (s sentences) dontKnow(l *policy.Library) string {
	if l.Passages() == 0 {
		return s.UnknownNoPolicies
	}
	return s.Unknown
}

// isOneOf says whether a message is one of these words and nothing else.
func isOneOf(words []string, text string) bool {
	bare := strings.Trim(strings.ToLower(strings.ReplaceAll(text, ",", "")), " ?!./")
	return slices.Contains(words, bare)
}

// lapsed says since when a policy should have been looked at again.
func (s sentences) lapsed(d policy.Document) string {
	if d.NextReview != "" {
		return strings.ReplaceAll(s.Stale, "{date}", spoken(d.NextReview))
	}
	last := d.Reviewed
	if last == "" {
		last = d.LastEdited
	}
	return strings.ReplaceAll(s.Old, "{date}", spoken(last))
}

// older names an older copy of a policy by its title and, since the two may share it, its file.
func (s sentences) older(d policy.Document) string {
	return strings.ReplaceAll(s.Older, "{name}", d.Title+" ("+d.ID+")")
}

// spoken writes an ISO date or month as people say it.
func spoken(date string) string {
	if day, err := time.Parse("2006-01-02", date); err == nil {
		return day.Format("2 January 2006")
	}
	if month, err := time.Parse("2006-01", date); err == nil {
		return month.Format("January 2006")
	}
	return date
}
