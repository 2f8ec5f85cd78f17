// Package sortie calls addresses that somebody else chose. It reaches the public
// Internet and the networks that the operator allowed, nothing else: what an
// address leads to is checked when the connection is made, on the IP address
// itself, whatever its name said before.
package sortie

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// Reglages are what the operator decides.
type Reglages struct {
	// Permis are networks that may be called although they are not public; only
	// there is http accepted beside https, and any port.
	Permis []netip.Prefix
	// Mandataire is the outgoing proxy for a request, nil for none
	// (http.ProxyFromEnvironment).
	Mandataire func(*http.Request) (*url.URL, error)
	Noms       *net.Resolver // nil: the machine's
	Delai      time.Duration // for a whole exchange, its body included; 0: 10 s
	Corps      int64         // greatest body of an answer, in bytes, once decompressed; 0: 1 MiB
	Renvois    int           // redirects that are followed, each judged as the first address is; 0: none
	// Regler changes each transport, for the authorities of tests; nil otherwise.
	Regler func(*http.Transport)
}

const (
	delaiDefaut = 10 * time.Second
	corpsDefaut = 1 << 20
	enteteMax   = 64 << 10
	delaiPhase  = 5 * time.Second // to resolve, to connect, to agree on TLS, each
)

// Sortie calls. It is safe for concurrent use.
type Sortie struct {
	// Client follows no redirect unless Reglages.Renvois says so: the caller sees
	// the 3xx. It answers "trop long" (ErrTropLong) in the middle of a body over
	// the limit.
	*http.Client
	reglages Reglages

	chiffre, clair, relaye *http.Transport
}

// New is a way out.
func New(r Reglages) *Sortie {
	if r.Delai == 0 {
		r.Delai = delaiDefaut
	}
	if r.Corps == 0 {
		r.Corps = corpsDefaut
	}
	if r.Noms == nil {
		r.Noms = net.DefaultResolver
	}
	s := &Sortie{reglages: r}
	s.chiffre, s.clair, s.relaye = s.transport(s.admettre), s.transport(s.admettrePermis), s.transport(nil)
	s.relaye.Proxy = func(r *http.Request) (*url.URL, error) { return r.Context().Value(cleMandataire{}).(*url.URL), nil }
	s.Client = &http.Client{
		Transport: s, Timeout: r.Delai, CheckRedirect: s.renvoyer,
	}
	return s
}

// ErrRenvois is the error of an address that redirects too many times.
var ErrRenvois = errors.New("too many redirects")

// renvoyer lets a redirect be followed, or not. Where it leads is judged by
// RoundTrip and when it is dialled, like the first address: https to http too,
// which only an allowed network may do.
func (s *Sortie) renvoyer(r *http.Request, avant []*http.Request) error {
	switch {
	case s.reglages.Renvois == 0:
		return http.ErrUseLastResponse
	case len(avant) > s.reglages.Renvois:
		return ErrRenvois
	}
	r.Header.Del("Referer") // the address before may hold a key
	return nil
}

// cleMandataire is where a request keeps the proxy that it goes through.
type cleMandataire struct{}

// transport dials only what admettre accepts, nil for all.
func (s *Sortie) transport(admettre func(netip.AddrPort) error) *http.Transport {
	d := &net.Dialer{Timeout: delaiPhase, Resolver: s.reglages.Noms}
	if admettre != nil {
		d.Control = func(_, adresse string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(adresse)
			if err != nil {
				return &Refus{Motif: Illisible}
			}
			return admettre(a)
		}
	}
	t := &http.Transport{
		DialContext: d.DialContext, TLSHandshakeTimeout: delaiPhase, ResponseHeaderTimeout: s.reglages.Delai,
		MaxResponseHeaderBytes: enteteMax, DisableKeepAlives: true,
	}
	if s.reglages.Regler != nil {
		s.reglages.Regler(t)
	}
	return t
}

// RoundTrip sends one request, where it may go.
func (s *Sortie) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := s.lire(r.URL); err != nil {
		return nil, refuser(r, err)
	}
	t := s.chiffre
	if r.URL.Scheme == "http" {
		t = s.clair
	}
	relais, err := s.relais(r)
	if err != nil {
		return nil, refuser(r, err)
	}
	if relais != nil {
		if err := s.resoudre(r.Context(), r.URL, true); err != nil {
			return nil, refuser(r, err)
		}
		t, r = s.relaye, r.WithContext(context.WithValue(r.Context(), cleMandataire{}, relais))
	}
	rep, err := t.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	rep.Body = &borne{ReadCloser: rep.Body, reste: s.reglages.Corps}
	return rep, nil
}

// refuser closes the body of a request that is not sent, as a RoundTripper must.
func refuser(r *http.Request, err error) error {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return err
}

// relais is the proxy for a request, nil for none.
func (s *Sortie) relais(r *http.Request) (*url.URL, error) {
	if s.reglages.Mandataire == nil {
		return nil, nil
	}
	return s.reglages.Mandataire(r)
}

// ErrTropLong is the error of a body over the limit.
var ErrTropLong = errors.New("the body of the answer is too long")

// borne is a body that ends in ErrTropLong past its limit.
type borne struct {
	io.ReadCloser
	reste int64
}

func (b *borne) Read(p []byte) (int, error) {
	if b.reste < 0 {
		return 0, ErrTropLong
	}
	if int64(len(p)) > b.reste+1 {
		p = p[:b.reste+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.reste -= int64(n); b.reste < 0 {
		return n - 1, ErrTropLong
	}
	return n, err
}

// Motif is why an address is refused.
type Motif string

// The reasons.
const (
	Illisible Motif = "illisible" // not an address: no host, a user name, a host that only looks like a number
	Accents   Motif = "accents"   // a host that is not written in ASCII: it may be read as another one, a number too
	Schema    Motif = "schema"    // neither https, nor http in an allowed network
	Port      Motif = "port"      // one that belongs to another protocol
	Reseau    Motif = "reseau"    // not on the public Internet, and not allowed
	Inconnu   Motif = "inconnu"   // the name leads nowhere
)

// Refus is the refusal of an address before anything is sent to it.
type Refus struct {
	Motif Motif
	IP    netip.Addr // for Reseau and Schema, when it is known
}

func (r *Refus) Error() string { return fmt.Sprintf("address refused: %s %v", r.Motif, r.IP) }

// Verifier refuses (*Refus) now an address that would be refused when it is
// called. It resolves its name: every address that it has must be one that may
// be called. What it accepts may lead elsewhere later; the call checks again.
func (s *Sortie) Verifier(ctx context.Context, adresse string) error {
	u, err := url.Parse(adresse)
	if err != nil {
		return &Refus{Motif: Illisible}
	}
	if err := s.lire(u); err != nil {
		return err
	}
	r := (&http.Request{URL: u, Header: http.Header{}}).WithContext(ctx)
	relais, err := s.relais(r)
	if err != nil {
		return err
	}
	return s.resoudre(ctx, u, relais != nil)
}

// lire refuses what cannot be called, before any name is resolved.
func (s *Sortie) lire(u *url.URL) error {
	hote := u.Hostname()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return &Refus{Motif: Schema}
	case hote == "" || u.User != nil || u.Opaque != "" || numerique(hote):
		return &Refus{Motif: Illisible}
	case strings.ContainsFunc(hote, func(r rune) bool { return r >= utf8.RuneSelf }):
		return &Refus{Motif: Accents}
	}
	if _, ok := portDe(u); !ok {
		return &Refus{Motif: Port}
	}
	return nil
}

// numerique tells whether a host is no IP address as we read them, and yet one
// to some other reader: "2130706433", "0x7f.1", "127.1" (URL Standard, "ends in
// a number checker").
func numerique(hote string) bool {
	if _, err := netip.ParseAddr(hote); err == nil {
		return false
	}
	hote = strings.TrimSuffix(hote, ".")
	fin := strings.ToLower(hote[strings.LastIndexByte(hote, '.')+1:])
	if _, err := strconv.ParseUint(fin, 10, 64); err == nil || strings.Trim(fin, "0123456789") == "" {
		return true
	}
	hexa, ok := strings.CutPrefix(fin, "0x")
	return ok && strings.Trim(hexa, "0123456789abcdef") == ""
}

// resoudre refuses a host of which some address may not be called. Through a
// proxy, a name that this machine cannot resolve is left to it.
func (s *Sortie) resoudre(ctx context.Context, u *url.URL, relaye bool) error {
	port, _ := portDe(u)
	admettre := s.admettre
	if u.Scheme == "http" {
		admettre = s.admettrePermis
	}
	hote := u.Hostname()
	if ip, err := netip.ParseAddr(hote); err == nil {
		return admettre(netip.AddrPortFrom(ip, port))
	}
	ctx, cancel := context.WithTimeout(ctx, delaiPhase)
	defer cancel()
	ips, err := s.reglages.Noms.LookupNetIP(ctx, "ip", hote)
	if err != nil || len(ips) == 0 {
		if relaye && u.Scheme == "https" {
			return nil
		}
		return &Refus{Motif: Inconnu}
	}
	for _, ip := range ips {
		if err := admettre(netip.AddrPortFrom(ip, port)); err != nil {
			return err
		}
	}
	return nil
}

// portDe is the port of an address; false for one that is none.
func portDe(u *url.URL) (uint16, bool) {
	if u.Port() == "" {
		if u.Scheme == "http" {
			return 80, true
		}
		return 443, true
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return uint16(n), err == nil && n > 0
}
