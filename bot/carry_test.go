package bot_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"shareright/bot"
)

// What an operator asks for goes by the roles that were chosen in chat, as everything else does.
func TestAnOperatorsTurnKnowsTheRolesThatWereChosenInChat(t *testing.T) {
	w := newWorld(t)
	w.config.Organisations[0].Roles = nil
	w.open(toy())
	body, err := json.Marshal(bot.Chosen{Roles: map[bot.Role][]bot.PersonID{bot.DPLead: {"desk:ann"}}})
	if err != nil {
		t.Fatal(err)
	}
	err = w.store.Update(t.Context(), func(tx bot.Tx) error {
		return tx.Put(t.Context(), "main", bot.Row{Kind: bot.ChosenKind, Ref: bot.ChosenRef, Body: body})
	})
	if err != nil {
		t.Fatal(err)
	}
	var leads []bot.PersonID
	_, err = w.bot.Carry(t.Context(), "main", bot.Person{ID: "desk:operator"}, func(_ context.Context, t bot.Turn) (bot.Outcome, error) {
		leads = t.Org.People[bot.DPLead]
		return bot.Outcome{}, nil
	})
	if err != nil || !slices.Equal(leads, []bot.PersonID{"desk:ann"}) {
		t.Errorf("the lead is %v, %v", leads, err)
	}
}
