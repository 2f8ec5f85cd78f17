package norme

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestNommer(t *testing.T) {
	const siretCommune = "21820086300015"
	tests := []struct{ name, ecrit, commune, pivot, want string }{
		{"town hall by its SIRET", "LAFITTE", "Lafitte", siretCommune, "Mairie de Lafitte"},
		{"a name that is the commune's, without the SIRET", "LAFITTE", "Lafitte", mednum.PivotInconnu, "Lafitte"},
		{"only Mairie", "MAIRIE", "Donzac", "", "Mairie de Donzac"},
		{"commune de", "COMMUNE DE CAUMONT", "Caumont", "", "Mairie de Caumont"},
		{"elision by a space", "COMMUNE D ESSEY LES ESSAI", "Essey-les-Essai", "", "Mairie d'Essey-les-Essai"},
		{"article", "Mairie Le Fauga", "Le Fauga", "", "Mairie du Fauga"},
		{"plural article", "COMMUNE DES BARTHES", "Les Barthes", "", "Mairie des Barthes"},
		{"feminine article", "Mairie La Ville Dieu du Temple", "La Ville-Dieu-du-Temple", "", "Mairie de La Ville-Dieu-du-Temple"},
		{"mairie annexe is another place", "Mairie annexe", "Lafitte", "", "Mairie annexe"},
		{"mission locale", "MIS LOCAL INSERTION PROF JEUNES TARN GNE", "Caussade", "", "Mission locale de Caussade"},
		{"udaf", "UNION DEP ASSOCIATIONS FAMILIALES", "Montauban", "", "Union départementale des associations familiales (UDAF)"},
		{"département", "DEPARTEMENT DU TARN ET GARONNE", "Montauban", "", "Département du Tarn-et-Garonne"},
		{"number", "GERONTO 82", "Montauban", "", "Géronto 82"},
		{"elisions", "ASSOCIATION L'AGE D'OR DU BRULHOIS", "Dunes", "", "Association L'Âge d'or du Brulhois"},
		{"sigle kept", "CC GRAND SUD TARN ET GARONNE", "Labastide-Saint-Pierre", "", "CC Grand Sud Tarn-et-Garonne"},
		{"word left out", "LIGUE ENSEIGNEMENT TARN GARONNE", "Montauban", "", "Ligue de l'enseignement Tarn-et-Garonne"},
		{"la poste", "LA POSTE", "La Ville-Dieu-du-Temple", "", "La Poste de La Ville-Dieu-du-Temple"},
		{"sigle in brackets", "ASSOCIATION D'ESSAI (ADE)", "Haut", "", "Association d'Essai (ADE)"},
		{"sigle before the commune", "Mds Montech", "Montech", "", "MDS de Montech"},
		{"commune in small letters", "Mairie de labourgade", "Labourgade", "", "Mairie de Labourgade"},
		{"a good name stays", "Centre Social du Grand Essai : La Comète", "Essai", "", "Centre Social du Grand Essai : La Comète"},
		{"a sigle alone gets its commune", "CCAS", "Auvillar", "", "CCAS d'Auvillar"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatConseillers.flux, mednum.Date{})
			b.nommer(tt.ecrit, tt.commune, tt.pivot)
			if got := b.fiche.Champs[mednum.ChampNom]; got != tt.want {
				t.Errorf("nommer(%q) = %q, want %q", tt.ecrit, got, tt.want)
			}
			if tt.ecrit != tt.want && (len(b.fiche.Remarques) != 1 || b.fiche.Remarques[0].Avant != tt.ecrit) {
				t.Errorf("the name as written is lost: %+v", b.fiche.Remarques)
			}
		})
	}
}

func TestSiretDeCommune(t *testing.T) {
	tests := []struct {
		name, siret string
		want        bool
	}{
		{"commune", "21820086300015", true},
		{"wrong control digit", "21820086400015", false},
		{"département", "22820001000012", false},
		{"CCAS", "26820101900018", false},
		{"SIREN only", "218200863", false},
		{"unknown", mednum.PivotInconnu, false},
		{"letters", "21820086A00015", false},
	}
	for _, tt := range tests {
		if got := siretDeCommune(tt.siret); got != tt.want {
			t.Errorf("%s: siretDeCommune(%q) = %v", tt.name, tt.siret, got)
		}
	}
}

func TestEcrireCommune(t *testing.T) {
	tests := []struct{ ecrit, want string }{
		{"LA VILLE DIEU DU TEMPLE", "La Ville-Dieu-du-Temple"},
		{"DURFORT LACAPELETTE", "Durfort-Lacapelette"},
		{"Beaumont-de-lomagne", "Beaumont-de-Lomagne"},
		{"saint-cirice", "Saint-Cirice"},
		{"ST BRIEUC", "Saint-Brieuc"},
		{"L'ISLE EN ESSAI", "L'Isle-en-Essai"},
		{"PARIS 15E", "Paris 15e"},
		{"Creully sur Seulles", "Creully sur Seulles"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := ecrireCommune(tt.ecrit); got != tt.want {
			t.Errorf("ecrireCommune(%q) = %q, want %q", tt.ecrit, got, tt.want)
		}
	}
}

func TestEcrireAdresse(t *testing.T) {
	tests := []struct{ ecrit, want string }{
		{"29 AV JEAN BAYLET", "29 avenue Jean Baylet"},
		{"3 PL ALEXANDRE 1ER", "3 place Alexandre 1er"},
		{"12 BIS R DU 8 MAI 1945", "12 bis rue du 8 mai 1945"},
		{"1 PL DE L HOTEL DE VILLE", "1 place de l'Hôtel de Ville"},
		{"LE BOURG", "Le Bourg"},
		{"MAIRIE", "Mairie"},
		{"12-14 Grand'Rue", "12-14 Grand'Rue"},
		{"ZA DES ESSAIS", "ZA des Essais"},
	}
	for _, tt := range tests {
		if got := ecrireAdresse(tt.ecrit); got != tt.want {
			t.Errorf("ecrireAdresse(%q) = %q, want %q", tt.ecrit, got, tt.want)
		}
	}
}

func TestAppeler(t *testing.T) {
	tests := []struct{ name, ecrit, want, detail string }{
		{"spaces", "05 63 00 00 01", "+33563000001", ""},
		{"dots", "05.63.00.00.01", "+33563000001", ""},
		{"slashes", "05/63/00/00/01", "+33563000001", ""},
		{"already right", "+33563000001", "+33563000001", ""},
		{"zero in brackets", "+33 (0)5 63 00 00 01", "+33563000001", ""},
		{"double zero", "0033563000001", "+33563000001", ""},
		{"lost zero", "563000001", "+33563000001", ""},
		{"grouped by three", "0 805 000 001", "+33805000001", ""},
		{"two numbers", "05 63 00 00 01 / 06 00 00 00 02", "+33563000001", "Autre téléphone : +33600000002."},
		{"La Réunion", "0262 00 00 01", "+262262000001", ""},
		{"Mayotte", "02 69 00 00 01", "+262269000001", ""},
		{"Mayotte under the Comoros' code", "+269269000001", "+262269000001", ""},
		{"Martinique", "0596000001", "+596596000001", ""},
		{"short number", "39 39", "", "Téléphone : 39 39."},
		{"no number", "voir le site", "", "Téléphone : voir le site."},
		{"empty", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatFranceServices.flux, mednum.Date{Annee: 2024, Mois: 1, Jour: 1})
			b.appeler(tt.ecrit)
			b.finir()
			c := b.fiche.Champs
			if c[mednum.ChampTelephone] != tt.want || c[mednum.ChampPresentationDetail] != tt.detail {
				t.Errorf("appeler(%q) = %q, detail %q", tt.ecrit, c[mednum.ChampTelephone], c[mednum.ChampPresentationDetail])
			}
		})
	}
}

func TestPersonnel(t *testing.T) {
	tests := []struct {
		adresse string
		want    bool
	}{
		{"jean.exemple@essai.fr", true},
		{"exemple.marie@gmail.com", true},
		{"j.exemple@essai.fr", true},
		{"exemple-p@essai.fr", true},
		{"marie@essai.fr", true},
		{"marie.exemple.ccas@essai.fr", true},
		{"direction.exemple.quelconque@gmail.com", true},
		{"accueil@essai.fr", false},
		{"direction@essai.fr", false},
		{"contact.essai@gmail.com", false},
		{"franceservices.haut@cc-essai.fr", false},
		{"la-ville-dieu-du-temple@france-services.gouv.fr", false},
		{"mairie.caumont82@wanadoo.fr", false},
		{"mairie-la.ville.dieu.du.temple@info82.com", false},
		{"pij82.castelsarrasin@crij.org", false},
		{"saint-pierre@essai.fr", false}, // the place's own name
		{"agedoressai@gmail.com", false},
	}
	for _, tt := range tests {
		if got := personnel(tt.adresse, "Lieu d’essai Saint-Pierre"); got != tt.want {
			t.Errorf("personnel(%q) = %v, want %v", tt.adresse, got, tt.want)
		}
	}
}

func TestNettoyer(t *testing.T) {
	tests := []struct{ name, ecrit, want string }{
		{"entities", "A &amp; B &amp;amp; C", "A & B & C"},
		{"breaks and tags", "A<br />B<br>C <b>D</b>", "A\nB\nC D"},
		{"escapes", `l\x27\xE9cole \u2013 A`, "l'école – A"},
		{"utf-8 read as windows-1252", "MÃ©diathÃ¨que", "Médiathèque"},
		{"a good accent stays", "Château de Pâques", "Château de Pâques"},
		{"hard spaces", "A\u00a0:\u202fB", "A : B"},
		{"a replacement gone astray", "france-serendez-vousices", "france-services"},
		{"a true appointment", "Prise de rendez-vous", "Prise de rendez-vous"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := nettoyer(tt.ecrit); got != tt.want {
				t.Errorf("nettoyer(%q) = %q, want %q", tt.ecrit, got, tt.want)
			}
		})
	}
}

// semaineEssai is open Monday to Friday, 9–12 and 14–17.
func semaineEssai() (jours [7][]horaires.Plage) {
	for j := range 5 {
		jours[j] = []horaires.Plage{{Debut: 9 * 60, Fin: 12 * 60}, {Debut: 14 * 60, Fin: 17 * 60}}
	}
	return jours
}

func TestRecevoir(t *testing.T) {
	const tout = "Mo-Fr 09:00-12:00,14:00-17:00"
	tests := []struct {
		name, prise, commentaire string
		modalites, horaires      string
		aRevoir                  bool
	}{
		{"no appointment", "Non", "", "Se présenter|Téléphoner", tout, false},
		{"an appointment can be taken", "Oui", "", "Téléphoner", tout, false},
		{"appointment advised", "Oui", "Prise de rendez-vous conseillée", "Téléphoner", tout, false},
		{"with or without", "Oui", "Nous recevons avec ou sans rendez-vous.", "Se présenter|Téléphoner", tout, false},
		{"only by appointment, against the column", "Non", "UNIQUEMENT SUR RDV", "Téléphoner", tout + ` "sur rendez-vous"`, true},
		{
			"afternoons", "Non", "Sur rendez-vous uniquement les après-midi.", "Se présenter|Téléphoner",
			`Mo-Fr 09:00-12:00, Mo-Fr 14:00-17:00 "sur rendez-vous"`, true,
		},
		{
			"one day", "Oui", "Sur rendez-vous le jeudi", "Se présenter|Téléphoner",
			`Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00,14:00-17:00 "sur rendez-vous"`, false,
		},
		{
			"all but one half", "Oui", "Sur rendez-vous du lundi au vendredi sauf mercredi matin", "Se présenter|Téléphoner",
			`Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00 "sur rendez-vous", We 09:00-12:00, We 14:00-17:00 "sur rendez-vous"`, false,
		},
		{
			"a half before a day", "Oui", "Sur RDV les après-midis et le lundi matin", "Se présenter|Téléphoner",
			`Mo 09:00-12:00,14:00-17:00 "sur rendez-vous", Tu-Fr 09:00-12:00, Tu-Fr 14:00-17:00 "sur rendez-vous"`, false,
		},
		{"not understood, but exclusive", "Non", "Le jour du marché, uniquement sur rendez-vous à la salle", "Téléphoner", tout, true},
		{"not understood", "Non", "Fermé la semaine de Noël", "Se présenter|Téléphoner", tout, false},
		{"column unknown", "", "", "", tout, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatFranceServices.flux, mednum.Date{})
			b.recevoir(semaineEssai(), nil, tt.prise, tt.commentaire)
			c := b.fiche.Champs
			if diff := cmp.Diff([]string{tt.modalites, tt.horaires}, []string{c[mednum.ChampModalitesAcces], c[mednum.ChampHoraires]}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := len(b.fiche.Remarques) > 0; got != tt.aRevoir {
				t.Errorf("remarks %+v, want some: %v", b.fiche.Remarques, tt.aRevoir)
			}
		})
	}
}

// TestRendezVousJamaisOuvert: hours by appointment are unknown with their
// comment, the others open, whichever way the rules are written.
func TestRendezVousJamaisOuvert(t *testing.T) {
	tests := []struct {
		name, commentaire string
		heure             int // of Monday 3 March 2025
		want              horaires.Etat
	}{
		{"by appointment", "Uniquement sur rendez-vous le lundi", 10, horaires.Inconnu},
		{"morning walk-in", "Sur rendez-vous les après-midi", 10, horaires.Ouvert},
		{"afternoon by appointment", "Sur rendez-vous les après-midi", 15, horaires.Inconnu},
		{"between", "Sur rendez-vous les après-midi", 13, horaires.Ferme},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrouillon(formatFranceServices.flux, mednum.Date{})
			b.recevoir(semaineEssai(), nil, "Oui", tt.commentaire)
			e, err := horaires.Parse(b.fiche.Champs[mednum.ChampHoraires])
			if err != nil {
				t.Fatal(err)
			}
			r := e.A(time.Date(2025, 3, 3, tt.heure, 0, 0, 0, time.UTC), horaires.Calendrier{Lieu: time.UTC})
			if r.Etat != tt.want || r.Etat == horaires.Inconnu && r.Commentaire != "sur rendez-vous" {
				t.Errorf("%s: %v %q, want %v", e, r.Etat, r.Commentaire, tt.want)
			}
		})
	}
}

// TestRecevoirJours: what the column of a day says of appointments.
func TestRecevoirJours(t *testing.T) {
	jeudi := creneau{jour: 3, plages: []horaires.Plage{{Debut: 14 * 60, Fin: 17 * 60}}}
	b := newBrouillon(formatFranceServices.flux, mednum.Date{})
	b.recevoir(semaineEssai(), []creneau{jeudi}, "Non", "")
	want := []string{`Mo-We,Fr 09:00-12:00,14:00-17:00, Th 09:00-12:00, Th 14:00-17:00 "sur rendez-vous"`, "Se présenter|Téléphoner"}
	if diff := cmp.Diff(want, []string{b.fiche.Champs[mednum.ChampHoraires], b.fiche.Champs[mednum.ChampModalitesAcces]}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(b.fiche.Remarques) != 1 || b.fiche.Remarques[0].Motif != "les horaires d’un jour demandent un rendez-vous, la colonne prise_rdv dit Non" {
		t.Errorf("remarks %+v", b.fiche.Remarques)
	}
}

func TestLireTournee(t *testing.T) {
	type arret struct {
		Regle, Nom, Commune string
		RendezVous          bool
	}
	const jour = " 09:00-12:00,14:00-17:00"
	tests := []struct {
		name, commentaire string
		want              []arret
	}{
		{"odd and even weeks", "Lundi : Haut (semaines paires) / Bas (semaines impaires). Mardi : Val sur RDV", []arret{
			{"week 02-52/2 Mo" + jour, "Haut", "Haut", false}, {"week 01-53/2 Mo" + jour, "Bas", "Bas", false}, {"Tu" + jour, "Val", "Val", true},
		}},
		{"halves of days", "Itinérance : lundi matin : Écluse // lundi après-midi : Mairie de Val // mardi : Haut", []arret{
			{"Mo 09:00-12:00", "Écluse", "Écluse", false}, {"Mo 14:00-17:00", "Mairie de Val", "Val", false}, {"Tu" + jour, "Haut", "Haut", false},
		}},
		{"own hours", "Lundi 14h30-17h Haut / Mardi 9h30-12h Bas", []arret{
			{"Mo 14:30-17:00", "Haut", "Haut", false}, {"Tu 09:30-12:00", "Bas", "Bas", false},
		}},
		{"sectors", "Secteur 1 : MDS de Haut, Mairies d'Aval, Le Bas./Secteur2: Mds Val site A, B", []arret{
			{"", "MDS de Haut", "Haut", false},
			{"", "Mairie d'Aval", "Aval", false},
			{"", "Mairie du Bas", "Le Bas", false},
			{"", "MDS Val site A", "Val", false},
			{"", "MDS Val site B", "Val", false},
		}},
		{"one day is not a round", "Lundi : Haut", nil},
		{"a list of communes", "Haut, Bas, Val", nil},
		{"days in a sentence", "Tous les lundis à Haut, se référer au site pour le mardi", nil},
		{"a week that is not closed", "Lundi : Haut (semaines paires) Bas. Mardi : Val", nil},
		{"nth weeks", "Lundi : Haut (1er et 3e du mois). Mardi : Val", nil},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []arret
			for _, p := range lireTournee(tt.commentaire, semaineEssai()) {
				got = append(got, arret{p.Regle, p.Arret.Nom, p.Arret.Commune, p.RendezVous})
				if _, err := horaires.Parse(p.Regle); p.Regle != "" && err != nil {
					t.Errorf("regle %q: %v", p.Regle, err)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLireAntenne(t *testing.T) {
	tests := []struct{ name, commentaire, regle, nom string }{
		{
			"with a closing and a phone", "Antenne sur la Commune de Val de Bas du lundi au vendredi de 8h30 à 12h et de 13h30 à 17h (fermé le mercredi après-midi) 05 00 00 00 05 et relais@bas.fr",
			"Mo,Tu,Th,Fr 08:30-12:00,13:30-17:00; We 08:30-12:00", "Antenne de Val-de-Bas",
		},
		{"in a house that is named", "Permanence à la médiathèque de Val le jeudi de 10h30 à 12h30", "Th 10:30-12:30", "Médiathèque de Val"},
		{"without hours", "Antenne à Val le lundi matin", "", ""},
		{"a sentence", "Antenne sur la commune de Val dans les locaux de la médiathèque le lundi de 9h à 12h", "", ""},
		{"something more", "Antenne à Val le lundi de 9h à 12h, sauf en août", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, ok := lireAntenne(tt.commentaire)
			if ok != (tt.regle != "") {
				t.Fatalf("ok = %v: %+v", ok, p)
			}
			if ok && (p.Regle != tt.regle || p.Arret.Nom != tt.nom) {
				t.Errorf("%q at %q, want %q at %q", p.Regle, p.Arret.Nom, tt.regle, tt.nom)
			}
		})
	}
}
