// Package mail tells people by e-mail that something urgent waits for them in chat. It is
// for the hour in which chat does not reach them, or nobody there answers.
//
// An e-mail carries a reference, what to do and where; never a word of the message itself,
// for mailboxes are shared, forwarded and read on other people's screens. Nobody can answer
// it: whoever reads it goes to chat. When it is sent is the engine's business.
//
// There is one other e-mail: a checkpoint of the audit trail, for a mailbox outside the
// machine. It holds that one line and no case either.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"shareright/bot"
	"shareright/knowledge/words"
)

// Name is what addresses of this platform carry.
const Name = "email"

// How a server is spoken to in secret.
const (
	StartTLS = "starttls" // begins in the open and must change over before anything is said
	TLS      = "tls"      // from the first byte
	Open     = "none"     // never; only to a server on this machine
)

// mostWait is how long one attempt may take.
const mostWait = 8 * time.Second

// Config is what one mail server needs. Secrets are never logged.
type Config struct {
	Server   string // host and port
	TLS      string // empty means TLS on port 465, and StartTLS on others
	From     string // such as "Shareright <bot@example.org>"
	User     string // empty: the server asks for no password
	Password string
	Roots    *x509.CertPool // whom to trust; nil means whom this machine trusts
	Log      *slog.Logger

	// Dial opens a connection; nil means over the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Platform is e-mail, as the engine sees it.
type Platform struct {
	config Config
	host   string
	port   int
	from   *netmail.Address
	log    *slog.Logger
	many   sending
}

// New checks the settings. It opens no connection.
func New(c Config) (*Platform, error) {
	p := &Platform{config: c, log: c.Log}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	var wrong []error
	host, port, err := net.SplitHostPort(c.Server)
	if p.host = host; err == nil {
		p.port, err = strconv.Atoi(port)
	}
	if err != nil || host == "" {
		wrong = append(wrong, errors.New("set mail.server to host and port, such as smtp.example.org:587"))
	}
	if p.from, err = netmail.ParseAddress(c.From); err != nil || strings.ContainsAny(c.From, "\r\n") {
		wrong = append(wrong, errors.New("set mail.from to an address, such as Shareright <bot@example.org>"))
	}
	switch {
	case c.TLS == "" && p.port == 465:
		p.config.TLS = TLS
	case c.TLS == "":
		p.config.TLS = StartTLS
	case c.TLS == Open && !here(host):
		wrong = append(wrong, errors.New("mail.tls is none, which is only for a mail server on this machine; set starttls or tls"))
	case c.TLS != StartTLS && c.TLS != TLS && c.TLS != Open:
		wrong = append(wrong, fmt.Errorf("mail.tls is %q; choose starttls, tls or none", c.TLS))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return p, nil
}

// here says whether a host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Name is "email".
func (p *Platform) Name() string { return Name }

// Run has nothing to receive: it waits for the end.
func (p *Platform) Run(ctx context.Context, _ bot.Handler) error {
	<-ctx.Done()
	return nil
}

// NoticeOnly says that nobody can answer here, so that the message itself goes on to others.
func (p *Platform) NoticeOnly() bool { return true }

// Deliver sends one e-mail about a delivery, and returns its Message-ID. That is the same for each
// attempt, so that a mailbox can drop what it got twice.
func (p *Platform) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	yes, last := p.many.may(d.To.User, d.Urgent, time.Now())
	if d.Trail != "" { // one a day, which takes the place of no other
		yes, last = true, false
	}
	if !yes && !d.Legal {
		return "", &bot.Unreachable{Err: errors.New("mail: too many in a short time"), Fix: say("mail.fix-many", "who", who(d.To))}
	}
	letter, err := p.write(d, last)
	if err != nil {
		return "", &bot.Unreachable{Err: errors.New("mail: the address cannot be used"), Fix: say("mail.fix-address", "who", who(d.To))}
	}
	server, close, err := p.dial(ctx)
	if err != nil {
		return "", p.failure(err, d.To)
	}
	defer close()
	client, err := p.client(ctx)
	if err != nil {
		return "", err
	}
	if err := client.SendWithSMTPClient(server, letter); err != nil {
		return "", p.failure(err, d.To)
	}
	if d.Trail == "" {
		p.many.sent(d.To.User, time.Now())
	}
	return bot.MessageID(letter.GetMessageID()), nil
}

// client is a connection's settings for the library.
func (p *Platform) client(ctx context.Context) (*gomail.Client, error) {
	wait := mostWait
	if until, some := ctx.Deadline(); some {
		wait = max(min(wait, time.Until(until)), time.Millisecond)
	}
	_, domain, _ := strings.Cut(p.from.Address, "@")
	options := []gomail.Option{gomail.WithPort(p.port), gomail.WithTimeout(wait),
		gomail.WithHELO(domain), // not this machine's name, which is nobody's business
		gomail.WithTLSConfig(&tls.Config{ServerName: p.host, RootCAs: p.config.Roots, MinVersion: tls.VersionTLS12})}
	switch p.config.TLS {
	case TLS:
		options = append(options, gomail.WithSSL())
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if p.config.Dial != nil {
		options = append(options, gomail.WithDialContextFunc(p.config.Dial))
	}
	if p.config.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(p.config.User), gomail.WithPassword(p.config.Password))
	}
	return gomail.NewClient(p.host, options...)
}

// dial opens a connection, in secret and signed in. It is cut when ctx ends.
func (p *Platform) dial(ctx context.Context) (*smtp.Client, func(), error) {
	client, err := p.client(ctx)
	if err != nil {
		return nil, nil, err
	}
	server, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	return server, func() {
		stop()
		if err := client.CloseWithSMTPClient(server); err != nil {
			_ = server.Close()
		}
	}, nil
}

// Probe tests the server, the password, and whether the server takes mail for these addresses.
// It sends nothing.
func (p *Platform) Probe(ctx context.Context, to []string) error {
	ctx, cancel := context.WithTimeout(ctx, mostWait)
	defer cancel()
	server, close, err := p.dial(ctx)
	if err != nil {
		return p.failure(err, bot.Address{})
	}
	defer close()
	if err := server.Mail("<" + p.from.Address + ">"); err != nil {
		return p.failure(err, bot.Address{})
	}
	var refused []error
	for i, address := range to {
		if err := server.Rcpt("<" + address + ">"); err != nil {
			refused = append(refused, p.failure(err, bot.Address{Name: strconv.Itoa(i + 1)}))
		}
	}
	return errors.Join(append(refused, server.Reset())...)
}

// say is a sentence of this package.
func say(key string, fill ...string) string { return words.Say("en", key, fill...) }
