// Package drawn holds a picture, as data, of everything that the program shows people: each
// page of each form, and each message of each conversation in testdata/talk, drawn for
// every platform and kept in golden files. Its tests do the work; the program does not use it.
package drawn
