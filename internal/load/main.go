// Load plays a crowd against the real program: people who ask, practise and report in Slack,
// at a rate, from one organisation or from hundreds, with kills and noisy neighbours. It
// tells how long acknowledgements took, what was lost, what was doubled, and what it cost.
//
//	go build -o shareright . && go run ./internal/load -bot ./shareright hour
//
// It checks no words and no layout; other tests do. Latencies count from the moment at
// which something was due, not from when a busy sender got round to it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// run is what the command line asks for.
type run struct {
	binary string
	length time.Duration
	rate   float64
}

// plays are the loads that can be asked for.
var plays = map[string]struct {
	about string
	play  func(run, context.Context) error
}{
	"steady": {"one organisation of 20,000, 5 a second", run.steady},
	"hour":   {"a question hour: 40 a second, 120 in the middle, two kills", run.hour},
	"monday": {"300 organisations whose reminders are all due in the same second", run.monday},
	"noisy":  {"one organisation with 100 a second beside 29 with one a second each", run.noisy},
	"slack":  {"no load: only a Slack that says yes to everything, until it is stopped", run.slack},
	"grow":   {"30 a second from 1, 30 and 300 organisations", run.grow},
}

func main() {
	r := run{}
	flag.StringVar(&r.binary, "bot", "./shareright", "the program to load")
	flag.DurationVar(&r.length, "for", time.Minute, "how long the load lasts")
	flag.Float64Var(&r.rate, "rate", 0, "steps a second instead of the usual")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "load [-bot FILE] [-for TIME] [-rate N] NAME")
		for name, p := range plays {
			fmt.Fprintf(os.Stderr, "  %-8s %s\n", name, p.about)
		}
	}
	flag.Parse()
	p, known := plays[strings.Join(flag.Args(), " ")]
	if !known {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := p.play(r, ctx); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		stop()
		os.Exit(1)
	}
}

// slack prints its address, and answers until it is told to stop.
func (r run) slack(ctx context.Context) error {
	s := newSlack()
	defer s.http.Close()
	fmt.Println(s.http.URL + "/api/")
	<-ctx.Done()
	return nil
}

func (r run) perSecond(usual float64) float64 {
	if r.rate > 0 {
		return r.rate
	}
	return usual
}

func (r run) steady(ctx context.Context) error {
	return r.crowd(ctx, 1, 20_000, func(w *world) error {
		w.drive(ctx, w.quiet, r.perSecond(5), r.length)
		return nil
	})
}

// hour is a quarter of the time at the mean, half at three times as much, and a quarter at
// the mean again, with a kill in the first and in the second half.
func (r run) hour(ctx context.Context) error {
	return r.crowd(ctx, 1, 20_000, func(w *world) error {
		rate := r.perSecond(40)
		killed := make(chan error, 1)
		go func() {
			for _, share := range []time.Duration{r.length / 3, r.length / 3} {
				time.Sleep(share)
				w.end(syscall.SIGKILL)
				took, err := w.start(ctx)
				if err != nil {
					killed <- err
					return
				}
				fmt.Printf("killed; ready again after %d ms\n", took.Milliseconds())
			}
			killed <- nil
		}()
		w.drive(ctx, w.quiet, rate, r.length/4)
		w.drive(ctx, w.quiet, 3*rate, r.length/2)
		w.drive(ctx, w.quiet, rate, r.length/4)
		return <-killed
	})
}

// noisy compares the quiet organisations with themselves, without and with a noisy one.
func (r run) noisy(ctx context.Context) error {
	const quiet = 29
	return r.crowd(ctx, quiet+1, 60, func(w *world) error {
		for i := range 2000 {
			w.add(quiet, i, true)
		}
		w.drive(ctx, w.quiet, quiet, r.length)
		_, alone := w.acks.take()
		fmt.Printf("the quiet ones alone: %s\n", quantiles(alone))
		over := make(chan struct{})
		go func() { w.drive(ctx, w.noisy, r.perSecond(100), r.length); close(over) }()
		w.drive(ctx, w.quiet, quiet, r.length)
		<-over
		all, beside := w.acks.take()
		fmt.Printf("the quiet ones beside a noisy one: %s; 99 of 100 take %.2f times as long\n", quantiles(beside), at(beside, .99)/at(alone, .99))
		for _, took := range all {
			w.acks.add(took, true)
		}
		return nil
	})
}

func (r run) grow(ctx context.Context) error {
	for _, organisations := range []int{1, 30, 300} {
		fmt.Printf("%d organisations\n", organisations)
		err := r.crowd(ctx, organisations, 6000/organisations, func(w *world) error {
			w.drive(ctx, w.quiet, r.perSecond(30), r.length)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// crowd makes a world, lets it be played with, and tells what came of it.
func (r run) crowd(ctx context.Context, organisations, each int, play func(*world) error) error {
	w, err := newWorld(r.binary, organisations, each)
	if err != nil {
		return err
	}
	defer w.close()
	took, err := w.start(ctx)
	if err != nil {
		return err
	}
	idle := w.usage()
	began := time.Now()
	before := busy()
	if err := play(w); err != nil {
		return err
	}
	length := time.Since(began)
	spent := w.usage()
	lost, doubled := w.judge()
	acks, _ := w.acks.take()
	seen, _ := w.seen.take()
	kinds := make([]int, lives)
	for _, p := range w.people {
		kinds[p.does] += p.steps
	}
	fmt.Printf("ready after %d ms, of which %d on the processor, %d MB then; %d steps in %.0f s (%d questions, %d practising, %d reporting: %d breaches reported)\n", took.Milliseconds(), idle.cpu.Milliseconds(), idle.own,
		w.sent.Load(), length.Seconds(), kinds[asks], kinds[practises], kinds[reports], w.finished.Load())
	fmt.Printf("acknowledged, half / 99 of 100 / longest: %s\n", quantiles(acks))
	fmt.Printf("on the screen, half / 99 of 100 / longest: %s\n", quantiles(seen))
	fmt.Printf("lost %d, doubled %d; tried again %d, given up %d, without a screen for a minute %d, not begun for want of idle people %d, pages sent back %d\n", lost, doubled,
		w.failed.Load(), w.gaveUp.Load(), w.waited.Load(), w.late.Load(), w.refused.Load())
	fmt.Printf("%.2f s of processor for 1,000 steps, %d MB at the end; load average %s before, %s after\n",
		(spent.cpu-idle.cpu).Seconds()/float64(max(1, w.sent.Load()))*1000, spent.own, before, busy())
	if lost > 0 || doubled > 0 {
		return fmt.Errorf("%d lost and %d doubled", lost, doubled)
	}
	if len(acks) == 0 || slices.Max(acks) == 0 {
		return fmt.Errorf("nothing was acknowledged")
	}
	return nil
}
