// Package campaign kills the program, thousands of times, and looks whether anything was
// lost, doubled or half-done. Its tests are the whole of it; the program does not use it.
//
// The real binary (`serve`) runs on SQLite or PostgreSQL, with a Slack and a Discord of our
// own on loopback. People report breaches, ask, and lead cases, while the process dies of
// SIGKILL at the places that internal/failpoint names or at a moment of nobody's choosing,
// also while it recovers from the last death. The campaign keeps a ledger of its own, on
// disk, of what was sent and what was acknowledged, and compares it after each death with
// the database and at the end with the messages that arrived. docs/crashes.md tells the
// rest, and `make kills` is the long run.
package campaign
