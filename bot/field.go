package bot

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/knowledge/words"
)

// Field is one question, and the place in T where its answer goes.
type Field[T any] struct {
	view  FieldView
	max   int // characters, for text
	when  func(T) bool
	shown bool

	get  func(*T) []string                                       // the answer as a person could type it again; nothing when there is none
	set  func(at *T, values []string, r reader) (problem string) // values are clean and not empty
	wipe func(*T)                                                // no answer
	read func(at *T, r reader) string                            // the answer as read back on check-your-answers
}

// reader is what is needed to understand an answer: when it was given, and in which zone and language.
type reader struct {
	now  time.Time
	zone *time.Location
	lang Lang
	// personal names what a text gives away about people ("a phone number"); nil where nothing looks for it.
	personal func(text string) []string
	blank    func(text string) string // the text without it; nil where nothing can take it out
}

func (r reader) say(key string, fill ...string) string {
	return words.Say(string(r.lang), key, fill...)
}

// The longest answers, in characters: Slack's own limit for a text input is 3,000.
const (
	maxText  = 300
	maxStory = 3000
)

// AskText asks for one line, at most 300 characters.
func AskText[T any](id, label string, at func(*T) *string) Field[T] {
	return text(TextField, maxText, id, label, at)
}

// AskStory asks for a few lines, at most 3,000 characters.
func AskStory[T any](id, label string, at func(*T) *string) Field[T] {
	return text(StoryField, maxStory, id, label, at)
}

func text[T any](kind FieldKind, max int, id, label string, at func(*T) *string) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: kind, Label: label}, max: max}
	f.get = func(t *T) []string { return nonEmpty(*at(t)) }
	f.wipe = func(t *T) { *at(t) = "" }
	f.set = func(t *T, values []string, r reader) string {
		said := strings.Join(values, " ")
		*at(t) = said // kept even when it must be changed, so that nothing typed is lost
		if n := len([]rune(said)); n > max {
			*at(t) = string([]rune(said)[:max])
			return r.say("bot.problem-long", "length", strconv.Itoa(n), "max", strconv.Itoa(max))
		}
		if r.personal == nil {
			return ""
		}
		if found := r.personal(said); len(found) > 0 {
			*at(t) = "" // what gives somebody away is not kept, not even as a draft
			if r.blank != nil {
				*at(t) = r.blank(said)
			}
			return r.say("bot.problem-personal", "what", strings.Join(found, ", "))
		}
		return ""
	}
	f.read = func(t *T, _ reader) string { return *at(t) }
	return f
}

// AskEmail asks for an e-mail address of somebody in charge. Unlike other text it is meant to be one.
func AskEmail[T any](id, label string, at func(*T) *string) Field[T] {
	f := text(TextField, maxText, id, label, at)
	f.set = func(t *T, values []string, r reader) string {
		said := strings.Join(values, " ")
		*at(t) = said
		if parsed, err := mail.ParseAddress(said); err != nil || parsed.Address != said || !strings.Contains(said[strings.LastIndex(said, "@"):], ".") {
			return r.say("bot.problem-email")
		}
		return ""
	}
	return f
}

// AskNumber asks for a whole number. The answer is nil until it is known; it is never 0 by default.
func AskNumber[T any](id, label string, at func(*T) **int) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: NumberField, Label: label}}
	f.get = func(t *T) []string {
		if *at(t) == nil {
			return nil
		}
		return []string{strconv.Itoa(**at(t))}
	}
	f.wipe = func(t *T) { *at(t) = nil }
	f.set = func(t *T, values []string, r reader) string {
		n, problem := wholeNumber(strings.Join(values, " "), r)
		if problem == "" {
			*at(t) = &n
		}
		return problem
	}
	f.read = func(t *T, _ reader) string { return strings.Join(f.get(t), "") }
	return f
}

// AskOne asks for one of the options, by value, by label or by the beginning of either.
func AskOne[T any, V ~string](id, label string, at func(*T) *V, options ...Option) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: OneField, Label: label, Options: options}}
	f.get = func(t *T) []string { return nonEmpty(string(*at(t))) }
	f.wipe = func(t *T) { *at(t) = "" }
	f.set = func(t *T, values []string, r reader) string {
		option, ok := choose(r.natives(options), strings.Join(values, " "))
		if !ok {
			return r.notAChoice(r.natives(options), strings.Join(values, " "))
		}
		*at(t) = V(option.Value)
		return ""
	}
	f.read = func(t *T, r reader) string { return labelOf(r.natives(options), string(*at(t))) }
	return f
}

// AskMany asks for any of the options; several may be typed with commas between them.
func AskMany[T any, V ~string](id, label string, at func(*T) *[]V, options ...Option) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: ManyField, Label: label, Options: options}}
	f.get = func(t *T) []string {
		var values []string
		for _, v := range *at(t) {
			values = append(values, string(v))
		}
		return values
	}
	f.wipe = func(t *T) { *at(t) = nil }
	f.set = func(t *T, values []string, r reader) string {
		var chosen []V
		for _, value := range separate(r.natives(options), values) {
			option, ok := choose(r.natives(options), value)
			if !ok {
				return r.notAChoice(r.natives(options), value)
			}
			if !slices.Contains(chosen, V(option.Value)) {
				chosen = append(chosen, V(option.Value))
			}
		}
		*at(t) = chosen
		return ""
	}
	f.read = func(t *T, r reader) string {
		var labels []string
		for _, v := range *at(t) {
			labels = append(labels, labelOf(r.natives(options), string(v)))
		}
		return strings.Join(labels, ", ")
	}
	return f
}

// AskPerson asks for somebody: a platform's user, or a name.
func AskPerson[T any](id, label string, at func(*T) *PersonID) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: PersonField, Label: label}}
	f.get = func(t *T) []string { return nonEmpty(string(*at(t))) }
	f.wipe = func(t *T) { *at(t) = "" }
	f.set = func(t *T, values []string, _ reader) string {
		*at(t) = PersonID(strings.Join(values, " "))
		return ""
	}
	f.read = func(t *T, _ reader) string { return string(*at(t)) }
	return f
}

// Options are what can be chosen; none for a question that is answered in words.
func (f Field[T]) Options() []Option { return f.view.Options }

// Hint is one short line under the label: no full stop, no link.
func (f Field[T]) Hint(hint string) Field[T] { f.view.Hint = hint; return f }

// Why answers "why do you need to know that?".
func (f Field[T]) Why(why string) Field[T] { f.view.Why = why; return f }

// Optional lets the question be passed over.
func (f Field[T]) Optional() Field[T] { f.view.Optional = true; return f }

// NotSure makes "not sure" (or a label such as "Not yet known") an answer.
func (f Field[T]) NotSure(label ...string) Field[T] {
	f.view.NotSure = words.Say("en", "bot.not-sure")
	if len(label) > 0 {
		f.view.NotSure = label[0]
	}
	return f
}

// When asks the question only if the answers so far say so.
func (f Field[T]) When(when func(T) bool) Field[T] { f.when = when; return f }

// Confided marks free text about somebody at risk. A platform that is no safe place for it
// shows why, names a better place and does not ask; so the question must be optional.
func (f Field[T]) Confided() Field[T] { f.view.Confided = true; return f }

// Shown shows the question even when its answer is known, so that it can be corrected.
func (f Field[T]) Shown() Field[T] { f.shown = true; return f }

func (f Field[T]) drawn(at *T, unsure bool, r reader) FieldView {
	v := f.view
	v.Label, v.Hint, v.Why, v.NotSure, v.Options = r.native(v.Label), r.native(v.Hint), r.native(v.Why), r.native(v.NotSure), r.natives(v.Options)
	v.Value = f.get(at)
	if (v.Kind == WhenField || v.Kind == DateField) && len(v.Value) > 0 {
		v.Value = []string{f.read(at, r)} // as people write it, not as it is stored
	}
	if unsure {
		v.Value = []string{NotSureValue}
	}
	if v.Why == "" {
		v.Why = r.say("bot.why-none")
	}
	return v
}

func (f Field[T]) readable(at *T, r reader) string {
	if len(f.get(at)) == 0 {
		return ""
	}
	return f.read(at, r)
}

// take puts the values into T. It says whether the answer was "not sure", and what is wrong with it.
func (f Field[T]) take(at *T, values []string, r reader) (unsure bool, problem string) {
	var cleaned []string
	for _, v := range values {
		cleaned = append(cleaned, nonEmpty(clean(v))...)
	}
	switch said := strings.ToLower(strings.Join(cleaned, " ")); {
	case len(cleaned) == 0:
		if !f.view.Optional {
			return false, r.say("bot.problem-missing", "label", r.native(f.view.Label))
		}
		f.wipe(at)
		return false, ""
	case said == "why" || said == "why?":
		if f.view.Why == "" {
			return false, r.say("bot.why-none")
		}
		return false, r.native(f.view.Why)
	case f.view.NotSure != "" && (isNotSure(said, f.view.NotSure) || isNotSure(said, r.native(f.view.NotSure))):
		f.wipe(at)
		return true, ""
	}
	return false, f.set(at, cleaned, r)
}

func isNotSure(said, label string) bool {
	switch strings.Trim(said, " .?!") {
	case NotSureValue, "not sure", "unsure", "don't know", "dont know", "do not know", "dunno", "no idea", "?", "not known", "unknown", "not yet known", strings.ToLower(label):
		return true
	}
	return false
}
