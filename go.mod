module shareright

go 1.26.0

require (
	codeberg.org/go-pdf/fpdf v0.12.0 // papers as PDF
	github.com/alecthomas/kong v1.17.0 // the command line
	github.com/blevesearch/snowballstem v0.9.0 // stems of English words
	github.com/bwmarrin/discordgo v0.28.1 // Discord
	github.com/goccy/go-yaml v1.19.2 // content and settings, with mistakes by line
	github.com/gorilla/websocket v1.5.3 // Slack's Socket Mode
	github.com/jackc/pgx/v5 v5.12.0 // PostgreSQL
	github.com/ledongthuc/pdf v0.0.0-20260907135840-6c8c28e0e8a0 // an organisation's policies that are PDF
	github.com/mattn/go-sqlite3 v1.14.53 // SQLite
	github.com/pressly/goose/v3 v3.29.0 // migrations
	github.com/prometheus/client_golang v1.25.0 // figures for the operator
	github.com/robfig/cron/v3 v3.0.1 // recurring schedules
	github.com/slack-go/slack v0.35.0 // Slack
	github.com/wneessen/go-mail v0.8.1 // e-mail
	github.com/xuri/excelize/v2 v2.10.1 // registers as XLSX
	golang.org/x/image v0.47.0 // the fonts of papers
	golang.org/x/net v0.62.0 // an organisation's policies that are HTML
	golang.org/x/text v0.43.0 // one form for characters that look the same
)

// Only for tests.
require (
	github.com/google/go-cmp v0.7.0 // differences that can be read
	pgregory.net/rapid v1.3.0 // properties over made-up values
)

require (
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/mfridman/interpolate v0.0.2 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	github.com/richardlehane/mscfb v1.0.6 // indirect
	github.com/richardlehane/msoleps v1.0.6 // indirect
	github.com/rogpeppe/go-internal v1.16.0 // indirect
	github.com/sethvargo/go-retry v0.5.0 // indirect
	github.com/tiendc/go-deepcopy v1.7.2 // indirect
	github.com/xuri/efp v0.0.1 // indirect
	github.com/xuri/nfp v0.0.2-0.20250530014748-2ddeb826f9a9 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
