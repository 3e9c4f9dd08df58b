package breach

import "shareright/knowledge/letter"

// Section is one section of the regulator's form.
type Section struct {
	ID       string  `yaml:"id"`
	Heading  string  `yaml:"heading"`
	Hint     string  `yaml:"hint"`
	OnlyWhen string  `yaml:"only_when"` // "cyber": left out for other causes
	Fields   []Field `yaml:"fields"`
}

// Field is one field of the regulator's form.
type Field struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Hint     string   `yaml:"hint"`
	Choices  []string `yaml:"choices"`
	Optional bool     `yaml:"optional"`
	Law      bool     `yaml:"law"` // UK GDPR Article 33(1) or 33(3) asks for it
}

// Letter is a letter or note to copy.
type Letter = letter.Letter

// Letter returns a letter by its id.
func (c *Content) Letter(id string) (Letter, bool) { return letter.Find(c.Letters, id) }
