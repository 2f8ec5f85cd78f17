package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// The address of a visitor, over real connections: 127.0.0.2 and 127.0.0.3 are
// trusted proxies, 127.0.0.9 is anybody.
func TestVisiteur(t *testing.T) {
	url := serveVisiteur(t, "127.0.0.2/31", "10.0.0.0/8", "::1")
	for _, tt := range []struct {
		name, de string
		suite    []string // X-Forwarded-For, one line each
		want     string
	}{
		{"nobody between", "127.0.0.9", nil, "127.0.0.9"},
		{"a header that anybody writes is ignored", "127.0.0.9", []string{"203.0.113.7"}, "127.0.0.9"},
		{"behind a trusted proxy", "127.0.0.2", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a second one is another visitor", "127.0.0.2", []string{"203.0.113.8"}, "203.0.113.8"},
		{"the visitor wrote the beginning", "127.0.0.2", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"and on a line of its own", "127.0.0.2", []string{"198.51.100.1", "203.0.113.7"}, "203.0.113.7"},
		{"two trusted proxies", "127.0.0.3", []string{"198.51.100.1, 203.0.113.7,10.2.3.4"}, "203.0.113.7"},
		{"a proxy that is not trusted", "127.0.0.3", []string{"203.0.113.7, 192.0.2.5"}, "192.0.2.5"},
		{"IPv6", "127.0.0.2", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv4 in IPv6", "127.0.0.2", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"with a port", "127.0.0.2", []string{"203.0.113.7:51234"}, "203.0.113.7"},
		{"a proxy that says nothing is itself the visitor", "127.0.0.2", nil, "127.0.0.2"},
		{"a proxy that says no address", "127.0.0.2", []string{"unknown"}, "127.0.0.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := demanderDe(t, url, tt.de, tt.suite); got != tt.want {
				t.Errorf("c.IP() is %q, want %q", got, tt.want)
			}
		})
	}
}

// serveVisiteur serves c.IP() with the settings and the middleware of the site.
func serveVisiteur(t *testing.T, liste ...string) string {
	t.Helper()
	s := &site{}
	var err error
	if s.mandataires, err = newMandataires(liste); err != nil {
		t.Fatal(err)
	}
	app := fiber.New(s.reglages())
	app.Use(s.mandataires.withVisiteur)
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(c.IP()) })
	ecoute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(ecoute) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + ecoute.Addr().String() + "/"
}

func demanderDe(t *testing.T, url, de string, suite []string) string {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(de)}}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, r, a string) (net.Conn, error) {
		return d.DialContext(ctx, r, a)
	}}}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	q.Header["X-Forwarded-For"] = suite
	rep, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	octets, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

func TestMandataireEcrit(t *testing.T) {
	for _, tt := range []struct{ name, texte, want string }{
		{"an address", "10.0.0.1", "10.0.0.1"},
		{"a range, from inside", "10.1.2.3/8", "10.0.0.0/8"},
		{"IPv6 in full", "0:0:0:0:0:0:0:1", "::1"},
		{"a range of IPv6", "2001:db8::/32", "2001:db8::/32"},
		{"a name", "passerelle", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := newMandataires([]string{tt.texte})
			if (err != nil) != (tt.want == "") {
				t.Fatal(err)
			}
			if err == nil && m.ecrits()[0] != tt.want {
				t.Errorf("%q, want %q", m.ecrits(), tt.want)
			}
		})
	}
}
