package slack

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

var userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// code is Slack's word for what went wrong, or "" when it gave none.
func code(err error) string {
	var refused api.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// fixes names the sentence that says how to mend each failure that no retry mends.
var fixes = map[string]string{
	"channel_not_found": "slack.fix-channel",
	"not_in_channel":    "slack.fix-member",
	"is_archived":       "slack.fix-archived",

	"restricted_action":                        "slack.fix-restricted",
	"restricted_action_read_only_channel":      "slack.fix-restricted",
	"restricted_action_thread_only_channel":    "slack.fix-restricted",
	"restricted_action_non_threadable_channel": "slack.fix-restricted",
	"restricted_action_thread_locked":          "slack.fix-restricted",
	"posting_to_general_channel_denied":        "slack.fix-restricted",
	"user_not_found":                           "slack.fix-person",
	"users_not_found":                          "slack.fix-person",
	"user_disabled":                            "slack.fix-person",
	"user_not_visible":                         "slack.fix-person",
	"user_not_in_channel":                      "slack.fix-person",
	"cannot_dm_bot":                            "slack.fix-person",
	"messages_tab_disabled":                    "slack.fix-scope",
	"invalid_auth":                             "slack.fix-token",
	"not_authed":                               "slack.fix-token",
	"token_revoked":                            "slack.fix-token",
	"token_expired":                            "slack.fix-token",
	"account_inactive":                         "slack.fix-token",
	"org_login_required":                       "slack.fix-token",
	"team_access_not_granted":                  "slack.fix-token",
	"not_allowed_token_type":                   "slack.fix-token",
	"missing_scope":                            "slack.fix-scope",
	"no_permission":                            "slack.fix-scope",
	"access_denied":                            "slack.fix-scope",
	"ekm_access_denied":                        "slack.fix-restricted",
	"team_not_found":                           "slack.fix-token",
	"invalid_arguments":                        "slack.fix-other",
	"invalid_blocks":                           "slack.fix-other",
	"invalid_metadata_format":                  "slack.fix-other",
	"too_many_members":                         "slack.fix-other",
	"method_deprecated":                        "slack.fix-other",
	"deprecated_endpoint":                      "slack.fix-other",
	"unknown_method":                           "slack.fix-other",
	"msg_too_long":                             "slack.fix-other",
	"slack_connect_file_link_sharing_blocked":  "slack.fix-restricted",
	"slack_connect_canvas_sharing_blocked":     "slack.fix-restricted",
	"external_channel_migrating":               "slack.fix-restricted",
	"as_user_not_supported":                    "slack.fix-other",
	"channel_type_not_supported":               "slack.fix-channel",
	"is_inactive":                              "slack.fix-archived",
	"not_found":                                "slack.fix-other",
}

func permanent(code string) bool { return fixes[code] != "" }

// tokenGone says that no other channel would work either.
func tokenGone(code string) bool {
	return fixes[code] == "slack.fix-token" || fixes[code] == "slack.fix-scope"
}

// deliveryError tells the queue what kind of failure it was: one with a time to wait, one
// that no retry mends, or another. It is nil for nil.
func deliveryError(err error, to bot.Address) error {
	if err == nil {
		return nil
	}
	if wait := retryAfter(err); wait > 0 {
		return &bot.Busy{Err: fmt.Errorf("slack: %w", err), After: wait}
	}
	if key := fixes[code(err)]; key != "" {
		where := to.Channel
		if where == "" {
			where = cmp.Or(to.Name, to.User)
		}
		return &bot.Unreachable{Err: fmt.Errorf("slack: %w", err), Fix: say(key, "where", where, "error", code(err))}
	}
	return fmt.Errorf("slack: %w", err)
}

// retryAfter is how long Slack wants to be left alone, or 0.
func retryAfter(err error) time.Duration {
	var limited *api.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second)
	}
	return 0
}

// isBusy says that Slack wants to be left alone, whether it was asked or we kept to what it said before.
func isBusy(err error) bool { return retryAfter(err) > 0 || errors.As(err, new(*bot.Busy)) }
