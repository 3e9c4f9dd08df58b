package share

import "strings"

// IntentKind says what a message is about, in the words of the ask command's kinds.
type IntentKind string

// The kinds of message.
const (
	IntentShare     IntentKind = "share"
	IntentBreach    IntentKind = "breach"
	IntentRights    IntentKind = "rights_request"
	IntentConcern   IntentKind = "concern"
	IntentRetention IntentKind = "retention"
	IntentTraining  IntentKind = "training"
	IntentHelp      IntentKind = "help"
	IntentPolicy    IntentKind = "policy"
)

// Intent is what a message reads as, and how strongly.
type Intent struct {
	Kind   IntentKind
	Weight float64
}

// enough is how strongly a text must read as a question about sharing. Found by trying
// values on the development cases: below it policy questions are taken for sharing.
const enough = 2.4

// grave is how clearly words must tell of harm to be answered at once, though they ask
// nothing: somebody who tells of it wants to know whom to tell.
const grave = 3

// Intent says what a message is about. Danger makes it a question about sharing, whatever
// else it says; what reads as nothing in particular is a question about policy.
func (b *Book) Intent(text string) Intent {
	r := b.lexicon.read(text)
	share := r.sharing()
	if r.Facts.Danger == "now" && r.From["danger"].From != "" || r.Facts.Danger == "civil" {
		return Intent{IntentShare, share + 3}
	}
	if r.score["harm"] >= grave && r.Facts.Harm != "none" && r.Facts.Harm != "worry" && r.kinds["policy"] == 0 {
		return Intent{IntentShare, share + r.score["harm"]}
	}
	if w := r.kinds[string(IntentRights)]; w >= 2 && r.ownRequest() {
		return Intent{IntentRights, w}
	}
	best := Intent{IntentPolicy, 0}
	for _, kind := range []IntentKind{IntentBreach, IntentRights, IntentRetention, IntentTraining, IntentHelp} {
		if w := r.kinds[string(kind)]; w > best.Weight && w >= 2 {
			best = Intent{kind, w}
		}
	}
	if share >= enough && share >= best.Weight {
		return Intent{IntentShare, share}
	}
	if best.Weight >= 2 {
		return best
	}
	if r.From["harm"].From != "" && r.Facts.Harm != "none" && r.kinds["policy"] == 0 {
		return Intent{IntentConcern, r.score["harm"]}
	}
	return best
}

// hint is how strongly a text must at least read as one about sharing to be answered by
// the rules when nothing else answers it.
const hint = 0.3

// MaySay says how strongly a text hints at sharing, and whether the rules may answer it
// when nothing else does: it names somebody, something or a worry that they know.
func (b *Book) MaySay(text string) (strength float64, may bool) {
	r := b.lexicon.read(text)
	strength = r.sharing()
	if r.From["harm"].From != "" && r.Facts.Harm != "none" && (r.kinds["other"] == 0 || r.score["harm"] >= grave) {
		return max(strength, enough), true // a worry about somebody is always answered
	}
	asked := r.Facts.Recipient != "" && (r.Facts.Data != "" || r.Facts.About != "" || r.aimed >= receives)
	return strength, strength >= hint || asked && r.kinds["other"] == 0
}

// ownRequest says that the person it is about, or a parent, may be the one who asks, and
// that nobody is feared for. What an authority or a lawyer asks for is about sharing.
func (r Reading) ownRequest() bool {
	if r.Facts.Harm != "" && r.Facts.Harm != "none" {
		return false
	}
	return r.Facts.Recipient == "" || r.Facts.Recipient == "self" || r.Facts.Recipient == "parent"
}

// sharing adds up what speaks for a question about sharing.
func (r Reading) sharing() float64 {
	score := r.kinds["share"] - r.kinds["policy"] - r.kinds["other"]
	if r.Facts.Recipient != "" && r.From["recipient"].From != "" {
		score += 1
		if r.gives {
			score += 1
		}
	}
	if r.From["harm"].From != "" && r.Facts.Harm != "none" {
		score += 0.8
	}
	for _, fact := range []string{"data", "about", "consent", "channel", "order", "verified", "written", "protection", "purpose", "direction", "agreement", "parental", "need"} {
		if r.From[fact].From != "" {
			score += 0.4
		}
	}
	if strings.HasSuffix(strings.TrimSpace(r.text.Raw), "?") {
		score += 0.1
	}
	return score
}
