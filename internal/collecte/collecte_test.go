package collecte_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

var maintenant = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// pack is the territory that ships.
var pack = sync.OnceValues(func() (*territoire.Territoire, error) {
	return territoire.Open(os.DirFS("../../data/82"))
})

func territoireLivre(t *testing.T) *territoire.Territoire {
	t.Helper()
	terr, err := pack()
	if err != nil {
		t.Fatal(err)
	}
	return terr
}

func baseNeuve(t *testing.T) *sqlite.Base {
	t.Helper()
	b, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "adeuxpas.db"), func() time.Time { return maintenant })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

var (
	fluxA = mednum.Flux{ID: "a", Nom: "Source A", Confiance: 30, AgeMax: 36}
	fluxB = mednum.Flux{ID: "b", Nom: "Source B", Confiance: 20, AgeMax: 12}
)

// fiche is a record in Moissac; more columns follow as pairs.
func fiche(flux mednum.Flux, cle string, paires ...string) mednum.Fiche {
	f := mednum.Fiche{
		Flux: flux.ID, Cle: cle, Producteur: flux.Nom, DateMaj: mednum.Date{Annee: 2024, Mois: 8, Jour: 1},
		Champs: map[mednum.Champ]string{
			mednum.ChampID: cle, mednum.ChampPivot: mednum.PivotInconnu, mednum.ChampNom: "Lieu " + cle, mednum.ChampAdresse: cle + " rue Numéro " + cle,
			mednum.ChampCommune: "Moissac", mednum.ChampCodePostal: "82200",
			mednum.ChampServices: "Aide aux démarches administratives",
		},
	}
	for i := 0; i < len(paires); i += 2 {
		f.Champs[mednum.Champ(paires[i])] = paires[i+1]
	}
	return f
}

// guichet is one real-looking place as two sources tell it.
func guichet(flux mednum.Flux, cle string) mednum.Fiche {
	return fiche(flux, cle, "nom", "Espace numérique de Moissac", "adresse", "12 rue des Exemples",
		"telephone", "+33563000001", "courriels", "accueil@example.org", "latitude", "44.1050", "longitude", "1.0900")
}

func lecture(flux mednum.Flux, fiches ...mednum.Fiche) norme.Lecture {
	return norme.Lecture{Format: "essai", Flux: flux, Fiches: fiches}
}

func importer(t *testing.T, b *sqlite.Base, zone collecte.Zone, lectures ...norme.Lecture) collecte.Plan {
	t.Helper()
	plan, err := collecte.Importer(t.Context(), b, territoireLivre(t), lectures, collecte.Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func lieuxDe(t *testing.T, b *sqlite.Base) []mednum.Lieu {
	t.Helper()
	lieux, err := b.Lieux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lieux
}

func version(t *testing.T, b *sqlite.Base) int64 {
	t.Helper()
	v, err := b.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantCode(t *testing.T, err error, code mednum.Code) {
	t.Helper()
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("error = %v, want code %s", err, code)
	}
}

func TestImporter(t *testing.T) {
	b := baseNeuve(t)
	plan := importer(t, b, collecte.ZoneDepartement, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")), lecture(fluxB, guichet(fluxB, "9")))
	wantBilan(t, plan, collecte.Bilan{Lus: 3, Nouveaux: 2, Fusionnes: 1}, 2, 0)
	l, err := b.Lieu(t.Context(), mednum.NouvelID("a/1"))
	if err != nil {
		t.Fatal(err)
	}
	if l.Champs.CodeInsee != "82112" || l.Champs.Source != "Source A, Source B" || l.Version != 1 || l.HorsTerritoire {
		t.Errorf("lieu = %+v", l)
	}
	ops, err := b.Operations(t.Context())
	if err != nil || len(ops) != 1 || ops[0].Etat != "finie" || ops[0].Genre != "import" || !ops[0].Le.Equal(maintenant) {
		t.Fatalf("Operations = %+v, %v", ops, err)
	}
	i := slices.IndexFunc(ops[0].Rattachements, func(r mednum.Rattachement) bool { return r.Fiche == "b/9" })
	if r := ops[0].Rattachements[i]; r.Vers != l.ID || len(r.Motif) == 0 {
		t.Errorf("attachment of b/9 = %+v, want to %s with its reasons", r, l.ID)
	}
}

func TestImporterDeuxFois(t *testing.T) {
	b := baseNeuve(t)
	lectures := []norme.Lecture{lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2", "latitude", "44.11", "longitude", "1.08")), lecture(fluxB, guichet(fluxB, "9"), fiche(fluxB, "3", "latitude", "44.11", "longitude", "1.08"))}
	importer(t, b, "", lectures...)
	avant, v := lieuxDe(t, b), version(t, b)
	for _, ensemble := range [][]norme.Lecture{lectures, lectures[:1], lectures[1:], {lectures[1], lectures[0]}} {
		plan := importer(t, b, "", ensemble...)
		if plan.Bilan.Identiques != plan.Bilan.Lus || len(plan.Lieux)+plan.LieuxNouveaux != 0 || plan.Ecrit() {
			t.Errorf("Bilan = %+v, want all identical", plan.Bilan)
		}
	}
	if d := cmp.Diff(avant, lieuxDe(t, b)); d != "" {
		t.Errorf("places changed (-before +after):\n%s", d)
	}
	if version(t, b) != v {
		t.Errorf("the version moved from %d to %d", v, version(t, b))
	}
}

// The order of the files does not matter for what is found, only for nothing.
func TestImporterOrdre(t *testing.T) {
	un, deux := baseNeuve(t), baseNeuve(t)
	a, z := lecture(fluxA, guichet(fluxA, "1")), lecture(fluxB, guichet(fluxB, "9"), fiche(fluxB, "3"))
	importer(t, un, "", a, z)
	importer(t, deux, "", z, a)
	if d := cmp.Diff(lieuxDe(t, un), lieuxDe(t, deux)); d != "" {
		t.Errorf("places differ (-a,b +b,a):\n%s", d)
	}
}

func TestImporterModifie(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, fiche(fluxA, "1"), fiche(fluxA, "2")))
	id := mednum.NouvelID("a/1")
	l, err := b.Lieu(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	// A person corrects the name and enters a permanence.
	l.Corrections = map[mednum.Champ]mednum.Correction{mednum.ChampNom: {Valeur: "Le bon nom", ValeurSource: "Lieu 1", Auteur: "x", Le: maintenant}}
	l.Champs.Nom = "Le bon nom"
	l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Mo 09:00-12:00"}}
	if err := b.Save(t.Context(), mednum.Revision{Lieu: id, Version: 2, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	nouvelle := fiche(fluxA, "1", "telephone", "+33563000009")
	nouvelle.DateMaj.Annee = 2025
	plan := importer(t, b, "", lecture(fluxA, nouvelle, fiche(fluxA, "2")))
	wantBilan(t, plan, collecte.Bilan{Lus: 2, Identiques: 1, Modifies: 1}, 0, 1)
	l, err = b.Lieu(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if l.Champs.Nom != "Le bon nom" || l.Champs.Telephone != "+33563000009" || len(l.Permanences) != 1 || l.Version != 3 ||
		l.Provenance[mednum.ChampTelephone].Date.Annee != 2025 || l.Preuve.Date.Annee != 2025 || l.Champs.DateMaj != mednum.DateOf(maintenant) {
		t.Errorf("lieu = %+v", l)
	}
	histoire, err := b.Revisions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got := histoire[2].Champs; !slices.Contains(got, mednum.ChampTelephone) || slices.Contains(got, mednum.ChampNom) || slices.Contains(got, mednum.ChampAdresse) {
		t.Errorf("changed columns = %v", got)
	}
}

func TestImporterZone(t *testing.T) {
	fiches := []mednum.Fiche{
		fiche(fluxA, "dedans"),
		fiche(fluxA, "voisin", "commune", "Agen", "code_postal", "47000", "code_insee", "47001", "latitude", "44.2033", "longitude", "0.6167"),
		fiche(fluxA, "voisin-sans-point", "commune", "Agen", "code_postal", "47000"),
		fiche(fluxA, "loin", "commune", "Paris", "code_postal", "75001", "code_insee", "75101", "latitude", "48.86", "longitude", "2.34"),
		fiche(fluxA, "loin-sans-point", "commune", "Brest", "code_postal", "29200"),
	}
	cas := []struct {
		zone collecte.Zone
		want map[string]bool // key → outside the territory
	}{
		{collecte.ZoneDepartement, map[string]bool{"dedans": false}},
		{collecte.ZoneVoisinage, map[string]bool{"dedans": false, "voisin": true, "voisin-sans-point": true}},
		{"", map[string]bool{"dedans": false, "voisin": true, "voisin-sans-point": true, "loin": true, "loin-sans-point": true}},
		{collecte.ZoneTout, map[string]bool{"dedans": false, "voisin": true, "voisin-sans-point": true, "loin": true, "loin-sans-point": true}},
	}
	for _, c := range cas {
		t.Run("zone "+string(c.zone), func(t *testing.T) {
			b := baseNeuve(t)
			plan := importer(t, b, c.zone, lecture(fluxA, fiches...))
			got := map[string]bool{}
			for _, l := range lieuxDe(t, b) {
				got[strings.TrimPrefix(l.Champs.Nom, "Lieu ")] = l.HorsTerritoire
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("places (-want +got):\n%s", d)
			}
			if n := len(fiches) - len(c.want); plan.HorsZone != n || plan.Bilan.Ecartes != n {
				t.Errorf("HorsZone = %d, set aside %d, want %d", plan.HorsZone, plan.Bilan.Ecartes, n)
			}
		})
	}
}

func TestDetacher(t *testing.T) {
	b, temoin := baseNeuve(t), baseNeuve(t)
	lectures := []norme.Lecture{lecture(fluxA, guichet(fluxA, "1")), lecture(fluxB, guichet(fluxB, "9"))}
	importer(t, b, "", lectures...)
	importer(t, temoin, "", lectures[0])
	_, err := bureau(b).Detacher(t.Context(), "b/rien", "cli")
	wantCode(t, err, mednum.Introuvable)

	id, err := bureau(b).Detacher(t.Context(), "b/9", "cli")
	if err != nil {
		t.Fatal(err)
	}
	lieux := lieuxDe(t, b)
	if len(lieux) != 2 || id != mednum.NouvelID("b/9") {
		t.Fatalf("%d places and id %s, want 2 and %s", len(lieux), id, mednum.NouvelID("b/9"))
	}
	// The first place is again what its own record makes.
	got, err := b.Lieu(t.Context(), mednum.NouvelID("a/1"))
	if err != nil {
		t.Fatal(err)
	}
	want := lieuxDe(t, temoin)[0]
	got.Version, got.Seq, want.Version, want.Seq = 0, 0, 0, 0
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("first place (-alone +detached):\n%s", d)
	}
	ops, err := b.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(ops, func(o mednum.Operation) bool { return o.Genre == "separation" })
	wantR := []mednum.Rattachement{{Fiche: "b/9", De: mednum.NouvelID("a/1"), Vers: id}}
	if i < 0 || !cmp.Equal(wantR, ops[i].Rattachements) {
		t.Errorf("Operations = %+v, want a separation %v", ops, wantR)
	}

	// The same files do not merge them again, and a record alone stays.
	v := version(t, b)
	importer(t, b, "", lectures...)
	if version(t, b) != v {
		t.Error("the import changed something after the separation")
	}
	_, err = bureau(b).Detacher(t.Context(), "b/9", "cli")
	wantCode(t, err, mednum.Invalide)
}

// The record that gave its id to the place leaves it: the id stays with the
// place, so that its address on the web goes on.
func TestDetacherFondatrice(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, guichet(fluxA, "1")), lecture(fluxB, guichet(fluxB, "9")))
	id, err := bureau(b).Detacher(t.Context(), "a/1", "cli")
	if err != nil {
		t.Fatal(err)
	}
	if id == mednum.NouvelID("a/1") {
		t.Error("the detached record took the place's id")
	}
	restent, err := b.FichesDe(t.Context(), mednum.NouvelID("a/1"))
	if err != nil || len(restent) != 1 || restent[0].Reference() != "b/9" {
		t.Errorf("records of the place = %v, %v, want b/9", restent, err)
	}
}

func TestRemplirEtEcrire(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, collecte.ZoneTout, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")), lecture(fluxB, guichet(fluxB, "9"), fiche(fluxB, "8", "commune", "Agen", "code_postal", "47000")))
	l, err := b.Lieu(t.Context(), mednum.NouvelID("a/2"))
	if err != nil {
		t.Fatal(err)
	}
	l.Statut, l.VerifieLe, l.VerifiePar = mednum.StatutFerme, mednum.Date{Annee: 2026, Mois: 1, Jour: 5}, "x"
	l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Mo 09:00-12:00"}}
	l.Exceptions = []mednum.Exception{{Du: l.VerifieLe, Au: l.VerifieLe, Motif: "travaux"}}
	l.Preuve, l.Champs.DateMaj = mednum.Preuve{Date: l.VerifieLe}, l.VerifieLe
	l.Provenance = maps.Clone(l.Provenance)
	l.Provenance[mednum.ChampDateMaj] = mednum.Origine{Compte: "x", Date: l.VerifieLe}
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 2, Apres: l, Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	texte := ecrire(t, b)

	copie := baseNeuve(t)
	n, err := collecte.Remplir(t.Context(), copie, territoireLivre(t), bytes.NewReader(texte))
	if err != nil || n != 3 {
		t.Fatalf("Remplir = %d, %v, want 3 places", n, err)
	}
	if d := cmp.Diff(string(texte), string(ecrire(t, copie))); d != "" {
		t.Errorf("lieux.json (-first +again):\n%s", d)
	}
	sansVersion := cmp.FilterPath(func(p cmp.Path) bool {
		return p.String() == "Version" || p.String() == "Seq"
	}, cmp.Ignore())
	if d := cmp.Diff(lieuxDe(t, b), lieuxDe(t, copie), sansVersion); d != "" {
		t.Errorf("places (-first +again):\n%s", d)
	}
	v := version(t, copie)
	if _, err := collecte.Remplir(t.Context(), copie, territoireLivre(t), strings.NewReader("illisible")); err != nil || version(t, copie) != v {
		t.Errorf("a base with places was touched: %v", err)
	}
}

// Two services that start together on one new base fill it once.
func TestRemplirEnsemble(t *testing.T) {
	origine := baseNeuve(t)
	importer(t, origine, "", lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")))
	texte := ecrire(t, origine)
	chemin := filepath.Join(t.TempDir(), "adeuxpas.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			b, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = b.Close() }()
			if _, err := collecte.Remplir(t.Context(), b, territoireLivre(t), bytes.NewReader(texte)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	for _, l := range lieuxDe(t, b) {
		if l.Version != 1 {
			t.Errorf("place %s is at version %d", l.ID, l.Version)
		}
	}
	if d := cmp.Diff(string(texte), string(ecrire(t, b))); d != "" {
		t.Errorf("lieux.json (-first +filled):\n%s", d)
	}
}

// A record changes in a way that no column shows, and back: each is written.
func TestImporterAllerRetour(t *testing.T) {
	b := baseNeuve(t)
	une, autre := fiche(fluxA, "1", "code_insee", "82112"), fiche(fluxA, "1", "code_insee", "82112") // a code that is there is no repair
	autre.Remarques = []mednum.Remarque{{Champ: mednum.ChampNom, Motif: "à revoir", ARevoir: true}}
	for i, f := range []mednum.Fiche{une, autre, une, autre, une} {
		importer(t, b, "", lecture(fluxA, f))
		got, err := b.Fiches(t.Context())
		if err != nil || len(got) != 1 || len(got[0].Remarques) != len(f.Remarques) {
			t.Fatalf("import %d: %+v, %v, want %d remarks", i, got, err, len(f.Remarques))
		}
	}
}

// A later file shows that an older record's point stands for a commune.
func TestImporterPointPartage(t *testing.T) {
	b := baseNeuve(t)
	point := []string{"latitude", "44.11", "longitude", "1.08"}
	importer(t, b, "", lecture(fluxA, fiche(fluxA, "1", append(point, "adresse", "1 rue Basse")...)))
	id := mednum.NouvelID("a/1")
	if l, err := b.Lieu(t.Context(), id); err != nil || l.Precision != mednum.PrecisionRue {
		t.Fatalf("precision = %q, %v, want rue", l.Precision, err)
	}
	plan := importer(t, b, "", lecture(fluxB, fiche(fluxB, "9", append(point, "adresse", "8 avenue Haute")...)))
	wantBilan(t, plan, collecte.Bilan{Lus: 1, Nouveaux: 1}, 1, 1)
	for _, l := range lieuxDe(t, b) {
		if l.Precision != mednum.PrecisionCommune {
			t.Errorf("%s: precision = %q, want commune", l.Champs.Nom, l.Precision)
		}
	}
}

// No record joins a place that was withdrawn.
func TestImporterLieuRetire(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, guichet(fluxA, "1")))
	l := lieuxDe(t, b)[0]
	l.Statut = mednum.StatutRetire
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: 2, Apres: l, Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	importer(t, b, "", lecture(fluxB, guichet(fluxB, "9")))
	if restent, err := b.FichesDe(t.Context(), l.ID); err != nil || len(restent) != 1 {
		t.Errorf("records of the withdrawn place = %v, %v, want its own", restent, err)
	}
	if lieux := lieuxDe(t, b); len(lieux) != 2 {
		t.Errorf("%d places, want 2", len(lieux))
	}
}

// A place that was exported comes back by its public id, whatever it says.
func TestImporterParIdentifiant(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, fiche(fluxA, "1"), fiche(fluxA, "2")))
	id := mednum.NouvelID("a/1")
	plan := importer(t, b, "", lecture(fluxB, fiche(fluxB, id, "nom", "Tout autre nom", "horaires", "Mo 09:00-12:00")))
	wantBilan(t, plan, collecte.Bilan{Lus: 1, Fusionnes: 1}, 0, 1)
	l, err := b.Lieu(t.Context(), id)
	if err != nil || l.Champs.Nom != "Lieu 1" || l.Champs.Horaires != "Mo 09:00-12:00" {
		t.Errorf("lieu = %+v, %v", l.Champs, err)
	}
}

// exportEssai is an export of Wednesday 25 November 2026.
var exportEssai = norme.Export{Jour: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}}

// An export read into an empty base keeps the public ids.
func TestImporterExportGardeIdentifiants(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, fiche(fluxA, "1"), fiche(fluxA, "2")))
	var csv bytes.Buffer
	if err := exportEssai.EncodeCSV(&csv, lieuxDe(t, b)); err != nil {
		t.Fatal(err)
	}
	relue, err := norme.Decode("lieux.csv", &csv)
	if err != nil {
		t.Fatal(err)
	}
	copie := baseNeuve(t)
	importer(t, copie, "", relue)
	if d := cmp.Diff(idsDe(lieuxDe(t, b)), idsDe(lieuxDe(t, copie))); d != "" {
		t.Error(d)
	}
}

func idsDe(lieux []mednum.Lieu) []string {
	ids := make([]string, 0, len(lieux))
	for _, l := range lieux {
		ids = append(ids, l.ID)
	}
	slices.Sort(ids)
	return ids
}

func ecrire(t *testing.T, b *sqlite.Base) []byte {
	t.Helper()
	var w bytes.Buffer
	if err := collecte.Ecrire(t.Context(), b, &w); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

func TestConstruireLieux(t *testing.T) {
	b := baseNeuve(t)
	importer(t, b, "", lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2", "commune", "Agen", "code_postal", "47000")))
	var csv bytes.Buffer
	if err := exportEssai.EncodeCSV(&csv, lieuxDe(t, b)); err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[collecte.Zone]int{collecte.ZoneDepartement: 1, collecte.ZoneVoisinage: 2} {
		var w bytes.Buffer
		fichiers := []collecte.Fichier{{Nom: "lieux.csv", Zone: zone, Reader: bytes.NewReader(csv.Bytes())}}
		bilan, err := collecte.ConstruireLieux(t.Context(), territoireLivre(t), fichiers, &w)
		if err != nil || bilan.LieuxNouveaux != want {
			t.Fatalf("zone %s: %+v, %v, want %d places", zone, bilan, err, want)
		}
		copie := baseNeuve(t)
		if _, err := collecte.Remplir(t.Context(), copie, territoireLivre(t), &w); err != nil {
			t.Fatal(err)
		}
		if n := len(lieuxDe(t, copie)); n != want {
			t.Errorf("zone %s: %d places read again, want %d", zone, n, want)
		}
	}
	inconnu := []collecte.Fichier{{Nom: "notes.txt", Reader: strings.NewReader("bonjour")}}
	_, err := collecte.ConstruireLieux(t.Context(), territoireLivre(t), inconnu, &bytes.Buffer{})
	wantCode(t, err, mednum.Invalide)
}

// What people decided of a place travels with the pack, and survives imports.
func TestEditionsGardees(t *testing.T) {
	b := baseNeuve(t)
	lue := lecture(fluxA, fiche(fluxA, "1"))
	importer(t, b, "", lue)
	l := lieuxDe(t, b)[0]
	l.Version++
	l.SensHoraires, l.VerifieLe, l.VerifiePar = mednum.SensAide, mednum.Date{Annee: 2026, Mois: 3, Jour: 1}, "Jeanne"
	l.Langues = []string{"ar", "fsl"}
	l.Exceptions = []mednum.Exception{{ID: "e", Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 24}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 24}}}
	l.Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 10:00-12:00", Depuis: mednum.Date{Annee: 2026, Mois: 3, Jour: 3}, TousLes: 2}}
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l}); err != nil {
		t.Fatal(err)
	}
	lue.Fiches[0].Champs = maps.Clone(lue.Fiches[0].Champs)
	lue.Fiches[0].Champs[mednum.ChampTelephone] = "+33563000002"
	importer(t, b, "", lue)
	copie := baseNeuve(t)
	if _, err := collecte.Remplir(t.Context(), copie, territoireLivre(t), bytes.NewReader(ecrire(t, b))); err != nil {
		t.Fatal(err)
	}
	for nom, base := range map[string]*sqlite.Base{"after an import": b, "in a pack": copie} {
		got := lieuxDe(t, base)[0]
		if got.Champs.Telephone != "+33563000002" || got.SensHoraires != l.SensHoraires || got.VerifieLe != l.VerifieLe || !cmp.Equal(got.Langues, l.Langues) ||
			!cmp.Equal(got.Exceptions, l.Exceptions) || !cmp.Equal(got.Permanences, l.Permanences) {
			t.Errorf("%s: %+v", nom, got)
		}
	}
}

func TestRemplirRefuse(t *testing.T) {
	cas := []struct{ name, texte string }{
		{"not JSON", "lieux"},
		{"cut short", `{"flux":[],"lieux":[`},
		{"no id", `{"lieux":[{"statut":"publie","fiches":[]}]}`},
		{"no status", `{"lieux":[{"id":"a","fiches":[]}]}`},
		{"an unknown source", `{"lieux":[{"id":"a","statut":"publie","fiches":[{"flux":"x","cle":"1","champs":{},"empreinte":""}]}]}`},
	}
	for _, c := range cas {
		t.Run(c.name, func(t *testing.T) {
			b := baseNeuve(t)
			_, err := collecte.Remplir(t.Context(), b, territoireLivre(t), strings.NewReader(c.texte))
			wantCode(t, err, mednum.Invalide)
			if l := lieuxDe(t, b); len(l) != 0 {
				t.Errorf("%d places were written", len(l))
			}
		})
	}
}

// wantBilan wants the summary of a plan, and how many places it makes and
// changes.
func wantBilan(t *testing.T, p collecte.Plan, want collecte.Bilan, neufs, changes int) {
	t.Helper()
	if d := cmp.Diff(want, p.Bilan); d != "" {
		t.Errorf("Bilan (-want +got):\n%s", d)
	}
	if b := p.Bilan; b.Lus != b.Nouveaux+b.Identiques+b.Modifies+b.Fusionnes+b.ADecider+b.Ecartes {
		t.Errorf("a row is not counted once: %+v", b)
	}
	if p.LieuxNouveaux != neufs || len(p.Lieux) != changes {
		t.Errorf("%d places made and %d changed, want %d and %d", p.LieuxNouveaux, len(p.Lieux), neufs, changes)
	}
}
