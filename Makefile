# What people who work on Shareright type. `make check` is what must be green before a commit.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
STATIC := -trimpath -tags netgo,osusergo,sqlite_omit_load_extension -ldflags '-s -w -linkmode external -extldflags -static'

.PHONY: check build static talk bench soak ci

check:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "run gofmt -w on: $$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
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

# 10,000 events against a Slack that stutters, with three kills.
soak:
	SHARERIGHT_TEST_SOAK_EVENTS=10000 go test ./internal/soak -v -timeout 60m

ci:
	.ci/run
