package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"shareright/internal/caught"
)

// gateway keeps a connection open on which Discord tells what people do. The library's own
// can wait for ever when Discord asks it to reconnect while it connects, and a new session
// of it cannot go on where the old one was, so that what happened in between is lost. Here
// every step has a time limit, and each new connection resumes the session.
type gateway struct {
	token string
	find  func(context.Context) (string, error)
	take  func(name string, data json.RawMessage)
	log   *slog.Logger
	met   func() // called when a session stands; nil for nothing

	mu      sync.Mutex
	session string // what to resume; empty: begin anew
	resume  string // where
	seq     int64  // the last event of the session
	live    bool
	fatal   error           // Discord refuses us for good, or until somebody mends a setting
	guilds  map[string]bool // servers the bot is in; false while one is out of order
	begun   []time.Time     // when sessions were begun in the last day
	wait    time.Duration   // after the last failure
}

// The intents: servers the bot is in, and what people write to it directly. No words of
// anybody's messages in channels, no members, no presence.
const intents = 1<<0 | 1<<12

// What the frames of the gateway mean.
const (
	opEvent     = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAlive     = 11
)

const (
	dialLimit  = 10 * time.Second
	helloLimit = 10 * time.Second
	readyLimit = 20 * time.Second
	writeLimit = 5 * time.Second
	firstWait  = 50 * time.Millisecond
	longWait   = 30 * time.Second
	fatalWait  = time.Minute
	maxFrame   = 16 << 20 // a server with many channels is described in one frame
	maxBegun   = 900      // sessions in a day; Discord takes the token away at 1,000
)

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Name string          `json:"t"`
}

// unanswered says that Discord did not tell where to connect.
type unanswered struct{ err error }

func (u *unanswered) Error() string { return "ask for the gateway: " + short(u.err).Error() }
func (u *unanswered) Unwrap() error { return u.err }

// errAgain is the end of a connection after which the next one may follow at once.
var errAgain = errors.New("discord asked for a new connection")

// errInvalid is the end of a session that Discord does not know, or not now.
var errInvalid = errors.New("discord does not take the session")

// run keeps the connection open until ctx ends.
func (g *gateway) run(ctx context.Context) {
	wait := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		began := time.Now()
		wasReady, err := g.once(ctx)
		if ctx.Err() != nil {
			return
		}
		wait = g.pause(time.Since(began), wasReady, err)
		g.log.Info("the connection to discord is over; connecting again", "wait", wait, "error", err)
	}
}

// pause is how long to wait for the next connection: hardly at all after one that worked,
// else twice as long as before, with some chance in it.
func (g *gateway) pause(lasted time.Duration, wasReady bool, err error) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.begun = slices.DeleteFunc(g.begun, func(t time.Time) bool { return now.Sub(t) > 24*time.Hour })
	if len(g.begun) >= maxBegun {
		g.log.Error("too many sessions were begun in a day; waiting, so that Discord does not take the token away")
		return g.begun[0].Add(24 * time.Hour).Sub(now)
	}
	if wasReady && lasted > time.Second {
		g.wait = 0
	}
	g.wait = min(max(2*g.wait, firstWait), longWait)
	switch {
	case g.fatal != nil:
		return fatalWait
	case errors.Is(err, errInvalid):
		return time.Second + rand.N(time.Second) // as Discord asks for
	case errors.Is(err, errAgain) && g.wait < time.Second:
		return firstWait
	}
	return max(g.wait/2+rand.N(g.wait)/2, retryAfter(err))
}

// once opens one connection and reads it until it is over.
func (g *gateway) once(ctx context.Context) (wasReady bool, err error) {
	conn, err := g.dial(ctx)
	if err != nil {
		return false, err
	}
	c := &line{conn: conn}
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // wakes the reader
	defer stop()
	every, err := c.hello()
	if err != nil {
		return false, err
	}
	if err := g.greet(c); err != nil {
		return false, err
	}
	beats := &heart{every: every, line: c, seq: g.lastSeq}
	go func() { _ = caught.Run(g.log, "the heartbeat", func() { beats.run(ctx) }) }()
	_ = conn.SetReadDeadline(time.Now().Add(readyLimit))
	defer g.down()
	for {
		f, err := c.read()
		if err != nil {
			return wasReady, g.closed(err, beats)
		}
		ready, err := g.frame(c, f, beats)
		if err != nil {
			return wasReady, err
		}
		if ready && !wasReady {
			wasReady = true
		}
		if wasReady {
			_ = conn.SetReadDeadline(time.Now().Add(2*every + writeLimit)) // a heartbeat is answered within each
		}
	}
}

func (g *gateway) dial(ctx context.Context) (*websocket.Conn, error) {
	g.mu.Lock()
	address := g.resume
	if g.session == "" {
		address = ""
	}
	g.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 2*dialLimit)
	defer cancel()
	if address == "" {
		var err error
		if address, err = g.find(ctx); err != nil {
			return nil, &unanswered{err}
		}
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the gateway cannot be read")
	}
	if at.Path == "" {
		at.Path = "/"
	}
	at.RawQuery = "v=10&encoding=json"
	dialer := websocket.Dialer{Proxy: websocket.DefaultDialer.Proxy, HandshakeTimeout: dialLimit}
	conn, _, err := dialer.DialContext(ctx, at.String(), nil)
	if err != nil {
		g.mu.Lock()
		g.resume = "" // where the session was may be out of order; the main gateway resumes it too
		g.mu.Unlock()
		return nil, fmt.Errorf("dial the gateway: %T", err)
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// greet resumes the session, or begins one.
func (g *gateway) greet(c *line) error {
	g.mu.Lock()
	session, seq := g.session, g.seq
	if session == "" {
		g.begun = append(g.begun, time.Now())
	}
	g.mu.Unlock()
	if session != "" {
		return c.write(opResume, map[string]any{"token": g.token, "session_id": session, "seq": seq})
	}
	return c.write(opIdentify, map[string]any{"token": g.token, "intents": intents,
		"properties": map[string]string{"os": "linux", "browser": "shareright", "device": "shareright"}})
}

// frame takes one frame. ready is true once the session stands.
func (g *gateway) frame(c *line, f frame, beats *heart) (ready bool, err error) {
	switch f.Op {
	case opEvent:
		return g.event(f), nil
	case opHeartbeat:
		return false, c.write(opHeartbeat, g.lastSeq())
	case opAlive:
		beats.answered()
	case opReconnect:
		return false, errAgain
	case opInvalid:
		var resumable bool
		_ = json.Unmarshal(f.Data, &resumable) // anything else is no
		if !resumable {
			g.forget()
		}
		return false, errInvalid
	}
	return false, nil
}

func (g *gateway) event(f frame) (ready bool) {
	g.mu.Lock()
	if f.Seq > 0 {
		g.seq = f.Seq
	}
	g.mu.Unlock()
	switch f.Name {
	case "READY":
		var r struct {
			Session string `json:"session_id"`
			Resume  string `json:"resume_gateway_url"`
			Guilds  []struct {
				ID string `json:"id"`
			} `json:"guilds"`
		}
		if err := json.Unmarshal(f.Data, &r); err != nil {
			g.log.Warn("discord greeted in a way that cannot be read", "error", fmt.Sprintf("%T", err))
		}
		g.mu.Lock()
		g.session, g.resume, g.live, g.fatal, g.guilds = r.Session, r.Resume, true, nil, map[string]bool{}
		for _, guild := range r.Guilds {
			g.guilds[guild.ID] = true
		}
		g.mu.Unlock()
		g.log.Info("connected to discord", "servers", len(r.Guilds))
		if g.met != nil {
			g.met()
		}
		return true
	case "RESUMED":
		g.mu.Lock()
		g.live, g.fatal = true, nil
		g.mu.Unlock()
		return true
	case "GUILD_CREATE", "GUILD_DELETE":
		g.guild(f)
	default:
		_ = caught.Run(g.log, "an event", func() { g.take(f.Name, f.Data) }, "name", f.Name)
	}
	return false
}

// closed is what the end of a connection means: some ends are for good, some end the session.
func (g *gateway) closed(err error, beats *heart) error {
	if beats.lost() {
		return errors.New("heartbeats were not answered")
	}
	var end *websocket.CloseError
	if !errors.As(err, &end) {
		return fmt.Errorf("%T", err)
	}
	switch end.Code {
	case 4004:
		g.refuse(say("discord.fix-token"))
	case 4013, 4014:
		g.refuse(say("discord.fix-intents"))
	case 4010, 4011, 4012:
		g.refuse(say("discord.fix-gateway", "code", fmt.Sprint(end.Code)))
	case 1000, 1001, 4003, 4007, 4009:
		g.forget()
	}
	return fmt.Errorf("discord closed the connection with code %d", end.Code)
}

func (g *gateway) refuse(fix string) {
	g.forget()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fatal = errors.New("discord: " + fix)
	g.log.Error("discord refuses the connection", "fix", fix)
}

// forget begins a new session next time.
func (g *gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session, g.resume, g.seq = "", "", 0
}

func (g *gateway) down() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.live = false
}

func (g *gateway) lastSeq() any {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seq == 0 {
		return nil
	}
	return g.seq
}
