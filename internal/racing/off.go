//go:build !race

package racing

// On says that the race detector is built in.
const On = false
