package breach

import (
	"context"

	"shareright/bot"
	"shareright/scheduler"
)

// clocks lists the jobs that ought to be pending for every breach whose 72 hours run.
func (h handler) clocks(ctx context.Context, t bot.Turn) ([]scheduler.Job, error) {
	found, err := bot.Find[Breach](ctx, t, bot.Query{States: []string{open, held, decided}})
	if err != nil {
		return nil, err
	}
	var jobs []scheduler.Job
	for _, f := range found {
		if f.Record.running() {
			jobs = append(jobs, f.Record.pending(f.Ref, t)...)
		}
	}
	return jobs, nil
}

// pending are the milestones to come, the latest one that has passed and was not told, and the chase.
func (b Breach) pending(ref bot.Ref, t bot.Turn) []scheduler.Job {
	jobs := []scheduler.Job{chaseJob(ref, t.Now.Add(patience(b.clock().Left(t.Now))))}
	var untold []scheduler.Job
	for _, m := range b.clock().Milestones() {
		job := scheduler.Job{Key: milestoneKey(ref, m.Left), Due: m.At, Class: scheduler.Statutory, About: string(ref)}
		switch told := b.Warned != nil && *b.Warned <= int(m.Left.Hours()); {
		case m.At.After(t.Now):
			jobs = append(jobs, job)
		case !told && (m.At.After(b.Reported) || m.Left == 0): // what passed before the report was never to be told
			job.Due = t.Now
			untold = []scheduler.Job{job}
		}
	}
	return append(jobs, untold...)
}
