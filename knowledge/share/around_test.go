package share

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is ticked, the message holds those lines, their places to fill in, and nothing else.
func TestADraftHoldsNothingThatWasNotTicked(t *testing.T) {
	d := book(t).Drafts()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(d.Kinds()).Draw(t, "reader")
		var ticked []string
		for _, item := range d.items {
			if rapid.Bool().Draw(t, item.ID) {
				ticked = append(ticked, item.ID)
			}
		}
		draft := d.Write(kind.ID, ticked, rapid.SampledFrom(d.Channels()).Draw(t, "channel").ID)
		for _, item := range d.items {
			written := slices.Contains(draft.Facts, item.Line) || slices.Contains(draft.Opinions, item.Line)
			if want := slices.Contains(ticked, item.ID) && slices.Contains(kind.Offers, item.ID); written != want {
				t.Fatalf("%s to %s: written %v, want %v", item.ID, kind.ID, written, want)
			}
			if item.Opinion && slices.Contains(draft.Facts, item.Line) || !item.Opinion && slices.Contains(draft.Opinions, item.Line) {
				t.Fatalf("%s mixes fact and opinion", item.ID)
			}
		}
		if draft.Channel.Safe != (len(draft.Better) == 0) {
			t.Fatalf("channel %s: safe %v, better ways %v", draft.Channel.ID, draft.Channel.Safe, draft.Better)
		}
	})
}

func TestEveryLineOfADraftIsAPlaceToFillIn(t *testing.T) {
	for _, item := range book(t).Drafts().items {
		if !strings.Contains(item.Line, "[") || !strings.Contains(item.Line, "]") {
			t.Errorf("%s has no place to fill in: %s", item.ID, item.Line)
		}
	}
}

func TestEveryRecipientHasAReaderAndASafeChannel(t *testing.T) {
	b := book(t)
	for _, who := range b.questions["recipient"].values() {
		kind := b.Drafts().KindFor(who)
		if len(kind.Offers) == 0 || !b.Drafts().channel(kind.Channels[0]).Safe {
			t.Errorf("%s: reader %s", who, kind.ID)
		}
	}
	for who, want := range map[string]string{"police": "police", "lado": "lado", "nhs": "health", "school": "school", "childrens_services": "social_care", "emergency": "emergency", "": "other"} {
		if got := b.Drafts().KindFor(who).ID; got != want {
			t.Errorf("%q is the reader %q, want %q", who, got, want)
		}
	}
}

// Law 1: no setting of an organisation makes somebody wait where a person may come to harm.
func TestNothingAboutDangerEverWaitsForALead(t *testing.T) {
	b := book(t)
	var every []string
	for _, topic := range b.ApprovalTopics() {
		every = append(every, topic.ID)
	}
	waited := 0
	rapid.Check(t, func(t *rapid.T) {
		var f Facts
		for _, key := range Keys() {
			if rapid.Bool().Draw(t, "know "+key) {
				f.put(key, rapid.SampledFrom(b.questions[key].values()).Draw(t, key))
			}
		}
		if rapid.Bool().Draw(t, "calm") {
			f.Danger, f.Harm = "no", "none"
		}
		a := b.Decide(f)
		if b.Approves(every, f, a) == "" {
			return
		}
		waited++
		if a.Decision == ShareNow || f.Danger == "now" || f.Danger == "civil" || f.Harm != "" && f.Harm != "none" ||
			slices.Contains(guardians, f.Recipient) || slices.Contains(a.Escalate, "safeguarding_lead") {
			t.Fatalf("rule %s waits on %+v", a.Rule, f)
		}
		for _, worse := range []Facts{with(f, "danger", "now"), with(f, "harm", "abuse"), with(f, "harm", "worry")} {
			if topic := b.Approves(every, worse, b.Decide(worse)); topic != "" {
				t.Fatalf("%+v waits under %s", worse, topic)
			}
		}
	})
	if waited == 0 {
		t.Error("nothing ever waits, so nothing was tested")
	}
}

func with(f Facts, key, value string) Facts {
	f.put(key, value)
	return f
}

// N21: a request of somebody official on the phone is never a plain yes.
func TestAnOfficialOnThePhoneNeverGetsAPlainYes(t *testing.T) {
	b := book(t)
	for _, who := range []string{"police", "hmrc", "government", "embassy"} {
		for _, data := range []string{"contact", "record", "health", "safeguarding", "image"} {
			f := Facts{Danger: "no", Harm: "none", Recipient: who, Data: data, Verified: "no", Written: "no", Order: "no"}
			if a := b.Decide(f); a.Decision == Share || a.Decision == ShareNow {
				t.Errorf("%s asks for %s by phone: %s by rule %s", who, data, a.Decision, a.Rule)
			}
		}
	}
	done, todo := b.Officials().Left(Facts{Danger: "no", Verified: "yes"}, "exact")
	if len(done) != 2 || len(todo) != 4 {
		t.Errorf("done %q, to do %q", done, todo)
	}
}

func TestWordsAreSaidAgainOnlyWhenTheyAreOrdinary(t *testing.T) {
	b := book(t)
	for _, c := range []struct{ said, fact, want string }{
		{"can I share his address with the police?", "recipient", "police"},
		{"shes colapsed, what do i tell the paramedics", "danger", "collapsed"},
		{"Sarahs dad told Zbigniew he hits her", "harm", ""},
	} {
		r := b.Read(c.said)
		got := b.Echo(r, c.fact)
		if c.want != "" && !strings.Contains(got, c.want) {
			t.Errorf("%q: %s is said again as %q, want %q", c.said, c.fact, got, c.want)
		}
		for _, name := range []string{"Zbigniew", "Sarah", "zbigniew", "sarah"} {
			if strings.Contains(got, name) {
				t.Errorf("%q: the name is said again: %q", c.said, got)
			}
		}
	}
	for _, name := range []string{"zbigniew", "Mohammed", "oluwaseun", "Sarah", "kaitlyn"} {
		for _, text := range []string{"dad told " + name + " he hits her", "can i tell " + name + " that mum collapsed", name + " is 9 and lives with grandad, can the police have the file"} {
			r := b.Read(text)
			for fact := range r.From {
				if got := b.Echo(r, fact); strings.Contains(got, name) {
					t.Errorf("%q: %s says the name again: %q", text, fact, got)
				}
			}
		}
	}
}
