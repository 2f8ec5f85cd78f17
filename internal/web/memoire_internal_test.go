package web

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// What is kept is of one snapshot and of one day, and bounded.
func TestMemoire(t *testing.T) {
	lundi, mardi := mednum.Date{Annee: 2026, Mois: 11, Jour: 23}, mednum.Date{Annee: 2026, Mois: 11, Jour: 24}
	var m memoire
	connu := func(nom string, version int64, jour mednum.Date) bool {
		_, ok := m.lire(nom, version, jour)
		return ok
	}
	if connu("a", 0, mednum.Date{}) {
		t.Error("an empty one knows something")
	}
	m.garder("a", 1, lundi, []byte("A"))
	m.garder("b", 1, lundi, []byte("B"))
	if !connu("a", 1, lundi) || !connu("b", 1, lundi) || connu("a", 2, lundi) || connu("a", 1, mardi) || connu("c", 1, lundi) {
		t.Error("of another snapshot, day or name")
	}
	m.garder("a", 2, lundi, []byte("A2"))
	if connu("b", 2, lundi) || connu("b", 1, lundi) || !connu("a", 2, lundi) {
		t.Error("the past snapshot is kept")
	}
	gros := make([]byte, memoireMax/2)
	for _, nom := range []string{"c", "d", "e"} {
		m.garder(nom, 2, lundi, gros)
		if !connu(nom, 2, lundi) || m.octets > memoireMax {
			t.Errorf("%s: %d bytes", nom, m.octets)
		}
	}
	m.garder("e", 2, lundi, []byte("E")) // over the bound: alone
	m.garder("e", 2, lundi, []byte("EE"))
	m.garder("e", 2, lundi, []byte("E")) // in place of itself
	if m.octets != 1 || len(m.corps) != 1 {
		t.Errorf("%d bytes in %d answers", m.octets, len(m.corps))
	}
}
