package slack

import (
	"crypto/rand"
	"crypto/subtle"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"
)

// Scopes are the permissions that the app asks for; docs/slack.md and the manifest say why.
var Scopes = []string{"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "groups:read"}

const (
	stateName = "shareright_install"
	stateLife = 10 * time.Minute
	maxStates = 1000
	authorize = "https://slack.com/oauth/v2/authorize"
)

// states are the installs that somebody has begun in a browser. Each is good once. They are
// kept in memory: after a restart the person presses the button again.
type states struct {
	mu sync.Mutex
	by map[string]time.Time
}

func (s *states) begin(now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for state, until := range s.by {
		if now.After(until) || len(s.by) >= maxStates {
			delete(s.by, state)
		}
	}
	if s.by == nil {
		s.by = map[string]time.Time{}
	}
	state := rand.Text()
	s.by[state] = now.Add(stateLife)
	return state
}

// spend says whether the state was begun, lately, and not used yet.
func (s *states) spend(state string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, known := s.by[state]
	delete(s.by, state)
	return known && now.Before(until)
}

// installRoutes are the two pages for installing in a browser.
func (p *Platform) installRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"/slack/install": http.HandlerFunc(p.installPage),
		"/slack/oauth":   http.HandlerFunc(p.installed),
	}
}

// back is where Slack sends the browser.
func (p *Platform) back() string { return strings.TrimSuffix(p.config.PublicURL, "/") + "/slack/oauth" }

// stateCookie binds an install to the browser that began it. Over https its name has the prefix
// with which a browser takes it from this host alone.
func (p *Platform) stateCookie(state string, life int) *http.Cookie {
	c := &http.Cookie{Name: stateName, Value: state, Path: "/", MaxAge: life, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(p.config.PublicURL, "https:") {
		c.Name, c.Secure = "__Host-"+stateName, true
	}
	return c
}

// installPage says what the app may do and leads to Slack. It holds no secret.
func (p *Platform) installPage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "use GET", http.StatusMethodNotAllowed)
		return
	}
	state := p.states.begin(time.Now())
	http.SetCookie(w, p.stateCookie(state, int(stateLife.Seconds())))
	query := url.Values{"client_id": {p.config.ClientID}, "scope": {strings.Join(Scopes, ",")}, "state": {state}, "redirect_uri": {p.back()}}
	var reasons []string
	for _, s := range Scopes {
		reasons = append(reasons, say("slack.scope-"+strings.ReplaceAll(s, ":", "-")))
	}
	draw(w, http.StatusOK, installView{Title: say("slack.install-title"), Text: say("slack.install-text"), Reasons: reasons,
		Link: authorize + "?" + query.Encode(), Label: say("slack.install-button")})
}

// installed takes the browser back from Slack, and trades the code for a token.
func (p *Platform) installed(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	gone := p.stateCookie("", -1)
	cookie, err := r.Cookie(gone.Name)
	state := query.Get("state")
	same := err == nil && subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(state)) == 1
	http.SetCookie(w, gone)
	if !same || !p.states.spend(state, time.Now()) {
		p.log.Warn("an install did not begin on our page, or too long ago")
		draw(w, http.StatusBadRequest, installView{Title: say("slack.install-again"), Text: say("slack.install-again-text"), Link: "/slack/install", Label: say("slack.install-button")})
		return
	}
	if query.Get("error") != "" {
		draw(w, http.StatusOK, installView{Title: say("slack.install-refused"), Text: say("slack.install-refused-text"), Link: "/slack/install", Label: say("slack.install-button")})
		return
	}
	got, err := api.GetOAuthV2ResponseContext(r.Context(), p.client, p.config.ClientID, p.config.ClientSecret, query.Get("code"), p.back(), api.OAuthOptionAPIURL(p.config.APIURL))
	var in Install
	if err == nil {
		in, err = p.install(r.Context(), got)
	}
	if err != nil {
		p.log.Error("an install failed", "error", code(err), "kind", err != nil)
		draw(w, http.StatusBadGateway, installView{Title: say("slack.install-failed"), Text: say("slack.install-again-text"), Link: "/slack/install", Label: say("slack.install-button")})
		return
	}
	draw(w, http.StatusOK, installView{Title: say("slack.install-done", "team", in.Name), Text: say("slack.install-next")})
}

type installView struct {
	Title, Text string
	Reasons     []string
	Link, Label string
}

var installTemplate = template.Must(template.New("install").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<style>body{font:1.1rem/1.5 sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem}a.button{display:inline-block;padding:.6rem 1rem;background:#1d4d4f;color:#fff}</style></head>
<body><main><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{with .Reasons}}<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{with .Link}}<p><a class="button" href="{{.}}">{{$.Label}}</a></p>{{end}}
</main></body></html>
`))

func draw(w http.ResponseWriter, status int, v installView) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = installTemplate.Execute(w, v) // nobody is left to tell
}
