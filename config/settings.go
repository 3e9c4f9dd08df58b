package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// setting is one thing that can be set, in the file, in the environment, or in both.
type setting struct {
	key    string // its path in the file
	env    string // its variable; empty for none
	secret bool   // environment or NAME_FILE only
	list   bool   // several values may be given: a list, or commas in the variable
	set    func(values []string) error
}

// text, such as a name.
func text(at *string) func([]string) error {
	return one(func(v string) error { *at = v; return nil })
}

func secret(at *Secret) func([]string) error {
	return one(func(v string) error { *at = Secret(v); return nil })
}

func one(set func(string) error) func([]string) error {
	return func(values []string) error { return set(strings.TrimSpace(strings.Join(values, ","))) }
}

func choice(at *string, options ...string) func([]string) error {
	return one(func(v string) error {
		for _, o := range options {
			if strings.EqualFold(o, v) {
				*at = o
				return nil
			}
		}
		return errors.New("use " + strings.Join(options, " or "))
	})
}

// program lists the settings that are not an organisation's.
func program(c *Config) []setting {
	return []setting{
		{key: "data", env: "SHARERIGHT_DATA", set: text(&c.Data)},
		{key: "database_url", env: "SHARERIGHT_DATABASE_URL", secret: true, set: one(c.database)},
		{key: "master_key", env: "SHARERIGHT_MASTER_KEY", secret: true, set: secret(&c.MasterKey)},
		{key: "http_addr", env: "SHARERIGHT_HTTP_ADDR", set: address(&c.HTTPAddr, false)},
		{key: "metrics_addr", env: "SHARERIGHT_METRICS_ADDR", set: address(&c.MetricsAddr, true)},
		{key: "profiling", env: "SHARERIGHT_PROFILING", set: yesNo(&c.Profiling)},
		{key: "content.folder", env: "SHARERIGHT_CONTENT", set: text(&c.Content)},
		{key: "log", env: "SHARERIGHT_LOG", set: level(&c.LogLevel)},
		{key: "slack.api_url", env: "SLACK_API_URL", set: webAddress(&c.Slack.APIURL)},
		{key: "slack.bot_token", env: "SLACK_BOT_TOKEN", secret: true, set: secret(&c.Slack.BotToken)},
		{key: "slack.app_token", env: "SLACK_APP_TOKEN", secret: true, set: secret(&c.Slack.AppToken)},
		{key: "slack.signing_secret", env: "SLACK_SIGNING_SECRET", secret: true, set: secret(&c.Slack.SigningSecret)},
		{key: "slack.client_id", env: "SLACK_CLIENT_ID", set: text(&c.Slack.ClientID)},
		{key: "slack.client_secret", env: "SLACK_CLIENT_SECRET", secret: true, set: secret(&c.Slack.ClientSecret)},
		{key: "slack.public_url", env: "SLACK_PUBLIC_URL", set: one(c.publicURL)},
		{key: "slack.transport", env: "SLACK_TRANSPORT", set: choice(&c.Slack.Transport, "socket", "http")},
		{key: "slack.connections", env: "SLACK_CONNECTIONS", set: between(&c.Slack.Connections, 2, 10)},
		{key: "discord.api_url", env: "DISCORD_API_URL", set: webAddress(&c.Discord.APIURL)},
		{key: "discord.token", env: "DISCORD_TOKEN", secret: true, set: secret(&c.Discord.Token)},
		{key: "discord.public_key", env: "DISCORD_PUBLIC_KEY", set: text(&c.Discord.PublicKey)},
		{key: "discord.application_id", env: "DISCORD_APPLICATION_ID", set: text(&c.Discord.ApplicationID)},
		{key: "discord.guild_id", env: "DISCORD_GUILD_ID", set: text(&c.Discord.GuildID)},
		{key: "discord.transport", env: "DISCORD_TRANSPORT", set: choice(&c.Discord.Transport, "gateway", "http")},
		{key: "discord.safeguarding_text", env: "DISCORD_SAFEGUARDING_TEXT", set: yesNo(&c.Discord.FreeText)},
		{key: "discord.files", env: "DISCORD_FILES", set: yesNo(&c.Discord.Files)},
		{key: "discord.better_place", env: "DISCORD_BETTER_PLACE", set: text(&c.Discord.BetterPlace)},
		{key: "mail.server", env: "SHARERIGHT_MAIL_SERVER", set: hostAndPort(&c.Mail.Server)},
		{key: "mail.tls", env: "SHARERIGHT_MAIL_TLS", set: choice(&c.Mail.TLS, "starttls", "tls", "none")},
		{key: "mail.from", env: "SHARERIGHT_MAIL_FROM", set: one(c.mailFrom)},
		{key: "mail.user", env: "SHARERIGHT_MAIL_USER", set: text(&c.Mail.User)},
		{key: "mail.password", env: "SHARERIGHT_MAIL_PASSWORD", secret: true, set: secret(&c.Mail.Password)},
		{key: "ping_url", env: "SHARERIGHT_PING_URL", secret: true, set: one(c.pingURL)},
	}
}

// organisation lists the settings of one organisation. Their variables speak of the first one.
func organisation(o *Organisation) []setting {
	list := []setting{
		{key: "id", set: one(o.setID)},
		{key: "name", env: "SHARERIGHT_ORGANISATION", set: text(&o.Name)},
		{key: "nation", env: "SHARERIGHT_NATION", set: one(o.setNation)},
		{key: "works_in", env: "SHARERIGHT_WORKS_IN", list: true, set: o.setWorksIn},
		{key: "time_zone", env: "SHARERIGHT_TIME_ZONE", set: one(o.setZone)},
		{key: "school", env: "SHARERIGHT_SCHOOL", set: yesNo(&o.School)},
		{key: "network_body", env: "SHARERIGHT_NETWORK_BODY", set: text(&o.Network)},
		{key: "regulator", env: "SHARERIGHT_REGULATOR", set: text(&o.Regulator)},
		{key: "ico_registration", env: "SHARERIGHT_ICO_REGISTRATION", set: text(&o.Number)},
		{key: "lead_name", env: "SHARERIGHT_LEAD_NAME", set: text(&o.Lead.Name)},
		{key: "lead_phone", env: "SHARERIGHT_LEAD_PHONE", set: one(o.setPhone)},
		{key: "lead_email", env: "SHARERIGHT_LEAD_EMAIL", set: one(o.setEmail)},
		{key: "checkpoint_mailbox", env: "SHARERIGHT_CHECKPOINT_MAILBOX", set: one(o.setMailbox)},
		{key: "workspaces", list: true, set: contacts(&o.Workspaces)},
		{key: "escalation_channel", env: "SHARERIGHT_ESCALATION_CHANNEL", set: one(o.setEscalation)},
	}
	for _, role := range Roles {
		key := strings.ReplaceAll(role, "-", "_")
		list = append(list, setting{key: "roles." + key, env: "SHARERIGHT_" + strings.ToUpper(key), list: true,
			set: func(values []string) error {
				var people []Contact
				if err := contacts(&people)(values); err != nil {
					return err
				}
				o.Roles[role] = people
				return nil
			}})
		list = append(list, setting{key: "emails." + key, env: "SHARERIGHT_EMAIL_" + strings.ToUpper(key), list: true,
			set: func(values []string) error { return o.setEmails(role, values) }})
	}
	return list
}

func (c *Config) database(v string) error {
	if v != "" && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
		return errors.New("begin it with postgres://, or leave it out to use SQLite")
	}
	c.DatabaseURL = Secret(v)
	return nil
}

func (c *Config) publicURL(v string) error {
	u, err := url.Parse(v)
	local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
	if v != "" && (err != nil || u.Host == "" || u.Scheme != "https" && !local) {
		return errors.New("write an address that begins with https://, such as https://bot.example.org")
	}
	c.Slack.PublicURL = v
	return nil
}

func (o *Organisation) setID(v string) error {
	if v == "" || strings.Trim(v, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return errors.New("use small letters, figures and hyphens, such as riverside-youth")
	}
	o.ID = v
	return nil
}

func (o *Organisation) setNation(v string) error {
	switch strings.ToLower(v) {
	case "ew", "england", "wales", "england and wales":
		o.Nation = "EW"
	case "s", "scotland":
		o.Nation = "S"
	case "ni", "northern ireland":
		o.Nation = "NI"
	default:
		return errors.New("use EW (England and Wales), S (Scotland) or NI (Northern Ireland)")
	}
	o.HasNation = true
	return nil
}

// NationOf is the nation of the bank holidays in a part of the United Kingdom where an
// organisation may work; empty when there is no such part.
func NationOf(place string) string {
	return map[string]string{"england": "EW", "wales": "EW", "scotland": "S", "northern-ireland": "NI"}[place]
}

func (o *Organisation) setWorksIn(values []string) error {
	var places []string
	for _, v := range values {
		place := strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(strings.TrimSpace(v)))
		if NationOf(place) == "" {
			return errors.New("use england, wales, scotland or northern_ireland, or several of them")
		}
		places = append(places, place)
	}
	o.WorksIn = places
	return nil
}

func (o *Organisation) setZone(v string) error {
	zone, err := time.LoadLocation(v)
	if err != nil || v == "" || strings.EqualFold(v, "local") {
		return errors.New("use a name such as Europe/London")
	}
	o.Zone = zone
	return nil
}

func (o *Organisation) setPhone(v string) error {
	if strings.Trim(v, "+()- 0123456789") != "" {
		return errors.New("write the number in figures, such as 07700 900123")
	}
	o.Lead.Phone = v
	return nil
}

func (o *Organisation) setEmail(v string) error {
	if v != "" && !isEmail(v) {
		return errors.New("write an e-mail address, such as dp@example.org")
	}
	o.Lead.Email = v
	return nil
}

func (o *Organisation) setMailbox(v string) error {
	if v != "" && !isEmail(v) {
		return errors.New("write one e-mail address of somebody who does not run the bot, such as trustee@example.org")
	}
	o.Mailbox = v
	return nil
}

func isEmail(v string) bool {
	name, at, ok := strings.Cut(v, "@")
	return ok && name != "" && strings.Contains(at, ".") && !strings.ContainsAny(v, " <>,;\r\n\t")
}

func (o *Organisation) setEmails(role string, values []string) error {
	var found []string
	for _, v := range values {
		if v = strings.TrimSpace(v); !isEmail(v) {
			return errors.New("write an e-mail address, such as sam@example.org")
		}
		found = append(found, v)
	}
	o.Emails[role] = found
	return nil
}

func (c *Config) mailFrom(v string) error {
	if _, err := mail.ParseAddress(v); err != nil || strings.ContainsAny(v, "\r\n") {
		return errors.New("write a sender, such as Shareright <bot@example.org>")
	}
	c.Mail.From = v
	return nil
}

func (c *Config) pingURL(v string) error {
	var at string
	if err := webAddress(&at)([]string{v}); err != nil {
		return err
	}
	c.PingURL = Secret(at)
	return nil
}

// hostAndPort is a server elsewhere.
func hostAndPort(at *string) func([]string) error {
	return one(func(v string) error {
		host, port, err := net.SplitHostPort(v)
		if _, bad := strconv.ParseUint(port, 10, 16); v != "" && (err != nil || bad != nil || host == "") {
			return errors.New("write host and port, such as smtp.example.org:587")
		}
		*at = v
		return nil
	})
}

func (o *Organisation) setEscalation(v string) (err error) {
	o.Escalation, err = contact(v)
	return err
}

// contact reads "slack:C0456".
func contact(v string) (Contact, error) {
	platform, id, ok := strings.Cut(strings.TrimSpace(v), ":")
	switch platform {
	case "slack", "discord", "terminal":
		if ok && id != "" && !strings.ContainsAny(id, " :#@<>") {
			return Contact{Platform: platform, ID: id}, nil
		}
	}
	return Contact{}, errors.New("write the platform, a colon and the id, such as slack:U0123 or discord:1234")
}

func contacts(at *[]Contact) func([]string) error {
	return func(values []string) error {
		var found []Contact
		for _, v := range values {
			c, err := contact(v)
			if err != nil {
				return err
			}
			found = append(found, c)
		}
		*at = found
		return nil
	}
}

func yesNo(at *bool) func([]string) error {
	return one(func(v string) error {
		switch strings.ToLower(v) {
		case "yes", "true", "1", "on":
			*at = true
		case "no", "false", "0", "off", "":
			*at = false
		default:
			return errors.New("use yes or no")
		}
		return nil
	})
}

func between(at *int, low, high int) func([]string) error {
	return one(func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return fmt.Errorf("use a number from %d to %d", low, high)
		}
		*at = n
		return nil
	})
}

func level(at *slog.Level) func([]string) error {
	return one(func(v string) error {
		if err := at.UnmarshalText([]byte(v)); err != nil {
			return errors.New("use debug, info, warn or error")
		}
		return nil
	})
}

// address is a host and a port to listen on. Figures about the program are for this machine only.
func address(at *string, loopback bool) func([]string) error {
	return one(func(v string) error {
		host, port, err := net.SplitHostPort(v)
		if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
			return errors.New("write host and port, such as 127.0.0.1:8080")
		}
		if ip := net.ParseIP(host); loopback && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return errors.New("use a loopback address, such as 127.0.0.1:9464")
		}
		*at = v
		return nil
	})
}

// webAddress is the address of a platform's service.
func webAddress(at *string) func([]string) error {
	return one(func(v string) error {
		u, err := url.Parse(v)
		if v != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return errors.New("write a whole address that begins with https://")
		}
		*at = v
		return nil
	})
}
