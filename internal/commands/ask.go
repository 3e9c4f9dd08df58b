package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/knowledge/ask"
	"shareright/knowledge/policy"
)

// Ask is the command of that name.
type Ask struct {
	JSON     bool     `name:"json" help:"Read and write one JSON object a line."`
	Policies string   `name:"policies" placeholder:"DIR" help:"Folder with your organisation's own policies (.md .txt .html .docx .pdf)."`
	Words    []string `arg:"" optional:"" name:"question" help:"The question. With --json: a file with the lines; standard input when absent."`
}

// Run answers every line, or the one question on the command line.
func (c *Ask) Run(all *Commands) error {
	asker, err := newAsker(all.Folder(), c.Policies, os.Stderr)
	if err != nil {
		return err
	}
	asker.nations = all.worksIn()
	if !c.JSON {
		return asker.one(os.Stdout, strings.Join(c.Words, " "), time.Now())
	}
	if len(c.Words) > 1 {
		return errors.New("with --json name one file, or none to read standard input")
	}
	in, err := openBatch(strings.Join(c.Words, ""))
	if err != nil {
		return err
	}
	defer in.Close()
	return asker.lines(in, os.Stdout, time.Now)
}

// asker answers questions from one set of policies.
type asker struct {
	book    *ask.Book
	library *policy.Library
	nations []string // where the organisation of the settings works
}

// newAsker reads an organisation's own content and the policies of a folder, where they
// are named. A policy that cannot be read is told to problems and left out.
func newAsker(content, folder string, problems io.Writer) (*asker, error) {
	known, mistakes := parts.Know(content)
	if len(mistakes) > 0 {
		return nil, sound(program.Parts{Mistakes: mistakes})
	}
	var docs []policy.Document
	if folder != "" {
		read, unread, err := readPolicies(folder)
		if err != nil {
			return nil, err
		}
		for _, problem := range unread {
			fmt.Fprintf(problems, "left out: %v\n", problem)
		}
		docs = read
	}
	return &asker{book: known.Ask, library: policy.New(known.Lexicon, docs...)}, nil
}

// askLine is one question of a batch.
type askLine struct {
	ID       json.RawMessage            `json:"id"`
	Question *string                    `json:"question"`
	Facts    map[string]json.RawMessage `json:"facts"`
	Now      *time.Time                 `json:"now"`
}

// askAnswer is what is written for a line.
type askAnswer struct {
	ID json.RawMessage `json:"id"`
	ask.Answer
}

func (a *asker) lines(in io.Reader, out io.Writer, clock func() time.Time) error {
	return answerLines(in, out, func(line askLine) (any, error) {
		if line.Question == nil {
			return nil, errors.New(`the line has no "question"; add one`)
		}
		now := clock()
		if line.Now != nil {
			now = *line.Now
		}
		answer, err := a.book.Answer(ask.Question{Text: *line.Question, Given: line.Facts, Library: a.library, Today: now, Nations: a.nations})
		if err != nil {
			return nil, err
		}
		return askAnswer{ID: orNull(line.ID), Answer: answer}, nil
	})
}

// one answers a single question as text.
func (a *asker) one(out io.Writer, question string, now time.Time) error {
	answer, err := a.book.Answer(ask.Question{Text: question, Library: a.library, Today: now, Nations: a.nations, Suggest: true})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, a.book.WithAlso(answer))
	return err
}

// orNull keeps a line without an id readable: its answer carries null.
func orNull(id json.RawMessage) json.RawMessage {
	if len(id) == 0 {
		return json.RawMessage("null")
	}
	return id
}
