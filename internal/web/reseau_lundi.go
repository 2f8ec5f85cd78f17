package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/textes"
)

// lundiMax is how many things the Monday page has, parSorte how many of one sort
// before the others have had their turn.
const (
	lundiMax = 10
	parSorte = 3
)

// urgence is one thing to do, with the one page where it is done.
type urgence struct {
	sorte  int       // place in sortesLundi
	depuis time.Time // the oldest of a sort comes first
	Quoi   string    // "CCAS de Moissac"
	Ou     string    // commune, "" for none
	Raison string    // "Un nouveau nom attend votre accord depuis 12 jours."
	Geste  string    // "Répondre"
	Lien   string
}

// corpsLundi is the Monday page.
type corpsLundi struct {
	Jour     string
	Choses   []urgence
	Restent  int // things that the page does not show
	Sortes   []sorteLundi
	ParSorte int
}

func (s *site) serveLundi(c *fiber.Ctx) error {
	lieux, err := s.lieuxSuivis(c)
	if err != nil {
		return err
	}
	corps := corpsLundi{Jour: textes.Jour(s.maintenant()), Sortes: sortesLundi, ParSorte: parSorte}
	var toutes [][]urgence
	for i := range sortesLundi {
		liste, err := sortesLundi[i].lire(s, c, lieux)
		if err != nil {
			return err
		}
		for n := range liste {
			liste[n].sorte = i
		}
		slices.SortStableFunc(liste, func(a, b urgence) int { return a.depuis.Compare(b.depuis) })
		toutes = append(toutes, liste)
		corps.Restent += len(liste)
	}
	corps.Choses = dixPremieres(toutes)
	corps.Restent -= len(corps.Choses)
	return s.rendreEspace(c, "lundi", "La page du lundi", "reseau", corps)
}

// dixPremieres takes, sort after sort, the three oldest things of each, then as
// many more as there is room for, in the same order: one sort never hides the
// others. They are shown by sort, oldest first.
func dixPremieres(toutes [][]urgence) []urgence {
	var choses []urgence
	for _, reste := range []bool{false, true} {
		for _, liste := range toutes {
			debut, fin := 0, min(parSorte, len(liste))
			if reste {
				debut, fin = fin, len(liste)
			}
			fin = min(fin, debut+lundiMax-len(choses))
			choses = append(choses, liste[debut:fin]...)
		}
	}
	slices.SortStableFunc(choses, func(a, b urgence) int { return cmp.Or(a.sorte-b.sorte, a.depuis.Compare(b.depuis)) })
	return choses
}
