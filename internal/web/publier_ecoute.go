package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/diffusion"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// routesDonneesEcoute are the open data of what people tell: counts of needs of
// ecoute.Seuil or more, and the fiches that were reviewed.
func (s *site) routesDonneesEcoute(app *fiber.App) {
	app.Get("/donnees/besoins.:format", func(c *fiber.Ctx) error { return s.sendEcoute(c, "besoins", s.tableBesoins()) })
	app.Get("/donnees/fiches.:format", func(c *fiber.Ctx) error { return s.sendEcoute(c, "fiches", s.tableFiches()) })
}

func mot(t string) norme.Valeur { return norme.Valeur{Texte: t} }

func combien(n int) norme.Valeur { return norme.Valeur{Nombre: float64(n), EstNombre: true} }

// tableBesoins are the published counts, with the words of the places: no total,
// no free text.
func (s *site) tableBesoins() norme.Table {
	t := norme.Table{Titre: "Besoins d’aide numérique", Jour: mednum.DateOf(s.maintenant()), Colonnes: []string{"code_insee", "commune", "theme", "trimestre", "nombre"}}
	for _, c := range s.Besoins.Publies() {
		t.Lignes = append(t.Lignes, []norme.Valeur{mot(c.Commune), mot(s.nomCommune(c.Commune)), mot(themePublie(c.Theme)), mot(c.Trimestre.String()), combien(c.N)})
	}
	return t
}

// themePublie is a theme as the files name it: the national vocabulary's own
// words.
func themePublie(theme string) string {
	if theme == ecoute.ThemeAutre {
		return "Autre"
	}
	return theme
}

// tableFiches are the published fiches. Their author is not among them.
func (s *site) tableFiches() norme.Table {
	t := norme.Table{
		Titre: "Fiches du réseau", Jour: mednum.DateOf(s.maintenant()),
		Colonnes: []string{"id", "genre", "titre", "portee", "code_zone", "zone", "theme", "statut", "reponse", "appris", "besoins_publies", "publiee_le", "url"},
	}
	for _, f := range s.Fiches.Publiees() {
		t.Lignes = append(t.Lignes, []norme.Valeur{
			mot(f.ID), mot(string(f.Genre)), mot(f.Titre), mot(string(f.Portee)), mot(f.Zone), mot(s.direZoneFiche(f.Portee, f.Zone)),
			mot(themePublie(f.Theme)), mot(string(f.Statut)), mot(f.Reponse), mot(f.Appris), combien(f.Vus), mot(f.Le.String()), mot(s.lien("/fiches/" + f.ID)),
		})
	}
	return t
}

// sendEcoute writes a table in CSV, or as a JSON list of objects.
func (s *site) sendEcoute(c *fiber.Ctx, nom string, t norme.Table) error {
	var b bytes.Buffer
	switch format := c.Params("format"); format {
	case "csv":
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		if err := t.EncodeCSV(&b); err != nil {
			return fmt.Errorf("%s: %w", nom, err)
		}
	case "json":
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		if err := encodeObjets(&b, t); err != nil {
			return fmt.Errorf("%s: %w", nom, err)
		}
	default:
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+nom+`-`+s.Territoire.Code+`.`+c.Params("format")+`"`)
	return s.sendCached(c, b.Bytes(), cacheAPI)
}

// encodeObjets writes each row as an object by the names of the columns, in their
// order.
func encodeObjets(b *bytes.Buffer, t norme.Table) error {
	b.WriteString("[")
	for i, ligne := range t.Lignes {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n {")
		for j, v := range ligne {
			if j > 0 {
				b.WriteString(", ")
			}
			var valeur any = v.Texte
			if v.EstNombre {
				valeur = v.Nombre
			}
			octets, err := json.Marshal(valeur)
			if err != nil {
				return err
			}
			fmt.Fprintf(b, "%q: %s", t.Colonnes[j], octets)
		}
		b.WriteString("}")
	}
	b.WriteString("\n]\n")
	return nil
}

// jeuxEcoute describes those data for the catalogue.
func (s *site) jeuxEcoute() []diffusion.Jeu {
	fichiers := func(nom string) []diffusion.Fichier {
		return []diffusion.Fichier{
			{ID: nom + "-csv", Titre: "Tableau CSV", Presente: "Les mêmes lignes, en UTF-8.", URL: s.lien("/donnees/" + nom + ".csv"), MediaType: "text/csv", Format: "CSV"},
			{ID: nom + "-json", Titre: "JSON", Presente: "Les mêmes lignes, pour les programmes.", URL: s.lien("/donnees/" + nom + ".json"), MediaType: "application/json", Format: "JSON"},
		}
	}
	besoins := diffusion.Jeu{
		ID: "besoins", Titre: "Besoins d’aide numérique : " + s.Territoire.Nom, Page: s.lien("/donnees") + "#besoins",
		Presente: fmt.Sprintf("Combien de personnes n’ont pas trouvé d’aide, par commune, par thème et par trimestre fini. Seuls les nombres de %d et plus y sont ; il n’y a ni total, ni texte.", ecoute.Seuil),
		MotsCles: []string{"besoins", "inclusion numérique", "médiation numérique", s.Territoire.Nom}, Fichiers: fichiers("besoins"),
	}
	for _, c := range s.Besoins.Publies() {
		if d := c.Trimestre.Premier(); besoins.Du.IsZero() || d.Compare(besoins.Du) < 0 {
			besoins.Du = d
		}
		fin := c.Trimestre.Premier().AddMois(3).In(time.UTC).AddDate(0, 0, -1)
		besoins.Au = plusRecente(besoins.Au, mednum.DateOf(fin))
	}
	fiches := diffusion.Jeu{
		ID: "fiches", Titre: "Fiches du réseau d’aide numérique : " + s.Territoire.Nom, Page: s.lien("/fiches"),
		Presente: "Les besoins, les initiatives et les bonnes pratiques que le réseau a relus et publiés : où, quel thème, où en est la réponse, ce qui a été appris.",
		MotsCles: []string{"initiatives", "bonnes pratiques", "inclusion numérique", s.Territoire.Nom}, Fichiers: fichiers("fiches"),
	}
	for _, f := range s.Fiches.Publiees() {
		fiches.Au = plusRecente(fiches.Au, f.Le)
		if fiches.Du.IsZero() || f.Le.Compare(fiches.Du) < 0 {
			fiches.Du = f.Le
		}
	}
	return []diffusion.Jeu{besoins, fiches}
}
