package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The generator works against the real program, and a kill on the way loses nothing.
func TestAShortHourWithTwoKillsLosesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and loads it for some seconds")
	}
	binary := filepath.Join(t.TempDir(), "shareright")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := run{binary: binary, length: 6 * time.Second, rate: 8}
	if err := r.hour(t.Context()); err != nil {
		t.Error(err)
	}
}

// A generator that sees no loss proves nothing.
func TestWhatIsLostOrDoubledIsCounted(t *testing.T) {
	w := &world{slack: &slack{cards: map[string]int{"0 BR-AAAA": 1, "0 BR-BBBB": 2}}}
	p := &person{team: teamName(0), does: reports, world: w, changed: make(chan struct{}, 16)}
	w.people = []*person{p}
	p.sees(screen{message: map[string]any{"text": "Thank you. Reported as BR-AAAA."}})
	if lost, doubled := w.count(); lost != 0 || doubled != 1 {
		t.Errorf("lost %d, doubled %d", lost, doubled)
	}
	p.sees(screen{message: map[string]any{"text": "Thank you. Reported as BR-CCCC."}})
	if lost, _ := w.count(); lost != 1 {
		t.Errorf("lost %d", lost)
	}
	asker := &person{does: asks, begun: 1, acked: 1, world: w, changed: make(chan struct{}, 16)}
	for range 2 {
		asker.posted(map[string]any{}, "Six years.")
	}
	asker.posted(map[string]any{}, troubleMark+" Nothing was saved.") // is no answer
	asker.posted(map[string]any{}, "Six years. "+repeatMark)
	w.people = append(w.people, &person{team: teamName(0), does: asks, acked: 2, replies: 1})
	if lost, _ := w.count(); lost != 2 {
		t.Errorf("lost %d", lost)
	}
	if w.doubled.Load() != 1 {
		t.Errorf("%d answers count as doubled", w.doubled.Load())
	}
}
