package norme

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Correspondance says what each column of somebody's own table is: the name of
// the column, as the file writes it, to a column of the standard, or to one of
// these: "lundi" … "dimanche" (the hours of a day), "adresse_complete" (street,
// postal code and commune together), "numero_voie", "coordonnees" ("latitude,
// longitude"), "ignorer". "services:Utilisation sécurisée du numérique" is for a
// column of yes and no: it adds the value where the column says yes.
type Correspondance map[string]string

// The columns that the standard does not have.
const (
	cibleIgnorer     = "ignorer"
	cibleComplete    = "adresse_complete"
	cibleNumero      = "numero_voie"
	cibleCoordonnees = "coordonnees"
)

// ParseCorrespondance reads "Nom du lieu=nom, Ville=commune", or the same with
// semicolons, for names that hold a comma. It returns an
// *mednum.Error, code "invalide", for what is not of this form or names no
// column that exists.
func ParseCorrespondance(texte string) (Correspondance, error) {
	sep := ","
	if strings.Contains(texte, ";") {
		sep = ";"
	}
	c := make(Correspondance)
	for paire := range strings.SplitSeq(texte, sep) {
		if strings.TrimSpace(paire) == "" {
			continue
		}
		i := strings.LastIndexByte(paire, '=') // a column's name may hold one
		if i < 0 {
			return nil, refus(fmt.Sprintf("« %s » ne dit pas ce qu’est une colonne : écrivez « Colonne du fichier=colonne du standard ».", strings.TrimSpace(paire)))
		}
		colonne, cible := enLigne(paire[:i]), strings.TrimSpace(paire[i+1:])
		if colonne == "" {
			return nil, refus(fmt.Sprintf("« %s » ne nomme pas de colonne du fichier.", strings.TrimSpace(paire)))
		}
		if !estCible(cible) {
			return nil, refusCible(cible)
		}
		c[colonne] = cible
	}
	return c, nil
}

func refusCible(cible string) error {
	noms := make([]string, len(mednum.ChampsNorme))
	for i, champ := range mednum.ChampsNorme {
		noms[i] = string(champ)
	}
	return refus(fmt.Sprintf("« %s » n’est pas une colonne que l’on peut remplir. Les colonnes possibles : %s, lundi à dimanche, %s, %s, %s, %s.",
		cible, strings.Join(noms, ", "), cibleComplete, cibleNumero, cibleCoordonnees, cibleIgnorer))
}

// estCible tells whether a text is what a Correspondance may give.
func estCible(cible string) bool {
	champ, valeur, ouiNon := strings.Cut(cible, ":")
	if ouiNon {
		return mednum.EstValeur(mednum.Champ(champ), valeur)
	}
	return slices.Contains(mednum.ChampsNorme, mednum.Champ(cible)) || slices.Contains(nomsJours[:], cible) ||
		slices.Contains([]string{cibleIgnorer, cibleComplete, cibleNumero, cibleCoordonnees}, cible)
}

// NonLues are the columns of a table of one's own that nothing says what they
// are: they are not kept, because a column of one's own may name people.
func (l *Lecture) NonLues() []string {
	if l.Correspondance == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(l.Colonnes), func(c string) bool { return l.Correspondance[c] != "" })
}

// CleColonnes is the key of a set of columns, whatever their order, case and
// accents: the SHA-256, in hexadecimal, of their names. The correspondence that
// was used for a file is kept under it for the next one.
func CleColonnes(colonnes []string) string {
	cles := make([]string, len(colonnes))
	for i, nom := range colonnes {
		cles[i] = mednum.CleAvecArticle(nom)
	}
	slices.Sort(cles)
	somme := sha256.Sum256([]byte(strings.Join(cles, "\n")))
	return hex.EncodeToString(somme[:])
}

// accorder finds what each column of the document is, and gives its rows the
// names of the standard: the options come first, then what was kept for these
// columns, then the names.
func (o Options) accorder(doc *document) (Correspondance, error) {
	c, err := o.correspondance(doc)
	if err != nil {
		return nil, err
	}
	pris := make(map[string]bool, len(c))
	for _, cible := range c {
		pris[cible] = true
	}
	if !pris[string(mednum.ChampNom)] {
		return nil, refusColonne(doc, "le nom des lieux", mednum.ChampNom)
	}
	if !pris[string(mednum.ChampCommune)] && !pris[string(mednum.ChampCodeInsee)] && !pris[cibleComplete] {
		return nil, refusColonne(doc, "la commune des lieux", mednum.ChampCommune)
	}
	lignes := doc.lignes
	doc.lignes = func(yield func(ligne) bool) {
		nommee := ligne{v: make(map[string]string, len(c))}
		for l := range lignes {
			nommee.num, nommee.motif = l.num, l.motif
			clear(nommee.v)
			for _, colonne := range doc.colonnes {
				nommee.ajouter(c[colonne], l.v[colonne])
			}
			if !yield(nommee) {
				return
			}
		}
	}
	return c, nil
}

func refusColonne(doc *document, quoi string, champ mednum.Champ) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: string(champ), Message: fmt.Sprintf(
		"Aucune colonne ne dit %s. Les colonnes de ce fichier sont : %s. Dites laquelle convient, par exemple : --colonnes \"%s=%s\".",
		quoi, enumererColonnes(doc.colonnes), doc.colonneExemple(), champ)}
}

func (doc *document) colonneExemple() string {
	if len(doc.colonnes) == 0 {
		return "Colonne"
	}
	return doc.colonnes[0]
}

const colonnesMontrees = 40

func enumererColonnes(noms []string) string {
	suite := ""
	if len(noms) > colonnesMontrees {
		suite = fmt.Sprintf(" et %d autres", len(noms)-colonnesMontrees)
		noms = noms[:colonnesMontrees]
	}
	return "« " + strings.Join(noms, " », « ") + " »" + suite
}

// ajouter puts a text under the name of the standard. Several columns may fill
// a list or a text; a column of yes and no adds its value.
func (l *ligne) ajouter(cible, texte string) {
	if cible == "" || cible == cibleIgnorer || texte == "" {
		return
	}
	champ, valeur, ouiNon := strings.Cut(cible, ":")
	if ouiNon {
		switch oui, ok := lireOuiNon(texte); {
		case ok && !oui:
			return
		case ok:
			texte = valeur
		} // what says neither is left to the reader of the value
	}
	if avant := l.v[champ]; avant != "" {
		texte = avant + "\n" + texte
	}
	l.v[champ] = texte
}

// correspondance is what each column is, one column alone for what is one.
func (o Options) correspondance(doc *document) (Correspondance, error) {
	c := make(Correspondance, len(doc.colonnes))
	pris := make(map[string]bool)
	prendre := func(colonne, cible string) {
		if c[colonne] == "" && (cible == cibleIgnorer || !pris[cible] || aPlusieurs(cible)) {
			c[colonne] = cible
			pris[cible] = true
		}
	}
	for _, colonne := range slices.Sorted(maps.Keys(o.Colonnes)) {
		ecrite, ok := doc.colonne(colonne)
		if !ok {
			return nil, refus(fmt.Sprintf("Ce fichier n’a pas de colonne « %s ». Ses colonnes sont : %s.", colonne, enumererColonnes(doc.colonnes)))
		}
		if !estCible(o.Colonnes[colonne]) {
			return nil, refusCible(o.Colonnes[colonne])
		}
		prendre(ecrite, o.Colonnes[colonne])
	}
	if o.Connues != nil {
		connues, _ := o.Connues(CleColonnes(doc.colonnes))
		for _, colonne := range slices.Sorted(maps.Keys(connues)) {
			if ecrite, ok := doc.colonne(colonne); ok && estCible(connues[colonne]) {
				prendre(ecrite, connues[colonne])
			}
		}
	}
	for _, exact := range []bool{true, false} { // the standard's own names first
		for _, colonne := range doc.colonnes {
			if cible := cibleDuNom(colonne); cible != "" && (cible == colonne) == exact {
				prendre(colonne, cible)
			}
		}
	}
	return c, nil
}

// colonne is a column of the document, whatever its accents and case.
func (doc *document) colonne(nom string) (string, bool) {
	if doc.a[nom] {
		return nom, true
	}
	i := slices.IndexFunc(doc.colonnes, func(c string) bool { return mednum.CleAvecArticle(c) == mednum.CleAvecArticle(nom) })
	if i < 0 {
		return "", false
	}
	return doc.colonnes[i], true
}

// aPlusieurs tells what several columns may fill.
func aPlusieurs(cible string) bool {
	champ := mednum.Champ(cible)
	return strings.Contains(cible, ":") || champ.EstListe() || champ == mednum.ChampTelephone || champ == mednum.ChampPresentationDetail
}

// String is the correspondence as ParseCorrespondance reads it, by column.
func (c Correspondance) String() string {
	paires := make([]string, 0, len(c))
	for _, colonne := range slices.Sorted(maps.Keys(c)) {
		paires = append(paires, colonne+"="+c[colonne])
	}
	texte := strings.Join(paires, ";")
	if len(paires) == 1 && strings.Contains(texte, ",") {
		texte += ";" // the sign that parts, since the name holds the other
	}
	return texte
}
