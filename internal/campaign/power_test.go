//go:build failpoint

package campaign

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// power is a switch that cuts the power: what the program has not had synced is lost. The
// library in testdata/lastsync.c keeps a copy of each file as it was at its last fsync.
type power struct{ library, data, synced string }

// newPower builds the library, or skips the test where there is no C compiler.
func newPower(t *testing.T, r *round) *power {
	t.Helper()
	p := &power{library: filepath.Join(r.dir, "lastsync.so"), data: r.data(), synced: filepath.Join(r.dir, "synced")}
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "gcc"
	}
	if _, err := exec.LookPath(compiler); err != nil {
		t.Skip("there is no C compiler")
	}
	out, err := exec.Command(compiler, "-shared", "-fPIC", "-O2", "-o", p.library, filepath.Join("testdata", "lastsync.c")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := errors.Join(os.MkdirAll(p.data, 0o700), os.MkdirAll(p.synced, 0o700)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *power) environment() []string {
	return []string{"LD_PRELOAD=" + p.library, "LASTSYNC_FROM=" + p.data, "LASTSYNC_TO=" + p.synced}
}

// lose puts the copies in the place of the database's files. The log's index is no file that
// anybody syncs: it is made anew.
func (p *power) lose() error {
	files, err := filepath.Glob(filepath.Join(p.data, "shareright.db*"))
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	kept, err := os.ReadDir(p.synced)
	if err != nil {
		return err
	}
	for _, f := range kept {
		if strings.HasSuffix(f.Name(), ".part") { // the disk was not done with it
			if err := os.Remove(filepath.Join(p.synced, f.Name())); err != nil {
				return err
			}
			continue
		}
		if err := copyFiles(p.synced, p.data, f.Name()); err != nil {
			return err
		}
	}
	return nil
}
