package reseau_test

import (
	"bytes"
	compare "cmp"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

var update = flag.Bool("update", false, "rewrite testdata")

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

// mardi is a Tuesday at 10:30 in Paris.
var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

const (
	public = "https://aide.exemple.fr"
	vieux  = "2025-03-03"
	neuf   = "2026-10-01"
)

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

func (h *horloge) mettre(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = t
}

// banc is the room over a base and a mail server of its own.
type banc struct {
	*reseau.Reseau
	horloge  *horloge
	base     store.Magasin
	lieux    *catalogue.Catalogue
	comptes  *compte.Comptes
	courrier *courrier.Courrier
	smtp     *courriertest.Serveur
	journal  *bytes.Buffer
	lus      int // mails that the test has read
}

func installer(t *testing.T, change ...func(*reseau.Pieces, *reseau.Reglages)) *banc {
	t.Helper()
	b := &banc{horloge: &horloge{t: mardi}}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), b.horloge.now)
	check(t, err)
	return b.sur(t, base, change...)
}

// sur puts the bench over a base, which ends with the test.
func (b *banc) sur(t *testing.T, base store.Magasin, change ...func(*reseau.Pieces, *reseau.Reglages)) *banc {
	t.Helper()
	t.Cleanup(func() { _ = base.Close() })
	b.base, b.smtp, b.journal = base, courriertest.Demarrer(t, courriertest.Reglages{}), &bytes.Buffer{}
	b.Reseau = b.instance(t, change...)
	return b
}

// instance is one more program on the same base; the bench follows the last.
func (b *banc) instance(t *testing.T, change ...func(*reseau.Pieces, *reseau.Reglages)) *reseau.Reseau {
	t.Helper()
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	b.lieux, err = catalogue.Open(t.Context(), b.base, ter, demarches, b.horloge.now)
	check(t, err)
	b.comptes = compte.New(b.base, b.horloge.now)
	serveur, err := courrier.LireSMTP(b.smtp.URL())
	check(t, err)
	journal := slog.New(slog.NewTextHandler(io.MultiWriter(b.journal), nil))
	b.courrier = courrier.New(b.base, courrier.Reglages{
		SMTP: serveur, Expediteur: courrier.Expediteur{Nom: "À deux pas", Adresse: "ne-pas-repondre@exemple.fr"},
		NomService: "À deux pas", URLPublique: public, Delai: 2 * time.Second,
	}, b.horloge.now, journal)
	p := reseau.Pieces{
		Base: b.base, Catalogue: b.lieux, Comptes: b.comptes, Courrier: b.courrier, Territoire: ter, Now: b.horloge.now, Journal: journal,
	}
	r := reseau.Reglages{URLPublique: public, Mois: 6, ParJour: 50}
	for _, ch := range change {
		ch(&p, &r)
	}
	return reseau.New(p, r)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lieu publishes a place of Moissac, and returns its id.
func (b *banc) lieu(t *testing.T, nom, verifie, courriel string) string {
	t.Helper()
	jour, err := mednum.ParseDate(verifie)
	check(t, err)
	l := mednum.Lieu{ID: mednum.NouvelID("essai/" + nom), Statut: mednum.StatutPublie, VerifieLe: jour, VerifiePar: "cli", Corrections: map[mednum.Champ]mednum.Correction{}}
	for champ, valeur := range map[mednum.Champ]string{
		mednum.ChampNom: nom, mednum.ChampAdresse: "1 place Neuve", mednum.ChampCodePostal: "82200", mednum.ChampCommune: "Moissac",
		mednum.ChampCodeInsee: "82112", mednum.ChampTelephone: "+33563040000", mednum.ChampHoraires: "Mo-Fr 09:00-12:00",
		mednum.ChampCourriels: courriel, mednum.ChampPivot: mednum.PivotInconnu,
	} {
		l.Corrections[champ] = mednum.Correction{Valeur: valeur, Auteur: "cli", Le: b.horloge.now()}
	}
	l = mednum.Consolider(l, nil, nil)
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Voie: "import"}))
	check(t, b.lieux.Actualiser(t.Context()))
	return l.ID
}

// qui opens an account.
func (b *banc) qui(t *testing.T, nom string, role mednum.Role, portee mednum.Portee, id string) mednum.Compte {
	t.Helper()
	courriel := strings.ToLower(strings.Fields(nom)[0]) + "@exemple.fr"
	e, err := b.comptes.Inviter(t.Context(), courriel, nom, "", []mednum.Habilitation{{Role: role, Portee: portee, ID: id}})
	check(t, err)
	_, c, err := b.comptes.Entrer(t.Context(), e.Secret, nom, "essai")
	check(t, err)
	return c
}

func (b *banc) membre(t *testing.T, nom, lieu string) mednum.Compte {
	t.Helper()
	return b.qui(t, nom, mednum.RoleMediateur, mednum.PorteeLieu, lieu)
}

// edition is what somebody signs.
func edition(c *mednum.Compte) catalogue.Edition {
	return catalogue.Edition{Auteur: c.Auteur(), Voie: "app", Droits: c.Habilitations}
}

// corriger changes a column in the name of an account.
func (b *banc) corriger(t *testing.T, c *mednum.Compte, lieu string, champ mednum.Champ, valeur string) {
	t.Helper()
	_, err := b.lieux.Modifier(t.Context(), lieu, edition(c), func(l *mednum.Lieu) error {
		return l.Corriger(champ, valeur, c.Auteur(), b.horloge.now())
	})
	check(t, err)
}

// mails are those that were sent since the last call, by address then subject:
// those of one moment leave in any order.
func (b *banc) mails(t *testing.T) (lus []courriertest.Lu) {
	t.Helper()
	_, err := b.courrier.Envoyer(t.Context())
	check(t, err)
	messages := b.smtp.Messages()
	for i := range messages[b.lus:] {
		lus = append(lus, messages[b.lus+i].Lire(t))
	}
	b.lus = len(messages)
	slices.SortFunc(lus, func(x, y courriertest.Lu) int {
		return compare.Or(strings.Compare(x.A[0].Address, y.A[0].Address), strings.Compare(x.Sujet, y.Sujet))
	})
	return lus
}

// a are whom mails are to, and what they are about.
func a(lus []courriertest.Lu) []string {
	liste := make([]string, 0, len(lus))
	for i := range lus {
		liste = append(liste, lus[i].A[0].Address+" "+strings.ReplaceAll(lus[i].Sujet, "\u00a0", " "))
	}
	return liste
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

var motifSecret = regexp.MustCompile(`/rappel/([0-9A-Za-z]{43})`)

// secretDe is the secret that a mail carries: one for all its links.
func secretDe(t *testing.T, lu *courriertest.Lu) string {
	t.Helper()
	secrets := map[string]bool{}
	for _, m := range motifSecret.FindAllStringSubmatch(lu.Texte+lu.HTML+lu.Entetes.Get("List-Unsubscribe"), -1) {
		secrets[m[1]] = true
	}
	if len(secrets) != 1 {
		t.Fatalf("secrets %v in\n%s", secrets, lu.Texte)
	}
	for s := range secrets {
		return s
	}
	return ""
}

// golden compares with a file of testdata, which -update rewrites.
func golden(t *testing.T, nom, got string) {
	t.Helper()
	got = motifSecret.ReplaceAllString(got, "/rappel/SECRET")
	chemin := filepath.Join("testdata", nom)
	if *update {
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(chemin, []byte(got), 0o644))
	}
	texte, err := os.ReadFile(chemin)
	check(t, err)
	want(t, chemin, string(texte), got)
}
