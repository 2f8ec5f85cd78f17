package norme

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var jourEssai = mednum.Date{Annee: 2024, Mois: 9, Jour: 1}

// lireTexte reads one row of a table of one's own.
func lireTexte(t *testing.T, o Options, entete, valeurs string) mednum.Fiche {
	t.Helper()
	o.Date = jourEssai
	l, err := o.Decode("essai.csv", strings.NewReader(entete+"\n"+valeurs+"\n"))
	if err != nil || len(l.Fiches) != 1 {
		t.Fatalf("%d records, left out %v, %v", len(l.Fiches), l.Ecartes, err)
	}
	return l.Fiches[0]
}

func TestCorrespondanceDesNoms(t *testing.T) {
	tests := []struct{ colonne, want string }{
		{"NOM DU LIEU", "nom"},
		{"Nom de l’établissement", "nom"},
		{"Ville", "commune"},
		{"C.P.", "code_postal"},
		{"code_postal", "code_postal"},
		{"Code INSEE", "code_insee"},
		{"N° de voie", "numero_voie"},
		{"Adresse complète", "adresse_complete"},
		{"Téléphone", "telephone"},
		{"E-mail", "courriels"},
		{"SITE WEB", "site_web"},
		{"Jours et horaires d'ouverture", "horaires"},
		{"h_lundi", "lundi"},
		{"Dimanche", "dimanche"},
		{"Gratuit ?", "frais_a_charge:Gratuit"},
		{"Tarifs", "frais_a_charge"},
		{"Utilisation sécurisée du numérique", "services:Utilisation sécurisée du numérique"},
		{"Aidants Connect", "dispositif_programmes_nationaux:Aidants Connect"},
		{"N° SIRET", "pivot"},
		{"Dernière mise à jour", "date_maj"},
		{"Itinérant", "itinerance"},
		{"Référent", ""},
		{"Remarques", ""},
		{"Numéro", ""},
	}
	for _, tt := range tests {
		if got := cibleDuNom(tt.colonne); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.colonne, got, tt.want)
		}
		if tt.want != "" && !estCible(tt.want) {
			t.Errorf("%q is no target", tt.want)
		}
	}
	for _, cible := range ciblesDesNoms {
		if !estCible(cible) {
			t.Errorf("the table names %q, which is no target", cible)
		}
	}
}

func TestCorrespondanceOptions(t *testing.T) {
	const entete, valeurs = "Repère;Lieu-dit;Endroit;Quand;Ville", "r1;Le Bourg;Café;9h-12h;Val"
	c, err := ParseCorrespondance("Endroit = nom, repere=id,Quand=mardi")
	if err != nil {
		t.Fatal(err)
	}
	f := lireTexte(t, Options{Colonnes: c}, entete, valeurs)
	want := []string{"r1", "Café", "Val", "Tu 09:00-12:00", "Le Bourg"}
	got := []string{
		f.Cle, f.Champs[mednum.ChampNom], f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampHoraires], f.Champs[mednum.ChampComplementAdresse],
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// What was used is kept, found again whatever the order of the columns,
	// and gives way to what is said now.
	l, err := Options{Colonnes: c, Date: jourEssai}.Decode("a.csv", strings.NewReader(entete+"\n"+valeurs))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{}, l.NonLues()); diff != "" {
		t.Errorf("columns that nothing reads:\n%s", diff)
	}
	cle := CleColonnes(l.Colonnes)
	if autre := CleColonnes([]string{"ville", "Quand", "Endroit", "Lieu dit", "REPÈRE"}); autre != cle {
		t.Error("the key of a set of columns depends on their order or writing")
	}
	if CleColonnes(l.Colonnes[1:]) == cle {
		t.Error("two sets of columns have one key")
	}
	connues := func(k string) (Correspondance, bool) { return l.Correspondance, k == cle }
	g := lireTexte(t, Options{Connues: connues}, "Ville;Repère;Lieu-dit;Endroit;Quand", "Val;r1;Le Bourg;Café;9h-12h")
	if diff := cmp.Diff(f.Champs, g.Champs); diff != "" {
		t.Errorf("the kept correspondence (-first +second):\n%s", diff)
	}
	h := lireTexte(t, Options{Connues: connues, Colonnes: Correspondance{"Quand": "jeudi"}}, entete, valeurs)
	if h.Champs[mednum.ChampHoraires] != "Th 09:00-12:00" {
		t.Errorf("hours %q", h.Champs[mednum.ChampHoraires])
	}
}

func TestCorrespondanceRefuse(t *testing.T) {
	tests := []struct {
		name, entete string
		colonnes     Correspondance
		champ        mednum.Champ
		dit          []string
	}{
		{"no name", "Endroit,Ville", nil, mednum.ChampNom, []string{"« Endroit », « Ville »", `--colonnes "Endroit=nom"`}},
		{"no commune", "Nom,Tel", nil, mednum.ChampCommune, []string{"« Nom », « Tel »", `=commune"`}},
		{"no such column", "Nom,Ville", Correspondance{"Téléphone": "telephone"}, "", []string{"« Téléphone »", "« Nom », « Ville »"}},
		{"no such target", "Nom,Ville", Correspondance{"Nom": "titre"}, "", []string{"« titre »", "presentation_resume", "lundi à dimanche"}},
		{"no such value", "Nom,Ville", Correspondance{"Nom": "services:Cuisine"}, "", []string{"« services:Cuisine »"}},
		{"the name ignored", "Nom,Ville", Correspondance{"Nom": "ignorer"}, mednum.ChampNom, []string{"le nom des lieux"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Options{Colonnes: tt.colonnes}.Decode("essai.csv", strings.NewReader(tt.entete+"\nA,B\n"))
			var refus *mednum.Error
			if !errors.As(err, &refus) || refus.Code != mednum.Invalide || refus.Champ != string(tt.champ) {
				t.Fatalf("err = %v", err)
			}
			for _, dit := range tt.dit {
				if !strings.Contains(refus.Message, dit) {
					t.Errorf("%q does not say %q", refus.Message, dit)
				}
			}
		})
	}
	for _, texte := range []string{"Nom", "Nom=titre", "=nom", "Nom=services:Cuisine"} {
		var refus *mednum.Error
		if _, err := ParseCorrespondance(texte); !errors.As(err, &refus) || refus.Code != mednum.Invalide {
			t.Errorf("ParseCorrespondance(%q) = %v", texte, err)
		}
	}
}

// TestNonLues: columns that may name people are said, and not kept.
func TestNonLues(t *testing.T) {
	l, err := Options{Date: jourEssai}.Decode("a.csv", strings.NewReader("Nom;Référent;Ville;Remarques\nCafé;Une Personne;Val;rien\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Référent", "Remarques"}, l.NonLues()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for champ, v := range l.Fiches[0].Champs {
		if strings.Contains(v, "Personne") {
			t.Errorf("%s = %q", champ, v)
		}
	}
	c, err := ParseCorrespondance("Nom, prénom=ignorer; Lieu=nom")
	if diff := cmp.Diff(Correspondance{"Nom, prénom": "ignorer", "Lieu": "nom"}, c); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestEnteteParmiDesValeurs: a row whose cells are values of the standard is no
// header.
func TestEnteteParmiDesValeurs(t *testing.T) {
	l, err := Options{Date: jourEssai}.Decode("a.csv", strings.NewReader("Nom;Ville;Quoi;Combien;Comment\n"+
		"Café;Val;Aide aux démarches administratives;Gratuit;Se présenter\n"))
	if err != nil || len(l.Fiches) != 1 || l.Fiches[0].Ligne != 2 {
		t.Errorf("%v, %v", l.Fiches, err)
	}
}

// TestTableauValeurs: what people write in the columns of a list.
func TestTableauValeurs(t *testing.T) {
	tests := []struct {
		name, colonne, ecrit string
		champ                mednum.Champ
		want                 string
		aRevoir              bool
	}{
		{"free", "Tarif", "gratuit", mednum.ChampFraisACharge, "Gratuit", false},
		{"a fee that is only said to be", "Tarif", "oui", mednum.ChampFraisACharge, "", true},
		{"yes", "Gratuit", "OUI", mednum.ChampFraisACharge, "Gratuit", false},
		{"a cross", "Gratuit", "x", mednum.ChampFraisACharge, "Gratuit", false},
		{"no", "Gratuit", "non", mednum.ChampFraisACharge, "", false},
		{"a column of yes that says more", "Gratuit", "gratuit sous condition", mednum.ChampFraisACharge, "Gratuit sous condition", false},
		{"several", "Public", "Séniors, familles / jeunes", mednum.ChampPublics, "Seniors", true},
		{"everybody", "Public", "tout public", mednum.ChampPublics, "", false},
		{"a value with its comma and accents", "Services", "PARENTALITE ET EDUCATION AVEC LE NUMERIQUE", mednum.ChampServices, "Parentalité et éducation avec le numérique", false},
		{"lines", "Services", `"- Bureautique` + "\n" + `- Wifi"`, mednum.ChampServices, "Maîtrise des outils numériques du quotidien|Accès internet et matériel informatique", false},
		{"words of version 0", "Services", "Prendre en main un ordinateur", mednum.ChampServices, "Maîtrise des outils numériques du quotidien", false},
		{"a service a column", "Utilisation sécurisée du numérique", "1", mednum.ChampServices, "Utilisation sécurisée du numérique", false},
		{"on the move", "Itinérant", "Oui", mednum.ChampItinerance, "Itinérant", false},
		{"not on the move", "Itinérant", "Non", mednum.ChampItinerance, "Fixe", false},
		{"a label of the standard", "Labels", "Aidants Connect", mednum.ChampDispositifs, "Aidants Connect", false},
		{"another label", "Labels", "Ville amie", mednum.ChampAutresFormationsLabels, "Ville amie", false},
		{"a kind", "Type de structure", "Tiers-lieu", mednum.ChampTypologie, "TIERS_LIEUX", false},
		{"a code", "Type de structure", "MUNI", mednum.ChampTypologie, "MUNI", false},
		{"a page to take an appointment", "Prise de RDV", "https://rdv.essai.fr", mednum.ChampPriseRDV, "https://rdv.essai.fr", false},
		{"yes is no page", "Prise de RDV", "Oui", mednum.ChampPriseRDV, "", false},
		{"accessible is no page", "Accessibilité", "Oui", mednum.ChampFicheAccesLibre, "", true},
		{"hours in a sentence", "Horaires", "du lundi au vendredi de 9h à 12h", mednum.ChampHoraires, "Mo-Fr 09:00-12:00", false},
		{"two phones", "Tel", "05 00 00 00 01 - 05 00 00 00 02", mednum.ChampTelephone, "+33500000001", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := lireTexte(t, Options{}, "Nom;Ville;"+tt.colonne, "Café;Val;"+tt.ecrit)
			if got := f.Champs[tt.champ]; got != tt.want {
				t.Errorf("%s = %q, want %q", tt.champ, got, tt.want)
			}
			aRevoir := false
			for _, r := range f.Remarques {
				aRevoir = aRevoir || r.ARevoir
			}
			if aRevoir != tt.aRevoir {
				t.Errorf("remarks %+v", f.Remarques)
			}
		})
	}
}

func TestTableauAdresse(t *testing.T) {
	tests := []struct {
		name, entete, valeurs string
		want                  [4]string // street, postal code, commune, position
	}{
		{"whole", "Nom;Adresse complète", "A;12 bis rue de l'Essai, 82000 Montauban", [4]string{"12 bis rue de l'Essai", "82000", "Montauban", ""}},
		{"whole in the column of the street", "Nom;Adresse;Insee;Ville", "A;1 rue B 82000 Montauban;;", [4]string{"1 rue B", "82000", "Montauban", ""}},
		{"another commune than its column", "Nom;Adresse complète;Ville", "A;1 rue B 82000 Montauban;Val", [4]string{"1 rue B 82000 Montauban", "", "Val", ""}},
		{"two postal codes", "Nom;Adresse complète;Ville", "A;Lot 12345 rue B 82000 Montauban;Montauban", [4]string{"Lot 12345 rue B 82000 Montauban", "", "Montauban", ""}},
		{"the commune again in the street", "Nom;Adresse;Ville", "A;1 rue B, 82000 MONTAUBAN;Montauban", [4]string{"1 rue B", "82000", "Montauban", ""}},
		{"a postal code with its commune", "Nom;Ville", "A;82000 Montauban", [4]string{"", "82000", "Montauban", ""}},
		{"a postal code in brackets", "Nom;CP Ville", "A;Montauban (82000)", [4]string{"", "82000", "Montauban", ""}},
		{"a number apart", "Nom;N° voie;Voie;Ville", "A;12;rue de l'Essai;Val", [4]string{"12 rue de l'Essai", "", "Val", ""}},
		{"a point in one column", "Nom;Ville;Coordonnées GPS", "A;Val;44,01, 1,35", [4]string{"", "", "Val", "44.01 1.35"}},
		{"a point in brackets", "Nom;Ville;geo_point_2d", "A;Val;[44.01 1.35]", [4]string{"", "", "Val", "44.01 1.35"}},
		{"two columns win", "Nom;Ville;gps;lat;lon", "A;Val;10, 10;44.01;1.35", [4]string{"", "", "Val", "44.01 1.35"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := lireTexte(t, Options{}, tt.entete, tt.valeurs).Champs
			got := [4]string{
				c[mednum.ChampAdresse], c[mednum.ChampCodePostal], c[mednum.ChampCommune],
				strings.TrimSpace(c[mednum.ChampLatitude] + " " + c[mednum.ChampLongitude]),
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTableauGeoJSON: properties of one's own, a geometry of the standard.
func TestTableauGeoJSON(t *testing.T) {
	l, err := Options{Date: jourEssai}.Decode("a.geojson", strings.NewReader(`{"type":"FeatureCollection","features":[
		{"type":"Feature","id":"f1","properties":{"Nom du lieu":"Café","Ville":"Val","Tarif":"Gratuit"},"geometry":{"type":"Point","coordinates":[1.35,44.01]}},
		{"type":"Feature","id":"f2","properties":{"Nom du lieu":"Bar","Ville":"Val"},"geometry":{"type":"Polygon","coordinates":[[[1,44],[2,44],[2,45],[1,44]]]}}]}`))
	if err != nil || len(l.Fiches) != 2 {
		t.Fatal(l.Ecartes, err)
	}
	c := l.Fiches[0].Champs
	got := []string{l.Fiches[0].Cle, c[mednum.ChampLatitude], c[mednum.ChampLongitude], c[mednum.ChampFraisACharge], l.Fiches[1].Champs[mednum.ChampLatitude]}
	if diff := cmp.Diff([]string{"f1", "44.01", "1.35", "Gratuit", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCleStable: the key of a row without one says which place it is, and
// nothing of what changes about it.
func TestCleStable(t *testing.T) {
	a := lireTexte(t, Options{}, "Nom;Ville;Adresse;Tel", "Café;Val;1 rue A;05 00 00 00 01")
	memes := []mednum.Fiche{
		lireTexte(t, Options{}, "Nom;Ville;Adresse;Tel", "CAFE;VAL;1, rue A;05 00 00 00 02"),
		lireTexte(t, Options{}, "Adresse;Horaires;Ville;Nom", "1 rue A;9h-12h;Val;Café"),
	}
	for _, m := range memes {
		if m.Cle != a.Cle {
			t.Errorf("keys %s and %s", a.Cle, m.Cle)
		}
	}
	if b := lireTexte(t, Options{}, "Nom;Ville;Adresse", "Café;Val;2 rue A"); b.Cle == a.Cle {
		t.Error("two addresses have one key")
	}
	if b := lireTexte(t, Options{}, "Identifiant;Nom;Ville", "c7;Café;Val"); b.Cle != "c7" {
		t.Errorf("key %q, want that of the file", b.Cle)
	}
}

// classeur writes a workbook whose sheets are rows of cells.
func classeur(t testing.TB, feuilles ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, rangees := range feuilles {
		nom := "Sheet1"
		if i > 0 {
			nom = "Feuille" + string(rune('A'+i))
			if _, err := f.NewSheet(nom); err != nil {
				t.Fatal(err)
			}
		}
		for j, rangee := range rangees {
			cellule, err := excelize.CoordinatesToCellName(1, j+1)
			if err = errors.Join(err, f.SetSheetRow(nom, cellule, &rangee)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestXLSX: titles, an empty first sheet, numbers that were codes, dates as
// serial numbers, a formula that is never run.
func TestXLSX(t *testing.T) {
	octets := classeur(
		t,
		[][]any{{"Notice de ce classeur"}, {"Il a deux feuilles"}},
		[][]any{
			{"Lieux d’aide numérique"},
			{},
			{"Nom du lieu", "Ville", "CP", "Téléphone", "SIRET", "Lat", "Lon", "Mis à jour le"},
			{"Café", "Val", 7000, 475000001, 43493312300029, 44.5, 4.25, 45366},
			{},
			{"Bar", "Bas", "07000", "+33475000002", "", "44,6", "4,3", "2024-02-01"},
		},
	)
	l, err := Decode("classeur.xlsx", bytes.NewReader(octets))
	if err != nil || l.Format != "tableau (XLSX)" || l.Lus != 2 || len(l.Fiches) != 2 {
		t.Fatalf("%s: %d rows, %d records, %v, %v", l.Format, l.Lus, len(l.Fiches), l.Ecartes, err)
	}
	c := l.Fiches[0].Champs
	want := map[mednum.Champ]string{
		mednum.ChampCodePostal: "07000", mednum.ChampTelephone: "+33475000001", mednum.ChampPivot: "43493312300029",
		mednum.ChampLatitude: "44.5", mednum.ChampDateMaj: "2024-03-15",
	}
	for champ, v := range want {
		if c[champ] != v {
			t.Errorf("%s = %q, want %q", champ, c[champ], v)
		}
	}
	if l.Fiches[0].Ligne != 4 || l.Fiches[1].Ligne != 6 {
		t.Errorf("rows %d and %d, want 4 and 6", l.Fiches[0].Ligne, l.Fiches[1].Ligne)
	}
}

// TestXLSXFormule: the value that was computed last is read, nothing is run.
func TestXLSXFormule(t *testing.T) {
	f := excelize.NewFile()
	err := errors.Join(
		f.SetSheetRow("Sheet1", "A1", &[]any{"Nom", "Ville", "Adresse"}),
		f.SetSheetRow("Sheet1", "A2", &[]any{"Café", "Val", "gardée"}),
		f.SetCellFormula("Sheet1", "C2", `CONCATENATE("calcu","lée")`),
	)
	var b bytes.Buffer
	if err = errors.Join(err, f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	l, err := Options{Date: jourEssai}.Decode("f.xlsx", &b)
	if err != nil || len(l.Fiches) != 1 {
		t.Fatal(l.Ecartes, err)
	}
	if a := l.Fiches[0].Champs[mednum.ChampAdresse]; strings.Contains(a, "calculée") {
		t.Errorf("the formula was run: %q", a)
	}
}

// TestXLSXStandard: a workbook may hold any layout.
func TestXLSXStandard(t *testing.T) {
	octets := classeur(t, [][]any{
		{"id_fs", "lib_fs", "adresse", "insee_com", "code_postal", "lib_com", "h_lundi", "format_fs"},
		{12, "France services d’Essai", "1 rue A", 1033, 1200, "Essai", "09:00 - 12:00", "Fixe"},
	})
	l, err := Decode("liste-2024-08-01.xlsx", bytes.NewReader(octets))
	if err != nil || len(l.Fiches) != 1 || l.Flux.ID != "france-services" {
		t.Fatal(l.Flux.ID, l.Ecartes, err)
	}
	c := l.Fiches[0].Champs
	if c[mednum.ChampCodePostal] != "01200" || c[mednum.ChampCodeInsee] != "01033" || l.Fiches[0].Cle != "12" {
		t.Errorf("%v", c)
	}
}

func TestNombreEntier(t *testing.T) {
	for ecrit, want := range map[string]string{
		"2.1820086300015E13": "21820086300015", "1.5E+3": "1.5E+3", "1.23456E+5": "123456", "1.25E1": "1.25E1", "2E1 rue": "2E1 rue", "E": "E", "": "",
	} {
		if got := nombreEntier(ecrit); got != want {
			t.Errorf("nombreEntier(%q) = %q, want %q", ecrit, got, want)
		}
	}
}

func TestLireDate(t *testing.T) {
	tests := []struct{ ecrit, want string }{
		{"2024-03-15", "2024-03-15"},
		{"2024-03-15T10:58:04+02:00", "2024-03-15"},
		{"2024-3-5 10:00", "2024-03-05"},
		{"15/03/2024", "2024-03-15"},
		{"5.3.2024", "2024-03-05"},
		{"vendredi 15 mars 2024", "2024-03-15"},
		{"1er août 2024", "2024-08-01"},
		{"45366", "2024-03-15"},
		{"45366.5", "2024-03-15"},
		{"12345", ""},
		{"31/02/2024", ""},
		{"03/2024", ""},
		{"hier", ""},
	}
	for _, tt := range tests {
		d, ok := lireDate(tt.ecrit)
		if ok != (tt.want != "") || ok && d.String() != tt.want {
			t.Errorf("lireDate(%q) = %v, %v, want %q", tt.ecrit, d, ok, tt.want)
		}
	}
}
