package web

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// table is all the rows of a list as they are chosen, for a file.
func (v *vueListe[T]) table(s *site, choisies []T) norme.Table {
	jour := mednum.DateOf(s.maintenant())
	t := norme.Table{Titre: v.Titre, Jour: jour, Notice: [][2]string{
		{"Liste", v.Titre},
		{"Jour", jour.String()},
		{"Territoire", s.Territoire.Nom},
		{"Filtres", v.filtresDits()},
		{"Tri", v.triDit()},
		{"Adresse", s.lien(strings.TrimPrefix(v.adresse(true, parametreTri, v.triActuel()), s.racine))},
		{"Attention", "Cette liste est réservée à l’équipe : ne la publiez pas."},
	}}
	for _, c := range v.Colonnes {
		if !c.EcranSeul {
			t.Colonnes = append(t.Colonnes, c.Titre)
		}
	}
	for _, ligne := range choisies {
		valeurs := make([]norme.Valeur, 0, len(t.Colonnes))
		for _, c := range v.Colonnes {
			if !c.EcranSeul {
				valeurs = append(valeurs, c.Case(ligne).valeur())
			}
		}
		t.Lignes = append(t.Lignes, valeurs)
	}
	return t
}

// valeur is a cell in a file.
func (c cellule) valeur() norme.Valeur {
	switch {
	case c.Nombre != nil:
		return norme.Valeur{Nombre: *c.Nombre, EstNombre: true}
	case c.fichier != nil:
		return norme.Valeur{Texte: *c.fichier}
	}
	return norme.Valeur{Texte: c.Texte}
}

func (v *vueListe[T]) filtresDits() string {
	var dits []string
	for _, f := range v.Filtres {
		valeur, ok := v.valeurs[f.Cle]
		if !ok {
			continue
		}
		for _, x := range f.Choix {
			if x.Valeur == valeur {
				valeur = x.Nom
			}
		}
		dits = append(dits, f.Titre+" : "+valeur)
	}
	return strings.Join(dits, " ; ")
}

func (v *vueListe[T]) triDit() string {
	for _, c := range v.Colonnes {
		if c.Cle == v.tri && v.tri != "" {
			if v.inverse {
				return c.Titre + ", à l’envers"
			}
			return c.Titre
		}
	}
	return ""
}

// nomFichierMax is how long the name of a file may be before its day, in characters.
const nomFichierMax = 80

// nomFichier says what a file holds, and of when: "lieux-82-manque-horaires-2026-11-24".
// What was typed stays out of it: the name of a file travels.
func (v *vueListe[T]) nomFichier(s *site) string {
	parts := []string{v.Nom, s.Territoire.Code}
	for _, f := range v.Filtres {
		switch valeur, ok := v.valeurs[f.Cle]; {
		case !ok:
		case f.Choix == nil && !f.Jour:
			parts = append(parts, f.Cle)
		default:
			parts = append(parts, f.Cle, valeur)
		}
	}
	nom := strings.ReplaceAll(mednum.Normaliser(strings.Join(parts, " ")), " ", "-")
	if lettres := []rune(nom); len(lettres) > nomFichierMax {
		nom = strings.TrimRight(string(lettres[:nomFichierMax]), "-")
	}
	return nom + "-" + mednum.DateOf(s.maintenant()).String()
}

// sendTable sends a list as a file, which no cache keeps.
func (s *site) sendTable(c *fiber.Ctx, format, nom string, t norme.Table) error {
	encoder, mime := t.EncodeCSV, "text/csv; charset=utf-8"
	if format == "xlsx" {
		encoder, mime = t.EncodeXLSX, mimeXLSX
	}
	var b bytes.Buffer
	if err := encoder(&b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mime)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+nom+`.`+format+`"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(b.Bytes())
}
