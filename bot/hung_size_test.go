package bot

import (
	"fmt"
	"testing"
	"time"
)

func TestAWayThatHungIsTriedByOneAtATime(t *testing.T) {
	var h hung
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	way := func(workspace string) Address { return Address{Platform: "desk", Workspace: workspace, User: "sam"} }
	for _, step := range []struct {
		after time.Duration
		says  string // how a try ends just before
		at    string
		want  bool
	}{
		{0, "", "elm", false},
		{0, "hangs", "elm", true},
		{0, "", "oak", false}, // another workspace
		{shunned - 1, "", "elm", true},
		{1, "", "elm", false}, // this one tries
		{0, "", "elm", true},  // and all others wait
		{time.Second, "answers", "elm", false},
		{0, "", "elm", false},
		{0, "hangs", "elm", true},
		{-time.Hour, "", "elm", false}, // the clock was put back
	} {
		now = now.Add(step.after)
		if step.says != "" {
			h.heard(way(step.at), step.says == "hangs", now)
		}
		if got := h.shuns(way(step.at), now); got != step.want {
			t.Errorf("%+v: left alone %v", step, got)
		}
	}
}

func TestWhatHungIsNotRememberedWithoutEnd(t *testing.T) {
	var h hung
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for i := range 5 * mostHung {
		at := Address{Platform: "desk", Workspace: fmt.Sprint(i)}
		if h.heard(at, true, now); !h.shuns(at, now) || len(h.by) > mostHung {
			t.Fatalf("after %d ways %d are remembered", i+1, len(h.by))
		}
	}
}
