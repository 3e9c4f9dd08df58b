// Package discord delivers the bot's messages to Discord: it draws and escapes them, posts
// and edits them, and says of a failure whether trying again can help. What the messages
// say and when they go out is decided elsewhere. It draws no buttons and receives nothing.
package discord

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/knowledge/words"
)

// Name is the platform's name in addresses.
const Name = "discord"

// Sender posts to Discord as one bot. It is safe for concurrent use.
type Sender struct{ api *discordgo.Session }

// NewSender returns a sender with the bot's token. An empty apiURL means Discord itself.
func NewSender(token, apiURL string) (*Sender, error) {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, fmt.Errorf("make a Discord session: %w", err)
	}
	s.StateEnabled = false
	s.MaxRestRetries = 0 // repeating is the queue's work
	s.ShouldRetryOnRateLimit = false
	s.Client = &http.Client{Timeout: 20 * time.Second}
	if apiURL != "" {
		to, err := url.Parse(apiURL)
		if err != nil || to.Host == "" {
			return nil, fmt.Errorf("DISCORD_API_URL is no web address")
		}
		s.Client.Transport = redirect{to}
	}
	return &Sender{api: s}, nil
}

// redirect sends calls to another host: the library computed its addresses when it started.
type redirect struct{ to *url.URL }

func (rt redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = rt.to.Scheme, rt.to.Host, ""
	return http.DefaultTransport.RoundTrip(r)
}

func say(key string, fill ...string) string { return words.Say("en", key, fill...) }
