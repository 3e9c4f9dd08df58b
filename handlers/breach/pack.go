package breach

import (
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
)

// Pack is the regulator's breach report in the regulator's own order, with what is missing first. It names
// nobody who is affected: what happened is in the lead's words, never in the reporter's.
func Pack(content *knowledge.Content, t bot.Turn, ref bot.Ref, b Breach) bot.Message {
	h := handler{content: content}
	values := h.packValues(t, b)
	cause, _ := content.Cause(b.Cause)
	var missing []string
	body := bot.Message{}
	for _, s := range content.Report {
		if s.OnlyWhen == "cyber" && !cause.Cyber() {
			continue
		}
		var rows []string
		for _, f := range s.Fields {
			value := values[f.ID]
			if value == "" && f.Optional {
				continue
			}
			if value == "" {
				missing = append(missing, f.Label)
				value = t.Say("breach.pack-unknown")
			}
			rows = append(rows, f.Label, value)
		}
		body.Add(bot.Heading, s.Heading).List(bot.Pairs, rows...)
	}
	m := bot.Say(t.Say("breach.pack", "ref", string(ref)), t.Say("breach.pack-names"))
	if left := b.clock().Left(t.Now); left <= 0 && b.ICOAt.IsZero() {
		m.Add(bot.Para, t.Say("breach.over-now")+" "+t.Say("breach.over-reasons"))
		if b.Notes.Delay == "" {
			missing = append([]string{t.Say("breach.pack-delay")}, missing...)
		}
	}
	if len(missing) > 0 {
		m.Add(bot.Heading, t.Say("breach.pack-missing", "n", strconv.Itoa(len(missing)))).List(bot.Bullets, missing...)
	}
	m.Body = append(m.Body, body.Body...)
	return *m
}

// packValues are the answers to the regulator's form, by the ids of knowledge/breach/report.yaml.
func (h handler) packValues(t bot.Turn, b Breach) map[string]string {
	a := h.content.Assess(h.attributes(b))
	cause, _ := h.content.Cause(b.Cause)
	v := map[string]string{
		"report_type": t.Say("breach.pack-first"), "delay_reasons": b.Notes.Delay, "what_happened": b.Notes.What, "how": b.Notes.How,
		"cyber": t.Say("breach.pack-no"), "how_found": t.Say("breach.pack-found"), "records": number(b.Notes.Records), "people": number(b.People),
		"consequences": b.Notes.Consequences, "likelihood": capital(string(a.Likelihood)), "contact_name": b.contact(t).Name, "contact_phone": b.contact(t).Phone,
		"contact_email": b.contact(t).Email, "registration": t.Org.Registration, "impact": b.Notes.Impact, "recovery_time": b.Notes.Recovery,
		"training": b.Notes.Training, "measures_before": b.Notes.Before, "actions_taken": b.Notes.Actions, "organisation": t.Org.Name,
		"effect": strings.Join(cause.Effect, ", "), "told_others": strings.Join(h.toldLines(t, b), "; "),
	}
	if !b.ICOAt.IsZero() {
		v["report_type"], v["previous_reference"] = t.Say("breach.pack-follow"), b.ICORef
	}
	if cause.Cyber() {
		v["cyber"] = t.Say("breach.pack-yes")
	} else if b.Cause == unclear || b.Cause == "supplier" {
		v["cyber"] = ""
	}
	if v["what_happened"] == "" && cause.Label != "" && b.Cause != unclear {
		v["what_happened"] = cause.Label
	}
	v["discovered_at"], v["occurred_at"] = b.packTime(t, true), b.packTime(t, false)
	if b.Notes.Staff != "" {
		v["staff_involved"] = t.Say("breach.pack-" + b.Notes.Staff)
	}
	if told, ok := b.heard("people"); ok {
		v["told_people"] = t.Say("breach.pack-told", "when", moment(t, told.At))
	} else if b.Decision != nil && b.Decision.People == "no" {
		v["told_people"] = t.Say("breach.pack-no")
	}
	v["data_categories"] = strings.Join(h.formWords(b), ", ")
	v["people_kinds"] = strings.Join(h.peopleWords(b), ", ")
	return v
}

func (b Breach) packTime(t bot.Turn, found bool) string {
	at := b.Happened
	if found {
		if at = b.Found; at.IsZero() {
			at = b.Aware
		}
	}
	if at.IsZero() {
		return ""
	}
	return moment(t, at)
}

// formWords are the categories of data in the words of the regulator's form.
func (h handler) formWords(b Breach) []string {
	return h.inFormOrder("data_categories", chosen(h.content.DataKinds, func(k knowledge.DataKind) (string, []string) { return k.ID, k.Form }, b.Data))
}

func (h handler) peopleWords(b Breach) []string {
	return h.inFormOrder("people_kinds", chosen(h.content.PeopleKinds, func(k knowledge.PeopleKind) (string, []string) { return k.ID, k.Form }, b.Whom))
}

// chosen are the form's words for what was picked from a list.
func chosen[K any](list []K, of func(K) (id string, form []string), picked []string) []string {
	var words []string
	for _, k := range list {
		if id, form := of(k); slices.Contains(picked, id) {
			words = append(words, form...)
		}
	}
	return words
}

// inFormOrder are the answers of one field, each once, in the order of the form.
func (h handler) inFormOrder(field string, words []string) []string {
	var ordered []string
	for _, s := range h.content.Report {
		for _, f := range s.Fields {
			if f.ID != field {
				continue
			}
			for _, choice := range f.Choices {
				if slices.Contains(words, choice) {
					ordered = append(ordered, choice)
				}
			}
		}
	}
	return ordered
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
