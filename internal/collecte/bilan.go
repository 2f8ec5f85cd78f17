package collecte

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/norme"
)

// Bilan says what an import did. Lus counts what the files hold, rejected rows
// included: Lus = Nouveaux + Identiques + Modifies + HorsZone + len(Ecartes).
type Bilan struct {
	Lus           int
	Nouveaux      int // records that the base did not know
	Identiques    int // records that say what the base already has
	Modifies      int // records that say something else than before
	HorsZone      int // records outside the zone, left out
	Rattaches     int // new records attached to a place that another record makes
	LieuxNouveaux int
	LieuxModifies int
	Ecartes       []norme.Ecart
	ARevoir       []Doute
	Geocodage     Geocodage
}

// Doute is a point that a person should look at.
type Doute struct {
	Fiche string // its reference
	Nom   string
	Motif string
}

// String is the summary for the person who imports, in French, one idea a
// line.
func (b Bilan) String() string {
	var lignes []string
	dire := func(n int, un, plusieurs string) {
		switch {
		case n == 1:
			lignes = append(lignes, un)
		case n > 1:
			lignes = append(lignes, fmt.Sprintf(plusieurs, n))
		}
	}
	dire(b.Lus, "1 fiche lue.", "%d fiches lues.")
	dire(b.Nouveaux, "1 fiche nouvelle.", "%d fiches nouvelles.")
	dire(b.Modifies, "1 fiche modifiée.", "%d fiches modifiées.")
	dire(b.Identiques, "1 fiche déjà connue, sans changement.", "%d fiches déjà connues, sans changement.")
	dire(b.Rattaches, "1 fiche rattachée à un lieu qui a déjà une fiche.", "%d fiches rattachées à un lieu qui a déjà une fiche.")
	dire(b.HorsZone, "1 fiche hors de la zone, laissée de côté.", "%d fiches hors de la zone, laissées de côté.")
	dire(len(b.Ecartes), "1 fiche écartée :", "%d fiches écartées :")
	for _, e := range b.Ecartes {
		if e.Ligne > 0 {
			lignes = append(lignes, fmt.Sprintf("  ligne %d : %s", e.Ligne, e.Motif))
		} else {
			lignes = append(lignes, "  "+e.Motif)
		}
	}
	dire(b.Geocodage.Remplies, "1 position trouvée d’après l’adresse.", "%d positions trouvées d’après l’adresse.")
	if b.Geocodage.Phrase != "" {
		lignes = append(lignes, b.Geocodage.Phrase)
	}
	dire(b.LieuxNouveaux, "1 lieu créé.", "%d lieux créés.")
	dire(b.LieuxModifies, "1 lieu modifié.", "%d lieux modifiés.")
	if b.LieuxNouveaux+b.LieuxModifies == 0 {
		lignes = append(lignes, "Aucun lieu n’a changé.")
	}
	dire(len(b.ARevoir), "1 point à revoir :", "%d points à revoir :")
	for _, d := range b.ARevoir {
		lignes = append(lignes, fmt.Sprintf("  %s (%s) : %s", d.Nom, d.Fiche, d.Motif))
	}
	return strings.Join(lignes, "\n") + "\n"
}
