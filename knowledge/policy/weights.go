package policy

// What evidence counts for ranking, and what for being sure. TestTune found both on the
// reference questions; docs/policies.md says how, and how well they do elsewhere.
var (
	ranking = evidence{
		exactText:       4.94,
		exactLead:       2.62,
		exactHeading:    2.39,
		exactBeside:     0.66,
		conceptText:     4.5,
		conceptLead:     1.79,
		conceptHeading:  1.49,
		conceptBeside:   0.25,
		similarText:     1.54,
		covered:         1.38,
		coveredTwice:    2.21,
		rarest:          -0.15,
		nextTo:          3.58,
		explained:       3.05,
		headingAsked:    0.31,
		topicText:       2.16,
		topicBest:       1.74,
		topicMeets:      -1.63,
		sectionFinds:    -0.27,
		wantsAnswer + 0: 0.22,
		wantsAnswer + 1: 0.52,
		wantsAnswer + 2: 0.17,
		wantsAnswer + 3: -0.04,
		wantsAnswer + 4: -0.05,
		wantsAnswer + 5: 0.33,
		wantsAnswer + 6: 0.45,
		wantsAnswer + 7: 0.2,
		wantsAnswer + 8: -0.02,
		aRow:            -0.38,
		aBullet:         -0.06,
		aLead:           -0.4,
		aShort:          -0.31,
		aLong:           -0.31,
	}
	belief = doubts{
		always:      -1.7,
		topicAgrees: 0.49,
		allCovered:  1.46,
		inItself:    1.01,
		familiarTo:  0.92,
		outOfReach:  -2.44,
		belongsElse: -3.66,
		scoresHigh:  0.89,
		standsOut:   0.54,
		hasRarest:   -0.45,
	}
)
