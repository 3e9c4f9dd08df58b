package policy

import (
	"regexp"
	"strings"
)

// answers are the sorts of answer that a passage holds, or that a question wants.
type answers uint8

const (
	aTime  answers = 1 << iota // a length of time or a date
	aWho                       // a role that does something
	aOften                     // how regularly
	aMoney
	aList // several things
)

var (
	timeWords  = regexp.MustCompile(`(?i)\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?:hours?|days?|weeks?|months?|years?|school days?|working days?)\b|permanently|\bage of \d+|without (?:undue )?delay|immediately|as soon as|\b(?:19|20)\d\d\b`)
	whoWords   = regexp.MustCompile(`(?i)\b(?:officer|lead|manager|trustees?|board|chair|dpo|headteacher|staff|volunteers?|governors?|person|administrator|moderators?|co-?ordinator|commissioner)\b`)
	oftenWords = regexp.MustCompile(`(?i)\b(?:annual(?:ly)?|every|regular(?:ly)?|yearly|from time to time|interval|renew|refresher)\b`)
	moneyWords = regexp.MustCompile(`(?i)\b(?:fees?|free of charge|charge|cost|£\s?\d)\b`)

	wantsTime  = regexp.MustCompile(`(?i)\bhow (?:long|soon|quick|fast|many (?:hours|days|weeks|months|years))|\buntil when\b|\bwhen (?:can|do|does|must|should|will|is|are)\b|\bdeadline|\btime ?(?:limit|scale|frame)|\bfor ?ever\b|\bhow old\b|\bwhat age\b`)
	wantsWho   = regexp.MustCompile(`(?i)\bwho(?:'s|s)?\b|\bwhose\b|\bwhich (?:person|role)\b`)
	wantsOften = regexp.MustCompile(`(?i)\bhow (?:often|regularly|frequent)|\bevery so often|\bhow many times\b`)
	wantsMoney = regexp.MustCompile(`(?i)\bhow much\b|\b(?:cost|charge|fee|pay)\b`)
	wantsList  = regexp.MustCompile(`(?i)\bwhat (?:kinds?|types?|sorts?|are|does it (?:cover|include))\b|\blist\b|\bexamples?\b|\bwhich\b`)
)

func answersIn(text string, tokens []token) (a answers) {
	for kind, pattern := range map[answers]*regexp.Regexp{aTime: timeWords, aWho: whoWords, aOften: oftenWords, aMoney: moneyWords} {
		if pattern.MatchString(text) {
			a |= kind
		}
	}
	if strings.Count(text, ",") >= 3 || strings.Count(text, ";") >= 2 || len(tokens) > 0 && strings.HasSuffix(text, ":") {
		a |= aList
	}
	return a
}

// wanted says which sorts of answer a question asks for.
func wanted(question string) (a answers) {
	for kind, pattern := range map[answers]*regexp.Regexp{aTime: wantsTime, aWho: wantsWho, aOften: wantsOften, aMoney: wantsMoney, aList: wantsList} {
		if pattern.MatchString(question) {
			a |= kind
		}
	}
	return a
}
