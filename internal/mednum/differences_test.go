package mednum

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func encodeLieu(t *testing.T, l Lieu) string {
	t.Helper()
	texte, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(texte)
}

// lieuPrive has an account wherever one can be.
func lieuPrive() Lieu {
	const auteur = "compte:SECRET"
	p := Permanence{ID: "p", Regle: mardi, Compte: "SECRET"}
	return Lieu{
		ID: "3k7xcdfh", VerifiePar: auteur, Permanences: []Permanence{p},
		Corrections: map[Champ]Correction{ChampNom: {Valeur: "x", Auteur: auteur}, ChampTelephone: {Auteur: "cli"}},
		Provenance:  map[Champ]Origine{ChampNom: {Compte: auteur}},
		Retouches:   map[string]Retouche{"p": {Cachee: true, Compte: "SECRET", Auteur: auteur}, "q": {Compte: "SECRET", Auteur: auteur}},
		Attentes:    []Attente{{ID: "a", Auteur: auteur, Champs: map[Champ]string{ChampNom: "SECRET"}}},
	}
}

func TestDifferences(t *testing.T) {
	depart := func() *Lieu {
		lat, lon := 44.0, 1.0
		return &Lieu{
			Statut: StatutPublie, Precision: PrecisionRue, SensHoraires: SensLieu, VerifieLe: Date{2026, 1, 1},
			Champs:      Champs{Nom: "Un", Services: []string{"a", "b"}, Horaires: lundi, Latitude: &lat, Longitude: &lon, DateMaj: Date{2026, 1, 1}},
			Permanences: []Permanence{{ID: "p", Regle: mardi, Intitule: "Atelier"}},
			Exceptions:  []Exception{{ID: "e", Du: Date{2026, 12, 24}, Au: Date{2026, 12, 24}, Permanence: "p"}},
		}
	}
	lat := 44.5
	for _, tt := range []struct {
		name   string
		change func(*Lieu)
		want   string
	}{
		{"nothing", func(*Lieu) {}, ""},
		{"who", func(l *Lieu) {
			l.VerifiePar = "compte:b"
			l.Version = 9
			l.Corrections = map[Champ]Correction{ChampNom: {}}
		}, ""},
		{"a name", func(l *Lieu) { l.Champs.Nom = "Deux" }, "nom|Nom|Un|Deux"},
		{"a list", func(l *Lieu) { l.Champs.Services = []string{"a"} }, "services|Aide proposée|a, b|a"},
		{"hours", func(l *Lieu) { l.Champs.Horaires = "" }, "horaires|Horaires|Mo 09:00-12:00|"},
		{"the position", func(l *Lieu) { l.Champs.Latitude, l.Precision = &lat, PrecisionMain }, "position|Position sur la carte|44, 1 (à l’adresse)|44.5, 1 (placée à la main)"},
		{"a permanence", func(l *Lieu) { l.Permanences[0].TousLes = 2 }, "permanence|Permanence (Atelier)|Tu 09:00-12:00, Atelier|Tu 09:00-12:00, une semaine sur 2, Atelier"},
		{"one more", func(l *Lieu) { l.Permanences = append(l.Permanences, Permanence{ID: "q", Regle: jeudi, Compte: "a"}) }, "permanence|Permanence (Th 09:00-12:00)||Th 09:00-12:00\npermanence.compte|Personne qui tient la permanence (Th 09:00-12:00)||a"},
		{"one less", func(l *Lieu) { l.Permanences = nil }, "permanence|Permanence (Atelier)|Tu 09:00-12:00, Atelier|"},
		{"who holds it", func(l *Lieu) { l.Permanences[0].Compte = "a" }, "permanence.compte|Personne qui tient la permanence (Atelier)||a"},
		{"an exception", func(l *Lieu) { l.Exceptions[0].Motif = "congés" }, "exception|Fermeture ou ouverture exceptionnelle (Atelier)|fermé le 2026-12-24|fermé le 2026-12-24 (congés)"},
		{"an exception more", func(l *Lieu) {
			l.Exceptions = append(l.Exceptions, Exception{ID: "f", Du: Date{2026, 12, 1}, Au: Date{2026, 12, 2}, Ouvert: true, Plages: "09:00-10:00"})
		}, "exception|Fermeture ou ouverture exceptionnelle||ouvert du 2026-12-01 au 2026-12-02, 09:00-10:00"},
		{"the sense of hours", func(l *Lieu) { l.SensHoraires = SensAide }, "sens_horaires|Ce que disent les horaires|les horaires du lieu|les horaires de l’aide"},
		{"closed", func(l *Lieu) { l.Statut, l.Fermeture = StatutFerme, &Fermeture{Le: Date{2026, 2, 1}, Motif: "fin"} }, "statut|État du lieu|publié|fermé définitivement le 2026-02-01 (fin)"},
		{"checked", func(l *Lieu) { l.VerifieLe, l.Champs.DateMaj = Date{2026, 3, 1}, Date{2026, 3, 1} }, "verifie_le|Vérification|2026-01-01|2026-03-01"},
		{"a newer source", func(l *Lieu) { l.Champs.DateMaj = Date{2026, 3, 1} }, "date_maj|Date de mise à jour|2026-01-01|2026-03-01"},
		{"something waits", func(l *Lieu) {
			l.Attentes = []Attente{{ID: "a", Champs: map[Champ]string{ChampAdresse: "1 rue", ChampNom: "Trois"}}}
		}, "attente|Changement en attente||Nom\u00a0: Trois\u00a0; Adresse\u00a0: 1 rue"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			apres := depart()
			tt.change(apres)
			if d := cmp.Diff(tt.want, ecrire(Differences(depart(), apres))); d != "" {
				t.Error(d)
			}
		})
	}
	if n := len(Differences(nil, depart())); n != 9 {
		t.Errorf("%d differences of a new place: %s", n, ecrire(Differences(nil, depart())))
	}
}

func ecrire(liste []Difference) string {
	var lignes []string
	for _, d := range liste {
		lignes = append(lignes, fmt.Sprintf("%s|%s|%s|%s", d.Champ, d.Libelle, d.Avant, d.Apres))
	}
	return strings.Join(lignes, "\n")
}

func TestRestaurer(t *testing.T) {
	ancien := &Lieu{
		Statut: StatutFerme, Fermeture: &Fermeture{Le: jourEdition}, VerifieLe: Date{2026, 1, 1}, VerifiePar: "a", SensHoraires: SensAide,
		Corrections: map[Champ]Correction{ChampNom: {Valeur: "Ancien"}}, Exceptions: []Exception{{ID: "e"}},
		Permanences: []Permanence{{ID: "p", Regle: mardi}, {ID: "f", Fiche: "fs/1", Regle: "ancienne"}},
		Retouches:   map[string]Retouche{"f": {Cachee: true}}, Attentes: []Attente{{ID: "ancienne"}},
	}
	l := Lieu{
		ID: "l", Statut: StatutPublie, Champs: Champs{Nom: "Neuf"}, Attentes: []Attente{{ID: "neuve"}}, VerifieLe: jourEdition,
		Permanences: []Permanence{{ID: "f", Fiche: "fs/1", Regle: "neuve"}, {ID: "q", Regle: jeudi}},
	}
	avant := l
	l.Restaurer(ancien)
	want := *ancien
	want.ID, want.Champs, want.Attentes = "l", Champs{Nom: "Neuf"}, []Attente{{ID: "neuve"}}
	want.Permanences = []Permanence{{ID: "f", Fiche: "fs/1", Regle: "neuve"}, {ID: "p", Regle: mardi}}
	if d := cmp.Diff(want, l); d != "" {
		t.Error(d)
	}
	if !SensiblesChangent(&avant, &l) || SensiblesChangent(&l, &l) {
		t.Error("a name and a closing are sensitive")
	}
	propose := Lieu{Statut: StatutPropose}
	l.Restaurer(&propose)
	if l.Statut != StatutFerme || l.Fermeture == nil {
		t.Errorf("a place went back to %s", l.Statut)
	}
}
