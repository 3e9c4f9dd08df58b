package store

import (
	"context"
	"sync"

	"shareright/bot"
)

// gates let one turn of an organisation at a time through within this process. Turns
// that run side by side would only make each other run again. Between processes the
// database decides.
type gates struct {
	mu sync.Mutex
	of map[bot.OrgID]*gate
}

type gate struct {
	pass  chan struct{} // holds one token while nobody is inside
	users int           // inside or waiting; guarded by gates.mu
}

func (g *gates) enter(ctx context.Context, org bot.OrgID) (*gate, error) {
	g.mu.Lock()
	if g.of == nil {
		g.of = map[bot.OrgID]*gate{}
	}
	one := g.of[org]
	if one == nil {
		one = &gate{pass: make(chan struct{}, 1)}
		one.pass <- struct{}{}
		g.of[org] = one
	}
	one.users++
	g.mu.Unlock()
	select {
	case <-one.pass:
		return one, nil
	case <-ctx.Done():
		g.forget(org, one)
		return nil, ctx.Err()
	}
}

func (g *gates) leave(org bot.OrgID, one *gate) {
	one.pass <- struct{}{}
	g.forget(org, one)
}

// forget drops a gate that nobody uses, so that organisations of the past cost nothing.
func (g *gates) forget(org bot.OrgID, one *gate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one.users--
	if one.users == 0 {
		delete(g.of, org)
	}
}
