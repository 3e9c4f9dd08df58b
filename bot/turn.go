package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"shareright/knowledge/words"
)

// Say returns a sentence from knowledge/words in the person's language. fill is names and values in turn.
func (t Turn) Say(key string, fill ...string) string { return words.Say(string(t.Lang), key, fill...) }

// Called is what people call these roles: "the data protection lead or the deputy".
func (t Turn) Called(roles ...Role) string {
	var names []string
	for _, r := range roles {
		if r != Anyone {
			names = append(names, t.Say("bot.role-"+string(r)))
		}
	}
	if len(names) == 0 {
		return t.Say("bot.role-any")
	}
	return strings.Join(names, " or ")
}

// refLetters leave out what people confuse: 0 and O, 1, I and L.
const refLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// NewRef makes a reference that is not in use, such as "BR-7K3Q".
func (t Turn) NewRef(prefix string) Ref {
	ref := t.mints.next(func() Ref { return Ref(prefix + "-" + randomLetters(4)) })
	t.minted[ref] = true // saved as a new row only: were it taken, the turn would run again
	return ref
}

// NewSecret makes a reference that nobody can guess, of ten letters (49 bits), for a code
// that works once and for minutes.
func (t Turn) NewSecret() Ref {
	ref := t.mints.next(func() Ref { return Ref(randomLetters(10)) })
	t.minted[ref] = true
	return ref
}

func randomLetters(n int) string {
	letters := make([]byte, n)
	for i := range letters {
		pick, err := rand.Int(rand.Reader, big.NewInt(int64(len(refLetters))))
		if err != nil {
			panic(err) // the operating system gives no randomness: nothing can be kept secret
		}
		letters[i] = refLetters[pick.Int64()]
	}
	return string(letters)
}

// Load returns the record with this reference, or ErrNotFound.
func Load[R Record](ctx context.Context, t Turn, ref Ref) (R, error) {
	var record R
	row, err := t.tx.Get(ctx, t.Org.ID, record.RecordKind(), string(ref))
	if err != nil {
		return record, fmt.Errorf("load %s: %w", ref, err)
	}
	if err := json.Unmarshal(row.Body, &record); err != nil {
		return record, fmt.Errorf("read %s: %w", ref, err)
	}
	return record, nil
}

// TrailHead is the end of the audit trail before this turn adds to it.
func (t Turn) TrailHead(ctx context.Context) (Head, error) {
	head, err := t.tx.Head(ctx, t.Org.ID)
	if err != nil {
		return Head{}, fmt.Errorf("look up the end of the audit trail: %w", err)
	}
	return head, nil
}

// Found is a record with its reference.
type Found[R Record] struct {
	Ref    Ref
	Record R
}

// Find lists records of a kind, oldest first: all of them where the query gives no limit.
// The query's Kind is filled in.
func Find[R Record](ctx context.Context, t Turn, q Query) ([]Found[R], error) {
	var none R
	q.Kind, q.Spoilt = none.RecordKind(), t.spoilt
	if q.Limit == 0 {
		q.Limit = everything // a list that is cut short in silence would lose somebody
	}
	rows, err := t.tx.Find(ctx, t.Org.ID, q)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", q.Kind, err)
	}
	found := make([]Found[R], 0, len(rows))
	for _, row := range rows {
		var record R
		if err := json.Unmarshal(row.Body, &record); err != nil {
			if err = fmt.Errorf("read %s: %w", row.Ref, err); t.spoilt == nil {
				return nil, err
			}
			t.spoilt(err)
			continue
		}
		found = append(found, Found[R]{Ref: Ref(row.Ref), Record: record})
	}
	return found, nil
}
