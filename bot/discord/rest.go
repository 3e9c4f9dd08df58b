package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
	"shareright/internal/punctual"
)

// newAPI is the library's session for calls only. Its gateway is not used: see gateway.go.
func newAPI(c Config, to *url.URL, limits *pace) *discordgo.Session {
	client := c.Client
	if client == nil {
		client = punctual.Client()
	}
	through := client.Transport
	if through == nil {
		through = http.DefaultTransport
	}
	return &discordgo.Session{
		Token: "Bot " + c.Token, UserAgent: "DiscordBot (https://example.org/shareright, 1)",
		Client: &http.Client{Timeout: client.Timeout, Transport: route{to: to, next: through, limits: limits}},
	}
}

// route sends each call to the address that is set: the library computed its own when it
// started, for another version. It notes what the answer says about limits.
type route struct {
	to     *url.URL
	next   http.RoundTripper
	limits *pace
}

// RoundTrip makes the call.
func (rt route) RoundTrip(r *http.Request) (*http.Response, error) {
	key := bucketOf(r.Method, r.URL.Path)
	r = r.Clone(r.Context())
	path := strings.TrimPrefix(r.URL.Path, "/api/v"+discordgo.APIVersion)
	r.URL.Scheme, r.URL.Host, r.Host = rt.to.Scheme, rt.to.Host, ""
	r.URL.Path, r.URL.RawPath = strings.TrimSuffix(rt.to.Path, "/")+path, ""
	answer, err := rt.next.RoundTrip(r)
	if err == nil {
		rt.limits.heard(key, answer.StatusCode, answer.Header, time.Now())
	}
	return answer, err
}

// call makes one call with the bot's token, unless Discord has said that it is too early
// for it. into, when not nil, takes the answer.
func (p *Platform) call(ctx context.Context, method, to string, body, into any) error {
	return p.paced(ctx, true, method, to, body, into)
}

// paced is call, for what is urgent or not. What answers an interaction never waits.
func (p *Platform) paced(ctx context.Context, urgent bool, method, to string, body, into any) error {
	key := bucketOf(method, strings.TrimPrefix(to, strings.TrimSuffix(discordgo.EndpointDiscord, "/")))
	if wait := p.pace.wait(key, urgent, time.Now()); wait > 0 {
		return &bot.Busy{Err: errors.New("discord: too early"), After: wait}
	}
	return p.send(ctx, method, to, body, into)
}

func (p *Platform) send(ctx context.Context, method, to string, body, into any) error {
	var raw []byte
	var err error
	kind := "application/json"
	if n, is := body.(note); is && n.file != nil {
		kind, raw, err = n.file.beside(n)
	} else if body != nil {
		raw, err = encoded(body)
	}
	if err != nil {
		return fmt.Errorf("encode a call: %w", err)
	}
	// A bucket of its own: the library would sleep through a limit, where the queue has better things to do.
	bucket := discordgo.NewRatelimiter().LockBucket("call")
	answer, err := p.api.RequestWithLockedBucket(method, to, kind, raw, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false))
	if err != nil {
		if isTokenGone(err) {
			p.doubtful()
		}
		return err
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("read an answer: %w", err)
	}
	return nil
}

// encoded is JSON in which &, < and > stay as they are, so that lengths are what they look like.
func encoded(body any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(body)
	return bytes.TrimSpace(out.Bytes()), err
}

// refusal is how Discord refused a call, or 0.
func refusal(err error) (status, code int) {
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) {
		return 0, 0
	}
	if rest.Message != nil {
		code = rest.Message.Code
	}
	return rest.Response.StatusCode, code
}

// isTokenGone says that Discord does not know the bot's token. An interaction's own token
// that is over is another matter.
func isTokenGone(err error) bool {
	status, code := refusal(err)
	return status == http.StatusUnauthorized && code != discordgo.ErrCodeInvalidWebhookTokenProvided
}

// retryAfter is how long Discord wants to be left alone, or 0.
func retryAfter(err error) time.Duration {
	if busy := new(bot.Busy); errors.As(err, &busy) {
		return busy.After
	}
	var limit *discordgo.RateLimitError
	if errors.As(err, &limit) && limit.RateLimit != nil && limit.TooManyRequests != nil {
		return max(limit.RetryAfter, 50*time.Millisecond)
	}
	return 0
}

// short is the error without what Discord answered, which may repeat what was sent, and
// without the address, which may hold a token.
func short(err error) error {
	if err == nil {
		return nil
	}
	var address *url.Error
	status, code := refusal(err)
	switch {
	case status != 0:
		return fmt.Errorf("discord refused with status %d, code %d", status, code)
	case retryAfter(err) > 0:
		return errors.New("discord asks to wait")
	case errors.As(err, &address):
		if address.Timeout() {
			return errors.New("discord took too long")
		}
		return fmt.Errorf("discord cannot be reached: %T", address.Err)
	case strings.HasPrefix(err.Error(), "Exceeded Max retries"):
		return errors.New("discord is out of order")
	}
	return err
}
