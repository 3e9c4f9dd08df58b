package share

import (
	"errors"
	"fmt"

	"shareright/knowledge"
)

// Alarms proves that a book still hears the emergencies that are listed with the program,
// whatever an organisation changed in its words: nobody may lose the answer "call 999".
func (b *Book) Alarms() error {
	var said []string
	if err := knowledge.ReadOne(Files(), "emergencies.yaml", &said); err != nil {
		return err
	}
	var problems []error
	for _, text := range said {
		if a := b.Decide(b.Read(text).Facts); !b.Emergency(text) || a.Decision != ShareNow {
			problems = append(problems, fmt.Errorf("%q is no longer heard as an emergency; a changed word or rule hides it", text))
		}
	}
	return errors.Join(problems...)
}
