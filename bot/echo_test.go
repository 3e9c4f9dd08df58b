package bot_test

import (
	"fmt"
	"testing"
	"time"

	"shareright/bot"
)

// Another program, which nobody has marked as one, answers each of our answers with the same words.
func TestTwoProgramsDoNotTalkForEver(t *testing.T) {
	w := newWorld(t, toy())
	at := bot.Address{Platform: "desk", User: "robot"}
	n := 0
	says := func(text string) bot.Response {
		n++
		return w.event(bot.Event{ID: fmt.Sprint("m", n), Platform: "desk", User: "robot", What: bot.Said{Text: text}, ReplyTo: &at})
	}
	answers := 0
	for heard := -1; heard < len(w.desk.got); answers++ {
		heard = len(w.desk.got)
		says("Sorry, I did not understand you.")
		w.wait(time.Second)
		if answers > 90 {
			t.Fatal("they talk for ever")
		}
	}
	if len(w.desk.got) != 30 {
		t.Errorf("it answered %d times", len(w.desk.got))
	}
	for name, deed := range map[string]bot.Deed{"a command": bot.Ran{Command: "/lost"}, "something else": bot.Said{Text: "help"}} {
		if r := w.do("robot", deed); r.Reply == nil && r.Show == nil {
			t.Errorf("%s is not answered", name)
		}
	}
	for range 20 {
		says("She has collapsed")
	}
	w.wait(time.Second)
	if len(w.desk.got) != 50 {
		t.Errorf("an emergency was answered %d times of 20", len(w.desk.got)-30)
	}
	w.wait(11 * time.Minute)
	says("Sorry, I did not understand you.")
	w.wait(time.Second)
	if len(w.desk.got) != 51 {
		t.Error("later it is not heard again")
	}
}
