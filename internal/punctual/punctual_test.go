package punctual

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// woken is the context of a call in a process that stood still past its deadline: the time is
// over, and no timer has had its turn yet.
type woken struct{ context.Context }

func (woken) Deadline() (time.Time, bool) { return time.Now().Add(-time.Minute), true }

func TestWhoStoodStillPastTheDeadlineSendsNothing(t *testing.T) {
	for name, serve := range map[string]func(http.Handler) *httptest.Server{"plain": httptest.NewServer, "sealed": httptest.NewTLSServer} {
		t.Run(name, func(t *testing.T) {
			var came atomic.Int64
			server := serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came.Add(1) }))
			defer server.Close()
			client := Client()
			if trusted, ok := server.Client().Transport.(*http.Transport); ok && trusted.TLSClientConfig != nil {
				client.Transport.(transport).pool.TLSClientConfig = trusted.TLSClientConfig.Clone()
			}
			post := func(ctx context.Context) error {
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader("hello"))
				if err != nil {
					t.Fatal(err)
				}
				answer, err := client.Do(r)
				if err == nil {
					err = answer.Body.Close()
				}
				return err
			}
			if err := post(woken{t.Context()}); !errors.Is(err, os.ErrDeadlineExceeded) { // on a fresh connection
				t.Errorf("a late call: %v", err)
			}
			for n := int64(1); n <= 2; n++ {
				if err := post(t.Context()); err != nil || came.Load() != n {
					t.Errorf("a call in time: %v, %d came", err, came.Load())
				}
			}
			if err := post(woken{t.Context()}); err == nil || came.Load() != 2 { // on one that was used before
				t.Errorf("a late call on an open connection: %v, %d came", err, came.Load())
			}
		})
	}
}
