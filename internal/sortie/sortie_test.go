package sortie_test

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/sortie"
)

// noms is a resolver over a table that a test changes: name to the addresses of
// each answer, the last one again when they are over.
type noms struct {
	mu     sync.Mutex
	suites map[string][]string
	dits   map[string]int
}

// resolver asks a DNS server of the test's own, on the loopback.
func (n *noms) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	p, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = p.Close() })
	n.dits = map[string]int{}
	go n.servir(p)
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", p.LocalAddr().String())
	}}
}

func (n *noms) servir(p net.PacketConn) {
	b := make([]byte, 1500)
	for {
		l, de, err := p.ReadFrom(b)
		if err != nil {
			return
		}
		if r := n.repondre(b[:l]); r != nil {
			_, _ = p.WriteTo(r, de)
		}
	}
}

// repondre answers a question of one name (RFC 1035, 4.1): A and AAAA.
func (n *noms) repondre(q []byte) []byte {
	fin, etiquettes := 12, []string{}
	for fin < len(q) && q[fin] != 0 {
		l := int(q[fin])
		etiquettes = append(etiquettes, string(q[fin+1:fin+1+l]))
		fin += l + 1
	}
	sorte := binary.BigEndian.Uint16(q[fin+1:])
	fin += 5
	r := append([]byte(nil), q[:fin]...)
	r[2], r[3], r[10], r[11] = 0x81, 0x80, 0, 0 // an answer, recursion available, no additional record
	var adresses int
	for _, ip := range n.dire(strings.Join(etiquettes, "."), sorte) {
		octets := netip.MustParseAddr(ip).AsSlice()
		r = append(r, 0xc0, 12, 0, byte(sorte), 0, 1, 0, 0, 0, 0, 0, byte(len(octets)))
		r = append(r, octets...)
		adresses++
	}
	r[7] = byte(adresses)
	return r
}

func (n *noms) dire(nom string, sorte uint16) (ips []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	suite := n.suites[nom]
	if len(suite) == 0 {
		return nil
	}
	for _, ip := range strings.Fields(suite[min(n.dits[nom], len(suite)-1)]) {
		if a := netip.MustParseAddr(ip); a.Is4() == (sorte == 1) {
			ips = append(ips, ip)
		}
	}
	if sorte == 1 {
		n.dits[nom]++
	}
	return ips
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refus(err error) sortie.Motif {
	var r *sortie.Refus
	if errors.As(err, &r) {
		return r.Motif
	}
	if err != nil {
		return sortie.Motif("another error: " + err.Error())
	}
	return ""
}

// Every way to write an address that is not of the public Internet.
func TestAdresses(t *testing.T) {
	n := &noms{suites: map[string][]string{
		"public.exemple": {"93.184.215.14"}, "public6.exemple": {"2606:2800:21f:cb07:6820:80da:af6b:8b2c"},
		"prive.exemple": {"10.0.0.1"}, "mixte.exemple": {"93.184.215.14 192.168.1.1"}, "mixte6.exemple": {"93.184.215.14 fd00::1"},
		"boucle.exemple": {"127.0.0.1"}, "six.exemple": {"::1"}, "traduit.exemple": {"64:ff9b::a9fe:a9fe"},
	}}
	s := sortie.New(sortie.Reglages{Noms: n.resolver(t)})
	for _, tt := range []struct {
		adresse string
		want    sortie.Motif
	}{
		{"https://public.exemple/", ""},
		{"https://public.exemple:8443/x?y=z", ""},
		{"https://public.exemple:80/", ""},
		{"https://public6.exemple/", ""},
		{"https://93.184.215.14/", ""},
		{"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", ""},
		{"https://[64:ff9b::5db8:d70e]/", ""}, // 93.184.215.14, translated
		{"http://public.exemple/", sortie.Schema},
		{"http://93.184.215.14/", sortie.Schema},
		{"ftp://public.exemple/", sortie.Schema},
		{"file:///etc/passwd", sortie.Schema},
		{"gopher://public.exemple/", sortie.Schema},
		{"//public.exemple/", sortie.Schema},
		{"public.exemple", sortie.Schema},
		{"", sortie.Schema},
		{"https://", sortie.Illisible},
		{"https:public.exemple", sortie.Illisible},
		{"https://jeanne:secret@public.exemple/", sortie.Illisible},
		{"https://public.exemple@10.0.0.1/", sortie.Illisible},
		{"https://public.exemple:22/", sortie.Port},
		{"https://public.exemple:25/", sortie.Port},
		{"https://public.exemple:0/", sortie.Port},
		{"https://public.exemple:99999/", sortie.Port},
		{"https://absent.exemple/", sortie.Inconnu},
		{"https://prive.exemple/", sortie.Reseau},
		{"https://mixte.exemple/", sortie.Reseau},
		{"https://mixte6.exemple/", sortie.Reseau},
		{"https://boucle.exemple/", sortie.Reseau},
		{"https://six.exemple/", sortie.Reseau},
		{"https://traduit.exemple/", sortie.Reseau},
		{"https://localhost/", sortie.Reseau},
		{"https://127.0.0.1/", sortie.Reseau},
		{"https://127.255.255.254/", sortie.Reseau},
		{"https://0.0.0.0/", sortie.Reseau},
		{"https://0.1.2.3/", sortie.Reseau},
		{"https://10.0.0.1/", sortie.Reseau},
		{"https://172.16.0.1/", sortie.Reseau},
		{"https://172.31.255.255/", sortie.Reseau},
		{"https://172.32.0.1/", ""},
		{"https://192.168.0.1/", sortie.Reseau},
		{"https://100.64.0.1/", sortie.Reseau},
		{"https://100.100.100.200/", sortie.Reseau},
		{"https://100.128.0.1/", ""},
		{"https://169.254.169.254/latest/meta-data/", sortie.Reseau},
		{"https://168.63.129.16/", sortie.Reseau},
		{"https://192.0.0.192/", sortie.Reseau},
		{"https://192.0.2.1/", sortie.Reseau},
		{"https://192.88.99.1/", sortie.Reseau},
		{"https://198.18.0.1/", sortie.Reseau},
		{"https://198.51.100.1/", sortie.Reseau},
		{"https://203.0.113.1/", sortie.Reseau},
		{"https://224.0.0.1/", sortie.Reseau},
		{"https://239.255.255.250/", sortie.Reseau},
		{"https://240.0.0.1/", sortie.Reseau},
		{"https://255.255.255.255/", sortie.Reseau},
		{"https://2130706433/", sortie.Illisible},
		{"https://0x7f000001/", sortie.Illisible},
		{"https://0x7f.0.0.1/", sortie.Illisible},
		{"https://0177.0.0.1/", sortie.Illisible},
		{"https://127.1/", sortie.Illisible},
		{"https://127.0.0.0x1/", sortie.Illisible},
		{"https://127.0.0.1./", sortie.Illisible},
		{"https://1.2.3.4.5/", sortie.Illisible},
		{"https://１２７.0.0.1/", sortie.Illisible},
		{"https://１２７。０。０。１/", sortie.Accents}, // digits and dots of another width: 127.0.0.1 to whoever connects
		{"https://forêt.exemple/", sortie.Accents},
		{"https://[::]/", sortie.Reseau},
		{"https://[::1]/", sortie.Reseau},
		{"https://[::127.0.0.1]/", sortie.Reseau},
		{"https://[::ffff:127.0.0.1]/", sortie.Reseau},
		{"https://[::ffff:7f00:1]/", sortie.Reseau},
		{"https://[::ffff:93.184.215.14]/", ""},
		{"https://[64:ff9b::7f00:1]/", sortie.Reseau},
		{"https://[64:ff9b:1::1]/", sortie.Reseau},
		{"https://[2002:7f00:1::]/", sortie.Reseau},
		{"https://[2001:0:7f00:1::]/", sortie.Reseau},
		{"https://[2001:db8::1]/", sortie.Reseau},
		{"https://[3fff::1]/", sortie.Reseau},
		{"https://[100::1]/", sortie.Reseau},
		{"https://[5f00::1]/", sortie.Reseau},
		{"https://[fc00::1]/", sortie.Reseau},
		{"https://[fd00:ec2::254]/", sortie.Reseau},
		{"https://[fe80::1]/", sortie.Reseau},
		{"https://[fe80::1%25eth0]/", sortie.Reseau},
		{"https://[fec0::1]/", sortie.Reseau},
		{"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c%25eth0]/", sortie.Reseau},
		{"https://[ff02::1]/", sortie.Reseau},
	} {
		t.Run(tt.adresse, func(t *testing.T) {
			if got := refus(s.Verifier(t.Context(), tt.adresse)); got != tt.want {
				t.Errorf("Verifier: %q, want %q", got, tt.want)
			}
			if tt.want == "" || tt.want == sortie.Inconnu || strings.Contains(tt.adresse, "mixte") {
				return // a call may leave this machine
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.adresse, nil)
			if err != nil {
				return
			}
			rep, err := s.Do(r)
			if err == nil {
				_ = rep.Body.Close()
				t.Fatal("called")
			}
			if got := refus(err); got != tt.want && (r.URL.Host != "" || got == "") {
				t.Errorf("Do: %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReseauxPermis(t *testing.T) {
	permis, err := sortie.LireReseaux([]string{"10.0.0.0/8", " 192.168.1.5 ", "fd00::/8"})
	check(t, err)
	s := sortie.New(sortie.Reglages{Permis: permis})
	for adresse, want := range map[string]sortie.Motif{
		"http://10.1.2.3:25/": "", "https://10.1.2.3/": "", "https://192.168.1.5/": "", "https://192.168.1.6/": sortie.Reseau,
		"http://[fd12::1]/": "", "http://[::ffff:10.0.0.1]/": "", "http://127.0.0.1/": sortie.Reseau, "http://93.184.215.14/": sortie.Schema,
		"https://[fd12::1%25eth0]/": sortie.Reseau,
	} {
		if got := refus(s.Verifier(t.Context(), adresse)); got != want {
			t.Errorf("%s: %q, want %q", adresse, got, want)
		}
	}
	for _, faux := range []string{"10.0.0.0/33", "local", "", "10.0.0.0-10.0.0.9", "fe80::1%eth0"} {
		if _, err := sortie.LireReseaux([]string{"10.0.0.0/8", faux}); err == nil {
			t.Errorf("%q is accepted", faux)
		}
	}
}

// boucle is a server on the loopback, and a way out that may reach it.
func boucle(t *testing.T, h http.HandlerFunc, change ...func(*sortie.Reglages)) (*httptest.Server, *sortie.Sortie) {
	t.Helper()
	serveur := httptest.NewServer(h)
	t.Cleanup(serveur.Close)
	r := sortie.Reglages{Permis: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	for _, ch := range change {
		ch(&r)
	}
	return serveur, sortie.New(r)
}

func get(t *testing.T, s *sortie.Sortie, adresse string) (int, []byte, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, adresse, nil)
	check(t, err)
	rep, err := s.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	return rep.StatusCode, corps, err
}

// A name that was public when it was accepted, and is private when it is
// called, is not called: what counts is the address that is dialled.
func TestNomQuiChange(t *testing.T) {
	touche := false
	serveur := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { touche = true }))
	defer serveur.Close()
	_, port, err := net.SplitHostPort(serveur.Listener.Addr().String())
	check(t, err)
	n := &noms{suites: map[string][]string{"change.exemple": {"93.184.215.14", "127.0.0.1"}}}
	s := sortie.New(sortie.Reglages{Noms: n.resolver(t)})
	adresse := "https://change.exemple:" + port + "/"
	if err := s.Verifier(t.Context(), adresse); err != nil {
		t.Fatalf("the public answer: %v", err)
	}
	if _, _, err := get(t, s, adresse); refus(err) != sortie.Reseau || touche {
		t.Errorf("the private answer: %v, reached %t", err, touche)
	}
	// The same server answers when it is allowed: the test can fail.
	n = &noms{suites: map[string][]string{"change.exemple": {"127.0.0.1"}}}
	s = sortie.New(sortie.Reglages{Noms: n.resolver(t), Permis: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if code, _, err := get(t, s, "http://change.exemple:"+port+"/"); err != nil || code != 200 || !touche {
		t.Errorf("allowed: %d, %v", code, err)
	}
}

// A redirect is an answer, never followed, even to where one may go.
func TestRedirection(t *testing.T) {
	suivie := false
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		suivie = suivie || r.URL.Path != "/"
		http.Redirect(w, r, "/prive", http.StatusTemporaryRedirect)
	})
	if code, _, err := get(t, s, serveur.URL); err != nil || code != http.StatusTemporaryRedirect || suivie {
		t.Errorf("%d, %v, followed %t", code, err, suivie)
	}
}

func TestCorpsTropLong(t *testing.T) {
	for taille, want := range map[int]error{0: nil, 99: nil, 100: nil, 101: sortie.ErrTropLong, 1 << 20: sortie.ErrTropLong} {
		serveur, s := boucle(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, taille)) },
			func(r *sortie.Reglages) { r.Corps = 100 })
		_, corps, err := get(t, s, serveur.URL)
		if !errors.Is(err, want) || len(corps) != min(taille, 100) {
			t.Errorf("%d bytes: %d read, %v", taille, len(corps), err)
		}
	}
}

// A head that never ends is not read to its end.
func TestEnteteTropLong(t *testing.T) {
	for taille, ok := range map[int]bool{10 << 10: true, 200 << 10: false} {
		serveur, s := boucle(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("a", taille)) })
		if _, _, err := get(t, s, serveur.URL); (err == nil) != ok {
			t.Errorf("%d bytes: %v", taille, err)
		}
	}
}

// Neither a server that says nothing nor one that never ends holds the caller.
func TestDelai(t *testing.T) {
	fin := make(chan struct{})
	defer close(fin)
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/corps" {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		<-fin
	}, func(r *sortie.Reglages) { r.Delai = 50 * time.Millisecond })
	for _, chemin := range []string{"/", "/corps"} {
		if _, _, err := get(t, s, serveur.URL+chemin); err == nil || !strings.Contains(err.Error(), "Timeout") && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", chemin, err)
		}
	}
}

// Through a proxy, what can be known of an address is checked before; the proxy
// itself may be private. A name that only the proxy knows is left to it.
func TestMandataire(t *testing.T) {
	vus := []string{}
	mandataire := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		vus = append(vus, r.Method+" "+r.Host)
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer mandataire.Close()
	u, err := url.Parse(mandataire.URL)
	check(t, err)
	n := &noms{suites: map[string][]string{"public.exemple": {"93.184.215.14"}, "prive.exemple": {"10.0.0.1"}}}
	s := sortie.New(sortie.Reglages{Noms: n.resolver(t), Mandataire: http.ProxyURL(u)})
	for _, tt := range []struct {
		adresse string
		want    sortie.Motif // "" for what the proxy was asked
	}{
		{"https://public.exemple/", ""},
		{"https://inconnu.exemple/", ""},
		{"https://prive.exemple/", sortie.Reseau},
		{"https://169.254.169.254/", sortie.Reseau},
		{"https://2130706433/", sortie.Illisible},
		{"https://１６９。２５４。１６９。２５４/", sortie.Accents},
		{"http://inconnu.exemple/", sortie.Inconnu},
		{"http://public.exemple/", sortie.Schema},
		{"https://public.exemple:25/", sortie.Port},
	} {
		vus = nil
		_, _, err := get(t, s, tt.adresse)
		if tt.want != "" && (refus(err) != tt.want || len(vus) > 0) {
			t.Errorf("%s: %v, proxy asked for %v", tt.adresse, err, vus)
		}
		if tt.want == "" && (err == nil || len(vus) != 1 || !strings.HasPrefix(vus[0], "CONNECT ")) {
			t.Errorf("%s: %v, proxy asked for %v", tt.adresse, err, vus)
		}
	}
}

// Certificates are checked; the authority of a test is one that it gives.
func TestCertificat(t *testing.T) {
	serveur := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer serveur.Close()
	r := sortie.Reglages{Permis: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	if _, _, err := get(t, sortie.New(r), serveur.URL); err == nil || !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("an unknown authority: %v", err)
	}
	r.Regler = func(t *http.Transport) {
		t.TLSClientConfig = serveur.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	}
	if code, _, err := get(t, sortie.New(r), serveur.URL); err != nil || code != 200 {
		t.Errorf("a known one: %d, %v", code, err)
	}
}
