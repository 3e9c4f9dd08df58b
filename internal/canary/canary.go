// Package canary holds a test and nothing else: two organisations play every command,
// form and button of the real program with words that occur nowhere else, and then those
// words are looked for in every place they must not be in.
package canary
