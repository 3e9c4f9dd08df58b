// Package share answers "can I share this?": it reads facts from untidy words, decides by
// an ordered book of rules, and says in plain words what to do, why and on which source.
//
// Rules, sentences, questions and the lexicon are content, under content/, and can be
// replaced by an organisation's own. The package keeps nothing, reads no clock and speaks
// to nobody. Dialogues, receipts and telling the lead are left to handlers.
package share

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"shareright/knowledge"
)

//go:embed content
var embedded embed.FS

// Decision is one of the five outcomes.
type Decision string

// The five outcomes. ShareNow says that somebody may come to harm; AskLead that a named
// person must decide first.
const (
	ShareNow       Decision = "share_now"
	Share          Decision = "share"
	WithSafeguards Decision = "share_with_safeguards"
	AskLead        Decision = "ask_dp_lead"
	DoNotShare     Decision = "do_not_share"
)

// Book is the rule book with its words. It is never changed after Load, so any number of
// questions may be answered at once.
type Book struct {
	rules     *knowledge.Book[*Facts]
	texts     []ruleText // by index of the rule
	sources   knowledge.Sources
	questions map[string]Question
	lexicon   *lexicon
	stated    map[string]stated // words of other programs for facts
	drafts    *Drafts
	officials *Officials
	approval  []ApprovalTopic
	local     localWords                   // what is not said in every nation
	names     map[string]*strings.Replacer // by nation: what is called something else there

	precedents *precedents
}

// Answer is what the book says about some facts.
type Answer struct {
	Rule        string
	Decision    Decision
	Provisional bool     // a fact not known could still change the decision
	Missing     []string // those facts, in asking order, danger first
	Next        []string // the first of them to ask, at most MostQuestions
	Basis       []string // lawful basis and conditions, in the vocabulary of the JSON commands
	Escalate    []string // roles to tell: safeguarding_lead, dp_lead, trustee
	StillReport bool     // refuses this recipient, and sends the worry to those who can help
	Nation      []string // uk, or the nations that the rule is written for
	Parts       Parts
	Sources     []knowledge.Source
	Checked     string // the oldest date on which its sources were checked
	Like        string // the precedent that it follows, while the rules leave the answer open
	Version     string // changes whenever anything of the rule changes: what it asks, says or rests on
	danger      bool   // whether danger is among the facts not known
}

// Parts are the sentences of an answer, most important first.
type Parts struct {
	Do       string   // the first line: what to do
	Why      []string // in plain words, the legal term in brackets
	Share    []string // what to share
	LeaveOut []string
	How      []string
	Tell     []string // whether to tell the person
	Record   []string // what to write down
	Ask      []string // whom to tell or ask
}

// MostQuestions is how many questions are ever asked before an answer stands.
const MostQuestions = 4

// Default returns the book that comes with the program.
var Default = sync.OnceValues(func() (*Book, error) {
	files, err := fs.Sub(embedded, "content")
	if err != nil {
		return nil, err
	}
	return Load(files)
})

// Files is the content that comes with the program, for an organisation's own folder to
// lie over.
func Files() fs.FS {
	files, _ := fs.Sub(embedded, "content") // the folder is embedded above
	return files
}

// Load reads a rule book from content files and reports every mistake it finds, with file,
// line and what was probably meant.
func Load(files fs.FS) (*Book, error) {
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", err)
	}
	b := &Book{sources: sources, local: localWords{}}
	if b.questions, err = readQuestions(files); err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", err)
	}
	terms := b.terms()
	rules, texts, err := readRules(files, sources, b.local)
	if err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", err)
	}
	b.texts = texts
	if b.rules, err = knowledge.Compile(rules, terms); err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", annotate(files, err))
	}
	if b.lexicon, err = readLexicon(files, b.questions); err != nil {
		return nil, fmt.Errorf("load the sharing words: %w", err)
	}
	if b.stated, err = readStated(files, b.questions); err != nil {
		return nil, fmt.Errorf("load the sharing words: %w", err)
	}
	if b.precedents, err = readPrecedents(files, b.texts); err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", err)
	}
	if err := b.readAround(files); err != nil {
		return nil, fmt.Errorf("load the sharing rules: %w", err)
	}
	return b, nil
}

// readAround reads what stands around the rules: messages, the officials' door, approval.
func (b *Book) readAround(files fs.FS) error {
	var problems [4]error
	b.drafts, problems[0] = readDrafts(files, b.questions, b.sources)
	b.officials, problems[1] = readOfficials(files, b.questions, b.sources)
	b.approval, problems[2] = readApproval(files, b.questions)
	called, err := readCalled(files)
	b.names, problems[3] = called.named(), err
	return errors.Join(problems[:]...)
}

// Rules is the compiled decision table, for checks and for people who want to see it.
func (b *Book) Rules() *knowledge.Book[*Facts] { return b.rules }

// Decide answers on these facts. It always answers: what is not known is named.
func (b *Book) Decide(f Facts) Answer {
	v := b.rules.Decide(&f)
	rule, like := v.Rule, "" // the last rule holds whatever the facts; Check proves it
	if r, stands := b.precedent(f, v); stands {
		rule, like = r, f.Like
	}
	t := &b.texts[rule]
	a := Answer{
		Rule: t.ID, Decision: t.Decision, Provisional: len(v.Missing) > 0, Missing: v.Missing, Next: v.Next,
		Basis: t.Basis, Escalate: t.Escalate, StillReport: t.StillReport, Nation: t.Nation,
		Parts: t.parts, Sources: t.picked, Checked: t.checked, Version: t.version,
		Like: like, danger: f.Danger == "",
	}
	if len(a.Next) > MostQuestions {
		a.Next = a.Next[:MostQuestions]
	}
	return a
}

// Question is the question that asks for a fact, or an empty one when there is no such fact.
func (b *Book) Question(fact string) Question { return b.questions[fact] }
