package privacy

import (
	"strings"
	"testing"
)

func TestWhatATextGivesAwayIsNoticed(t *testing.T) {
	for text, want := range map[string]string{
		"the certificate is 001234567890":                     "",
		"ring 0012345678901 abroad":                           "a phone number",
		"ring her on 07700 900123":                            "a phone number",
		"her mobile is 07700900123.":                          "a phone number",
		"(01632) 960 001 is the office":                       "a phone number",
		"+44 7700 900123":                                     "a phone number",
		"write to jo@example.org please":                      "an e-mail address",
		"NHS number 943 476 5919":                             "an NHS number",
		"his NI is AB 12 34 56 C":                             "a National Insurance number",
		"she lives at SW1A 1AA":                               "a postcode",
		"can I tell Mrs Bloggs about it":                      "a name",
		"Jane Bloggs, jane@example.org, 07700 900456":         "a name, an e-mail address, a phone number",
		"can I share her allergies with school?":              "",
		"12 people on 27 3 2026 at 15:30":                     "",
		"ring 000 07700 900123":                               "a phone number",
		"+447700900123SW1A 1AA":                               "a phone number, a postcode",
		"ring 01632960001 943 476 5919":                       "a phone number, an NHS number",
		"on 07700\u00a0900\u2011123":                          "a phone number",
		"at SW1A\u00a01AA, AB\u00a012\u00a034\u00a056\u00a0C": "a postcode, a National Insurance number",
		"NHS 943\u2013476\u20135919":                          "an NHS number",
		"the war of 1939\u20131945, pages 0\u20139":           "",
		"call 999 or 101":                                     "",
		"NHS number 943 476 5918":                             "",
		"Social Services and Data Protection Lead":            "",
		"we have 1200 members in 14 groups":                   "",
	} {
		if got := strings.Join(All(text), ", "); got != want {
			t.Errorf("%q gives away %q, want %q", text, got, want)
		}
	}
	if got := Certain("Jane Bloggs"); len(got) != 0 {
		t.Errorf("a name is told as certain: %q", got)
	}
}

func TestBlankTakesOutWhatIsNoGuessAndLeavesTheRest(t *testing.T) {
	for text, want := range map[string]string{
		"ring 07700 900123 about the folder":               "ring … about the folder",
		"someone@example.org and SW1A 1AA and 07700900123": "… and … and …",
		"left on the bus at 3pm":                           "left on the bus at 3pm",
		"Sam Smith left it":                                "Sam Smith left it",
		"":                                                 "",
	} {
		if got := Blank(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if found := Certain(Blank(text)); len(found) > 0 {
			t.Errorf("%q still gives away %q", Blank(text), found)
		}
	}
}
