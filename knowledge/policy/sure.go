package policy

const sureEnough = 0.4

// sureness says how likely it is that the best passage answers the question.
func (l *Library) sureness(q asking, ranked []scored) float64 {
	return ranked[0].cover
}
