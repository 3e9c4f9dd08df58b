package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// calls is a network on which nothing is reached, and which remembers who was called.
type calls []string

func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	*c = append(*c, r.URL.Host)
	return nil, errors.New("no network")
}

func TestAnAnswerGoesToSlackAndNowhereElse(t *testing.T) {
	for address, ours := range map[string]bool{
		"https://hooks.slack.com/commands/T1/1/x": true, "https://hooks.slack-gov.com/actions/T1/1/x": true,
		"http://hooks.slack.com/commands/T1/1/x": false, "https://hooks.slack.com.example.org/x": false, "https://hooks.slack.com@192.0.2.1/x": false,
		"https://evilslack.com/x": false, "http://169.254.169.254/latest/meta-data/": false, "http://127.0.0.1:5432/": false,
		"https://hooks.slack.com:8443/x": false, "file:///etc/passwd": false, "://": false, "": false,
	} {
		network := &calls{}
		p, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", Client: &http.Client{Transport: network}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.respondOnce(t.Context(), address, []byte("{}")); err == nil || len(*network) > 0 != ours {
			t.Errorf("%q: called %q, %v", address, *network, err)
		}
	}
}

func TestAServerThatStandsInForSlackDoesNotSendUsOn(t *testing.T) {
	sentOn := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sentOn = true }))
	defer other.Close()
	fake := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer fake.Close()
	p, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: fake.URL + "/api/"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.respondOnce(t.Context(), fake.URL+"/response/1", []byte("{}")); err == nil || sentOn {
		t.Errorf("sent on: %v, %v", sentOn, err)
	}
}
