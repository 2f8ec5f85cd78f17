package web

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Three things of each sort come before the fourth of another; the page is by sort,
// oldest first.
func TestDixPremieres(t *testing.T) {
	liste := func(sorte, n int) (l []urgence) {
		for i := range n {
			l = append(l, urgence{sorte: sorte, Quoi: strconv.Itoa(sorte) + "-" + strconv.Itoa(i), depuis: time.Unix(int64(i), 0)})
		}
		return l
	}
	for _, tt := range []struct {
		name  string
		liste [][]urgence
		want  []string
	}{
		{"nothing", [][]urgence{nil, nil}, nil},
		{"one sort alone fills the page", [][]urgence{nil, liste(1, 12)}, []string{"1-0", "1-1", "1-2", "1-3", "1-4", "1-5", "1-6", "1-7", "1-8", "1-9"}},
		{"none hides the others", [][]urgence{liste(0, 9), liste(1, 1), liste(2, 9)}, []string{"0-0", "0-1", "0-2", "0-3", "0-4", "0-5", "1-0", "2-0", "2-1", "2-2"}},
		{"more than ten in their first turn", [][]urgence{liste(0, 3), liste(1, 3), liste(2, 3), liste(3, 3)}, []string{"0-0", "0-1", "0-2", "1-0", "1-1", "1-2", "2-0", "2-1", "2-2", "3-0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, u := range dixPremieres(tt.liste) {
				got = append(got, u.Quoi)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// The spans of ages meet at the day: "less than 6 months" is since that day six
// months ago.
func TestFraicheurDe(t *testing.T) {
	jour := mednum.Date{Annee: 2026, Mois: 8, Jour: 31}
	for texte, want := range map[string]string{
		"2026-08-31": "moins-6-mois", "2026-02-28": "moins-6-mois", "2026-02-27": "6-12-mois", "2025-08-31": "6-12-mois",
		"2025-08-30": "12-18-mois", "2025-02-28": "12-18-mois", "2025-02-27": "plus-18-mois", "2001-01-01": "plus-18-mois", "": "sans-date",
	} {
		var d mednum.Date
		if err := d.UnmarshalText([]byte(texte)); err != nil {
			t.Fatal(err)
		}
		if got := fraicheurDe(d, jour); got != want {
			t.Errorf("%s: %s, want %s", texte, got, want)
		}
	}
}

// A share is 0 % or 100 % only where it is so.
func TestPart100(t *testing.T) {
	for _, tt := range []struct{ n, total, want int }{{0, 0, 0}, {0, 5, 0}, {5, 5, 100}, {1, 1000, 1}, {999, 1000, 99}, {1, 3, 33}, {1, 2, 50}, {2, 3, 67}} {
		if _, got := part100(tt.n, tt.total); got != tt.want {
			t.Errorf("%d of %d: %d, want %d", tt.n, tt.total, got, tt.want)
		}
	}
}
