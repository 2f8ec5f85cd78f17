package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const (
	moissac   = "82112"
	montauban = "82121"
	deuxRives = "248200016" // the SIREN in which Moissac is not
)

func fiche82(cle, nom, insee, commune, postal string, lat, lon string) mednum.Fiche {
	return mednum.Fiche{
		Flux: "fs", Cle: cle, Lieu: "l" + cle, DateMaj: mednum.Date{Annee: 2026, Mois: 6, Jour: 1},
		Champs: map[mednum.Champ]string{
			mednum.ChampNom: nom, mednum.ChampCommune: commune, mednum.ChampCodeInsee: insee, mednum.ChampCodePostal: postal,
			mednum.ChampAdresse: "1 place Neuve", mednum.ChampLatitude: lat, mednum.ChampLongitude: lon,
			mednum.ChampServices: "Aide aux démarches administratives", mednum.ChampHoraires: "Mo-Fr 09:00-12:00",
		},
		Permanences: []mednum.Permanence{{ID: "mardi", Regle: "Tu 10:00-12:00"}},
	}
}

// open82 is a catalogue of two places of Tarn-et-Garonne, l1 in Moissac and l2
// in Montauban, each made of one record.
func open82(t *testing.T, base store.Magasin) *Catalogue {
	t.Helper()
	fiches := []mednum.Fiche{
		fiche82("1", "Médiathèque", moissac, "Moissac", "82200", "44.104", "1.085"),
		fiche82("2", "Mairie", montauban, "Montauban", "82000", "44.0175", "1.355"),
	}
	var revs []mednum.Revision
	for _, f := range fiches {
		rev, _ := mednum.Reviser(mednum.Lieu{}, mednum.Consolider(mednum.Lieu{ID: f.Lieu, Statut: mednum.StatutPublie}, []mednum.Fiche{f}, nil))
		revs = append(revs, rev)
	}
	if err := base.Apply(t.Context(), mednum.Operation{ID: "essai"}, fiches, revs); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), base, territoireEdition(t), nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mediation(lieux ...string) []mednum.Habilitation { return droits(mednum.RoleMediateur, lieux...) }

func droits(role mednum.Role, lieux ...string) []mednum.Habilitation {
	var liste []mednum.Habilitation
	for _, id := range lieux {
		liste = append(liste, mednum.Habilitation{Role: role, Portee: mednum.PorteeLieu, ID: id})
	}
	return liste
}

// mediatrice edits l1 and l2, coordinatrice coordinates them.
func mediatrice() Edition {
	return Edition{Auteur: "compte:m", Voie: "app", Droits: mediation("l1", "l2")}
}

func coordinatrice() Edition {
	return Edition{Auteur: "compte:c", Voie: "app", Droits: []mednum.Habilitation{{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeTout}}}
}

func TestCouvre(t *testing.T) {
	c := open82(t, openBase(t))
	commune, ok := c.territoire.Commune(moissac)
	if !ok {
		t.Fatal("no Moissac")
	}
	for _, tt := range []struct {
		name     string
		h        mednum.Habilitation
		couvre   string // the places, by name
		coordone bool
	}{
		{"a place", mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "l1"}, "l1", false},
		{"a place, as coordinator", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeLieu, ID: "l1"}, "l1", true},
		{"its EPCI", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeEPCI, ID: commune.EPCI}, "l1", true},
		{"another EPCI", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeEPCI, ID: deuxRives}, "", false},
		{"the département", mednum.Habilitation{Role: mednum.RoleAdministrateur, Portee: mednum.PorteeDepartement, ID: "82"}, "l2 l1", true},
		{"everything", mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeTout}, "l2 l1", false},
		{"its commune", mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeCommune, ID: moissac}, "l1", false},
		{"its commune, as coordinator", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeCommune, ID: moissac}, "l1", true},
		{"another commune", mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeCommune, ID: "82121"}, "l2", false},
		{"no commune", mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeCommune}, "", false},
		{"who tells its needs", mednum.Habilitation{Role: mednum.RoleContributeur, Portee: mednum.PorteeCommune, ID: moissac}, "", false},
		{"who tells all needs", mednum.Habilitation{Role: mednum.RoleContributeur, Portee: mednum.PorteeTout}, "", false},
		{"no role", mednum.Habilitation{Portee: mednum.PorteeTout}, "", false},
		{"a role of another program", mednum.Habilitation{Role: "roi", Portee: mednum.PorteeTout}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			droits := []mednum.Habilitation{tt.h}
			var ids []string
			for _, v := range c.LieuxDe(droits) {
				ids = append(ids, v.ID)
			}
			l1, err := c.Lieu("l1")
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(ids, " "); got != tt.couvre || c.Couvre(droits, &l1.Lieu) != strings.Contains(tt.couvre, "l1") {
				t.Errorf("covers %q, want %q", got, tt.couvre)
			}
			if got := c.Coordonne(droits, &l1.Lieu); got != tt.coordone {
				t.Errorf("coordinates: %v", got)
			}
		})
	}
}

// What people tell is of a commune: who may tell it, who reads and answers it.
func TestParlePour(t *testing.T) {
	c := open82(t, openBase(t))
	commune := communeDe(t, c.territoire, "Moissac")
	dedans, frontalier := deuxEPCI(t, c.territoire)
	d := func(r mednum.Role, p mednum.Portee, id string) []mednum.Habilitation {
		return []mednum.Habilitation{{Role: r, Portee: p, ID: id}}
	}
	for _, tt := range []struct {
		name                                    string
		droits                                  []mednum.Habilitation
		parle, coordonne, epci, coordEPCI, tout bool
	}{
		{"nobody", nil, false, false, false, false, false},
		{"a contributor of the commune", d(mednum.RoleContributeur, mednum.PorteeCommune, moissac), true, false, false, false, false},
		{"of another", d(mednum.RoleContributeur, mednum.PorteeCommune, "82121"), false, false, false, false, false},
		{"of its EPCI", d(mednum.RoleContributeur, mednum.PorteeEPCI, dedans), true, false, true, false, false},
		{"of another EPCI", d(mednum.RoleContributeur, mednum.PorteeEPCI, frontalier), false, false, false, false, false},
		{"of the territory", d(mednum.RoleContributeur, mednum.PorteeDepartement, "82"), true, false, true, false, false},
		{"a mediator of a place of it", d(mednum.RoleMediateur, mednum.PorteeLieu, "l1"), true, false, false, false, false},
		{"of a place elsewhere", d(mednum.RoleMediateur, mednum.PorteeLieu, "l2"), false, false, false, false, false},
		{"of a place that does not exist", d(mednum.RoleMediateur, mednum.PorteeLieu, "x"), false, false, false, false, false},
		{"a coordinator of a place of it", d(mednum.RoleCoordinateur, mednum.PorteeLieu, "l1"), true, false, false, false, false},
		{"a coordinator of the commune", d(mednum.RoleCoordinateur, mednum.PorteeCommune, moissac), true, true, false, false, false},
		{"a coordinator of the EPCI", d(mednum.RoleCoordinateur, mednum.PorteeEPCI, dedans), true, true, true, true, false},
		{"an administrator of the territory", d(mednum.RoleAdministrateur, mednum.PorteeDepartement, "82"), true, true, true, true, true},
		{"of another territory", d(mednum.RoleAdministrateur, mednum.PorteeDepartement, "31"), false, false, false, false, false},
		{"an unknown role", d("roi", mednum.PorteeTout, ""), false, false, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := [5]bool{
				c.ParlePour(tt.droits, commune.Code), c.CoordonneCommune(tt.droits, commune.Code),
				c.ParlePourEPCI(tt.droits, dedans), c.CoordonneEPCI(tt.droits, dedans), c.CoordonneTout(tt.droits),
			}
			if want := [5]bool{tt.parle, tt.coordonne, tt.epci, tt.coordEPCI, tt.tout}; got != want {
				t.Errorf("%v, want %v", got, want)
			}
			if c.ParlePour(tt.droits, "99999") || c.CoordonneCommune(tt.droits, "") {
				t.Error("for a commune that nobody knows")
			}
		})
	}
}

func TestEditer(t *testing.T) {
	for _, tt := range []struct {
		name string
		ch   Changement
		want string // what changed, or the refused columns
	}{
		{"nothing", Changement{Champs: map[mednum.Champ]string{"nom": "Médiathèque", "telephone": "", "horaires": "Mo-Fr 09:00-12:00"}}, ""},
		{"a phone", Changement{Champs: map[mednum.Champ]string{"telephone": "05 63 00 00 01", "nom": "Médiathèque"}}, "telephone=+33563000001"},
		{"a name, then the check", Changement{Champs: map[mednum.Champ]string{"nom": "Médiathèque de Moissac"}, Verifie: true}, "nom=Médiathèque de Moissac verifie_le=2026-11-24"},
		{"a commune by its code", Changement{Champs: map[mednum.Champ]string{"code_insee": montauban}}, "commune=Montauban code_postal=82000 code_insee=82121"},
		{"a commune by its name", Changement{Champs: map[mednum.Champ]string{"commune": "montauban"}}, "commune=Montauban code_postal=82000 code_insee=82121"},
		{"its own commune, spelt otherwise", Changement{Champs: map[mednum.Champ]string{"commune": "MOISSAC"}}, ""},
		{"the position", Changement{Position: &geo.Point{Lat: 44.11, Lon: 1.09}}, "position=44.11, 1.09 (placée à la main)"},
		{"the position that it has", Changement{Position: &geo.Point{Lat: 44.104, Lon: 1.085}}, ""},
		{"closed for good", Changement{Fermeture: &mednum.Fermeture{Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}, Motif: "fin"}}, "statut=fermé définitivement le 2026-11-01 (fin)"},
		{"a commune that is not there", Changement{Champs: map[mednum.Champ]string{"code_insee": "99999"}}, "!code_insee"},
		{"a commune and another's code", Changement{Champs: map[mednum.Champ]string{"code_insee": montauban, "commune": "Moissac-les-Bains"}}, "!commune"},
		{"a name that no commune has", Changement{Champs: map[mednum.Champ]string{"commune": "Nulle-Part"}}, "!commune"},
		{"another commune's postal code", Changement{Champs: map[mednum.Champ]string{"code_postal": "82000"}}, "!code_postal"},
		{"a commune, and the postal code that the form still had", Changement{Champs: map[mednum.Champ]string{"commune": "Montauban", "code_postal": "82200"}}, "commune=Montauban code_postal=82000 code_insee=82121"},
		{"a commune and a postal code of neither", Changement{Champs: map[mednum.Champ]string{"commune": "Montauban", "code_postal": "82340"}}, "!commune"},
		{"two faults", Changement{Champs: map[mednum.Champ]string{"services": "Couture", "nom": "", "telephone": "05 63 00 00 01"}}, "!nom !services"},
		{"a header", Changement{Champs: map[mednum.Champ]string{"nom": "x\r\nBcc: y"}}, "!nom"},
		{"the id", Changement{Champs: map[mednum.Champ]string{"id": "x"}}, "!id"},
		{"off the Earth", Changement{Position: &geo.Point{Lat: 144}}, "!latitude"},
		{"closed tomorrow", Changement{Fermeture: &mednum.Fermeture{Le: mednum.Date{Annee: 2027, Mois: 11, Jour: 1}}}, "!le"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := openBase(t)
			c := open82(t, base)
			avant, err := base.Lieu(t.Context(), "l1")
			if err != nil {
				t.Fatal(err)
			}
			l, attente, err := c.Editer(t.Context(), "l1", mediatrice(), tt.ch)
			if got := changeOuRefus(&avant, &l, err); got != tt.want || attente != nil {
				t.Errorf("%q, %v, want %q", got, attente, tt.want)
			}
			n := 2
			if tt.want == "" || tt.want[0] == '!' {
				n = 1
			}
			wantRevisions(t, base, "l1", n)
		})
	}
}

// changeOuRefus says what changed, "!" before the columns that were refused.
func changeOuRefus(avant, apres *mednum.Lieu, err error) string {
	var parties []string
	for _, e := range mednum.Errors(err) {
		parties = append(parties, "!"+e.Champ)
	}
	if err == nil {
		for _, d := range mednum.Differences(avant, apres) {
			parties = append(parties, string(d.Champ)+"="+d.Apres)
		}
	}
	return strings.Join(parties, " ")
}

func TestLever(t *testing.T) {
	c := open82(t, openBase(t))
	if _, _, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{"nom": "Autre"}}); err != nil {
		t.Fatal(err)
	}
	l, _, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Lever: []mednum.Champ{mednum.ChampNom, mednum.ChampHoraires}})
	if err != nil || l.Champs.Nom != "Médiathèque" || len(l.Corrections) > 0 {
		t.Errorf("%v, %q, %v", err, l.Champs.Nom, l.Corrections)
	}
}

// A place that moves to another département leaves the territory, and the
// rights of who holds the territory only.
func TestEditerDehors(t *testing.T) {
	c := open82(t, openBase(t))
	departement := Edition{Auteur: "compte:d", Droits: []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeDepartement, ID: "82"}}}
	l, _, err := c.Editer(t.Context(), "l1", departement, Changement{Champs: map[mednum.Champ]string{"commune": "Agen"}})
	if err != nil || !l.HorsTerritoire || l.Champs.CodePostal != "47000" {
		t.Fatalf("%v, %+v", err, l)
	}
	_, _, err = c.Editer(t.Context(), "l1", departement, Changement{Champs: map[mednum.Champ]string{"commune": "Moissac"}})
	wantRefus(t, err, mednum.Interdit)
	if l, _, err = c.Editer(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{"commune": "Moissac"}}); err != nil || l.HorsTerritoire {
		t.Errorf("%v, %+v", err, l)
	}
}

// What changes what the place is waits, the rest does not.
func TestRelecture(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	c.SetRelecture(true)
	e := mediatrice()
	e.Idempotence = "cle"
	ch := Changement{
		Champs:    map[mednum.Champ]string{"nom": "Autre", "commune": "Montauban", "telephone": "05 63 00 00 01"},
		Position:  &geo.Point{Lat: 44.0175, Lon: 1.355},
		Fermeture: &mednum.Fermeture{Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}, Motif: " fin "},
	}
	l, a, err := c.Editer(t.Context(), "l1", e, ch)
	if err != nil || a == nil {
		t.Fatal(a, err)
	}
	want := mednum.Attente{
		ID: a.ID, Auteur: "compte:m", Le: depart2026.UTC(), Fermeture: &mednum.Fermeture{Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}, Motif: "fin"},
		Champs: map[mednum.Champ]string{
			"nom": "Autre", "commune": "Montauban", "code_postal": "82000", "code_insee": montauban, "latitude": "44.0175", "longitude": "1.355",
		},
	}
	if d := cmp.Diff(want, *a); d != "" {
		t.Error(d)
	}
	if l.Champs.Telephone == "" || l.Champs.Nom != "Médiathèque" || l.Statut != mednum.StatutPublie || *l.Champs.Latitude != 44.104 {
		t.Errorf("%+v", l.Champs)
	}
	wantRevisions(t, base, "l1", 2)
	if _, encore, err := c.Editer(t.Context(), "l1", e, ch); err != nil || encore == nil || encore.ID != a.ID {
		t.Errorf("the same key: %v, %v", encore, err)
	}
	wantRevisions(t, base, "l1", 2)
	if _, _, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{"code_postal": "82000", "telephone": "05 63 00 00 02"}}); err == nil {
		t.Error("what could not be done today must not wait")
	}
	wantRevisions(t, base, "l1", 2)

	// A coordinator of another place waits too; one of this place does not.
	autre := Edition{Auteur: "compte:x", Droits: append(mediation("l1"), droits(mednum.RoleCoordinateur, "l2")...)}
	if l, a, err := c.Editer(t.Context(), "l1", autre, Changement{Champs: map[mednum.Champ]string{"adresse": "2 rue Basse"}}); err != nil || a == nil || l.Champs.Adresse != "1 place Neuve" {
		t.Errorf("%v, %v", a, err)
	}
	if l, a, err := c.Editer(t.Context(), "l1", coordinatrice(), Changement{Champs: map[mednum.Champ]string{"complement_adresse": "Au fond"}}); err != nil || a != nil || l.Champs.ComplementAdresse != "Au fond" {
		t.Errorf("%v, %v", a, err)
	}

	_, err = c.Accepter(t.Context(), "l1", a.ID, mediatrice())
	wantRefus(t, err, mednum.Interdit)
	l, err = c.Accepter(t.Context(), "l1", a.ID, coordinatrice())
	if err != nil || l.Champs.Nom != "Autre" || l.Champs.CodeInsee != montauban || l.Precision != mednum.PrecisionMain || l.Statut != mednum.StatutFerme {
		t.Fatalf("%v, %+v", err, l)
	}
	if l.Corrections["nom"].Auteur != "compte:m" || len(l.EnAttente()) != 1 {
		t.Errorf("%+v, %v", l.Corrections, l.Attentes)
	}
	revs := wantRevisions(t, base, "l1", 5)
	if revs[4].Auteur != "compte:c" {
		t.Errorf("accepted by %s", revs[4].Auteur)
	}
	_, err = c.Accepter(t.Context(), "l1", a.ID, coordinatrice())
	wantRefus(t, err, mednum.Introuvable)
}

// What waits is checked again when it is accepted.
func TestAccepterVerifie(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	c.SetRelecture(true)
	_, a, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Fermeture: &mednum.Fermeture{Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Modifier(t.Context(), "l1", coordinatrice(), func(l *mednum.Lieu) error {
		l.Attentes[0].Champs = map[mednum.Champ]string{"code_postal": "82000"} // Montauban's, of a place in Moissac
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	_, err = c.Accepter(t.Context(), "l1", a.ID, coordinatrice())
	wantRefus(t, err, mednum.Invalide)
}

func TestRefuserAttente(t *testing.T) {
	c := open82(t, openBase(t))
	c.SetRelecture(true)
	attendre := func(nom string) string {
		_, a, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{"nom": nom}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	id := attendre("Un")
	_, err := c.RefuserAttente(t.Context(), "l1", id, "non", mediatrice())
	wantRefus(t, err, mednum.Interdit)
	l, err := c.RefuserAttente(t.Context(), "l1", id, "Le nom est juste.", coordinatrice())
	if err != nil || len(l.EnAttente()) > 0 || l.Attentes[0].Refus.Motif != "Le nom est juste." || l.Champs.Nom != "Médiathèque" {
		t.Errorf("%v, %+v", err, l.Attentes)
	}
	id = attendre("Deux")
	_, err = c.ReprendreAttente(t.Context(), "l1", id, Edition{Auteur: "compte:x", Droits: mediation("l1")})
	wantRefus(t, err, mednum.Interdit)
	if l, err := c.ReprendreAttente(t.Context(), "l1", id, mediatrice()); err != nil || len(l.EnAttente()) > 0 {
		t.Errorf("%v, %+v", err, l.Attentes)
	}
}

func TestEnAttente(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	c.SetRelecture(true)
	heures := depart2026
	c.now = func() time.Time { heures = heures.Add(time.Minute); return heures }
	if _, _, err := c.Editer(t.Context(), "l2", mediatrice(), Changement{Champs: map[mednum.Champ]string{"nom": "Deux"}}); err != nil {
		t.Fatal(err)
	}
	id := proposer(t, c)
	if _, _, err := c.Editer(t.Context(), "l1", mediatrice(), Changement{Champs: map[mednum.Champ]string{"nom": "Un"}}); err != nil {
		t.Fatal(err)
	}
	// A second change does not make a place younger.
	if _, _, err := c.Editer(t.Context(), "l2", mediatrice(), Changement{Champs: map[mednum.Champ]string{"nom": "Deux bis"}}); err != nil {
		t.Fatal(err)
	}
	file := func(droits []mednum.Habilitation) (noms []string) {
		for _, d := range c.EnAttente(droits) {
			noms = append(noms, fmt.Sprintf("%s %v %d", d.Lieu.ID, d.Propose, len(d.Attentes)))
		}
		return noms
	}
	want := []string{"l2 false 2", id + " true 0", "l1 false 1"}
	if d := cmp.Diff(want, file(coordinatrice().Droits)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"l1 false 1"}, file(droits(mednum.RoleCoordinateur, "l1"))); d != "" {
		t.Error(d)
	}
	if got := file(mediation("l1", "l2")); got != nil {
		t.Errorf("a mediator's queue: %v", got)
	}
}

// Twenty people change one version at once: one is written.
func TestEditerEnsemble(t *testing.T) {
	base := openBase(t)
	vingtEnsemble(t, base, open82(t, base))
}

func vingtEnsemble(t *testing.T, base store.Magasin, c *Catalogue) {
	t.Helper()
	var tous sync.WaitGroup
	erreurs := make([]error, 20)
	for i := range erreurs {
		tous.Go(func() {
			e := mediatrice()
			e.Auteur, e.Version = fmt.Sprint("compte:", i), 1
			_, _, erreurs[i] = c.Editer(t.Context(), "l1", e, Changement{Champs: map[mednum.Champ]string{"telephone": fmt.Sprintf("05 63 00 00 %02d", i)}})
		})
	}
	tous.Wait()
	codes := map[mednum.Code]int{}
	gagnant := -1
	for i, err := range erreurs {
		if err == nil {
			gagnant = i
			codes[""]++
			continue
		}
		for _, e := range mednum.Errors(err) {
			codes[e.Code]++
		}
	}
	if d := cmp.Diff(map[mednum.Code]int{"": 1, mednum.Perime: 19}, codes); d != "" {
		t.Errorf("%s: %v", d, erreurs)
	}
	revs, err := base.Revisions(t.Context(), "l1")
	if err != nil || len(revs) != 2 || revs[1].Auteur != fmt.Sprint("compte:", gagnant) {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
	if v, err := c.Lieu("l1"); err != nil || v.Champs.Telephone != fmt.Sprintf("+335630000%02d", gagnant) {
		t.Errorf("%v, %q", err, v.Champs.Telephone)
	}
}

func TestHorsCommune(t *testing.T) {
	c := &Catalogue{territoire: territoireEdition(t)}
	for _, tt := range []struct {
		name     string
		lat, lon float64
		insee    string
		min, max float64
		dehors   bool
	}{
		{"in its commune", 44.104, 1.085, moissac, 0, 0, false},
		{"in another one", 44.0175, 1.355, moissac, 8000, 25000, true},
		{"in Paris", 48.85, 2.35, moissac, 500e3, 600e3, true},
		{"a commune that nobody knows", 44.104, 1.085, "99999", 0, 0, false},
		{"no point", 144, 1, moissac, 0, 0, false},
		{"a neighbour without outline, near its centre", 44.2, 0.62, "47001", 0, 5000, false},
		{"far from it", 44.104, 1.085, "47001", 30e3, 60e3, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			metres, dehors := c.HorsCommune(tt.lat, tt.lon, tt.insee)
			if dehors != tt.dehors || metres < tt.min || metres > tt.max {
				t.Errorf("%.0f m, %v", metres, dehors)
			}
		})
	}
}

// Nothing private leaves by the API, whatever holds it.
func TestPrive(t *testing.T) {
	const secret = "SECRET"
	base := openBase(t)
	c := open82(t, base)
	c.SetRelecture(true)
	e := mediatrice()
	e.Auteur = "compte:" + secret
	if _, _, err := c.Editer(t.Context(), "l1", e, Changement{Champs: map[mednum.Champ]string{"nom": secret, "telephone": "05 63 00 00 01"}, Verifie: true}); err != nil {
		t.Fatal(err)
	}
	v, err := c.Lieu("l1")
	if err != nil {
		t.Fatal(err)
	}
	fixe, arret := v.Permanences[0].ID, mednum.Permanence{Regle: "Fr 10:00-12:00", Compte: secret, Arret: &mednum.Arret{Nom: "École", CodeInsee: moissac}}
	if _, err := c.Modifier(t.Context(), "l1", e, func(l *mednum.Lieu) error {
		if _, err := l.AjouterPermanence(arret); err != nil {
			return err
		}
		return l.ModifierPermanence(fixe, mednum.Permanence{Regle: "We 10:00-12:00", Compte: secret}, e.Auteur, depart2026)
	}); err != nil {
		t.Fatal(err)
	}
	if v, err = c.Lieu("l1"); err != nil || len(v.Attentes) != 1 || v.VerifiePar != e.Auteur || len(v.Retouches) != 1 || v.Permanences[1].Compte != secret {
		t.Fatalf("%v: the place holds nothing private: %+v", err, v.Lieu)
	}
	sorties := map[string][]byte{"JSON": v.JSON, "GeoJSON": v.GeoJSON}
	res, err := c.Chercher(t.Context(), Recherche{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range res.Trouves {
		sorties[fmt.Sprint("result ", i)] = res.Trouves[i].AppendJSON(nil)
		sorties[fmt.Sprint("feature ", i)] = res.Trouves[i].AppendGeoJSON(nil)
	}
	maps.Copy(sorties, exports(t, []mednum.Lieu{v.Lieu}))
	for _, nom := range slices.Sorted(maps.Keys(sorties)) {
		texte := string(sorties[nom])
		if !strings.Contains(texte, "+33563000001") && strings.Contains(texte, "Moissac") {
			t.Errorf("%s is not of this place: %s", nom, texte)
		}
		for _, mot := range []string{secret, "compte", "verifie_par", "auteur", "attente", "retouche", "correction", "provenance"} {
			if strings.Contains(strings.ToLower(texte), strings.ToLower(mot)) {
				t.Errorf("%s holds %q: %s", nom, mot, texte)
			}
		}
	}
}
