package archive_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/archive"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

func ouvrir(t testing.TB, vide bool) *sqlite.Base {
	t.Helper()
	open := sqlite.Open
	if vide {
		open = sqlite.OpenVide
	}
	b, err := open(t.Context(), filepath.Join(t.TempDir(), "a.db"), func() time.Time { return storetest.Maintenant })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// sauvegarde is the backup of a base with something of every kind.
func sauvegarde(t *testing.T) (fichier []byte, de store.Magasin, b archive.Bilan) {
	t.Helper()
	base := ouvrir(t, false)
	storetest.Garnir(t, base)
	var w bytes.Buffer
	b, err := archive.Ecrire(t.Context(), &w, archive.Entete{Programme: "v1", Le: storetest.Maintenant, Magasin: "sqlite"}, base.Copier)
	if err != nil {
		t.Fatal(err)
	}
	return w.Bytes(), base, b
}

func TestAllerRetour(t *testing.T) {
	fichier, de, want := sauvegarde(t)
	vers := ouvrir(t, true)
	if err := vers.Charger(t.Context(), archive.Source(bytes.NewReader(fichier))); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(storetest.Copie(t, de.Copier), storetest.Copie(t, vers.Copier)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	e, lu, err := archive.Lire(t.Context(), bytes.NewReader(fichier), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(archive.Entete{Adeuxpas: "sauvegarde", Format: archive.Format, Programme: "v1", Le: storetest.Maintenant, Magasin: "sqlite"}, e); d != "" {
		t.Errorf("header (-want +got):\n%s", d)
	}
	for nom, base := range map[string]store.Magasin{"source": de, "restored": vers} {
		relu, err := archive.Relire(t.Context(), base)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, relu); d != "" || len(want.Differences(relu)) != 0 {
			t.Errorf("%s read again (-want +got):\n%s", nom, d)
		}
	}
	if d := cmp.Diff(want, lu); d != "" || want[archive.Lieux].N != 8 || want[archive.Revisions].N != 20 {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	storetest.Save(t, vers, storetest.Revision(storetest.Lieu("b", "autre"), 3))
	relu, err := archive.Relire(t.Context(), vers)
	if d := cmp.Diff([]archive.Genre{archive.Lieux, archive.Revisions}, want.Differences(relu)); d != "" || err != nil {
		t.Errorf("differences after an edit (-want +got): %v\n%s", err, d)
	}
}

func lignesDe(t testing.TB, fichier []byte) []string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(fichier))
	if err != nil {
		t.Fatal(err)
	}
	texte, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	lignes := strings.SplitAfter(string(texte), "\n")
	return lignes[:len(lignes)-1]
}

func comprimer(t testing.TB, texte string) []byte {
	t.Helper()
	var w bytes.Buffer
	z := gzip.NewWriter(&w)
	_, err := z.Write([]byte(texte))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// refermer gives lines the end that their sum and these counts make.
func refermer(lignes []string, comptes string) string {
	somme := sha256.Sum256([]byte(strings.Join(lignes, "")))
	return strings.Join(lignes, "") + fmt.Sprintf(`{"fin":{"comptes":%s,"sha256":"%s"}}`+"\n", comptes, hex.EncodeToString(somme[:]))
}

func TestRefus(t *testing.T) {
	fichier, _, _ := sauvegarde(t)
	l := lignesDe(t, fichier)
	n := len(l)
	tout := strings.Join(l, "")
	sans := func(i int) string { return strings.Join(l[:i], "") + strings.Join(l[i+1:], "") }
	const (
		etranger = "n’est pas une sauvegarde"
		abime    = "est abîmée à la ligne"
		coupe    = "est coupée après la ligne"
	)
	entete := `{"adeuxpas":"sauvegarde","format":1}` + "\n"
	for _, tt := range []struct {
		name    string
		fichier []byte
		want    string
	}{
		{"nothing", nil, etranger},
		{"a word", []byte("Bonjour"), etranger},
		{"text", []byte("Bonjour, ceci n’est pas une archive."), etranger},
		{"an empty archive", comprimer(t, ""), coupe + " 0"},
		{"another archive", comprimer(t, "Bonjour\n"), etranger},
		{"other JSON", comprimer(t, "{}\n"), etranger},
		{"no format", comprimer(t, `{"adeuxpas":"sauvegarde"}`+"\n"), etranger},
		{"a newer format", comprimer(t, `{"adeuxpas":"sauvegarde","format":2,"x":1}`+"\n"), "version plus récente d’À deux pas (format 2, ce programme lit le 1)"},
		{"half a file", fichier[:len(fichier)/2], coupe},
		{"the last byte missing", fichier[:len(fichier)-1], coupe},
		{"bytes after the end", append(bytes.Clone(fichier), "trop"...), coupe},
		{"many bytes after the end", append(bytes.Clone(fichier), strings.Repeat("trop", 100)...), abime},
		{"no end", comprimer(t, strings.Join(l[:n-1], "")), fmt.Sprint(coupe, " ", n-1)},
		{"a cut line", comprimer(t, tout[:len(tout)-9]), coupe},
		{"a line after the end", comprimer(t, tout+"{}\n"), abime},
		{"twice the file", append(bytes.Clone(fichier), fichier...), abime},
		{"a line less", comprimer(t, sans(n-2)), abime},
		{"a revision less", comprimer(t, sans(6)), abime},
		{"another name", comprimer(t, strings.Replace(tout, `"nom":"v3"`, `"nom":"v4"`, 1)), abime},
		{"another header", comprimer(t, strings.Replace(tout, `"v1"`, `"v2"`, 1)), abime},
		{"an unknown field", comprimer(t, strings.Replace(tout, `{"flux":{`, `{"flux":{"x":1,`, 1)), abime},
		{"two values in a line", comprimer(t, strings.Replace(tout, "\n", " {}\n", 2)), etranger},
		{"an empty element", comprimer(t, refermer([]string{entete, "{}\n"}, "{}")), abime + " 2"},
		{"wrong counts", comprimer(t, refermer([]string{entete}, "{}")), abime + " 2"},
		{"a very long line", comprimer(t, entete+strings.Repeat("x", 65<<20)), abime + " 2"},
		{"a record of no place", comprimer(t, refermer([]string{entete, `{"fiche":{"flux":"f","cle":"1","lieu":"absent"}}` + "\n"}, "{}")), abime + " 2"},
		{"an operation under way", comprimer(t, refermer([]string{entete, `{"operation":{"id":"o","etat":"en_cours"}}` + "\n"}, "{}")), abime + " 2"},
		{"out of order", comprimer(t, refermer([]string{entete, `{"reglage":{"cle":"o"}}` + "\n", `{"flux":{"id":"o"}}` + "\n"}, "{}")), abime + " 3"},
		{"twice the same", comprimer(t, refermer([]string{entete, `{"flux":{"id":"o"}}` + "\n", `{"flux":{"id":"o"}}` + "\n"}, "{}")), abime + " 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := archive.Lire(t.Context(), bytes.NewReader(tt.fichier), nil)
			storetest.WantCode(t, err, mednum.Invalide)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// Whatever byte changes, the file is refused or says the same.
func TestOctetChange(t *testing.T) {
	fichier, _, want := sauvegarde(t)
	hasard := rand.New(rand.NewPCG(8, 2))
	refus := 0
	for range 400 {
		altere := bytes.Clone(fichier)
		altere[hasard.IntN(len(altere))] ^= byte(1 + hasard.IntN(255))
		_, b, err := archive.Lire(t.Context(), bytes.NewReader(altere), nil)
		if err != nil {
			storetest.WantCode(t, err, mednum.Invalide)
			refus++
		} else if d := cmp.Diff(want, b); d != "" {
			t.Errorf("an altered file was read as another (-want +got):\n%s", d)
		}
	}
	if refus < 380 {
		t.Errorf("%d of 400 altered files refused", refus)
	}
}

func TestErreursRendues(t *testing.T) {
	fichier, base, _ := sauvegarde(t)
	panne := errors.New("disk")
	if _, _, err := archive.Lire(t.Context(), io.MultiReader(bytes.NewReader(fichier[:50]), erreur{panne}), nil); !errors.Is(err, panne) {
		t.Errorf("a disk that fails: %v", err)
	}
	if _, _, err := archive.Lire(t.Context(), bytes.NewReader(fichier), func(store.Element) error { return panne }); !errors.Is(err, panne) {
		t.Errorf("a reader that stops: %v", err)
	}
	if _, err := archive.Ecrire(t.Context(), io.Discard, archive.Entete{}, func(context.Context, func(store.Element) error) error { return panne }); !errors.Is(err, panne) {
		t.Errorf("a source that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := archive.Ecrire(ctx, io.Discard, archive.Entete{}, func(_ context.Context, f func(store.Element) error) error {
		return base.Copier(t.Context(), f)
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("Ecrire given up: %v", err)
	}
	if _, _, err := archive.Lire(ctx, bytes.NewReader(fichier), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Lire given up: %v", err)
	}
	_, err := archive.Ecrire(t.Context(), io.Discard, archive.Entete{}, func(_ context.Context, f func(store.Element) error) error {
		return f(store.Element{Revision: &mednum.Revision{Lieu: "a", Version: 2}})
	})
	storetest.WantCode(t, err, mednum.Invalide)
}

type erreur struct{ error }

func (e erreur) Read([]byte) (int, error) { return 0, e.error }

// FuzzLire: any text, rightly compressed or not, is read or refused in words.
func FuzzLire(f *testing.F) {
	entete := `{"adeuxpas":"sauvegarde","format":1}` + "\n"
	f.Add(refermer([]string{entete}, "{}"), true)
	f.Add(refermer([]string{entete, `{"flux":{"id":"o"}}` + "\n", `{"revision":{"lieu":"a","version":1,"apres":{"id":"a","version":1,"seq":1}}}` + "\n"}, `{"lieux":{"n":1}}`), true)
	f.Add(entete+`{"fin":null}`+"\n"+`{"fin":{"comptes":null}}`+"\n", true)
	f.Add("\x1f\x8b\x08", false)
	f.Fuzz(func(t *testing.T, texte string, comprime bool) {
		octets := []byte(texte)
		if comprime {
			octets = comprimer(t, texte)
		}
		_, b, err := archive.Lire(t.Context(), bytes.NewReader(octets), nil)
		if err != nil {
			storetest.WantCode(t, err, mednum.Invalide)
		} else if len(b) != len(archive.Genres) {
			t.Errorf("read, with %d kinds", len(b))
		}
	})
}

// BenchmarkEcrire copies 10,000 places of two revisions and one record.
func BenchmarkEcrire(b *testing.B) {
	base := ouvrir(b, true)
	if err := base.Charger(b.Context(), dixMille); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := archive.Ecrire(b.Context(), io.Discard, archive.Entete{}, base.Copier); err != nil {
			b.Fatal(err)
		}
	}
}

// dixMille is a Source of 10,000 places.
func dixMille(_ context.Context, f func(store.Element) error) error {
	for i := range 20_000 {
		id := fmt.Sprintf("l%05d", i/2)
		r := storetest.Revision(storetest.Lieu(id, fmt.Sprint(i)), i%2+1)
		r.Apres.Version, r.Apres.Seq = r.Version, int64(i+1)
		if err := f(store.Element{Revision: &r}); err != nil {
			return err
		}
	}
	for i := range 10_000 {
		id := fmt.Sprintf("l%05d", i)
		fiche := storetest.Fiche(id, id)
		if err := f(store.Element{Fiche: &fiche}); err != nil {
			return err
		}
	}
	return nil
}
