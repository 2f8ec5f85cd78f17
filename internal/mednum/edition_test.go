package mednum

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var jourEdition = Date{2026, 11, 25}

func lieuEdition() *Lieu {
	return &Lieu{ID: "3k7xcdfh", Permanences: []Permanence{
		{ID: "deSource", Fiche: "fs/1", Regle: "Tu 10:00-12:00"}, {ID: "saisie", Regle: "We 10:00-12:00"},
	}}
}

// wantRefus asserts the code, the field and the words of a refusal.
func wantRefus(t *testing.T, err error, code Code, champ, mots string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code || e.Champ != champ || !strings.Contains(e.Message, mots) {
		t.Errorf("error = %v, want %s: %s: … %s …", err, code, champ, mots)
	}
}

func TestAjouterException(t *testing.T) {
	dec := func(j int) Date { return Date{2026, 12, j} }
	for _, tt := range []struct {
		name        string
		e           Exception
		champ, mots string
	}{
		{"a closing", Exception{Du: dec(24), Au: dec(31), Motif: "congés d’été, « oui »; non"}, "", ""},
		{"one day", Exception{Du: dec(24)}, "", ""},
		{"under way", Exception{Du: Date{2026, 11, 1}, Au: jourEdition}, "", ""},
		{"an opening", Exception{Du: dec(6), Ouvert: true, Plages: "09:00-12:00, 14:00-24:00"}, "", ""},
		{"of a permanence", Exception{Du: dec(6), Permanence: "deSource"}, "", ""},
		{"no day", Exception{}, "du", "premier jour"},
		{"end before start", Exception{Du: dec(24), Au: dec(20)}, "au", "avant le premier"},
		{"over", Exception{Du: Date{2026, 11, 20}, Au: Date{2026, 11, 24}}, "au", "déjà passé"},
		{"a year that hours cannot tell", Exception{Du: Date{3000, 1, 1}}, "du", "1900"},
		{"an opening without hours", Exception{Du: dec(6), Ouvert: true}, "plages", "Donnez les heures"},
		{"a closing with hours", Exception{Du: dec(6), Plages: "09:00-12:00"}, "plages", "jours entiers"},
		{"hours of another form", Exception{Du: dec(6), Ouvert: true, Plages: "9h-12h"}, "plages", "« 9h-12h »"},
		{"an hour that does not exist", Exception{Du: dec(6), Ouvert: true, Plages: "09:00-25:00"}, "plages", "n’existe pas"},
		{"minutes that do not exist", Exception{Du: dec(6), Ouvert: true, Plages: "09:60-12:00"}, "plages", "n’existe pas"},
		{"backwards", Exception{Du: dec(6), Ouvert: true, Plages: "12:00-09:00"}, "plages", "finit avant"},
		{"overlapping", Exception{Du: dec(6), Ouvert: true, Plages: "09:00-12:00,11:00-13:00"}, "plages", "chevauchement"},
		{"a long reason", Exception{Du: dec(6), Motif: strings.Repeat("é", 201)}, "motif", "201"},
		{"a reason on two lines", Exception{Du: dec(6), Motif: "a\nb"}, "motif", "une ligne"},
		{"a quoted reason", Exception{Du: dec(6), Motif: `dit "x"`}, "motif", "guillemets"},
		{"of no permanence", Exception{Du: dec(6), Permanence: "autre"}, "permanence", "deSource, saisie"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuEdition()
			id, err := l.AjouterException(tt.e, jourEdition)
			if tt.champ != "" {
				wantRefus(t, err, Invalide, tt.champ, tt.mots)
				if len(l.Exceptions) > 0 {
					t.Error("a refused exception was added")
				}
				return
			}
			if err != nil || len(l.Exceptions) != 1 || !EstID(id) || l.Exceptions[0].ID != id {
				t.Fatalf("%v, %+v", err, l.Exceptions)
			}
			if err := lisible("Mo 09:00-12:00; " + ReglesExceptions(l.Exceptions, jourEdition)); err != nil {
				t.Error(err)
			}
			tt.e.Motif = "autre"
			if autre, err := l.AjouterException(tt.e, jourEdition); err != nil || autre != id || len(l.Exceptions) != 1 || l.Exceptions[0].Motif != "autre" {
				t.Errorf("the same one again: %v, %+v", err, l.Exceptions)
			}
		})
	}
}

func TestExceptionsDuMemeJour(t *testing.T) {
	dec := func(j int) Date { return Date{2026, 12, j} }
	l := lieuEdition()
	for _, e := range []Exception{
		{Du: dec(24), Ouvert: true, Plages: "09:00-12:00"},
		{Du: dec(24), Au: dec(31)},
		{Du: dec(24), Ouvert: true, Plages: "14:00-17:00", Permanence: "saisie"},
	} {
		if _, err := l.AjouterException(e, jourEdition); err != nil {
			t.Fatal(err)
		}
	}
	const want = "2026 Dec 24-2026 Dec 31 off; 2026 Dec 24 09:00-12:00 open"
	if got := ReglesExceptions(l.ExceptionsDe(""), jourEdition); got != want {
		t.Errorf("rules = %q, want %q", got, want)
	}
	_, err := l.AjouterException(Exception{Du: dec(20), Au: dec(24), Ouvert: true, Plages: "14:00-17:00"}, jourEdition)
	wantRefus(t, err, Invalide, "plages", "toutes les heures ensemble")
	if _, err := l.AjouterException(Exception{Du: dec(24), Ouvert: true, Plages: "09:00-12:00", Motif: "marché"}, jourEdition); err != nil {
		t.Errorf("the same opening again: %v", err)
	}
}

func TestAjouterPermanence(t *testing.T) {
	lat := 44.0
	loin := 91.0
	for _, tt := range []struct {
		name        string
		p           Permanence
		champ, mots string
	}{
		{"hours of help", Permanence{Regle: "Tu 10:00-12:00"}, "", ""},
		{"alternate weeks at a stop", Permanence{
			Regle: "Mo 09:30-12:00", Depuis: Date{2026, 11, 30}, TousLes: 2, RendezVous: true, Intitule: "Atelier",
			Services: []string{"Aide aux démarches administratives"}, Arret: &Arret{Nom: "Mairie", CodeInsee: "46042"},
		}, "", ""},
		{"no rule", Permanence{Regle: " "}, "regle", "Donnez les jours"},
		{"a rule that cannot be read", Permanence{Regle: "Tu 10h"}, "regle", "caractère 6"},
		{"a cadence from no day", Permanence{Regle: "Tu 10:00-12:00", TousLes: 2}, "depuis", "à compter de quand"},
		{"a cadence of one", Permanence{Regle: "Tu 10:00-12:00", TousLes: 1, Depuis: jourEdition}, "tous_les", "2 à 8"},
		{"a cadence of nine", Permanence{Regle: "Tu 10:00-12:00", TousLes: 9, Depuis: jourEdition}, "tous_les", "2 à 8"},
		{"a negative cadence", Permanence{Regle: "Tu 10:00-12:00", TousLes: -2, Depuis: jourEdition}, "tous_les", "2 à 8"},
		{"a service of no standard", Permanence{Regle: "Tu 10:00-12:00", Services: []string{"Couture"}}, "services", "Couture"},
		{"a title on two lines", Permanence{Regle: "Tu 10:00-12:00", Intitule: "a\nb"}, "intitule", "une ligne"},
		{"a stop without a name", Permanence{Regle: "Tu 10:00-12:00", Arret: &Arret{CodeInsee: "46042"}}, "arret", "nom"},
		{"a stop without a commune", Permanence{Regle: "Tu 10:00-12:00", Arret: &Arret{Nom: "Mairie"}}, "commune", "INSEE"},
		{"half a position", Permanence{Regle: "Tu 10:00-12:00", Arret: &Arret{Nom: "Mairie", CodeInsee: "46042", Latitude: &lat}}, "latitude", "ensemble"},
		{"off the Earth", Permanence{Regle: "Tu 10:00-12:00", Arret: &Arret{Nom: "Mairie", CodeInsee: "46042", Latitude: &loin, Longitude: &lat}}, "latitude", "hors de la Terre"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieuEdition()
			id, err := l.AjouterPermanence(tt.p)
			if tt.champ != "" {
				wantRefus(t, err, Invalide, tt.champ, tt.mots)
				return
			}
			if err != nil || len(l.Permanences) != 3 || l.Permanences[2].ID != id || l.Permanences[2].Fiche != "" {
				t.Fatalf("%v, %+v", err, l.Permanences)
			}
			if autre, err := l.AjouterPermanence(tt.p); err != nil || autre != id || len(l.Permanences) != 3 {
				t.Errorf("the same one again: %v, %+v", err, l.Permanences)
			}
		})
	}
}

func TestRetirer(t *testing.T) {
	l := lieuEdition()
	var ids []string
	for _, permanence := range []string{"", "saisie", "deSource"} {
		id, err := l.AjouterException(Exception{Du: Date{2026, 12, 24}, Permanence: permanence}, jourEdition)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	wantRefus(t, l.Retirer("rien"), Introuvable, "element", "« rien »")
	wantRefus(t, l.Retirer(""), Introuvable, "element", "")
	wantRefus(t, l.Retirer("deSource"), Interdit, "element", "reviendrait")
	if err := errors.Join(l.Retirer("saisie"), l.Retirer(ids[0])); err != nil {
		t.Fatal(err)
	}
	if len(l.Permanences) != 1 || len(l.Exceptions) != 1 || l.Exceptions[0].ID != ids[2] {
		t.Errorf("left: %+v", l)
	}
}

func TestVerifierEtDire(t *testing.T) {
	l := lieuEdition()
	wantRefus(t, l.Verifier(Date{2026, 11, 26}, "moi", jourEdition), Invalide, "verifie_le", "à venir")
	wantRefus(t, l.Verifier(jourEdition, " ", jourEdition), Invalide, "verifie_par", "qui")
	if err := errors.Join(l.Verifier(jourEdition, "moi", jourEdition), l.DireHoraires(SensAide)); err != nil {
		t.Fatal(err)
	}
	wantRefus(t, l.Verifier(Date{2026, 11, 24}, "moi", jourEdition), Invalide, "verifie_le", "plus récemment")
	wantRefus(t, l.DireHoraires("autre"), Invalide, "sens", "« autre »")
	if l.VerifieLe != jourEdition || l.VerifiePar != "moi" || l.SensHoraires != SensAide {
		t.Errorf("%+v", l)
	}
}

// TestPassages: permanences at one stop are one, and its name its id.
func TestPassages(t *testing.T) {
	lat, lon, ailleurs := 44.0, 1.0, 45.0
	arret := func(nom, insee string, lat *float64) *Arret {
		return &Arret{Nom: nom, CodeInsee: insee, Latitude: lat, Longitude: &lon}
	}
	l := &Lieu{Permanences: []Permanence{
		{ID: "a", Arret: arret("Mairie de L’Honor-de-Cos", "46001", &lat)},
		{ID: "b"},
		{ID: "c", Arret: arret("MAIRIE de l'Honor de Cos", "46001", &lat)},
		{ID: "d", Arret: arret("Mairie de L’Honor-de-Cos", "46001", &ailleurs)},
		{ID: "e", Arret: arret("Mairie de L’Honor-de-Cos", "46001", &lat), Services: []string{"Autre"}},
		{ID: "f", Arret: arret("Мэрия", "2A004", nil)},
		{ID: "g", Arret: &Arret{Nom: "?"}},
	}}
	groupes := l.Passages()
	if diff := cmp.Diff([][]int{{0, 2}, {3}, {4}, {5}, {6}}, groupes); diff != "" {
		t.Errorf("stops (-want +got):\n%s", diff)
	}
	want := []string{"mairie-de-l-honor-de-cos", "mairie-de-l-honor-de-cos-n2hrf7m6", "mairie-de-l-honor-de-cos-f3wvh3p3", "2a004", "arret"}
	if diff := cmp.Diff(want, l.IDPassages(groupes)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// TestConsoliderGardeLesEditions: an import keeps what people decided.
func TestConsoliderGardeLesEditions(t *testing.T) {
	l := lieuEdition()
	if _, err := l.AjouterException(Exception{Du: Date{2026, 12, 24}}, jourEdition); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Verifier(jourEdition, "moi", jourEdition), l.DireHoraires(SensLieu)); err != nil {
		t.Fatal(err)
	}
	fiche := Fiche{Flux: "fs", Cle: "1", DateMaj: Date{2026, 1, 1}, Permanences: []Permanence{{ID: "p1", Regle: "Th 10:00-12:00"}}}
	got := Consolider(*l, []Fiche{fiche}, nil)
	if diff := cmp.Diff(l.Exceptions, got.Exceptions); diff != "" {
		t.Errorf("exceptions (-want +got):\n%s", diff)
	}
	if len(got.Permanences) != 2 || got.Permanences[0].Regle != "Th 10:00-12:00" || got.Permanences[1].ID != "saisie" {
		t.Errorf("permanences: %+v", got.Permanences)
	}
	if got.SensHoraires != SensLieu || got.VerifieLe != jourEdition || got.Preuve.Date != jourEdition || got.Champs.DateMaj != jourEdition {
		t.Errorf("sense %q, checked %s, proof %+v", got.SensHoraires, got.VerifieLe, got.Preuve)
	}
}

func TestCorrigerHoraires(t *testing.T) {
	le := time.Date(2026, 11, 24, 10, 30, 0, 5, time.FixedZone("", 3600))
	fiches := []Fiche{{Flux: "f", Cle: "1", Lieu: "l", Champs: map[Champ]string{ChampNom: "Un", ChampHoraires: "Mo 09:00-12:00"}}}
	l := Consolider(Lieu{ID: "l"}, fiches, nil)
	corriger := func(texte string) {
		t.Helper()
		if err := l.CorrigerHoraires(texte, "Jeanne", le); err != nil {
			t.Fatal(err)
		}
		l = Consolider(l, fiches, nil)
	}
	wantHoraires := func(horaires, source string) {
		t.Helper()
		if c := l.Corrections[ChampHoraires]; l.Champs.Horaires != horaires || c.ValeurSource != source {
			t.Errorf("hours %q over %q, want %q over %q", l.Champs.Horaires, c.ValeurSource, horaires, source)
		}
	}
	avant := l
	corriger("  Tu 09:00-12:00; PH off ")
	wantHoraires("Tu 09:00-12:00; PH off", "Mo 09:00-12:00")
	if got, want := l.Corrections[ChampHoraires].Le, time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC); got != want {
		t.Errorf("on %v, want %v", got, want)
	}
	if avant.Corrections != nil {
		t.Error("another copy of the place has changed")
	}
	corriger("We 09:00-12:00") // over a correction: what is beneath is still the source's
	wantHoraires("We 09:00-12:00", "Mo 09:00-12:00")
	corriger("")
	wantHoraires("", "Mo 09:00-12:00")
	l = Consolider(l, fiches, nil)
	wantHoraires("", "Mo 09:00-12:00")

	fiches[0].Champs[ChampHoraires] = "Th 09:00-12:00" // the source has changed its mind: the person is asked
	l = Consolider(l, fiches, nil)
	wantHoraires("", "Mo 09:00-12:00")
	if r := l.Corrections[ChampHoraires]; !r.ARevoir || r.Source != "Th 09:00-12:00" {
		t.Errorf("%+v", r)
	}
	corriger("Fr 09:00-12:00")
	wantHoraires("Fr 09:00-12:00", "Th 09:00-12:00")

	wantRefus(t, l.CorrigerHoraires("Mo 9h", "Jeanne", le), Invalide, "horaires", "à partir du caractère 5")
	wantRefus(t, l.CorrigerHoraires(strings.Repeat("Mo 09:00-12:00; ", 300)+"PH off", "Jeanne", le), Invalide, "horaires", "4000")
	wantRefus(t, l.CorrigerHoraires("", " ", le), Invalide, "auteur", "qui donne")
	wantHoraires("Fr 09:00-12:00", "Th 09:00-12:00")
}
