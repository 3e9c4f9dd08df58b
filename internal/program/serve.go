package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"shareright/bot"
	"shareright/internal/caught"
)

const (
	// purgeEvery is how often what has expired is erased.
	purgeEvery = time.Hour
	// mendEvery is how often it is looked whether a legal clock has lost a job.
	mendEvery = 4 * time.Minute
	// stopWithin is how long pages that are being answered have when the program stops.
	stopWithin = 5 * time.Second
)

// routed is a platform that receives calls over HTTP.
type routed interface {
	Routes() map[string]http.Handler
}

// optional is a platform that works without its routes, because it has another way in.
type optional interface{ RoutesOptional() bool }

// ready is a platform that knows whether people can reach the bot through it.
type ready interface{ Ready() error }

// Server runs a program on its platforms, with pages for health and figures.
type Server struct {
	*Program
	Platforms []bot.Platform
	Now       func() time.Time // time.Now when nil
	Simulated bool             // Now is not the world's time
	Log       *slog.Logger

	beats *heart
}

// Serve runs until ctx ends, finishes what is in hand, and returns nil then. It returns
// ErrWedged when jobs are not run any more, without waiting for what is stuck.
func (s *Server) Serve(ctx context.Context) error {
	if s.Now == nil {
		s.Now = time.Now
	}
	s.beats = s.heart()
	figures := newFigures(s)
	pages, err := s.listen(figures)
	if err != nil {
		return err
	}
	for _, p := range s.Platforms {
		s.Bot.Attach(figures.watch(p))
	}
	if err := s.Bot.Start(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.Runner.Run(ctx); err != nil {
			s.Log.Error("run jobs", "error", err)
		}
	})
	all.Go(func() { caught.Again(ctx, s.Log, "the erasing", func() { s.purge(ctx) }) })
	all.Go(func() { caught.Again(ctx, s.Log, "the look for lost jobs", func() { s.mend(ctx) }) })
	for _, p := range s.Platforms {
		all.Go(func() { s.runPlatform(ctx, p, figures.count(s.Bot)) })
	}
	debug.FreeOSMemory() // reading the content took three times what is kept of it
	s.Log.Info("ready to serve", "platforms", len(s.Platforms), "address", pages.address)
	if err := s.beats.watch(ctx); err != nil {
		return err
	}
	s.Log.Info("stopping: finishing what is in hand")
	all.Wait()
	return pages.close()
}

// runPlatform starts a platform again when it gives up, so that one bad hour needs no operator.
func (s *Server) runPlatform(ctx context.Context, p bot.Platform, h bot.Handler) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := s.run(ctx, p, h)
		if ctx.Err() != nil {
			return
		}
		s.Log.Error("the platform stopped, starting it again", "platform", p.Name(), "in", wait, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// run runs a platform until it ends or panics. What it began beside itself ends with it.
func (s *Server) run(ctx context.Context, p bot.Platform, h bot.Handler) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer func() {
		if broke := caught.Panic(s.Log, "a platform", recover(), "platform", p.Name()); broke != nil {
			err = broke
		}
	}()
	return p.Run(ctx, h)
}

func (s *Server) purge(ctx context.Context) {
	for {
		if n, err := s.Expire(ctx, s.Now()); err != nil && ctx.Err() == nil {
			s.Log.Error("erase what has expired", "error", err)
		} else if n > 0 {
			s.Log.Info("erased what has expired", "rows", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(purgeEvery):
		}
	}
}

// mend has lost jobs put back.
func (s *Server) mend(ctx context.Context) {
	for {
		if _, err := s.Bot.Mend(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("look for lost jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(mendEvery):
		}
	}
}

// pages are the HTTP servers: one for health and platforms, one for figures on a loopback address.
type pages struct {
	servers []*http.Server
	address string
}

func (s *Server) listen(f *figures) (*pages, error) {
	front, needed := s.front()
	ps := &pages{}
	address, err := ps.serve(s.Config.HTTPAddr, front, s.Log)
	if err != nil && needed {
		return nil, fmt.Errorf("listen for health pages and platforms: %w", err)
	}
	if err != nil {
		s.Log.Warn("no health pages: the address is in use; set SHARERIGHT_HTTP_ADDR", "address", s.Config.HTTPAddr, "error", err)
	}
	ps.address = address
	if _, err := ps.serve(s.Config.MetricsAddr, s.back(f), s.Log); err != nil && s.Config.Given("metrics_addr") {
		return nil, errors.Join(fmt.Errorf("listen for figures: %w", err), ps.close())
	} else if err != nil {
		s.Log.Warn("no figures: the address is in use; set SHARERIGHT_METRICS_ADDR", "address", s.Config.MetricsAddr, "error", err)
	}
	return ps, nil
}

// front are the pages that others reach: health, and what platforms call. It says whether the
// program cannot do without them.
func (s *Server) front() (pages http.Handler, needed bool) {
	front := http.NewServeMux()
	front.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	front.HandleFunc("GET /readyz", s.readyPage)
	needed = s.Config.Given("http_addr")
	for _, p := range s.Platforms {
		if r, ok := p.(routed); ok {
			for path, handler := range r.Routes() {
				front.Handle(path, handler)
				o, has := p.(optional)
				needed = needed || !has || !o.RoutesOptional()
			}
		}
	}
	return hardened(front, strings.HasPrefix(s.Config.Slack.PublicURL, "https:")), needed
}

// hardened tells browsers to keep to the narrowest there is, on each page and each error. A page
// that needs more says so itself. Where browsers come by https they are to come no other way.
func hardened(pages http.Handler, https bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		pages.ServeHTTP(w, r)
	})
}

// back are the pages for the operator, on this machine only.
func (s *Server) back(f *figures) *http.ServeMux {
	back := http.NewServeMux()
	back.Handle("GET /metrics", f.page())
	if s.Config.Profiling {
		back.HandleFunc("GET /debug/pprof/", pprof.Index)
		back.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		back.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		back.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return back
}

func (ps *pages) serve(address string, mux http.Handler, log *slog.Logger) (string, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	server := newServer(mux, log)
	ps.servers = append(ps.servers, server)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("serve pages", "address", address, "error", err)
		}
	}()
	return listener.Addr().String(), nil
}

// newServer hangs up on whoever is slow, and reads no more than it must.
func newServer(pages http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: unbroken(pages, log), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// unbroken answers for a page that panics. The library would log the value, which may hold what somebody typed.
func unbroken(pages http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if caught.Panic(log, "a page", recover(), "page", r.Pattern) != nil {
				http.Error(w, "not now", http.StatusInternalServerError)
			}
		}()
		pages.ServeHTTP(w, r)
	})
}

func (ps *pages) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var errs []error
	for _, server := range ps.servers {
		errs = append(errs, server.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

// readyPage answers 200 when the database and every platform work, jobs are run and the clock is right; and 503 with what does not.
func (s *Server) readyPage(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	faults := s.unready(ctx)
	if len(faults) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	for _, part := range s.parts() {
		if err := faults[part]; err != nil {
			s.Log.Warn("not ready", "part", part, "error", err)
			fmt.Fprintln(w, part+": not ready")
			continue
		}
		fmt.Fprintln(w, part+": ok")
	}
}

// parts names what must work, in the order of the page.
func (s *Server) parts() []string {
	all := []string{"database"}
	for _, p := range s.Platforms {
		if _, ok := p.(ready); ok {
			all = append(all, p.Name())
		}
	}
	return append(all, "jobs", "clock")
}

// unready says what does not work, by part.
func (s *Server) unready(ctx context.Context) map[string]error {
	faults := map[string]error{}
	if _, _, err := s.Store.NextJob(ctx); err != nil {
		faults["database"] = err
	}
	for _, p := range s.Platforms {
		if r, ok := p.(ready); ok && r.Ready() != nil {
			faults[p.Name()] = r.Ready()
		}
		if err := drift(p); err != nil {
			faults["clock"] = err
		}
	}
	if err := s.beats.well(); err != nil {
		faults["jobs"] = err
	}
	return faults
}
