package parts

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/program"
)

// browser is somebody who installs the app.
type browser struct {
	t    *testing.T
	http *http.Client
	base string
}

func (b browser) get(path string) (status int, page string) {
	b.t.Helper()
	r, err := b.http.Get(b.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// state is what the install page sends along to Slack.
func (b browser) state() string {
	b.t.Helper()
	_, page := b.get("/slack/install")
	found := regexp.MustCompile(`state=([A-Z0-9]+)`).FindStringSubmatch(page)
	if found == nil {
		b.t.Fatalf("the install page is %s", page)
	}
	return found[1]
}

// several is the program with an app that several workspaces install, over a data folder.
type several struct {
	*program.Program
	slack *slack.Platform
	log   *bytes.Buffer
	stop  func()
}

func startSeveral(t *testing.T, dir string, fake *slacktest.Server, base string) several {
	t.Helper()
	c := config.Default()
	c.Data = dir
	s := several{log: &bytes.Buffer{}}
	installs := &program.Installs{}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	var err error
	if s.Program, err = program.Open(t.Context(), c, All(), program.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := installs.Open(t.Context(), s.Program); err != nil {
		t.Fatal(err)
	}
	s.slack, err = slack.New(slack.Config{AppToken: slacktest.AppToken, ClientID: slacktest.ClientID, ClientSecret: slacktest.ClientSecret,
		PublicURL: base, APIURL: fake.URL(), Vault: installs, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	s.Bot.Attach(s.slack)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.slack.Run(ctx, s.Bot) }()
	s.stop = func() { cancel(); <-done; s.Close() }
	fake.Ready(2)
	return s
}

// Two workspaces install the app. Each is an organisation of its own; one removes it, and
// comes back; the other notices nothing. No token is on a page, in the log or readable on the disk.
func TestWorkspacesInstallRemoveAndInstallAgain(t *testing.T) {
	fake := slacktest.New(t)
	dir := t.TempDir()
	var front http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { front.ServeHTTP(w, r) }))
	defer web.Close()
	s := startSeveral(t, dir, fake, web.URL)
	mux := http.NewServeMux()
	for path, h := range s.slack.Routes() {
		mux.Handle(path, h)
	}
	front = mux
	jar, _ := cookiejar.New(nil)
	b := browser{t, &http.Client{Jar: jar}, web.URL}

	state := b.state()
	if status, _ := b.get("/slack/oauth?code=" + fake.Allow("T0STOLEN") + "&state=MADEUP"); status != http.StatusBadRequest {
		t.Errorf("a made-up state was answered %d", status)
	}
	if status, _ := (browser{t, &http.Client{}, web.URL}).get("/slack/oauth?code=" + fake.Allow("T0STOLEN") + "&state=" + state); status != http.StatusBadRequest {
		t.Errorf("a state of another browser was answered %d", status)
	}
	var pages []string
	install := func(team string) {
		t.Helper()
		status, page := b.get("/slack/oauth?code=" + fake.Allow(team) + "&state=" + url.QueryEscape(b.state()))
		if status != http.StatusOK || !strings.Contains(page, "Team "+team) {
			t.Fatalf("the install of %s was answered %d: %s", team, status, page)
		}
		pages = append(pages, page)
	}
	install("T0ONE")
	install("T0TWO")
	if _, page := b.get("/slack/oauth?error=access_denied&state=" + b.state()); !strings.Contains(page, "Nothing was installed") {
		t.Errorf("a refusal shows %s", page)
	}
	if orgs, _ := s.Directory.Orgs(t.Context()); len(orgs) != 3 {
		t.Errorf("there are %d organisations", len(orgs))
	}

	deliver := func(team string) error {
		_, err := s.slack.Deliver(t.Context(), bot.Delivery{To: bot.Address{Platform: slack.Name, Workspace: team, User: "U0JO"}, Message: *bot.Say("Hello")})
		return err
	}
	for _, team := range []string{"T0ONE", "T0TWO"} {
		if err := deliver(team); err != nil {
			t.Fatalf("%s cannot be reached: %v", team, err)
		}
		calls := fake.Calls("chat.postMessage")
		if got := fake.TeamOf(calls[len(calls)-1]); got != team {
			t.Errorf("%s was reached with the token of %s", team, got)
		}
	}
	if err := deliver("T0NOBODY"); err == nil {
		t.Error("a workspace without the app was reached")
	}

	tell := func(team string, events ...string) {
		for _, e := range events {
			fake.Send("events_api", map[string]any{"type": "event_callback", "team_id": team, "event_id": "Ev" + team + e, "event": map[string]any{"type": e, "tokens": map[string]any{"bot": []any{slacktest.Bot}}}})
		}
	}
	dropped := func(team string) bool {
		deadline, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for deadline.Err() == nil {
			if deliver(team) != nil {
				return true
			}
		}
		return false
	}
	fake.Remove("T0ONE")
	tell("T0ONE", "tokens_revoked", "app_uninstalled", "tokens_revoked")
	if !dropped("T0ONE") {
		t.Error("the token of a workspace that removed the app is still used")
	}
	install("T0ONE")
	tell("T0ONE", "app_uninstalled", "tokens_revoked") // late, of the first install
	tell("T0TWO", "tokens_revoked")                    // not of ours: our token still works
	for _, team := range []string{"T0ONE", "T0TWO"} {
		if err := deliver(team); err != nil {
			t.Errorf("%s was dropped by a late event: %v", team, err)
		}
	}
	s.stop()
	s = startSeveral(t, dir, fake, web.URL)
	defer s.stop()
	if err := deliver("T0TWO"); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	if orgs, _ := s.Directory.Orgs(t.Context()); len(orgs) != 3 {
		t.Errorf("after a restart there are %d organisations", len(orgs))
	}
	noToken(t, dir, strings.Join(pages, "")+s.log.String())
}

// noToken looks for tokens where there must be none.
func noToken(t *testing.T, dir, text string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			raw, err := os.ReadFile(path)
			if bytes.Contains(raw, []byte("xoxb-team")) {
				t.Errorf("%s holds a token", filepath.Base(path))
			}
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"xoxb-", slacktest.ClientSecret} {
		if strings.Contains(text, secret) {
			t.Errorf("a page or the log holds %s…", secret)
		}
	}
}
