package mednum

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var leEdition = time.Date(2026, 11, 25, 10, 0, 0, 500, time.UTC)

func TestSaisir(t *testing.T) {
	for _, tt := range []struct {
		name  string
		champ Champ
		texte string
		want  string
		mots  string // of the refusal
	}{
		{"a name", ChampNom, "  Mairie d’Auvillar ", "Mairie d’Auvillar", ""},
		{"a name is needed", ChampNom, " ", "", "Indiquez le nom"},
		{"a header in a name", ChampNom, "Mairie\r\nBcc: tous@exemple.fr", "", "sur une ligne"},
		{"a lone return", ChampNom, "Mairie\rBcc", "", "sur une ligne"},
		{"a line separator", ChampNom, "Mairie\u2028x", "", "sur une ligne"},
		{"a zero byte", ChampNom, "Mairie\x00", "", "U+0000"},
		{"a text that turns round", ChampNom, "Mairie\u202egnp", "", "U+202E"},
		{"bytes of another alphabet", ChampNom, "Mairie\xe9", "", "abîmé"},
		{"a name of 200", ChampNom, strings.Repeat("é", 200), strings.Repeat("é", 200), ""},
		{"a name of 201", ChampNom, strings.Repeat("é", 201), "", "201 caractères"},
		{"a summary of 280", ChampPresentationResume, strings.Repeat("é", 280), strings.Repeat("é", 280), ""},
		{"a summary of 283", ChampPresentationResume, strings.Repeat("é", 283), "", "283 caractères\u00a0: raccourcissez-le à 280"},
		{"details on two lines", ChampPresentationDetail, "un\r\ndeux", "un\ndeux", ""},
		{"a tab in details", ChampPresentationDetail, "un\tdeux", "", "U+0009"},
		{"details too long", ChampPresentationDetail, strings.Repeat("a", 4001), "", "4001"},
		{"a phone as people write it", ChampTelephone, "05 63 00 00 01", "+33563000001", ""},
		{"a phone with dots", ChampTelephone, "05.63.00.00.01", "+33563000001", ""},
		{"a phone of La Réunion", ChampTelephone, "0262 00 00 01", "+262262000001", ""},
		{"a phone of the standard", ChampTelephone, "+33563000001", "+33563000001", ""},
		{"no phone", ChampTelephone, "", "", ""},
		{"a short number", ChampTelephone, "3949", "", "dix chiffres"},
		{"two numbers", ChampTelephone, "05 63 00 00 01 / 06 00 00 00 02", "", "un seul numéro"},
		{"a number and words", ChampTelephone, "0563000001 (mairie)", "", "n’est pas un numéro"},
		{"e-mails", ChampCourriels, "Mairie@Exemple.fr|aide@exemple.fr|aide@exemple.fr", "mairie@exemple.fr|aide@exemple.fr", ""},
		{"no e-mail", ChampCourriels, "mairie(at)exemple.fr", "", "adresse électronique"},
		{"a copy in an e-mail", ChampCourriels, "a@exemple.fr\nBcc: b@exemple.fr", "", "sur une ligne"},
		{"a site as people write it", ChampSiteWeb, "www.exemple.fr", "https://www.exemple.fr", ""},
		{"sites", ChampSiteWeb, "https://a.exemple.fr|http://b.exemple.fr/c?d=e@f", "https://a.exemple.fr|http://b.exemple.fr/c?d=e@f", ""},
		{"a script", ChampSiteWeb, "javascript:alert(1)", "", "adresse de page"},
		{"another protocol", ChampPriseRDV, "ftp://exemple.fr", "", "adresse de page"},
		{"a site behind a name", ChampPriseRDV, "https://exemple.fr@ailleurs.fr/", "", "adresse de page"},
		{"an e-mail for a site", ChampFicheAccesLibre, "a@exemple.fr", "", "adresse de page"},
		{"a site without a dot", ChampPriseRDV, "mairie", "", "adresse de page"},
		{"services", ChampServices, "Aide aux démarches administratives|Loisirs et créations numériques", "Aide aux démarches administratives|Loisirs et créations numériques", ""},
		{"a service almost written so", ChampServices, "aide aux demarches administratives", "", "écrivez «\u00a0Aide aux démarches"},
		{"a service of no standard", ChampServices, "Couture", "", "Choisissez parmi"},
		{"a public", ChampPublics, "Seniors", "Seniors", ""},
		{"care of no standard", ChampPriseEnCharge, "Autre", "", "Choisissez parmi"},
		{"fees", ChampFraisACharge, "Gratuit", "Gratuit", ""},
		{"access", ChampModalitesAcces, "Se présenter|Téléphoner", "Se présenter|Téléphoner", ""},
		{"a way to help", ChampModalitesAccompagn, "En autonomie", "En autonomie", ""},
		{"programmes", ChampDispositifs, "Aidants Connect", "Aidants Connect", ""},
		{"labels", ChampFormationsLabels, "Étapes numériques (La Poste)", "", "numériques(La Poste)"},
		{"other labels", ChampAutresFormationsLabels, "A|B", "A|B", ""},
		{"51 labels", ChampAutresFormationsLabels, listeDe(51), "", "51 valeurs"},
		{"a parent", ChampStructureParente, "Communauté de communes", "Communauté de communes", ""},
		{"a type", ChampTypologie, "CCAS", "CCAS", ""},
		{"a type of no standard", ChampTypologie, "XX", "", "type de structure"},
		{"a SIRET with spaces", ChampPivot, "123 456 789 00012", "12345678900012", ""},
		{"a postal code of four", ChampCodePostal, "8220", "", "5 chiffres"},
		{"an INSEE code", ChampCodeInsee, "2A004", "2A004", ""},
		{"no INSEE code", ChampCodeInsee, "821", "", "code INSEE"},
		{"hours", ChampHoraires, "Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00", ""},
		{"hours that cannot be read", ChampHoraires, "lundi 9h", "", "Mo-Fr"},
		{"hours too long", ChampHoraires, strings.Repeat("Mo 09:00-12:00; ", 260), "", "octets"},
		{"the id", ChampID, "x", "", "ne change jamais"},
		{"the source", ChampSource, "x", "", "se déduit"},
		{"the date", ChampDateMaj, "2026-01-01", "", "vérifié"},
		{"the latitude", ChampLatitude, "44", "", "ensemble"},
		{"a column of no standard", "couleur", "x", "", "v1.0.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Saisir(tt.champ, tt.texte)
			if tt.mots != "" {
				wantRefus(t, err, Invalide, string(tt.champ), tt.mots)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func listeDe(n int) string {
	var valeurs []string
	for i := range n {
		valeurs = append(valeurs, fmt.Sprint("label ", i))
	}
	return strings.Join(valeurs, "|")
}

// Every column that a person may set is named for people, and can be set.
func TestCorrigeable(t *testing.T) {
	n := 0
	for _, champ := range ChampsNorme {
		if champ.Libelle() == string(champ) && champ != ChampID {
			t.Errorf("%s has no name", champ)
		}
		if champ.Corrigeable() {
			n++
		}
	}
	if n != 27 || Champ("couleur").Corrigeable() {
		t.Errorf("%d columns, want 27", n)
	}
}

func fichesCorriger(nom, lat, lon string) []Fiche {
	return []Fiche{{Flux: "fs", Cle: "1", Champs: map[Champ]string{ChampNom: nom, ChampLatitude: lat, ChampLongitude: lon}}}
}

func TestCorriger(t *testing.T) {
	avant := Consolider(Lieu{ID: "3k7xcdfh"}, fichesCorriger("Source", "44", "1"), nil)
	l := avant
	if err := l.Corriger(ChampNom, " Mairie ", "compte:a", leEdition); err != nil {
		t.Fatal(err)
	}
	if len(avant.Corrections) > 0 {
		t.Error("the place that it was made of changed")
	}
	l = Consolider(l, fichesCorriger("Source", "44", "1"), nil)
	want := Correction{Valeur: "Mairie", ValeurSource: "Source", Auteur: "compte:a", Le: leEdition.Truncate(time.Second)}
	if d := cmp.Diff(want, l.Corrections[ChampNom]); d != "" || l.Champs.Nom != "Mairie" {
		t.Errorf("%s: %s", l.Champs.Nom, d)
	}
	// A second correction still knows what the source says.
	if err := l.Corriger(ChampNom, "Mairie 2", "compte:b", leEdition); err != nil || l.Corrections[ChampNom].ValeurSource != "Source" {
		t.Errorf("%v, %+v", err, l.Corrections[ChampNom])
	}
	autre := Consolider(l, fichesCorriger("Source nouvelle", "44", "1"), nil)
	if r := autre.Corrections[ChampNom]; autre.Champs.Nom != "Mairie 2" || !r.ARevoir || r.Source != "Source nouvelle" {
		t.Errorf("a source that moved: %q, %+v", autre.Champs.Nom, r)
	}
	// Whoever writes again has seen what the source says now.
	if err := autre.Corriger(ChampNom, "Mairie 3", "compte:b", leEdition); err != nil || autre.Corrections[ChampNom].ValeurSource != "Source nouvelle" {
		t.Errorf("%v, %+v", err, autre.Corrections[ChampNom])
	}
	l.LeverCorrection(ChampNom)
	if l = Consolider(l, fichesCorriger("Source", "44", "1"), nil); l.Champs.Nom != "Source" {
		t.Errorf("given back: %q", l.Champs.Nom)
	}
	wantRefus(t, l.Corriger(ChampNom, "x", " ", leEdition), Invalide, "auteur", "Dites qui")
}

// direQuestions says what the sources contradict: latitude and longitude are one
// question.
func direQuestions(l *Lieu) (dites string) {
	for _, q := range l.Questions() {
		dites += ","
		for _, champ := range q.Champs {
			dites += " " + l.Corrections[champ].Source
		}
		dites += " says " + q.Origine.Fiche
	}
	return dites
}

func TestDeplacer(t *testing.T) {
	fiches := fichesCorriger("Un", "44", "1")
	l := Consolider(Lieu{ID: "3k7xcdfh"}, fiches, nil)
	if err := l.Deplacer(44.12345678, -0.00000001, "compte:a", leEdition); err != nil {
		t.Fatal(err)
	}
	l = Consolider(l, fiches, nil)
	if *l.Champs.Latitude != 44.123457 || l.Champs.Valeur(ChampLongitude) != "0" || l.Precision != PrecisionMain {
		t.Errorf("%v %v %s", *l.Champs.Latitude, *l.Champs.Longitude, l.Precision)
	}
	for _, tt := range []struct{ name, lat, lon, want string }{
		{"the source repeats", "44", "1", "44.123457 0 main"},
		{"the latitude moved", "44.2", "1", "44.123457 0 main, 44.2 1 says fs/1"},
		{"the longitude moved", "44", "1.2", "44.123457 0 main, 44 1.2 says fs/1"},
		{"the source says the same as the person", "44.123457", "0", "44.123457 0 main"},
		{"the source has no position", "", "", "44.123457 0 main"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := Consolider(l, fichesCorriger("Un", tt.lat, tt.lon), nil)
			if got := l.Champs.Valeur(ChampLatitude) + " " + l.Champs.Valeur(ChampLongitude) + " " + string(l.Precision) + direQuestions(&l); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	l.LeverCorrection(ChampLongitude)
	if l = Consolider(l, fiches, nil); *l.Champs.Latitude != 44 || l.Precision != PrecisionRue {
		t.Errorf("given back: %v %s", *l.Champs.Latitude, l.Precision)
	}
	nan := 0.0
	for _, p := range [][2]float64{{91, 0}, {0, 181}, {nan / nan, 1}} {
		wantRefus(t, l.Deplacer(p[0], p[1], "a", leEdition), Invalide, "latitude", "hors de la Terre")
	}
}

func TestErrors(t *testing.T) {
	_, un := Saisir(ChampNom, "")
	_, deux := Saisir(ChampID, "x")
	err := fmt.Errorf("lieu: %w", errors.Join(un, nil, deux))
	liste := Errors(err)
	if len(liste) != 2 || liste[0].Champ != "nom" || liste[1].Champ != "id" || Errors(nil) != nil {
		t.Errorf("%v", liste)
	}
}
