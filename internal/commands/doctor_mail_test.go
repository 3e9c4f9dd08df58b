package commands

import (
	"strings"
	"testing"

	"shareright/bot/mail/mailtest"
	"shareright/config"
)

func TestTheDoctorFindsWhatKeepsAnEmailFromLeaving(t *testing.T) {
	s, err := mailtest.New()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	for name, tc := range map[string]struct {
		server string
		tls    string
		want   int
	}{
		"nothing set up":                     {"", "", 0},
		"a server whose certificate is ours": {s.Address, "starttls", 1},
		"a server that is not there":         {"127.0.0.1:1", "none", 1},
		"in the open across the net":         {"smtp.example.org:25", "none", 1},
		"on this machine":                    {s.Address, "none", 0},
	} {
		c := config.Default()
		c.Mail = config.Mail{Server: tc.server, TLS: tc.tls, From: "Shareright <bot@example.org>"}
		c.Organisations[0].Emails["dp-lead"] = []string{"sam@example.org"}
		e := &examination{config: c}
		e.mail(t.Context())
		if e.problems != tc.want {
			t.Errorf("%s: %d problems, want %d", name, e.problems, tc.want)
		}
	}
	s.Refuse("sam@example.org")
	c := config.Default()
	c.Mail = config.Mail{Server: s.Address, TLS: "none", From: "Shareright <bot@example.org>"}
	c.Organisations[0].Emails["dp-lead"] = []string{"sam@example.org"}
	e := &examination{config: c}
	if e.mail(t.Context()); e.problems != 1 {
		t.Error("an address that the server refuses was not found")
	}
	if len(s.Letters()) != 0 || strings.Contains(strings.Join(s.Wrong(), " "), "password") {
		t.Errorf("the doctor sent %d letters; %v", len(s.Letters()), s.Wrong())
	}
}
