package slacktest

// The app that several workspaces may install.
const (
	ClientID     = "1.2"
	ClientSecret = "example-client-secret"
)

// Allow makes a code, as Slack does when somebody has allowed the app in a workspace.
func (s *Server) Allow(team string) (code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code = s.next("code")
	s.codes[code] = team
	return code
}

// trade gives a token for a code, once. The lock is held.
func (s *Server) trade(id, secret, code string) map[string]any {
	team := s.codes[code]
	delete(s.codes, code)
	switch {
	case id != ClientID || secret != ClientSecret:
		return no("bad_client_secret")
	case team == "":
		return no("invalid_code")
	}
	token := "xoxb-" + s.next("team")
	s.tokens[token] = team
	return map[string]any{"ok": true, "access_token": token, "token_type": "bot", "scope": "commands,chat:write", "bot_user_id": Bot, "app_id": "A0",
		"team": map[string]any{"id": team, "name": "Team " + team}, "authed_user": map[string]any{"id": "U0" + team + "ADMIN"}}
}

// Remove takes the app out of a workspace: none of its tokens works any more.
func (s *Server) Remove(team string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, of := range s.tokens {
		if of == team {
			delete(s.tokens, token)
		}
	}
}

// Share shares a channel with another organisation.
func (s *Server) Share(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shared[channel] = true
}

// TeamOf is the workspace whose token made a call.
func (s *Server) TeamOf(c Call) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[c.token]
}
