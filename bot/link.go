package bot

// AliasKind is the kind of row that says which person a platform's user is, where that is
// somebody known from another platform. Its Ref is "platform:user", its Owner the person.
const AliasKind = "alias"

// Alias makes a platform's user the same person as another. It is stored; it holds no more than the two ids.
type Alias struct {
	Person PersonID `json:"person"`
}

// RecordKind names the rows of aliases.
func (Alias) RecordKind() string { return AliasKind }

// RecordIndex names the person.
func (a Alias) RecordIndex() Index { return Index{Owner: a.Person} }
