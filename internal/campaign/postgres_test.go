//go:build failpoint

package campaign

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// databaseEnv names the PostgreSQL server of the tests.
const databaseEnv = "SHARERIGHT_TEST_POSTGRES"

// schema makes an empty schema for one round and drops it at the end.
func schema(t *testing.T) string {
	t.Helper()
	server := os.Getenv(databaseEnv)
	if server == "" {
		t.Skipf("%s names no server", databaseEnv)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "shareright_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the schema %s is kept", name)
			_ = db.Close()
			return
		}
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}
