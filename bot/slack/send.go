package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// send carries out one step after the acknowledgement.
func (p *Platform) send(ctx context.Context, in incoming, s step) error {
	switch {
	case s.open != nil:
		return p.open(ctx, in, *s.open)
	case s.update != nil:
		return p.update(ctx, in, *s.update, s.anyway)
	case s.home != nil:
		client, err := p.reach(in.event.Workspace)
		if err != nil {
			return err
		}
		err = p.call(ask{team: in.event.Workspace, method: "views.publish"}, true, func() error {
			_, err := client.PublishViewContext(ctx, api.PublishViewContextRequest{UserID: in.event.User, View: home(s.home)})
			return err
		})
		if err != nil {
			return fmt.Errorf("publish the home tab: %w", err)
		}
		return nil
	case s.note != nil:
		return p.tell(ctx, in, *s.note)
	}
	return p.tell(ctx, in, ephemeral(*s.tell))
}

// open shows a modal. A trigger lives three seconds: when it is over, or Slack refuses
// for another reason, the person gets a button that opens the form afresh.
func (p *Platform) open(ctx context.Context, in incoming, drawn api.ModalViewRequest) error {
	client, err := p.reach(in.event.Workspace)
	if err != nil {
		return err
	}
	err = p.call(ask{team: in.event.Workspace, method: "views.open"}, true, func() error {
		_, err := client.OpenViewContext(ctx, in.trigger, drawn)
		return err
	})
	if err == nil || code(err) == "exchanged_trigger_id" {
		return nil // used before: by the first delivery of this very event
	}
	kept := metadataOf(&view{Metadata: drawn.PrivateMetadata})
	told := p.tell(ctx, in, ephemeral(*late(kept.Session)))
	return errors.Join(fmt.Errorf("open a form: %w", err), told)
}

// update replaces the modal on the screen. It gives the hash of what the person saw, so
// that an older page never covers a newer one, unless we ourselves put something there.
func (p *Platform) update(ctx context.Context, in incoming, drawn api.ModalViewRequest, anyway bool) error {
	if in.view == nil {
		return errors.New("update a form: there is none")
	}
	hash := in.view.Hash
	if anyway {
		hash = ""
	}
	client, err := p.reach(in.event.Workspace)
	if err != nil {
		return err
	}
	err = p.call(ask{team: in.event.Workspace, method: "views.update"}, true, func() error {
		_, err := client.UpdateViewContext(ctx, drawn, "", hash, in.view.ID)
		return err
	})
	if err == nil || code(err) == "hash_conflict" {
		return nil
	}
	err = fmt.Errorf("update a form: %w", err)
	if kept := metadataOf(&view{Metadata: drawn.PrivateMetadata}); kept.Session != "" && isBusy(err) {
		return errors.Join(err, p.tell(ctx, in, ephemeral(*late(kept.Session))))
	}
	return err
}

// tell shows a reply to the person who acted, and to nobody else: at the response URL,
// which works where the bot is no member; else in the channel; else by direct message.
func (p *Platform) tell(ctx context.Context, in incoming, n note) error {
	if in.response != "" {
		if in.used != "" {
			replace := true
			n.Replace = &replace
		}
		err := p.respond(ctx, in.response, n)
		if err == nil {
			return nil
		}
		p.log.Info("a response URL did not work; trying another way", "event", in.event.ID, "error", err)
	}
	to := bot.Address{Platform: Name, Workspace: in.event.Workspace, Channel: in.channel, User: in.event.User, Thread: in.thread}
	_, err := p.private(ctx, to, n)
	return err
}

// respond posts to a response URL; Slack allows five posts in 30 minutes.
func (p *Platform) respond(ctx context.Context, address string, n note) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encode a reply: %w", err)
	}
	for try := 1; ; try++ {
		wait, err := p.respondOnce(ctx, address, body)
		if err == nil || wait == 0 || try == 3 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// respondOnce returns how long to wait before another try; 0 when none would help.
func (p *Platform) respondOnce(ctx context.Context, address string, body []byte) (time.Duration, error) {
	if !p.slacks(address) {
		return 0, errors.New("the response URL is none of Slack's")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, errors.New("the response URL cannot be read") // the error would hold the URL, which is a secret
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := p.straight().Do(request)
	if err != nil {
		return 0, errors.New("the response URL cannot be reached") // the error would hold the URL
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // so that the connection is used again
	switch {
	case response.StatusCode < 300:
		return 0, nil
	case response.StatusCode == http.StatusTooManyRequests:
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || seconds < 1 {
			seconds = 1
		}
		return time.Duration(seconds) * time.Second, fmt.Errorf("response URL: status %d", response.StatusCode)
	case response.StatusCode >= 500:
		return 200 * time.Millisecond, fmt.Errorf("response URL: status %d", response.StatusCode)
	}
	return 0, fmt.Errorf("response URL: status %d", response.StatusCode)
}

// place is where a dialogue was begun. Response URLs are kept in memory only: losing them
// in a restart costs no reply, for there are other ways.
type place struct {
	channel, response string
	until             time.Time
}

// places remembers for half an hour where each dialogue was begun, at most maxPlaces.
// The zero places are ready for use.
type places struct {
	mu  sync.Mutex
	by  map[string]place
	due []string // sessions, oldest first
}

const (
	maxPlaces = 5000
	placeLife = 29 * time.Minute // Slack's 30, less what a reply takes
)

func (l *places) remember(session string, at place, now time.Time) {
	if session == "" || at.response == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = map[string]place{}
	}
	for len(l.due) > 0 && (len(l.due) >= maxPlaces || now.After(l.by[l.due[0]].until)) {
		delete(l.by, l.due[0])
		l.due = l.due[1:]
	}
	if _, known := l.by[session]; !known {
		l.due = append(l.due, session)
	}
	at.until = now.Add(placeLife)
	l.by[session] = at
}

func (l *places) recall(session string, now time.Time) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, known := l.by[session]
	if !known || now.After(at.until) {
		return ""
	}
	return at.response
}
