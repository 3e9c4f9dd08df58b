package discord

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// Kinds of command and of its options.
const (
	slashCommand = 1
	messageMenu  = 3

	subcommand   = 1
	stringOption = 3
)

// The root command that holds everything without a command of its own, and its help.
const (
	rootCommand = "dp"
	helpCommand = "help"
)

// menuPrefix marks a command that was called by its name in a message's menu.
const menuPrefix = "menu:"

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// command is a command as Discord keeps it: what we set, and nothing else.
type command struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description,omitempty"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
	Contexts     []int             `json:"contexts,omitempty"`
	Permissions  permissions       `json:"default_member_permissions,omitempty"`
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
}

// permissions is who sees the command at first: "0" is administrators only, empty is
// everybody. Discord reads a number and answers with text.
type permissions string

// UnmarshalJSON reads either.
func (p *permissions) UnmarshalJSON(raw []byte) error {
	if text := strings.Trim(string(raw), `"`); text != "null" {
		*p = permissions(text)
	}
	return nil
}

// MarshalJSON writes the number.
func (p permissions) MarshalJSON() ([]byte, error) { return []byte(firstOf(string(p), "null")), nil }

// The places in which a command may be used: in a server, and in a chat with the bot.
const (
	inServer = 0
	inDirect = 1
)

// british is our English for those whose Discord is set to it; "en-US" would be shown ours too.
func british(s string) map[string]string { return map[string]string{"en-GB": s, "en-US": s} }

// drawCommands makes Discord's commands: one for each root, with a subcommand for each
// command below it while there is room, and the entries in a message's menu.
func drawCommands(commands []bot.Command) []command {
	var drawn, menus []command
	for _, c := range commands {
		if c.Under == "" && c.Name != rootCommand {
			drawn = append(drawn, drawRoot(c))
		}
		if c.Menu != "" {
			menus = append(menus, command{Type: messageMenu, Name: c.Menu, Names: british(c.Menu), Contexts: []int{inServer}, Permissions: hidden(c)})
		}
	}
	drawn = append(drawn, drawDP(commands))
	return append(drawn, menus...)
}

// hidden keeps a command from the eyes of those whom it is not for. It is checked all the same.
func hidden(c bot.Command) permissions {
	if len(c.Who) > 0 && !slices.Contains(c.Who, bot.Anyone) {
		return "0"
	}
	return ""
}

func drawRoot(c bot.Command) command {
	d := command{Type: slashCommand, Name: c.Name, Names: british(c.Name), Description: c.Help, Descriptions: british(c.Help),
		Contexts: []int{inServer, inDirect}, Permissions: hidden(c)}
	if c.Hint != "" {
		d.Options = []commandOption{drawInput(c)}
	}
	return d
}

// drawInput is the option for what may follow a command.
func drawInput(c bot.Command) commandOption {
	hint := bot.Cut(strings.Trim(c.Hint, "[]"), maxHelp)
	return commandOption{Type: stringOption, Name: textInput, Names: british(textInput), Description: hint, Descriptions: british(hint),
		MaxLength: maxOption, Autocomplete: c.Suggest != nil}
}

// drawDP lists what everybody may use before what some may; what finds no room is found by
// typing, where each person is shown what is theirs.
func drawDP(commands []bot.Command) command {
	help := say("discord.dp-help")
	d := command{Type: slashCommand, Name: rootCommand, Names: british(rootCommand), Description: help, Descriptions: british(help),
		Contexts: []int{inServer, inDirect}}
	add := func(name, help string, options ...commandOption) {
		d.Options = append(d.Options, commandOption{Type: subcommand, Name: name, Names: british(name), Description: help, Descriptions: british(help), Options: options})
	}
	add(helpCommand, say("discord.help-help"))
	for _, forAll := range []bool{true, false} {
		for _, c := range commands {
			if c.Under != rootCommand || (hidden(c) == "") != forAll || len(d.Options) == maxSubcommands-1 {
				continue
			}
			if c.Hint == "" {
				add(c.Name, bot.Cut(c.Help, maxHelp))
			} else {
				add(c.Name, bot.Cut(c.Help, maxHelp), drawInput(c))
			}
		}
	}
	what, more := say("discord.other-command"), say("discord.other-text")
	add(moreCommands, say("discord.other-help"),
		commandOption{Type: stringOption, Name: commandInput, Names: british(commandInput), Description: what, Descriptions: british(what), Required: true, Autocomplete: true},
		commandOption{Type: stringOption, Name: textInput, Names: british(textInput), Description: more, Descriptions: british(more), MaxLength: maxOption})
	return d
}

// ran turns the name in a message's menu back into its command.
func (p *Platform) ran(r bot.Ran) bot.Ran {
	name, menu := strings.CutPrefix(r.Command, menuPrefix)
	if !menu {
		return r
	}
	for _, c := range p.config.Commands {
		if c.Menu == name {
			r.Command = strings.TrimSpace(c.Under + " " + c.Name)
			return r
		}
	}
	r.Command = name
	return r
}

// offerCommands tells Discord the commands, if they are not what it has: it takes 200
// changes a day. It tries until it has worked.
func (p *Platform) offerCommands(ctx context.Context) {
	for wait := 2 * time.Second; ; wait = min(2*wait, 10*time.Minute) {
		err := p.setCommands(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		wait = max(wait, retryAfter(err))
		p.log.Error("the commands are not set in discord; trying again", "wait", wait, "error", short(err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// setCommands sets them for the one server, and for chats with the bot; or for all servers.
func (p *Platform) setCommands(ctx context.Context) error {
	app, err := p.application(ctx)
	if err != nil {
		return err
	}
	all := drawCommands(p.config.Commands)
	everywhere := discordgo.EndpointApplicationGlobalCommands(app)
	if p.config.GuildID == "" {
		return p.overwrite(ctx, everywhere, all)
	}
	err = p.overwrite(ctx, discordgo.EndpointApplicationGuildCommands(app, p.config.GuildID), within(all, inServer))
	if err != nil {
		return err
	}
	return p.overwrite(ctx, everywhere, within(all, inDirect))
}

// within keeps the commands of one place, for that place only.
func within(all []command, place int) []command {
	var out []command
	for _, c := range all {
		if !slices.Contains(c.Contexts, place) {
			continue
		}
		c.Contexts = []int{place}
		if place == inServer {
			c.Contexts = nil // a server's own commands are used nowhere else
		}
		out = append(out, c)
	}
	return out
}

func (p *Platform) overwrite(ctx context.Context, at string, want []command) error {
	var have []command
	if err := p.call(ctx, http.MethodGet, at+"?with_localizations=true", nil, &have); err != nil {
		return fmt.Errorf("read the commands: %w", err)
	}
	if same(have, want) {
		return nil
	}
	if err := p.call(ctx, http.MethodPut, at, want, nil); err != nil {
		return fmt.Errorf("set the commands: %w", err)
	}
	p.log.Info("commands set in discord", "commands", len(want))
	return nil
}

// same compares without regard to the order of commands, and to places of a server's own.
func same(have, want []command) bool {
	return reflect.DeepEqual(ordered(have, want), ordered(want, want))
}

func ordered(list, like []command) []command {
	list = slices.Clone(list)
	for i := range list {
		list[i].Contexts = slices.Clone(list[i].Contexts)
		slices.Sort(list[i].Contexts)
		if len(list[i].Contexts) == 0 || len(like) > 0 && len(like[0].Contexts) == 0 {
			list[i].Contexts = nil
		}
		if len(list[i].Options) == 0 {
			list[i].Options = nil
		}
	}
	slices.SortFunc(list, func(a, b command) int {
		if a.Type != b.Type {
			return a.Type - b.Type
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// me is the bot's own name, which only a good token tells.
func (p *Platform) me(ctx context.Context) (person, error) {
	var who person
	err := p.call(ctx, http.MethodGet, discordgo.EndpointUser("@me"), nil, &who)
	return who, err
}

// gatewayURL asks where to connect.
func (p *Platform) gatewayURL(ctx context.Context) (string, error) {
	var at struct {
		URL string `json:"url"`
	}
	if err := p.call(ctx, http.MethodGet, discordgo.EndpointGateway, nil, &at); err != nil {
		return "", err
	}
	return at.URL, nil
}

// suggested are the choices as Discord takes them.
func suggested(r bot.Response) suggestions {
	out := suggestions{Choices: []suggestion{}}
	for _, c := range r.Choices {
		if len(out.Choices) == maxChoices || length(c.Value) > maxChoiceValue {
			continue
		}
		out.Choices = append(out.Choices, suggestion{Name: bot.Cut(c.Label, maxDescription), Value: c.Value})
	}
	return out
}
