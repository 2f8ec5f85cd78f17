package mednum_test

import (
	"encoding/json"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

func degres(v float64) *float64 { return &v }

func champsJustes() mednum.Champs {
	return mednum.Champs{
		ID: "23456789", Pivot: "43493312300029", Nom: "Anonymal", Commune: "Reims",
		CodePostal: "51100", CodeInsee: "51454", Adresse: "12 bis rue de Leclercq",
		Latitude: degres(43.52609), Longitude: degres(5.41423),
		Typologie: []string{"TIERS_LIEUX", "ASSO"}, Telephone: "+33180059880",
		Courriels: []string{"contact@laquincaillerie.tl"}, SiteWeb: []string{"https://www.laquincaillerie.tl/"},
		Horaires: "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00", Itinerance: []string{"Fixe"},
		DateMaj: mednum.Date{Annee: 2024, Mois: 4, Jour: 2}, Services: mednum.Vocabulaire(mednum.ChampServices),
		Publics: mednum.Vocabulaire(mednum.ChampPublics), PriseEnCharge: mednum.Vocabulaire(mednum.ChampPriseEnCharge),
		FraisACharge: []string{"Gratuit sous condition"}, Dispositifs: mednum.Vocabulaire(mednum.ChampDispositifs),
		FormationsLabels: mednum.Vocabulaire(mednum.ChampFormationsLabels), AutresFormationsLabels: []string{"Label et la bête"},
		ModalitesAcces: mednum.Vocabulaire(mednum.ChampModalitesAcces), ModalitesAccompagn: mednum.Vocabulaire(mednum.ChampModalitesAccompagn),
		FicheAccesLibre: "https://acceslibre.beta.gouv.fr/app/x/", PriseRDV: "https://www.rdv-solidarites.fr/",
	}
}

func TestValidate_Juste(t *testing.T) {
	complet := champsJustes()
	minimal := mednum.Champs{
		ID: "x", Pivot: mednum.PivotInconnu, Nom: "Mairie de Caumont", Commune: "Caumont",
		CodePostal: "82210", Adresse: "Le bourg", DateMaj: mednum.Date{Annee: 2022, Mois: 5, Jour: 9},
	}
	for name, champs := range map[string]mednum.Champs{"every column": complet, "required columns only": minimal} {
		t.Run(name, func(t *testing.T) {
			if got := champs.Validate(); got != nil {
				t.Errorf("Validate() = %v, want nil", got)
			}
		})
	}
}

func TestValidate_Faux(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*mednum.Champs)
		champ   mednum.Champ
		message string // a part of it: what to do
	}{
		{"no id", func(c *mednum.Champs) { c.ID = "" }, "id", "Donnez un identifiant"},
		{"no pivot", func(c *mednum.Champs) { c.Pivot = "" }, "pivot", "écrivez quatorze zéros"},
		{"pivot with spaces", func(c *mednum.Champs) { c.Pivot = "434 933 123" }, "pivot", "sans espace"},
		{"pivot too long", func(c *mednum.Champs) { c.Pivot = strings.Repeat("1", 15) }, "pivot", "9 à 14"},
		{"no nom", func(c *mednum.Champs) { c.Nom = "" }, "nom", "Indiquez le nom"},
		{"blank nom", func(c *mednum.Champs) { c.Nom = " \t" }, "nom", "Indiquez le nom"},
		{"no commune", func(c *mednum.Champs) { c.Commune = "" }, "commune", "Indiquez la commune"},
		{"no code_postal", func(c *mednum.Champs) { c.CodePostal = "" }, "code_postal", "Indiquez le code postal"},
		{"lost leading zero", func(c *mednum.Champs) { c.CodePostal = "9000" }, "code_postal", "écrivez 5 chiffres"},
		{"newline after a code", func(c *mednum.Champs) { c.CodePostal = "82000\n" }, "code_postal", "écrivez 5 chiffres"},
		{"INSEE 20", func(c *mednum.Champs) { c.CodeInsee = "20004" }, "code_insee", "comme 46042 ou 2A004"},
		{"INSEE 2a", func(c *mednum.Champs) { c.CodeInsee = "2a004" }, "code_insee", "comme 46042 ou 2A004"},
		{"no adresse", func(c *mednum.Champs) { c.Adresse = "" }, "adresse", "Indiquez l’adresse"},
		{"latitude", func(c *mednum.Champs) { c.Latitude = degres(90.1) }, "latitude", "90.1"},
		{"latitude not a number", func(c *mednum.Champs) { c.Latitude = degres(math.NaN()) }, "latitude", "degrés décimaux"},
		{"longitude", func(c *mednum.Champs) { c.Longitude = degres(-180.5) }, "longitude", "degrés décimaux"},
		{"half a position", func(c *mednum.Champs) { c.Longitude = nil }, "longitude", "ensemble"},
		{"other half", func(c *mednum.Champs) { c.Latitude = nil }, "latitude", "ensemble"},
		{"typologie", func(c *mednum.Champs) { c.Typologie = []string{"ASSO", "COMMUNE"} }, "typologie", "un de ses codes"},
		{"national telephone", func(c *mednum.Champs) { c.Telephone = "05 63 30 20 20" }, "telephone", "comme +33"},
		{"two telephones", func(c *mednum.Champs) { c.Telephone = "+33180059880|+33180059881" }, "telephone", "un seul numéro"},
		{"telephone of elsewhere", func(c *mednum.Champs) { c.Telephone = "+3421234567" }, "telephone", "comme +33"},
		{"courriel", func(c *mednum.Champs) { c.Courriels = []string{"a@b.fr", "mairie.fr"} }, "courriels", "mairie.fr"},
		{"site without scheme", func(c *mednum.Champs) { c.SiteWeb = []string{"www.moissac.fr"} }, "site_web", "https://"},
		{"site with a script", func(c *mednum.Champs) { c.SiteWeb = []string{"javascript:alert(1)"} }, "site_web", "https://"},
		{"site without a dot", func(c *mednum.Champs) { c.SiteWeb = []string{"http://moissac"} }, "site_web", "https://"},
		{"hours in French", func(c *mednum.Champs) { c.Horaires = "Mo 9h-12h" }, "horaires", "caractère 5 : il faut"},
		{"presentation_resume", func(c *mednum.Champs) { c.PresentationResume = strings.Repeat("é", 281) }, "presentation_resume", "281 caractères"},
		{"hours of the phone", func(c *mednum.Champs) { c.Horaires = "sur rendez-vous" }, "horaires", "comme Mo-Fr 09:00-12:00"},
		{"no date_maj", func(c *mednum.Champs) { c.DateMaj = mednum.Date{} }, "date_maj", "AAAA-MM-JJ"},
		{"itinerance", func(c *mednum.Champs) { c.Itinerance = []string{"Mobile"} }, "itinerance", "Itinérant, Fixe"},
		{"service of v0", func(c *mednum.Champs) { c.Services = []string{"Accéder à du matériel"} }, "services", "Choisissez parmi"},
		{"unanchored pattern", func(c *mednum.Champs) { c.Services = []string{"rubbish|Aide aux démarches administratives"} }, "services", "Choisissez parmi"},
		{"publics", func(c *mednum.Champs) { c.Publics = []string{"Tous"} }, "publics_specifiquement_adresses", "Seniors"},
		{"prise en charge", func(c *mednum.Champs) { c.PriseEnCharge = []string{"Langues étrangères"} }, "prise_en_charge_specifique", "(autres)"},
		{"frais", func(c *mednum.Champs) { c.FraisACharge = []string{"gratuit"} }, "frais_a_charge", "écrivez «\u00a0Gratuit\u00a0»"},
		{"dispositif", func(c *mednum.Champs) { c.Dispositifs = []string{"CNFS"} }, "dispositif_programmes_nationaux", "Conseillers numériques"},
		{"label with a space", func(c *mednum.Champs) { c.FormationsLabels = []string{"Étapes numériques (La Poste)"} }, "formations_labels", "écrivez «\u00a0Étapes numériques(La Poste)\u00a0»"},
		{"modalites_acces", func(c *mednum.Champs) { c.ModalitesAcces = []string{"Ce lieu n’accueille pas de public"} }, "modalites_acces", "n'accueille"},
		{"modalites_accompagnement", func(c *mednum.Champs) { c.ModalitesAccompagn = []string{"À plusieurs"} }, "modalites_accompagnement", "En autonomie"},
		{"fiche_acces_libre", func(c *mednum.Champs) { c.FicheAccesLibre = "oui" }, "fiche_acces_libre", "https://"},
		{"prise_rdv", func(c *mednum.Champs) { c.PriseRDV = "Non" }, "prise_rdv", "https://"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			champs := champsJustes()
			tt.change(&champs)
			erreurs := champs.Validate()
			if len(erreurs) != 1 {
				t.Fatalf("Validate() = %v, want one error", erreurs)
			}
			e := erreurs[0]
			if e.Code != mednum.Invalide || e.Champ != string(tt.champ) || !strings.Contains(e.Message, tt.message) {
				t.Errorf("got %v, want champ %s and a message with %q", e, tt.champ, tt.message)
			}
		})
	}
}

func TestValidate_OrdreDuStandard(t *testing.T) {
	champs := mednum.Champs{Longitude: degres(2), Services: []string{"x", "y"}}
	var got []string
	for _, e := range champs.Validate() {
		got = append(got, e.Champ)
	}
	want := []string{"id", "pivot", "nom", "commune", "code_postal", "adresse", "latitude", "date_maj", "services", "services"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A message is French: a space that does not break before a colon, no
// English word of the validator.
func TestValidate_MessagesEnFrancais(t *testing.T) {
	champs := mednum.Champs{
		Pivot: "?", CodePostal: "?", CodeInsee: "?", Telephone: "?", Latitude: degres(100), Longitude: degres(200),
		Typologie: []string{"?"}, Courriels: []string{"?"}, SiteWeb: []string{"?"}, Services: []string{"?"},
		PresentationResume: strings.Repeat("x", 300), FicheAccesLibre: "?", Horaires: "Mo 9h",
	}
	ordinaire := regexp.MustCompile(` [:;?!»]|« `)
	for _, e := range champs.Validate() {
		if e.Message == "" || ordinaire.MatchString(e.Message) || strings.Contains(e.Message, "validation") || !strings.HasSuffix(e.Message, ".") {
			t.Errorf("%s: message %q", e.Champ, e.Message)
		}
	}
}

// The patterns are those of the schema, when it is there.
func TestValidate_MotifsDuSchema(t *testing.T) {
	contenu, err := os.ReadFile("../../../shared/standard/schema-v1.0.2.json")
	if err != nil {
		t.Skip("left out: comparison of patterns with schema-v1.0.2.json, which is not here")
	}
	var schema struct {
		Fields []struct {
			Name        string
			Constraints struct{ Pattern string }
		}
	}
	if err := json.Unmarshal(contenu, &schema); err != nil {
		t.Fatal(err)
	}
	essais := []string{
		"", "82000", "8200", "820000", "2A004", "2a004", "20004", "99999", "+33563302020", "+3356330", "+68156330", "0563302020",
		"+33563302020 ", "434933123", "W821000123", "43493312300029", "434933123000291", "43 4933123", "é3493312300029",
	}
	for _, field := range schema.Fields {
		champ := mednum.Champ(field.Name)
		if field.Constraints.Pattern == "" || champ.EstListe() {
			continue
		}
		motif := regexp.MustCompile(field.Constraints.Pattern)
		for _, essai := range essais[1:] {
			champs := champsJustes()
			if err := champs.Affecter(champ, essai); err != nil {
				t.Fatal(err)
			}
			if want, got := motif.MatchString(essai), champs.Validate() == nil; got != want {
				t.Errorf("%s %q: accepted %v, the schema's pattern %v", champ, essai, got, want)
			}
		}
	}
	for i, field := range schema.Fields {
		if mednum.ChampsNorme[i] != mednum.Champ(field.Name) {
			t.Errorf("column %d is %s, want %s", i, mednum.ChampsNorme[i], field.Name)
		}
	}
}
