package discordtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Near is New without a network: calls come through Client, so that a test may run in the
// clock of a bubble. It has no gateway.
func Near(t testing.TB) *Server {
	s := newServer(t)
	s.base = "https://discord.example.org"
	return s
}

// Client is what the bot makes its calls with.
func (s *Server) Client() *http.Client { return &http.Client{Transport: direct{s.near}} }

// direct hands a call to whoever answers it, in the same goroutine.
type direct struct{ to http.Handler }

// RoundTrip makes the call. Who would end the connection without an answer does so here too.
func (d direct) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	defer func() {
		if why := recover(); why == http.ErrAbortHandler {
			answer, err = nil, io.ErrUnexpectedEOF
		} else if why != nil {
			panic(why)
		}
	}()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.to.ServeHTTP(w, in)
	answer = w.Result()
	answer.Request = r
	return answer, nil
}
