package norme

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// appelee is what a telephone cell becomes.
type appelee struct {
	numero, detail string
	repare, doute  bool
}

func appelerTexte(texte string) appelee {
	b := newBrouillon(formatFranceServices.flux, mednum.Date{Annee: 2024, Mois: 1, Jour: 1})
	b.appeler(texte)
	b.finir()
	a := appelee{numero: b.fiche.Champs[mednum.ChampTelephone], detail: b.fiche.Champs[mednum.ChampPresentationDetail]}
	for _, r := range b.fiche.Remarques {
		a.repare, a.doute = a.repare || !r.ARevoir, a.doute || r.ARevoir
	}
	return a
}

func TestAppelerFormes(t *testing.T) {
	juste := func(n string) appelee { return appelee{numero: n, repare: true} }
	tests := []struct {
		ecrit string
		want  appelee
	}{
		{"05 63 00 00 01", juste("+33563000001")},
		{"0563000001", juste("+33563000001")},
		{"05.63.00.00.01", juste("+33563000001")},
		{"05-63-00-00-01", juste("+33563000001")},
		{"05/63/00/00/01", juste("+33563000001")},
		{"05,63,00,00,01", juste("+33563000001")},
		{"(0)5 63 00 00 01", juste("+33563000001")},
		{"+33563000001", appelee{numero: "+33563000001"}},
		{"+33 5 63 00 00 01", juste("+33563000001")},
		{"+33 (0)5 63 00 00 01", juste("+33563000001")},
		{"+33 (0) 5 63 00 00 01", juste("+33563000001")},
		{"+330563000001", juste("+33563000001")},
		{"(+33) 5 63 00 00 01", juste("+33563000001")},
		{"0033 5 63 00 00 01", juste("+33563000001")},
		{"33563000001", juste("+33563000001")},
		{"563000001", juste("+33563000001")},
		{"5 63 00 00 01", juste("+33563000001")},
		{"0 805 000 001", juste("+33805000001")},
		{"563000001.0", juste("+33563000001")},
		{"5.63000001E+08", juste("+33563000001")},
		{"5,63000001E8", juste("+33563000001")},
		{"5.63E+08", appelee{doute: true}},
		{"Tél. : 05 63 00 00 01", juste("+33563000001")},
		{"0262 00 00 01", juste("+262262000001")},
		{"262000001", juste("+262262000001")},
		{"+33 262 00 00 01", juste("+262262000001")},
		{"+262 0262 00 00 01", juste("+262262000001")},
		{"262262000001", juste("+262262000001")},
		{"06 92 00 00 01", juste("+262692000001")},
		{"06 39 00 00 01", juste("+262639000001")},
		{"0594000001", juste("+594594000001")},
		{"05 90 00 00 01", juste("+590590000001")},
		{"05 96 00 00 01", juste("+596596000001")},
		{"+687 12 34 56", juste("+687123456")},
		{"+508 41 00 00", juste("+508410000")},
		{"+689 40 00 00 01", juste("+68940000001")},
		{"05 63 00 00 01 / 06 00 00 00 02", appelee{"+33563000001", "Autre téléphone : +33600000002.", true, false}},
		{"+33 5 63 00 00 01 / +33 6 00 00 00 02", appelee{"+33563000001", "Autre téléphone : +33600000002.", true, false}},
		{"0563000001 ou 0600000002", appelee{"+33563000001", "Autre téléphone : +33600000002.", true, false}},
		{"05630000010600000002", appelee{"+33563000001", "Autre téléphone : +33600000002.", true, false}},
		{"05 63 00 00 01 (secrétariat)", appelee{"+33563000001", "Téléphone : 05 63 00 00 01 (secrétariat).", true, false}},
		{"05 63 00 00 01 poste 12", appelee{"+33563000001", "Téléphone : 05 63 00 00 01 poste 12.", true, false}},
		{"3639", appelee{"", "Téléphone : 3639.", true, false}},
		{"39 39", appelee{"", "Téléphone : 39 39.", true, false}},
		{"115", appelee{"", "Téléphone : 115.", true, false}},
		{"05 63 00 00", appelee{"", "Téléphone : 05 63 00 00.", false, true}},
		{"05 63 00 00 012", appelee{"", "Téléphone : 05 63 00 00 012.", false, true}},
		{"+44 20 7946 0000", appelee{"", "Téléphone : +44 20 7946 0000.", false, true}},
		{"voir le site", appelee{"", "Téléphone : voir le site.", false, true}},
		{"  ", appelee{}},
	}
	for _, tt := range tests {
		t.Run(tt.ecrit, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, appelerTexte(tt.ecrit), cmp.AllowUnexported(appelee{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// numeroE164 is stricter than the standard: as many digits as the national
// plan has.
var numeroE164 = regexp.MustCompile(`^(?:\+33[1-9]\d{8}|\+(?:262|590|594|596)\d{9}|\+(?:687|681|508)\d{6}|\+689\d{8})$`)

// Every number of every real file has its international form, and keeps it.
func TestReelsTelephones(t *testing.T) {
	ecrits := telephonesReels(t)
	if len(ecrits) < 6000 {
		t.Fatalf("%d different numbers only", len(ecrits))
	}
	for ecrit := range ecrits {
		got := appelerTexte(ecrit)
		if !numeroE164.MatchString(got.numero) || got.doute || got.repare == (ecrit == got.numero) {
			t.Errorf("%q: %+v", ecrit, got)
		}
		if encore := appelerTexte(got.numero); encore != (appelee{numero: got.numero}) {
			t.Errorf("%q: %+v, then %+v", ecrit, got, encore)
		}
	}
}

func telephonesReels(t *testing.T) map[string]bool {
	t.Helper()
	ecrits := map[string]bool{}
	for _, chemin := range []string{reelFS, reelFS2023, reelConseiller, reelInclusion} {
		octets, err := os.ReadFile(partage + chemin)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("left out: phone numbers of the real file %s", chemin)
		}
		if err != nil {
			t.Fatal(err)
		}
		var lus []string
		if filepath.Ext(chemin) == ".json" {
			var objets []struct {
				Telephone string `json:"telephone"`
			}
			if err := json.Unmarshal(octets, &objets); err != nil {
				t.Fatal(err)
			}
			for _, o := range objets {
				lus = append(lus, o.Telephone)
			}
		} else {
			lignes, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(octets), "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for i, nom := range lignes[0] {
				for _, l := range lignes[1:] {
					if nom == "telephone" {
						lus = append(lus, l[i])
					}
				}
			}
		}
		for _, n := range lus {
			if n = strings.TrimSpace(n); n != "" {
				ecrits[n] = true
			}
		}
	}
	return ecrits
}

func FuzzAppeler(f *testing.F) {
	for _, s := range []string{"05 63 00 00 01", "+33 (0)5 63 00 00 01 / 06 00 00 00 02", "5.63E+08", "3639", "05630000010600000002"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, texte string) {
		got := appelerTexte(texte)
		if got.numero != "" && !numeroE164.MatchString(got.numero) && !strings.HasPrefix(got.numero, "+269") {
			t.Errorf("%q gives %q", texte, got.numero)
		}
		if got.numero != "" && appelerTexte(got.numero) != (appelee{numero: got.numero}) {
			t.Errorf("%q gives %q, which is repaired again", texte, got.numero)
		}
	})
}
