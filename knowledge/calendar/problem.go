package calendar

import "strings"

// ProblemKind says what is wrong with a date that somebody wrote. A form shows the first
// that applies, in this order.
type ProblemKind int

// The kinds of problem, in the order in which they are told.
const (
	Missing    ProblemKind = iota + 1 // nothing, or a part, is not there
	Impossible                        // there is no such day or time
	Unclear                           // it can mean two things; Text asks which
	AgainstRule
)

// Problem is a mistake in a date or time, as a sentence that says what to do.
type Problem struct {
	Kind ProblemKind
	Text string
}

// Error is the sentence.
func (p *Problem) Error() string { return p.Text }

func problem(kind ProblemKind, text string) error { return &Problem{kind, text} }

// impossible is the plain sentence for a day that is not in the calendar.
func impossible(err error) error {
	first, second, _ := strings.Cut(err.Error(), "; ")
	text := strings.ToUpper(first[:1]) + first[1:] + "."
	if second != "" {
		text += " " + strings.ToUpper(second[:1]) + second[1:] + "."
	}
	return problem(Impossible, text)
}

// NotAfter checks the rule that a date is today or in the past. What names the date at the
// start of the sentence: "The date it happened".
func NotAfter(d, today Date, what string) error {
	if d.After(today) {
		return problem(AgainstRule, what+" must be today or in the past.")
	}
	return nil
}
