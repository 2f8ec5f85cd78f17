package rapproche_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

func TestComparer(t *testing.T) {
	tests := []struct {
		name    string
		a, b    string
		want    rapproche.Verdict
		raisons []string // for, then against
	}{
		{
			"one house, one phone, one e-mail, names that differ",
			"nom=Point Information Jeunesse d'Essai ; adresse=1 Rue du collège ; tel=1 ; mail=pij@essai.fr",
			"nom=PIJ / Cyber base ; adresse=1 Rue du Collège ; tel=1 ; mail=pij@essai.fr",
			rapproche.Sur,
			[]string{"Même adresse", "Même téléphone", "Même courriel", "Lieux de même nature"},
		},
		{
			"a letter more in a long word of the street, same kind of place",
			"liste ; nom=France services d'Essai-sur-Tarn ; adresse=9 Rue François Faugères ; tel=1",
			"nom=France Services Essai-sur-Tarn ; adresse=9 rue françois faugère ; tel=1",
			rapproche.Sur,
			[]string{"Même adresse", "Même téléphone", "Même nom"},
		},
		{
			"the association that runs the France services",
			"liste ; nom=France services d'Essai ; adresse=29 avenue Jean Exemple ; tel=1 ; mail=contact@essai.fr",
			"nom=Association Inter-Truc ; typo=ASSO ; adresse=29 AV JEAN EXEMPLE ; tel=1 ; mail=contact@essai.fr",
			rapproche.Sur,
			[]string{"Même adresse", "Même téléphone", "Même courriel", "Noms différents", "L’un peut seulement porter l’autre"},
		},
		{
			"the employer with the label, at the address of the France services",
			"liste ; nom=France services d'Essai ; adresse=23 Place de la Mairie ; mail=fs@cc-essai.fr",
			"label ; nom=Communauté de communes Essai ; typo=CC ; adresse=23 place de la Mairie ; mail=accueil@cc-essai.fr",
			rapproche.Sur,
			[]string{"Même adresse", "Même domaine de courriel", "Même nom, hors nature du lieu", "Label France services", "L’un peut seulement porter l’autre"},
		},
		{
			"the label, but the domain is anyone's",
			"liste ; nom=France services d'Essai ; adresse=23 Place de la Mairie ; mail=fs.essai@orange.fr",
			"label ; nom=Communauté de communes Essai ; typo=CC ; adresse=23 place de la Mairie ; mail=cc.essai@orange.fr",
			rapproche.Sur,
			[]string{"Même adresse", "Même nom, hors nature du lieu", "Label France services", "L’un peut seulement porter l’autre"},
		},
		{
			"the label, and another phone: the employer may be elsewhere in the house",
			"liste ; nom=France services d'Essai ; adresse=23 place de la Gare ; tel=1",
			"label ; nom=Communauté de communes Essai ; typo=CC ; adresse=23 place de la Gare ; tel=2",
			rapproche.Doute,
			[]string{"Même adresse", "Même nom, hors nature du lieu", "Label France services", "L’un peut seulement porter l’autre", "Téléphones différents"},
		},
		{
			"a week that is nobody else's, at one address, under two phones",
			"liste ; nom=France services d'Essai ; adresse=28 Grande Rue ; tel=1 ; horaires=Mo,Tu 09:00-12:00; We 14:00-18:00",
			"nom=Mairie d'Essai ; adresse=28 Grande Rue ; tel=2 ; horaires=Mo-Tu 09:00-12:00; We 14:00-18:00",
			rapproche.Sur,
			[]string{"Même adresse", "Même nom, hors nature du lieu", "Mêmes horaires, peu courants", "L’un peut seulement porter l’autre", "Téléphones différents"},
		},
		{
			"a week that thousands have",
			"liste ; nom=France services d'Essai ; adresse=28 Grande Rue ; tel=1 ; horaires=Mo-Fr 09:00-12:00,14:00-17:00",
			"nom=Mairie d'Essai ; adresse=28 Grande Rue ; tel=2 ; horaires=Mo-Fr 09:00-12:00,14:00-17:00",
			rapproche.Doute,
			[]string{"Même adresse", "Même nom, hors nature du lieu", "Mêmes horaires", "L’un peut seulement porter l’autre", "Téléphones différents"},
		},
		{
			"two sites of one association, under the address and the SIRET of its seat",
			"nom=Relais Zibeline (site de Hauteville) ; adresse=75 rue Haute ; pivot=73282932000074",
			"nom=Relais Zibeline (site des Marronniers) ; adresse=75 rue Haute ; pivot=73282932000074",
			rapproche.Distincts,
			[]string{"Même adresse", "Noms en partie communs", "Même SIRET", "Deux sites d’un même organisme"},
		},
		{
			"a service of the town hall, whose own street is in the complement",
			"nom=Mairie d'Essai ; adresse=Place de l'Hôtel de Ville ; pivot=73282932000074",
			"nom=Mairie d'Essai ; adresse=Place de l'Hôtel de Ville ; dans=Point information jeunesse; 9 rue Basse ; pivot=73282932000074",
			rapproche.Doute,
			[]string{"Même adresse, sans numéro", "Même nom", "Même SIRET", "Lieux de même nature", "Le complément d’adresse donne une autre rue"},
		},
		{
			"its own name in the e-mail address of the other",
			"liste ; nom=France services d'Essai ; adresse=51 rue Haute ; mail=atelier17@essai.fr",
			"label ; nom=L'Atelier 17 ; adresse=1 rue Basse",
			rapproche.Doute,
			[]string{"Label France services", "Le nom de l’un est dans le courriel de l’autre", "Adresses différentes", "Noms différents"},
		},
		{
			"the page of one is on the e-mail domain of the other",
			"liste ; nom=France services d'Essai ; adresse=3 rue Haute ; tel=1 ; mail=fs@essai-intercom.fr",
			"label ; nom=Pôle solidaire ; adresse=3 rue Haute ; tel=2 ; site=https://www.essai-intercom.fr/pole",
			rapproche.Sur,
			[]string{"Même adresse", "Même domaine de courriel", "Label France services", "Noms différents", "Téléphones différents"},
		},
		{
			"the label and the domain, on a square without a number",
			"liste ; nom=France services d'Essai ; adresse=Place Haute ; tel=1 ; mail=fs@mairie-essai.fr",
			"label ; nom=Mairie d'Essai-sur-Tarn ; adresse=Place Haute ; tel=2 ; mail=accueil@mairie-essai.fr",
			rapproche.Doute,
			[]string{"Même adresse, sans numéro", "Même domaine de courriel", "Label France services", "L’un peut seulement porter l’autre", "Téléphones différents"},
		},
		{
			"the town hall, and the post office that is the France services, at one address",
			"liste ; nom=France services La Poste d'Essai-sur-Tarn ; adresse=2 place Haute ; tel=1",
			"label ; nom=Mairie d'Essai-sur-Tarn ; adresse=2 place Haute",
			rapproche.Doute,
			[]string{"Même adresse", "Label France services", "L’un peut seulement porter l’autre"},
		},
		{
			"a vague address contradicts no street",
			"nom=Relais Zibeline ; adresse=Le Bourg ; mail=contact@zibeline.fr",
			"nom=Relais Zibeline ; adresse=20 route Haute ; mail=contact@zibeline.fr",
			rapproche.Doute,
			[]string{"Même courriel", "Même nom", "Adresse trop vague"},
		},
		{
			"one name and one week, two streets",
			"nom=Maison pour tous Zibeline ; adresse=12 avenue Haute ; horaires=Mo 09:00-12:00; Tu 14:00-18:00",
			"nom=Maison pour tous Zibeline ; adresse=12 allée Creuse ; horaires=Mo 09:00-12:00; Tu 14:00-18:00",
			rapproche.Doute,
			[]string{"Même nom", "Lieux de même nature", "Mêmes horaires, peu courants", "Adresses différentes"},
		},
		{
			"a number stuck to its street",
			"nom=Zibeline ; adresse=2avenue de la Gare",
			"nom=Zibeline ; adresse=2 avenue de la Gare",
			rapproche.Sur,
			[]string{"Même adresse", "Même nom"},
		},
		{
			"the corner of two streets, one organisation",
			"nom=Atelier Vert ; adresse=3 rue Haute ; pivot=73282932000074 ; lat=44.1 ; lon=1.1",
			"nom=Ruche ; adresse=8 rue Basse ; pivot=73282932000074 ; lat=44.1001 ; lon=1.1",
			rapproche.Doute,
			[]string{"Même SIRET", "À 11 m", "Adresses différentes", "Noms différents"},
		},
		{
			"one SIRET, one street, two numbers",
			"nom=Relais Zibeline ; adresse=663 rue Haute ; pivot=73282932000074 ; tel=1",
			"nom=Relais Zibeline ; adresse=601 rue Haute ; pivot=73282932000074",
			rapproche.Doute,
			[]string{"Même nom", "Même SIRET", "Même rue, autre numéro"},
		},
		{
			"two services in one house",
			"liste ; nom=France services d'Essai ; adresse=1 place de la Gare ; tel=1",
			"nom=Mission locale d'Essai ; adresse=1 PL DE LA GARE ; tel=2",
			rapproche.Distincts,
			[]string{"Même adresse", "Même nom, hors nature du lieu", "Lieux de nature différente", "Téléphones différents"},
		},
		{
			"mairie and médiathèque with one switchboard",
			"nom=Mairie d'Essai-sur-Tarn ; adresse=2 place Haute ; tel=1 ; mail=mairie@essai.fr",
			"nom=Médiathèque d'Essai-sur-Tarn ; adresse=2 place Haute ; tel=1 ; mail=mairie@essai.fr",
			rapproche.Distincts,
			[]string{"Même adresse", "Même téléphone", "Même courriel", "Lieux de nature différente"},
		},
		{
			"one phone, another number in the street",
			"liste ; nom=France services d'Essai ; adresse=90 avenue Jean Exemple ; tel=1",
			"nom=CC Autre ; adresse=120 rue Jean Exemple ; tel=1",
			rapproche.Doute,
			[]string{"Même téléphone", "Adresses différentes", "Noms différents", "L’un peut seulement porter l’autre"},
		},
		{
			"a post office and the France services of La Poste elsewhere in town",
			"liste ; nom=France services La Poste d'Essai-sur-Tarn ; adresse=Place de l'Église",
			"nom=La Poste d'Essai-sur-Tarn ; adresse=1 PL DES TEMPLIERS",
			rapproche.Distincts,
			[]string{"Même nom", "Adresses différentes"},
		},
		{
			"one point, the commune's centre, and two addresses",
			"nom=Association Alpha ; adresse=10 rue Haute ; lat=44.022 ; lon=1.3736 ; centre",
			"nom=Ligue Bravo ; adresse=709 boulevard Bas ; lat=44.022 ; lon=1.3736 ; centre",
			rapproche.Distincts,
			[]string{"Adresses différentes", "Noms différents"},
		},
		{
			"an address that is only a word, and two names",
			"nom=Club informatique ; adresse=Mairie ; tel=1",
			"nom=Mairie d'Essai-sur-Tarn ; adresse=MAIRIE ; tel=1",
			rapproche.Doute,
			[]string{"Même téléphone", "Adresse trop vague"},
		},
		{
			"the itinerant service and the office of its seat",
			"liste ; nom=France services d'Essai ; adresse=7 allée Haute ; tel=1 ; itinerance=Itinérant",
			"nom=France services d'Essai ; adresse=7 allée Haute ; tel=1",
			rapproche.Doute,
			[]string{"Même adresse", "Même téléphone", "Même nom", "Lieux de même nature", "L’un est itinérant, l’autre non"},
		},
		{
			"one SIRET and one name, the street unknown to one",
			"nom=Atelier Zibeline ; pivot=73282932000074 ; adresse=Adresse non précisée",
			"nom=Atelier Zibeline ; pivot=73282932000074 ; adresse=1 rue Haute",
			rapproche.Sur,
			[]string{"Même nom", "Même SIRET"},
		},
		{
			"two establishments of one legal unit, one house, one phone, one name",
			"nom=Association Zibeline ; pivot=73282932000074 ; adresse=1 rue Haute ; tel=1",
			"nom=Association Zibeline ; pivot=73282932000017 ; adresse=1 rue Haute ; tel=1",
			rapproche.Sur, // Conseillers numériques rows give either of them
			[]string{"Même adresse", "Même téléphone", "Même nom", "Même SIREN"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := deux(tt.a, tt.b)
			for _, paire := range [][2]*mednum.Fiche{{&a, &b}, {&b, &a}} {
				c := rapproche.Comparer(paire[0], paire[1])
				if c.Verdict != tt.want {
					t.Errorf("verdict %v, score %.2f, want %v", c.Verdict, c.Score, tt.want)
				}
				if diff := cmp.Diff(tt.raisons, append(c.Raisons, c.Contre...)); diff != "" {
					t.Errorf("raisons (-want +got):\n%s", diff)
				}
				if c.Score < 0 || c.Score > 1 || (c.Score >= rapproche.SeuilDoute) != (c.Verdict != rapproche.Distincts) || (c.Score >= rapproche.SeuilSur) != (c.Verdict == rapproche.Sur) {
					t.Errorf("score %.2f of verdict %v", c.Score, c.Verdict)
				}
			}
		})
	}
}

// TestPairesFaites: pairs of the kinds that real files have, made up, so that
// they are proved without these files. "oui" is one place, merged or at least
// asked; "sur" must be merged; "non" must not be merged, nor asked; "pas sur"
// must not be merged.
func TestPairesFaites(t *testing.T) {
	var m mesure
	for _, ligne := range strings.Split(strings.TrimSpace(pairesFaites), "\n") {
		c := strings.Split(ligne, " | ")
		a, b := deux(c[1], c[2])
		got := rapproche.Comparer(&a, &b)
		inverse := rapproche.Comparer(&b, &a)
		if diff := cmp.Diff(got, inverse); diff != "" {
			t.Errorf("%s: not symmetric:\n%s", ligne, diff)
		}
		v := got.Verdict
		if ok := map[string]bool{"sur": v == rapproche.Sur, "oui": v != rapproche.Distincts, "non": v == rapproche.Distincts, "pas sur": v != rapproche.Sur}[c[0]]; !ok {
			t.Errorf("%s\n  verdict %v, score %.2f: %q %q", ligne, v, got.Score, got.Raisons, got.Contre)
		}
		m.compter(v, c[0] == "sur" || c[0] == "oui")
	}
	if n := strings.Count(strings.TrimSpace(pairesFaites), "\n") + 1; n < 60 {
		t.Errorf("only %d pairs", n)
	}
	if m.precision() < 1 || m.rappel() < 0.9 {
		t.Errorf("precision %.3f, recall %.3f", m.precision(), m.rappel())
	}
}

// FuzzComparer: no text makes it panic, lean to one side, or leave the scale.
func FuzzComparer(f *testing.F) {
	for _, ligne := range strings.Split(strings.TrimSpace(pairesFaites), "\n") {
		c := strings.Split(ligne, " | ")
		a, b := deux(c[1], c[2])
		f.Add(a.Cle, a.Champs[mednum.ChampNom], a.Champs[mednum.ChampAdresse], a.Champs[mednum.ChampCommune], b.Cle, b.Champs[mednum.ChampNom], b.Champs[mednum.ChampAdresse], a.Champs[mednum.ChampPivot])
	}
	f.Add("a__b", "1 1 a", "1 a", "", "__", "a'b", "0 bis", "-1")
	f.Fuzz(func(t *testing.T, cle, nom, adresse, commune, cle2, nom2, adresse2, autre string) {
		faire := func(cle, nom, adresse string) mednum.Fiche {
			return mednum.Fiche{Flux: "a", Cle: cle, Champs: map[mednum.Champ]string{
				mednum.ChampNom: nom, mednum.ChampAdresse: adresse, mednum.ChampCommune: commune, mednum.ChampCodePostal: "82000", mednum.ChampComplementAdresse: nom2,
				mednum.ChampPivot: autre, mednum.ChampTelephone: autre, mednum.ChampCourriels: autre, mednum.ChampLatitude: autre, mednum.ChampLongitude: autre,
			}}
		}
		a, b := faire(cle, nom, adresse), faire(cle2, nom2, adresse2)
		c := rapproche.Comparer(&a, &b)
		if diff := cmp.Diff(c, rapproche.Comparer(&b, &a)); diff != "" {
			t.Errorf("not symmetric:\n%s", diff)
		}
		if c.Score < 0 || c.Score > 1 {
			t.Errorf("score %v", c.Score)
		}
		rapproche.Grouper([]mednum.Fiche{a, b}, rapproche.Savoir{})
	})
}
