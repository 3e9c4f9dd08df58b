package mail_test

import (
	"context"
	"errors"
	"mime"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/mail"
	"shareright/bot/mail/mailtest"
)

const lead = "sam@example.org"

func server(t *testing.T, set ...func(*mailtest.Server)) *mailtest.Server {
	t.Helper()
	s, err := mailtest.New(set...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Stop()
		for _, w := range s.Wrong() {
			t.Error(w)
		}
	})
	return s
}

func platform(t *testing.T, s *mailtest.Server, change ...func(*mail.Config)) *mail.Platform {
	t.Helper()
	c := mail.Config{Server: s.Address, From: "Shareright <bot@example.org>", Roots: s.Roots}
	for _, do := range change {
		do(&c)
	}
	p, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func notice(about string) bot.Delivery {
	return bot.Delivery{To: bot.Address{Platform: mail.Name, User: lead, Name: "dp-lead"}, About: bot.Ref(about), Once: "abc123", Urgent: true,
		Message: *bot.Say("Breach BR-7K3Q: Ali Example’s file was lost", "It lay on the bus to 12 Example Road."),
		Chat:    []bot.Waiting{{Platform: "slack", Channel: true, Link: "https://slack.example.org/x"}, {Platform: "discord"}}}
}

func TestAnEmailSaysWhereAMessageWaitsAndNothingOfIt(t *testing.T) {
	s := server(t)
	id, err := platform(t, s).Deliver(t.Context(), notice("BR-7K3Q"))
	if err != nil {
		t.Fatal(err)
	}
	got := s.Letters()
	if len(got) != 1 || got[0].From != "bot@example.org" || got[0].To[0] != lead {
		t.Fatalf("%+v", got)
	}
	letter := got[0]
	for _, want := range []string{"BR-7K3Q", "Slack", "https://slack.example.org/x", "Discord", "999"} {
		if !strings.Contains(plain(letter.Body), want) {
			t.Errorf("it does not say %q:\n%s", want, plain(letter.Body))
		}
	}
	for _, secret := range []string{"Ali", "lost", "bus", "Road", "shareright.invalid"} {
		if strings.Contains(plain(letter.Raw), secret) {
			t.Errorf("it gives away %q:\n%s", secret, letter.Raw)
		}
	}
	if subject := letter.Header.Get("Subject"); !strings.Contains(subject, "BR-7K3Q") {
		t.Errorf("subject %q", subject)
	}
	if letter.Header.Get("Auto-Submitted") != "auto-generated" || letter.Header.Get("Date") == "" || !strings.Contains(letter.Header.Get("Message-Id"), "abc123") {
		t.Errorf("headers %v", letter.Header)
	}
	if !strings.Contains(string(id), "abc123@example.org") {
		t.Errorf("the id is %q", id)
	}
}

// The one e-mail that is no notice holds a checkpoint of the audit trail, and of the message nothing either.
func TestAnEmailWithACheckpointHoldsTheLineAndNoCase(t *testing.T) {
	line := "trail riverside-youth 1234 " + strings.Repeat("0a", 32)
	s := server(t)
	p := platform(t, s)
	d := notice("BR-7K3Q")
	d.Trail = line
	for range 20 { // they take the place of no urgent e-mail
		if _, err := p.Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	letter := s.Letters()[0]
	if !strings.Contains("\n"+plain(strings.ReplaceAll(letter.Body, "\r", ""))+"\n", "\n"+line+"\n") {
		t.Errorf("the line does not stand alone:\n%s", letter.Body)
	}
	for _, secret := range []string{"Ali", "lost", "bus", "Road", "BR-7K3Q", "Slack", "urgent"} {
		if strings.Contains(plain(letter.Raw), secret) {
			t.Errorf("it holds %q:\n%s", secret, letter.Raw)
		}
	}
	if strings.Count(plain(letter.Raw), "trail") != 1 {
		t.Errorf("a line that begins with trail is read as a checkpoint, and there is another:\n%s", letter.Raw)
	}
	for i := range 48 {
		if _, err := p.Deliver(t.Context(), notice("BR-7K3Q")); err != nil {
			t.Fatalf("urgent e-mail %d: %v", i+1, err)
		}
	}
	if _, err := p.Deliver(t.Context(), d); err != nil {
		t.Errorf("a checkpoint in a storm: %v", err)
	}
}

// What is no checkpoint leaves by no e-mail, whatever it is called.
func TestOnlyACheckpointLeavesByEmail(t *testing.T) {
	for _, bad := range []string{"Ali Example was lost", "trail main 3 Ali", "trail main 12 " + strings.Repeat("0a", 32) + "\r\nAli", "trail Ali Example " + strings.Repeat("0a", 32)} {
		s := server(t)
		d := notice("BR-7K3Q")
		d.Trail = bad
		if _, err := platform(t, s).Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if raw := plain(s.Letters()[0].Raw); strings.Contains(raw, "Ali") || strings.Contains(raw, "trail") {
			t.Errorf("%q left:\n%s", bad, raw)
		}
	}
}

// plain takes the line breaks of quoted-printable out.
func plain(body string) string {
	return strings.NewReplacer("=\n", "", "=3D", "=").Replace(body)
}

func TestNothingThatSomebodyTypedBecomesAHeader(t *testing.T) {
	for _, bad := range []string{"BR-1\r\nBcc: all@example.org", "BR-1\nX: y", "x\x00", "<script>", strings.Repeat("A", 2000), "BR-7K3Q\u202e", "=?utf-8?q?x?="} {
		s := server(t)
		d := notice(bad)
		d.To.Name = bad
		if _, err := platform(t, s).Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		letter := s.Letters()[0]
		if letter.Header.Get("Bcc") != "" || letter.Header.Get("X") != "" || len(letter.To) != 1 {
			t.Errorf("%q became a header: %v", bad, letter.Header)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
		if err != nil || subject != "A data protection message is waiting for you" {
			t.Errorf("%q is in the subject %q, %v", bad, subject, err)
		}
	}
	for _, bad := range []string{"sam@example.org\r\nRCPT TO:<all@example.org>", "sam@example.org>, <b@example.org", "", "sam"} {
		s := server(t)
		d := notice("BR-7K3Q")
		d.To.User = bad
		_, err := platform(t, s).Deliver(t.Context(), d)
		if gone := new(bot.Unreachable); !errors.As(err, &gone) || len(s.Letters()) != 0 {
			t.Errorf("%q: %v, %d letters", bad, err, len(s.Letters()))
		}
	}
}

func TestAPasswordIsSaidInSecretOnly(t *testing.T) {
	signed := func(s *mailtest.Server) { s.User, s.Secret = "bot", "example" }
	in := func(c *mail.Config) { c.User, c.Password = "bot", "example" }
	for name, set := range map[string]func(*mailtest.Server){"starttls": func(*mailtest.Server) {}, "tls": func(s *mailtest.Server) { s.Direct = true }} {
		t.Run(name, func(t *testing.T) {
			s := server(t, signed, set)
			how := func(c *mail.Config) { c.TLS = name }
			if _, err := platform(t, s, in, how).Deliver(t.Context(), notice("BR-7K3Q")); err != nil || len(s.Letters()) != 1 {
				t.Errorf("%d letters, %v", len(s.Letters()), err)
			}
			_, err := platform(t, s, how, func(c *mail.Config) { c.User, c.Password = "bot", "wrong" }).Deliver(t.Context(), notice("BR-7K3Q"))
			if gone := new(bot.Unreachable); !errors.As(err, &gone) || !strings.Contains(gone.Fix, "password") || strings.Contains(err.Error()+gone.Fix, "wrong") {
				t.Errorf("a wrong password: %v", err)
			}
			_, err = platform(t, s, in, how, func(c *mail.Config) { c.Roots = nil }).Deliver(t.Context(), notice("BR-7K3Q"))
			if gone := new(bot.Unreachable); !errors.As(err, &gone) || !strings.Contains(gone.Fix, "secret") {
				t.Errorf("a server that nobody trusts: %v", err)
			}
		})
	}
}

func TestWhatAServerSaysDecidesWhetherItIsTriedAgain(t *testing.T) {
	s := server(t)
	p := platform(t, s)
	again := func(what string) {
		t.Helper()
		_, err := p.Deliver(t.Context(), notice("BR-7K3Q"))
		if gone := new(bot.Unreachable); err == nil || errors.As(err, &gone) || strings.Contains(err.Error(), lead) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.Greylist(lead, 2)
	again("put off")
	again("put off once more")
	if _, err := p.Deliver(t.Context(), notice("BR-7K3Q")); err != nil {
		t.Errorf("taken at last: %v", err)
	}
	s.Stop()
	again("down")
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	s.Cut(1)
	again("taken, and not said so")
	if _, err := p.Deliver(t.Context(), notice("BR-7K3Q")); err != nil {
		t.Errorf("up again: %v", err)
	}
	letters := s.Letters()
	if len(letters) != 3 || letters[1].Header.Get("Message-Id") != letters[2].Header.Get("Message-Id") {
		t.Errorf("%d letters; a repeat must have the Message-ID of the first", len(letters))
	}
	s.Refuse(lead)
	_, err := p.Deliver(t.Context(), notice("BR-7K3Q"))
	gone := new(bot.Unreachable)
	if !errors.As(err, &gone) || !strings.Contains(gone.Fix, "the data protection lead") || strings.Contains(err.Error()+gone.Fix, lead) {
		t.Errorf("an address that nobody has: %v", err)
	}
}

func TestAServerThatSaysNothingIsGivenUp(t *testing.T) {
	s := server(t)
	s.Mute(true)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := platform(t, s).Deliver(ctx, notice("BR-7K3Q"))
	if gone := new(bot.Unreachable); err == nil || errors.As(err, &gone) || time.Since(began) > 3*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestTheProbeSendsNothingAndFindsWhatIsWrong(t *testing.T) {
	s := server(t)
	p := platform(t, s)
	if err := p.Probe(t.Context(), []string{lead}); err != nil {
		t.Error(err)
	}
	s.Refuse(lead)
	if err := p.Probe(t.Context(), []string{"dee@example.org", lead}); err == nil {
		t.Error("a refused address was not found")
	}
	if len(s.Letters()) != 0 {
		t.Errorf("the probe sent %d letters", len(s.Letters()))
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	for name, c := range map[string]mail.Config{
		"no port":                    {Server: "smtp.example.org", From: "bot@example.org"},
		"no sender":                  {Server: "smtp.example.org:587"},
		"a sender with a line break": {Server: "smtp.example.org:587", From: "Bot\r\nBcc: x <bot@example.org>"},
		"in the open across the net": {Server: "smtp.example.org:25", From: "bot@example.org", TLS: "none"},
		"an unknown way":             {Server: "smtp.example.org:25", From: "bot@example.org", TLS: "ssl3"},
	} {
		if _, err := mail.New(c); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// Hundreds of reports come in one night, and chat is down. The lead gets few e-mails, and every one about a legal limit.
func TestAStormDoesNotFillAMailbox(t *testing.T) {
	s := server(t)
	p := platform(t, s)
	held := 0
	for range 300 {
		_, err := p.Deliver(t.Context(), notice("BR-7K3Q"))
		if gone := new(bot.Unreachable); errors.As(err, &gone) && strings.Contains(gone.Fix, "too many e-mails") && !strings.Contains(gone.Fix, lead) {
			held++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	letters := s.Letters()
	if len(letters) != 48 || held != 252 {
		t.Fatalf("%d e-mails were sent and %d held back", len(letters), held)
	}
	for i, letter := range letters {
		if says := strings.Contains(plain(letter.Body), "Many messages are waiting"); says != (i == 47) {
			t.Errorf("e-mail %d says that it is the last for a while: %v", i+1, says)
		}
	}
	legal, other := notice("BR-7K3Q"), notice("BR-7K3Q")
	legal.Legal, other.To.User = true, "dee@example.org"
	for _, d := range []bot.Delivery{legal, other} {
		if _, err := p.Deliver(t.Context(), d); err != nil {
			t.Errorf("to %s, legal %v: %v", d.To.User, d.Legal, err)
		}
	}
	if n := len(s.Letters()); n != 50 {
		t.Errorf("%d e-mails", n)
	}
}
