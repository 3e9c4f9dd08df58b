package discord

import "encoding/json"

// The types below are the parts of Discord's payloads that we read. What a message pointed
// at says is among the parts that we do not.

// Kinds of interaction.
const (
	pingKind    = 1
	commandKind = 2
	pressKind   = 3
	typingKind  = 4
	submitKind  = 5
)

// interaction is something that somebody did with the bot.
type interaction struct {
	ID          string  `json:"id"`
	Application string  `json:"application_id"`
	Type        int     `json:"type"`
	Token       string  `json:"token"`
	Guild       string  `json:"guild_id"`
	Channel     string  `json:"channel_id"`
	User        *person `json:"user"` // in direct messages
	Member      *member `json:"member"`
	Message     *posted `json:"message"` // the one that holds the button
	Data        struct {
		Name       string     `json:"name"`
		Type       int        `json:"type"` // of the command: typed, or a message's menu
		Target     string     `json:"target_id"`
		Options    []option   `json:"options"`
		CustomID   string     `json:"custom_id"`
		Kind       int        `json:"component_type"`
		Values     []string   `json:"values"`
		Components []answered `json:"components"`
	} `json:"data"`
}

type person struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"global_name"`
	Bot      bool   `json:"bot"`
}

type member struct {
	User person `json:"user"`
	Nick string `json:"nick"`
}

type posted struct {
	ID         string     `json:"id"`
	Components []answered `json:"components"`
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

// answered is a component that comes back: with an answer from a modal, or with its label
// in the message that holds it.
type answered struct {
	Type       int             `json:"type"`
	CustomID   string          `json:"custom_id"`
	Label      string          `json:"label"`
	Value      json.RawMessage `json:"value"`
	Values     []string        `json:"values"`
	Component  *answered       `json:"component"`
	Components []answered      `json:"components"`
}

// written is a message that somebody wrote.
type written struct {
	ID      string `json:"id"`
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Author  person `json:"author"`
	Webhook string `json:"webhook_id"`
	Type    int    `json:"type"`
	Content string `json:"content"`
}

// Kinds of message that people write.
const (
	plainMessage = 0
	replyMessage = 19
)
