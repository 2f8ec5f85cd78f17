package norme

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// lireUn reads a row of the standard v1 whose columns are those of a place, with
// some replaced.
func lireUn(t *testing.T, paires ...string) Lecture {
	t.Helper()
	v := map[string]string{"id": "1", "pivot": "", "nom": "Lieu", "commune": "Moissac", "code_postal": "82200", "date_maj": "2024-01-01", "presentation_resume": ""}
	for i := 0; i < len(paires); i += 2 {
		v[paires[i]] = paires[i+1]
	}
	var noms, cases []string
	for nom, texte := range v {
		noms, cases = append(noms, nom), append(cases, `"`+texte+`"`)
	}
	l, err := Decode("lieux.csv", strings.NewReader(strings.Join(noms, ",")+"\n"+strings.Join(cases, ",")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func remarque(l *Lecture, champ mednum.Champ) (r mednum.Remarque) {
	if len(l.Fiches) == 1 {
		if i := slices.IndexFunc(l.Fiches[0].Remarques, func(r mednum.Remarque) bool { return r.Champ == champ }); i >= 0 {
			return l.Fiches[0].Remarques[i]
		}
	}
	return r
}

// A SIRET that a spreadsheet took for a number is written again where nothing is
// lost of it, otherwise reviewed.
func TestPivotDeTableur(t *testing.T) {
	tests := []struct {
		ecrit, want string
		revoir      bool
	}{
		{"43493312300029", "43493312300029", false},
		{"434 933 123 00029", "43493312300029", false},
		{"43493312300029.0", "43493312300029", false},
		{"5720784800144", "05720784800144", false},
		{"5720784800145", mednum.PivotInconnu, true},
		{"4,34933E+13", mednum.PivotInconnu, true},
		{"W123456789", "W123456789", false},
	}
	for _, tt := range tests {
		t.Run(tt.ecrit, func(t *testing.T) {
			l := lireUn(t, "pivot", tt.ecrit)
			r := remarque(&l, mednum.ChampPivot)
			if got := l.Fiches[0].Champs[mednum.ChampPivot]; got != tt.want || r.ARevoir != tt.revoir {
				t.Errorf("%q, %+v; want %q, reviewed %v", got, r, tt.want, tt.revoir)
			}
			if nu := strings.ReplaceAll(tt.ecrit, " ", ""); nu != tt.want && (r.Avant == "" || r.Apres != tt.want) {
				t.Errorf("the repair is not told: %+v", r)
			}
		})
	}
}

// The standard gives 280 signs to presentation_resume: what a row says in more
// goes whole to presentation_detail.
func TestResumeTropLong(t *testing.T) {
	for n, court := range map[int]bool{280: true, 281: false} {
		texte := strings.Repeat("é", n)
		l := lireUn(t, "presentation_resume", texte)
		c := l.Fiches[0].Champs
		if got := c[mednum.ChampPresentationResume] == texte; got != court {
			t.Errorf("%d signs: kept %v, want %v", n, got, court)
		}
		if r := remarque(&l, mednum.ChampPresentationResume); !court && (c[mednum.ChampPresentationDetail] != texte || r.Avant != texte) {
			t.Errorf("%d signs: detail %q, repair %+v", n, c[mednum.ChampPresentationDetail], r)
		}
	}
}

// A cell that no workbook could give back sets its row aside.
func TestCelluleEnorme(t *testing.T) {
	if l := lireUn(t, "presentation_detail", strings.Repeat("é", signesMax)); len(l.Fiches) != 1 {
		t.Errorf("%d signs: %+v", signesMax, l.Ecartes)
	}
	l := lireUn(t, "nom", strings.Repeat("x", 1<<20))
	if len(l.Ecartes) != 1 || l.Ecartes[0].Champ != mednum.ChampNom || !strings.Contains(l.Ecartes[0].Motif, "1048576 signes") {
		t.Errorf("a name of a million signs: %d records, %+v", len(l.Fiches), l.Ecartes)
	}
}

// A date that cannot be read is told as it is written, not as a date that misses.
func TestDateIllisible(t *testing.T) {
	for _, ecrite := range []string{"12/31/2025", "2025-02-30", "31/12/25", "hier"} {
		l := lireUn(t, "date_maj", ecrite)
		if len(l.Ecartes) != 1 || !strings.Contains(l.Ecartes[0].Motif, fmt.Sprintf("Date illisible : « %s »", ecrite)) {
			t.Errorf("%s: %d records, %+v", ecrite, len(l.Fiches), l.Ecartes)
		}
	}
	if l := lireUn(t, "date_maj", ""); len(l.Ecartes) != 1 || !strings.HasPrefix(l.Ecartes[0].Motif, "Pas de date") {
		t.Errorf("no date: %+v", l.Ecartes)
	}
}

// What a spreadsheet writes where it could not calculate is no value.
func TestErreurDeTableur(t *testing.T) {
	for _, ecrite := range []string{"#DIV/0!", "#N/A", " #REF! ", "#NOM?"} {
		l := lireUn(t, "commune", "Moissac", "adresse", ecrite)
		r := remarque(&l, mednum.ChampAdresse)
		if len(l.Fiches) != 1 || l.Fiches[0].Champs[mednum.ChampAdresse] != "" || !r.ARevoir || r.Avant != ecrite {
			t.Errorf("%s: %+v, %+v", ecrite, l.Fiches, r)
		}
	}
	if l := lireUn(t, "nom", "#DIV/0!"); len(l.Ecartes) != 1 || l.Ecartes[0].Champ != mednum.ChampNom {
		t.Errorf("a name that is an error: %+v", l.Ecartes)
	}
	if l := lireUn(t, "nom", "#Lab"); l.Fiches[0].Champs[mednum.ChampNom] != "#Lab" {
		t.Errorf("a name that begins so: %+v", l.Fiches)
	}
}

// A file of some communes has the rows that are there, of a place or of its
// stops, and no other row of theirs.
func TestExportDUneCommune(t *testing.T) {
	arret := &mednum.Arret{Nom: "Mairie", Adresse: "1 place", Commune: "Castelsarrasin", CodeInsee: "82033", CodePostal: "82100"}
	lieu := mednum.Lieu{
		ID: "3k7xcdfh",
		Champs: mednum.Champs{
			Pivot: mednum.PivotInconnu, Nom: "Bus", Commune: "Moissac", CodeInsee: "82112", CodePostal: "82200", Adresse: "1 rue",
			DateMaj: mednum.Date{Annee: 2024, Mois: 1, Jour: 1},
		},
		Permanences: []mednum.Permanence{{ID: "p1", Regle: "Mo 09:00-12:00", Arret: arret}},
	}
	for code, want := range map[string][]string{"82112": {"Moissac"}, "82033": {"Castelsarrasin"}, "82121": nil} {
		var got []string
		for _, c := range (Export{Communes: map[string]bool{code: true}}).toutes([]mednum.Lieu{lieu}) {
			got = append(got, c.Commune)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: rows of %v, want %v", code, got, want)
		}
	}
	if n := len((Export{}).toutes([]mednum.Lieu{lieu})); n != 2 {
		t.Errorf("%d rows in the whole file, want 2: this test proves nothing", n)
	}
}
