package ecoute

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Seuil is the least count that is published.
const Seuil = 5

// Trimestre is a quarter of a year, Rang from 1 to 4.
type Trimestre struct{ Annee, Rang int }

// TrimestreDe is the quarter of a day.
func TrimestreDe(d mednum.Date) Trimestre { return Trimestre{d.Annee, (int(d.Mois) + 2) / 3} }

// String is "2026-T4".
func (t Trimestre) String() string { return fmt.Sprintf("%04d-T%d", t.Annee, t.Rang) }

// Premier is the first day of the quarter.
func (t Trimestre) Premier() mednum.Date {
	return mednum.Date{Annee: t.Annee, Mois: time.Month(3*t.Rang - 2), Jour: 1}
}

// Compare orders quarters.
func (t Trimestre) Compare(autre Trimestre) int {
	return cmp.Or(cmp.Compare(t.Annee, autre.Annee), cmp.Compare(t.Rang, autre.Rang))
}

// Compte is how many needs of a theme a commune had in a quarter.
type Compte struct {
	Commune   string // INSEE code
	Theme     string
	Trimestre Trimestre
	N         int
}

// compter counts needs that nobody put aside by commune, theme and quarter, in that order.
func compter(besoins []Besoin) []Compte {
	type cle struct {
		commune, theme string
		trimestre      Trimestre
	}
	n := map[cle]int{}
	for i := range besoins {
		if besoins[i].Ecarte {
			continue
		}
		n[cle{besoins[i].Commune, besoins[i].Theme, TrimestreDe(besoins[i].Le)}]++
	}
	comptes := make([]Compte, 0, len(n))
	for c, v := range n {
		comptes = append(comptes, Compte{c.commune, c.theme, c.trimestre, v})
	}
	slices.SortFunc(comptes, func(a, b Compte) int {
		return cmp.Or(cmp.Compare(a.Commune, b.Commune), cmp.Compare(a.Theme, b.Theme), a.Trimestre.Compare(b.Trimestre))
	})
	return comptes
}

// publiables are the counts that go out: those of Seuil or more, each of a
// quarter that is over and that no need has yet been forgotten of.
//
// Nothing else of needs goes out, no total above all: what is published is then a
// function of the counts of Seuil or more alone, and whatever the others are, 0
// to 4, the files are the same to the byte. A quarter is published once it is
// over: its counts do not move, and two editions of the file tell no more than
// one.
func publiables(comptes []Compte, aujourdhui mednum.Date) []Compte {
	publies := []Compte{}
	for _, c := range comptes {
		fini := c.Trimestre.Compare(TrimestreDe(aujourdhui)) < 0
		entier := c.Trimestre.Premier().AddMois(GardeBesoins).Compare(aujourdhui) > 0
		if c.N >= Seuil && fini && entier {
			publies = append(publies, c)
		}
	}
	return publies
}

// Publies are the counts that anybody may read, by commune, theme and quarter: as
// of the last Recharger. They ask nothing of the base, and are not to be changed.
func (b *Besoins) Publies() []Compte { return *b.publies.Load() }

// Vus is how many needs of a theme the published counts tell of a commune, in all
// quarters: 0 when none of them reaches Seuil.
func (b *Besoins) Vus(commune, theme string) (n int) {
	for _, c := range b.Publies() {
		if c.Commune == commune && c.Theme == theme {
			n += c.N
		}
	}
	return n
}

// Recharger counts again what is published.
func (b *Besoins) Recharger(ctx context.Context) error {
	tous, err := b.lire(ctx)
	if err != nil {
		return err
	}
	publies := publiables(compter(tous), mednum.DateOf(b.now().In(b.territoire.Location())))
	b.publies.Store(&publies)
	return nil
}
