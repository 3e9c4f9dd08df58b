package program

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shareright/bot"
	"shareright/internal/caught"
)

// figures count what the program does. No label holds anything that a person typed.
type figures struct {
	registry   *prometheus.Registry
	turns      *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
}

func newFigures(s *Server) *figures {
	f := &figures{registry: prometheus.NewRegistry(),
		turns: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shareright_turn_seconds",
			Help:    "Time from an event to its commit, by platform, kind of event and result.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}}, []string{"platform", "event", "result"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shareright_deliveries_total",
			Help: "Messages handed to a platform, by platform and result."}, []string{"platform", "result"})}
	f.registry.MustRegister(f.turns, f.deliveries, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shareright_job_lag_seconds",
			Help: "How long the earliest pending job has been due. More than a minute needs attention."}, func() float64 { return s.lag() }))
	f.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "shareright_panics_total",
		Help: "Mistakes in the program that were caught and ended nothing but one step. The log says where."},
		func() float64 { return float64(caught.Count()) }))
	f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shareright_jobs_run",
		Help: "1 while jobs that are due are run."}, func() float64 {
		if s.beats != nil && s.beats.well() != nil {
			return 0
		}
		return 1
	}))
	for _, p := range s.Platforms {
		if d, can := p.(drifting); can {
			f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shareright_clock_drift_seconds",
				Help: "How far this machine's clock is from the platform's.", ConstLabels: prometheus.Labels{"platform": p.Name()}},
				func() float64 { return d.Drift().Seconds() }))
		}
		r, ok := p.(ready)
		if !ok {
			continue
		}
		f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shareright_platform_ready",
			Help: "1 when people can reach the bot.", ConstLabels: prometheus.Labels{"platform": p.Name()}}, func() float64 {
			if r.Ready() != nil {
				return 0
			}
			return 1
		}))
	}
	return f
}

// lag is how long the earliest pending job has been due, in seconds; 0 when none is.
func (s *Server) lag() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	at, some, err := s.Store.NextJob(ctx)
	if err != nil || !some {
		return 0
	}
	return max(0, s.Now().Sub(at).Seconds())
}

func (f *figures) page() http.Handler { return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{}) }

// counted is a handler whose turns are timed.
type counted struct {
	bot.Handler
	*figures
}

func (f *figures) count(h bot.Handler) bot.Handler { return counted{h, f} }

// Handle times the turn.
func (c counted) Handle(ctx context.Context, e bot.Event) (bot.Response, error) {
	began := time.Now()
	r, err := c.Handler.Handle(ctx, e)
	c.turns.WithLabelValues(e.Platform, kindOf(e.What), result(err)).Observe(time.Since(began).Seconds())
	return r, err
}

func kindOf(d bot.Deed) string {
	switch d.(type) {
	case bot.Ran:
		return "command"
	case bot.Said:
		return "message"
	case bot.Submitted:
		return "answers"
	case bot.Pressed:
		return "button"
	}
	return "other"
}

func result(err error) string {
	var busy *bot.Busy
	var gone *bot.Unreachable
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &busy):
		return "busy"
	case errors.As(err, &gone):
		return "unreachable"
	}
	return "failed"
}

// watched is a platform whose deliveries are counted.
type watched struct {
	bot.Platform
	*figures
}

func (f *figures) watch(p bot.Platform) bot.Platform { return watched{p, f} }

// Unwrap lets the engine find what the platform can do besides.
func (w watched) Unwrap() bot.Platform { return w.Platform }

// Deliver counts the message.
func (w watched) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	id, err := w.Platform.Deliver(ctx, d)
	w.deliveries.WithLabelValues(w.Name(), result(err)).Inc()
	return id, err
}

// DeliverFile passes a file on to a platform that can send files. Without it the wrapper would hide that.
func (w watched) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	filer, can := w.Platform.(bot.Filer)
	if !can {
		return "", bot.ErrNoFiles
	}
	id, err := filer.DeliverFile(ctx, d, name, content)
	if !errors.Is(err, bot.ErrNoFiles) {
		w.deliveries.WithLabelValues(w.Name(), result(err)).Inc()
	}
	return id, err
}
