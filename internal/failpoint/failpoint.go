// Package failpoint names the places at which a test kills the program, to show that
// nothing is lost, doubled or half-done there.
//
// In the real program Hit does nothing and costs nothing. Built with the tag failpoint, a
// test arms one place with Arm, or the environment does with SHARERIGHT_FAILPOINT=F9:2, and
// the second hit of F9 ends the process with SIGKILL. It decides nothing and mends nothing.
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
//	F17  a clock ran out and its job is finished in the transaction, and what follows is not decided yet
//	F18  records are stored, and the posts that tell of them are not
//	F19  a button was pressed and its feature has decided, and nothing is stored yet
//
// F1 (an event that is not verified yet) and F5 (answered before it is carried out) have no
// place here: a platform verifies before it hands over, and is answered after the commit.
// F15 and F16 are about messages that a platform keeps for later, of which we have none.
package failpoint

// Names lists the places in their order.
func Names() []string {
	return []string{"F2", "F3", "F4", "F6", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F17", "F18", "F19"}
}
