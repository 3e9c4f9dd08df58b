package commands

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/internal/store"
)

// taken is the folder of the settings, held as a bot holds it while it runs.
func taken(t *testing.T) *store.Lock {
	t.Helper()
	lock, err := store.Alone(os.Getenv("SHARERIGHT_DATA"))
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("this system has no such lock")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Close() })
	return lock
}

// office is the settings of a bot for Slack.
func office(t *testing.T) {
	t.Helper()
	t.Setenv("SHARERIGHT_CONFIG", "")
	t.Setenv("SHARERIGHT_DATA", t.TempDir())
	t.Setenv("SHARERIGHT_LOG", "error")
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-example")
	t.Setenv("SLACK_APP_TOKEN", "xapp-example")
}

func TestASecondBotWaitsForTheFirstToStopAndIsThenRefused(t *testing.T) {
	office(t)
	taken(t)
	all := parts.All()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := (&Serve{}).serve(t.Context(), &Commands{}, all)
		if err == nil || !strings.Contains(err.Error(), "Stop it first") || !strings.Contains(err.Error(), os.Getenv("SHARERIGHT_DATA")) {
			t.Errorf("it says %v", err)
		}
		if waited := time.Since(began); waited < stopWithin || waited > stopsWithin+time.Second {
			t.Errorf("it waited %v", waited)
		}
	})
	if _, err := os.Stat(os.Getenv("SHARERIGHT_DATA") + "/shareright.db"); err == nil {
		t.Error("it opened the records of the first")
	}
}

func TestASecondBotThatWaitsCanBeStopped(t *testing.T) {
	office(t)
	taken(t)
	all := parts.All()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, stop)
		began := time.Now()
		if err := (&Serve{}).serve(ctx, &Commands{}, all); err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestAtAQuickRestartTheOldBotIsWaitedFor(t *testing.T) {
	office(t)
	old := taken(t)
	s, err := (&Commands{}).settings("")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		time.AfterFunc(stopWithin, func() { old.Close() })
		began := time.Now()
		lock, err := alone(t.Context(), s, logger(s.LogLevel))
		if err != nil || lock == nil {
			t.Fatalf("after %v: %v", time.Since(began), err)
		}
		defer lock.Close()
		if late := time.Since(began) - stopWithin; late < 0 || late > time.Second {
			t.Errorf("it starts %v after the old one has stopped", late)
		}
	})
	s.DatabaseURL = "postgres://127.0.0.1:1/none"
	if lock, err := alone(t.Context(), s, logger(s.LogLevel)); err != nil || lock != nil {
		t.Errorf("processes that share PostgreSQL keep each other off: %v", err)
	}
}

// keeping are the commands for which no bot may run.
func keeping(backup string) []interface {
	Run(*Commands, program.Parts) error
} {
	return []interface {
		Run(*Commands, program.Parts) error
	}{&Restore{File: backup}, &Restore{File: backup, Replace: true}, &EraseAgain{File: backup}, &Rotate{}, &Move{To: "postgres://127.0.0.1:1/none"}}
}

func TestWhileABotRunsOnTheFolderItsRecordsAreNotMoved(t *testing.T) {
	reported(t)
	backup := t.TempDir() + "/monday.db"
	mustRun(t, &Backup{File: backup})
	t.Setenv("SHARERIGHT_HTTP_ADDR", "127.0.0.1:1") // where the bot answers is elsewhere
	bot := taken(t)
	for _, c := range keeping(backup) {
		if text, err := runs(t, c); err == nil || !strings.Contains(err.Error(), "Stop it first") || text != "" {
			t.Errorf("%T while a bot runs: %q, %v", c, text, err)
		}
	}
	mustRun(t, &Verify{}) // what only looks goes on beside it
	if err := bot.Close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, &Restore{File: backup, Replace: true})
	taken(t) // the command has left the folder
}

// The move has just reached the other database: no bot may start now.
func TestNoBotStartsWhileRecordsAreMoved(t *testing.T) {
	reported(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	met := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			met <- err
			return
		}
		lock, err := store.Alone(os.Getenv("SHARERIGHT_DATA"))
		met <- err
		listener.Close()
		conn.Close()
		lock.Close()
	}()
	_, err = runs(t, &Move{To: "postgres://postgres@" + listener.Addr().String() + "/none?sslmode=disable&connect_timeout=5"})
	if err == nil {
		t.Error("moved to nowhere")
	}
	if err := <-met; !errors.Is(err, store.ErrTaken) {
		t.Errorf("in the middle of a move the folder is free: %v", err)
	}
	taken(t)
}

// Records in PostgreSQL have no folder: whether a bot runs is asked on the address of the settings.
func TestWithPostgresABotThatAnswersIsNoticed(t *testing.T) {
	office(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	bot := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	go func() { _ = bot.Serve(listener) }()
	defer bot.Close()
	t.Setenv("SHARERIGHT_HTTP_ADDR", listener.Addr().String())
	t.Setenv("SHARERIGHT_DATABASE_URL", "postgres://127.0.0.1:1/none")
	for _, c := range []interface {
		Run(*Commands, program.Parts) error
	}{&Rotate{}, &EraseAgain{File: "none"}} {
		if text, err := runs(t, c); err == nil || !strings.Contains(err.Error(), "Stop it first") {
			t.Errorf("%T: %q, %v", c, text, err)
		}
	}
}
