package main_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// relais is an outgoing proxy that notes the hosts it is asked for, and sends
// them all to one server.
type relais struct {
	url string
	mu  sync.Mutex
	vus []string
}

func newRelais(t *testing.T, vers *httptest.Server) *relais {
	t.Helper()
	r := &relais{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.vus = append(r.vus, q.Method+" "+q.Host)
		r.mu.Unlock()
		if q.Method == http.MethodConnect {
			tunnel(w, vers.Listener.Addr().String())
			return
		}
		vers.Config.Handler.ServeHTTP(w, q)
	}))
	t.Cleanup(s.Close)
	r.url = s.URL
	return r
}

// tunnel answers CONNECT by joining the caller to the address.
func tunnel(w http.ResponseWriter, adresse string) {
	dehors, err := net.Dial("tcp", adresse)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer dehors.Close()
	dedans, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer dedans.Close()
	_, _ = io.WriteString(dedans, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(dehors, dedans) }()
	_, _ = io.Copy(dedans, dehors)
}

func (r *relais) hotes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Compact(slices.Clone(r.vus))
}

// chiffrer is an HTTPS server of an authority of its own.
func chiffrer(t *testing.T, texte string) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(donne(texte))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are expected
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// autorite writes the certificate of a TLS test server as the file of an
// internal authority.
func autorite(t *testing.T, s *httptest.Server) string {
	t.Helper()
	f := filepath.Join(t.TempDir(), "autorite.pem")
	octets := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(f, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

const nonReconnu = "Calendrier du ministère : le certificat du service n’est pas reconnu. Si votre réseau a sa propre autorité de certification, donnez son fichier PEM par la variable SSL_CERT_FILE."

// What leaves the program goes through the proxy that the environment names,
// and trusts the authority that it names.
func TestSortie(t *testing.T) {
	clair := httptest.NewServer(donne(echantillon(t)))
	t.Cleanup(clair.Close)
	chiffre := chiffrer(t, echantillon(t))
	ca := autorite(t, chiffre)
	for _, tt := range []struct {
		name   string
		vers   *httptest.Server
		env    []string // RELAIS stands for the proxy's address
		url    string
		refuse string
		want   []string // what the proxy saw
	}{
		{"HTTP through the proxy", clair, []string{"HTTP_PROXY=RELAIS"}, "http://ministere.invalid/c", "", []string{"GET ministere.invalid"}},
		{"NO_PROXY is honoured", clair, []string{"HTTP_PROXY=RELAIS", "NO_PROXY=.invalid"}, "http://ministere.invalid/c", "Calendrier du ministère : le service ne répond pas. Vérifiez l’adresse et le réseau.", nil},
		{"the loopback is asked directly", clair, []string{"HTTP_PROXY=RELAIS", "HTTPS_PROXY=RELAIS"}, clair.URL, "", nil},
		{"HTTPS through the proxy, authority given", chiffre, []string{"HTTPS_PROXY=RELAIS", "SSL_CERT_FILE=" + ca}, "https://example.com/c", "", []string{"CONNECT example.com:443"}},
		{"HTTPS through the proxy, authority unknown", chiffre, []string{"HTTPS_PROXY=RELAIS"}, "https://example.com/c", nonReconnu, []string{"CONNECT example.com:443"}},
		{"HTTPS, authority given", chiffre, []string{"SSL_CERT_FILE=" + ca}, chiffre.URL, "", nil},
		{"HTTPS, authority unknown", chiffre, nil, chiffre.URL, nonReconnu, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRelais(t, tt.vers)
			env := slices.Clone(tt.env)
			for i := range env {
				env[i] = strings.Replace(env[i], "RELAIS", r.url, 1)
			}
			res := lancer(t, t.TempDir(), env, "vacances", "renouveler", "--url", tt.url)
			if tt.refuse != "" {
				exigerRefus(t, res, 3, tt.refuse)
			} else if res.code != 0 {
				t.Errorf("code %d, stderr %q", res.code, res.stderr)
			}
			if diff := cmp.Diff(tt.want, r.hotes()); diff != "" {
				t.Errorf("the proxy saw (-want +got):\n%s", diff)
			}
		})
	}
}

// The geocoder of a running service: through the proxy, with an internal
// authority; without it, the search answers by the commune.
func TestSortieGeocodage(t *testing.T) {
	reponse, err := os.ReadFile("../../internal/territoire/testdata/geocodage.json")
	if err != nil {
		t.Fatal(err)
	}
	ign := chiffrer(t, string(reponse))
	r := newRelais(t, ign)
	const sans = "Nous n’avons pas pu situer la rue"
	for _, tt := range []struct {
		name  string
		env   []string
		situe bool
	}{
		{"authority given", []string{"HTTPS_PROXY=" + r.url, "SSL_CERT_FILE=" + autorite(t, ign)}, true},
		{"authority unknown", []string{"HTTPS_PROXY=" + r.url}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := demarrerAvec(t, t.TempDir(), tt.env, "--geocodage=https://example.com/geocodage/search")
			rep, corps := s.lire(t, "/?q=12+rue+de+la+Republique+82200+Moissac")
			if rep.StatusCode != http.StatusOK || strings.Contains(corps, sans) == tt.situe {
				t.Errorf("status %d; %q there: %v", rep.StatusCode, sans, !tt.situe)
			}
		})
	}
	if diff := cmp.Diff([]string{"CONNECT example.com:443"}, r.hotes()); diff != "" {
		t.Errorf("the proxy saw (-want +got):\n%s", diff)
	}
}

// An internal authority signs MongoDB's certificate: the file named in the
// address is enough to trust it.
func TestSortieMongo(t *testing.T) {
	modele := chiffrer(t, "")
	ca := autorite(t, modele)
	for _, tt := range []struct {
		name, tls string
		want      bool // the handshake ends well
	}{
		{"authority in the address", "&tlsCAFile=" + ca, true},
		{"authority unknown", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ecoute, err := tls.Listen("tcp", "127.0.0.1:0", modele.TLS)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ecoute.Close() })
			poignees := make(chan error, 1)
			go func() {
				c, err := ecoute.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				poignees <- c.(*tls.Conn).HandshakeContext(t.Context())
			}()
			base := "mongodb://" + ecoute.Addr().String() + "/x?tls=true&serverSelectionTimeoutMS=500" + tt.tls
			r := lancer(t, t.TempDir(), nil, "exporter", "--format", "csv", "--base", base)
			exigerRefusContenant(t, r, 3, "ne répond pas") // it never speaks MongoDB's protocol
			if err := <-poignees; (err == nil) != tt.want {
				t.Errorf("handshake: %v", err)
			}
		})
	}
}

// The service asks itself whether it answers: never through the proxy, even on
// an address of its own that is not the loopback's.
func TestSortieSante(t *testing.T) {
	ip := adresseLocale()
	if ip == "" {
		t.Skip("this machine has no address but the loopback's: the check of oneself past a proxy was left out")
	}
	env := []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1"}
	s := demarrerAvec(t, t.TempDir(), env, "--adresse="+ip+":0")
	hote := strings.TrimPrefix(s.url, "http://")
	if r := lancer(t, t.TempDir(), env, "sante", "--adresse", hote); r.code != 0 {
		t.Errorf("sante: code %d, stderr %q", r.code, r.stderr)
	}
}

// adresseLocale is an IPv4 address of this machine that is not the loopback's.
func adresseLocale() string {
	toutes, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range toutes {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.String()
		}
	}
	return ""
}
