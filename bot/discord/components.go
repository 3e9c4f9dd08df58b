package discord

import (
	"github.com/bwmarrin/discordgo"
)

// The types below are Discord's, as it takes them today: the library in use knows neither
// labels nor selects in modals.

// Kinds of component.
const (
	rowKind    = 1
	buttonKind = 2
	selectKind = 3
	textKind   = 4
	userKind   = 5
	wordsKind  = 10 // text in a modal
	labelKind  = 18 // a question in a modal
)

// component is a part of a message or a modal, of any kind.
type component struct {
	Type        int          `json:"type"`
	CustomID    string       `json:"custom_id,omitempty"`
	Style       int          `json:"style,omitempty"`
	Label       string       `json:"label,omitempty"`
	Description string       `json:"description,omitempty"`
	Content     string       `json:"content,omitempty"`
	Placeholder string       `json:"placeholder,omitempty"`
	Value       string       `json:"value,omitempty"`
	MaxLength   int          `json:"max_length,omitempty"`
	Required    *bool        `json:"required,omitempty"`
	MinValues   *int         `json:"min_values,omitempty"`
	MaxValues   int          `json:"max_values,omitempty"`
	Options     []choice     `json:"options,omitempty"`
	Defaults    []named      `json:"default_values,omitempty"`
	Component   *component   `json:"component,omitempty"`
	Components  []*component `json:"components,omitempty"`
}

// choice is one of a select's options, or a suggestion.
type choice struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

type named struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Styles of button.
const (
	blue  = int(discordgo.PrimaryButton)
	grey  = int(discordgo.SecondaryButton)
	green = int(discordgo.SuccessButton)
	red   = int(discordgo.DangerButton)
)

func button(id, label string, style int) *component {
	return &component{Type: buttonKind, CustomID: id, Label: label, Style: style}
}

func row(parts ...*component) *component { return &component{Type: rowKind, Components: parts} }

// note is a message as Discord takes it: as an answer, a follow-up, a post or an edit. It
// never calls anybody. Components are always given, so that an edit takes old buttons away.
type note struct {
	Content    string       `json:"content"`
	Flags      int          `json:"flags,omitempty"`
	Mentions   mentions     `json:"allowed_mentions"`
	Components []*component `json:"components"`

	Nonce     string     `json:"nonce,omitempty"`
	OnlyOnce  bool       `json:"enforce_nonce,omitempty"`
	Reference *reference `json:"message_reference,omitempty"`

	file *file // sent beside it
}

// mentions says whom a message may call: its zero value must never be sent.
type mentions struct {
	Parse []string `json:"parse"`
}

var nobody = mentions{Parse: []string{}}

type reference struct {
	MessageID string `json:"message_id"`
	MustExist bool   `json:"fail_if_not_exists"`
}

// Flags of a message.
const (
	noPreviews = int(discordgo.MessageFlagsSuppressEmbeds)
	onlyForYou = int(discordgo.MessageFlagsEphemeral)
)

// modal is a page of questions.
type modal struct {
	CustomID   string       `json:"custom_id"`
	Title      string       `json:"title"`
	Components []*component `json:"components"`
}

// suggestions answer while somebody types.
type suggestions struct {
	Choices []suggestion `json:"choices"`
}

type suggestion struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// response answers an interaction.
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// Kinds of response.
const (
	pong        = int(discordgo.InteractionResponsePong)
	says        = int(discordgo.InteractionResponseChannelMessageWithSource)
	thinks      = int(discordgo.InteractionResponseDeferredChannelMessageWithSource)
	keeps       = int(discordgo.InteractionResponseDeferredMessageUpdate) // the message stays as it is
	changes     = int(discordgo.InteractionResponseUpdateMessage)
	suggestsAll = int(discordgo.InteractionApplicationCommandAutocompleteResult)
	opens       = int(discordgo.InteractionResponseModal)
)
