# What people who work on Shareright type. `make check` is what must be green before a commit; `make ci` is all of it.
# Without a stamp of the commit, so that two builds of the same files are the same: make static VERSION=1.2.3
VERSION ?=
STATIC := -trimpath -buildvcs=false -tags netgo,osusergo,sqlite_omit_load_extension \
	-ldflags '-s -w -linkmode external -extldflags -static -X shareright/internal/commands.version=$(VERSION)'

.PHONY: check build static talk bench soak kills load sbom reproduce container fuzz long ci

check:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "run gofmt -w on: $$unformatted"; exit 1; }
	go vet ./...
	GOBIN=$(CURDIR)/.tools go -C tools install honnef.co/go/tools/cmd/staticcheck && .tools/staticcheck ./...
	go test ./...
	go test -race ./...
	go test -tags failpoint -run EachNamedStep ./handlers/breach

build:
	go build -o shareright .

# One file that runs in an empty container.
static:
	CGO_ENABLED=1 go build $(STATIC) -o shareright .

talk: build
	./shareright talk testdata/talk

bench:
	go test -run '^$$' -bench . -benchmem ./...

# What is too long for .ci/run: before a release.
long: reproduce fuzz soak
	SHARERIGHT_TEN_YEARS=1 SHARERIGHT_TEST_POSTS=5000 go test -count=1 -run 'TenYears|DidNotConfirm' -v ./internal/parts

# 10,000 events against a Slack that stutters, with three kills.
soak:
	SHARERIGHT_TEST_SOAK_EVENTS=10000 go test ./internal/soak -v -timeout 60m

# 10,000 deaths of the real program, 500 power cuts, and pauses of a minute: some hours. See docs/crashes.md.
kills:
	SHARERIGHT_TEST_KILLS=10000 SHARERIGHT_TEST_POWER_CUTS=500 SHARERIGHT_TEST_PAUSE=60s go test -count=1 -tags failpoint -timeout 0 -v ./internal/campaign

# A crowd against the real program: see docs/performance.md.
load: build
	for play in steady hour noisy grow monday; do go run ./internal/load -bot ./shareright $$play; done

# What the program is made of, as CycloneDX JSON.
sbom:
	GOBIN=$(CURDIR)/.tools go -C tools install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
	.tools/cyclonedx-gomod app -json -main . -output sbom.json .

reproduce:
	.ci/reproduce

container:
	.ci/container

# A minute for each decoder.
fuzz:
	FUZZTIME=60s .ci/fuzz

ci:
	.ci/run
