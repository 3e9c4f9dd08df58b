package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"shareright/bot"
	"shareright/knowledge/words"
)

// code is the server's three figures, or 0 when it gave none.
func code(err error) int {
	var said *textproto.Error
	if errors.As(err, &said) {
		return said.Code
	}
	var failed *gomail.SendError
	if errors.As(err, &failed) {
		return failed.ErrorCode()
	}
	return 0
}

// failure tells the queue what kind of failure it was: one that no retry mends, or another. It
// never holds the library's words, for those name the address.
func (p *Platform) failure(err error, to bot.Address) error {
	n := code(err)
	short := errors.New("mail: the server does not answer")
	if n > 0 {
		short = fmt.Errorf("mail: the server says %d", n)
	}
	gone := func(key string) error {
		return &bot.Unreachable{Err: short, Fix: say(key, "who", who(to), "code", fmt.Sprint(n), "server", p.config.Server)}
	}
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted), n == 0 && strings.Contains(err.Error(), "STARTTLS"):
		short = errors.New("mail: the server cannot be spoken to in secret")
		return gone("mail.fix-tls")
	case n == 530, n == 534, n == 535, n == 538, n == 0 && strings.Contains(err.Error(), "SMTP AUTH"), n == 0 && strings.Contains(err.Error(), "SMTP Auth"):
		return gone("mail.fix-login")
	case n == 550, n == 551, n == 553, n == 556, n == 501:
		return gone("mail.fix-address")
	case n >= 500:
		return gone("mail.fix-refused")
	}
	return short
}

// who is what people call the holder of an address: a role, never the address.
func who(to bot.Address) string {
	if !words.Has("bot.role-" + to.Name) {
		return say("mail.somebody")
	}
	return say("bot.role-" + to.Name)
}
