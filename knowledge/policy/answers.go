package policy

import (
	"regexp"
	"strings"
)

// answers are the sorts of answer that a passage holds, or that a question wants.
type answers uint16

const (
	aTime    answers = 1 << iota // a length of time or a date
	aWho                         // a role that does something
	aOften                       // how regularly
	aMoney                       // what it costs
	aList                        // several things
	aMeaning                     // what a word means
	aReason                      // why
	aDuty                        // what must or may be done
	aPlace                       // where
	sorts    = 9
)

// holding are words by which a passage is known to hold a sort of answer.
var holding = func() map[string]answers {
	table := map[string]answers{}
	for sort, words := range map[answers]string{
		aTime:    "permanently immediately promptly forever deadline",
		aWho:     "officer lead manager trustee trustees board chair dpo headteacher staff volunteer volunteers governor governors person administrator moderator moderators coordinator commissioner",
		aOften:   "annual annually every regular regularly yearly interval intervals renew renewed refresher monthly weekly",
		aMoney:   "fee fees free charge charged cost costs pay",
		aMeaning: "means refers defined definition",
		aReason:  "because reason reasons purpose purposes ensure prevent so why",
		aDuty:    "must should will may cannot can required expected need not",
		aPlace:   "stored website page folder folders office system systems site cabinet via online cupboard",
	} {
		for word := range strings.FieldsSeq(words) {
			table[word] |= sort
		}
	}
	return table
}()

// spans are the units that a number in front makes a length of time.
var spans = map[string]bool{"hour": true, "hours": true, "day": true, "days": true, "week": true, "weeks": true,
	"month": true, "months": true, "year": true, "years": true, "school": true, "working": true}

// answersIn says which sorts of answer a passage holds.
func answersIn(p Passage, tokens []token) (a answers) {
	for i, t := range tokens {
		a |= holding[t.word]
		number := i > 0 && tokens[i-1].word[0] >= '0' && tokens[i-1].word[0] <= '9'
		aYear := len(t.word) == 4 && (strings.HasPrefix(t.word, "19") || strings.HasPrefix(t.word, "20"))
		if number && spans[t.word] || aYear {
			a |= aTime
		}
	}
	if _, meaning, ok := strings.Cut(p.Text, " | "); ok && p.Kind == Row {
		first, _, _ := strings.Cut(strings.ToLower(meaning), " ")
		if first == "any" || first == "anything" || first == "a" || first == "an" {
			a |= aMeaning
		}
	}
	if strings.Count(p.Text, ",") >= 3 || strings.Count(p.Text, ";") >= 2 || strings.HasSuffix(p.Text, ":") {
		a |= aList
	}
	return a
}

// wanting is how a question shows what sort of answer it wants, by sort.
var wanting = [sorts]*regexp.Regexp{
	regexp.MustCompile(`\bhow (?:long|soon|quick|fast|many (?:hours|days|weeks|months|years))|\buntil when\b|\bwhen (?:can|do|does|must|should|will|is|are|may)\b|\bdeadline|\btime ?(?:limit|scale|frame)|\bfor ?ever\b|\bhow old\b|\bwhat age\b`),
	regexp.MustCompile(`\bwho(?:'s|s)?\b|\bwhose\b|\bwhich (?:person|role)\b`),
	regexp.MustCompile(`\bhow (?:often|regularly|frequent)|\bevery so often|\bhow many times\b`),
	regexp.MustCompile(`\bhow much\b|\b(?:cost|charge|fee|pay)\b`),
	regexp.MustCompile(`\bwhat (?:kinds?|types?|sorts?|are|does it (?:cover|include))\b|\blist\b|\bexamples?\b|\bwhich\b`),
	regexp.MustCompile(`\bwhat(?:'s|s| is| are| does| do)\b.*\b(?:mean|called|count)|\bwhat(?:'s|s| is| are) (?:an? )?[a-z]+(?: [a-z]+)?\??$|\bdefin|\bin plain\b|\bmeant by\b|\bname for\b`),
	regexp.MustCompile(`\bwhy\b|\bwhat for\b|\bpoint of\b|\breason\b`),
	regexp.MustCompile(`^(?:can|may|do|does|should|must|is it|are we|could|shall|am i|will)\b|\b(?:allowed|have to|supposed to|ok to)\b`),
	regexp.MustCompile(`\bwhere(?:'s|s)?\b|\bwhich (?:place|document|website|page|system)\b`),
}

// wanted says which sorts of answer a question asks for.
func wanted(question string) (a answers) {
	question = strings.ToLower(question)
	for i, pattern := range wanting {
		if pattern.MatchString(question) {
			a |= 1 << i
		}
	}
	return a
}

// chore are beginnings of questions for a fact of the day (what time, how many have we, who
// won) or for how to do a chore. Policies seldom hold those, whatever the other words are.
var chore = regexp.MustCompile(`\bwhat (?:time|day|date|colour|size|number)\b|\bhow many (?:\w+ )?(?:do we have|have we|are there|does|did|can fit)\b|` +
	`\bnumber (?:for|of our)\b|\bhow do (?:i|we|you) (?:get an?|get some|order|change a|change my|book|apply|fix|join|become|set|cook|claim|buy|make an?|write an?|spell|hire)\b|` +
	`\bwho (?:won|is our|is the new|is the current|was|runs|chairs|manages)\b|^(?:write|draft|translate|book|order|remind|recommend)\b|\bcan (?:you|u)\b|\bdo you (?:like|know|have|think)\b|` +
	`\b(?:cheap|cheapest|best|nearest|biggest|favourite)\b|\bwhere (?:can|do) (?:i|we) (?:buy|get|park|find an?)\b|\bwhen (?:is|are|was|were|did) (?:the|our|it|we|they)?\b`)

// isChore says whether a question is for something of that sort.
func isChore(question string) bool { return chore.MatchString(strings.ToLower(question)) }
