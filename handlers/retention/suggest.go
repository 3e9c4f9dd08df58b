package retention

import (
	"context"
	"strings"

	"shareright/bot"
)

// suggest lists the kinds of record whose names hold what has been typed, while it is typed.
func (h handler) suggest(_ context.Context, _ bot.Turn, typed string) ([]bot.Option, error) {
	var options []bot.Option
	for _, rule := range h.schedule.Rules() {
		names := strings.ToLower(rule.Category + " " + strings.Join(rule.Called, " "))
		if strings.Contains(names, strings.ToLower(typed)) {
			options = append(options, bot.Option{Value: rule.Category, Label: rule.Category})
		}
	}
	return options, nil
}
