package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSimulatedAndRealTimeNeverShareAFolder(t *testing.T) {
	fresh, used := filepath.Join(t.TempDir(), "new"), t.TempDir()
	if err := os.WriteFile(filepath.Join(used, "shareright.db"), []byte("records"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Simulated(used, 60); err == nil || !strings.Contains(err.Error(), "may hold real records") {
		t.Errorf("a folder with real records: %v", err)
	}
	if err := RealTime(used); err != nil {
		t.Errorf("real records in real time: %v", err)
	}
	if _, err := Simulated(fresh, 60); err != nil {
		t.Fatal(err)
	}
	if err := RealTime(fresh); err == nil {
		t.Error("a simulated folder was taken for a real one")
	}
	if _, err := Simulated(fresh, 61); err == nil || !strings.Contains(err.Error(), "use that rate") {
		t.Errorf("another rate: %v", err)
	}
	for _, rate := range []float64{0, -1, 1e9} {
		if _, err := Simulated(filepath.Join(t.TempDir(), "x"), rate); err == nil {
			t.Errorf("rate %v was taken", rate)
		}
	}
}

func TestASimulatedClockGoesOnWhereItWasAfterAStop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	first, err := Simulated(dir, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	before := first()
	again, err := Simulated(dir, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	if after := again(); after.Before(before) || after.Sub(before) > 1e6*time.Minute {
		t.Errorf("it was %s and is %s", before, after)
	}
}
