package parts

import (
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/config"
)

// declared is who may do what as the features say it: the command, button, paper and register, and the roles in
// words. The walk judges by the same roles, so a role that is taken away here would pass there: this is
// compared with the page to the letter.
func declared(features []bot.Feature) map[string]string {
	all := map[string]string{}
	for _, f := range features {
		for _, c := range f.Commands {
			all["/"+strings.TrimSpace(c.Under+" "+c.Name)] = roleWords(c.Who)
		}
		for _, a := range f.Actions {
			all["button "+a.ID] = roleWords(a.Who)
		}
		for _, set := range f.Papers {
			if len(set.IDs) > 0 {
				all["papers of a "+set.Kind] = roleWords(set.Who)
			}
		}
		for _, r := range f.Registers {
			all["register "+r.Title] = roleWords(r.Who)
			if r.Second {
				all["register "+r.Title] += "; the whole of it with a second person"
			}
		}
	}
	return all
}

func roleWords(who []bot.Role) string {
	if len(who) == 0 || slices.Contains(who, bot.Anyone) {
		return "anyone"
	}
	var names []string
	for _, role := range config.Roles {
		if slices.Contains(who, bot.Role(role)) {
			names = append(names, role)
		}
	}
	return strings.Join(names, ", ")
}

// exactly gives the parts of the page that are compared to the letter.
func exactly(features []bot.Feature, unshown []string) map[string][]string {
	said := declared(features)
	var rows []string
	for _, what := range slices.Sorted(maps.Keys(said)) {
		rows = append(rows, "| "+what+" | "+said[what]+" |")
	}
	only := make([]string, 0, len(unshown))
	for _, id := range slices.Sorted(slices.Values(unshown)) {
		only = append(only, "- "+id)
	}
	return map[string][]string{declaredTitle: rows, unshownTitle: only}
}

const (
	declaredTitle = "## What the features say"
	unshownTitle  = "## What no conversation shows"
)

// readPage reads those parts from the page.
func readPage(page string) map[string][]string {
	found := map[string][]string{}
	title := ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "## "):
			title = line
		case title != "" && (strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| |")):
			found[title] = append(found[title], line)
		}
	}
	return found
}

// differences says line by line what is on one side only.
func differences(page, now map[string][]string) (lines []string) {
	for _, title := range []string{declaredTitle, unshownTitle} {
		for _, line := range now[title] {
			if !slices.Contains(page[title], line) {
				lines = append(lines, fmt.Sprintf("%s: now %q", title, line))
			}
		}
		for _, line := range page[title] {
			if !slices.Contains(now[title], line) {
				lines = append(lines, fmt.Sprintf("%s: not %q any more", title, line))
			}
		}
	}
	return lines
}

// golden compares the table with docs/roles.md, and to the letter what the features say and what no conversation shows.
func (m *matrix) golden(features []bot.Feature, unshown []string) {
	var page strings.Builder
	parts := exactly(features, unshown)
	page.WriteString("# Who may do what\n\nMade by `go test ./internal/parts -run Role -update` from the features themselves: each command is tried as a slash\n" +
		"command, a message, a shortcut and a button; each button on a record of a conversation in `testdata/talk`.\n" +
		"“Hidden”: for this person the record does not exist. A button that anyone may press can still be for the person\n" +
		"it is about alone; the test’s person is a stranger to each record. Each paper is made of a record of a conversation.\n\n| | " + strings.Join(everybody, " | ") + " |\n|---" + strings.Repeat("|---", len(everybody)) + "|\n")
	for _, what := range slices.Sorted(maps.Keys(m.cells)) {
		page.WriteString("| " + what)
		for _, role := range everybody {
			page.WriteString(" | " + m.cells[what][role])
		}
		page.WriteString(" |\n")
	}
	page.WriteString("\n" + declaredTitle + "\n\nThis is compared to the letter. Somebody who may do more, or less, shows here.\n\n| | who |\n|---|---|\n" +
		strings.Join(parts[declaredTitle], "\n") + "\n\n" + unshownTitle + "\n\nOf these only the gate is tried.\n\n" + strings.Join(parts[unshownTitle], "\n") + "\n")
	const file = "../../docs/roles.md"
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			m.t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, line := range differences(readPage(string(kept)), parts) {
		m.t.Errorf("%s: %s; if that is meant, run the test with -update", file, line)
	}
	table := func(page string) iter.Seq[string] {
		before, _, _ := strings.Cut(page, "\n## ")
		return strings.Lines(before)
	}
	rows := map[string]string{}
	for line := range table(string(kept)) {
		what, row, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		rows[what] = row
	}
	for line := range table(page.String()) {
		what, row, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		old, known := rows[what]
		switch {
		case !known:
			m.t.Errorf("%s is not in %s yet; run the test with -update", what, file)
		case wider(old, row):
			m.t.Errorf("%s: %s in %s, %s now, which lets more people in; if that is meant, run the test with -update", what, old, file, row)
		}
	}
}

// wider says whether a row lets somebody in whom the other keeps out.
func wider(old, now string) bool {
	before, after := strings.Split(old, " | "), strings.Split(now, " | ")
	for i := range min(len(before), len(after)) {
		if strings.Trim(before[i], " |\n") != "yes" && strings.Trim(after[i], " |\n") == "yes" {
			return true
		}
	}
	return false
}

// The comparison finds each role that is taken from a gate, and each that is put in.
func TestAGateThatIsLeftOpenIsSeen(t *testing.T) {
	page := exactly(All().Features, nil)
	gates := 0
	see := func(what string, who *[]bot.Role, features []bot.Feature) {
		t.Helper()
		for _, now := range [][]bot.Role{nil, {bot.Anyone}, append(slices.Clone(*who), bot.SafeguardingLead, bot.Trustee), (*who)[1:]} {
			was := *who
			*who = now
			if roleWords(was) != roleWords(now) && len(differences(page, exactly(features, nil))) != 2 {
				t.Errorf("%s is for %q instead of %q, and nothing is seen", what, roleWords(now), roleWords(was))
			}
			*who = was
		}
		gates++
	}
	features := All().Features
	for _, f := range features {
		for i := range f.Commands {
			if len(f.Commands[i].Who) > 0 {
				see("/"+f.Commands[i].Name, &f.Commands[i].Who, features)
			}
		}
		for i := range f.Actions {
			if len(f.Actions[i].Who) > 0 {
				see(f.Actions[i].ID, &f.Actions[i].Who, features)
			}
		}
		for i := range f.Papers {
			if len(f.Papers[i].Who) > 0 {
				see(f.Papers[i].Kind, &f.Papers[i].Who, features)
			}
		}
		for i := range f.Registers {
			see(f.Registers[i].Title, &f.Registers[i].Who, features)
		}
	}
	if gates < 100 {
		t.Errorf("only %d gates were tried", gates)
	}
	if len(differences(readPage("## What no conversation shows\n\n- a.b\n"), map[string][]string{unshownTitle: {"- a.c"}})) != 2 {
		t.Error("a button that no conversation shows is not seen")
	}
}
