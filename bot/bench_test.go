package bot_test

import (
	"fmt"
	"testing"

	"shareright/bot"
)

// One turn with its commit, on SQLite with the disk synced: a report from check-your-answers
// to the record, the post, the reminder and the audit entries.
func BenchmarkTurnThatSavesAReport(b *testing.B) {
	w := newWorld(b, toy())
	n := 0
	for b.Loop() {
		b.StopTimer()
		n++
		user := fmt.Sprintf("jo%d", n)
		check := w.answer(user, w.do(user, bot.Ran{Command: "lost"}), map[string][]string{"what": {"bag"}})
		b.StartTimer()
		w.answer(user, check, nil)
	}
}

// One turn that only stores where a dialogue stands.
func BenchmarkTurnThatOpensAForm(b *testing.B) {
	w := newWorld(b, toy())
	n := 0
	for b.Loop() {
		n++
		w.do(fmt.Sprintf("jo%d", n), bot.Ran{Command: "lost"})
	}
}
