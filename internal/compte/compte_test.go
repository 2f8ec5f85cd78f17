package compte_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

var (
	maintenant = time.Date(2026, 11, 24, 9, 30, 0, 5, time.UTC)
	droits     = []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "a"}}
)

// banc is a room over a store of its own, with a clock that the test moves.
type banc struct {
	*compte.Comptes
	base    *sqlite.Base
	dossier string
	heure   time.Time
}

func newBanc(t *testing.T) *banc {
	t.Helper()
	b := &banc{heure: maintenant, dossier: t.TempDir()}
	now := func() time.Time { return b.heure }
	base, err := sqlite.Open(t.Context(), filepath.Join(b.dossier, "a.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { base.Close() })
	b.base, b.Comptes = base, compte.New(base, now)
	return b
}

func (b *banc) creer(t *testing.T, nom string) (string, mednum.Jeton) {
	t.Helper()
	secret, j, err := b.Creer(t.Context(), nom, droits, maintenant.AddDate(0, 0, 30))
	if err != nil {
		t.Fatal(err)
	}
	return secret, j
}

func wantRefus(t *testing.T, err error, code mednum.Code, mots string) {
	t.Helper()
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, mots) {
		t.Errorf("error = %v, want %s with %q", err, code, mots)
	}
}

func TestCreer(t *testing.T) {
	b := newBanc(t)
	vus := map[string]bool{}
	for range 50 {
		secret, _ := b.creer(t, "Portail")
		if !regexp.MustCompile(`^adp_[0-9A-Za-z]{43}$`).MatchString(secret) || vus[secret] {
			t.Fatalf("secret %q of %d signs", secret, len(secret))
		}
		vus[secret] = true
	}
	secret, j := b.creer(t, " Portail de Moissac ")
	want := mednum.Jeton{
		Hash: j.Hash, Usage: "api", Nom: "Portail de Moissac", Habilitations: droits,
		Cree: maintenant.Truncate(time.Second), Expire: maintenant.Truncate(time.Second).AddDate(0, 0, 30),
	}
	if d := cmp.Diff(want, j); d != "" || len(j.Hash) != 64 || len(j.ID()) != 12 {
		t.Errorf("token (-want +got):\n%s", d)
	}
	got, err := b.Authentifier(t.Context(), secret)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// The secret is nowhere in the files of the base.
func TestSecretNotKept(t *testing.T) {
	b := newBanc(t)
	secret, j := b.creer(t, "Portail")
	fichiers, err := filepath.Glob(filepath.Join(b.dossier, "*"))
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("%d files, %v", len(fichiers), err)
	}
	vu := false
	for _, f := range fichiers {
		octets, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(octets), strings.TrimPrefix(secret, "adp_")) {
			t.Errorf("the secret is in %s", filepath.Base(f))
		}
		vu = vu || strings.Contains(string(octets), j.Hash)
	}
	if !vu {
		t.Error("nor is its hash: is the test still reading the base?")
	}
}

func TestCreerRefuse(t *testing.T) {
	b := newBanc(t)
	fin := maintenant.AddDate(1, 0, 0)
	for _, tt := range []struct {
		name, nom string
		droits    []mednum.Habilitation
		expire    time.Time
		mots      string
	}{
		{"no name", " ", droits, fin, "nom"},
		{"two lines", "a\nb", droits, fin, "une ligne"},
		{"too long", strings.Repeat("a", 101), droits, fin, "100"},
		{"no right", "a", nil, fin, "modifier"},
		{"over at once", "a", droits, maintenant.Truncate(time.Second), "expiré"},
		{"no end", "a", droits, time.Time{}, "expiré"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secret, _, err := b.Creer(t.Context(), tt.nom, tt.droits, tt.expire)
			wantRefus(t, err, mednum.Invalide, tt.mots)
			if secret != "" {
				t.Error("a refused token has a secret")
			}
		})
	}
	if jetons, err := b.Jetons(t.Context()); err != nil || len(jetons) != 0 {
		t.Errorf("%d tokens, %v", len(jetons), err)
	}
}

func TestAuthentifier(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, b *banc, secret *string, j mednum.Jeton)
		mots   string // "" when it is accepted
	}{
		{"good", func(*testing.T, *banc, *string, mednum.Jeton) {}, ""},
		{"the last second", func(_ *testing.T, b *banc, _ *string, j mednum.Jeton) { b.heure = j.Expire.Add(-time.Second) }, ""},
		{"expired", func(_ *testing.T, b *banc, _ *string, j mednum.Jeton) { b.heure = j.Expire }, "a expiré"},
		{"revoked", func(t *testing.T, b *banc, _ *string, j mednum.Jeton) {
			if _, err := b.Revoquer(t.Context(), j.ID()); err != nil {
				t.Fatal(err)
			}
		}, "a été révoqué"},
		{"nothing", func(_ *testing.T, _ *banc, s *string, _ mednum.Jeton) { *s = "" }, "recopiez-le en entier"},
		{"cut short", func(_ *testing.T, _ *banc, s *string, _ mednum.Jeton) { *s = (*s)[:46] }, "recopiez-le en entier"},
		{"the hash itself", func(_ *testing.T, _ *banc, s *string, j mednum.Jeton) { *s = j.Hash }, "recopiez-le en entier"},
		{"another", func(_ *testing.T, _ *banc, s *string, _ mednum.Jeton) { *s = "adp_" + strings.Repeat("a", 43) }, "demandez-en un autre"},
		{"of another use", func(t *testing.T, b *banc, _ *string, j mednum.Jeton) {
			j.Usage = "connexion"
			if err := store.Poser(t.Context(), b.base, store.Objet{Genre: "jeton", ID: j.Hash, Version: 2}, j); err != nil {
				t.Fatal(err)
			}
		}, "ne sert pas à modifier"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			secret, j := b.creer(t, "Portail")
			tt.change(t, b, &secret, j)
			got, err := b.Authentifier(t.Context(), secret)
			if tt.mots != "" {
				wantRefus(t, err, mednum.Anonyme, tt.mots)
				return
			}
			if err != nil || got.ID() != j.ID() {
				t.Errorf("%s, %v", got.ID(), err)
			}
		})
	}
}

func TestAuthentifierBaseDown(t *testing.T) {
	b := newBanc(t)
	secret, _ := b.creer(t, "Portail")
	if err := b.base.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := b.Authentifier(t.Context(), secret)
	var e *mednum.Error
	if err == nil || errors.As(err, &e) && e.Code == mednum.Anonyme {
		t.Errorf("a base that does not answer is not a wrong token: %v", err)
	}
}

func TestRevoquer(t *testing.T) {
	b := newBanc(t)
	_, un := b.creer(t, "Un")
	secret, _ := b.creer(t, "Deux")
	j, err := b.Revoquer(t.Context(), un.ID())
	if err != nil || !j.RevoqueLe.Equal(maintenant.Truncate(time.Second)) {
		t.Fatalf("%v, revoked %v", err, j.RevoqueLe)
	}
	b.heure = b.heure.AddDate(0, 0, 1)
	if encore, err := b.Revoquer(t.Context(), un.ID()); err != nil || !encore.RevoqueLe.Equal(j.RevoqueLe) {
		t.Errorf("again: %v, revoked %v", err, encore.RevoqueLe)
	}
	if _, err := b.Authentifier(t.Context(), secret); err != nil {
		t.Errorf("the other token: %v", err)
	}
	_, err = b.Revoquer(t.Context(), "")
	wantRefus(t, err, mednum.Introuvable, "adeuxpas compte jetons")
}
