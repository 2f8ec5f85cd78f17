package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// lignesParPage is how many rows of a list one page shows; those of the others
// are printed too, up to lignesPapier.
const (
	lignesParPage = 50
	lignesPapier  = 600
)

// The parameters of every list; filters have other names.
const (
	parametreTri    = "tri"
	parametrePage   = "page"
	parametreFormat = "format"
)

// liste is a table of rows of T that people filter, sort, page and take away as
// they see it (docs/adr/0033-bureau-et-listes.md). Its state is its address:
// "?commune=…&tri=-age&page=2", "-" for the other way round.
type liste[T any] struct {
	Chemin        string // where the page is, without the prefix of the site: "/espace/reseau/lieux"
	Nom           string // of its files: "lieux" gives "lieux-82-2026-11-24.csv"
	Titre         string // caption of the table, name of the sheet
	Un, Plusieurs string // what is counted: "lieu", "lieux"
	Vide          string // what to say, and to do, when there is no row at all
	Tri           string // the order at first: key of a column, "-" before it for the other way round
	Colonnes      []colonne[T]
	Filtres       []filtre[T]
	Fixes         url.Values // other parameters of the page, kept by every link
}

// colonne is one column. Without Cle it does not sort. A column of EcranSeul is
// what to do about a row: it is in no file; one of FichierSeul is in files only.
type colonne[T any] struct {
	Cle, Titre  string
	Case        func(T) cellule
	EcranSeul   bool
	FichierSeul bool
}

// cellule is what a row says in a column: see texte, lie, nombre and jourDit.
type cellule struct {
	Texte  string
	Lien   string // path within the site, "" for none
	Tel    string // number to call, as it is stored
	Detail string // a second line on the page, in no file
	Signe  string // class of a state: "ouvert", "ferme", "confirmer"
	Ordre  string // by what it sorts, where that is not Texte
	Nombre *float64

	fichier *string // what a file says, where that is not Texte
}

// texte is a cell of text.
func texte(t string) cellule { return cellule{Texte: t} }

// lie is a cell that leads to a page of this site.
func lie(t, chemin string) cellule { return cellule{Texte: t, Lien: chemin} }

// nombre is a cell of a number: sorted as one, and one in a file.
func nombre(n int) cellule {
	v := float64(n)
	return cellule{Texte: textes.Nombre(n), Nombre: &v}
}

// mesure is a cell of a number that is written otherwise ("3,2 km").
func mesure(v float64, dit string) cellule { return cellule{Texte: dit, Nombre: &v} }

// jourDit is a cell of a day: in words on the page, "2026-11-24" in a file.
func jourDit(d mednum.Date) cellule {
	iso := d.String()
	if d.IsZero() {
		return cellule{fichier: &iso}
	}
	return cellule{Texte: textes.DateLongue(d.Annee, d.Mois, d.Jour), Ordre: iso, fichier: &iso}
}

// filtre keeps the rows that pass. With Choix people choose one of them,
// otherwise they type words, or a day where Jour. It is asked only where a value
// is set, one of Choix or a day that exists.
type filtre[T any] struct {
	Cle, Titre string
	Choix      []choixFiltre
	Jour       bool
	Passe      func(ligne T, valeur string) bool
}

// choixFiltre is one value of a filter, and how it is called.
type choixFiltre struct{ Valeur, Nom string }

// tousLesMots tells whether a text holds every word that was typed, whatever
// their accents and their order.
func tousLesMots(dit, tapes string) bool {
	dit = mednum.Normaliser(dit)
	return !slices.ContainsFunc(strings.Fields(mednum.Normaliser(tapes)), func(m string) bool { return !strings.Contains(dit, m) })
}

// rendreListe answers a request for a list: with ?format=csv or xlsx, the file of
// all rows as they are filtered and sorted; otherwise page renders, given the table
// for {{template "tableau"}}. An unknown format is refused; any other parameter
// that is not understood is left aside, and the table says so.
func rendreListe[T any](s *site, c *fiber.Ctx, l liste[T], lignes []T, page func(*tableau) error) error {
	v := l.lire(c, s.racine)
	choisies := v.choisir(lignes)
	switch format := c.Query(parametreFormat); format {
	case "":
		return page(v.montrer(lignes, choisies))
	case "csv", "xlsx":
		s.noter(c, registre.Acte{Genre: registre.GenreExport, Texte: "Export de « " + l.Titre + " » (" + format + "), " + textes.Pluriel(len(choisies), "ligne", "lignes")})
		return s.sendTable(c, format, v.nomFichier(s), v.table(s, choisies))
	default:
		return &refus{fiber.StatusBadRequest, parametreFormat, fmt.Sprintf("Le format « %s » n’existe pas : demandez csv ou xlsx.", textes.Couper(format, 20))}
	}
}

// vueListe is a list as one request asks for it.
type vueListe[T any] struct {
	liste[T]
	racine    string
	valeurs   map[string]string // of filters, those that are understood
	tri       string            // key of a column, "" for the order of the rows
	inverse   bool
	page      int // from 1
	remarques []string
}

// lire reads the parameters of a list.
func (l liste[T]) lire(c *fiber.Ctx, racine string) *vueListe[T] {
	v := &vueListe[T]{liste: l, racine: racine, valeurs: map[string]string{}, page: 1}
	for _, f := range l.Filtres {
		brut := strings.TrimSpace(c.Query(f.Cle))
		if brut == "" {
			continue
		}
		if f.comprend(brut) {
			v.valeurs[f.Cle] = textes.Couper(brut, valeurMax)
			continue
		}
		v.remarquer("« %s » n’est pas une valeur du filtre « %s » : il est laissé de côté.", brut, f.Titre)
	}
	tri := cmp.Or(c.Query(parametreTri), l.Tri)
	if !v.trier(tri) {
		v.remarquer("Cette liste ne se trie pas par « %s » : elle est dans son ordre habituel.", strings.TrimPrefix(tri, "-"))
		v.trier(l.Tri)
	}
	if brut := c.Query(parametrePage); brut != "" {
		n, err := strconv.Atoi(brut)
		if v.page = max(1, n); err != nil || n < 1 {
			v.remarquer("La page « %s » n’existe pas : voici la première.", brut)
		}
	}
	return v
}

// valeurMax is how long what is typed in a filter may be, in characters.
const valeurMax = 100

func (v *vueListe[T]) remarquer(phrase string, mots ...string) {
	dits := make([]any, len(mots))
	for i, m := range mots {
		dits[i] = textes.Couper(m, 40)
	}
	v.remarques = append(v.remarques, fmt.Sprintf(phrase, dits...))
}

func (f *filtre[T]) comprend(valeur string) bool {
	switch {
	case f.Jour:
		_, err := mednum.ParseDate(valeur)
		return err == nil
	case f.Choix == nil:
		return true
	}
	return slices.ContainsFunc(f.Choix, func(x choixFiltre) bool { return x.Valeur == valeur })
}

// trier sets the order; false when no column has that key.
func (v *vueListe[T]) trier(tri string) bool {
	cle, inverse := strings.CutPrefix(tri, "-")
	if cle != "" && !slices.ContainsFunc(v.Colonnes, func(c colonne[T]) bool { return c.Cle == cle }) {
		return false
	}
	v.tri, v.inverse = cle, inverse
	return true
}

// choisir keeps the rows that pass every filter, in the order that is asked. Rows
// that say nothing in the column come last, either way.
func (v *vueListe[T]) choisir(lignes []T) []T {
	choisies := slices.DeleteFunc(slices.Clone(lignes), func(ligne T) bool {
		return slices.ContainsFunc(v.Filtres, func(f filtre[T]) bool {
			valeur, ok := v.valeurs[f.Cle]
			return ok && !f.Passe(ligne, valeur)
		})
	})
	i := slices.IndexFunc(v.Colonnes, func(c colonne[T]) bool { return c.Cle == v.tri && v.tri != "" })
	if i < 0 {
		return choisies
	}
	type rangee struct {
		ligne T
		cle   cleTri
	}
	rangees := make([]rangee, len(choisies))
	for n, ligne := range choisies {
		rangees[n] = rangee{ligne, ordreDe(v.Colonnes[i].Case(ligne))}
	}
	slices.SortStableFunc(rangees, func(a, b rangee) int { return a.cle.compare(b.cle, v.inverse) })
	for n := range rangees {
		choisies[n] = rangees[n].ligne
	}
	return choisies
}

// cleTri is what a cell sorts by.
type cleTri struct {
	vide   bool
	nombre float64
	texte  string
}

func ordreDe(c cellule) cleTri {
	switch {
	case c.Nombre != nil:
		return cleTri{nombre: *c.Nombre}
	case c.Ordre != "":
		return cleTri{texte: c.Ordre}
	}
	return cleTri{vide: c.Texte == "", texte: mednum.Normaliser(c.Texte)}
}

func (k cleTri) compare(autre cleTri, inverse bool) int {
	if k.vide != autre.vide {
		if k.vide {
			return 1
		}
		return -1
	}
	ordre := cmp.Or(cmp.Compare(k.nombre, autre.nombre), cmp.Compare(k.texte, autre.texte))
	if inverse {
		return -ordre
	}
	return ordre
}
