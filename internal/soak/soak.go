// Package soak keeps the whole program busy against a Slack that stutters: events twice,
// rate limits, sockets that are renewed, and kills. Its test does the work; `make soak` is
// the long run. The program does not use it.
package soak
