package retention

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"shareright/knowledge"
)

// Match is a rule that a question may be about.
type Match struct {
	Rule  Rule
	Score float64 // 0 to 1; from Sure on it may be answered without asking back
	Name  string  // the name by which the record was recognised
}

// Sure is the score from which a match stands on its own.
const Sure = 0.6

// called is one name of a rule, as stems.
type called struct {
	rule  int
	name  string
	stems []string
}

// quiet are words of a question that say nothing about which record is meant.
var quiet = wordSet(`a about after all am an and any anyone are as at be been before by can did do does done
for from get getting got had has have having hold how i if in is it its just keep keeping kept know last left long
me much must my need of off old on one or our out over people person please policy policies rid should shred so some
someone somebody somewhere still store stored that the their them then there these they thing things this those time to
us was we were what when where which who will with would you your years year months month destroy destroyed
delete deleted dispose disposal throw away bin retain retained retention period data document documents paperwork rule`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		set[stem(w)] = true
	}
	return set
}

// Find lists the rules that a question such as "how long do we keep personnel files?" may
// be about, best first. Nothing at all means the schedule has nothing like it.
func (s *Schedule) Find(text string) []Match {
	asked := s.repair(stems(text))
	content := 0.0
	for _, w := range asked {
		if !quiet[w] {
			content += s.weight(w)
		}
	}
	best := map[int]Match{}
	for _, c := range s.index {
		score := s.score(c, asked, content)
		if score > best[c.rule].Score {
			best[c.rule] = Match{Rule: s.rules[c.rule], Score: score, Name: c.name}
		}
	}
	found := make([]Match, 0, len(best))
	for i := range s.rules {
		if m := best[i]; m.Score >= 0.25 {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return found
}

// score weighs how much of a name stands in the question, and how much of the question
// the name accounts for. Rare words count for more.
func (s *Schedule) score(c called, asked []string, content float64) float64 {
	var whole, hit float64
	for _, w := range c.stems {
		weight := s.weight(w)
		if quiet[w] {
			weight /= 4
		}
		whole += weight
		if slices.Contains(asked, w) {
			hit += weight
		}
	}
	if whole == 0 || content == 0 || hit == 0 {
		return 0
	}
	ofName := hit / whole
	return ofName * (0.5 + 0.5*min(hit/content, 1))
}

func (s *Schedule) weight(w string) float64 {
	if r, ok := s.rarity[w]; ok {
		return r
	}
	return 1 // a word that no rule knows: the question may be about something else
}

// repair replaces a word that no rule knows by one that is a slip away, or two in a long word.
func (s *Schedule) repair(asked []string) []string {
	for i, w := range asked {
		if _, known := s.rarity[w]; known || quiet[w] || len(w) < 5 {
			continue
		}
		near, slips := "", 1
		if len(w) >= 8 {
			slips = 2
		}
		for k := range s.rarity {
			if len(k) >= 4 && knowledge.Distance(w, k) <= slips && (near == "" || k < near) {
				near = k
			}
		}
		if near != "" {
			asked[i] = near
		}
	}
	return asked
}

// index lists every name of every rule, and how rare each of their words is.
func index(rules []Rule) ([]called, map[string]float64) {
	var list []called
	in := map[string]map[int]bool{}
	for i, r := range rules {
		for _, name := range append([]string{r.Category, strings.ReplaceAll(r.Name, "_", " ")}, r.Called...) {
			c := called{rule: i, name: name, stems: stems(name)}
			list = append(list, c)
			for _, w := range c.stems {
				if in[w] == nil {
					in[w] = map[int]bool{}
				}
				in[w][i] = true
			}
		}
	}
	rarity := make(map[string]float64, len(in))
	for w, rulesWith := range in {
		rarity[w] = math.Log(1+float64(len(rules))/float64(len(rulesWith))) / math.Log(1+float64(len(rules)))
	}
	return list, rarity
}

func stems(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for i, w := range words {
		words[i] = stem(w)
	}
	return words
}

func stem(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}
