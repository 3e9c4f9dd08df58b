package commands

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"shareright/config"
	"shareright/internal/store"
)

const (
	// stopsWithin is how long a bot that was told to stop is waited for; see stopWithin.
	stopsWithin = 15 * time.Second
	// lookEvery is how often it is looked whether it has stopped.
	lookEvery = 100 * time.Millisecond
)

// alone takes the data folder for this bot: with SQLite there is one at a time. At a quick
// restart the old one may still be stopping, so it is waited for. Processes that share
// PostgreSQL hold nothing.
func alone(ctx context.Context, s config.Config, log *slog.Logger) (*store.Lock, error) {
	if s.DatabaseURL != "" {
		return nil, nil
	}
	late := time.After(stopsWithin)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for told := false; ; told = true {
		lock, err := store.Alone(s.Data)
		if errors.Is(err, errors.ErrUnsupported) {
			log.Warn(say("folder-open"), "folder", s.Data)
			return nil, nil
		}
		if !errors.Is(err, store.ErrTaken) {
			return lock, err
		}
		if !told {
			log.Warn(say("folder-wait"), "folder", s.Data, "up to", stopsWithin)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late:
			return nil, errors.New(say("folder-taken", "folder", s.Data))
		case <-look.C:
		}
	}
}

// nobodyServes refuses to go on while a bot runs: what people tell it meanwhile would be
// lost. With SQLite none can start until the lock is closed. Elsewhere it is asked whether
// one answers on the address of the settings.
func nobodyServes(s config.Config) (*store.Lock, error) {
	if s.DatabaseURL != "" {
		return nil, nobodyAnswers(s.HTTPAddr)
	}
	lock, err := store.Alone(s.Data)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return nil, nobodyAnswers(s.HTTPAddr)
	case errors.Is(err, store.ErrTaken):
		return nil, errors.New(say("folder-taken", "folder", s.Data))
	}
	return lock, err
}

func nobodyAnswers(at string) error {
	address, err := here(at)
	if err != nil {
		return nil // nobody can listen there
	}
	answer, err := (&http.Client{Timeout: 2 * time.Second}).Get("http://" + address + "/healthz")
	if err != nil {
		return nil
	}
	answer.Body.Close()
	return errors.New(say("running", "address", address))
}
