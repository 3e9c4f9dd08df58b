package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shareright.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNothingNeedsToBeSet(t *testing.T) {
	c, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := c.Organisations[0]
	if o.Nation != "EW" || o.Zone.String() != "Europe/London" || c.Data == "" || c.Slack.Transport != "socket" || c.Slack.Connections != 2 {
		t.Errorf("the defaults are %+v", c)
	}
}

func TestAFileAndTheEnvironmentMakeOneValue(t *testing.T) {
	file := write(t, `
organisation:
  name: Riverside Youth Club
  nation: Scotland
  time_zone: Europe/London
  school: yes
  network_body: Example Network
  regulator: The Regulator
  escalation_channel: slack:C0456
  roles:
    dp_lead: slack:U1
    trustee: [slack:U2, "discord:3"]
slack: {transport: http, connections: 3}
http_addr: 0.0.0.0:8080
`)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("xoxb-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load("", []string{"SHARERIGHT_CONFIG=" + file, "SHARERIGHT_DP_LEAD=slack:U9, slack:U8", "SLACK_BOT_TOKEN_FILE=" + token,
		"SHARERIGHT_DATABASE_URL=postgres://x@example.org/y", "SHARERIGHT_HTTP_ADDR=127.0.0.1:9", "HOME=/home/x"})
	if err != nil {
		t.Fatal(err)
	}
	o := c.Organisations[0]
	want := map[string][]Contact{"dp-lead": {{"slack", "U9"}, {"slack", "U8"}}, "trustee": {{"slack", "U2"}, {"discord", "3"}}}
	if diff := cmp.Diff(want, o.Roles); diff != "" {
		t.Error(diff)
	}
	if o.Name != "Riverside Youth Club" || o.Nation != "S" || !o.School || o.Network != "Example Network" || o.Regulator != "The Regulator" || o.Escalation.String() != "slack:C0456" {
		t.Errorf("the organisation is %+v", o)
	}
	if c.HTTPAddr != "127.0.0.1:9" || !c.Given("http_addr") || c.Given("metrics_addr") || c.Slack.Connections != 3 || c.Slack.BotToken.Reveal() != "xoxb-1" {
		t.Errorf("the settings are %+v", c)
	}
	if gaps := c.Gaps().Error(); !strings.Contains(gaps, "deputy names nobody") || !strings.Contains(gaps, "safeguarding_lead") ||
		!strings.Contains(gaps, "SLACK_SIGNING_SECRET") || strings.Contains(gaps, "trustee") {
		t.Errorf("the gaps are:\n%s", gaps)
	}
}

func TestBankHolidaysFollowFromWhereTheOrganisationWorksUnlessTheyAreSet(t *testing.T) {
	for settings, want := range map[string]string{
		"organisation: {name: Riverside}":                                    "EW ",
		"organisation: {works_in: scotland}":                                 "S scotland",
		"organisation: {works_in: [Northern Ireland, wales]}":                "NI northern-ireland wales",
		"organisation: {nation: EW, works_in: [england, scotland]}":          "EW england scotland",
		"organisations: [{id: a, works_in: [scotland, england]}]":            "S scotland england",
		"organisations: [{id: a, nation: NI, works_in: [northern_ireland]}]": "NI northern-ireland",
	} {
		c, err := Load(write(t, settings), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Organisations[0].Nation + " " + strings.Join(c.Organisations[0].WorksIn, " "); got != want {
			t.Errorf("%s: %q, want %q", settings, got, want)
		}
	}
	c, err := Load("", []string{"SHARERIGHT_WORKS_IN=wales, northern_ireland"})
	if err != nil || strings.Join(c.Organisations[0].WorksIn, " ") != "wales northern-ireland" || c.Organisations[0].Nation != "EW" {
		t.Errorf("from the environment: %+v, %v", c.Organisations[0], err)
	}
}

func TestEveryMistakeIsToldAtOnceWithLineValueAndWhatToDo(t *testing.T) {
	file := write(t, `organisation:
  name: Riverside
  naton: S
  nation: France
  time_zone: London
  roles:
    dp_lead: U0123
    dplead: slack:U1
slack:
  bot_token: xoxb-very-secret
  transport: pigeon
  connections: 1
metrics_addr: 0.0.0.0:9464
slack: {}
colour: red
http_addr: {port: 8080}
`)
	_, err := Load(file, []string{"SHARERIGHT_SCHOOL=perhaps", "SHARERIGHT_WORKS_IN=england,france", "SHARERIGHT_DATABASE_URL=mysql://root:hunter2@x", "SLACK_API_URL=slack.com",
		"SLACK_APP_TOKEN=a", "SLACK_APP_TOKEN_FILE=/nowhere", "DISCORD_TOKEN_FILE=/nowhere/at/all"})
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("want problems, got %v", err)
	}
	text := err.Error()
	for _, want := range []string{
		`:3: organisation.naton is not a setting; did you mean nation?`,
		`:4: organisation.nation: "France" cannot be used; use EW`,
		`:5: organisation.time_zone: "London" cannot be used; use a name such as Europe/London`,
		`:7: organisation.roles.dp_lead: "U0123" cannot be used; write the platform, a colon and the id`,
		`:8: organisation.roles.dplead is not a setting; did you mean dp_lead?`,
		`:10: slack.bot_token is a secret, which may not stand in a file; take it out, and set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE`,
		`:11: slack.transport: "pigeon" cannot be used; use socket or http`,
		`:12: slack.connections: "1" cannot be used; use a number from 2 to 10`,
		`:13: metrics_addr: "0.0.0.0:9464" cannot be used; use a loopback address`,
		`:14: slack stands twice; keep one of them`,
		`:15: colour is not a setting; `,
		`:16: http_addr holds settings where one value belongs; write the value on the same line`,
		`SHARERIGHT_WORKS_IN: "england,france" cannot be used; use england, wales, scotland or northern_ireland, or several of them`,
		`SHARERIGHT_SCHOOL: "perhaps" cannot be used; use yes or no`,
		`SHARERIGHT_DATABASE_URL cannot be used; begin it with postgres://`,
		`SLACK_API_URL: "slack.com" cannot be used; write a whole address`,
		`SLACK_APP_TOKEN and SLACK_APP_TOKEN_FILE are both set; keep one of them`,
		`DISCORD_TOKEN_FILE: "/nowhere/at/all" cannot be read`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not told: %s", want)
		}
	}
	for _, secret := range []string{"very-secret", "hunter2"} {
		if strings.Contains(text, secret) {
			t.Errorf("a secret is shown: %s", secret)
		}
	}
	if t.Failed() {
		t.Logf("told:\n%s", text)
	}
}

func TestTheMailboxForCheckpoints(t *testing.T) {
	for name, tc := range map[string]struct {
		env  []string
		want string // what is told; empty for nothing
	}{
		"a trustee's":      {[]string{"SHARERIGHT_MAIL_SERVER=smtp.example.org:587", "SHARERIGHT_MAIL_FROM=Shareright <bot@example.org>"}, ""},
		"without a server": {nil, "mail.server is not set"},
		"the bot's own":    {[]string{"SHARERIGHT_MAIL_SERVER=smtp.example.org:587", "SHARERIGHT_MAIL_FROM=Shareright <Tess@example.org>"}, "is the bot's own mailbox"},
	} {
		c, err := Load("", append(tc.env, "SHARERIGHT_CHECKPOINT_MAILBOX=tess@example.org"))
		if err != nil || c.Organisations[0].Mailbox != "tess@example.org" {
			t.Fatalf("%s: %q, %v", name, c.Organisations[0].Mailbox, err)
		}
		for _, may := range []string{"mail.server is not set", "is the bot's own mailbox"} {
			if told := strings.Contains(c.Gaps().Error(), may); told != (may == tc.want) {
				t.Errorf("%s: %q is told: %v", name, may, told)
			}
		}
	}
	if _, err := Load("", []string{"SHARERIGHT_CHECKPOINT_MAILBOX=slack:U0123"}); err == nil || !strings.Contains(err.Error(), "write one e-mail address") {
		t.Errorf("no address: %v", err)
	}
}

func TestAFileThatIsNotYAMLOrNotThereIsAMistakeLikeAnyOther(t *testing.T) {
	for name, tc := range map[string]struct{ file, want string }{
		"not there": {filepath.Join(t.TempDir(), "no.yaml"), "cannot be read: no such file"},
		"a tab":     {write(t, "slack:\n\ttransport: http\n"), "is not YAML"},
		"a list":    {write(t, "- slack\n"), "is not a list of settings"},
		"a word":    {write(t, "slack\n"), "is not a list of settings"},
	} {
		if _, err := Load(tc.file, nil); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: want %q, got %v", name, tc.want, err)
		}
	}
	if _, err := Load(write(t, "# nothing yet\n"), nil); err != nil {
		t.Errorf("a file with nothing but a comment: %v", err)
	}
}

func TestAFileThatWasMadeToDoHarmIsRefusedAtOnce(t *testing.T) {
	bomb := strings.Builder{}
	bomb.WriteString("a0: &a0 {id: x}\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	for name, c := range map[string]struct{ text, want string }{
		"brackets":              {"organisation: " + strings.Repeat("[", 300_000), "deep within each other"},
		"dashes":                {strings.Repeat("- ", 200_000), "deep within each other"},
		"names for names":       {bomb.String(), "grow without end"},
		"more than it can hold": {strings.Repeat("# note\n", 1<<18), "larger than 1 MB"},
		"a tag without a value": {"! 00000", "is not"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if _, err := Load(write(t, c.text), nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %.200v", c.want, err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
	if _, err := Load("/dev/zero", nil); err == nil {
		t.Error("a file without an end was read")
	}
}

func TestSeveralOrganisationsNeedIdsAndWorkspacesOfTheirOwn(t *testing.T) {
	good := `
organisations:
  - id: one
    name: One
    workspaces: [slack:T1]
    roles:
      dp_lead: slack:U1
  - id: two
    name: Two
    workspaces:
      - slack:T2
`
	c, err := Load(write(t, good), nil)
	if err != nil || len(c.Organisations) != 2 || c.Organisations[1].ID != "two" {
		t.Fatalf("want two, got %+v, %v", c.Organisations, err)
	}
	if gaps := c.Gaps().Error(); !strings.Contains(gaps, `organisations[2].roles.dp_lead: "Two"`) {
		t.Errorf("the gaps are:\n%s", gaps)
	}
	bad := `
organisations:
  - id: one
    name: One
    workspaces: slack:T1
  - id: one
    name: Two
    workspaces: slack:T1
  - name: Three
`
	_, err = Load(write(t, bad), nil)
	for _, want := range []string{"is the id of two organisations", "belongs to One and to Two", "has no workspaces", "id: \"Three\" is missing"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s in %v", want, err)
		}
	}
}

func TestAMisspeltVariableIsAGapAndStopsNothing(t *testing.T) {
	c, err := Load("", []string{"SHARERIGHT_DP_LEED=slack:U1", "SHARERIGHT_TEST_POSTGRES=x"})
	if err != nil {
		t.Fatal(err)
	}
	gaps := c.Gaps().Error()
	if !strings.Contains(gaps, "SHARERIGHT_DP_LEED is not a variable that is read; did you mean SHARERIGHT_DP_LEAD?") || strings.Contains(gaps, "TEST_POSTGRES") {
		t.Errorf("the gaps are:\n%s", gaps)
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	c := Default()
	c.Slack.BotToken, c.MasterKey = "xoxb-hunter2", "hunter2"
	asJSON, err := json.Marshal(c.Slack)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c.Slack), fmt.Sprintf("%q %s", c.MasterKey, c.MasterKey),
		string(asJSON), c.MasterKey.LogValue().String()} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("shown: %s", shown)
		}
	}
	if !strings.Contains(string(asJSON), "[secret]") {
		t.Errorf("want [secret], got %s", asJSON)
	}
}
