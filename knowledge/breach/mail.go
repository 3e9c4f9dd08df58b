package breach

// MailStep is one step of getting back what was sent to the wrong person.
type MailStep struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Says    string   `yaml:"says"`
	Worked  string   `yaml:"worked"` // the next step when it worked; empty ends the sequence
	Failed  string   `yaml:"failed"` // the next step when it did not
	Sources []string `yaml:"sources"`
}

// NextStep returns the step that is still to be done, given "worked" or "failed" for those
// that are done. It is false at the end of the sequence.
func (c *Content) NextStep(done map[string]string) (MailStep, bool) {
	if len(c.Mail) == 0 {
		return MailStep{}, false
	}
	step, ok := c.Mail[0], true
	for range c.Mail {
		next := ""
		switch done[step.ID] {
		case "worked":
			next = step.Worked
		case "failed":
			next = step.Failed
		default:
			return step, true
		}
		if step, ok = c.mailStep(next); !ok {
			return MailStep{}, false
		}
	}
	return MailStep{}, false
}

func (c *Content) mailStep(id string) (MailStep, bool) {
	for _, s := range c.Mail {
		if s.ID == id {
			return s, true
		}
	}
	return MailStep{}, false
}

func (c *Content) verifyMail(k checker) {
	ids := []string{""}
	for _, s := range c.Mail {
		ids = append(ids, s.ID)
	}
	for _, s := range c.Mail {
		k.once(s.ID, s.Label)
		k.among(s.ID, "step", []string{s.Worked, s.Failed}, ids)
		c.cited(k, s.ID, s.Sources)
	}
}
