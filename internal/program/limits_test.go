package program

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// wire is a listener without a network, so that time on it is the test's.
type wire chan net.Conn

func (w wire) Accept() (net.Conn, error) {
	c, more := <-w
	if !more {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (w wire) Close() error   { return nil }
func (w wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// calls opens a connection, and sends what stands there.
func (w wire) calls(text string) net.Conn {
	ours, theirs := net.Pipe()
	w <- theirs
	go func() { _, _ = io.WriteString(ours, text) }() // the other side may hang up in the middle
	return ours
}

// fronted runs the program's own server, with its limits and the real pages, until the test ends.
func fronted(t *testing.T) wire {
	t.Helper()
	w := make(wire)
	server := newServer(frontOf(t, "https://bot.example.org"), slog.New(slog.DiscardHandler))
	done := make(chan error, 1)
	go func() { done <- server.Serve(w) }()
	t.Cleanup(func() {
		close(w)
		<-done
		_ = server.Shutdown(context.WithoutCancel(t.Context()))
	})
	return w
}

// places are where platforms call.
var places = []string{"/slack/events", "/slack/commands", "/slack/interactivity", "/discord/interactions"}

// A hundred callers who never finish their request, in its head or in its body, are hung up on,
// and keep nobody waiting meanwhile.
func TestWhoeverNeverFinishesARequestKeepsNobodyWaiting(t *testing.T) {
	for _, place := range places {
		for what, tc := range map[string]struct {
			begun string
			most  time.Duration
		}{
			"a head that does not end": {"POST " + place + " HTTP/1.1\r\nHost: x\r\nX-Slow: ", 5 * time.Second},
			"a body that does not end": {"POST " + place + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Signature-Timestamp: 0\r\n\r\n{", 15 * time.Second},
			"a body in endless pieces": {"POST " + place + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", 15 * time.Second},
			"nothing at all":           {"", 5 * time.Second},
		} {
			synctest.Test(t, func(t *testing.T) {
				w, began := fronted(t), time.Now()
				var slow []net.Conn
				for range 100 {
					slow = append(slow, w.calls(tc.begun))
				}
				quick := w.calls("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				if answer, err := http.ReadResponse(bufio.NewReader(quick), nil); err != nil || answer.StatusCode != http.StatusOK || time.Since(began) > 0 {
					t.Errorf("%s, %s: meanwhile somebody else waits %s: %v", place, what, time.Since(began), err)
				}
				_ = quick.Close()
				for _, c := range slow {
					_ = c.SetReadDeadline(began.Add(time.Minute))
					if _, err := io.Copy(io.Discard, c); err != nil || time.Since(began) > tc.most+time.Second {
						t.Fatalf("%s, %s: hung up on after %s, %v", place, what, time.Since(began), err)
					}
					_ = c.Close()
				}
			})
		}
	}
}

// endless is a body that counts how much of it is taken.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	if e.read > 8<<20 {
		return 0, io.EOF // it would have been read for ever
	}
	for i := range b {
		b[i] = 'a'
	}
	e.read += len(b)
	return len(b), nil
}

// Nobody reads on beyond a megabyte, whoever sent it.
func TestABodyBeyondTheLimitIsNotReadOn(t *testing.T) {
	front := frontOf(t, "https://bot.example.org")
	for _, place := range places {
		body := &endless{}
		r := httptest.NewRequest(http.MethodPost, place, io.NopCloser(body))
		r.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64))
		r.Header.Set("X-Signature-Timestamp", fmt.Sprint(time.Now().Unix()))
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge && w.Code != http.StatusUnauthorized {
			t.Errorf("%s is answered %d", place, w.Code)
		}
		if body.read < 1<<20 || body.read > 1<<20+64<<10 {
			t.Errorf("%s reads %d bytes", place, body.read)
		}
	}
}

func TestHeadersBeyondTheLimitAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fronted(t)
		c := w.calls("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: " + strings.Repeat("a", 200<<10) + "\r\n\r\n")
		defer c.Close()
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("answered %+v, %v", answer, err)
		}
	})
}

// Nothing that is called over HTTP is unpacked, even if it is signed: a small body stays small, and
// what is in it is not read.
func TestACompressedBodyIsNotUnpacked(t *testing.T) {
	front := frontOf(t, "https://bot.example.org")
	challenge := `{"type":"url_verification","challenge":"unpacked"`
	for what, tc := range map[string]struct {
		body     []byte
		encoding string
		status   int
	}{
		"as it is":   {[]byte(challenge + "}"), "", http.StatusOK},
		"packed":     {packed(t, challenge+"}"), "gzip", http.StatusBadRequest},
		"a bomb":     {packed(t, challenge+`,"x":"`+strings.Repeat("a", 64<<20)+`"}`), "gzip", http.StatusBadRequest},
		"mislabeled": {[]byte(challenge + "}"), "gzip", http.StatusOK},
	} {
		if len(tc.body) > 1<<20 {
			t.Fatalf("%s weighs %d bytes", what, len(tc.body))
		}
		r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(tc.body))
		stamp := fmt.Sprint(time.Now().Unix())
		m := hmac.New(sha256.New, []byte(signingSecret))
		fmt.Fprintf(m, "v0:%s:%s", stamp, tc.body)
		r.Header.Set("X-Slack-Request-Timestamp", stamp)
		r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(m.Sum(nil)))
		r.Header.Set("Content-Encoding", tc.encoding)
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		if w.Code != tc.status || strings.Contains(w.Body.String(), "unpacked") != (tc.status == http.StatusOK) {
			t.Errorf("%s is answered %d %q", what, w.Code, w.Body)
		}
	}
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
