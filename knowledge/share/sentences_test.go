package share

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"shareright/knowledge/words"
)

var (
	inBrackets = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|https?://\S+`)
	sentenceAt = regexp.MustCompile(`[.!?:;]+(?:\s+|$)|\n`)
	vowels     = regexp.MustCompile(`[aeiouy]+`)
)

// plain is a text without terms in brackets: the plain word stands before them.
func plain(text string) string { return inBrackets.ReplaceAllString(text, "") }

func sentencesOf(text string) []string {
	var list []string
	for _, s := range sentenceAt.Split(text, -1) {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// syllables is the usual estimate: groups of vowels, without a silent "e".
func syllables(word string) int {
	word = strings.ToLower(strings.Trim(word, "“”‘’\"'(),.;:!?"))
	if word == "" {
		return 0
	}
	n := len(vowels.FindAllString(word, -1))
	if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") && n > 1 || strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded") && n > 1 {
		n--
	}
	return max(n, 1)
}

// grade is the Flesch–Kincaid grade: about the school year, so reading age less five.
func grade(text string) float64 {
	sentences := sentencesOf(plain(text))
	count, sounds := 0, 0
	for _, s := range sentences {
		for _, w := range strings.Fields(s) {
			count++
			sounds += syllables(w)
		}
	}
	if count == 0 {
		return 0
	}
	return 0.39*float64(count)/float64(len(sentences)) + 11.8*float64(sounds)/float64(count) - 15.59
}

const (
	mostWords    = 20
	hardest      = 8.0 // of one whole answer: the year at 12
	hardestFirst = 9.0 // of a first line, which is short and so measured coarsely
	usual        = 5.0 // of all answers together: reading age 10
)

func TestEveryAnswerCanBeReadAtElevenYearsOfAge(t *testing.T) {
	var everything []string
	for _, rule := range book(t).texts {
		p := rule.parts
		var says []string
		for _, part := range [][]string{{p.Do}, p.Why, p.Share, p.LeaveOut, p.How, p.Tell, p.Record, p.Ask} {
			for _, s := range part {
				says = append(says, strings.TrimRight(s, ".")+".")
			}
		}
		text := strings.Join(says, " ")
		everything = append(everything, text)
		if g := grade(text); g > hardest {
			t.Errorf("rule %s: the answer has grade %.1f, more than %.0f", rule.ID, g, hardest)
		}
		for _, s := range sentencesOf(text) {
			if n := len(strings.Fields(s)); n > mostWords {
				t.Errorf("rule %s: %d words: %s", rule.ID, n, s)
			}
		}
	}
	if g := grade(strings.Join(everything, " ")); g > usual {
		t.Errorf("all answers together have grade %.2f, more than %.0f", g, usual)
	} else {
		t.Logf("grade %.2f over %d answers", g, len(everything))
	}
}

func TestTheWordsAroundTheAnswersAreShortAndKind(t *testing.T) {
	b := book(t)
	says := map[string]string{}
	built, err := words.Read(words.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range built.Keys("en") {
		if strings.HasPrefix(key, "share.") || strings.HasPrefix(key, "ask.") {
			says[key] = built.Say("en", key)
		}
	}
	for _, q := range b.questions {
		says["question "+q.Fact] = q.Label + "\n" + q.Why
		for _, o := range q.Options {
			says["answer "+q.Fact+" "+o.Value] = o.Label
		}
	}
	for _, i := range b.drafts.items {
		says["draft "+i.ID] = i.Label + "\n" + i.Line
	}
	for _, k := range b.drafts.kinds {
		says["draft to "+k.ID] = k.Label + "\n" + strings.Join(k.LeaveOut, "\n")
	}
	for _, c := range b.drafts.channels {
		says["draft by "+c.ID] = c.Label + "\n" + strings.Join(c.Says, "\n")
	}
	for _, s := range b.officials.Steps {
		says["official "+s.ID] = s.Todo + "\n" + s.Done
	}
	says["official words"] = strings.Join(append(b.officials.Words, b.officials.Never...), "\n")
	for _, topic := range b.approval {
		says["approval "+topic.ID] = topic.Label
	}
	banned := regexp.MustCompile(`(?i)\b(sorry|please|invalid|forbidden|oops|leverage|utilise|pursuant|victim)\b`)
	for where, text := range says {
		for _, s := range sentencesOf(text) {
			if n := len(strings.Fields(s)); n > mostWords {
				t.Errorf("%s: %d words: %s", where, n, s)
			}
		}
		if word := banned.FindString(text); word != "" {
			t.Errorf("%s says %q", where, word)
		}
	}
}

// others are words that name a part of the United Kingdom, or what is found in it only.
var others = map[string]*regexp.Regexp{
	"england":          regexp.MustCompile(`In England`),
	"wales":            regexp.MustCompile(`Wales`),
	"scotland":         regexp.MustCompile(`Scotland|OSCR`),
	"northern-ireland": regexp.MustCompile(`Northern Ireland|CCNI|AccessNI`),
}

func TestWhoWorksInOneNationReadsNothingOfTheOthers(t *testing.T) {
	b := book(t)
	for _, nation := range nations {
		differs := 0
		for _, rule := range b.texts {
			whole := Answer{Rule: rule.ID, Parts: rule.parts}
			here := b.In(whole, nation)
			p := here.Parts
			if p.Do == "" {
				t.Errorf("rule %s says nothing first in %s", rule.ID, nation)
			}
			all := strings.Join(slices.Concat([]string{p.Do}, p.Why, p.Share, p.LeaveOut, p.How, p.Tell, p.Record, p.Ask), "\n")
			for other, named := range others {
				for line := range strings.SplitSeq(all, "\n") {
					if other != nation && named.MatchString(line) && !others[nation].MatchString(line) {
						t.Errorf("rule %s in %s says %q", rule.ID, nation, line)
					}
				}
			}
			if g := grade(strings.ReplaceAll(all, "\n", " ")); g > hardest {
				t.Errorf("rule %s in %s has grade %.1f, more than %.0f", rule.ID, nation, g, hardest)
			}
			for _, s := range sentencesOf(strings.ReplaceAll(all, "\n", ". ")) {
				if n := len(strings.Fields(s)); n > mostWords || nation != "england" && strings.Contains(all, "the LADO") {
					t.Errorf("rule %s in %s: %d words: %s", rule.ID, nation, n, s)
				}
			}
			if here.Text() != whole.Text() {
				differs++
			}
			if got := b.In(whole, nations...); got.Text() != whole.Text() {
				t.Errorf("rule %s: who works in all four reads\n%s\nand not\n%s", rule.ID, got.Text(), whole.Text())
			}
			if got := b.In(whole); got.Text() != whole.Text() {
				t.Errorf("rule %s: who has not said where they work reads\n%s", rule.ID, got.Text())
			}
		}
		if differs == 0 {
			t.Errorf("nothing is left out in %s", nation)
		}
	}
}

func TestAnAnswerNamesTheNationsWhereTheyWork(t *testing.T) {
	b := book(t)
	for _, c := range []struct{ question, nations, says, leaves string }{
		{"I think a 6 year old is hit at home, can I tell social services?", "", "In Scotland, tell the council's social work team.", ""},
		{"I think a 6 year old is hit at home, can I tell social services?", "scotland", "In Scotland, tell the council's social work team.", "Northern Ireland"},
		{"I think a 6 year old is hit at home, can I tell social services?", "england wales", "", "Scotland"},
		{"our coach hit a lad, who do I tell?", "scotland", "They call social work within 1 working day.", "the LADO"},
		{"our coach hit a lad, who do I tell?", "northern-ireland", "They call the health trust within 1 working day.", "the LADO"},
		{"our coach hit a lad, who do I tell?", "scotland northern-ireland", "Scotland has no LADO.", "In Wales"},
		{"our coach hit a lad, who do I tell?", "england", "They call the LADO within 1 working day.", "Scotland"},
		{"can I give her mum the report, a girl of 9?", "wales", "In England and Wales, a father on the birth certificate", "Scotland"},
		{"can I give her mum the report, a girl of 9?", "scotland northern-ireland", "since 15 April 2002", "In England"},
		{"dad wants to know what his lad of 14 told us, he said not to tell", "scotland", "In Scotland", "judged for each child"},
		{"dad wants to know what his lad of 14 told us, he said not to tell", "england", "", "Scotland"},
	} {
		a := b.In(b.Decide(b.Read(c.question).Facts), strings.Fields(c.nations)...)
		text := a.Text()
		if !strings.Contains(text, c.says) || c.leaves != "" && strings.Contains(text, c.leaves) {
			t.Errorf("%q in %q: by rule %s\n%s\nwant %q, and not %q", c.question, c.nations, a.Rule, text, c.says, c.leaves)
		}
	}
}
