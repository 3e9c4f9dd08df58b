package mail

import (
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"shareright/bot"
	"shareright/knowledge/words"
)

// reference is what may stand in an e-mail as a reference. Anything else is left out.
var reference = regexp.MustCompile(`^[A-Z]{2,4}-[0-9A-Z]{2,12}$`)

// checkpoint is what may stand in an e-mail of the audit trail: two names, a number and a code.
var checkpoint = regexp.MustCompile(`^trail [0-9a-z-]{1,80} [1-9][0-9]{0,18} [0-9a-f]{64}$`)

// write makes the e-mail about a delivery. Nothing of the message itself goes into it.
// The last one for a while says so.
func (p *Platform) write(d bot.Delivery, last bool) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(p.from)
	if err := m.To(d.To.User); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(p.from.Address, "@")
	m.SetMessageIDWithValue(d.Once + "@" + domain)
	m.SetDateWithValue(time.Now().UTC())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // so that no holiday note answers
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	subject, body := text(d)
	m.Subject(subject)
	if last {
		body = say("mail.last") + "\r\n\r\n" + body
	}
	m.SetBodyString(gomail.TypeTextPlain, body)
	return m, nil
}

// text is the subject and the body.
func text(d bot.Delivery) (subject, body string) {
	if checkpoint.MatchString(d.Trail) {
		lines := []string{say("mail.trail-keep"), "", d.Trail, "", say("mail.trail-why"), say("mail.trail-check")}
		return say("mail.trail-subject"), strings.Join(lines, "\r\n") + "\r\n"
	}
	subject, first := say("mail.subject"), say("mail.waits")
	if ref := string(d.About); reference.MatchString(ref) {
		subject, first = say("mail.subject-ref", "ref", ref), say("mail.waits-ref", "ref", ref)
	}
	lines := []string{first, say("mail.why"), "", say("mail.do"), ""}
	for _, at := range d.Chat {
		lines = append(lines, "  "+strings.TrimSpace(place(at)))
	}
	if len(d.Chat) == 0 {
		lines = append(lines, "  "+say("mail.in-chat"))
	}
	lines = append(lines, "", say("mail.down"), say("mail.danger"), "", say("mail.no-details"))
	return subject, strings.Join(lines, "\r\n") + "\r\n"
}

// place is where in chat the message waits.
func place(at bot.Waiting) string {
	name := at.Platform
	if words.Has("mail.on-" + at.Platform) {
		name = say("mail.on-" + at.Platform)
	}
	if at.Channel {
		return say("mail.in-channel", "name", name, "link", at.Link)
	}
	return say("mail.in-messages", "name", name, "link", at.Link)
}
