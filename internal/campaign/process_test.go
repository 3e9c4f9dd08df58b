//go:build failpoint

package campaign

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the binary under test, built once for all tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "shareright-campaign-")
	if err == nil {
		program = filepath.Join(dir, "shareright")
		var out []byte
		if out, err = exec.Command("go", "build", "-tags", "failpoint", "-ldflags", "-s -w", "-o", program, "shareright").CombinedOutput(); err != nil {
			err = fmt.Errorf("build the program: %w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // it is a temporary folder
	os.Exit(code)
}

// life is one process, from its start to its death.
type life struct {
	cmd   *exec.Cmd
	began time.Time
	over  chan struct{} // closed when the process has ended
	end   error

	mu     sync.Mutex
	killed bool // by us, not at a place
}

// bear starts `shareright serve`. What it prints is added to a file.
func bear(log string, env ...string) (*life, error) {
	f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the process has its own
	l := &life{cmd: exec.Command(program, "serve"), began: time.Now(), over: make(chan struct{})}
	l.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "GOGC=400"}, env...)
	l.cmd.Stdout, l.cmd.Stderr = f, f
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		l.end = l.cmd.Wait()
		close(l.over)
	}()
	return l, nil
}

// kill ends it as a power switch would end the program, and waits until it is gone.
func (l *life) kill() {
	l.mu.Lock()
	select {
	case <-l.over:
	default:
		l.killed = true
		_ = l.cmd.Process.Kill() // it may have died meanwhile
	}
	l.mu.Unlock()
	<-l.over
}

// took is how much processor time it had.
func (l *life) took() time.Duration {
	<-l.over
	return l.cmd.ProcessState.UserTime() + l.cmd.ProcessState.SystemTime()
}

// byItself says that the process died at a place, not of our hand.
func (l *life) byItself() bool {
	<-l.over
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.killed
}

// fault says how it ended, where that was no SIGKILL.
func (l *life) fault() error {
	<-l.over
	var exit *exec.ExitError
	if errors.As(l.end, &exit) {
		if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() && s.Signal() == syscall.SIGKILL {
			return nil
		}
	}
	return fmt.Errorf("the program ended by itself: %v", l.end)
}

// folder makes a folder for one round. It lies in memory where that can be had: SIGKILL
// loses nothing that the kernel has, and what a power cut loses is tested in another way.
func folder(t *testing.T) string {
	t.Helper()
	base := ""
	if _, err := os.Stat("/dev/shm"); err == nil {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "shareright-round-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("database, log and ledger are kept in %s", dir)
			return
		}
		_ = os.RemoveAll(dir) // it is a temporary folder
	})
	return dir
}

// tail is the end of what the program printed.
func tail(log string) string {
	text, err := os.ReadFile(log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}
