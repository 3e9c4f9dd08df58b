package discord

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

// A thousand commands of twenty people: one in ten is delivered twice, one in a hundred
// answers meets a rate limit, and the gateway is cut every two hundred.
func TestInAStormNothingIsLostAndNothingDoubled(t *testing.T) {
	var mu sync.Mutex
	carried, last := map[string]int{}, map[string]int{}
	e := &engine{}
	e.set(func(event bot.Event) (bot.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		text := event.What.(bot.Ran).Text
		carried[text]++
		var n int
		if _, err := fmt.Sscanf(text, "storm-%d", &n); err != nil || n < last[event.User] {
			t.Errorf("%s of %s came after %d", text, event.User, last[event.User])
		}
		last[event.User] = n
		return bot.Response{Reply: bot.Say(text)}, nil
	})
	s := discordtest.New(t)
	s.AckLimit = 30 * time.Second
	run(t, e, settings(s), nil)
	s.Ready()
	const commands = 1000
	answers := make([]<-chan discordtest.Answer, commands)
	for i := range commands {
		if i%100 == 50 {
			s.Fault("answer", discordtest.Fault{Status: 429, RetryAfter: 0.1})
		}
		if i%200 == 150 {
			s.Drop()
		}
		p := s.CommandPayload(fmt.Sprint(i%20), discordtest.Channel, "canishare", "text", fmt.Sprintf("storm-%d", i))
		answers[i] = s.Begin(p)
		if i%10 == 0 {
			s.Dispatch("INTERACTION_CREATE", p)
		}
	}
	for i, answer := range answers {
		want := fmt.Sprintf("**storm-%d**", i)
		switch a := <-answer; {
		case a.Type == thinks: // the machine is busy: the answer comes in its place
			s.Says(discordtest.Channel, want)
		case a.Text() != want:
			t.Errorf("command %d was answered with %+v", i, a)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for text, times := range carried {
		if times != 1 {
			t.Errorf("%s was carried out %d times", text, times)
		}
	}
	if begun, _ := s.Sessions(); begun != 1 {
		t.Errorf("%d sessions begun", begun)
	}
}

// From the frame to the answer, without the network and the database.
func BenchmarkACommand(b *testing.B) {
	frame := []byte(`{"id":"1","application_id":"2","type":2,"token":"t","guild_id":"3","channel_id":"4","member":{"user":{"id":"5","username":"jo"}},
		"data":{"id":"6","name":"canishare","type":1,"options":[{"name":"text","type":3,"value":"her address with the police"}]}}`)
	reply := bot.Response{Reply: bot.Say("Yes, share it.", "Tell the police what they need.")}
	for b.Loop() {
		in, err := decodeInteraction(frame)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := encoded((drawing{}).answer(in, reply, nil, false).first); err != nil {
			b.Fatal(err)
		}
	}
}
