// Command pictures draws the main screens as a person would see them in Slack and in Discord,
// from the golden files of internal/drawn: what is sent to the platform becomes a page of
// HTML, and a headless browser makes a picture of it. Run it from the root of the project:
// go run ./docs/pictures, with the names of
// pictures behind it where only those are wanted.
//
// It is for looking at what the product says and how it is laid out; the platforms’ own
// drawing differs in small ways.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const (
	from = "internal/drawn/testdata"
	to   = "docs/pictures"
)

// screen is a picture: a golden file, words that the drawing holds, and how high it is.
type screen struct {
	name, file, holds string
	height            int
}

var inSlack = []screen{
	{"home-volunteer", "home", "home page of volunteer", 700},
	{"home-lead", "home", "home page of dp-lead", 700},
	{"breach-form", "forms", `"callback_id":"breach.report/what"`, 900},
	{"breach-check", "breach-lost-folder", `"callback_id":"breach.report/check"`, 720},
	{"breach-receipt", "breach-abandoned", "Thank you. Reported as", 620},
	{"breach-card", "breach-abandoned", `"I have got this"`, 560},
	{"breach-decision", "forms", `"callback_id":"breach.decision/decide"`, 900},
	{"share-answer", "share-police", "Source:", 760},
	{"setup-people", "forms", `"callback_id":"setup.organisation/people"`, 760},
	{"setup-progress", "setup-alert", "How far the set-up is", 520},
}

var inDiscord = []screen{
	{"discord-home-lead", "home", "home page of dp-lead", 470},
	{"discord-breach-form", "breach-abandoned", `{"window":{"custom_id":"breach.report/what`, 480},
	{"discord-breach-mend", "breach-bad-input", "There is a problem", 620},
	{"discord-breach-next", "breach-abandoned", `"custom_id":"breach.report/data`, 730},
	{"discord-breach-check", "breach-lost-folder", "Check your answers", 210},
	{"discord-breach-receipt", "breach-abandoned", "Thank you. Reported as", 470},
	{"discord-breach-card", "breach-abandoned", `"I have got this"`, 210},
	{"discord-breach-decision", "forms", `"custom_id":"breach.decision/decide`, 580},
	{"discord-share-answer", "share-police", "Source:", 1030},
	{"discord-setup-people", "forms", `"custom_id":"setup.organisation/people`, 600},
	{"discord-why", "forms", "Why we ask**", 210},
}

func main() {
	for _, p := range []struct {
		platform string
		screens  []screen
		layout   *template.Template
	}{{"slack", inSlack, layout}, {"discord", inDiscord, discordLayout}} {
		for _, s := range p.screens {
			if len(os.Args) > 1 && !slices.Contains(os.Args[1:], s.name) {
				continue
			}
			if err := picture(p.platform, s, p.layout); err != nil {
				fmt.Fprintln(os.Stderr, s.name+":", err)
				os.Exit(1)
			}
		}
	}
}

func picture(platform string, s screen, layout *template.Template) error {
	drawn, err := find(filepath.Join(from, platform, s.file+".jsonl"), s.holds)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	page := filepath.Join(dir, "page.html")
	out, err := os.Create(page)
	if err != nil {
		return err
	}
	if err := layout.Execute(out, drawn); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	browser := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir="+filepath.Join(dir, "profile"),
		fmt.Sprintf("--window-size=620,%d", s.height), "--screenshot="+filepath.Join(dir, "shot.png"), "file://"+page)
	if text, err := browser.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %.300s", err, text)
	}
	shot, err := os.ReadFile(filepath.Join(dir, "shot.png"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, s.name+".png"), shot, 0o644)
}

// find returns the first drawing in a golden file that holds the words.
func find(file, holds string) (map[string]any, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.Contains(lines.Text(), holds) {
			drawn, err := read(lines.Bytes())
			if view, wrapped := drawn["view"].(map[string]any); wrapped {
				drawn = view
			}
			return drawn, err
		}
	}
	return nil, fmt.Errorf("nothing in %s holds %q", file, holds)
}

// read reads a drawing. Several messages in a row are one thing too.
func read(raw []byte) (map[string]any, error) {
	var drawn any
	err := json.Unmarshal(raw, &drawn)
	switch v := drawn.(type) {
	case []any:
		return map[string]any{"messages": v}, err
	case map[string]any:
		if v["allowed_mentions"] != nil {
			return map[string]any{"messages": []any{v}}, err
		}
		return v, err
	}
	return nil, err
}

// markup draws the little markup that our own labels have: bold, and links with a name.
func markup(text string) template.HTML {
	text = template.HTMLEscapeString(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text))
	for strings.Contains(text, "&lt;http") {
		before, rest, _ := strings.Cut(text, "&lt;")
		link, after, _ := strings.Cut(rest, "&gt;")
		_, label, _ := strings.Cut(link, "|")
		text = before + "<u>" + label + "</u>" + after
	}
	if parts := strings.Split(text, "*"); len(parts) == 3 {
		text = parts[0] + "<b>" + parts[1] + "</b>" + parts[2]
	}
	return template.HTML(text)
}

var layout = template.Must(template.New("page").Funcs(template.FuncMap{"markup": markup}).Parse(`<!doctype html>
<meta charset="utf-8"><style>
body{font:15px/1.46 Lato,"DejaVu Sans",sans-serif;color:#1d1c1d;margin:16px;width:560px}
.view{border:1px solid #ccc;border-radius:8px;padding:14px 18px}
.title{font-weight:900;font-size:18px;border-bottom:1px solid #ddd;padding-bottom:8px;margin-bottom:8px}
h2{font-size:18px;margin:8px 0}p,ul,ol,blockquote{margin:6px 0}blockquote{border-left:4px solid #ddd;padding-left:10px}
.small{font-size:12px;color:#616061;margin:4px 0}.label{font-weight:700;margin-top:12px}.box{border:1px solid #888;border-radius:4px;padding:6px 8px;min-height:20px;color:#666}
.story{min-height:70px}.b{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:4px 11px;font-weight:700;margin:4px 6px 4px 0;background:#fff;font-size:13px}
.primary{background:#007a5a;color:#fff}.danger{color:#e01e5a;border-color:#e01e5a}.two{display:grid;grid-template-columns:1fr 1fr auto;gap:8px;margin:6px 0}
.foot{border-top:1px solid #ddd;margin-top:12px;padding-top:8px;text-align:right}hr{border:0;border-top:1px solid #ddd}.opt{margin:3px 0}
</style><div class="view">{{with .title}}<div class="title">{{.text}}</div>{{end}}
{{range .blocks}}{{template "block" .}}{{end}}
{{if .submit}}<div class="foot"><span class="b">{{.close.text}}</span><span class="b primary">{{.submit.text}}</span></div>{{end}}</div>
{{define "spans"}}{{range .}}{{if .style}}<b>{{.text}}</b>{{else}}{{.text}}{{end}}{{end}}{{end}}
{{define "button"}}<span class="b {{.style}}">{{.text.text}}</span>{{end}}
{{define "block"}}
{{if eq .type "header"}}<h2>{{.text.text}}</h2>
{{else if eq .type "divider"}}<hr>
{{else if eq .type "context"}}<div class="small">{{range .elements}}{{markup .text}} {{end}}</div>
{{else if eq .type "actions"}}<div>{{range .elements}}{{template "button" .}}{{end}}</div>
{{else if eq .type "section"}}<div class="two">{{range .fields}}<div>{{markup .text}}</div>{{end}}<div>{{with .accessory}}{{template "button" .}}{{end}}</div></div>
{{else if eq .type "rich_text"}}{{range .elements}}
 {{if eq .type "rich_text_section"}}<p style="white-space:pre-wrap">{{template "spans" .elements}}</p>
 {{else if eq .type "rich_text_quote"}}<blockquote>{{template "spans" .elements}}</blockquote>
 {{else if eq .type "rich_text_list"}}{{if eq .style "ordered"}}<ol>{{else}}<ul>{{end}}{{range .elements}}<li>{{template "spans" .elements}}</li>{{end}}{{if eq .style "ordered"}}</ol>{{else}}</ul>{{end}}{{end}}{{end}}
{{else if eq .type "input"}}<div class="label">{{.label.text}}{{if .optional}} <span class="small">(optional)</span>{{end}}</div>
 {{if .element.options}}{{if or (eq .element.type "static_select") (eq .element.type "multi_static_select")}}<div class="box">{{.element.placeholder.text}} ▾</div>
 {{else}}{{$mark := "○"}}{{if eq .element.type "checkboxes"}}{{$mark = "☐"}}{{end}}{{range .element.options}}<div class="opt">{{$mark}} {{.text.text}}{{with .description}} <span class="small">{{.text}}</span>{{end}}</div>{{end}}{{end}}
 {{else}}<div class="box{{if .element.multiline}} story{{end}}">{{with .element.initial_value}}{{.}}{{end}}{{with .element.placeholder}}{{.text}} ▾{{end}}</div>{{end}}
 {{with .hint}}<div class="small">{{.text}}</div>{{end}}
{{end}}{{end}}`))
