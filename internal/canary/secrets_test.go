package canary

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
)

// torn is a bad way to a platform. While it is torn, calls of each kind end in turn with no
// connection, too late, and with the page of some machine between, which repeats what was sent.
type torn struct {
	strays chan struct{} // one for each socket that was to be opened where nobody listens
	direct chan struct{} // one for each answer in Discord that could only be given by direct message

	mu    sync.Mutex
	torn  bool
	round int
	tries map[string]int
	used  strings.Builder // everything that went this way
	fails int
}

// opens is the call that is answered with the address of a socket.
const opens = "apps.connections.open"

func (w *torn) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body) // what cannot be read is not sent either
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	sent := fmt.Sprintf("%s %s %s %s", r.Method, r.URL, r.Header, body)
	switch w.meets(r.Method+strings.TrimRight(path.Base(r.URL.Path), "0123456789"), sent) {
	case 1:
		return nil, fmt.Errorf("dial %s: connection refused", r.URL)
	case 2:
		return between(r, http.StatusBadGateway, sent), nil
	case 3:
		return nil, context.DeadlineExceeded
	case 4:
		return between(r, http.StatusForbidden, sent), nil
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && strings.HasSuffix(r.URL.Path, opens) {
		return w.astray(r, answer)
	}
	return answer, err
}

// meets says what the next call of a kind meets; 0 is nothing.
func (w *torn) meets(kind, sent string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.used.WriteString(sent + "\n")
	if !w.torn {
		return 0
	}
	w.tries[kind]++
	how := w.tries[kind] % 6
	switch {
	case strings.HasSuffix(kind, opens):
		how = w.tries[kind] % 2 // the other one is led astray
	case strings.HasSuffix(kind, "callback"):
		how = w.round // it is tried until it is too late
	case strings.Contains(sent, "recipient_id") && !strings.Contains(sent, `"recipient_id":"9"`):
		w.direct <- struct{}{}
	}
	if how > 0 && how < 5 {
		w.fails++
	}
	return how
}

// between is the page of a machine that stands between us and the platform.
func between(r *http.Request, status int, sent string) *http.Response {
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader("<h1>Trouble</h1> " + sent)), Request: r}
}

// astray hands on where a socket is to be opened. While the way is torn that is where nobody listens.
func (w *torn) astray(r *http.Request, answer *http.Response) (*http.Response, error) {
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.used.Write(body)
	if w.torn {
		body = bytes.Replace(body, []byte(r.URL.Host), []byte("127.0.0.1:1"), 1)
		select {
		case w.strays <- struct{}{}:
		default:
		}
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return answer, err
}

func (w *torn) tear(yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn = yes
	if yes {
		w.round++
	}
}

// seen is what went this way, and how often it failed.
func (w *torn) seen() (used string, fails int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.used.String(), w.fails
}

// doors are the program on the real platforms, in front of fakes that everything goes wrong with.
type doors struct {
	*testing.T
	config  config.Config
	slack   *slacktest.Server
	discord *discordtest.Server
	ways    []bot.Platform
	way     *torn
	log     *lines
	errors  string // what calls ended with
}

// With the real platforms, at the most talkative log and with each kind of failure, what opens
// a door is written nowhere: the bots' tokens, the addresses and tokens at which one answer is
// given, the tickets of connections.
func TestNoTokenIsWrittenAnywhere(t *testing.T) {
	d := &doors{T: t, slack: slacktest.New(t), discord: discordtest.New(t), log: &lines{}, way: &torn{tries: map[string]int{}, strays: make(chan struct{}, 1), direct: make(chan struct{}, 100)}}
	defer d.open()()
	d.people("1")
	for _, user := range []string{"2", "3", "4", "5"} {
		d.way.tear(true)
		d.people(user)
		d.posts()
		for len(d.way.strays) > 0 {
			<-d.way.strays
		}
		d.slack.Drop()
		d.discord.Drop()
		d.await("a socket that was led astray", d.way.strays)
		d.await("an answer by direct message", d.way.direct)
		d.way.tear(false)
		d.slack.Ready(1)
		d.discord.Ready()
	}
	secrets := []string{slacktest.BotToken, slacktest.AppToken, discordtest.Token, "/response/r0", "ticket0", "token-1"}
	used, fails := d.way.seen()
	for _, secret := range secrets {
		if !strings.Contains(used, secret) {
			t.Errorf("%q was never used, so its absence proves little", secret)
		}
	}
	text := d.log.String()
	for _, told := range []string{"the response URL cannot be reached", "response URL: status 403", "no connection to slack", "discord cannot be reached",
		"an answer did not reach discord", "cannot be read"} {
		if !strings.Contains(text+d.errors, told) {
			t.Errorf("nothing says %q, so the absence of tokens proves little:\n%s", told, text)
		}
	}
	absent(t, "the log", text, secrets...)
	absent(t, "an error", d.errors, secrets...)
	absent(t, "the figures", page(t, "http://"+d.config.MetricsAddr+"/metrics"), secrets...)
	absent(t, "the health page", page(t, "http://"+d.config.HTTPAddr+"/readyz"), secrets...)
	absentFromFiles(t, d.config.Data, secrets)
	t.Logf("%d calls failed, %d bytes of log, %d of errors", fails, len(text), len(d.errors))
}

// open starts the program, and returns what ends it.
func (d *doors) open() func() {
	d.Helper()
	d.slack.AckLimit, d.discord.AckLimit = time.Second, 300*time.Millisecond
	d.slack.AllowFiles()
	logger := slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := &http.Client{Transport: d.way, Timeout: 5 * time.Second}
	d.config = config.Default()
	d.config.Data, d.config.HTTPAddr, d.config.MetricsAddr = d.TempDir(), free(d.T), free(d.T)
	d.config.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "slack", ID: "U0LEAD"}}, "deputy": {{Platform: "discord", ID: "9"}}}
	p, err := program.Open(d.Context(), d.config, parts.All(), program.Options{Log: logger})
	if err != nil {
		d.Fatal(err)
	}
	in, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: d.slack.URL(), Log: logger, Client: client})
	if err != nil {
		d.Fatal(err)
	}
	over, err := discord.New(discord.Config{Token: discordtest.Token, PublicKey: d.discord.PublicKey(), GuildID: discordtest.Guild, APIURL: d.discord.URL(),
		Commands: p.Bot.Commands(), Files: true, Log: logger, Client: client})
	if err != nil {
		d.Fatal(err)
	}
	d.ways = []bot.Platform{in, over}
	server := &program.Server{Program: p, Platforms: d.ways, Log: logger}
	ctx, cancel := context.WithCancel(d.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	d.slack.Ready(2)
	d.discord.Ready()
	return func() {
		cancel()
		if err := <-done; err != nil {
			d.Error(err)
		}
		if err := p.Close(); err != nil {
			d.Error(err)
		}
	}
}

func (d *doors) await(what string, happened chan struct{}) {
	d.Helper()
	select {
	case <-happened:
	case <-time.After(30 * time.Second):
		d.Fatalf("waited in vain for %s", what)
	}
}

// people do what opens each kind of door, and something comes that cannot be read.
func (d *doors) people(user string) {
	for _, command := range []string{"/breach", "/canishare", "/dp"} {
		asked := d.slack.Begin("slash_commands", d.slack.SlashPayload("U0JO", command, "help"))
		looked := d.slack.Begin("slash_commands", d.slack.SlashPayload("U0LEAD", command, ""))
		<-asked
		<-looked
	}
	<-d.discord.Begin(d.discord.CommandPayload(user, discordtest.Channel, "breach"))
	broken := d.slack.SlashPayload("U0JO", "/breach", "help")
	broken["team_id"] = 7
	<-d.slack.Begin("slash_commands", broken)
	strange := d.discord.CommandPayload(user, discordtest.Channel, "breach")
	strange["data"] = "token-1"
	d.discord.Dispatch("INTERACTION_CREATE", strange)
}

// posts are made, and the ways looked after; what that ends with is kept by the queue, and logged.
func (d *doors) posts() {
	for n, to := range []bot.Address{{Platform: "slack", User: "U0LEAD"}, {Platform: "discord", User: "9"}} {
		post := bot.Delivery{To: to, Message: *bot.Say("Look at this"), Once: fmt.Sprint("once", n)}
		for range 2 {
			_, err := d.ways[n].Deliver(d.Context(), post)
			d.ends(err)
			_, err = d.ways[n].(bot.Filer).DeliverFile(d.Context(), post, "list.csv", []byte("a,b"))
			d.ends(err)
		}
		if way, can := d.ways[n].(interface {
			Reach(context.Context, bot.Address) error
		}); can {
			d.ends(way.Reach(d.Context(), to))
		}
	}
	_, _, in := d.ways[0].(*slack.Platform).Examine(d.Context(), []string{"C0DP"}, []string{"U0LEAD"})
	_, over := d.ways[1].(*discord.Platform).Examine(d.Context(), []string{discordtest.Channel}, []string{"9"})
	d.errors += fmt.Sprintf("%+v\n%+v\n", in, over)
}

func (d *doors) ends(err error) {
	if err != nil {
		d.errors += fmt.Sprintf("%v %+v %#v\n", err, err, err)
	}
}
