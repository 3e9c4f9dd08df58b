package commands

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
)

// examined is a computer on which the bot is set up, with a Slack and a Discord that it reaches.
type examined struct {
	slack   *slacktest.Server
	discord *discordtest.Server
}

// setUp sets everything right: a table's case then spoils one thing.
func setUp(t *testing.T) examined {
	t.Helper()
	x := examined{slacktest.New(t), discordtest.New(t)}
	x.slack.Scopes = slack.Scopes
	data := t.TempDir()
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"SHARERIGHT_CONFIG": "", "SHARERIGHT_DATA": data, "SHARERIGHT_DP_LEAD": "slack:U0SAM", "SHARERIGHT_DEPUTY": "discord:42",
		"SHARERIGHT_SAFEGUARDING_LEAD": "slack:U0SAM", "SHARERIGHT_TRUSTEE": "slack:U0TESS", "SHARERIGHT_ESCALATION_CHANNEL": "slack:C0LEADS",
		"SLACK_API_URL": x.slack.URL(), "SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken,
		"SLACK_TRANSPORT": "", "SLACK_SIGNING_SECRET": "", "SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": "", "SLACK_PUBLIC_URL": "",
		"DISCORD_API_URL": x.discord.URL(), "DISCORD_TOKEN": discordtest.Token, "DISCORD_GUILD_ID": discordtest.Guild, "DISCORD_TRANSPORT": "",
		"DISCORD_PUBLIC_KEY": "", "DISCORD_APPLICATION_ID": "",
	} {
		t.Setenv(name, value)
	}
	return x
}

func TestDoctorFindsEachMistakeInTheSetUp(t *testing.T) {
	without := func(names ...string) func(*testing.T, examined) {
		return func(t *testing.T, _ examined) {
			for _, name := range names {
				t.Setenv(name, "")
			}
		}
	}
	for _, c := range []struct {
		what  string
		spoil func(*testing.T, examined)
		want  []string // what is said; none: all is well
	}{
		{"all is well", func(*testing.T, examined) {}, nil},
		{"no platform", without("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN", "DISCORD_GUILD_ID"), []string{"platforms: none is set up"}},
		{"the connection token is not set", without("SLACK_APP_TOKEN"), []string{"SLACK_APP_TOKEN", "is not set"}},
		{"the tokens are mixed up", func(t *testing.T, _ examined) {
			t.Setenv("SLACK_BOT_TOKEN", slacktest.AppToken)
			t.Setenv("SLACK_APP_TOKEN", slacktest.BotToken)
		}, []string{"begins with xoxb-", "begins with xapp-"}},
		{"HTTP without the signing secret", func(t *testing.T, _ examined) { t.Setenv("SLACK_TRANSPORT", "http") }, []string{"SLACK_SIGNING_SECRET"}},
		{"the app is older than the manifest", func(_ *testing.T, x examined) { x.slack.Scopes = slack.Scopes[:4] }, []string{"lacks permissions: im:write, groups:read"}},
		{"the channel for alerts is archived", func(_ *testing.T, x examined) {
			x.slack.Places = map[string]map[string]any{"C0LEADS": {"is_archived": true}}
		}, []string{"C0LEADS", "archived"}},
		{"the channel that was chosen in chat is public", func(t *testing.T, x examined) {
			t.Setenv("SHARERIGHT_ESCALATION_CHANNEL", "")
			chosenInChat(t, "C0CHAT")
			x.slack.Places = map[string]map[string]any{"C0CHAT": {"is_private": false}}
		}, []string{"C0CHAT", "not private"}},
		{"the lead has left", func(_ *testing.T, x examined) { x.slack.Gone = map[string]string{"U0SAM": "user_disabled"} }, []string{"U0SAM", "choose somebody else"}},
		{"several workspaces, without the secret", func(t *testing.T, _ examined) {
			t.Setenv("SLACK_BOT_TOKEN", "")
			t.Setenv("SLACK_CLIENT_ID", slacktest.ClientID)
			t.Setenv("SLACK_PUBLIC_URL", "https://bot.example.org")
		}, []string{"SLACK_CLIENT_ID is set without SLACK_CLIENT_SECRET"}},
		{"several workspaces, without the id", func(t *testing.T, _ examined) { t.Setenv("SLACK_CLIENT_SECRET", slacktest.ClientSecret) },
			[]string{"SLACK_CLIENT_SECRET or SLACK_PUBLIC_URL is set without SLACK_CLIENT_ID"}},
		{"several workspaces beside a token", func(t *testing.T, _ examined) {
			t.Setenv("SLACK_CLIENT_ID", slacktest.ClientID)
			t.Setenv("SLACK_CLIENT_SECRET", slacktest.ClientSecret)
			t.Setenv("SLACK_PUBLIC_URL", "https://bot.example.org")
		}, []string{"SLACK_BOT_TOKEN is not used beside SLACK_CLIENT_ID"}},
		{"Discord without its token", without("DISCORD_TOKEN"), []string{"DISCORD_TOKEN is not set, so Discord is off"}},
		{"the bot is not in the Discord server", func(_ *testing.T, x examined) {
			x.discord.Fault("guild", discordtest.Fault{Status: 403, Code: 50001})
		}, []string{"not in the server 5000"}},
		{"the deputy is not in the Discord server", func(_ *testing.T, x examined) { x.discord.Strangers["42"] = true }, []string{"The person 42"}},
		{"anybody may add the bot in Discord", without("DISCORD_GUILD_ID"), []string{"Every server that adds the bot may use it"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			c.spoil(t, setUp(t))
			text, err := printed(t, func() error { return (&Doctor{}).Run(&Commands{}, parts.All()) })
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
			if wrong := strings.Contains(text, say("doctor-problem")+" "); wrong != (len(c.want) > 0) || (err != nil) != wrong {
				t.Errorf("it ended with %v and said:\n%s", err, text)
			}
		})
	}
}

// chosenInChat sets the channel for alerts as the lead does: by /dp setup, typed in it. The trustee agrees.
func chosenInChat(t *testing.T, channel string) {
	t.Helper()
	s, err := config.Load("", os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	p, err := program.Open(t.Context(), s, parts.All(), program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	do := func(user string, what bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: slack.Name, User: user, Channel: channel, What: what})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := do("U0SAM", bot.Ran{Command: "dp", Text: "setup"})
	for range 5 {
		if r.Show == nil {
			break
		}
		r = do("U0SAM", bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: map[string][]string{"lead": {"slack:U0SAM"}, "where": {"here"}}})
	}
	var c bot.Chosen
	err = p.Store.View(t.Context(), func(tx bot.Tx) error {
		row, err := tx.Get(t.Context(), "main", bot.ChosenKind, bot.ChosenRef)
		if err != nil {
			return err
		}
		return json.Unmarshal(row.Body, &c)
	})
	if err != nil || c.Wanted == nil {
		t.Fatalf("the set-up does not end: %+v, %v", r, err)
	}
	do("U0TESS", bot.Pressed{Action: "setup.agree", Ref: c.Wanted.Ref})
}
