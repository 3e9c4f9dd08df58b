package slack

import (
	"errors"
	"testing"

	"shareright/bot"
)

func TestAFileComesByDirectMessageOnly(t *testing.T) {
	s, p := start(t, &engine{})
	s.AllowFiles()
	if _, err := p.DeliverFile(t.Context(), bot.Delivery{To: to("", "U0SAM"), Message: card("The register <all>")}, "breaches.csv", []byte("a,b")); err != nil {
		t.Fatal(err)
	}
	shared := s.Wait("files.completeUploadExternal", 1)
	id := shared.Args["files"].([]any)[0].(map[string]any)["id"].(string)
	if got := string(s.Uploaded(id)); got != "a,b" {
		t.Errorf("the file holds %q", got)
	}
	if shared.Args["channel_id"] != "D0SAM" || shared.Args["initial_comment"] != "The register &lt;all&gt;\nTwelve people." {
		t.Errorf("shared with %v", shared.Args)
	}
	if _, err := p.DeliverFile(t.Context(), bot.Delivery{To: to("C0LEADS", "")}, "breaches.csv", []byte("a,b")); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("a file for a channel: %v", err)
	}
}

func TestWithoutTheRightToSendFilesTheBotSaysSo(t *testing.T) {
	_, p := start(t, &engine{})
	if _, err := p.DeliverFile(t.Context(), bot.Delivery{To: to("", "U0SAM"), Message: card("x")}, "breaches.csv", []byte("a,b")); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("got %v", err)
	}
}
