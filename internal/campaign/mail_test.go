//go:build failpoint

package campaign

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/mail/mailtest"
	knowledge "shareright/knowledge/breach"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// mailboxes are the e-mail addresses of those in charge.
var mailboxes = map[bot.Role]string{bot.DPLead: "lead@example.org", bot.Deputy: "deputy@example.org", bot.Trustee: "trustee@example.org"}

// newMail starts a mail server, and says with which settings the program finds it and trusts it.
func newMail(t *testing.T, dir string) (*mailtest.Server, []string) {
	t.Helper()
	s, err := mailtest.New(func(s *mailtest.Server) { s.User, s.Secret = "bot", "example" })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Stop()
		for _, what := range s.Wrong() {
			t.Errorf("mail: %s", what)
		}
	})
	trusted := filepath.Join(dir, "mail.pem")
	if err := os.WriteFile(trusted, s.File, 0o600); err != nil {
		t.Fatal(err)
	}
	return s, []string{"SSL_CERT_FILE=" + trusted, "SHARERIGHT_MAIL_SERVER=" + s.Address, "SHARERIGHT_MAIL_TLS=starttls",
		"SHARERIGHT_MAIL_FROM=Shareright <bot@example.org>", "SHARERIGHT_MAIL_USER=" + s.User, "SHARERIGHT_MAIL_PASSWORD=" + s.Secret,
		"SHARERIGHT_TEST_LETTERS=100000", // so that each one that must come does: a crowd reports more in a minute than a charity in years
		"SHARERIGHT_EMAIL_DP_LEAD=" + mailboxes[bot.DPLead], "SHARERIGHT_EMAIL_DEPUTY=" + mailboxes[bot.Deputy], "SHARERIGHT_EMAIL_TRUSTEE=" + mailboxes[bot.Trustee]}
}

// letter is an e-mail as whoever gets it sees it.
type letter struct {
	to, id  string
	ref     bot.Ref  // empty where it names none
	strange []string // what is in it and is no sentence of an e-mail's own
}

// headers are all that an e-mail may have.
var headers = []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}

// sentences are all that an e-mail may say. What somebody typed fits into none of their gaps.
var sentences = only(`mail.subject`, `mail.subject-ref`, `mail.waits`, `mail.waits-ref`, `mail.why`, `mail.do`, `mail.in-chat`, `mail.in-channel`, `mail.in-messages`, `mail.down`, `mail.danger`, `mail.no-details`, `mail.last`)

func only(keys ...string) *regexp.Regexp {
	fits := strings.NewReplacer(`\{ref\}`, `([A-Z]{2}-[0-9A-Z]{4})`, `\{name\}`, `(?:Slack|Discord)`, ` \{link\}`, `(?: https?://\S+)?`)
	var all []string
	for _, key := range keys {
		all = append(all, fits.Replace(regexp.QuoteMeta(words.Say("en", key))))
	}
	return regexp.MustCompile(`^(?:` + strings.Join(all, "|") + `)$`)
}

// read opens an e-mail. It is strange where it says more than the sentences.
func read(l mailtest.Letter) letter {
	got := letter{to: strings.Join(l.To, ", "), id: strings.Trim(l.Header.Get("Message-Id"), "<>")}
	for name := range l.Header {
		if !slices.Contains(headers, name) {
			got.strange = append(got.strange, "header "+name)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(l.Header.Get("Subject"))
	body, err2 := io.ReadAll(quotedprintable.NewReader(strings.NewReader(l.Body)))
	if err != nil || err2 != nil {
		got.strange = append(got.strange, "what cannot be read")
	}
	for _, text := range append(strings.Split(string(body), "\n"), subject) {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		found := sentences.FindStringSubmatch(text)
		if found == nil {
			got.strange = append(got.strange, text)
		}
		for _, ref := range found[min(1, len(found)):] {
			if ref != "" {
				got.ref = bot.Ref(ref)
			}
		}
	}
	return got
}

// judgeMail compares the e-mails that came with what the engine says it has sent, and with what the
// ledger says must have come. One Message-ID may come again: by it a mailbox knows what it has
// already. deaf says that the lead cannot be reached in chat. It counts what came again.
func (s scene) judgeMail(j *judgment, came []mailtest.Letter, l *ledger, deaf bool) (repeats int) {
	sent, there, told := s.sentByMail(), map[string]bool{}, map[string]bool{}
	for _, raw := range came {
		x := read(raw)
		one := x.to + " " + x.id
		switch {
		case len(x.strange) > 0:
			j.wrong("I9", "an e-mail says what it may not: %q", x.strange)
		case !slices.Contains(values(mailboxes), x.to):
			j.wrong("I10", "an e-mail went to %s, where none belongs", x.to)
		case x.ref != "" && s.cases[x.ref].People == nil:
			j.wrong("I2", "an e-mail is about %s, which nobody reported", x.ref)
		case there[one]:
			repeats++
		case sent[one] == "":
			j.wrong("I3", "an e-mail about %s to %s is not known to have been sent: its reader gets another for the same", x.ref, x.to)
		}
		there[one], told[x.to+" "+string(x.ref)] = true, true
	}
	for one, post := range sent {
		if !there[one] {
			j.wrong("I1", "the post %s counts as sent to %s, and is not there", post, one)
		}
	}
	s.judgeNotices(j, told, l, deaf)
	return repeats
}

// sentByMail is the post by mailbox and Message-ID, as the engine has it.
func (s scene) sentByMail() map[string]string {
	sent := map[string]string{}
	for key, p := range s.posts {
		for _, one := range p.Sent {
			if one.At.Platform == "email" {
				sent[one.At.User+" "+strings.Trim(string(one.ID), "<>")] = key
			}
		}
	}
	return sent
}

// judgeNotices looks for the e-mails that somebody must have got. told is by mailbox and reference.
func (s scene) judgeNotices(j *judgment, told map[string]bool, l *ledger, deaf bool) {
	waiting := s.undelivered()
	for key, p := range s.posts {
		to := mailboxes[p.To.Role]
		if !p.To.Loud || waiting[key] || to == "" || len(p.To.Not) > 0 || p.Class.Lane() > scheduler.Escalation.Lane() {
			continue
		}
		if !slices.ContainsFunc(p.Sent, func(one arrived) bool { return one.At.User == to }) {
			j.wrong("I1", "the post %s goes by every way and did not go by e-mail", key)
		}
	}
	reports, _, deeds := l.copied()
	for ref, b := range s.cases {
		if b.People == nil {
			continue
		}
		rep := reports[*b.People]
		if deaf && rep.Acked && !told[mailboxes[bot.DPLead]+" "+string(ref)] {
			j.wrong("I1", "report %d was acknowledged as %s, and the lead, whom chat does not reach, got no e-mail", rep.Number, ref)
		}
		if _, tried := deeds[deed{ref, "take"}]; tried || !rep.Acked {
			continue
		}
		for _, role := range warned(b.Aware, b.Reported, s.now.Add(-time.Minute)) {
			if !told[mailboxes[role]+" "+string(ref)] {
				j.wrong("I1", "nobody has taken %s, its time runs out, and the %s got no e-mail", ref, role)
			}
		}
	}
}

// warned says who must have heard by now that the time of a case runs out which nobody has taken.
func warned(aware, reported, now time.Time) (roles []bot.Role) {
	for _, left := range append(slices.Clone(knowledge.Remaining[:]), 0) {
		at := aware.Add(knowledge.Limit - left)
		if over := left == 0 && !at.After(reported); at.After(now) || reported.After(now) || !at.After(reported) && !over {
			continue
		}
		roles = append(roles, bot.DPLead)
		if left <= 12*time.Hour {
			roles = append(roles, bot.Deputy)
		}
		if left <= 4*time.Hour {
			roles = append(roles, bot.Trustee)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

func values(m map[bot.Role]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}
