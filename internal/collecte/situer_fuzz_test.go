package collecte

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Whatever the columns say: no panic; a record is situated once for all; a row
// set aside says why, where; half a position never comes out.
func FuzzSituer(f *testing.F) {
	s := newSituateur(territoireFrance(f))
	f.Add("MONTAUBAN CEDEX 9", "82013", "", "44.02", "1.35")
	f.Add("Paris 12e", "75583", "75112", "2.35", "48.85")
	f.Add("LE QUESNOY", "59330", "59291", "50.247817", "3.641456")
	f.Add("Sainte", "97400", "2A004", "-20.9", "55.4")
	f.Fuzz(func(t *testing.T, nom, cp, code, lat, lon string) {
		fiche, ecart := s.situer(brute(nom, cp, code, lat, lon))
		if ecart != nil {
			if ecart.Motif == "" || ecart.Champ == "" || ecart.Ligne != 7 {
				t.Errorf("set aside: %+v", ecart)
			}
			return
		}
		if _, ok := position(&fiche); !ok && fiche.Precision != "" {
			t.Errorf("%v: no position, precision %q", fiche.Champs, fiche.Precision)
		}
		if encore, ecart := s.situer(fiche); ecart != nil || !mednum.Identiques(fiche, encore) {
			t.Errorf("%v, then %v, %+v", fiche, encore, ecart)
		}
	})
}

// Rows whose columns are those of neighbouring communes, mixed: the commune
// that is found is one that a column names, and situating again changes
// nothing. When the four agree, it is that one, with its point.
func TestSituerMelanges(t *testing.T) {
	terr := territoireFrance(t)
	s := newSituateur(terr)
	r := rand.New(rand.NewPCG(7, 82))
	trouvees, ecartees := 0, 0
	for _, dep := range []string{"29", "2A", "74", "82", "974", "973"} {
		communes := terr.France.DuDepartement(dep)
		if len(communes) == 0 {
			t.Fatalf("no commune in %s", dep)
		}
		for range 1500 {
			base := r.IntN(len(communes))
			au := func() *territoire.Commune { // half the time the first one
				if r.IntN(2) == 0 {
					return communes[base]
				}
				return communes[r.IntN(len(communes))]
			}
			nom, postal, code, point := au(), au(), au(), au()
			cp := ""
			if len(postal.CodesPostaux) > 0 {
				cp = postal.CodesPostaux[0]
			}
			p, _ := terr.Centres.Centre(point.Code)
			ligne := brute(nom.Nom, cp, code.Code, strconv.FormatFloat(p.Lat, 'f', -1, 64), strconv.FormatFloat(p.Lon, 'f', -1, 64))
			f, ecart := s.situer(ligne)
			if ecart != nil {
				ecartees++
				if nom == code && nom == postal {
					t.Errorf("%s %s %s is set aside: %s", nom.Nom, cp, code.Code, ecart.Motif)
				}
				continue
			}
			trouvees++
			got := f.Champs[mednum.ChampCodeInsee]
			if got != nom.Code && got != code.Code && !slices.Contains(codesDe(s.nommees(nom.Nom)), got) {
				t.Errorf("%s %s %s is put in %s", nom.Nom, cp, code.Code, got)
			}
			if nom == postal && nom == code && nom == point && (got != nom.Code || f.Champs[mednum.ChampLatitude] == "") {
				t.Errorf("%s %s %s at its centre: %v", nom.Nom, cp, code.Code, f.Champs)
			}
			if encore, ecart := s.situer(f); ecart != nil || !mednum.Identiques(f, encore) {
				t.Errorf("%v, then %v, %+v", f, encore, ecart)
			}
		}
	}
	if trouvees < 5000 || ecartees < 500 {
		t.Errorf("%d rows situated, %d set aside", trouvees, ecartees)
	}
}

func codesDe(communes []*territoire.Commune) []string {
	var codes []string
	for _, c := range communes {
		codes = append(codes, c.Code)
	}
	return codes
}
