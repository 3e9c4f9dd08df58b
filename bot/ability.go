package bot

import (
	"context"
	"time"
)

// What some platforms can do besides. A platform that lacks an ability lacks the method.

// Noticer is a platform on which nobody can answer, such as e-mail. It is used for what is
// urgent, when chat reaches nobody or nobody there answers; the message itself goes on to
// those who stand in.
type Noticer interface{ NoticeOnly() bool }

// Linker is a platform that knows how a browser gets to a place; "" where it does not.
type Linker interface{ Link(to Address) string }

// Holder is a platform that keeps messages and posts them by itself at their time, even when
// this program is gone by then.
type Holder interface {
	// Hold leaves a message with the platform, to be posted at a time, or up to a quarter of an
	// hour later where there is no room. Failures are as for Deliver.
	Hold(ctx context.Context, to Address, m Message, at time.Time) (MessageID, error)
	// Unhold takes it back. It is no error when it is not there any more, or is posted.
	Unhold(ctx context.Context, to Address, id MessageID) error
	// Holding lists what the platform keeps for this program in a workspace.
	Holding(ctx context.Context, workspace string) ([]Kept, error)
}

// Kept is one message that a platform keeps for later.
type Kept struct {
	ID   MessageID
	At   time.Time
	Text string
}

// Prober is a platform that can say, without posting, whether an address still works. It
// returns Unreachable where it does not, Exposed where more people read it than should, and
// another error where that is not known now.
type Prober interface {
	Reach(ctx context.Context, to Address) error
}

// Exposed says that an address works, and that more people can read it than should.
type Exposed struct {
	Err error
	Fix string
}

func (e *Exposed) Error() string { return e.Err.Error() }
func (e *Exposed) Unwrap() error { return e.Err }

// Waiting is where a message waits in chat, as somebody elsewhere is told.
type Waiting struct {
	Platform string
	Channel  bool   // a channel of several; otherwise the person's messages with the bot
	Link     string // empty where there is none
}

// able finds an ability of a platform, through whatever is wrapped around it.
func able[T any](p Platform) (ability T, can bool) {
	for p != nil {
		if ability, can = p.(T); can {
			return ability, true
		}
		wrapped, is := p.(interface{ Unwrap() Platform })
		if !is {
			break
		}
		p = wrapped.Unwrap()
	}
	return ability, false
}

// onlyNotice says whether an address can be given notice and no more.
func (b *Bot) onlyNotice(to Address) bool {
	n, can := able[Noticer](b.platforms[to.Platform])
	return can && n.NoticeOnly()
}
