package share

import (
	"strings"
	"testing"
)

// read compares what was understood with "fact=value" pairs; "fact=" must not be read.
func read(t *testing.T, said, facts string) {
	t.Helper()
	r := book(t).Read(said)
	for fact := range strings.FieldsSeq(facts) {
		key, want, _ := strings.Cut(fact, "=")
		if got := r.Facts.Get(key); got != want {
			t.Errorf("%q: %s is read as %q from %q, want %q", said, key, got, r.From[key].From, want)
		}
	}
}

func TestWhoAsksIsToldFromWhoIsToldAndWhoItIsAbout(t *testing.T) {
	for said, facts := range map[string]string{
		// who asks
		"the school rang about Ali":                                "recipient=school direction=asked",
		"mum of a 19 year old trainee wants his attendance":        "recipient=parent age=over_18",
		"a neighbour asks why the police came":                     "recipient=acquaintance",
		"dad who moved out wants the report":                       "recipient=separated_parent",
		"the landlord says she owes rent, where is she":            "recipient=landlord",
		"her notes were asked for by the defence":                  "recipient=solicitor",
		"a letter from the council about a client":                 "recipient=government",
		"seperated mum and dad, both have PR, dad asks for a copy": "recipient=parent parental=yes",
		// who is told
		"can we tell the gp she has stopped eating":           "recipient=nhs",
		"client wants us to ring citizens advice":             "recipient=partner consent=given",
		"should his sisters nursery be told":                  "recipient=school",
		"pass it to the police":                               "recipient=police",
		"we have referred her brother, do we tell the school": "recipient=school",
		// only in the story
		"her gran batters the wee one":                                     "recipient= harm=abuse",
		"a man in the foyer is going to kill his wife":                     "recipient= danger=now",
		"our coach was seen kissing a girl of 15":                          "recipient= harm=staff about=child age=13_to_15",
		"lass 15 sleeps at a 30 year olds flat, social worker doesnt know": "direction= about=child",
		"the council said no to the picture":                               "recipient=",
		"bloke on roblox wants her to send pics, shes 11":                  "direction= about=child age=under_13",
		// the person a worry is about
		"father under investigation asks for a copy of everything": "recipient=accused",
		"should the accused volunteer be told who said it":         "recipient=accused data=reporter",
		// themselves
		"lad of 14 wants to see his own file": "recipient=self age=13_to_15",
	} {
		read(t, said, facts)
	}
}

// What somebody is called is never taken for a slip, in small letters either: Ivan is not Iran,
// John does not join, and Pedro is no harm.
func TestANameIsNoSlipOfTheFinger(t *testing.T) {
	b := book(t)
	lists, err := readLists(Files())
	if err != nil || len(lists["names"]) < 1000 {
		t.Fatalf("%d names, %v", len(lists["names"]), err)
	}
	for _, name := range lists["names"] {
		for _, typed := range []string{name, name + "s", name + "'s", strings.ToUpper(name[:1]) + name[1:]} {
			if w := b.lexicon.set.Read(typed).Words[0]; w.Repaired {
				t.Errorf("%s is read as %s", typed, w.Norm)
			}
		}
	}
	for said, facts := range map[string]string{
		"can I share ivan's address with his dad":        "overseas= recipient=parent data=contact",
		"is it ok to tell the school about ivan":         "overseas= recipient=school",
		"can ivans mum have his report":                  "overseas= recipient=parent",
		"can I tell pedros mum that he came to the club": "harm= danger=",
		"stan and ruth want to help on tuesday":          "harm= danger=",
		"can I send it to somebody in irna":              "overseas=yes", // still a slip
		"he was stabed in the park":                      "danger=now",
		"teachr rang, can she have mareks attendance":    "recipient=school",
	} {
		read(t, said, facts)
	}
	for _, name := range []string{"ivan", "pedro", "jane"} { // nor an ordinary word that may be said again
		if b.lexicon.set.Ordinary(b.lexicon.set.Read(name).Words[0]) {
			t.Errorf("%s counts as an ordinary word", name)
		}
	}
}

func TestAnAgeIsReadFromWhatIsSomebodys(t *testing.T) {
	for said, facts := range map[string]string{
		"can I give mum her 15 year olds notes":         "recipient=parent about=child age=13_to_15 data=record",
		"mum wants the 15yo's notes":                    "recipient=parent about=child age=13_to_15 data=record",
		"mum wants her 19 year olds notes":              "recipient=parent about=adult age=over_18",
		"dad asks for his 10 year olds file":            "recipient=parent about=child age=under_13",
		"we need a leader for our 15 year olds group":   "age= about=",
		"a hall for 15 year olds, what does it cost":    "age=",
		"lass 15 sleeps at a 30 year olds flat with us": "about=child age=13_to_15",
	} {
		read(t, said, facts)
	}
}

// What a teenager told us is not a parent's by itself: the young person is asked first, and the lead.
func TestATeenagersNotesAreNotGivenToAParentWithoutThem(t *testing.T) {
	b := book(t)
	for said, want := range map[string]Decision{
		"can I give mum her 15 year olds notes":                        AskLead,
		"mum wants her 15 year olds notes":                             AskLead,
		"can dad see his 15 year old's notes":                          AskLead,
		"mum wants the 16yo's file":                                    AskLead,
		"parent asks for our notes on a 16 year old":                   AskLead,
		"dad who moved out wants his 14 year olds notes":               AskLead,
		"mum wants her 14 year olds notes, he said yes":                WithSafeguards,
		"dad who moved out wants his 14 year olds notes, she said yes": WithSafeguards,
		"dad asks for his 10 year olds notes":                          WithSafeguards,
		"mum asks how her 15 year old is doing":                        WithSafeguards,
	} {
		a := b.Decide(b.Read(said).Facts)
		first := strings.HasPrefix(a.Parts.Do, "Yes")
		if a.Decision != want || first != (want == WithSafeguards) {
			t.Errorf("%q: %s by %s, %q", said, a.Decision, a.Rule, a.Parts.Do)
		}
		if want == AskLead && !strings.Contains(a.Text(), "Not without talking to the young person") {
			t.Errorf("%q: %s", said, a.Text())
		}
	}
}

func TestHarmIsReadFromWhoDoesWhatToWhomAndWhere(t *testing.T) {
	for said, facts := range map[string]string{
		"step dad leathers him with a flex":                          "harm=abuse",
		"grip shaped marks on the babys thigh":                       "harm=abuse",
		"she trembles when her uncle comes to collect":               "harm=abuse",
		"grandad strokes her thigh in the bath":                      "harm=sexual",
		"boy of 12 stashes weed for older lads":                      "harm=exploitation",
		"strangers have moved in on a disabled lad and eat his food": "harm=exploitation",
		"no nappies, no cot and the toddler is filthy":               "harm=neglect",
		"he hoards papers and refuses to eat or wash":                "harm=self_neglect",
		"her partner monitors her phone and wont let her leave":      "harm=domestic",
		"the carer drained an old mans savings":                      "harm=financial",
		"scars all up his forearms, he does it himself":              "harm=self_harm",
		"says theres no point living":                                "harm=suicide",
		"he posts beheading videos and plans to attack a mosque":     "harm=radicalisation",
		"our leader messages a girl of 13 on snapchat":               "harm=staff",
	} {
		read(t, said, facts)
	}
}

func TestEverydayBusinessIsNotHarm(t *testing.T) {
	for _, said := range []string{
		"put the register in the cupboard",
		"newsletter with the kids photos, parents agreed",
		"she rang in sick, can I tell the rota lead",
		"suicide awareness course, the trainer wants names",
		"kickboxing class wants a head count",
		"we do a murder mystery night, who gets the guest list",
		"group shot from sports day for the website",
		"bath bomb workshop, how many people",
		"sexual health talk for teens, can the school have the dates",
		"can I hit send on the minutes",
		"covid track and trace sheet",
	} {
		r := book(t).Read(said)
		if serious(mention{value: r.Facts.Harm}) && r.Facts.Harm != "unclear" || r.Facts.Danger == "now" {
			t.Errorf("%q reads as danger %q (%s), harm %q (%s)", said, r.Facts.Danger, r.From["danger"].From, r.Facts.Harm, r.From["harm"].From)
		}
	}
}

func TestNoAndNotYetAndLongAgoChangeWhatWordsMean(t *testing.T) {
	for said, facts := range map[string]string{
		"there is no court order":                                "order=no",
		"not seen no order":                                      "order=no",
		"she hasnt agreed to it":                                 "consent=refused",
		"no consent form on file":                                "consent=not_asked",
		"he withdrew his consent":                                "consent=withdrawn",
		"they said yes to the photo":                             "consent=given data=image",
		"partner shouts at her, no kids":                         "about= others=no",
		"an adult told me she was abused as a child by an uncle": "harm=past",
		"she had a seizure last year":                            "danger=",
		"he collapsed last month, hes fine now":                  "danger=no",
		"what if somebody collapsed":                             "danger=",
		"hypothetically if a parent hit a kid":                   "harm=unclear",
		"took 40 of them an hour ago, says hes fine now":         "danger=now",
		"nobody is in danger":                                    "danger=no",
	} {
		read(t, said, facts)
	}
}

func TestAStoryThatFitsNothingGoesToTheLead(t *testing.T) {
	b := book(t)
	for _, said := range []string{
		"she told me something and asked me to keep it between us",
		"a lad in our group has gone all strange lately",
		"he just stares at the wall",
		"kid keeps drawing eyes everywhere",
	} {
		a := b.Decide(b.Read(said).Facts)
		if a.Decision != ShareNow && a.Decision != WithSafeguards || len(a.Escalate) == 0 || a.Escalate[0] != "safeguarding_lead" {
			t.Errorf("%q: %s by %s", said, a.Decision, a.Rule)
		}
	}
}

func TestFactsOfAnotherProgramAreReadByTheirWords(t *testing.T) {
	b := book(t)
	for _, c := range []struct {
		given map[string]any
		facts string
	}{
		{map[string]any{"requester": "LA children's social care", "identity_checked": false}, "recipient=childrens_services verified=no direction=asked"},
		{map[string]any{"child_age": 7.0, "signs": []any{"neglect", "injury"}}, "age=under_13 about=child harm=neglect"},
		{map[string]any{"recipient": "MASH"}, "recipient=childrens_services"},
		{map[string]any{"recipient": "IT supplier", "processor": true, "contract": false}, "recipient=supplier agreement=no"},
		{map[string]any{"requester": "father", "PR": true, "order": false}, "recipient=parent parental=yes order=no"},
		{map[string]any{"immediate": true, "suicide": true}, "danger=now harm=suicide"},
		{map[string]any{"sender": "NHS"}, "recipient=nhs direction=in"},
		{map[string]any{"recipient": "police", "verified": "yes"}, "recipient=police verified=yes"}, // our own vocabulary
		{map[string]any{"weather": "rain", "nothing": nil}, "recipient="},
	} {
		r, _, err := b.ReadWith("can we share it", c.given)
		if err != nil {
			t.Errorf("%v: %v", c.given, err)
		}
		for fact := range strings.FieldsSeq(c.facts) {
			key, want, _ := strings.Cut(fact, "=")
			if got := r.Facts.Get(key); got != want {
				t.Errorf("%v: %s is %q, want %q", c.given, key, got, want)
			}
		}
	}
	if _, _, err := b.ReadWith("can we share it", map[string]any{"danger": "civill"}); err == nil || !strings.Contains(err.Error(), "civil") {
		t.Errorf("a slip of the finger was taken: %v", err)
	}
	if r, said, err := b.ReadWith("can we share it", map[string]any{"purpose": "qqq", "channel": "phone"}); err != nil || said != 0 || r.Facts.Purpose != "" {
		t.Errorf("words of another program: %v, %d said", err, said)
	}
}

func TestLooseFactsNeverTakeBackADanger(t *testing.T) {
	r, _, err := book(t).ReadWith("she is not breathing", map[string]any{"immediate": false, "risk": false})
	if err != nil || r.Facts.Danger != "now" {
		t.Errorf("danger is %q, %v", r.Facts.Danger, err)
	}
}

func TestTheSameWordsAlwaysReadTheSame(t *testing.T) {
	b := book(t)
	said := "social worker and the police rang about a lad of 14, dad hits him, can we tell school"
	first := b.Read(said)
	for range 20 {
		if again := b.Read(said); again.Facts != first.Facts {
			t.Fatalf("%+v, then %+v", first.Facts, again.Facts)
		}
	}
}
