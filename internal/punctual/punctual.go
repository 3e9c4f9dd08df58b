// Package punctual makes calls to a platform that are not sent once their time is over.
//
// A call has a deadline, and whoever stands still for longer (a virtual machine that is moved,
// a process that is stopped) sees it pass. The HTTP library notices by a timer, and what it was
// about to write can go out before the timer has its turn. By then another process has sent the
// same. So the clock is asked once more at the last place there is: before each write to the wire.
package punctual

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync/atomic"
	"time"
)

// Client is for calls to a platform: each takes at most ten seconds, and begins no write after
// its deadline. A connection carries one call at a time (HTTP/1.1), for the deadline is the call's own.
func Client() *http.Client {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConnsPerHost = 64 // the library's default of two makes every burst dial anew
	pool.Protocols = new(http.Protocols)
	pool.Protocols.SetHTTP1(true)
	pool.ForceAttemptHTTP2 = false
	dial := pool.DialContext
	pool.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &wire{Conn: c}, nil
	}
	return &http.Client{Timeout: 10 * time.Second, Transport: transport{pool}}
}

// transport tells the connection that a call has got until when it may write.
type transport struct{ pool *http.Transport }

// RoundTrip makes the call.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	until, _ := r.Context().Deadline() // none is no limit
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		c := got.Conn
		if sealed, ok := c.(*tls.Conn); ok {
			c = sealed.NetConn()
		}
		if w, ok := c.(*wire); ok {
			w.until.Store(&until)
		}
	}})
	return t.pool.RoundTrip(r.WithContext(ctx))
}

// CloseIdleConnections closes what is kept open for the next call.
func (t transport) CloseIdleConnections() { t.pool.CloseIdleConnections() }

// wire is a connection that writes nothing after a moment.
type wire struct {
	net.Conn
	until atomic.Pointer[time.Time]
}

// Write writes, or returns [os.ErrDeadlineExceeded] when the time is over.
func (w *wire) Write(p []byte) (int, error) {
	if until := w.until.Load(); until != nil && !until.IsZero() && !time.Now().Before(*until) {
		return 0, os.ErrDeadlineExceeded
	}
	return w.Conn.Write(p)
}
