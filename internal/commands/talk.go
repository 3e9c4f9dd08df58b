package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"shareright/internal/program"
	"shareright/internal/talk"
)

// Talk plays conversations.
type Talk struct {
	Files []string `arg:"" help:"Conversations, or folders of them (*.txt)." placeholder:"FILE"`
}

// Run plays every file and fails when one differs.
func (c *Talk) Run(parts program.Parts) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := sound(parts); err != nil {
		return err
	}
	bad := false
	for _, name := range c.Files {
		files, err := conversations(name)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := talk.PlayFile(ctx, file, parts); err != nil {
				bad = true
				fmt.Println(err)
				continue
			}
			fmt.Println(file + ": ok")
		}
	}
	if bad {
		return errTold
	}
	return nil
}

func conversations(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("find conversation: %w", err)
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	files, err := filepath.Glob(filepath.Join(name, "*.txt"))
	if err == nil && len(files) == 0 {
		err = errors.New(name + " holds no conversation (*.txt)")
	}
	return files, err
}
