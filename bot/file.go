package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// File is something to keep that comes with a post: a paper as PDF, or a register as a
// table. It is made when it is sent, with what the person may see then.
type File struct {
	Name     string   `json:"name"`               // such as "BR-7K3Q-ico.pdf"; the ending decides what it is
	Paper    *Message `json:"paper,omitempty"`    // drawn as PDF
	Register string   `json:"register,omitempty"` // the kind of a register, as CSV or XLSX
	Instead  string   `json:"instead"`            // what to say where no file can be sent
}

// Filer is a platform that can send files. ErrNoFiles says that it may not, here.
type Filer interface {
	DeliverFile(ctx context.Context, d Delivery, name string, content []byte) (MessageID, error)
}

// Draw makes the content of a file: of its paper, or of the rows of a register.
type Draw func(f File, r Register, rows []Row, org Org, now time.Time) ([]byte, error)

// ErrNoFiles says that files cannot be sent here, for want of a right.
var ErrNoFiles = errors.New("files cannot be sent here")

// send posts the message, with its file where the platform can; otherwise it says how to get the file.
func (d *delivering) send(ctx context.Context, platform Platform, out Delivery) (MessageID, error) {
	file := d.post.File
	if file == nil {
		return platform.Deliver(ctx, out)
	}
	filer, can := platform.(Filer)
	if can && d.bot.o.Draw != nil {
		content, err := d.draw(ctx, *file)
		if err != nil {
			return "", err
		}
		if id, err := filer.DeliverFile(ctx, out, file.Name, content); !errors.Is(err, ErrNoFiles) {
			return id, err
		}
	}
	m := out.Message
	m.Body = append(slices.Clone(m.Body), Block{Kind: Para, Text: file.Instead})
	out.Message = m
	return platform.Deliver(ctx, out)
}

// draw makes the file. A register holds what the person it goes to may see now.
func (d *delivering) draw(ctx context.Context, file File) ([]byte, error) {
	var list Register
	var rows []Row
	if file.Register != "" {
		err := d.bot.store.View(ctx, func(tx Tx) error {
			by, err := d.bot.dir.ByID(ctx, tx, d.org, d.post.To.Person)
			if err != nil {
				return err
			}
			for _, r := range d.bot.Registers() {
				if r.Kind == file.Register {
					list = r
					rows, err = listed(ctx, tx, d.org.ID, by, r)
				}
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file.Register, err)
		}
	}
	content, err := d.bot.o.Draw(file, list, rows, d.org, d.bot.now())
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", file.Name, err)
	}
	return content, nil
}
