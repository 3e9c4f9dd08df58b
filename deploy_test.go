package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unit is a service file: each name with all it is set to.
func unit(t *testing.T) map[string][]string {
	t.Helper()
	set := map[string][]string{}
	for line := range strings.Lines(read(t, "deploy/shareright.service")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			set[name] = append(set[name], value)
		}
	}
	return set
}

// A command for the operator works on the folder of the bot that systemd runs, as its user and
// with its settings and secrets. Otherwise it would make a folder of the caller's own.
func TestACommandUnderSystemdIsRunAsTheBotIs(t *testing.T) {
	bin, set := t.TempDir(), unit(t)
	fake := "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "systemd-run"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "deploy/shareright-run", "backup", "/var/backups/a file.db")
	command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatal(err, string(out))
	}
	asked := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(set["User"]) != 1 || set["DynamicUser"] != nil {
		t.Fatalf("the bot's user is %v, made anew %v: its files could not be its own", set["User"], set["DynamicUser"])
	}
	want := []string{"--uid=" + set["User"][0], "--property=EnvironmentFile=" + set["EnvironmentFile"][0], "--property=UMask=" + set["UMask"][0]}
	for _, pair := range set["Environment"] {
		if strings.HasPrefix(pair, "SHARERIGHT_") {
			want = append(want, "--setenv="+pair)
		}
	}
	if len(want) < 5 {
		t.Errorf("the service sets only %v", want)
	}
	for _, arg := range want {
		if !slices.Contains(asked, arg) {
			t.Errorf("the service has %s and the command does not:\n%s", arg, out)
		}
	}
	program, _, _ := strings.Cut(set["ExecStart"][0], " ")
	if n := len(asked); n < 3 || !slices.Equal(asked[n-3:], []string{program, "backup", "/var/backups/a file.db"}) {
		t.Errorf("it runs %q", asked)
	}
}

// Go's own limit lies under the service's, or the kernel would end the program before Go tidies up.
func TestTheServiceIsLockedInAndStartedAgainForever(t *testing.T) {
	set := unit(t)
	for _, line := range []string{"Restart=always", "StartLimitIntervalSec=0", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes",
		"ProtectProc=invisible", "ProtectClock=yes", "ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes", "ProtectControlGroups=yes",
		"RestrictNamespaces=yes", "LockPersonality=yes", "MemoryDenyWriteExecute=yes", "SystemCallArchitectures=native", "SystemCallFilter=@system-service", "CapabilityBoundingSet="} {
		name, value, _ := strings.Cut(line, "=")
		if !slices.Equal(set[name], []string{value}) {
			t.Errorf("%s is %v", line, set[name])
		}
	}
	mib := func(text string) int {
		n, _ := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(text))
		return n
	}
	limit := 0
	for _, pair := range set["Environment"] {
		if value, is := strings.CutPrefix(pair, "GOMEMLIMIT="); is {
			limit = mib(value)
		}
	}
	if most := mib(set["MemoryMax"][0]); limit == 0 || limit > most*9/10 {
		t.Errorf("Go tidies up at %d MiB, and the service ends at %d", limit, most)
	}
}

// What an operator is told to type for a backup can be done: compose gives a folder for it, and its owner can read the secrets.
func TestABackupCanLeaveTheContainer(t *testing.T) {
	compose, docs := read(t, "deploy/compose.yaml"), read(t, "docs/operations.md")
	if !strings.Contains(compose, ":/backups\n") || !strings.Contains(docs, "docker compose exec -T shareright /shareright backup /backups/") {
		t.Error("a backup has no place to go")
	}
	user := regexp.MustCompile(`(?m)^USER (\d+:\d+)$`).FindStringSubmatch(read(t, "Dockerfile"))
	if user == nil || !strings.Contains(compose, "chown "+user[1]+" secrets/* && sudo chmod 400 secrets/*") || !strings.Contains(compose, "chown "+user[1]+" backups") {
		t.Errorf("it is not said how %v comes to read the secrets and write the backups", user)
	}
}

// One way to build: by hand, in a container and in the build that is taken in.
func TestTheStaticFileIsBuiltInOneWay(t *testing.T) {
	for _, file := range []string{"Makefile", "Dockerfile", ".ci/run"} {
		text := strings.ReplaceAll(read(t, file), "\\\n", "")
		for _, flag := range []string{"-trimpath", "-buildvcs=false", "netgo,osusergo,sqlite_omit_load_extension", "-linkmode external -extldflags -static"} {
			if !strings.Contains(text, flag) {
				t.Errorf("%s builds without %s", file, flag)
			}
		}
	}
	for _, name := range []string{".git", "shareright", "shareright-data"} {
		if !slices.Contains(strings.Fields(read(t, ".dockerignore")), name) {
			t.Errorf("%s would come into the image’s build", name)
		}
	}
}
