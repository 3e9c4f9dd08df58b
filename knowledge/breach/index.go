package breach

import (
	"cmp"
	"fmt"
	"slices"

	"shareright/knowledge"
)

// index makes the look-ups.
func (c *Content) index() {
	c.types = map[string]DataType{}
	named := []DataType{}
	for _, t := range c.DataTypes {
		c.types[t.ID] = t
		if !t.Unnamed {
			named = append(named, t)
		}
	}
	slices.SortStableFunc(named, func(a, b DataType) int {
		return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(b.ICO+b.People, a.ICO+a.People))
	})
	for _, t := range named {
		c.tellingTypes = append(c.tellingTypes, t.ID)
	}
}

// DataTypeNames lists the data types that may be named, in the order of the file.
func (c *Content) DataTypeNames() []string {
	var names []string
	for _, t := range c.DataTypes {
		if !t.Unnamed {
			names = append(names, t.ID)
		}
	}
	return names
}

// DataType returns a kind of information by its id.
func (c *Content) DataType(id string) (DataType, bool) {
	t, ok := c.types[id]
	return t, ok
}

var (
	gradeNames    = []string{"none", "light", "ordinary", "sensitive", "grave"}
	lossNames     = []string{"light", "ordinary", "care"}
	exposureNames = []string{"nobody", "contained", "trusted", "confirmed", "outsider", "many", "hostile", "public", "never"}
)

// UnmarshalText reads a grade by its name.
func (g *Grade) UnmarshalText(text []byte) error { return readName(g, "grade", text, gradeNames) }

// UnmarshalText reads a kind of loss by its name.
func (l *LossKind) UnmarshalText(text []byte) error { return readName(l, "loss", text, lossNames) }

// UnmarshalText reads an exposure by its name.
func (e *Exposure) UnmarshalText(text []byte) error {
	return readName(e, "exposure", text, exposureNames)
}

func readName[T ~int](into *T, what string, text []byte, names []string) error {
	at := slices.Index(names, string(text))
	if at < 0 {
		return fmt.Errorf("there is no %s %q%s", what, text, knowledge.DidYouMean(string(text), names))
	}
	*into = T(at)
	return nil
}
