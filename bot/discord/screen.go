package discord

import "shareright/bot"

// screen is what a person sees of a page: the message that stands before its window, where
// there is one, and the window.
type screen struct {
	Before []note `json:"before,omitempty"`
	Window *modal `json:"window,omitempty"`
}

// Draw is a message as it is sent to Discord's API in answer to somebody: in as many
// messages as it needs, for them alone.
func Draw(m bot.Message) any { return drawReply(m) }

// DrawPost is a message as it is posted to a channel or sent directly.
func DrawPost(m bot.Message) any { return drawPost(m) }

// DrawPage is a page of a form as it is sent to Discord's API.
func DrawPage(v bot.View, problems map[string]string) any {
	var d drawing
	var s screen
	if v.CanBack || !d.fits(v, problems) { // a window cannot follow a window
		s.Before = d.before(v, nil, problems, nil)
	}
	if v.Page != bot.CheckPage && len(v.Fields) > 0 {
		drawn := d.modal(v, len(s.Before) > 0)
		s.Window = &drawn
	}
	return s
}

// DrawWhy is the answer to "why do you ask?" for a page, as it is sent to Discord's API.
func DrawWhy(v bot.View) any { return drawReply(whys(v)) }

// CheckPost lists what of a post Discord would cut or refuse: it is one message, however long.
func CheckPost(m bot.Message) []string {
	c := &checker{where: "post “" + bot.Cut(m.Title, 40) + "”"}
	c.text("the text", content(m), maxContent)
	return append(CheckMessage(m), c.found...)
}
