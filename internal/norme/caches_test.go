package norme_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// What a file writes for a terminal, or to turn letters around, is in no record,
// no name of a column and no refusal.
func TestSignesCaches(t *testing.T) {
	const mal = "\x1b[31mROUGE\x1b]0;titre\x07\u202eenvers\u202c"
	ligne := strings.Repeat(mal+",", 4)
	objet, err := json.Marshal([]map[string]string{{"id": mal, "nom": mal, "commune": "Moissac", "k" + mal: mal}})
	if err != nil {
		t.Fatal(err)
	}
	for nom, texte := range map[string]string{
		"standard":             "id,nom,commune,adresse,telephone\n" + ligne + mal + "\n" + ligne + mal + "\n",
		"a table":              "Nom,Ville,Autre" + mal + "\n" + mal + ",Moissac," + mal + "\n",
		"columns nobody knows": "x" + mal + ",y" + mal + "\n1,2\n",
		"JSON":                 string(objet),
	} {
		l, err := norme.Options{Date: mednum.Date{Annee: 2026, Mois: 1, Jour: 1}}.Decode("lieux"+mal+".csv", strings.NewReader(texte))
		octets, faute := json.Marshal(l)
		if faute != nil {
			t.Fatal(faute)
		}
		var dit strings.Builder
		lire(&dit, octets, t)
		if err != nil {
			dit.WriteString(err.Error())
		} else if len(l.Fiches) != 1 || !strings.Contains(l.Fiches[0].Champs[mednum.ChampNom], "ROUGE") {
			t.Errorf("%s: %d records, %v", nom, len(l.Fiches), l.Ecartes)
		}
		for _, c := range l.Colonnes {
			dit.WriteString(c)
		}
		if i := strings.IndexFunc(dit.String(), func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Errorf("%s: %q", nom, dit.String()[i:min(len(dit.String()), i+60)])
		}
	}
}

// lire adds all the texts of a JSON value.
func lire(b *strings.Builder, octets []byte, t *testing.T) {
	t.Helper()
	var v any
	if err := json.Unmarshal(octets, &v); err != nil {
		t.Fatal(err)
	}
	var parcourir func(any)
	parcourir = func(v any) {
		switch v := v.(type) {
		case string:
			b.WriteString(v)
		case []any:
			for _, e := range v {
				parcourir(e)
			}
		case map[string]any:
			for cle, e := range v {
				b.WriteString(cle)
				parcourir(e)
			}
		}
	}
	parcourir(v)
}
