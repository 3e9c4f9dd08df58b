package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// spans are how long things took, for all and for those who are not the noisy one.
type spans struct {
	mu         sync.Mutex
	all, quiet []time.Duration
}

func (s *spans) add(took time.Duration, noisy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, took)
	if !noisy {
		s.quiet = append(s.quiet, took)
	}
}

// take returns what was gathered, sorted, and begins anew.
func (s *spans) take() (all, quiet []time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, quiet = s.all, s.quiet
	s.all, s.quiet = nil, nil
	slices.Sort(all)
	slices.Sort(quiet)
	return all, quiet
}

// at is the time below which a share of all stays, in milliseconds.
func at(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(share*float64(len(sorted)-1))].Microseconds()) / 1000
}

func quantiles(sorted []time.Duration) string {
	return fmt.Sprintf("%.1f / %.1f / %.0f ms", at(sorted, .5), at(sorted, .99), at(sorted, 1))
}

// used is what a process has used so far.
type used struct {
	cpu time.Duration
	own int // its own memory now, in MB: not what it shares with the file it was started from
}

// usage reads what the kernel says of a process; zero where there is no /proc.
func usage(pid int) (u used) {
	folder := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return u
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) > 12 {
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		u.cpu = time.Duration(user+system) * 10 * time.Millisecond // the kernel counts in hundredths
	}
	status, _ := os.ReadFile(folder + "/status")
	for line := range strings.Lines(string(status)) {
		if value, is := strings.CutPrefix(line, "RssAnon:"); is {
			kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			u.own = kb / 1024
		}
	}
	return u
}

// busy is how many processes wanted a core in the last minute, the bot and this program among them.
func busy() string {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(load))[0]
}
