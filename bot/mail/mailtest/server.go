// Package mailtest is a mail server for tests. It remembers the letters it took, and it can
// refuse, put off, forget to answer, and go down. It checks what a strict server checks:
// that nothing is said in the open, and that lines end as they must.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"
)

// Letter is one e-mail that was taken.
type Letter struct {
	From   string
	To     []string
	Header mail.Header
	Body   string // as it was sent
	Raw    string
}

// Server is a mail server on this machine.
type Server struct {
	Address string         // host and port
	Roots   *x509.CertPool // trusts the server's certificate
	File    []byte         // the same as a file, for a program that is told of it in SSL_CERT_FILE
	User    string         // a name that must sign in; empty for none
	Secret  string         // its password
	Direct  bool           // TLS from the first byte

	mu       sync.Mutex
	listener net.Listener
	config   *tls.Config
	letters  []Letter
	refused  map[string]bool // no such address
	greylist map[string]int  // how often an address is still put off
	mute     bool            // takes connections and says nothing
	cut      int             // letters to take and then break off without a word
	wrong    []string
	open     map[net.Conn]bool
}

// New starts a server, set up before anybody calls. Stop ends it.
func New(set ...func(*Server)) (*Server, error) {
	s := &Server{refused: map[string]bool{}, greylist: map[string]int{}, open: map[net.Conn]bool{}}
	cert, roots, err := certificate()
	if err != nil {
		return nil, err
	}
	s.Roots, s.config = roots, &tls.Config{Certificates: []tls.Certificate{cert}}
	s.File = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	for _, do := range set {
		do(s)
	}
	return s, s.listen("127.0.0.1:0")
}

func (s *Server) listen(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.listener, s.Address = listener, listener.Addr().String()
	s.mu.Unlock()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return nil
}

// Stop takes the server down: nobody answers at its address, and what was open is cut.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.listener.Close()
	for c := range s.open {
		_ = c.Close()
	}
}

// Start brings it up again at the same address.
func (s *Server) Start() error { return s.listen(s.Address) }

// Refuse says of an address that there is nobody.
func (s *Server) Refuse(address string) { s.set(func() { s.refused[address] = true }) }

// Greylist puts an address off this many times.
func (s *Server) Greylist(address string, times int) { s.set(func() { s.greylist[address] = times }) }

// Mute makes the server take connections and say nothing.
func (s *Server) Mute(mute bool) { s.set(func() { s.mute = mute }) }

// Cut makes the server take this many letters and break off without saying so.
func (s *Server) Cut(letters int) { s.set(func() { s.cut = letters }) }

func (s *Server) set(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// Letters are those that were taken.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter{}, s.letters...)
}

// Wrong is what the sender did against the rules.
func (s *Server) Wrong() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.wrong...)
}

func (s *Server) complain(what string) { s.set(func() { s.wrong = append(s.wrong, what) }) }

// certificate makes one for this machine, and the pool that trusts it.
func certificate() (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots, nil
}

// visit is one connection.
type visit struct {
	*Server
	conn   net.Conn
	in     *bufio.Reader
	secret bool // nobody else can read it
	known  bool // signed in
	from   string
	to     []string
}

func (s *Server) serve(c net.Conn) {
	raw := c
	s.set(func() { s.open[raw] = true })
	defer s.set(func() { delete(s.open, raw) })
	defer raw.Close()
	if s.Direct {
		c = tls.Server(c, s.config)
	}
	v := &visit{Server: s, conn: c, in: bufio.NewReader(c), secret: s.Direct}
	v.mu.Lock()
	mute := v.mute
	v.mu.Unlock()
	if mute {
		_, _ = v.in.ReadByte() // until the other side gives up
		return
	}
	v.say("220 mail.example.org")
	for {
		line, err := v.line()
		if err != nil || !v.answer(line) {
			return
		}
	}
}

func (v *visit) say(line string) { _, _ = v.conn.Write([]byte(line + "\r\n")) }

func (v *visit) line() (string, error) {
	line, err := v.in.ReadString('\n')
	if err == nil && !strings.HasSuffix(line, "\r\n") {
		v.complain("a line does not end in CR LF")
	}
	return strings.TrimRight(line, "\r\n"), err
}

// answer answers one command, and says whether the visit goes on.
func (v *visit) answer(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		v.say("250-mail.example.org")
		if !v.secret {
			v.say("250-STARTTLS")
		} else if v.User != "" {
			v.say("250-AUTH PLAIN")
		}
		v.say("250 8BITMIME")
	case "STARTTLS":
		v.say("220 go ahead")
		over := tls.Server(v.conn, v.config)
		v.conn, v.in, v.secret = over, bufio.NewReader(over), true
	case "AUTH":
		v.signIn(rest)
	case "MAIL":
		v.mail(rest)
	case "RCPT":
		v.rcpt(rest)
	case "DATA":
		return v.data()
	case "RSET":
		v.from, v.to = "", nil
		v.say("250 ok")
	case "NOOP":
		v.say("250 ok")
	case "QUIT":
		v.say("221 bye")
		return false
	default:
		v.say("502 not here")
	}
	return true
}

func (v *visit) signIn(rest string) {
	if !v.secret {
		v.complain("a password was said in the open")
	}
	_, coded, _ := strings.Cut(rest, " ")
	said, err := base64.StdEncoding.DecodeString(coded)
	if v.known = err == nil && string(said) == "\x00"+v.User+"\x00"+v.Secret; v.known {
		v.say("235 welcome")
		return
	}
	v.say("535 5.7.8 not you")
}

// inner is the address in <…>.
func inner(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}

func (v *visit) mail(rest string) {
	if !v.secret {
		v.complain("a letter was begun in the open")
	}
	if v.User != "" && !v.known {
		v.say("530 5.7.0 sign in first")
		return
	}
	v.from, v.to = inner(rest), nil
	v.say("250 ok")
}

func (v *visit) rcpt(rest string) {
	address := inner(rest)
	v.mu.Lock()
	refused, wait := v.refused[address], v.greylist[address] > 0
	if wait {
		v.greylist[address]--
	}
	v.mu.Unlock()
	switch {
	case refused:
		v.say("550 5.1.1 nobody of that name")
	case wait:
		v.say("451 4.7.1 come back later")
	default:
		v.to = append(v.to, address)
		v.say("250 ok")
	}
}

func (v *visit) data() bool {
	if len(v.to) == 0 {
		v.say("503 to whom?")
		return true
	}
	v.say("354 go on")
	var raw strings.Builder
	for {
		line, err := v.line()
		if err != nil {
			return false
		}
		if line == "." {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
	letter := Letter{From: v.from, To: v.to, Raw: raw.String()}
	if m, err := mail.ReadMessage(strings.NewReader(letter.Raw)); err != nil {
		v.complain("a letter cannot be read: " + err.Error())
	} else {
		letter.Header = m.Header
		_, letter.Body, _ = strings.Cut(letter.Raw, "\n\n")
	}
	cut := false
	v.set(func() {
		v.letters = append(v.letters, letter)
		if cut = v.cut > 0; cut {
			v.cut--
		}
	})
	if cut {
		return false
	}
	v.say("250 taken")
	return true
}
