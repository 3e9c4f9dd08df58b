package bot

import (
	"log/slog"
	"sync"

	"shareright/internal/caught"
)

// Lanes run what one person does in order, and different people's turns at once. Platforms
// put what they receive on them. The zero Lanes are ready for use.
type Lanes struct {
	Log *slog.Logger // told of a task that panics, which ends nothing but itself

	mu      sync.Mutex
	waiting map[string][]func()
	running sync.WaitGroup
}

// maxWaiting is how much one person may have waiting. More is a flood; it is not
// acknowledged, so a platform that repeats events sends it again later.
const maxWaiting = 1000

// Do runs the task after all tasks given earlier for the same lane. It reports false,
// and does nothing, when too many wait already.
func (l *Lanes) Do(lane string, task func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string][]func(){}
	}
	queue, busy := l.waiting[lane]
	if len(queue) >= maxWaiting {
		return false
	}
	if busy {
		l.waiting[lane] = append(queue, task)
		return true
	}
	l.waiting[lane] = nil
	l.running.Add(1)
	go l.run(lane, task)
	return true
}

func (l *Lanes) run(lane string, task func()) {
	defer l.running.Done()
	for task != nil {
		_ = caught.Run(l.Log, "a task", task)
		task = l.next(lane)
	}
}

func (l *Lanes) next(lane string) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.waiting[lane]
	if len(queue) == 0 {
		delete(l.waiting, lane)
		return nil
	}
	l.waiting[lane] = queue[1:]
	return queue[0]
}

// Wait returns when nothing is in hand.
func (l *Lanes) Wait() { l.running.Wait() }
