package share

// How strongly words must speak of harm. The weights are those of the lexicon: a name of a
// harm weighs 2 to 3, a sign put together from two classes of words about 2, from three more.
const (
	plainHarm  = 1.5 // a story is told: one clear sign is enough
	askedHarm  = 2.0 // somebody with no part in protecting asks or is told
	aloudHarm  = 3.6 // something is asked for, and nobody can tell by whom
	asideHarm  = 2.9 // something everyday is asked for as well: the words must be plain
	twiceHarm  = 6.0 // the words speak of a course, a film or a game that is named after a harm
	faintWorry = 0.9 // below a harm, this is still a worry to pass on
)

// asked is how strongly words must ask whether something may be passed on, for the people
// in them to be taken for those who ask or receive.
const asked = 1.3

// protectors are those who can act on harm: telling them of a small sign is never wrong.
var protectors = map[string]bool{
	"": true, "emergency": true, "police": true, "childrens_services": true, "adult_services": true, "nhs": true, "school": true,
	"safeguarding_lead": true, "lado": true, "dbs": true, "new_setting": true,
}

// routines are purposes and kinds of information that by themselves speak of everyday business.
var routines = map[string]bool{
	"marketing": true, "publicity": true, "statistics": true, "tax": true, "planning": true, "research": true, "first_aid": true, "curiosity": true, "claim": true,
	"image": true, "list": true, "finance": true, "reference": true, "criminal": true,
}

// everyone are those who stand in many stories without asking or being told anything.
var everyone = map[string]bool{
	"parent": true, "separated_parent": true, "relative": true, "ex_partner": true, "acquaintance": true, "colleague": true, "first_aider": true,
	"faith_leader": true, "employer": true, "landlord": true, "self": true, "group": true,
}

// concerned says whether a person of whom the words do not say that they ask or are told is
// still the one it is about to tell: there is a question about something to hand over.
func (r *Reading) concerned(who mention) bool {
	if !everyone[who.value] {
		return who.aimed > weighSays+0.2
	}
	return r.kinds["share"] >= asked && (r.Facts.Data != "" || r.Facts.Purpose != "" || r.Facts.Consent != "")
}

// earlier are harms that, told of long ago, are still worth telling the lead today.
var earlier = map[string]bool{"abuse": true, "sexual": true, "neglect": true, "domestic": true, "exploitation": true}

// mild are harms that give way to a graver one told in the same words.
var mild = map[string]bool{"financial": true, "self_neglect": true, "worry": true}

// weigh finds the harm that the words speak of: the likeliest one when it is plain enough
// for what else is said, a worry when there are only traces, or none.
func (r *Reading) weigh(harms []mention, who mention) mention {
	best, gravest, traces := mention{}, mention{}, mention{value: "worry"}
	for _, m := range harms {
		if m.weight > best.weight && (m.value == "none" || m.value != "worry") {
			best = m
		}
		if m.value != "none" {
			if m.weight > plainHarm && !mild[m.value] && m.weight > gravest.weight {
				gravest = m
			}
			if m.best > traces.best {
				traces.best, traces.first, traces.last = m.best, m.first, m.last
			}
			traces.weight += m.weight
		}
	}
	if mild[best.value] && gravest.value != "" {
		best = gravest // "takes his wages and locks him in"
	}
	enough, everyday := plainHarm, false
	switch {
	case who.value == "police" && who.asks:
		enough, everyday = asideHarm, true // what they ask for has a story of its own
	case !protectors[who.value] && who.aimed >= receives:
		enough, everyday = askedHarm, true
	}
	if routines[r.Facts.Purpose] || routines[r.Facts.Data] || r.mood("pretend") || r.mood("resolved") || r.mood("accident") {
		enough, everyday = asideHarm, true
	}
	if r.Facts.About == "dead" && who.aimed >= receives && !protectors[who.value] {
		return mention{} // somebody asks about a person who has died
	}
	switch {
	case best.value == "none" && best.weight >= traces.weight:
		return best
	case best.value != "" && best.value != "none" && best.weight >= enough:
		switch {
		case r.mood("pretend") && best.weight < twiceHarm:
			return mention{}
		case earlier[best.value] && (r.mood("longago") && r.Facts.Age == "" || r.mood("yearsago") && r.Facts.About != "child"):
			best.value = "past"
		case r.mood("supposed") && !r.mood("now"):
			best.value = "unclear"
		case who.value == "" && r.kinds["share"] >= asked && best.weight < aloudHarm:
			best.value = "unclear" // something is asked for, and we cannot tell by whom
		}
		return best
	case traces.weight >= faintWorry && !everyday:
		if r.mood("hunch") {
			traces.value = "unclear" // the words say themselves that it is no more
		}
		return traces
	// Signs stand beside something everyday: not plain, and not to be passed over.
	case traces.weight >= plainHarm && who.aimed < receives && !r.mood("pretend") && best.value != "none" && r.Facts.Consent == "":
		traces.value = "unclear"
		return traces
	}
	return mention{}
}

// handed are facts that say something is to be handed over, or how.
var handed = []string{"danger", "harm", "data", "purpose", "channel", "order", "written", "overseas", "identifiable", "direction", "agreement", "parental", "verified"}

// told is information that a story may hold without being asked for.
var told = map[string]bool{"criminal": true, "health": true, "safeguarding": true, "confidence": true, "record": true, "list": true, "sensitive": true}

// untold notices a story about somebody in which nothing is handed over and no harm was
// recognised. Somebody tells it because it worries them, so it goes to the lead.
func (r *Reading) untold() {
	f := r.Facts
	story := r.kinds["share"] == 0 && f.Recipient == "" && f.Consent != "given" && (f.About == "child" || r.someone())
	for _, fact := range handed {
		value := f.Get(fact)
		if value == "" || story && (fact == "identifiable" || fact == "verified" || fact == "data" && told[value]) {
			continue
		}
		return
	}
	if !protectors[f.Recipient] || (f.About == "many" || f.About == "dead") && !story || f.Consent == "given" || r.kinds["other"] > 0 || r.kinds["policy"] > 0 && r.kinds["share"] == 0 && f.About != "child" {
		return
	}
	if f.Consent == "refused" && f.Recipient == "" {
		r.understand("harm", mention{value: "worry", first: 0, last: -1}) // asked to keep a secret
		return
	}
	switch alone := r.kinds["share"] < asked; {
	case f.About == "child" && alone && f.Recipient == "":
		r.understand("harm", mention{value: "worry", first: 0, last: -1})
	case f.About != "" || r.someone():
		r.understand("harm", mention{value: "unclear", first: 0, last: -1})
	}
}

// someone says whether the words speak of one person at all.
func (r *Reading) someone() bool {
	for _, w := range r.text.Words {
		switch w.Norm {
		case "he", "she", "him", "her", "his", "someone", "somebody":
			return true
		}
	}
	return false
}
