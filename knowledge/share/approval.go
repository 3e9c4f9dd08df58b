package share

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"shareright/knowledge"
)

// ApprovalTopic is a kind of question whose answer a lead may want to see first.
type ApprovalTopic struct {
	ID    string               `yaml:"id"`
	Label string               `yaml:"label"`
	When  map[string]oneOrMore `yaml:"when"`
}

func readApproval(files fs.FS, questions map[string]Question) ([]ApprovalTopic, error) {
	var topics []ApprovalTopic
	if err := knowledge.ReadYAML(files, "approval.yaml", &topics); err != nil {
		return nil, err
	}
	var problems []error
	for _, t := range topics {
		if t.ID == "" || t.Label == "" || len(t.When) == 0 {
			problems = append(problems, fmt.Errorf("approval.yaml: topic %q needs an id, a label and a condition", t.ID))
		}
		for fact, values := range t.When {
			for _, value := range values {
				if err := checkFact(questions, fact, value); err != nil {
					problems = append(problems, fmt.Errorf("approval.yaml: topic %q: %w", t.ID, err))
				}
			}
		}
	}
	return topics, errors.Join(problems...)
}

// ApprovalTopics are the kinds of question that an organisation can choose from.
func (b *Book) ApprovalTopics() []ApprovalTopic { return b.approval }

// guardians are those who keep people safe: nothing that goes to them ever waits.
var guardians = []string{"emergency", "safeguarding_lead", "childrens_services", "adult_services", "lado"}

// MayWait says whether an answer may wait for a lead. It never may where somebody is or may
// be in danger, where harm is feared or not ruled out though it would matter, where the
// answer goes to those who keep people safe, and where it does not allow sharing: a "no" and
// a "speak to your lead" harm nobody by being told at once.
func (b *Book) MayWait(f Facts, a Answer) bool {
	switch {
	case a.Decision != Share && a.Decision != WithSafeguards, a.StillReport,
		f.Danger == "now", f.Danger == "civil",
		f.Harm != "" && f.Harm != "none",
		slices.Contains(a.Missing, "danger"), slices.Contains(a.Missing, "harm"),
		slices.Contains(guardians, f.Recipient), slices.Contains(a.Escalate, "safeguarding_lead"):
		return false
	}
	return true
}

// Approves names the chosen topic that an answer on these facts belongs to and must wait
// for; "" when there is none, or when it must never wait (see MayWait).
func (b *Book) Approves(chosen []string, f Facts, a Answer) (topic string) {
	if !b.MayWait(f, a) {
		return ""
	}
	for _, t := range b.approval {
		if slices.Contains(chosen, t.ID) && t.holds(f) {
			return t.ID
		}
	}
	return ""
}

func (t ApprovalTopic) holds(f Facts) bool {
	for fact, values := range t.When {
		if !values.has(f.Get(fact)) {
			return false
		}
	}
	return true
}
