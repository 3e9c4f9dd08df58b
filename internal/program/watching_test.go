package program

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/store"
)

// reachable is a platform that is ready, and knows whether this machine's clock is right.
type reachable struct{ plain }

func (reachable) Ready() error         { return nil }
func (reachable) Drift() time.Duration { return 0 }

// answering is a handler for which everything goes well.
type answering struct{}

func (answering) Handle(context.Context, bot.Event) (bot.Response, error) {
	return bot.Response{}, nil
}

// watched is a server over an empty database, with one turn and one delivery behind it.
func watchedServer(t *testing.T, c config.Config) (*Server, *figures) {
	t.Helper()
	dir := t.TempDir()
	keys, _, err := store.LoadOrCreateKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	s := &Server{Program: &Program{Config: c, Store: kept}, Platforms: []bot.Platform{reachable{}}, Now: time.Now}
	f := newFigures(s)
	if _, err := f.count(answering{}).Handle(t.Context(), bot.Event{Platform: "plain", What: bot.Ran{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.watch(reachable{}).Deliver(t.Context(), bot.Delivery{}); err != nil {
		t.Fatal(err)
	}
	return s, f
}

func get(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// Every figure that a dashboard or an alert asks for is one that the program tells, and every
// figure of ours is looked at.
func TestDashboardsAndAlertsAskForFiguresThatAreTold(t *testing.T) {
	s, f := watchedServer(t, config.Default())
	_, page := get(s.back(f), "/metrics")
	var told []string
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllStringSubmatch(page, -1) {
		told = append(told, m[1])
	}
	asked := ""
	for _, file := range []string{"shareright.json", "alerts.yaml"} {
		text, err := os.ReadFile("../../deploy/grafana/" + file)
		if err != nil {
			t.Fatal(err)
		}
		asked += string(text)
	}
	names := regexp.MustCompile(`\b(?:shareright|process|go)_[a-z_]+`).FindAllString(asked, -1)
	if len(names) < 10 {
		t.Fatalf("only %v are asked for", names)
	}
	for _, name := range names {
		if !slices.Contains(told, name) {
			t.Errorf("%s is asked for and never told", name)
		}
	}
	for _, name := range told {
		if strings.HasPrefix(name, "shareright_") && !strings.HasSuffix(name, "_sum") && !slices.Contains(names, name) {
			t.Errorf("%s is told and nothing looks at it", name)
		}
	}
}

// Profiles are for whoever turns them on, and never on the address that others reach.
func TestProfilesAreOffUnlessTurnedOn(t *testing.T) {
	c := config.Default()
	for _, on := range []bool{false, true} {
		c.Profiling = on
		s, f := watchedServer(t, c)
		if status, _ := get(s.back(f), "/debug/pprof/goroutine?debug=1"); (status == http.StatusOK) != on {
			t.Errorf("profiling %v: answered %d", on, status)
		}
	}
}
