package ask

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/ask"
	"shareright/knowledge/calendar"
)

// Gap counts questions about one topic that nothing answered, so that a lead sees which
// policy is missing. It is stored, and holds no words of anybody and nobody's name.
type Gap struct {
	Topic string    `json:"topic"` // a topic of knowledge/policy, or otherTopic
	Count int       `json:"count"`
	Last  time.Time `json:"last"` // the day, not the moment
}

// otherTopic stands for questions about nothing that we know.
const otherTopic = "other"

// RecordKind names the rows of the backlog.
func (Gap) RecordKind() string { return "backlog" }

// RecordIndex dates a gap.
func (g Gap) RecordIndex() bot.Index { return bot.Index{Opened: g.Last} }

// GapSetting says whether topics may be counted. Without a lead's word they are not.
type GapSetting struct {
	Allowed bool `json:"allowed"`
}

// RecordKind names the one row of the setting.
func (GapSetting) RecordKind() string { return "backlog_setting" }

// RecordIndex is empty: there is one an organisation.
func (GapSetting) RecordIndex() bot.Index { return bot.Index{} }

const gapSettingRef bot.Ref = "setting"

// noted counts the topic of an unanswered question, where the lead allows it.
func (h handler) noted(ctx context.Context, t bot.Turn, a knowledge.Answer, o bot.Outcome) (bot.Outcome, error) {
	if a.Answered {
		return o, nil
	}
	set, err := gapSetting(ctx, t)
	if err != nil || !set.Allowed {
		return o, err
	}
	topic := a.Topic
	if topic == "" {
		topic = otherTopic
	}
	g, err := bot.Load[Gap](ctx, t, bot.Ref(topic))
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return o, err
	}
	local := t.Now.In(t.Org.Zone)
	g.Topic, g.Last = topic, time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	g.Count++
	o.Save = map[bot.Ref]bot.Record{bot.Ref(topic): g}
	return o, nil
}

func gapSetting(ctx context.Context, t bot.Turn) (GapSetting, error) {
	set, err := bot.Load[GapSetting](ctx, t, gapSettingRef)
	if errors.Is(err, bot.ErrNotFound) {
		return set, nil
	}
	return set, err
}

// backlog shows the lead which topics people asked about in vain, and turns counting on and off.
func (h handler) backlog(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	found, err := bot.Find[Gap](ctx, t, bot.Query{})
	if err != nil {
		return bot.Outcome{}, err
	}
	switch strings.ToLower(text) {
	case "on":
		return bot.Outcome{Save: map[bot.Ref]bot.Record{gapSettingRef: GapSetting{Allowed: true}}, Reply: bot.Say(t.Say("ask.backlog-on"), t.Say("ask.backlog-what"))}, nil
	case "off":
		o := bot.Outcome{Save: map[bot.Ref]bot.Record{gapSettingRef: GapSetting{}}, Reply: bot.Say(t.Say("ask.backlog-off"))}
		for _, f := range found {
			o.Erase = append(o.Erase, bot.Erased{Kind: Gap{}.RecordKind(), Ref: f.Ref})
		}
		return o, nil
	}
	set, err := gapSetting(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !set.Allowed {
		return bot.Outcome{Reply: bot.Say(t.Say("ask.backlog-none"), t.Say("ask.backlog-what"), t.Say("ask.backlog-how"))}, nil
	}
	if len(found) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("ask.backlog-empty"))}, nil
	}
	slices.SortStableFunc(found, func(x, y bot.Found[Gap]) int { return y.Record.Count - x.Record.Count })
	var rows []string
	for _, f := range found {
		rows = append(rows, t.Say("ask.backlog-row", "topic", topicName(t, f.Record.Topic), "count", strconv.Itoa(f.Record.Count), "day", f.Record.Last.Format("2 January 2006")))
	}
	return bot.Outcome{Reply: bot.Say(t.Say("ask.backlog")).List(bot.Bullets, rows...)}, nil
}

func topicName(t bot.Turn, topic string) string {
	if topic == otherTopic {
		return t.Say("ask.backlog-other")
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(topic)
}

// keeps are the ends of what this package stores: a topic that nobody asked about any more.
func keeps() []bot.Keep {
	return []bot.Keep{bot.KeepOf(func(_ context.Context, _ bot.Turn, _ bot.Ref, g Gap) (bot.End, error) {
		return bot.End{On: calendar.On(g.Last, time.UTC)}, nil
	})}
}
