package rapproche_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// fiche makes a record of one commune from pairs of column and value.
func fiche(cle string, valeurs ...string) mednum.Fiche {
	f := mednum.Fiche{Flux: "essai", Cle: cle, Champs: map[mednum.Champ]string{
		mednum.ChampPivot: mednum.PivotInconnu, mednum.ChampCommune: "Essai-sur-Tarn", mednum.ChampCodePostal: "82999",
	}}
	for i := 0; i < len(valeurs); i += 2 {
		f.Champs[mednum.Champ(valeurs[i])] = valeurs[i+1]
	}
	return f
}

func guichet(cle string, valeurs ...string) mednum.Fiche {
	f := fiche(cle, append([]string{"itinerance", "Fixe"}, valeurs...)...)
	f.Familles = []mednum.Famille{mednum.FamilleFranceServices}
	return f
}

func labellisee(f mednum.Fiche) mednum.Fiche {
	f.Remarques = append(f.Remarques, mednum.Remarque{Champ: mednum.ChampDispositifs, Avant: "France Services", ARevoir: true})
	return f
}

func TestMemeLieu(t *testing.T) {
	tests := []struct {
		name    string
		a, b    mednum.Fiche
		want    bool
		raisons []string
	}{
		{
			"one house, one phone, one e-mail, names that differ",
			fiche("1", "nom", "Point Information Jeunesse d'Essai", "adresse", "1 Rue du collège", "telephone", "+33500000001", "courriels", "pij@essai.fr"),
			fiche("2", "nom", "PIJ / Cyber base", "adresse", "1 Rue du Collège", "telephone", "+33500000001", "courriels", "pij@essai.fr"),
			true,
			[]string{"Même adresse", "Même téléphone", "Même courriel"},
		},
		{
			"a letter more in a long word of the street, same kind of place",
			guichet("1", "nom", "France services d'Essai-sur-Tarn", "adresse", "9 Rue François Faugères", "telephone", "+33500000001"),
			fiche("2", "nom", "France Services Essai-sur-Tarn", "adresse", "9 rue françois faugère", "telephone", "+33500000001"),
			true,
			[]string{"Même adresse", "Même téléphone", "Même nom"},
		},
		{
			"the association that runs the France services",
			guichet("1", "nom", "France services d'Essai", "adresse", "29 avenue Jean Exemple", "telephone", "+33500000001", "courriels", "contact@essai.fr"),
			fiche("2", "nom", "Association Inter-Essai", "typologie", "ASSO", "adresse", "29 AV JEAN EXEMPLE", "telephone", "+33500000001", "courriels", "contact@essai.fr"),
			true,
			[]string{"Même adresse", "Même téléphone", "Même courriel"},
		},
		{
			"the employer with the label, at the address of the France services",
			guichet("1", "nom", "France services d'Essai", "adresse", "23 Place de la Mairie", "courriels", "fs@cc-essai.fr"),
			labellisee(fiche("2", "nom", "Communauté de communes Essai", "typologie", "CC", "adresse", "23 place de la Mairie", "courriels", "accueil@cc-essai.fr")),
			true,
			[]string{"Même adresse", "Label France services et même domaine de courriel"},
		},
		{
			"the label, but the domain is anyone's",
			guichet("1", "nom", "France services d'Essai", "adresse", "23 Place de la Mairie", "courriels", "fs.essai@orange.fr"),
			labellisee(fiche("2", "nom", "Communauté de communes Essai", "typologie", "CC", "adresse", "23 place de la Mairie", "courriels", "cc.essai@orange.fr")),
			false,
			[]string{"Même adresse"},
		},
		{
			"two services in one house",
			guichet("1", "nom", "France services d'Essai", "adresse", "1 place de la Gare", "telephone", "+33500000001"),
			fiche("2", "nom", "Mission locale d'Essai", "adresse", "1 PL DE LA GARE", "telephone", "+33500000002"),
			false,
			[]string{"Même adresse", "Lieux de nature différente"},
		},
		{
			"mairie and médiathèque with one switchboard",
			fiche("1", "nom", "Mairie d'Essai-sur-Tarn", "adresse", "2 place Haute", "telephone", "+33500000001", "courriels", "mairie@essai.fr"),
			fiche("2", "nom", "Médiathèque d'Essai-sur-Tarn", "adresse", "2 place Haute", "telephone", "+33500000001", "courriels", "mairie@essai.fr"),
			false,
			[]string{"Même adresse", "Même téléphone", "Même courriel", "Lieux de nature différente"},
		},
		{
			"one phone, another number in the street",
			guichet("1", "nom", "France services d'Essai", "adresse", "90 avenue Jean Exemple", "telephone", "+33500000001"),
			fiche("2", "nom", "CC Essai", "adresse", "120 rue Jean Exemple", "telephone", "+33500000001"),
			false,
			[]string{"Même téléphone", "Adresses différentes"},
		},
		{
			"a post office and the France services of La Poste elsewhere in town",
			guichet("1", "nom", "France services La Poste d'Essai-sur-Tarn", "adresse", "Place de l'Église"),
			fiche("2", "nom", "La Poste d'Essai-sur-Tarn", "adresse", "1 PL DES TEMPLIERS"),
			false,
			[]string{"Lieux de nature différente", "Adresses différentes"},
		},
		{
			"one point, the commune's centre, and two addresses",
			fiche("1", "nom", "Association A", "adresse", "10 rue Haute", "latitude", "44.022", "longitude", "1.3736"),
			fiche("2", "nom", "Ligue B", "adresse", "709 boulevard Bas", "latitude", "44.022", "longitude", "1.3736"),
			false,
			[]string{"Adresses différentes"},
		},
		{
			"two mairies of two communes",
			fiche("1", "nom", "Mairie de Haut", "commune", "Haut", "adresse", "Mairie"),
			fiche("2", "nom", "Mairie de Bas", "commune", "Bas", "adresse", "Mairie"),
			false,
			[]string{"Communes différentes"},
		},
		{
			"an address that is only a word, and two names",
			fiche("1", "nom", "Club informatique", "adresse", "Mairie", "telephone", "+33500000001"),
			fiche("2", "nom", "Mairie d'Essai-sur-Tarn", "adresse", "MAIRIE", "telephone", "+33500000001"),
			false,
			[]string{"Même adresse, sans numéro", "Même téléphone"},
		},
		{
			"the itinerant service and the office of its seat",
			guichet("1", "nom", "France services d'Essai", "adresse", "7 allée Haute", "telephone", "+33500000001", "itinerance", "Itinérant"),
			fiche("2", "nom", "France services d'Essai", "adresse", "7 allée Haute", "telephone", "+33500000001"),
			false,
			[]string{"Même adresse", "Même téléphone", "Même nom", "L’un est itinérant, l’autre non"},
		},
		{
			"two rows of the France Services list are two places",
			guichet("1", "nom", "France services d'Essai", "adresse", "7 allée Haute", "telephone", "+33500000001"),
			guichet("2", "nom", "France services d'Essai", "adresse", "7 allée Haute", "telephone", "+33500000001"),
			false,
			[]string{"Même adresse", "Même téléphone", "Même nom", "Deux lignes de la liste France services"},
		},
		{
			"two establishments of one association",
			fiche("1", "nom", "Association A", "pivot", "12345678900011", "adresse", "1 rue Haute", "telephone", "+33500000001"),
			fiche("2", "nom", "Association A", "pivot", "12345678900029", "adresse", "1 rue Haute", "telephone", "+33500000001"),
			false,
			[]string{"Même adresse", "Même téléphone", "Même nom", "SIRET différents"},
		},
		{
			"one SIRET and one name, the street unknown to one",
			fiche("1", "nom", "Atelier A", "pivot", "12345678900011", "adresse", "Adresse non précisée"),
			fiche("2", "nom", "Atelier A", "pivot", "12345678900011", "adresse", "1 rue Haute"),
			true,
			[]string{"Même nom", "Même SIRET"},
		},
		{
			"fourteen zeros are no identity",
			fiche("1", "nom", "Atelier A"),
			fiche("2", "nom", "Atelier A"),
			false,
			[]string{"Même nom"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, paire := range [][2]mednum.Fiche{{tt.a, tt.b}, {tt.b, tt.a}} {
				got, raisons := rapproche.MemeLieu(&paire[0], &paire[1])
				if got != tt.want {
					t.Errorf("MemeLieu = %v, want %v (%q)", got, tt.want, raisons)
				}
				if diff := cmp.Diff(tt.raisons, raisons); diff != "" {
					t.Errorf("raisons (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestGroupes(t *testing.T) {
	fs := guichet("fs", "nom", "France services d'Essai", "adresse", "1 rue Haute", "telephone", "+33500000001", "courriels", "fs@essai.fr")
	double := fiche("cn", "nom", "France services d'Essai", "adresse", "1 rue Haute", "telephone", "+33500000001", "courriels", "fs@essai.fr")
	tiers := fiche("as", "nom", "Essai solidaire", "typologie", "ASSO", "adresse", "1 rue Haute", "telephone", "+33500000001", "courriels", "fs@essai.fr")
	mairie := fiche("ma", "nom", "Mairie d'Essai-sur-Tarn", "adresse", "1 rue Haute", "telephone", "+33500000001", "courriels", "fs@essai.fr")
	autre := fiche("au", "nom", "Association A", "adresse", "3 rue Basse")

	tests := []struct {
		name   string
		fiches []mednum.Fiche
		want   [][]int
	}{
		{"none", nil, [][]int{}},
		{"each alone", []mednum.Fiche{mairie, autre}, [][]int{{0}, {1}}},
		{"three records of one place", []mednum.Fiche{autre, double, fs, tiers}, [][]int{{0}, {1, 2, 3}}},
		// The association is sure with both; they contradict each other.
		{"a member that contradicts stays out", []mednum.Fiche{tiers, fs, mairie}, [][]int{{0, 1}, {2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, rapproche.Groupes(tt.fiches)); diff != "" {
				t.Errorf("Groupes (-want +got):\n%s", diff)
			}
		})
	}
}
