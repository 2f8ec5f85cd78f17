package web

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// exportMax is how many lines of the register one file has, and pagesExport how
// many pages are looked at for them: a longer period is taken in several files.
const (
	exportMax   = 2000
	pagesExport = 20
)

// exporterRegistre sends the lines that are chosen as a file. One that is cut
// says so in its last line.
func (s *site) exporterRegistre(c *fiber.Ctx, d *demandeRegistre, format string) error {
	if format != "csv" && format != "xlsx" {
		return &refus{fiber.StatusBadRequest, parametreFormat, fmt.Sprintf("Le format « %s » n’existe pas : demandez csv ou xlsx.", textes.Couper(format, 20))}
	}
	jour := mednum.DateOf(s.maintenant())
	t := norme.Table{
		Titre: "Registre", Jour: jour,
		Colonnes: []string{"Jour", "Heure", "Qui", "Comment", "Genre", "Lieu", "Commune", "Identifiant du lieu", "Quoi", "Avant", "Après"},
		Notice: [][2]string{
			{"Liste", "Registre : qui a changé quoi"},
			{"Jour", jour.String()},
			{"Territoire", s.Territoire.Nom},
			{"Adresse", s.lien(d.adresse())},
			{"Attention", "Cette liste est réservée à l’équipe : ne la publiez pas."},
		},
	}
	choix := d.Choix
	choix.N, choix.Avant = registre.PageMax, ""
	for n := 1; ; n++ {
		p, err := s.Registre.Lire(c.UserContext(), choix)
		if err != nil {
			return err
		}
		noms, err := s.nomsLignes(c, p.Lignes)
		if err != nil {
			return err
		}
		for i := range p.Lignes {
			t.Lignes = append(t.Lignes, s.rangeesRegistre(&p.Lignes[i], noms)...)
		}
		if choix.Avant = p.Suite; p.Suite == "" {
			break
		}
		if n == pagesExport || n*registre.PageMax >= exportMax && len(p.Lignes) > 0 {
			t.Lignes = append(t.Lignes, rangee("", "", "", "", "", "", "", "", "La liste s’arrête ici, au "+s.direJour(p.Jusqua)+" : la suite est dans un autre fichier, avec un dernier jour plus ancien", "", ""))
			break
		}
	}
	s.noter(c, registre.Acte{Genre: registre.GenreExport, Texte: "Export du registre (" + format + ")"})
	return s.sendTable(c, format, "registre-"+s.Territoire.Code+"-"+jour.String(), t)
}

func rangee(textes ...string) []norme.Valeur {
	valeurs := make([]norme.Valeur, 0, len(textes))
	for _, t := range textes {
		valeurs = append(valeurs, norme.Valeur{Texte: t})
	}
	return valeurs
}

// rangeesRegistre are the rows of a line: one, or one for each difference.
func (s *site) rangeesRegistre(l *registre.Ligne, noms auteurs) [][]norme.Valeur {
	d := s.direLigne(l, noms)
	genre := ""
	for _, g := range registre.Genres {
		if g.Genre == l.Genre() {
			genre = g.Nom
		}
	}
	debut := []string{d.jour.String(), strings.ReplaceAll(d.Heure, "\u00a0", " "), d.Qui, d.Voie, genre, d.Lieu, d.Ville, l.Lieu()}
	if len(d.Differences) == 0 {
		return [][]norme.Valeur{rangee(append(debut, d.Quoi, d.Avant, d.Apres)...)}
	}
	lignes := make([][]norme.Valeur, 0, len(d.Differences))
	for _, x := range d.Differences {
		lignes = append(lignes, rangee(append(debut[:len(debut):len(debut)], x.Libelle, x.Avant, x.Apres)...))
	}
	return lignes
}
