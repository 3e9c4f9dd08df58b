//go:build failpoint

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

var (
	mu    sync.Mutex
	armed string
	left  int
)

func init() {
	name, nth, _ := strings.Cut(os.Getenv("SHARERIGHT_FAILPOINT"), ":")
	n, err := strconv.Atoi(nth)
	if err != nil {
		n = 1
	}
	Arm(name, n)
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
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal arrives; nobody else gets past a place meanwhile
}
