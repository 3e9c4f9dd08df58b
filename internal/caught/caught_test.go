package caught

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// secret is what somebody typed just before something broke.
const secret = "quillonfernsby-07700900461"

// Whatever is thrown: the log holds the place, and neither it nor the error holds the value.
func TestAPanicIsToldWithoutItsValue(t *testing.T) {
	for what, value := range map[string]any{
		"words":           secret,
		"an error":        errors.New(secret),
		"a wrapped error": fmt.Errorf("file: %w", errors.New(secret)),
		"a value":         struct{ Name string }{secret},
	} {
		var log bytes.Buffer
		before := Count()
		err := Run(slog.New(slog.NewTextHandler(&log, nil)), "a turn", func() { panic(value) }, "event", "E1")
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error is %v", what, err)
		}
		if text := log.String(); !strings.Contains(text, "a turn panicked") || !strings.Contains(text, "caught_test.go") || strings.Contains(text, secret) {
			t.Errorf("%s: the log is\n%s", what, text)
		}
		if Count() != before+1 {
			t.Errorf("%s: %d were counted", what, Count()-before)
		}
	}
	if err := Run(nil, "a turn", func() {}); err != nil {
		t.Errorf("what does not panic: %v", err)
	}
}

func TestWhatPanicsIsBegunAgainUntilItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries, began := 0, time.Now()
		Again(t.Context(), nil, "a watch", func() {
			if tries++; tries < 10 {
				panic(secret)
			}
		})
		if took := time.Since(began); tries != 10 || took < time.Minute || took > 10*time.Minute {
			t.Errorf("%d tries in %s", tries, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		Again(ctx, nil, "a watch", func() { panic(secret) })
	})
}
