package slack

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	api "github.com/slack-go/slack"
)

// slacks says whether a response URL is one of Slack's. It comes with a signed request; but
// nothing that comes from outside may choose which address inside a network is called. Where
// another server stands in for Slack, it is one of that server's.
func (p *Platform) slacks(address string) bool {
	to, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := to.Hostname()
	if to.Scheme == "https" && to.Port() == "" && (strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com")) {
		return true
	}
	if p.config.APIURL == api.APIURL {
		return false
	}
	instead, err := url.Parse(p.config.APIURL)
	return err == nil && (host == instead.Hostname() || here(host) && here(instead.Hostname()))
}

// here says whether a host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// straight is the client without redirects: nobody may send us on to another address.
func (p *Platform) straight() *http.Client {
	c := *p.client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}
