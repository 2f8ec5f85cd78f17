package collecte_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/rapproche"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// edition is what a file of a day holds; its rows are of that day.
func edition(flux mednum.Flux, jour string, fiches ...mednum.Fiche) norme.Lecture {
	l := lecture(flux, fiches...)
	l.Fichier = flux.ID + "-" + jour + ".csv"
	d, err := mednum.ParseDate(jour)
	if err != nil {
		panic(err)
	}
	l.Date = d
	for i := range l.Fiches {
		f := &l.Fiches[i]
		f.DateMaj, f.Ligne = d, i+2
		f.Champs[mednum.ChampDateMaj] = jour
		f.Empreinte = fmt.Sprint(jour, f.Champs)
	}
	return l
}

// ligne is the row of a plan with that id.
func ligne(t *testing.T, p collecte.Plan, id string) collecte.Ligne {
	t.Helper()
	i := slices.IndexFunc(p.Lignes, func(l collecte.Ligne) bool { return l.ID == id })
	if i < 0 {
		t.Fatalf("no row %s among %+v", id, p.Lignes)
	}
	return p.Lignes[i]
}

func planifier(t *testing.T, b store.Magasin, lectures ...norme.Lecture) collecte.Plan {
	t.Helper()
	p, err := collecte.Planifier(t.Context(), b, territoireLivre(t), lectures, collecte.Options{Le: maintenant})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func appliquer(t *testing.T, b store.Magasin, p collecte.Plan) {
	t.Helper()
	if err := collecte.Appliquer(t.Context(), b, &p, nil); err != nil {
		t.Fatal(err)
	}
}

// Every row is new, identical, changed, merged, to decide or set aside, and is
// counted once.
func TestPlanCompte(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"), fiche(fluxA, "3"), guichet(fluxA, "g"))))
	suite := edition(fluxA, "2026-02-01", fiche(fluxA, "1"), fiche(fluxA, "2", "telephone", "+33563000009"), fiche(fluxA, "4"), guichet(fluxA, "g"))
	suite.Ecartes = []norme.Ecart{{Ligne: 9, Motif: "Pas de nom."}, {Ligne: 10, Cle: "3", Champ: "commune", Motif: "Pas de commune."}}
	autre := edition(fluxB, "2026-02-01", guichet(fluxB, "9"))
	p := planifier(t, b, suite, autre)
	wantBilan(t, p, collecte.Bilan{Lus: 7, Nouveaux: 1, Identiques: 2, Modifies: 1, Fusionnes: 1, Ecartes: 2}, 1, 3)
	want := []collecte.Changement{
		{Champ: "telephone", Avant: "", Apres: "+33563000009"},
		{Champ: "date_maj", Avant: "2026-01-01", Apres: "2026-02-01"},
	}
	if d := cmp.Diff(want, ligne(t, p, "2").Changements); d != "" {
		t.Errorf("fields of the changed record (-want +got):\n%s", d)
	}
	if l := ligne(t, p, "9"); l.Etat != collecte.EtatFusionne || l.Lieu != mednum.NouvelID("a/g") || len(l.Raisons) == 0 {
		t.Errorf("merged row: %+v", l)
	}
	if l := ligne(t, p, "3"); l.Etat != collecte.EtatEcarte || l.Champ != "commune" || l.Ligne != 10 {
		t.Errorf("row set aside: %+v", l)
	}
	i := slices.IndexFunc(p.Lieux, func(l collecte.LieuModifie) bool { return l.Lieu == mednum.NouvelID("a/2") })
	if i < 0 || !slices.Contains(p.Lieux[i].Changements, collecte.Changement{Champ: "telephone", Avant: "", Apres: "+33563000009"}) {
		t.Errorf("places changed field by field: %+v", p.Lieux)
	}
	if p.Fichiers[0].Bilan.Lus != 6 || p.Fichiers[1].Bilan.Fusionnes != 1 {
		t.Errorf("by file: %+v", p.Fichiers)
	}
}

// A plan alone writes nothing: not a byte of the base.
func TestPlanSansEcrire(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "x.db")
	ouvrir := func() *sqlite.Base {
		b, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := ouvrir()
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"))))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	avant, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	b = ouvrir()
	v := version(t, b)
	p := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000009"), fiche(fluxA, "2")), edition(fluxB, "2026-02-01", fiche(fluxB, "3")))
	if !p.Ecrit() || p.Operation() == "" || version(t, b) != v {
		t.Errorf("plan %q, version %d then %d", p.Operation(), v, version(t, b))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	apres, err := os.ReadFile(chemin)
	if err != nil || !bytes.Equal(avant, apres) {
		t.Errorf("the base changed under a plan: %v", err)
	}
}

// The rows of an older edition replace nothing, make nothing absent, and those
// that nobody knows are set aside with what to do.
func TestPlanEditionAncienne(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000009"), fiche(fluxA, "2"))))
	v := version(t, b)
	p := planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1", "telephone", "+33563000001"), fiche(fluxA, "vieux")))
	wantBilan(t, p, collecte.Bilan{Lus: 2, Identiques: 1, Ecartes: 1}, 0, 0)
	if l := ligne(t, p, "1"); !strings.Contains(l.Raison, "2026-02-01") || len(l.Changements) > 0 {
		t.Errorf("older row: %+v", l)
	}
	if l := ligne(t, p, "vieux"); !strings.Contains(l.Raison, "--date") {
		t.Errorf("unknown older row: %+v", l)
	}
	if dit := p.Dire(5); !strings.Contains(dit, "a-2026-01-01.csv est du 2026-01-01, et le dernier lu de cette source du 2026-02-01\u00a0: il ne remplace rien.") {
		t.Errorf("said:\n%s", dit)
	}
	appliquer(t, b, p)
	if version(t, b) != v {
		t.Error("an older file wrote something")
	}
	// Given together, the newest wins whatever their order.
	copie := baseNeuve(t)
	ensemble := planifier(t, copie, edition(fluxA, "2026-01-01", fiche(fluxA, "1", "telephone", "+33563000001")), edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000009")))
	wantBilan(t, ensemble, collecte.Bilan{Lus: 2, Nouveaux: 1, Identiques: 1}, 1, 0)
	appliquer(t, copie, ensemble)
	if tel := lieuxDe(t, copie)[0].Champs.Telephone; tel != "+33563000009" {
		t.Errorf("phone %s", tel)
	}
}

// A row that its own date says older than what is known changes nothing, even in
// a file that is newer.
func TestPlanLigneAncienne(t *testing.T) {
	b := baseNeuve(t)
	recente := fiche(fluxA, "1", "telephone", "+33563000009")
	recente.DateMaj = mednum.Date{Annee: 2025, Mois: 6, Jour: 1}
	importer(t, b, "", lecture(fluxA, recente, fiche(fluxA, "2")))
	ancienne, neuve := fiche(fluxA, "1", "telephone", "+33563000001"), fiche(fluxA, "3")
	neuve.DateMaj = mednum.Date{Annee: 2026, Mois: 1, Jour: 1}
	p := planifier(t, b, lecture(fluxA, ancienne, neuve, fiche(fluxA, "2")))
	wantBilan(t, p, collecte.Bilan{Lus: 3, Nouveaux: 1, Identiques: 2}, 1, 0)
}

// Absent is counted per flow, once; nothing is taken away; a record that comes
// back is there again.
func TestPlanAbsents(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2")), edition(fluxB, "2026-01-01", fiche(fluxB, "9"))))
	p := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1")))
	if d := cmp.Diff([]collecte.Absent{{Source: "a", ID: "2", Nom: "Lieu 2", Lieu: mednum.NouvelID("a/2")}}, p.Absents); d != "" {
		t.Errorf("absents (-want +got):\n%s", d)
	}
	wantBilan(t, p, collecte.Bilan{Lus: 1, Identiques: 1, Absents: 1}, 0, 1)
	appliquer(t, b, p)
	if n := len(lieuxDe(t, b)); n != 3 {
		t.Errorf("%d places, want 3: an absence takes nothing away", n)
	}
	wantBilan(t, planifier(t, b, edition(fluxA, "2026-03-01", fiche(fluxA, "1"))), collecte.Bilan{Lus: 1, Identiques: 1}, 0, 1)

	retour := planifier(t, b, edition(fluxA, "2026-03-01", fiche(fluxA, "1"), fiche(fluxA, "2")))
	if l := ligne(t, retour, "2"); l.Etat != collecte.EtatModifie || !strings.Contains(l.Raison, "retour") {
		t.Errorf("a record that comes back: %+v", l)
	}
	appliquer(t, b, retour)
	fiches, err := b.FichesDe(t.Context(), mednum.NouvelID("a/2"))
	if err != nil || len(fiches) != 1 || !fiches[0].Absente.IsZero() {
		t.Errorf("%+v, %v", fiches, err)
	}
}

// A restricted zone looks at the records of that zone only.
func TestPlanAbsentsZone(t *testing.T) {
	b := baseNeuve(t)
	paris := fiche(fluxA, "loin", "commune", "Paris", "code_postal", "75001", "code_insee", "75101", "latitude", "48.86", "longitude", "2.34")
	importer(t, b, collecte.ZoneTout, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), paris))
	p := importer(t, b, collecte.ZoneDepartement, edition(fluxA, "2026-02-01", fiche(fluxA, "2")))
	if len(p.Absents) != 1 || p.Absents[0].ID != "1" {
		t.Errorf("absents: %+v", p.Absents)
	}
}

// A source that contradicts a hand edit asks its owner; one that repeats what it
// said then does not.
func TestPlanContredit(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1", "telephone", "+33563000001"))))
	l := lieuxDe(t, b)[0]
	if err := l.Corriger(mednum.ChampTelephone, "05 63 00 00 02", "compte:x", maintenant); err != nil {
		t.Fatal(err)
	}
	l.Version++
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	repete := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000001", "horaires", "Mo 09:00-12:00")))
	if wantBilan(t, repete, collecte.Bilan{Lus: 1, Modifies: 1}, 0, 1); len(ligne(t, repete, "1").Questions) > 0 {
		t.Error("a source that repeats itself raises a question")
	}
	contredit := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000003")))
	wantBilan(t, contredit, collecte.Bilan{Lus: 1, ADecider: 1}, 0, 1)
	want := []collecte.QuestionLigne{{
		Genre: collecte.GenreCorrection, Lieux: []string{l.ID}, Champ: mednum.ChampTelephone,
		Valeur: "+33563000002", Avant: "+33563000001", Apres: "+33563000003",
	}}
	if d := cmp.Diff(want, ligne(t, contredit, "1").Questions); d != "" {
		t.Errorf("questions (-want +got):\n%s", d)
	}
	for _, phrase := range []string{"Lieu " + l.ID + ", telephone : corrigé à la main « +33563000002 », la source disait « +33563000001 » et dit maintenant « +33563000003 ».", "adeuxpas lieu garder LIEU CHAMP"} {
		if dit := strings.ReplaceAll(contredit.Dire(5), "\u00a0", " "); !strings.Contains(dit, phrase) || strings.Contains(dit, "doublons lister") {
			t.Errorf("not said: %s\n%s", phrase, dit)
		}
	}
}

// A new record with a doubtful twin is a place of its own meanwhile, and asks;
// once a person said that they are two, it asks no more.
func TestPlanDoute(t *testing.T) {
	twin := func() (mednum.Fiche, mednum.Fiche) {
		a := guichet(fluxA, "1")
		for _, c := range [][]string{
			{"nom", "Médiathèque de Moissac"},
			{"nom", "Espace numérique de Moissac centre", "telephone", ""},
			{"adresse", "", "telephone", ""},
			{"adresse", "14 rue des Exemples"},
			{"nom", "Point numérique", "courriels", ""},
			{"adresse", "", "courriels", "", "telephone", ""},
			{"adresse", "20 avenue des Autres"},
		} {
			b := guichet(fluxB, "9")
			for i := 0; i < len(c); i += 2 {
				b.Champs[mednum.Champ(c[i])] = c[i+1]
			}
			if rapproche.Comparer(&a, &b).Verdict == rapproche.Doute {
				return a, b
			}
		}
		t.Fatal("no pair of these is doubtful: this test proves nothing")
		return a, a
	}
	a, z := twin()
	// Both in one import: the pair is one question, of the later one.
	deux := planifier(t, baseNeuve(t), edition(fluxA, "2026-01-01", a), edition(fluxB, "2026-01-01", z))
	wantBilan(t, deux, collecte.Bilan{Lus: 2, Nouveaux: 1, ADecider: 1}, 2, 0)
	if q := ligne(t, deux, "9").Questions; len(q) != 1 || q[0].Nom != a.Champs[mednum.ChampNom] || q[0].Commune != a.Champs[mednum.ChampCommune] {
		t.Errorf("questions: %+v", q)
	}
	if dit := strings.ReplaceAll(deux.Dire(5), "\u00a0", " "); !strings.Contains(dit, "Est-ce le même lieu que « "+a.Champs[mednum.ChampNom]+" », commune : ") || !strings.Contains(dit, "adeuxpas doublons lister") {
		t.Errorf("said:\n%s", dit)
	}
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", a)))
	p := planifier(t, b, edition(fluxB, "2026-01-01", z))
	wantBilan(t, p, collecte.Bilan{Lus: 1, ADecider: 1}, 1, 0)
	if q := ligne(t, p, "9").Questions; len(q) != 1 || q[0].Genre != collecte.GenreDoublon || q[0].Fiche != "a/1" || len(q[0].Raisons) == 0 {
		t.Errorf("questions: %+v", q)
	}
	distinguer(t, b, `{"fiches":[["a/1"],["b/9"]]}`)
	wantBilan(t, planifier(t, b, edition(fluxB, "2026-01-01", z)), collecte.Bilan{Lus: 1, Nouveaux: 1}, 1, 0)
}

// distinguer writes the answer "these are two places".
func distinguer(t *testing.T, b store.Magasin, corps string) {
	t.Helper()
	if err := b.SetObjet(t.Context(), store.Objet{Genre: "distinction", ID: "d1", Version: 1, Corps: []byte(corps)}); err != nil {
		t.Fatal(err)
	}
}

// What a person said to be two places is not merged, however alike.
func TestPlanDistincts(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", guichet(fluxA, "1"))))
	distinguer(t, b, `{"fiches":[["a/1"],["b/9","b/8"]]}`)
	wantBilan(t, planifier(t, b, edition(fluxB, "2026-01-01", guichet(fluxB, "9"))), collecte.Bilan{Lus: 1, Nouveaux: 1}, 1, 0)
}

// Every value of a place says which record it comes from, and of what day.
func TestPlanProvenance(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", guichet(fluxA, "1"))))
	l := lieuxDe(t, b)[0]
	for _, champ := range mednum.ChampsNorme {
		if champ == mednum.ChampID || champ == mednum.ChampSource || l.Champs.Valeur(champ) == "" {
			continue
		}
		if o := l.Provenance[champ]; o.Fiche != "a/1" || o.Date.String() != "2026-01-01" {
			t.Errorf("%s comes from %+v", champ, o)
		}
	}
}

// A plan that is too old is refused, and Importer makes it again.
func TestPlanPerime(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"))))
	suite := edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000009"))
	p := planifier(t, b, suite)
	l := lieuxDe(t, b)[0]
	l.SensHoraires = mednum.SensAide
	l.Version++
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	err := collecte.Appliquer(t.Context(), b, &p, nil)
	if wantCode(t, err, mednum.Perime); !collecte.Perime(err) {
		t.Errorf("%v", err)
	}
	importer(t, b, "", suite)
	if l := lieuxDe(t, b)[0]; l.Champs.Telephone != "+33563000009" || l.SensHoraires != mednum.SensAide {
		t.Errorf("%+v", l)
	}
}

// Another import that ends after the plan moves none of its places, and yet the
// plan is too old: its record would be a place beside its own.
func TestPlanPerimeParUnAutreImport(t *testing.T) {
	b := baseNeuve(t)
	suite := edition(fluxB, "2026-02-01", guichet(fluxB, "9"))
	p := planifier(t, b, suite)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", guichet(fluxA, "1"))))
	wantCode(t, collecte.Appliquer(t.Context(), b, &p, nil), mednum.Perime)
	if flux, err := b.Flux(t.Context()); err != nil || len(flux) != 1 {
		t.Errorf("sources %v, %v", flux, err)
	}
	importer(t, b, "", suite)
	if lieux := lieuxDe(t, b); len(lieux) != 1 {
		t.Errorf("%d places", len(lieux))
	}
}

// The licence of a file is the one that is given, else the one that it says,
// else the one that its source had; a change of it makes the places again.
func TestPlanLicence(t *testing.T) {
	b := baseNeuve(t)
	suivre := func(dite, donnee, want string) {
		t.Helper()
		flux := fluxA
		flux.Licence = dite
		p, err := collecte.Importer(t.Context(), b, territoireLivre(t), []norme.Lecture{edition(flux, "2026-01-01", fiche(flux, "1"))}, collecte.Options{Licence: donnee})
		if err != nil {
			t.Fatal(err)
		}
		connus, err := b.Flux(t.Context())
		if err != nil || connus["a"].Licence != want || p.Fichiers[0].Licence != want {
			t.Errorf("licence %q and %q, %v, want %q", connus["a"].Licence, p.Fichiers[0].Licence, err, want)
		}
	}
	suivre("inconnue", "", "inconnue")
	suivre("inconnue", "ODbL 1.0", "ODbL 1.0")
	suivre("inconnue", "", "ODbL 1.0")
	suivre("Licence Ouverte 2.0", "", "Licence Ouverte 2.0")
	suivre("Licence Ouverte 2.0", "inconnue", "inconnue")
}

// What the columns of somebody's own table are is kept for the next time, and
// only what is new of it is written.
func TestCorrespondanceGardee(t *testing.T) {
	b := baseNeuve(t)
	l := norme.Lecture{Colonnes: []string{"Nom du lieu", "Ville"}, Correspondance: norme.Correspondance{"Nom du lieu": "nom", "Ville": "commune"}}
	cle := norme.CleColonnes([]string{"VILLE", "nom du lieu"})
	if _, ok, err := collecte.Correspondance(t.Context(), b, cle); ok || err != nil {
		t.Fatalf("%v, %v before anything was kept", ok, err)
	}
	for version, ville := range []string{"commune", "commune", "adresse"} {
		l.Correspondance["Ville"] = ville
		if err := collecte.GarderCorrespondance(t.Context(), b, &l); err != nil {
			t.Fatal(err)
		}
		c, ok, err := collecte.Correspondance(t.Context(), b, cle)
		if err != nil || !ok || c["Ville"] != ville || c["Nom du lieu"] != "nom" {
			t.Errorf("%v, %v, %v", c, ok, err)
		}
		if o, err := b.Objet(t.Context(), "correspondance", cle); err != nil || o.Version != max(1, version) {
			t.Errorf("version %d, %v after %d writings", o.Version, err, version+1)
		}
	}
	if err := collecte.GarderCorrespondance(t.Context(), b, &norme.Lecture{Colonnes: []string{"id"}}); err != nil {
		t.Error(err)
	}
}

// Each row of a file is counted, also those that are a part of another one's
// record, as the stops of our own export: twice, they change nothing.
func TestPlanLignesJointes(t *testing.T) {
	b := baseNeuve(t)
	itinerant := fiche(fluxA, "bus", "itinerance", "Itinérant")
	itinerant.Jointes = 3
	p := planifier(t, b, edition(fluxA, "2026-01-01", itinerant, fiche(fluxA, "2")))
	wantBilan(t, p, collecte.Bilan{Lus: 5, Nouveaux: 2, Fusionnes: 3}, 2, 0)
	appliquer(t, b, p)
	wantBilan(t, planifier(t, b, edition(fluxA, "2026-01-01", itinerant, fiche(fluxA, "2"))), collecte.Bilan{Lus: 5, Identiques: 5}, 0, 0)
}

// An export of ours, read under the name of the source that its places come
// from, is no edition of that source: it makes nothing absent.
func TestPlanExportDUneCommune(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"))))
	revenue := fiche(fluxA, mednum.NouvelID("a/1"), "nom", "Lieu 1", "adresse", "1 rue Numéro 1")
	p := planifier(t, b, edition(fluxA, "2026-02-01", revenue))
	if len(p.Absents) > 0 || p.Bilan.Absents > 0 {
		t.Errorf("absent: %+v", p.Absents)
	}
	if suite := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1"))); suite.Bilan.Absents != 1 {
		t.Errorf("an edition without it: %+v", suite.Bilan)
	}
}
