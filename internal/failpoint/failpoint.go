// Package failpoint names the places at which a test kills the program, to show that
// nothing is lost, doubled or half-done there.
//
// In the real program Hit does nothing and costs nothing. Built with the tag failpoint, a
// test arms one place with Arm, or the environment does with SHARERIGHT_FAILPOINT=F9:2, and
// the second hit of F9 ends the process with SIGKILL; F9:2:stop holds it with SIGSTOP until
// somebody sends SIGCONT. It decides nothing and mends nothing.
//
// The same build lets a test move the clock between two lives of the program (Clock), shorten
// the lease of a job (Lease), let a mailbox fill (Letters), and switch on a fault that the test must find (Mutant).
//
// The places are numbered along the way of an event from a platform to a person:
//
//	F2   an event has come, and no transaction is open yet
//	F3   before each statement that writes, inside the transaction
//	F4   committed, and the platform has not been answered yet
//	F6   an answer of a dialogue is stored in the transaction, and the next question is not drawn yet
//	F8   a page was sent, and its draft is not stored yet
//	F9   what the feature decided is known, and no record of it is stored yet
//	F10  records are stored, and the clock's jobs are not
//	F11  records and jobs are stored, and the audit trail is not
//	F12  a post is claimed, and not sent yet
//	F13  a post was sent, and its answer is not stored yet (F7, a question that was posted, is the same place)
//	F14  the answer is stored, and the job is not finished yet
//	F15  a message was left with a platform for later, and its id is not stored yet
//	F16  a clock has stopped, and the message left for it is not taken back yet
//	F17  a clock ran out and its job is finished in the transaction, and what follows is not decided yet
//	F18  records are stored, and the posts that tell of them are not
//	F19  a button was pressed and its feature has decided, and nothing is stored yet
//
// And in the work of whoever keeps the records:
//
//	F21  a master key is being changed: some organisations are sealed anew, others are not
//	F22  a row and its key are erased in the transaction, and the erasure ledger does not say so yet
//	F23  between two batches of rows whose time has come
//	F24  a backup, a restore, a key file or a move to another database is made, and not in its place yet
//
// F1 (an event that is not verified yet) and F5 (answered before it is carried out) have no
// place here: a platform verifies before it hands over, and is answered after the commit.
// F20 (a role was changed, and old sessions still work) has none: there is no session to end,
// because the role is asked for in the transaction of each event.
package failpoint

// Keeping lists the places in the work of whoever keeps the records.
func Keeping() []string { return []string{"F21", "F22", "F23", "F24"} }

// Names lists the places on the way of an event, in their order.
func Names() []string {
	return []string{"F2", "F3", "F4", "F6", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19"}
}
