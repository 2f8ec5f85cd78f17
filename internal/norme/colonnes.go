package norme

import (
	"io"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Colonne is a column of somebody's own table: what it is (Cible, as in
// Correspondance, "" when nothing says it) and its first values.
type Colonne struct {
	Nom, Cible string
	Exemples   []string
}

// exemplesMax is how many values show what a column is.
const exemplesMax = 3

// LireColonnes are the columns of a table of one's own, in their order; none for a
// file whose format names its own columns. The error is that of Decode.
func (o Options) LireColonnes(r io.Reader) ([]Colonne, error) {
	octets, err := io.ReadAll(io.LimitReader(r, tailleMax))
	if err != nil {
		return nil, err
	}
	doc, err := ouvrir(octets)
	if err != nil {
		return nil, err
	}
	if doc.fermer != nil {
		defer doc.fermer() //nolint:errcheck // only read
	}
	if f := reconnaitre(doc); !f.accorde && len(o.Colonnes) == 0 {
		return nil, nil
	}
	c, err := o.correspondance(doc)
	if err != nil {
		return nil, err
	}
	colonnes := make([]Colonne, len(doc.colonnes))
	for i, nom := range doc.colonnes {
		colonnes[i] = Colonne{Nom: nom, Cible: c[nom]}
	}
	lues := 0
	for l := range doc.lignes {
		for i := range colonnes {
			v := l.texte(colonnes[i].Nom)
			if e := colonnes[i].Exemples; v != "" && len(e) < exemplesMax && !slices.Contains(e, v) {
				colonnes[i].Exemples = append(e, v)
			}
		}
		if lues++; lues == 50 {
			break
		}
	}
	return colonnes, nil
}

// Cibles are what a column may be said to be, but those of yes and no (see
// Correspondance): the columns of the standard, then the others.
func Cibles() []string {
	cibles := make([]string, 0, len(mednum.ChampsNorme)+len(nomsJours)+4)
	for _, champ := range mednum.ChampsNorme {
		cibles = append(cibles, string(champ))
	}
	return append(append(cibles, nomsJours[:]...), cibleComplete, cibleNumero, cibleCoordonnees, cibleIgnorer)
}
