package talk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shareright/bot"
	"shareright/bot/terminal"
	"shareright/config"
	"shareright/internal/program"
)

// player plays one conversation.
type player struct {
	dir     string // holds the data folder of each life
	parts   program.Parts
	watcher Watcher
	config  config.Config
	cast    map[string]string // person: role
	life    *life             // the program as it runs now; nil while it is stopped
	lives   int
	clock   clock
	inbox   inbox
	screens map[string]*screen
	kept    map[string]string // $X
	actor   string            // who the answers belong to
	answers bool              // the last line was an answer
	problem []string          // what the last answers were sent back with
	fails   int               // deliveries that are still to fail
	noFiles bool              // the platform may not send files
	gone    map[string]bool   // people and channels that nothing reaches
	posted  int
}

// clock is the simulated time.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func newPlayer(dir string, parts program.Parts) *player {
	return &player{dir: dir, parts: parts, cast: map[string]string{}, screens: map[string]*screen{}, kept: map[string]string{}, gone: map[string]bool{},
		inbox: inbox{next: map[string]int{}}}
}

// prepare reads what holds from the start, wherever it stands, and starts the program.
func (p *player) prepare(ctx context.Context, lines []line) (number int, err error) {
	p.config = config.Default()
	settings, today := "", ""
	for _, l := range lines {
		if l.answer {
			continue
		}
		if people, ok := strings.CutPrefix(l.text, "cast:"); ok {
			if err := p.castPeople(people); err != nil {
				return l.number, err
			}
		} else if setting, ok := strings.CutPrefix(l.text, "organisation "); ok {
			settings += "  " + setting + "\n"
		} else if at, ok := strings.CutPrefix(l.text, "today "); ok && today == "" {
			today, number = at, l.number
		}
	}
	if err := p.configure(settings); err != nil {
		return 1, err
	}
	if today == "" {
		today = "2026-03-02 09:00"
	}
	at, err := moment(today, p.zone())
	if err != nil {
		return number, err
	}
	p.clock.set(at)
	return 1, p.begin(ctx, filepath.Join(p.dir, "0"))
}

func (p *player) castPeople(list string) error {
	for _, pair := range strings.Split(list, ",") {
		name, role, ok := strings.Cut(pair, "=")
		name, role = strings.TrimSpace(name), strings.TrimSpace(role)
		if !ok || name == "" || !slices.Contains(config.Roles, role) && role != "volunteer" {
			return fmt.Errorf("write cast: sam = dp-lead, with one of the roles %s", strings.Join(config.Roles, ", "))
		}
		p.cast[name] = role
	}
	return nil
}

// configure makes the organisation: each role is held by its cast, or by somebody called after the role.
func (p *player) configure(settings string) error {
	if settings != "" {
		path := filepath.Join(p.dir, "organisation.yaml")
		if err := os.WriteFile(path, []byte("organisation:\n"+settings), 0o600); err != nil {
			return fmt.Errorf("write settings: %w", err)
		}
		c, err := config.Load(path, nil)
		if err != nil {
			return err
		}
		p.config = c
	} else {
		p.config.Organisations[0].Name = "Riverside Youth Club"
	}
	names := make([]string, 0, len(p.cast))
	for name := range p.cast {
		names = append(names, name)
	}
	slices.Sort(names)
	org := &p.config.Organisations[0]
	for _, role := range config.Roles {
		for _, name := range names {
			if p.cast[name] == role {
				org.Roles[role] = append(org.Roles[role], config.Contact{Platform: terminal.Platform, ID: name})
			}
		}
		if len(org.Roles[role]) == 0 {
			org.Roles[role] = []config.Contact{{Platform: terminal.Platform, ID: role}}
		}
	}
	return nil
}

func (p *player) zone() *time.Location { return p.config.Organisations[0].Zone }

// holders are the people in a role.
func (p *player) holders(role string) []string {
	var users []string
	for _, c := range p.config.Organisations[0].Roles[role] {
		users = append(users, c.ID)
	}
	return users
}

// place understands a name in the file: a role is everybody in it, and a person is seen in their role too.
func (p *player) place(name string) place {
	at := place{name: name}
	if slices.Contains(config.Roles, name) {
		at.users, at.role = p.holders(name), name
		return at
	}
	at.users = []string{name}
	if role := p.cast[name]; len(p.holders(role)) == 1 {
		at.role = role
	}
	return at
}

// person is who acts under a name: the first holder when it is a role.
func (p *player) person(name string) string {
	if users := p.holders(name); slices.Contains(config.Roles, name) && len(users) > 0 {
		return users[0]
	}
	return name
}

// life is one run of the program, from a start to a stop.
type life struct {
	*program.Program
	context.Context
	cancel context.CancelFunc
	dying  bool   // the next delivery is the last thing it does
	image  string // the data folder as it was at that moment
}

func (p *player) begin(ctx context.Context, dir string) error {
	p.config.Data = dir
	made, err := program.Open(ctx, p.config, p.parts, program.Options{Now: p.clock.now})
	if err != nil {
		return err
	}
	p.life = &life{Program: made}
	p.life.Context, p.life.cancel = context.WithCancel(ctx)
	made.Bot.Attach(platform{player: p, life: p.life})
	if err := made.Bot.Start(ctx); err != nil {
		return err
	}
	return p.settle()
}

// end stops the program, whatever state it is in.
func (p *player) end() {
	if p.life != nil {
		p.life.cancel()
		_ = p.life.Close() // the folder is thrown away next
		p.life = nil
	}
}

// stop ends the program cleanly.
func (p *player) stop() error {
	if p.life == nil {
		return errors.New("the program is stopped already")
	}
	err := p.life.Close()
	p.life.cancel()
	p.life = nil
	return err
}

// kill ends the program at once. It goes on with the files as they were at that moment.
func (p *player) kill(ctx context.Context) error {
	if p.life == nil {
		return errors.New("the program is stopped already")
	}
	if p.life.image == "" {
		if err := p.photograph(p.life); err != nil {
			return err
		}
	}
	image := p.life.image
	p.end()
	return p.begin(ctx, image)
}

// photograph copies the data folder as a crash would leave it.
func (p *player) photograph(l *life) error {
	p.lives++
	image := filepath.Join(p.dir, strconv.Itoa(p.lives))
	if err := os.MkdirAll(image, 0o700); err != nil {
		return fmt.Errorf("copy data folder: %w", err)
	}
	entries, err := os.ReadDir(p.config.Data)
	if err != nil {
		return fmt.Errorf("copy data folder: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasSuffix(e.Name(), "-shm") { // shared memory dies with its process
			continue
		}
		content, err := os.ReadFile(filepath.Join(p.config.Data, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(image, e.Name()), content, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy data folder: %w", err)
		}
	}
	l.image = image
	return nil
}

// settle works through what is due now.
func (p *player) settle() error {
	if p.life == nil {
		return nil
	}
	_, err := p.life.Runner.RunDue(p.life, p.clock.now())
	if p.life.Err() != nil {
		return nil // it died on the way
	}
	return err
}

// wait moves the clock on, and stops at every job that comes due on the way.
func (p *player) wait(ctx context.Context, until time.Time) error {
	if until.Before(p.clock.now()) {
		return fmt.Errorf("that is in the past; it is %s", p.clock.now().In(p.zone()).Format("2006-01-02 15:04"))
	}
	for p.life != nil {
		at, some, err := p.life.Store.NextJob(ctx)
		if err != nil {
			return err
		}
		if !some || at.After(until) {
			break
		}
		if !at.After(p.clock.now()) {
			at = p.clock.now().Add(time.Second) // due already and not taken: a claim is still held
		}
		p.clock.set(at)
		if err := p.settle(); err != nil {
			return err
		}
	}
	p.clock.set(until)
	return p.settle()
}

// platform is the terminal as the program sees it, with one inbox for everybody.
type platform struct {
	*player
	life *life
}

// Name is that of the terminal: ids of people are those of the terminal too.
func (platform) Name() string { return terminal.Platform }

// Run is not used: the player hands events to the engine itself.
func (platform) Run(ctx context.Context, _ bot.Handler) error {
	<-ctx.Done()
	return nil
}

// Deliver puts the message into the inbox. It fails when the file says so, or when the program is being killed.
func (to platform) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	p := to.player
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if p.fails > 0 {
		p.fails--
		return "", errors.New("the platform is made to fail")
	}
	p.posted++
	it := item{id: d.Edit, to: d.To.User, role: d.To.Name, edit: d.Edit != "", text: d.Message.Plain(), cards: d.Message.Buttons}
	if it.id == "" {
		it.id = bot.MessageID("m" + strconv.Itoa(p.posted))
	}
	if it.to == "" {
		it.to = d.To.Channel
	}
	if p.gone[it.to] {
		return "", &bot.Unreachable{Err: errors.New(it.to + " is gone")}
	}
	p.inbox.items = append(p.inbox.items, it)
	if p.watcher.Message != nil {
		p.watcher.Message(d.To, d.Message)
	}
	if to.life.dying && to.life.image == "" {
		err := p.photograph(to.life)
		to.life.cancel()
		return "", errors.Join(err, context.Canceled)
	}
	return it.id, nil
}

// DeliverFile shows that a file came, by its name.
func (to platform) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	if to.player.noFiles {
		return "", bot.ErrNoFiles
	}
	d.Message.Body = append(slices.Clone(d.Message.Body), bot.Block{Kind: bot.Para, Text: fmt.Sprintf("(file %s, %d bytes)", name, len(content))})
	return to.Deliver(ctx, d)
}
