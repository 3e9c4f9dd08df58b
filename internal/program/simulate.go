package program

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// marker is the file that says that a data folder holds simulated time.
const marker = "simulated.json"

// simulation is what the marker holds: fields may be added, never renamed.
type simulation struct {
	Began time.Time `json:"began"` // wall clock at the first start; simulated time runs from here
	Rate  float64   `json:"rate"`
}

// RealTime refuses a data folder whose records hold simulated dates.
func RealTime(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, marker)); err == nil {
		return fmt.Errorf("%s was made with --simulate, so its dates are not real; use another data folder", dir)
	}
	return nil
}

// Simulated returns a clock that runs rate times as fast as the wall clock, from the
// folder's first start on. It refuses a folder that was not made under simulation, and another rate.
func Simulated(dir string, rate float64) (func() time.Time, error) {
	if rate <= 0 || rate > 1e6 {
		return nil, fmt.Errorf("a clock cannot run %v times as fast; use a number from 1 to 1000000", rate)
	}
	path := filepath.Join(dir, marker)
	var s simulation
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	case errors.Is(err, os.ErrNotExist):
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return nil, fmt.Errorf("%s was not made with --simulate and may hold real records; use a new data folder", dir)
		}
		if s, err = begin(dir, rate); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if s.Rate != rate {
		return nil, fmt.Errorf("%s runs %v times as fast; use that rate or a new data folder", dir, s.Rate)
	}
	return func() time.Time { return s.Began.Add(time.Duration(float64(time.Since(s.Began)) * rate)) }, nil
}

func begin(dir string, rate float64) (simulation, error) {
	s := simulation{Began: time.Now().UTC().Truncate(time.Millisecond), Rate: rate}
	text, err := json.Marshal(s)
	if err != nil {
		return s, fmt.Errorf("mark simulated folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, marker), text, 0o600); err != nil {
		return s, fmt.Errorf("mark simulated folder: %w", err)
	}
	return s, nil
}
