package commands

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shareright/knowledge/policy"
)

// maxPolicies is how many files one folder may hold; beyond it the folder is likely the wrong one.
const maxPolicies = 500

// Policies is the command of that name: an organisation's own documents.
type Policies struct {
	Add    PoliciesAdd    `cmd:"" help:"Keep the policies of a folder, so that answers quote them."`
	List   PoliciesList   `cmd:"" help:"Show the policies that are kept, and which are past their review date."`
	Remove PoliciesRemove `cmd:"" help:"Take a policy away."`
	Check  PoliciesCheck  `cmd:"" help:"Show what would be read from a folder of policies, and which are past their review date."`
}

// PoliciesCheck shows what Read makes of a folder. It stores nothing.
type PoliciesCheck struct {
	Folder string `arg:"" help:"Folder with .md .txt .html .docx and .pdf files."`
	All    bool   `help:"Show every passage as well."`
}

// Run lists the documents of the folder.
func (c *PoliciesCheck) Run() error { return checkPolicies(os.Stdout, c.Folder, c.All, time.Now()) }

func checkPolicies(out io.Writer, folder string, all bool, today time.Time) error {
	docs, unread, err := readPolicies(folder)
	if err != nil {
		return err
	}
	for _, d := range docs {
		fmt.Fprintf(out, "%s: %s, %d passages%s\n", d.ID, d.Title, len(d.Passages), state(d, today))
		for _, p := range d.Passages {
			if all {
				fmt.Fprintf(out, "  [%s] %s\n", p.Section, strings.ReplaceAll(p.Text, "\n", " "))
			}
		}
	}
	for _, problem := range unread {
		fmt.Fprintf(out, "left out: %v\n", problem)
	}
	if len(unread) > 0 {
		return errors.New("some files were left out; each says why")
	}
	return nil
}

// state says when a document is or was to be reviewed, and whether that has passed.
func state(d policy.Document, today time.Time) string {
	var b strings.Builder
	for _, part := range []struct{ name, value string }{{"owner", d.Owner}, {"version", d.Version},
		{"reviewed", d.Reviewed}, {"last edited", d.LastEdited}, {"next review", d.NextReview}} {
		if part.value != "" {
			b.WriteString(", " + part.name + " " + part.value)
		}
	}
	if d.Stale(today) {
		b.WriteString(", PAST ITS REVIEW")
	}
	return b.String()
}

// readPolicies reads every policy below a folder, in order of their names. Files that
// cannot be read come back as problems; hidden files and other kinds are passed over.
func readPolicies(folder string) (docs []policy.Document, unread []error, err error) {
	count := 0
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != folder && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || !policy.CanRead(path) {
			return nil
		}
		if count++; count > maxPolicies {
			return fmt.Errorf("more than %d files; name a folder that holds only policies", maxPolicies)
		}
		doc, err := readPolicy(folder, path)
		if err != nil {
			unread = append(unread, err)
			return nil
		}
		docs = append(docs, doc)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read policies in %s: %w", folder, err)
	}
	return docs, unread, nil
}

func readPolicy(folder, path string) (policy.Document, error) {
	info, err := os.Stat(path)
	if err != nil {
		return policy.Document{}, fmt.Errorf("read %s: %w", path, err)
	}
	if info.Size() > policy.MaxFile {
		return policy.Document{}, fmt.Errorf("read %s: the file is larger than %d MB; split it", path, policy.MaxFile>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return policy.Document{}, fmt.Errorf("read %s: %w", path, err)
	}
	doc, err := policy.Read(path, data)
	if err != nil {
		return policy.Document{}, err
	}
	if name, err := filepath.Rel(folder, path); err == nil {
		doc.ID = filepath.ToSlash(name)
	}
	return doc, nil
}
