package program

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving is the program's own HTTP server with one page that reads its whole body.
func serving(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("POST /slack/events", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		_, _ = w.Write(body)
	})
	ps := &pages{}
	address, err := ps.serve("127.0.0.1:0", mux, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ps.close() })
	return address
}

// A hundred callers who never finish their request are hung up on, and keep nobody waiting meanwhile.
func TestWhoeverNeverFinishesARequestKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	address := serving(t)
	var slow []net.Conn
	for range 100 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	start := time.Now()
	r, err := http.Get("http://" + address + "/healthz")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("meanwhile: %v", err)
	}
	r.Body.Close()
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("somebody else waited %v", took)
	}
	for _, c := range slow {
		if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("a slow caller is still there after %v: %v", time.Since(start), err)
		}
	}
}

func TestHeadersBeyondTheLimitAreRefused(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequest(http.MethodGet, "http://"+serving(t)+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Large", strings.Repeat("a", 200<<10))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return // hung up on, which is as good
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered %s", answer.Status)
	}
}

// Nothing that is called over HTTP is unpacked: a small body stays small.
func TestACompressedBodyIsNotUnpacked(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(make([]byte, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	sent := packed.Len()
	r, err := http.NewRequest(http.MethodPost, "http://"+serving(t)+"/slack/events", &packed)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Encoding", "gzip")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got, err := io.Copy(io.Discard, answer.Body); err != nil || got != int64(sent) {
		t.Errorf("%d bytes were read as %d, %v", sent, got, err)
	}
}
