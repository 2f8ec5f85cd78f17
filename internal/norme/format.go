package norme

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// format is one layout of rows. Every format has a file of its own, which holds
// one value of this shape: what the layout is called, the flow of its records
// (without an id when the layout does not say whose the rows are), how its
// content is recognised, and how a row fills a draft. lit returns why the row is
// left out, "" otherwise.
type format struct {
	nom       string
	flux      mednum.Flux
	reconnait func(*document) bool
	lit       func(*brouillon, ligne) string
	renomme   bool // equal names in different communes are told apart
	accorde   bool // columns are those of whoever made the file: see Correspondance
}

// formats are the layouts, in the order in which they are tried: those that
// say most of themselves come first, a table of one's own last.
var formats = []format{
	formatFranceServices,
	formatFabriques,
	formatServicesInclusion,
	formatStructuresInclusion,
	formatRhinOcc,
	formatGoGoCarto,
	formatConseillers,
	formatV0,
	formatV1,
	formatTableau,
}

// reconnaitre tells the format from the content of a file alone.
func reconnaitre(doc *document) format {
	i := slices.IndexFunc(formats, func(f format) bool { return f.reconnait(doc) })
	return formats[i] // the last one takes any table
}

// aColonnes tells whether the document has all these columns.
func (doc *document) aColonnes(noms ...string) bool {
	return !slices.ContainsFunc(noms, func(nom string) bool { return !doc.a[nom] })
}

// aUneColonne tells whether the document has one of these columns.
func (doc *document) aUneColonne(noms ...string) bool {
	return slices.ContainsFunc(noms, func(nom string) bool { return doc.a[nom] })
}
