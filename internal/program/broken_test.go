package program

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
)

// typed is what somebody typed just before something broke.
const typed = "quillonfernsby-07700900461"

// falling is a platform that panics each time it is run, until the last.
type falling struct {
	plain
	left int
	up   time.Time
}

func (f *falling) Run(ctx context.Context, _ bot.Handler) error {
	if f.left--; f.left >= 0 {
		panic("cannot read " + typed)
	}
	f.up = time.Now()
	<-ctx.Done()
	return nil
}

func told(t *testing.T, log *bytes.Buffer, what string) {
	t.Helper()
	if text := log.String(); !strings.Contains(text, what) || strings.Contains(text, typed) {
		t.Errorf("the log is\n%s", text)
	}
}

func TestAPlatformThatPanicsIsStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &Server{Log: slog.New(slog.NewTextHandler(&log, nil))}
		f, began := &falling{left: 4}, time.Now()
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		s.runPlatform(ctx, f, answering{})
		if took := f.up.Sub(began); f.up.IsZero() || took > time.Minute {
			t.Errorf("it was up again after %s", took)
		}
		told(t, &log, "a platform panicked")
	})
}

// The library would write what was panicked with into the log.
func TestAPageThatPanicsTellsNothing(t *testing.T) {
	var log bytes.Buffer
	pages := http.NewServeMux()
	pages.HandleFunc("GET /broken", func(http.ResponseWriter, *http.Request) { panic("cannot read " + typed) })
	status, text := get(unbroken(pages, slog.New(slog.NewTextHandler(&log, nil))), "/broken")
	if status != http.StatusInternalServerError || strings.Contains(text, typed) {
		t.Errorf("answered %d %q", status, text)
	}
	told(t, &log, "a page panicked")
	told(t, &log, `page="GET /broken"`)
}

func TestAWatchThatPanicsIsAFault(t *testing.T) {
	var log bytes.Buffer
	b := &body{turns: true, claims: true}
	h := b.heart()
	h.log = slog.New(slog.NewTextHandler(&log, nil))
	h.next = func(context.Context) (time.Time, bool, error) { panic(errors.New(typed)) }
	if fault, wedged := h.listen(t.Context()); fault == nil || wedged || strings.Contains(fault.Error(), typed) {
		t.Errorf("%v, %v", fault, wedged)
	}
	told(t, &log, "the watch of jobs panicked")
}
