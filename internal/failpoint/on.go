//go:build failpoint

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

var (
	mu    sync.Mutex
	armed string
	left  int
	stops bool // the process is held, not ended
)

func init() {
	parts := append(strings.Split(os.Getenv("SHARERIGHT_FAILPOINT"), ":"), "", "")
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		n = 1
	}
	Arm(parts[0], n)
	stops = parts[2] == "stop"
}

// Arm ends the process at the nth hit of a place, counted from 1 and from now on. An empty name disarms.
func Arm(name string, nth int) {
	mu.Lock()
	defer mu.Unlock()
	armed, left = name, nth
}

// Hit is called at a place. When it is the armed one, and often enough, it does not return.
func Hit(name string) {
	mu.Lock()
	defer mu.Unlock()
	if name == "" || name != armed {
		return
	}
	if left--; left > 0 {
		return
	}
	if stops {
		armed = ""
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal arrives; nobody else gets past a place meanwhile
}

// Clock is the computer's clock, moved ahead by SHARERIGHT_TEST_AHEAD, such as 5h.
func Clock() func() time.Time {
	ahead := duration("SHARERIGHT_TEST_AHEAD")
	if ahead == 0 {
		return nil
	}
	return func() time.Time { return time.Now().Add(ahead) }
}

// Lease is SHARERIGHT_TEST_LEASE, such as 2s.
func Lease() time.Duration { return duration("SHARERIGHT_TEST_LEASE") }

// Letters is SHARERIGHT_TEST_LETTERS: how many e-mails an address may get in an hour.
func Letters() int {
	n, err := strconv.Atoi(os.Getenv("SHARERIGHT_TEST_LETTERS"))
	if err != nil {
		return 0
	}
	return n
}

// Mutant says whether SHARERIGHT_MUTANT names this fault.
func Mutant(name string) bool { return name == os.Getenv("SHARERIGHT_MUTANT") }

func duration(name string) time.Duration {
	d, err := time.ParseDuration(os.Getenv(name))
	if err != nil {
		return 0
	}
	return d
}
