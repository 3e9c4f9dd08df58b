// Package racing says whether a test runs under the race detector. Long walks in which
// one turn follows the other, with nothing that could race, leave themselves out there:
// `go test ./...` runs them. The package is for tests only.
package racing
