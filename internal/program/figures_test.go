package program

import (
	"context"
	"errors"
	"testing"

	"shareright/bot"
)

// plain is a platform without files, and filing one with them.
type plain struct{}

func (plain) Name() string                           { return "plain" }
func (plain) Run(context.Context, bot.Handler) error { return nil }
func (plain) Deliver(context.Context, bot.Delivery) (bot.MessageID, error) {
	return "m", nil
}

type filing struct{ plain }

func (filing) DeliverFile(_ context.Context, _ bot.Delivery, name string, _ []byte) (bot.MessageID, error) {
	return bot.MessageID(name), nil
}

func TestCountingDoesNotHideThatAPlatformSendsFiles(t *testing.T) {
	f := newFigures(&Server{})
	for _, tc := range []struct {
		platform bot.Platform
		want     bot.MessageID
		err      error
	}{{plain{}, "", bot.ErrNoFiles}, {filing{}, "a.pdf", nil}} {
		filer, ok := f.watch(tc.platform).(bot.Filer)
		if !ok {
			t.Fatalf("%T is hidden", tc.platform)
		}
		if id, err := filer.DeliverFile(t.Context(), bot.Delivery{}, "a.pdf", nil); id != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%T: %q, %v", tc.platform, id, err)
		}
	}
}
