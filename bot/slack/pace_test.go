package slack

import (
	"testing"
	"time"
)

// Somebody who has left must not take the one slot of a second from the next in charge.
func TestAfterARateLimitDirectMessagesOfAllCanBeOpened(t *testing.T) {
	var p pace
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p.slow("conversations.open", "", now, 5*time.Second)
	if p.wait("conversations.open", "", true, now.Add(4*time.Second)) != time.Second {
		t.Error("asked again before Slack wanted")
	}
	now = now.Add(5 * time.Second)
	for range 3 {
		if wait := p.wait("conversations.open", "", true, now); wait > 0 {
			t.Errorf("the next must wait %s", wait)
		}
	}
	p.slow("chat.postMessage", "C1", now, time.Second)
	now = now.Add(time.Second)
	if first, second := p.wait("chat.postMessage", "C1", true, now), p.wait("chat.postMessage", "C1", true, now); first != 0 || second != time.Second {
		t.Errorf("two messages in a channel wait %s and %s", first, second)
	}
}
