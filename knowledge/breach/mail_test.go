package breach

import "testing"

func TestTheMailSequenceGoesOnWhereAStepFails(t *testing.T) {
	for _, tc := range []struct {
		name string
		done map[string]string
		want string // "" at the end
	}{
		{"it begins with a recall", nil, "recall"},
		{"a recall that failed goes to IT support", map[string]string{"recall": "failed"}, "ict"},
		{"a recall that worked is checked on the web", map[string]string{"recall": "worked"}, "search"},
		{"IT support that failed goes to the recipients", map[string]string{"recall": "failed", "ict": "failed"}, "contact"},
		{"who was asked must confirm", map[string]string{"recall": "failed", "ict": "failed", "contact": "worked"}, "confirm"},
		{"found on the web goes to the publisher", map[string]string{"recall": "worked", "search": "failed"}, "publisher"},
		{"nothing on the web ends it", map[string]string{"recall": "worked", "search": "worked"}, ""},
	} {
		step, open := Default().NextStep(tc.done)
		if step.ID != tc.want || open != (tc.want != "") {
			t.Errorf("%s: got %q, %v", tc.name, step.ID, open)
		}
	}
	if _, open := (&Content{}).NextStep(nil); open {
		t.Error("content without steps has a next step")
	}
}
