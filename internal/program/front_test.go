package program

import (
	"crypto/ed25519"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/slack"
	"shareright/config"
)

const signingSecret = "example-signing-secret"

// frontOf is everything that others reach: the pages of the real platforms, with each way in turned on.
func frontOf(t *testing.T, publicURL string) http.Handler {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	key, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := slack.New(slack.Config{ClientID: "1.2", ClientSecret: "example", PublicURL: publicURL, Vault: &Installs{}, SigningSecret: signingSecret,
		Transport: slack.HTTP, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	over, err := discord.New(discord.Config{Token: "example", PublicKey: hex.EncodeToString(key), Transport: discord.HTTP, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Slack.PublicURL, c.Profiling = publicURL, true
	s, _ := watchedServer(t, c)
	s.Platforms, s.Log, s.beats = []bot.Platform{in, over}, log, &heart{}
	front, needed := s.front()
	if !needed {
		t.Error("the program does without the pages that platforms call")
	}
	return unbroken(front, log)
}

// wanted are the headers of every answer that others reach, whatever it is.
var wanted = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
}

func TestEveryAnswerTellsBrowsersToKeepToTheNarrowest(t *testing.T) {
	for _, publicURL := range []string{"https://bot.example.org", "http://bot.example.org"} {
		front, https := frontOf(t, publicURL), strings.HasPrefix(publicURL, "https")
		for _, tc := range []struct {
			method, path string
			status       int
			page         bool
		}{
			{"GET", "/healthz", 200, false}, {"POST", "/healthz", 405, false}, {"GET", "/readyz", 503, false}, // the platforms are not started
			{"GET", "/", 404, false}, {"GET", "/nothing/here", 404, false}, {"GET", "//healthz", 307, false},
			{"POST", "/slack/events", 401, false}, {"GET", "/slack/events", 405, false}, {"PUT", "/slack/events", 405, false},
			{"POST", "/slack/commands", 401, false}, {"POST", "/slack/interactivity", 401, false}, {"GET", "/slack/interactivity", 405, false},
			{"POST", "/discord/interactions", 401, false}, {"GET", "/discord/interactions", 405, false},
			{"GET", "/slack/install", 200, true}, {"POST", "/slack/install", 405, false}, {"HEAD", "/slack/install", 405, false},
			{"GET", "/slack/oauth", 400, true}, {"GET", "/slack/oauth?state=x&code=y", 400, true}, {"GET", "/slack/oauth?error=access_denied", 400, true},
		} {
			w := httptest.NewRecorder()
			front.ServeHTTP(w, httptest.NewRequest(tc.method, publicURL+tc.path, nil))
			where := tc.method + " " + publicURL + tc.path
			if w.Code != tc.status {
				t.Errorf("%s is answered %d, want %d", where, w.Code, tc.status)
			}
			for name, want := range wanted {
				if got := w.Header().Values(name); len(got) != 1 || got[0] != want {
					t.Errorf("%s: %s is %q, want %q", where, name, got, want)
				}
			}
			csp := w.Header().Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("%s: the policy %q lacks %s", where, csp, part)
				}
			}
			if strings.Contains(csp, "script") || strings.Contains(csp, "unsafe-inline") != tc.page {
				t.Errorf("%s: the policy is %q", where, csp)
			}
			if got := w.Header().Get("Strict-Transport-Security"); (got != "") != https {
				t.Errorf("%s: Strict-Transport-Security is %q", where, got)
			}
		}
	}
}

// The cookie of an install is this host's alone, and no script reads it. Going away it is the same one.
func TestTheCookieOfAnInstallIsTakenFromThisHostAlone(t *testing.T) {
	for publicURL, name := range map[string]string{"https://bot.example.org": "__Host-shareright_install", "http://127.0.0.1:8080": "shareright_install"} {
		front := frontOf(t, publicURL)
		for _, path := range []string{"/slack/install", "/slack/oauth"} {
			w := httptest.NewRecorder()
			front.ServeHTTP(w, httptest.NewRequest(http.MethodGet, publicURL+path, nil))
			cookies := w.Result().Cookies()
			if len(cookies) != 1 {
				t.Fatalf("%s%s sets %v", publicURL, path, cookies)
			}
			c := cookies[0]
			if c.Name != name || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != strings.HasPrefix(publicURL, "https") {
				t.Errorf("%s%s sets %s", publicURL, path, c)
			}
		}
	}
}

// What is the operator's is nowhere on the address that others reach, whatever is turned on.
func TestTheOperatorsPagesAreNotInTheOpen(t *testing.T) {
	front := frontOf(t, "https://bot.example.org")
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/goroutine?debug=2", "/debug/pprof/profile?seconds=1", "/debug/pprof/cmdline",
		"/debug/pprof/trace", "/debug/pprof/symbol", "/debug/vars", "/metrics", "/env", "/config", "/.env"} {
		if status, text := get(front, path); status != http.StatusNotFound {
			t.Errorf("%s is answered %d %.80q", path, status, text)
		}
	}
}
