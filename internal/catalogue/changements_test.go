package catalogue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// dits are the changes of a feed, one line each.
func dits(c *Catalogue, commune, epci string) (lignes []string) {
	for _, p := range c.Changements(commune, epci, 100) {
		lignes = append(lignes, fmt.Sprintf("%s/%d %s: %s", p.Lieu, p.Version, p.Nature, strings.Join(p.Phrases, " ")))
	}
	return lignes
}

// modifier makes a change as the mediator of l1 and l2.
func modifier(t *testing.T, c *Catalogue, id string, change func(*mednum.Lieu) error) {
	t.Helper()
	if _, err := c.Modifier(t.Context(), id, mediatrice(), change); err != nil {
		t.Fatal(err)
	}
}

// The whole life of two places, as their communes' feeds tell it, and nothing of
// what is private; a second instance, one that is opened later, and one whose
// store does not answer any more tell exactly the same.
func TestChangements(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	if got := dits(c, "", ""); len(got) > 0 {
		t.Errorf("the first import is no news: %v", got)
	}
	autre, err := Open(t.Context(), base, territoireEdition(t), nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	modifier(t, c, "l1", func(l *mednum.Lieu) error { return l.CorrigerHoraires("Sa 09:00-12:00", "compte:m", depart2026) })
	modifier(t, c, "l1", func(l *mednum.Lieu) error {
		_, err := l.AjouterException(mednum.Exception{Du: date(12, 24), Au: date(12, 31), Motif: "congés"}, date(11, 24))
		return err
	})
	if _, err := c.FaireAttendre(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{mednum.ChampNom: "SECRET"}}, "SECRET"); err != nil {
		t.Fatal(err)
	}
	if err := autre.Actualiser(t.Context()); err != nil { // three revisions at once
		t.Fatal(err)
	}
	modifier(t, c, "l1", func(l *mednum.Lieu) error { return l.Verifier(date(11, 24), "compte:m", date(11, 24)) })
	modifier(t, c, "l2", func(l *mednum.Lieu) error {
		return errors.Join(l.Corriger(mednum.ChampTelephone, "+33563000042", "compte:m", depart2026), l.Corriger(mednum.ChampAdresse, "1 rue Neuve", "compte:m", depart2026))
	})
	if _, _, err := c.FermerDefinitivement(t.Context(), "l2", coordinatrice(), mednum.Fermeture{Motif: "a déménagé"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Rouvrir(t.Context(), "l2", coordinatrice()); err != nil {
		t.Fatal(err)
	}
	ici := []string{
		"l1/3 modifie: Fermé du 24 décembre 2026 au 31 décembre 2026 (congés).",
		"l1/2 modifie: Horaires\u00a0: avant du lundi au vendredi\u00a0: 9\u00a0h à 12\u00a0h → maintenant le samedi\u00a0: 9\u00a0h à 12\u00a0h.",
	}
	la := []string{
		"l2/4 rouvert: Ce lieu n’est plus fermé.",
		"l2/3 ferme: Fermé pour de bon depuis le 24 novembre 2026 (a déménagé).",
		"l2/2 modifie: Adresse\u00a0: avant 1 place Neuve → maintenant 1 rue Neuve. Téléphone\u00a0: donné par le lieu.",
	}
	for _, voir := range []func() *Catalogue{
		func() *Catalogue { return c },
		func() *Catalogue { return actualise(t, autre) },
		func() *Catalogue { return rouvert(t, base) },
	} {
		if d := cmp.Diff(ici, dits(voir(), moissac, "")); d != "" {
			t.Errorf("Moissac (-want +got):\n%s", d)
		}
		if d := cmp.Diff(la, dits(voir(), montauban, "")); d != "" {
			t.Errorf("Montauban (-want +got):\n%s", d)
		}
		if d := cmp.Diff(append(slices.Clone(la), ici...), dits(voir(), "", "")); d != "" {
			t.Errorf("the territory (-want +got):\n%s", d)
		}
		commune, _ := c.territoire.Commune(moissac)
		if d := cmp.Diff(ici, dits(voir(), "", commune.EPCI)); d != "" {
			t.Errorf("the EPCI (-want +got):\n%s", d)
		}
		if texte := fmt.Sprintf("%+v", voir().Changements("", "", 100)); strings.Contains(texte, "compte") || slices.ContainsFunc([]string{"63000042", "63 00 00 42", "63\u00a000\u00a000\u00a042"}, func(n string) bool { return strings.Contains(texte, n) }) {
			t.Errorf("a feed names an account, or a number that people may take out: %s", texte)
		}
	}
	if err := base.Close(); err != nil {
		t.Fatal(err)
	}
	if got := dits(c, moissac, ""); len(got) != 2 {
		t.Errorf("without a store: %v", got)
	}
}

func actualise(t *testing.T, c *Catalogue) *Catalogue {
	t.Helper()
	if err := c.Actualiser(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func rouvert(t *testing.T, base store.Magasin) *Catalogue {
	t.Helper()
	c, err := Open(t.Context(), base, territoireEdition(t), nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A proposal is nobody's news until it is published; a place that is withdrawn
// takes its past out of the feeds, but for that word; one that is merged sends
// to the other.
func TestChangementsStatuts(t *testing.T) {
	c := open82(t, openBase(t))
	id, err := c.Proposer(t.Context(), coordinatrice(), map[mednum.Champ]string{
		mednum.ChampNom: "Cyber-base", mednum.ChampAdresse: "3 rue Haute", mednum.ChampCodeInsee: moissac, mednum.ChampServices: "Aide aux démarches administratives",
		mednum.ChampLatitude: "44.1049", mednum.ChampLongitude: "1.0849",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := dits(c, "", ""); len(got) > 0 {
		t.Errorf("a proposal: %v", got)
	}
	if _, err := c.Publier(t.Context(), id, coordinatrice()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{id + "/2 nouveau: Nouveau lieu dans la liste. Adresse\u00a0: 3 rue Haute, 82200 Moissac."}, dits(c, moissac, "")); d != "" {
		t.Error(d)
	}
	if _, err := c.Modifier(t.Context(), id, coordinatrice(), func(l *mednum.Lieu) error { l.Statut = mednum.StatutRetire; return nil }); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{id + "/3 retire: Retiré de la liste."}, dits(c, moissac, "")); d != "" {
		t.Error(d)
	}
	if _, err := c.Modifier(t.Context(), "l2", coordinatrice(), func(l *mednum.Lieu) error {
		l.Statut, l.Vers = mednum.StatutFusionne, "l1"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if liste := c.Changements(montauban, "", 5); len(liste) != 1 || liste[0].Nature != LieuReuni || liste[0].Vers != "l1" {
		t.Errorf("%+v", liste)
	}
}

// importer writes one revision of many places at once, as an import does.
func importer(t testing.TB, base store.Magasin, op string, lieux []mednum.Lieu) {
	t.Helper()
	revs := make([]mednum.Revision, 0, len(lieux))
	for i := range lieux {
		lieux[i].Version++
		revs = append(revs, mednum.Revision{Lieu: lieux[i].ID, Version: lieux[i].Version, Apres: lieux[i], Voie: "import"})
	}
	if err := base.Apply(t.Context(), mednum.Operation{ID: op, Genre: "import"}, nil, revs); err != nil {
		t.Fatal(err)
	}
}

// nombreux are places of the communes of the territory.
func nombreux(t testing.TB, n int) []mednum.Lieu {
	t.Helper()
	ter := openTerritoire(t)
	lieux := make([]mednum.Lieu, n)
	for i := range lieux {
		commune := ter.Communes[i%len(ter.Communes)]
		l := lieuEn(fmt.Sprintf("n%05d", i), fmt.Sprintf("Lieu %d", i), commune.Centre.Lat, commune.Centre.Lon)
		l.Version, l.Champs.CodeInsee, l.Champs.Commune = 0, commune.Code, commune.Nom
		lieux[i] = l
	}
	return lieux
}

// A place of a neighbour is news of its commune, not of the territory; a stop is
// news of its own commune, also the one that it leaves; an itinerant service has
// no town.
func TestChangementsOu(t *testing.T) {
	base := openBase(t)
	lieux := nombreux(t, 3)
	importer(t, base, "0", lieux)
	c := rouvert(t, base)
	voisin, bus := lieux[:1], lieux[1:2]
	voisin[0].HorsTerritoire, voisin[0].Champs.CodeInsee, voisin[0].Champs.Nom = true, "47169", "Chez le voisin"
	bus[0].Champs.Itinerance = []string{"Itinérant"}
	bus[0].Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", Arret: &mednum.Arret{Nom: "Place", CodeInsee: moissac, Commune: "Moissac"}}}
	importer(t, base, "1", voisin)
	importer(t, base, "2", bus)
	bus[0].Permanences = []mednum.Permanence{{ID: "p", Regle: "Tu 09:00-12:00", Arret: &mednum.Arret{Nom: "Place", CodeInsee: montauban, Commune: "Montauban"}}}
	importer(t, base, "3", bus)
	voisin[0].Champs.Nom = "Encore le voisin"
	importer(t, base, "4", voisin)
	actualise(t, c)
	noms := func(commune string) (noms []string) {
		for _, p := range c.Changements(commune, "", 100) {
			noms = append(noms, fmt.Sprintf("%s/%d", p.Lieu, p.Version))
			if p.Lieu == bus[0].ID && p.Ville != "" {
				t.Errorf("a service that moves is of %s", p.Ville)
			}
		}
		return noms
	}
	v, b := voisin[0].ID, bus[0].ID
	for commune, want := range map[string][]string{
		"47169": {v + "/3", v + "/2"}, moissac: {b + "/3", b + "/2"}, montauban: {b + "/3"}, "": {b + "/3", b + "/2", v + "/2"},
	} {
		if d := cmp.Diff(want, noms(commune)); d != "" {
			t.Errorf("%q (-want +got):\n%s", commune, d)
		}
	}
}

// One import that changes everything fills the feeds, no more than their cap; the
// same is told by who was there and by who is opened afterwards; old news ends.
func TestChangementsImport(t *testing.T) {
	base := openBase(t)
	lieux := nombreux(t, 600)
	importer(t, base, "0", lieux)
	la := rouvert(t, base)
	for _, heures := range []string{"Mo 09:00-12:00", "Tu 09:00-12:00"} {
		for i := range lieux {
			lieux[i].Champs.Horaires = heures
		}
		importer(t, base, heures, lieux)
	}
	actualise(t, la)
	neuf := rouvert(t, base)
	if got := la.Changements("", "", 100); len(got) != 100 || got[0].Lieu != "n00599" || got[0].Version != 3 {
		t.Errorf("%d changes, the first %+v", len(got), got[0])
	}
	n := len(la.Changements("", "", 10000))
	if n < 300 {
		t.Errorf("%d changes in all", n)
	}
	if d := cmp.Diff(la.Changements("", "", 10000), neuf.Changements("", "", 10000)); d != "" {
		t.Errorf("opened before and after differ:\n%s", d)
	}
	neuf.now = func() time.Time { return depart2026.AddDate(0, 0, joursSuivis+1) }
	if got := neuf.Changements("", "", 10); len(got) > 0 {
		t.Errorf("%d changes after %d days", len(got), joursSuivis)
	}
}

// What is kept is bounded, by what who was there and who is opened afterwards
// agree on.
func TestChangementsBornes(t *testing.T) {
	base := openBase(t)
	lieux := nombreux(t, 2100)
	importer(t, base, "0", lieux)
	la := rouvert(t, base)
	for i := range 1 + revisionsSuivies/len(lieux) {
		for j := range lieux {
			lieux[j].Champs.PresentationResume = fmt.Sprint("texte ", i)
		}
		importer(t, base, fmt.Sprint("suite ", i), lieux)
		actualise(t, la)
	}
	neuf := rouvert(t, base)
	if n := len(la.courant.Load().recents); n != revisionsSuivies {
		t.Errorf("%d revisions are kept", n)
	}
	if d := cmp.Diff(la.Changements("", "", 10000), neuf.Changements("", "", 10000)); d != "" {
		t.Errorf("opened before and after differ:\n%s", d)
	}
}

// journalMuet is a store whose log does not answer.
type journalMuet struct {
	store.Magasin
	panne bool
}

func (m *journalMuet) Journal(ctx context.Context, avant int64, n int) ([]mednum.Revision, error) {
	if m.panne {
		return nil, &mednum.Error{Code: mednum.Indisponible, Message: "en panne"}
	}
	return m.Magasin.Journal(ctx, avant, n)
}

// A log that does not answer loses nothing: what it would have told comes later.
func TestChangementsPanne(t *testing.T) {
	base := &journalMuet{Magasin: openBase(t)}
	c := open82(t, base)
	base.panne = true
	if _, err := c.Modifier(t.Context(), "l1", mediatrice(), func(l *mednum.Lieu) error {
		return l.CorrigerHoraires("Sa 09:00-12:00", "compte:m", depart2026)
	}); err == nil {
		t.Error("published without its news")
	}
	base.panne = false
	modifier(t, c, "l1", func(l *mednum.Lieu) error { return l.CorrigerHoraires("Su 09:00-12:00", "compte:m", depart2026) })
	if got := dits(c, moissac, ""); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// BenchmarkOuvrirJournal opens a base of 3,000 places and 30,000 revisions.
func BenchmarkOuvrirJournal(b *testing.B) {
	base := openBase(b)
	lieux := nombreux(b, 3000)
	for i := range 10 {
		for j := range lieux {
			lieux[j].Champs.PresentationResume = fmt.Sprint("texte ", i)
		}
		importer(b, base, fmt.Sprint(i), lieux)
	}
	t := openTerritoire(b)
	places, err := base.Lieux(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := Open(b.Context(), base, t, nil, heure); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("suivre", func(b *testing.B) {
		for b.Loop() {
			c := &Catalogue{base: base, territoire: t, now: heure}
			if _, err := c.suivre(b.Context(), nil, places); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestRaconter(t *testing.T) {
	avant := mednum.Lieu{ID: "l1", Statut: mednum.StatutPublie, Preuve: mednum.Preuve{Date: date(11, 1)}}
	avant.Champs.Nom, avant.Champs.Telephone, avant.Champs.Horaires = "Mairie", "+33563000042", "Mo 09:00-12:00"
	avant.Exceptions = []mednum.Exception{{ID: "e", Du: date(11, 1), Au: date(11, 2)}, {ID: "f", Du: date(12, 1), Au: date(12, 1), Ouvert: true, Permanence: "p"}}
	avant.Permanences = []mednum.Permanence{
		{ID: "p", Regle: "Tu 09:00-12:00", Intitule: "Aide", Compte: "SECRET"},
		{ID: "q", Regle: "We 09:00-12:00", Arret: &mednum.Arret{Nom: "Place", Commune: "Boudou", Latitude: new(44.1), Longitude: new(1.0)}},
	}
	for _, tt := range []struct {
		name   string
		change func(*mednum.Lieu)
		want   string
	}{
		{"nothing", func(*mednum.Lieu) {}, ""},
		{"who holds it", func(l *mednum.Lieu) { l.Permanences[0].Compte = "AUTRE" }, ""},
		{"what waits", func(l *mednum.Lieu) { l.Attentes = []mednum.Attente{{ID: "a", Message: "SECRET"}} }, ""},
		{"a check alone", func(l *mednum.Lieu) { l.VerifieLe = date(11, 24); l.Champs.DateMaj = date(11, 24) }, ""},
		{"a source that dates it anew", func(l *mednum.Lieu) { l.Champs.DateMaj = date(11, 24); l.Champs.Pivot = "1" }, ""},
		{"a closing that is over goes", func(l *mednum.Lieu) { l.Exceptions = l.Exceptions[1:] }, ""},
		{"a check with a change", func(l *mednum.Lieu) { l.VerifieLe = date(11, 24); l.Champs.Nom = "CCAS" }, "Nom\u00a0: avant Mairie → maintenant CCAS. Vérifié le 24 novembre 2026."},
		{"a number taken out", func(l *mednum.Lieu) { l.Champs.Telephone = "" }, "Téléphone\u00a0: retiré."},
		{"a number changed", func(l *mednum.Lieu) { l.Champs.Telephone = "+33563000043" }, "Téléphone\u00a0: changé."},
		{"an electronic address, texts and a position", func(l *mednum.Lieu) {
			l.Champs.Courriels, l.Champs.PresentationResume, l.Champs.PresentationDetail = []string{"secret@exemple.fr"}, "SECRET", "SECRET"
			l.Champs.Latitude, l.Champs.Longitude = new(44.1), new(1.0)
		}, "Adresse électronique\u00a0: donné par le lieu. Présentation en bref\u00a0: donné par le lieu. Présentation\u00a0: donné par le lieu. Position sur la carte\u00a0: donné par le lieu."},
		{"hours taken out", func(l *mednum.Lieu) { l.Champs.Horaires = "" }, "Horaires\u00a0: avant le lundi\u00a0: 9\u00a0h à 12\u00a0h → maintenant rien."},
		{"an opening called off", func(l *mednum.Lieu) { l.Exceptions = l.Exceptions[:1] }, "Aide\u00a0: annulé (ouvert le 1er décembre 2026)."},
		{"a permanence more", func(l *mednum.Lieu) {
			l.Permanences = append(l.Permanences, mednum.Permanence{ID: "r", Regle: "Fr 09:00-12:00"})
		}, "Nouvelle permanence\u00a0: le vendredi\u00a0: 9\u00a0h à 12\u00a0h."},
		{"a permanence less", func(l *mednum.Lieu) { l.Permanences = l.Permanences[1:] }, "Permanence supprimée\u00a0: le mardi\u00a0: 9\u00a0h à 12\u00a0h, Aide."},
		{"a stop that moves on the map", func(l *mednum.Lieu) { l.Permanences[1].Arret.Latitude = new(44.2) }, "Position d’un arrêt sur la carte\u00a0: corrigée."},
		{"another closing for good", func(l *mednum.Lieu) {
			l.Statut, l.Fermeture = mednum.StatutFerme, &mednum.Fermeture{Le: date(11, 20)}
		}, "Fermé pour de bon depuis le 20 novembre 2026."},
		{"a very long text", func(l *mednum.Lieu) { l.Champs.Adresse = strings.Repeat("é", 400) }, "Adresse\u00a0: maintenant " + strings.Repeat("é", 300) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			apres := avant
			apres.Exceptions, apres.Permanences = slices.Clone(avant.Exceptions), slices.Clone(avant.Permanences)
			arret := *avant.Permanences[1].Arret
			apres.Permanences[1].Arret = &arret
			tt.change(&apres)
			if d := cmp.Diff(tt.want, strings.Join(raconter(&avant, &apres, date(11, 24)).phrases, " ")); d != "" {
				t.Error(d)
			}
		})
	}
}

// Nobody is received at the seat of an itinerant service: neither its address nor
// its hours are news, and no feed sends anybody there.
func TestRaconterSiege(t *testing.T) {
	avant := mednum.Lieu{ID: "l1", Statut: mednum.StatutPublie}
	avant.Champs.Itinerance, avant.Champs.Adresse, avant.Champs.Horaires = []string{"Itinérant"}, "1 rue du Siège", "Mo 09:00-12:00"
	apres := avant
	apres.Champs.Adresse, apres.Champs.ComplementAdresse, apres.Champs.CodePostal, apres.Champs.Commune = "2 rue du Siège", "Bâtiment B", "82200", "Moissac"
	apres.Champs.Horaires, apres.Champs.Latitude, apres.Champs.Longitude = "Tu 09:00-12:00", new(44.1), new(1.0)
	if r := raconter(&avant, &apres, date(11, 24)); r.nature != "" {
		t.Errorf("%+v", r)
	}
	apres.Champs.Nom = "Bus"
	if r := raconter(&avant, &apres, date(11, 24)); strings.Join(r.phrases, " ") != "Nom\u00a0: maintenant Bus." {
		t.Errorf("%+v", r)
	}
}

// Two instances with a store of their own on one base, of either kind, change
// places in turn, at random; both, and a third one that is opened afterwards,
// tell the same changes, each once.
func TestChangementsDeuxInstances(t *testing.T) {
	chemin, uri := filepath.Join(t.TempDir(), "essai.db"), mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
	for name, open := range map[string]func() (store.Magasin, error){
		"sqlite": func() (store.Magasin, error) { return sqlite.Open(t.Context(), chemin, heure) },
		"mongo":  func() (store.Magasin, error) { return mongo.Open(t.Context(), uri, heure) },
	} {
		t.Run(name, func(t *testing.T) {
			var bases []store.Magasin
			for range 3 {
				base, err := open()
				if err != nil {
					t.Fatal(err)
				}
				defer base.Close()
				bases = append(bases, base)
			}
			un := open82(t, bases[0])
			deux := rouvert(t, bases[1])
			h := newHasard(5)
			var want []string
			for n := range 30 {
				c, id := []*Catalogue{un, deux}[h.IntN(2)], []string{"l1", "l2"}[h.IntN(2)]
				modifier(t, c, id, func(l *mednum.Lieu) error {
					return l.CorrigerHoraires(fmt.Sprintf("Mo-Fr 09:%02d-12:00", n+1), "compte:m", depart2026)
				})
				v, err := c.Lieu(id)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, fmt.Sprintf("%s/%d", id, v.Version))
			}
			slices.Reverse(want)
			trois := rouvert(t, bases[2])
			for _, c := range []*Catalogue{actualise(t, un), actualise(t, deux), trois} {
				var got []string
				for _, p := range c.Changements("", "", 100) {
					got = append(got, fmt.Sprintf("%s/%d", p.Lieu, p.Version))
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			}
			if d := cmp.Diff(un.Changements("", "", 100), trois.Changements("", "", 100)); d != "" {
				t.Error(d)
			}
		})
	}
}
