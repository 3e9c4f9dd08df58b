// Package config turns one YAML file and the environment into one Config value, and
// tells every mistake at once: where it stands, what is there, and what to do.
//
// Secrets come from the environment only, or from a file that NAME_FILE points to. The
// program works with no file at all. What the settings do is not known here; nobody
// changes a Config once it is loaded, and it is passed on by value.
package config

import (
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Config is everything that can be set about the program.
type Config struct {
	File          string // the file it was read from; empty when there was none
	Data          string // the data folder
	DatabaseURL   Secret // postgres://…; empty means SQLite in the data folder
	MasterKey     Secret // 32 bytes as base64 or hexadecimal; empty means a key file in the data folder
	HTTPAddr      string // where health pages and the platforms' calls are answered
	MetricsAddr   string // where figures for the operator are shown; a loopback address
	Profiling     bool   // whether profiles of the program stand beside the figures
	LogLevel      slog.Level
	Content       string         // a folder of the organisation's own content, laid over ours; empty for none
	Organisations []Organisation // at least one
	Slack         Slack
	Discord       Discord
	Mail          Mail
	PingURL       Secret // asked each minute while all is well, so that a monitor outside notices when it stops; empty for none

	explicit map[string]bool // settings that the file or the environment gave
	unknown  Problems        // variables of ours in the environment that no setting reads
}

// Organisation is one organisation's settings.
type Organisation struct {
	ID         string // stable: stored with everything that belongs to the organisation
	Name       string
	Nation     string   // "EW", "S" or "NI"
	WorksIn    []string // of england, wales, scotland and northern-ireland; empty when nobody has said
	Zone       *time.Location
	School     bool
	Network    string // the network body it belongs to; empty for none
	Regulator  string // what the data protection regulator is called
	Number     string // its registration number with that regulator
	Lead       Lead   // how letters name the data protection lead
	Roles      map[string][]Contact
	Escalation Contact             // the leads' channel; zero for none
	Workspaces []Contact           // the Slack teams and Discord servers it has; empty for all
	Emails     map[string][]string // by role: where its holders get notice when chat does not reach them
	Mailbox    string              // where each day's checkpoint of the audit trail goes; empty for nowhere

	HasNation bool // somebody has set the nation; otherwise it follows from where the organisation works
}

// Lead is the data protection lead as letters and the regulator's form name them.
type Lead struct{ Name, Phone, Email string }

// Roles lists the roles of an organisation in the order of their duty.
var Roles = []string{"dp-lead", "deputy", "safeguarding-lead", "trustee"}

// Contact is a person, a channel or a workspace on a platform, written "slack:U0123".
type Contact struct{ Platform, ID string }

// String writes the contact as it is read.
func (c Contact) String() string { return c.Platform + ":" + c.ID }

// Slack is how to reach Slack. It is used when a bot token is given.
type Slack struct {
	APIURL        string // ends in "/"; empty means Slack itself
	BotToken      Secret
	AppToken      Secret // for the socket transport
	SigningSecret Secret // for the http transport
	Transport     string // "socket" or "http"
	ClientID      string // for an app that several workspaces install; empty for one with a bot token
	ClientSecret  Secret
	PublicURL     string // where browsers reach the install page, such as https://bot.example.org
	Connections   int    // sockets held open, 2 to 10, so that a refresh leaves no gap
}

// Used says whether Slack is set up: for one workspace, or for several that install the app.
func (s Slack) Used() bool { return s.BotToken != "" || s.ClientID != "" }

// Discord is how to reach Discord. It is used when a token is given.
type Discord struct {
	APIURL        string // with the version; empty means Discord itself
	Token         Secret
	PublicKey     string // hexadecimal, for the http transport
	ApplicationID string
	GuildID       string // commands are registered in this server only; empty for everywhere
	Transport     string // "gateway" or "http"
	FreeText      bool   // ask for free text about people at risk in Discord too
	BetterPlace   string // where such things are better told: words, or an address
	Files         bool   // send papers and registers as files in Discord too
}

// Mail is the server through which notice leaves when chat fails. It is used when a server is given.
type Mail struct {
	Server   string // host and port
	TLS      string // "starttls", "tls" or "none"; empty: by the port
	From     string // such as "Shareright <bot@example.org>"
	User     string
	Password Secret
}

// Used says whether e-mail is set up.
func (m Mail) Used() bool { return m.Server != "" }

// Secret is a value that no log and no error may show.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[secret]"
}

// GoString hides the value.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from JSON, YAML and structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Reveal returns the value itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// Default is the configuration when nothing is set.
func Default() Config {
	return Config{
		Data:          defaultData(),
		HTTPAddr:      "127.0.0.1:8080",
		MetricsAddr:   "127.0.0.1:9464",
		LogLevel:      slog.LevelInfo,
		Organisations: []Organisation{defaultOrganisation()},
		Slack:         Slack{Transport: "socket", Connections: 2},
		Discord:       Discord{Transport: "gateway"},
		explicit:      map[string]bool{},
	}
}

func defaultOrganisation() Organisation {
	return Organisation{
		ID: "main", Name: "Our organisation", Nation: "EW", Zone: london(),
		Regulator: "Information Commissioner’s Office (ICO)", Roles: map[string][]Contact{}, Emails: map[string][]string{},
	}
}

// Given says whether the file or the environment gave the setting, such as "http_addr".
func (c Config) Given(key string) bool { return c.explicit[key] }

// Gaps lists what is not wrong but leaves somebody without help: roles that nobody
// holds, platforms that lack a token, misspelt variables. The program runs all the same.
func (c Config) Gaps() Problems {
	gaps := append(Problems{}, c.unknown...)
	if c.Slack.Used() && c.Slack.Transport == "socket" && c.Slack.AppToken == "" {
		gaps = append(gaps, Problem{Key: "SLACK_APP_TOKEN", What: "is not set, so Slack cannot be reached by socket", Do: "set it, or set slack.transport to http"})
	}
	if c.Slack.Used() && c.Slack.Transport == "http" && c.Slack.SigningSecret == "" {
		gaps = append(gaps, Problem{Key: "SLACK_SIGNING_SECRET", What: "is not set, so nothing that Slack sends can be trusted", Do: "copy it from the app's Basic Information page"})
	}
	if c.Discord.Token != "" && c.Discord.Transport == "http" && c.Discord.PublicKey == "" {
		gaps = append(gaps, Problem{Key: "DISCORD_PUBLIC_KEY", What: "is not set, so nothing that Discord sends can be trusted", Do: "copy it from the app's General Information page"})
	}
	if c.Slack.ClientID != "" && (c.Slack.ClientSecret == "" || c.Slack.PublicURL == "") {
		gaps = append(gaps, Problem{Key: "SLACK_CLIENT_ID", What: "is set without SLACK_CLIENT_SECRET and SLACK_PUBLIC_URL, so nobody can install the app", Do: "set all three, or none and SLACK_BOT_TOKEN"})
	}
	if c.Slack.ClientID == "" && (c.Slack.ClientSecret != "" || c.Slack.PublicURL != "") {
		gaps = append(gaps, Problem{Key: "SLACK_CLIENT_SECRET", What: "or SLACK_PUBLIC_URL is set without SLACK_CLIENT_ID, so nobody can install the app", Do: "set all three, or none and SLACK_BOT_TOKEN"})
	}
	if !c.Slack.Used() && (c.Slack.AppToken != "" || c.Slack.SigningSecret != "") {
		gaps = append(gaps, Problem{Key: "SLACK_BOT_TOKEN", What: "is not set, so Slack is off", Do: "copy it from the app's Install App page"})
	}
	if c.Discord.Token == "" && (c.Discord.PublicKey != "" || c.Discord.ApplicationID != "" || c.Discord.GuildID != "") {
		gaps = append(gaps, Problem{Key: "DISCORD_TOKEN", What: "is not set, so Discord is off", Do: "copy it from the app's Bot page"})
	}
	if c.Slack.ClientID != "" && c.Slack.BotToken != "" {
		gaps = append(gaps, Problem{Key: "SLACK_BOT_TOKEN", What: "is not used beside SLACK_CLIENT_ID", Do: "take it out; each workspace brings its own"})
	}
	if c.Mail.Used() && c.Mail.From == "" {
		gaps = append(gaps, Problem{Key: "mail.from", What: "is not set, so no e-mail can be sent", Do: "write the sender, such as Shareright <bot@example.org>"})
	}
	for i, o := range c.Organisations {
		for _, role := range Roles {
			if len(o.Roles[role]) == 0 {
				gaps = append(gaps, missingRole(role, i, o, len(c.Organisations) > 1))
			}
		}
		if (len(o.Emails) > 0 || o.Mailbox != "") && !c.Mail.Used() {
			gaps = append(gaps, Problem{Key: "mail.server", What: "is not set, so the e-mail addresses are of no use", Do: "write host and port, such as smtp.example.org:587"})
		}
		if o.Mailbox != "" && c.Mail.sends(o.Mailbox) {
			gaps = append(gaps, Problem{Key: organisationKey("checkpoint_mailbox", i, len(c.Organisations) > 1), What: "is the bot's own mailbox, so whoever runs the bot can change what is kept there",
				Do: "name a mailbox that somebody else reads, such as a trustee's"})
		}
	}
	return gaps
}

// sends says whether an address is the sender's own.
func (m Mail) sends(address string) bool {
	from, err := mail.ParseAddress(m.From)
	return strings.EqualFold(address, m.User) || err == nil && strings.EqualFold(address, from.Address)
}

func organisationKey(key string, i int, several bool) string {
	if several {
		return fmt.Sprintf("organisations[%d].%s", i+1, key)
	}
	return "organisation." + key
}

// Hints lists what is not needed to run, but would stand open in a letter or in the regulator's form.
func (c Config) Hints() Problems {
	var hints Problems
	for i, o := range c.Organisations {
		prefix := "organisation."
		if len(c.Organisations) > 1 {
			prefix = fmt.Sprintf("organisations[%d].", i+1)
		}
		for _, s := range []struct{ key, value, example string }{
			{"lead_name", o.Lead.Name, "Sam Example"}, {"lead_phone", o.Lead.Phone, "07700 900123"},
			{"lead_email", o.Lead.Email, "dp@example.org"}, {"ico_registration", o.Number, "ZA000000"},
		} {
			if s.value == "" {
				hints = append(hints, Problem{Key: prefix + s.key, What: "is not set, so papers leave it open", Do: "write it, such as " + s.example})
			}
		}
	}
	return hints
}

func missingRole(role string, i int, o Organisation, several bool) Problem {
	key := strings.ReplaceAll(role, "-", "_")
	if several {
		return Problem{Key: fmt.Sprintf("organisations[%d].roles.%s", i+1, key), Value: o.Name, What: "has nobody in this role",
			Do: "name a person, such as slack:U0123"}
	}
	return Problem{Key: "organisation.roles." + key, What: "names nobody",
		Do: "name a person, such as slack:U0123, there or in SHARERIGHT_" + strings.ToUpper(key)}
}

func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "shareright")
	}
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "shareright")
	}
	return "shareright-data"
}

func london() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC // no time zones on this machine; main embeds them
	}
	return zone
}
