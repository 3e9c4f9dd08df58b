package retention

import "testing"

func TestFindingTheRuleAQuestionIsAbout(t *testing.T) {
	for question, want := range map[string]string{
		"how long do we keep personnel files?":                          "staff_personnel",
		"How long should we hold on to volunteer records":               "volunteer",
		"when can I shred a volunteer's file":                           "volunteer",
		"a volunteer left in March, how long do we keep their details?": "volunteer",
		"how long to keep CVs of people we didn't hire":                 "unsuccessful_applicant",
		"how long do we keep unsuccessful application forms":            "unsuccessful_applicant",
		"interview notes - when do they get binned":                     "unsuccessful_applicant",
		"do we keep DBS certificates":                                   "dbs_form",
		"can we keep a copy of someone's DBS?":                          "dbs_form",
		"retention for accident books":                                  "accident_book",
		"how long do accounts and invoices need to be kept":             "financial",
		"how long for gift aid declarations":                            "financial",
		"payslips how long":                                             "payroll",
		"how long do we keep trustees minutes":                          "board_minutes",
		"when do we destroy a family's file with no concerns":           "family_no_concern",
		"how long do we keep child protection records":                  "family_abuse_75",
		"retention period for safeguarding records":                     "family_abuse_75",
		"record of concern form, wasn't referred, how long":             "roca_not_referred",
		"allegation against a volunteer, how long is it kept":           "volunteer_allegation",
		"safeguarding allegation about an employee":                     "staff_allegation",
		"how long do we keep passport copies for right to work":         "rtw_evidence",
		"sickness records":                                              "staff_file",
		"how long are risk assessments kept":                            "health_safety",
		"employers liabilty insurance certificate":                      "employers_liability_cert",
		"how long do we keep the lease on our building":                 "lease",
		"old membership lists":                                          "membership",
		"what about photocopier hire agreements":                        "hire_purchase",
		"title deeds":                                                   "title_deeds",
		"court case papers":                                             "legal_involvement",
		"how long do we keep injury records":                            "injury_record",
	} {
		found := Default().Find(question)
		if len(found) == 0 || found[0].Rule.Name != want {
			best := ""
			for i, m := range found {
				if i < 3 {
					best += " " + m.Rule.Name + " (" + m.Name + ")"
				}
			}
			t.Errorf("%q found%s; want %s", question, best, want)
			continue
		}
		if found[0].Score > 1 || found[0].Score < 0.25 {
			t.Errorf("%q has the score %.2f", question, found[0].Score)
		}
	}
}

func TestWhatTheScheduleDoesNotKnowIsNotSure(t *testing.T) {
	for _, question := range []string{
		"how long do we keep first aid plasters in the kitchen?", "what time is the meeting", "how long is the bus ride",
		"how long do we keep milk", "", "can I share a photo with the paper?", "how do we store records?",
	} {
		for _, m := range Default().Find(question) {
			if m.Score >= Sure {
				t.Errorf("%q is sure to be about %s (%q, %.2f)", question, m.Rule.Name, m.Name, m.Score)
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	s := Default()
	for b.Loop() {
		s.Find("a volunteer left in March, how long do we keep their details?")
	}
}
