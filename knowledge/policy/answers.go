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

// sortOf is how one sort of answer is known in a passage and in a question.
var sortOf = [sorts]struct{ holds, wants *regexp.Regexp }{
	{ // time
		regexp.MustCompile(`(?i)\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?:hours?|days?|weeks?|months?|years?|school days?|working days?)\b|permanently|\bage of \d+|without (?:undue )?delay|immediately|as soon as|\b(?:19|20)\d\d\b`),
		regexp.MustCompile(`(?i)\bhow (?:long|soon|quick|fast|many (?:hours|days|weeks|months|years))|\buntil when\b|\bwhen (?:can|do|does|must|should|will|is|are|may)\b|\bdeadline|\btime ?(?:limit|scale|frame)|\bfor ?ever\b|\bhow old\b|\bwhat age\b`)},
	{ // who
		regexp.MustCompile(`(?i)\b(?:officer|lead|manager|trustees?|board|chair|dpo|headteacher|staff|volunteers?|governors?|person|administrator|moderators?|co-?ordinator|commissioner)\b`),
		regexp.MustCompile(`(?i)\bwho(?:'s|s)?\b|\bwhose\b|\bwhich (?:person|role)\b`)},
	{ // how often
		regexp.MustCompile(`(?i)\b(?:annual(?:ly)?|every|regular(?:ly)?|yearly|from time to time|interval|renew|refresher)\b`),
		regexp.MustCompile(`(?i)\bhow (?:often|regularly|frequent)|\bevery so often|\bhow many times\b`)},
	{ // money
		regexp.MustCompile(`(?i)\b(?:fees?|free of charge|charge|cost|£\s?\d)\b`),
		regexp.MustCompile(`(?i)\bhow much\b|\b(?:cost|charge|fee|pay)\b`)},
	{ // list
		regexp.MustCompile(`(?:,[^,]*){3}|(?:;[^;]*){2}|:$`),
		regexp.MustCompile(`(?i)\bwhat (?:kinds?|types?|sorts?|are|does it (?:cover|include))\b|\blist\b|\bexamples?\b|\bwhich\b`)},
	{ // meaning
		regexp.MustCompile(`(?i)^[^|.]{3,50}\|\s*(?:any|a|an|the|anything)\b|\b(?:is|are) (?:any|data|information)\b|\bmeans\b|\brefers to\b`),
		regexp.MustCompile(`(?i)\bwhat(?:'s|s| is| are| does| do)\b.*\b(?:mean|called|count)|\bwhat(?:'s|s| is| are) (?:an? )?[a-z]+(?: [a-z]+)?\??$|\bdefin|\bin plain\b|\bwhats? .* exactly\b|\bmeant by\b|\bname for\b`)},
	{ // reason
		regexp.MustCompile(`(?i)\b(?:because|so that|in order to|reasons?|purposes?|to ensure|to make sure|to prevent|to help|in case)\b`),
		regexp.MustCompile(`(?i)\bwhy\b|\bwhat for\b|\bpoint of\b|\breason\b`)},
	{ // duty
		regexp.MustCompile(`(?i)\b(?:must|should|will|may|cannot|can|not be|required|expected|do not|need to)\b`),
		regexp.MustCompile(`(?i)^(?:can|may|do|does|should|must|is it|are we|could|shall|am i|will)\b|\b(?:allowed|have to|supposed to|ok to)\b`)},
	{ // place
		regexp.MustCompile(`(?i)\b(?:stored on|kept (?:in|on|under)|website|page|folders?|office|system|site|in the|cabinet|via|online)\b`),
		regexp.MustCompile(`(?i)\bwhere(?:'s|s)?\b|\bwhich (?:place|document|website|page|system)\b`)},
}

// answersIn says which sorts of answer a passage holds.
func answersIn(p Passage, tokens []token) (a answers) {
	for i, sort := range sortOf {
		if len(tokens) > 0 && sort.holds.MatchString(strings.TrimSpace(p.Text)) {
			a |= 1 << i
		}
	}
	return a
}

// wanted says which sorts of answer a question asks for.
func wanted(question string) (a answers) {
	for i, sort := range sortOf {
		if sort.wants.MatchString(question) {
			a |= 1 << i
		}
	}
	return a
}
