package catalogue

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Redistribuables are the published places as they may go out under
// mednum.LicenceOuverte, those of neighbours too, in the order of lists: by what
// they then say, so that not even the order tells what was left out. Of the
// territory's own, absents is how many do not go out at all, partiels how many go
// out without what a source under another licence says of them.
func (c *Catalogue) Redistribuables() (lieux []mednum.Lieu, absents, partiels int) {
	vues := c.Lieux()
	lieux = make([]mednum.Lieu, 0, len(vues))
	tris := make(map[string]string, len(vues))
	for _, v := range vues {
		l, ok := v.Redistribuable()
		if ok {
			lieux = append(lieux, l)
		}
		tris[v.ID] = v.tri
		if v.Libre == nil {
			continue
		}
		tris[v.ID] = triDe(&l)
		switch {
		case v.HorsTerritoire:
		case ok:
			partiels++
		default:
			absents++
		}
	}
	slices.SortFunc(lieux, func(a, b mednum.Lieu) int { return strings.Compare(tris[a.ID], tris[b.ID]) })
	return lieux, absents, partiels
}
