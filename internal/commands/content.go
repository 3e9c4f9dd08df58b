package commands

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"shareright/internal/parts"
	"shareright/internal/program"
)

// Content is the command of that name: an organisation's own rules, words and sentences.
type Content struct {
	Copy ContentCopy `cmd:"" help:"Write our rules, words and sentences into a folder, to read and to change."`
}

// ContentCopy writes out what is built in.
type ContentCopy struct {
	Folder string `arg:"" help:"The folder to write to. Files that are there already stay as they are."`
}

// Run writes the files and says what to do with them.
func (c *ContentCopy) Run() error {
	written, kept, err := parts.CopyContent(c.Folder)
	if err != nil {
		return err
	}
	fmt.Println(say("content-copied", "count", strconv.Itoa(written), "folder", c.Folder))
	if kept > 0 {
		fmt.Println(say("content-kept", "count", strconv.Itoa(kept)))
	}
	fmt.Println(say("content-next"))
	return nil
}

// sound returns an error that lists the mistakes in the organisation's own content.
func sound(p program.Parts) error {
	if len(p.Mistakes) == 0 {
		return nil
	}
	lines := []string{say("content-mistakes")}
	for _, m := range p.Mistakes {
		lines = append(lines, m.Error())
	}
	return errors.New(strings.Join(lines, "\n"))
}
