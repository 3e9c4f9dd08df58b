package main

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

var (
	escape = regexp.MustCompile(`\\([[:punct:]])`)
	kept   = regexp.MustCompile(`[\x{E021}-\x{E07E}]`)
	bold   = regexp.MustCompile(`\*\*(.+?)\*\*`)
	named  = regexp.MustCompile(`\[([^\]]*)\]\(&lt;[^&]*&gt;\)`)
	bare   = regexp.MustCompile(`&lt;(https?://[^&]*)&gt;`)
	person = regexp.MustCompile(`&lt;@[0-9]+&gt;`)
)

// aside keeps a character that is meant as it stands out of the way of the markup.
const aside = 0xE000

// discordMarkup draws the markup that the bot uses in Discord: bold, small lines, quotes, links.
func discordMarkup(text string) template.HTML {
	text = escape.ReplaceAllStringFunc(text, func(s string) string { return string(rune(aside + int(s[1]))) })
	text = template.HTMLEscapeString(text)
	text = named.ReplaceAllString(text, `<span class="link">$1</span>`)
	text = bare.ReplaceAllString(text, `<span class="link">$1</span>`)
	text = person.ReplaceAllString(text, `<span class="link">@somebody</span>`)
	var out strings.Builder
	for line := range strings.Lines(text) {
		class := "line"
		line = strings.TrimSuffix(line, "\n")
		if small, is := strings.CutPrefix(line, "-# "); is {
			class, line = "small", small
		}
		if quoted, is := strings.CutPrefix(line, "&gt; "); is {
			class, line = "quote", quoted
		}
		fmt.Fprintf(&out, `<div class="%s">%s</div>`, class, bold.ReplaceAllString(line, "<b>$1</b>"))
	}
	return template.HTML(kept.ReplaceAllStringFunc(out.String(), func(s string) string {
		return template.HTMLEscapeString(string([]rune(s)[0] - aside))
	}))
}

// alone says whether a message is for one person's eyes.
func alone(flags any) bool {
	n, _ := flags.(float64)
	return int(n)&64 != 0
}

var discordLayout = template.Must(template.New("page").Funcs(template.FuncMap{"markup": discordMarkup, "alone": alone}).Parse(`<!doctype html>
<meta charset="utf-8"><style>
body{font:15px/1.4 "gg sans","DejaVu Sans",sans-serif;color:#dbdee1;background:#313338;margin:16px;width:572px}
.message{display:grid;grid-template-columns:48px 1fr;margin-bottom:14px}.face{width:38px;height:38px;border-radius:50%;background:#1d6f72;color:#fff;text-align:center;line-height:38px;font-weight:700}
.who{font-weight:600;color:#fff}.app{background:#5865f2;color:#fff;border-radius:3px;font-size:10px;padding:1px 4px;margin-left:5px;vertical-align:2px}
.line{min-height:10px}.small{font-size:12px;color:#949ba4}.quote{border-left:4px solid #4e5058;padding-left:10px}.link{color:#00a8fc}
.b{display:inline-block;border-radius:4px;padding:5px 14px;margin:5px 8px 3px 0;color:#fff;background:#4e5058;font-size:13px}
.s1{background:#5865f2}.s3{background:#248046}.s4{background:#da373c}
.window{background:#2b2d31;border:1px solid #1e1f22;border-radius:8px;padding:16px 20px}.title{font-size:19px;font-weight:700;color:#fff;margin-bottom:10px}
.label{font-weight:700;font-size:13px;color:#fff;margin-top:14px}.hint{font-size:12px;color:#b5bac1;margin:2px 0 5px}.box{background:#1e1f22;border-radius:4px;padding:8px 10px;min-height:20px;color:#949ba4}.story{min-height:64px}
.need{color:#f23f42}.foot{text-align:right;margin-top:16px}
</style>{{with .messages}}{{range .}}{{template "message" .}}{{end}}{{end}}{{with .before}}{{range .}}{{template "message" .}}{{end}}{{end}}{{with .window}}{{template "window" .}}{{end}}
{{define "message"}}<div class="message"><div class="face">S</div><div><span class="who">Shareright</span><span class="app">APP</span>
 {{markup .content}}{{range .components}}<div>{{range .components}}{{if eq .type 2.0}}<span class="b s{{.style}}">{{.label}}</span>{{else}}<div class="box">{{.placeholder}} ▾</div>{{end}}{{end}}</div>{{end}}
 {{if alone .flags}}<div class="small">Only you can see this · Dismiss message</div>{{end}}</div></div>{{end}}
{{define "window"}}<div class="window"><div class="title">{{.title}}</div>{{range .components}}
 {{if eq .type 10.0}}{{markup .content}}{{else}}<div class="label">{{.label}}{{if .component.required}} <span class="need">*</span>{{end}}</div>{{with .description}}<div class="hint">{{.}}</div>{{end}}
 {{with .component}}<div class="box{{if eq .type 4.0}}{{if eq .style 2.0}} story{{end}}{{end}}">{{with .value}}{{.}}{{end}}{{with .placeholder}}{{.}} ▾{{end}}</div>{{end}}{{end}}{{end}}
 <div class="foot"><span class="b">Cancel</span><span class="b s1">Submit</span></div></div>{{end}}`))
