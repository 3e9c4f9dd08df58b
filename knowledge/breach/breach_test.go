package breach

import "testing"

func TestContentLoads(t *testing.T) {
	if _, err := Load(Files()); err != nil {
		t.Fatal(err)
	}
}
