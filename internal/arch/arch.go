// Package arch holds one test: it states who may import whom, and fails otherwise. The
// arrows are explained in docs/architecture.md.
package arch
