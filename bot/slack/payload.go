package slack

import "encoding/json"

// The types below are the parts of Slack's payloads that we read. The library's own
// types would parse every block of every view that comes back with a submission; these
// read the same bytes once, skip what is not needed and cannot fail on a new block type.

// envelope is one frame of Socket Mode.
type envelope struct {
	ID      string  `json:"envelope_id"`
	Type    string  `json:"type"`
	Payload payload `json:"payload"`
	Attempt int     `json:"retry_attempt"`

	Reason      string `json:"reason"`          // of a disconnect
	Connections int    `json:"num_connections"` // of a hello
}

// payload is what an event, a slash command or an interaction carries, over either transport.
type payload struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`

	// Events.
	EventID string          `json:"event_id"`
	TeamID  string          `json:"team_id"`
	Event   json.RawMessage `json:"event"`
	Shared  bool            `json:"is_ext_shared_channel"`

	// Slash commands.
	Command   string `json:"command"`
	Text      string `json:"text"`
	UserID    string `json:"user_id"`
	UserName  string `json:"user_name"`
	ChannelID string `json:"channel_id"`

	// Interactions.
	TriggerID   string    `json:"trigger_id"`
	ResponseURL string    `json:"response_url"`
	CallbackID  string    `json:"callback_id"`
	ActionTS    string    `json:"action_ts"`
	MessageTS   string    `json:"message_ts"`
	Team        team      `json:"team"`
	Enterprise  *named    `json:"enterprise"`
	User        person    `json:"user"`
	Channel     named     `json:"channel"`
	Message     posted    `json:"message"`
	Container   container `json:"container"`
	View        *view     `json:"view"`
	Actions     []action  `json:"actions"`
}

type named struct {
	ID string `json:"id"`
}

type team struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
}

type person struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	TeamID   string `json:"team_id"`
}

type posted struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
}

type container struct {
	ThreadTS  string `json:"thread_ts"`
	ChannelID string `json:"channel_id"`
	Ephemeral bool   `json:"is_ephemeral"`
}

type view struct {
	ID         string `json:"id"`
	Type       string `json:"type"` // "modal" or "home"
	Hash       string `json:"hash"`
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	State      struct {
		Values map[string]map[string]stateValue `json:"values"` // by block_id and action_id
	} `json:"state"`
	Blocks []struct {
		Type    string `json:"type"`
		BlockID string `json:"block_id"`
	} `json:"blocks"`
}

type stateValue struct {
	Value    string   `json:"value"`
	Option   *option  `json:"selected_option"`
	Options  []option `json:"selected_options"`
	User     string   `json:"selected_user"`
	Date     string   `json:"selected_date"`
	Time     string   `json:"selected_time"`
	UserList []string `json:"selected_users"`
}

type option struct {
	Value string `json:"value"`
}

type action struct {
	ActionID string  `json:"action_id"`
	BlockID  string  `json:"block_id"`
	Text     text    `json:"text"`
	Value    string  `json:"value"`
	Option   *option `json:"selected_option"`
	ActionTS string  `json:"action_ts"`
}

// event is the inner part of an Events API payload, of the types we subscribe to.
type event struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	Tab         string `json:"tab"`
	UserTeam    string `json:"user_team"`
}

type text struct {
	Text string `json:"text"`
}
