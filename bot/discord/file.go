package discord

import (
	"bytes"
	"context"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// file goes beside a message.
type file struct {
	name    string
	content []byte
}

// beside is the body of a call with the message and the file.
func (f file) beside(n note) (kind string, raw []byte, err error) {
	return discordgo.MultipartBodyWithJSON(n, []*discordgo.File{{Name: f.name, Reader: bytes.NewReader(f.content)}})
}

// DeliverFile sends a file to one person by direct message, with the message above it. It
// returns bot.ErrNoFiles where the organisation has not chosen to send files here, for a file
// that Discord does not take, and for anything but a direct message: a paper is never put
// into a channel.
func (p *Platform) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	if !p.config.Files || d.To.User == "" || len(content) == 0 || len(content) > maxFile {
		return "", bot.ErrNoFiles
	}
	return p.reach(ctx, d, &file{name, content})
}
