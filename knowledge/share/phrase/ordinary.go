package phrase

// Ordinary says whether a word is one of the set's own or an ordinary English word, and so
// no name that the set does not know.
func (s *Set) Ordinary(w Word) bool {
	return w.exact != 0 || w.stem != 0 || s.known[w.Norm] || isCommon(w.Norm)
}
