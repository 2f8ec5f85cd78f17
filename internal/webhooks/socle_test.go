package webhooks_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

const publique = "https://aide.exemple.fr/82"

type horloge struct {
	mu sync.Mutex
	t  time.Time
}

func (h *horloge) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *horloge) avancer(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

// banc is the room over a base.
type banc struct {
	*webhooks.Webhooks
	horloge *horloge
	base    store.Magasin
	lieux   *catalogue.Catalogue
	journal *bytes.Buffer
	delai   time.Duration
}

func installer(t *testing.T) *banc {
	t.Helper()
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	return sur(t, base, h)
}

// sur is a program on a base, which ends with the test.
func sur(t *testing.T, base store.Magasin, h *horloge) *banc {
	t.Helper()
	t.Cleanup(func() { _ = base.Close() })
	b := &banc{horloge: h, base: base, journal: &bytes.Buffer{}}
	b.demarrer(t)
	return b
}

// demarrer starts the program again on its base.
func (b *banc) demarrer(t *testing.T) {
	t.Helper()
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	b.lieux, err = catalogue.Open(t.Context(), b.base, ter, demarches, b.horloge.now)
	check(t, err)
	b.Webhooks = webhooks.New(webhooks.Pieces{
		Base: b.base, Catalogue: b.lieux, Territoire: ter, Now: b.horloge.now, URLPublique: publique, Version: "essai",
		Journal: slog.New(slog.NewTextHandler(b.journal, nil)),
		Sortie:  sortie.New(sortie.Reglages{Permis: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Delai: b.delai}),
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T any](t *testing.T, quoi string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", quoi, d)
	}
}

func wantCode(t *testing.T, err error, code mednum.Code, champ string) {
	t.Helper()
	for _, e := range mednum.Errors(err) {
		if e.Code == code && e.Champ == champ {
			return
		}
	}
	t.Errorf("error %v, want %s of %s", err, code, champ)
}

// recu is a message as an address got it.
type recu struct {
	entetes http.Header
	corps   string
	Type    string
	Faits   []fait
}

type fait struct {
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	LieuID  string   `json:"lieu_id"`
	Version int      `json:"version"`
	Champs  []string `json:"champs"`
	Vers    string   `json:"vers"`
	URL     string   `json:"url"`
	Lieu    *struct {
		ID, Nom, Telephone, Statut string
	} `json:"lieu"`
}

// adresse is an address that is told of changes.
type adresse struct {
	*httptest.Server
	mu     sync.Mutex
	recus  []recu
	repond http.HandlerFunc // nil: 204
}

func ecouter(t *testing.T) *adresse {
	t.Helper()
	a := &adresse{}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *adresse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	corps, _ := io.ReadAll(r.Body)
	lu := recu{entetes: r.Header, corps: string(corps)}
	var m struct {
		Type       string
		Evenements []fait
	}
	_ = json.Unmarshal(corps, &m)
	lu.Type, lu.Faits = m.Type, m.Evenements
	a.mu.Lock()
	a.recus = append(a.recus, lu)
	repond := a.repond
	a.mu.Unlock()
	if repond == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	repond(w, r)
}

// repondre has the address answer otherwise from now on.
func (a *adresse) repondre(f http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.repond = f
}

func code(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
}

// lus are the messages since the last call.
func (a *adresse) lus() []recu {
	a.mu.Lock()
	defer a.mu.Unlock()
	lus := a.recus
	a.recus = nil
	return lus
}

// dits are the events of the messages since the last call, in words.
func (a *adresse) dits() (liste []string) {
	for _, r := range a.lus() {
		for _, f := range r.Faits {
			texte := f.Type
			if f.Lieu != nil {
				texte += " " + f.Lieu.Nom
			}
			liste = append(liste, fmt.Sprintf("%s v%d %s", texte, f.Version, strings.Join(f.Champs, "+")))
		}
	}
	return liste
}

// signee verifies a message as its receiver does, by other means than the
// sender's: what was sent, under a secret.
func signee(r *recu, secret string) bool {
	cle, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(cle) < 24 {
		return false
	}
	m := hmac.New(sha256.New, cle)
	fmt.Fprintf(m, "%s.%s.%s", r.entetes.Get("webhook-id"), r.entetes.Get("webhook-timestamp"), r.corps)
	for _, s := range strings.Fields(r.entetes.Get("webhook-signature")) {
		if s == "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil)) {
			return true
		}
	}
	return false
}

var demandes int

func (b *banc) creer(t *testing.T, a *adresse, portee webhooks.Portee, zone string) webhooks.Webhook {
	t.Helper()
	demandes++
	h, err := b.Creer(t.Context(), webhooks.Demande{URL: a.URL + "/r", Portee: portee, Zone: zone, Par: "compte:jeanne", Cle: fmt.Sprint("cle", demandes)})
	check(t, err)
	return h
}

// passer notes what changed and sends what is due; n is how many messages it
// makes.
func (b *banc) passer(t *testing.T, n int) {
	t.Helper()
	got, err := b.Noter(t.Context())
	check(t, err)
	if got != n {
		t.Errorf("%d messages made, want %d", got, n)
	}
	check(t, b.Livrer(t.Context()))
}

// lieu publishes a place.
func (b *banc) lieu(t *testing.T, nom, commune string) string {
	t.Helper()
	l := mednum.Lieu{ID: mednum.NouvelID("essai/" + nom), Statut: mednum.StatutPublie, Corrections: map[mednum.Champ]mednum.Correction{}}
	for champ, valeur := range map[mednum.Champ]string{
		mednum.ChampNom: nom, mednum.ChampAdresse: "1 place Neuve", mednum.ChampCodePostal: "82200", mednum.ChampCommune: "Moissac",
		mednum.ChampCodeInsee: commune, mednum.ChampTelephone: "+33563040000", mednum.ChampHoraires: "Mo-Fr 09:00-12:00", mednum.ChampPivot: mednum.PivotInconnu,
	} {
		l.Corrections[champ] = mednum.Correction{Valeur: valeur, Auteur: "compte:SECRETAUTEUR", Le: b.horloge.now()}
	}
	l = mednum.Consolider(l, nil, nil)
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Auteur: "compte:SECRETAUTEUR", Voie: "app"}))
	return l.ID
}

// ecrire writes another state of a place, as any program on the base does.
func (b *banc) ecrire(t *testing.T, id string, f func(*mednum.Lieu)) {
	t.Helper()
	l, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	f(&l)
	l = mednum.Consolider(l, nil, nil)
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: l.Version + 1, Apres: l, Auteur: "compte:SECRETAUTEUR", Voie: "cli"}))
}

func (b *banc) telephone(t *testing.T, id string, fin int) {
	t.Helper()
	b.ecrire(t, id, func(l *mednum.Lieu) {
		l.Corrections[mednum.ChampTelephone] = mednum.Correction{Valeur: fmt.Sprintf("+335630400%02d", fin), Auteur: "compte:SECRETAUTEUR", Le: b.horloge.now()}
	})
}

// derniere is the newest delivery of a webhook.
func (b *banc) derniere(t *testing.T, h *webhooks.Webhook) webhooks.Livraison {
	t.Helper()
	liste, err := b.Livraisons(t.Context(), h.ID, 1)
	check(t, err)
	if len(liste) == 0 {
		t.Fatal("no delivery")
	}
	return liste[0]
}

func choix(genre string) store.Choix { return store.Choix{Genre: genre} }

// sansPermis starts the program again, where the loopback is not allowed.
func (b *banc) sansPermis(t *testing.T) {
	t.Helper()
	b.Sortie = sortie.New(sortie.Reglages{})
}
