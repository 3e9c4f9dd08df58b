package bottest

// Clause names one promise of the contract.
type Clause string

// The promises. Their sentences are in the list of clauses.
const (
	Private     Clause = "private"
	Kinds       Clause = "kinds"
	AtField     Clause = "at-field"
	KeepsText   Clause = "keeps-text"
	NextPage    Clause = "next-page"
	Back        Clause = "back"
	CloseTold   Clause = "close-told"
	CloseText   Clause = "close-text"
	Buttons     Clause = "buttons"
	DirectLasts Clause = "direct-lasts"
	Edits       Clause = "edits"
	Threads     Clause = "threads"
	Channels    Clause = "channels"
	Cuts        Clause = "cuts"
	Harmless    Clause = "harmless"
	Duplicates  Clause = "duplicates"
	Unreachable Clause = "unreachable"
	Busy        Clause = "busy"
	Repeats     Clause = "repeats"
	Mentions    Clause = "mentions"
)

// Cannot lists, for each platform, the promises that it has no way to keep, and what
// happens there instead. docs/platforms.md is made from it.
var Cannot = map[string]map[Clause]string{
	"discord": {
		CloseTold: "Discord does not say that a window was closed. The pages before it are kept for a day, and the same command goes on.",
		CloseText: "Discord does not send what stands in a window that is closed. The pages before it are kept.",
		Mentions:  "The bot does not listen in channels. Commands, the menu of a message and direct messages reach it.",
	},
	"slack": {
		CloseText: "Slack does not send what stands on a page that is closed. The pages before it are kept, and the bot offers to go on.",
	},
	"terminal": {
		Edits:       "What is printed cannot be changed. The message is printed again, begun with “Changed:”.",
		Threads:     "A window has no threads. What follows is printed below.",
		Channels:    "A window has no channels. Each line for somebody else begins with who it is for.",
		Cuts:        "A window has no limit. Everything is printed.",
		Duplicates:  "A line is typed once. Nothing is delivered a second time.",
		Unreachable: "A window is always there.",
		Busy:        "A window never asks for patience.",
		Mentions:    "A window has no channels to be mentioned in. Every line is for the bot.",
	},
}
