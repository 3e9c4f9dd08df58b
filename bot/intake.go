package bot

import "context"

// Intake reads a list that people keep elsewhere, such as a spreadsheet, into records of a feature.
type Intake struct {
	Name string // one word for it at the command line, such as "people"
	// Do reads the text of the list. It says how many rows were bad and names each of them
	// in the reply. With bad rows nothing is changed, unless the good ones were asked for.
	Do func(ctx context.Context, t Turn, text string, keepGood bool) (o Outcome, bad int, err error)
}

// Intakes lists what every feature can read in.
func (b *Bot) Intakes() []Intake {
	var all []Intake
	for _, f := range b.features {
		all = append(all, f.Intakes...)
	}
	return all
}
