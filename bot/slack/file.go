package slack

import (
	"bytes"
	"context"
	"strings"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// DeliverFile sends a file to one person by direct message, with the message above it. It
// returns bot.ErrNoFiles where the app was not given the right (files:write), and for
// anything but a direct message: a paper is never put into a channel.
func (p *Platform) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	if d.To.User == "" || d.To.Channel != "" || len(content) == 0 {
		return "", bot.ErrNoFiles
	}
	channel, err := p.direct(ctx, d.To)
	if err != nil {
		return "", err
	}
	client, err := p.reach(d.To.Workspace)
	if err != nil {
		return "", err
	}
	var slot *api.GetUploadURLExternalResponse
	err = p.call(ask{team: d.To.Workspace, method: "files.getUploadURLExternal"}, d.Urgent, func() (err error) {
		slot, err = client.GetUploadURLExternalContext(ctx, api.GetUploadURLExternalParameters{FileName: name, FileSize: len(content)})
		return err
	})
	if err == nil {
		err = client.UploadToURL(ctx, api.UploadToURLParameters{UploadURL: slot.UploadURL, Filename: name, Reader: bytes.NewReader(content)})
	}
	if err == nil {
		err = p.call(ask{d.To.Workspace, "files.completeUploadExternal", channel}, d.Urgent, func() error {
			_, err := client.CompleteUploadExternalContext(ctx, api.CompleteUploadExternalParameters{
				Files: []api.FileSummary{{ID: slot.FileID, Title: name}}, Channel: channel,
				InitialComment: escaped(bot.Cut(strings.TrimSpace(marked(d).Plain()), maxSection)),
			})
			return err
		})
	}
	switch code(err) {
	case "missing_scope", "no_permission", "access_denied", "not_allowed_token_type", "unknown_method", "file_uploads_disabled", "file_uploads_except_images_disabled":
		return "", bot.ErrNoFiles
	}
	return "", deliveryError(err, d.To)
}
