package main_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// coupable is a way to the database that can be cut, slowed and broken.
type coupable struct {
	*toxiproxy.Proxy
	directe string // the base, past the proxy
	base    string // the same base through it
}

// newCoupable puts a proxy in front of a database of its own.
func newCoupable(t *testing.T) *coupable {
	t.Helper()
	directe := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
	vers, err := url.Parse(directe)
	if err != nil || vers.Scheme != "mongodb" {
		t.Skip("left out: the failures of MongoDB, MONGODB_URI does not name its hosts")
	}
	vers.Host = primaire(t, directe)
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "mongo", "127.0.0.1:0", vers.Host)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	reglages := vers.Query()
	reglages.Del("replicaSet")
	reglages.Set("directConnection", "true") // not the addresses that the server gives for itself
	vers.Host, vers.RawQuery = p.Listen, reglages.Encode()
	return &coupable{Proxy: p, directe: directe, base: vers.String()}
}

// primaire is the host that takes the writes.
func primaire(t *testing.T, uri string) string {
	t.Helper()
	var hello struct{ Primary string }
	if err := mongotest.Client(t, uri).Database("admin").RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		t.Fatal(err)
	}
	if hello.Primary != "" {
		return hello.Primary
	}
	c, err := connstring.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	return c.Hosts[0]
}

func (c *coupable) retablir(t *testing.T) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
}

// abimer adds a toxic to the database's answers, until the returned function.
func (c *coupable) abimer(t *testing.T, genre, attributs string) (fin func()) {
	t.Helper()
	_, err := c.Toxics.AddToxicJson(strings.NewReader(`{"name":"t","type":"` + genre + `","attributes":` + attributs + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := c.Toxics.RemoveToxic(t.Context(), "t"); err != nil {
			t.Error(err)
		}
	}
}

// adresseLibre is a loopback address that nobody listens on.
func adresseLibre(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// attendreStatus asks until the status is there.
func (s *serveur) attendreStatus(t *testing.T, chemin string, status int, delai time.Duration) {
	t.Helper()
	dernier := ""
	for limite := time.Now().Add(delai); time.Now().Before(limite); time.Sleep(50 * time.Millisecond) {
		rep, err := http.Get(s.url + chemin)
		if err != nil {
			dernier = err.Error()
			continue
		}
		rep.Body.Close()
		if rep.StatusCode == status {
			return
		}
		dernier = rep.Status
	}
	t.Fatalf("%s: %s after %v, want %d", chemin, dernier, delai, status)
}

// The base is down when the service starts: it says so, waits, and works once
// the base is there.
func TestPanneAuDepart(t *testing.T) {
	t.Parallel()
	c, dossier := newCoupable(t), t.TempDir()
	c.Stop()
	adresse := adresseLibre(t)
	s := commencer(t, dossier, []string{}, "--base", c.base, "--adresse", adresse)
	s.url = "http://" + adresse
	s.attendreStatus(t, "/livez", 200, 15*time.Second)
	for chemin, mot := range map[string]string{
		"/": "Le service démarre", "/lieux?commune=82112": "Le service démarre", "/readyz": "n’a pas encore répondu", "/api/v1/lieux": "about:blank",
	} {
		rep, corps := s.lire(t, chemin)
		if rep.StatusCode != 503 || rep.Header.Get("Retry-After") == "" || !strings.Contains(corps, mot) {
			t.Errorf("%s: %d %v %s", chemin, rep.StatusCode, rep.Header, corps)
		}
	}
	time.Sleep(8 * time.Second) // more than one attempt
	c.retablir(t)
	debut := time.Now()
	s.attendrePret(t)
	t.Logf("ready %v after the base", time.Since(debut).Round(100*time.Millisecond))
	for _, chemin := range []string{"/livez", "/readyz", "/", "/lieux?commune=82112", "/api/v1/lieux"} {
		if rep, corps := s.lire(t, chemin); rep.StatusCode != 200 {
			t.Errorf("%s: %d %.200s", chemin, rep.StatusCode, corps)
		}
	}
	secret, _ := jeton(t, dossier, "--nom", "Essai", "--departement", "--base", c.directe)
	r := newRedacteur(secret, func() string { return s.url })
	if err := r.modifier(idEssai, "k", 1); err != nil {
		t.Error(err)
	}
	if code, _ := s.stop(); code != 0 || strings.Count(s.stderr.String(), "ne répond pas. Le service l’attend sur http://") != 1 {
		t.Errorf("code %d; stderr: %s", code, s.stderr)
	}
}

// Who waits can be stopped; what time does not mend is not waited for.
func TestPanneAuDepartRefusee(t *testing.T) {
	t.Parallel()
	c, dossier := newCoupable(t), t.TempDir()
	db, err := connstring.Parse(c.directe)
	if err != nil {
		t.Fatal(err)
	}
	if err := mongotest.Client(t, c.directe).Database(db.Database).CreateCollection(t.Context(), "recettes"); err != nil {
		t.Fatal(err)
	}
	exigerRefusContenant(t, lancer(t, dossier, nil, "servir", "--adresse", "127.0.0.1:0", "--base", c.base), 3, "celle d’un autre programme")
	c.Stop()
	adresse := adresseLibre(t)
	s := commencer(t, dossier, []string{}, "--base", c.base, "--adresse", adresse)
	s.url = "http://" + adresse
	s.attendreStatus(t, "/livez", 200, 15*time.Second)
	if code, duree := s.stop(); code != 0 || duree > 8*time.Second {
		t.Errorf("SIGTERM while it waits: code %d after %v; stderr: %s", code, duree, s.stderr)
	}
}

// lecteurs ask for public pages and searches without a pause.
type lecteurs struct {
	demandes, ratees atomic.Int64
	lenteur          atomic.Int64 // of the slowest answer, ns
}

var pagesPubliques = []string{
	"/", "/?q=Moissac", "/lieux", "/lieux?commune=82112", "/lieux/" + idEssai, "/communes", "/communes/82112",
	"/api/v1/lieux?limite=10", "/api/v1/lieux/proches?lat=44.1&lon=1.08", "/api/v1/lieux/" + idEssai, "/donnees/lieux.csv", "/livez",
}

// lire has two readers ask until fin, which counts.
func (l *lecteurs) lire(t *testing.T, s *serveur) (fin func()) {
	arret := make(chan struct{})
	var groupe sync.WaitGroup
	for i := range 2 {
		groupe.Go(func() {
			for n := i; ; n++ {
				select {
				case <-arret:
					return
				case <-time.After(10 * time.Millisecond):
				}
				l.demander(t, s, pagesPubliques[n%len(pagesPubliques)])
			}
		})
	}
	fin = sync.OnceFunc(func() {
		close(arret)
		groupe.Wait()
	})
	t.Cleanup(fin)
	return fin
}

func (l *lecteurs) demander(t *testing.T, s *serveur, chemin string) {
	debut := time.Now()
	rep, err := http.Get(s.url + chemin)
	l.demandes.Add(1)
	if err != nil {
		l.ratees.Add(1)
		t.Errorf("%s: %v", chemin, err)
		return
	}
	defer rep.Body.Close()
	if _, err := io.Copy(io.Discard, rep.Body); err != nil || rep.StatusCode != 200 {
		l.ratees.Add(1)
		t.Errorf("%s: %d %v", chemin, rep.StatusCode, err)
	}
	l.lenteur.Store(max(l.lenteur.Load(), int64(time.Since(debut))))
}

func (l *lecteurs) exiger(t *testing.T, auMoins int64) {
	t.Helper()
	t.Logf("%d requests, %d failed, the slowest %v", l.demandes.Load(), l.ratees.Load(), time.Duration(l.lenteur.Load()).Round(time.Millisecond))
	if l.demandes.Load() < auMoins {
		t.Errorf("%d requests, want %d at least", l.demandes.Load(), auMoins)
	}
}

// newEssaiPanne is a service, the way to its base, and a program that edits.
func newEssaiPanne(t *testing.T) (*coupable, *serveur, *redacteur) {
	t.Helper()
	c, dossier := newCoupable(t), t.TempDir()
	s := demarrer(t, dossier, "--base", c.base)
	secret, _ := jeton(t, dossier, "--nom", "Essai", "--departement", "--base", c.directe)
	return c, s, newRedacteur(secret, func() string { return s.url })
}

// refuserIndisponible asks for an edit that cannot be made now.
func refuserIndisponible(t *testing.T, s *serveur, r *redacteur, cle string, n int) (etag string) {
	t.Helper()
	etag = r.lire(idEssai)
	rep, corps := s.put(t, idEssai, `{"horaires":"`+horairesNumero(n)+`"}`, map[string]string{
		"Authorization": "Bearer " + r.jeton, "If-Match": etag, "Idempotency-Key": cle,
	})
	if rep.StatusCode != 503 || rep.Header.Get("Retry-After") == "" || !strings.Contains(corps, "ne répond pas") {
		t.Errorf("an edit: %d %v %s", rep.StatusCode, rep.Header, corps)
	}
	return etag
}

// The base goes down under a running service: everything public is answered
// and says of when it is, an edit is refused, and all is well again without a
// restart.
func TestPanneEnMarche(t *testing.T) {
	t.Parallel()
	c, s, r := newEssaiPanne(t)
	c.Stop()
	var l lecteurs
	fin := l.lire(t, s)
	avant := r.lire(idEssai)
	if etag := refuserIndisponible(t, s, r, "k", 1); etag != avant {
		t.Errorf("the place moved from %s to %s", avant, etag)
	}
	s.attendreStatus(t, "/readyz", 503, 20*time.Second)
	_, pret := s.lire(t, "/readyz")
	_, page := s.lire(t, "/lieux/"+idEssai)
	api, _ := s.lire(t, "/api/v1/lieux?limite=1")
	if !strings.Contains(pret, "La base ne répond pas") || !strings.Contains(page, ">Données du ") {
		t.Errorf("nothing says that the base is down: %s\n%s", pret, page)
	}
	if _, err := time.Parse(time.RFC3339, api.Header.Get("Donnees-Du")); err != nil {
		t.Error(err)
	}
	refuserIndisponible(t, s, r, "k", 1)
	fin()
	l.exiger(t, 300)
	c.retablir(t)
	s.attendreStatus(t, "/readyz", 200, 20*time.Second)
	if _, page := s.lire(t, "/lieux/"+idEssai); strings.Contains(page, ">Données du ") {
		t.Error("the page still says that the base is down")
	}
	exigerEcrite(t, c, r, "k", 1)
}

// exigerEcrite asks again for an edit that was refused, and then once more:
// it is there once.
func exigerEcrite(t *testing.T, c *coupable, r *redacteur, cle string, n int) {
	t.Helper()
	if err := r.modifier(idEssai, cle, n); err != nil {
		t.Fatal(err)
	}
	if r.acquises() == 0 {
		t.Error("the edit came too late")
	}
	for _, d := range r.verifier(t, c.directe, []string{idEssai}) {
		t.Error(d)
	}
}

// Every answer of the base takes 3 seconds: nobody who reads sees it.
func TestPanneLente(t *testing.T) {
	t.Parallel()
	c, s, r := newEssaiPanne(t)
	fin := c.abimer(t, "latency", `{"latency":3000}`)
	var l lecteurs
	cesser := l.lire(t, s)
	debut := time.Now()
	etag := r.lire(idEssai)
	m := modification{lieu: idEssai, horaires: horairesNumero(1), cle: "k"}
	if status, texte := r.put(&m, etag); status != 200 && status != 503 || time.Since(debut) > 15*time.Second {
		t.Errorf("an edit: %d after %v: %s", status, time.Since(debut), texte)
	}
	cesser()
	l.exiger(t, 300)
	if lent := time.Duration(l.lenteur.Load()); lent > 2*time.Second {
		t.Errorf("a page took %v", lent)
	}
	fin()
	exigerEcrite(t, c, r, "k", 1)
}

// The answers of the base are cut, at once or in the middle, again and again,
// under programs that edit: each edit is there once.
func TestPanneCoupee(t *testing.T) {
	t.Parallel()
	c, s, r := newEssaiPanne(t)
	graine := nombreEnv(t, "GRAINE", rand.Uint64())
	hasard := rand.New(rand.NewPCG(graine, 0))
	lieux := append(quelquesLieux(t, s, 3), idEssai)
	var l lecteurs
	cesser, arreter := l.lire(t, s), r.lancer(t, lieux, 3, graine)
	const coupures = 12
	for i := range coupures {
		time.Sleep(time.Duration(300+hasard.IntN(600)) * time.Millisecond)
		fin := c.abimer(t, []string{"reset_peer", "limit_data"}[i%2], fmt.Sprintf(`{"timeout":0,"bytes":%d}`, hasard.IntN(3000)))
		// The store's own second attempt mends a short cut; one longer than the
		// deadline of a request is told, and whoever asked asks again.
		duree := time.Duration(hasard.IntN(900)) * time.Millisecond
		if i == 0 {
			duree = 11 * time.Second
		}
		time.Sleep(duree)
		fin()
	}
	arreter()
	cesser()
	l.exiger(t, 100)
	acquises, refusees, reprises := r.bilan()
	t.Logf("%d cuts, seed %d: %d edits acknowledged, %d come too late, %d asked more than once", coupures, graine, acquises, refusees, reprises)
	if acquises < 10 || reprises == 0 {
		t.Error("too few to prove anything")
	}
	for _, d := range r.verifier(t, c.directe, lieux) {
		t.Error(d)
	}
}
