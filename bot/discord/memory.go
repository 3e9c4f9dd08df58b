package discord

import (
	"sync"
	"time"
)

// memory holds what is useful to remember for a while and no loss to forget. It holds at
// most maxKept things, the newest. The zero memory is ready for use.
type memory[V any] struct {
	mu  sync.Mutex
	by  map[string]kept[V]
	due []string // keys, oldest first
}

type kept[V any] struct {
	value V
	until time.Time
}

const maxKept = 5000

// keep remembers the value for the key until then.
func (m *memory[V]) keep(key string, value V, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value, until)
}

func (m *memory[V]) put(key string, value V, until time.Time) {
	if m.by == nil {
		m.by = map[string]kept[V]{}
	}
	if _, known := m.by[key]; !known {
		if len(m.due) >= maxKept {
			delete(m.by, m.due[0])
			m.due = m.due[1:]
		}
		m.due = append(m.due, key)
	}
	m.by[key] = kept[V]{value, until}
}

// recall returns the value, if it is remembered still.
func (m *memory[V]) recall(key string, now time.Time) (value V, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, known := m.by[key]
	if !known || now.After(k.until) {
		return value, false
	}
	return k.value, true
}

// first remembers the key, and says whether it is the first to do so.
func (m *memory[V]) first(key string, now time.Time, life time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, known := m.by[key]; known && !now.After(k.until) {
		return false
	}
	var none V
	m.put(key, none, now.Add(life))
	return true
}

// forget lets the key go. Its place is used again when its turn comes.
func (m *memory[V]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, known := m.by[key]; known {
		k.until = time.Time{}
		m.by[key] = k
	}
}
