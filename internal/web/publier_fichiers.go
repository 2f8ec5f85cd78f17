package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// fichierPublie is a file of the list: nom is the end of its address, which
// stays for good; format is that of norme.Export, mime its type as it is sent.
type fichierPublie struct {
	nom, format, mime string
	media, code       string // for portals; no code, no portal
	titre, presente   string
}

// fichiersPublies are the files of the whole list. Those that have a code are
// also those of a commune and of an EPCI.
var fichiersPublies = []fichierPublie{
	{
		"lieux.csv", "csv", "text/csv; charset=utf-8", "text/csv", "CSV", "Tableau CSV",
		"Les lieux publiés du territoire, une ligne par lieu et par arrêt d’un service itinérant, en UTF-8, avec les 32 colonnes du standard national.",
	},
	{"lieux.json", "json", fiber.MIMEApplicationJSONCharsetUTF8, "application/json", "JSON", "JSON", "Les mêmes lieux et les mêmes champs, en JSON ; les listes y sont des textes séparés par « | », comme dans le tableau."},
	{"lieux.geojson", "geojson", mimeGeoJSON, mimeGeoJSON, "GEOJSON", "GeoJSON", "Les mêmes lignes, un point pour chacune qui est située, pour une carte."},
	{"lieux.xlsx", "xlsx", mimeXLSX, mimeXLSX, "XLSX", "Classeur Excel", "Les mêmes lignes, pour un tableur : toutes les cases sont du texte, un code postal garde son zéro."},
	{nom: fichierTableur, format: "tableur", mime: "text/csv; charset=utf-8"},
}

const mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

const fichierTableur = "lieux-tableur.csv"

// fichierDe is the file of that name.
func fichierDe(nom string) (fichierPublie, bool) {
	for _, f := range fichiersPublies {
		if f.nom == nom {
			return f, true
		}
	}
	return fichierPublie{}, false
}

// serveFichier gives the whole list in one of its formats.
func (s *site) serveFichier(c *fiber.Ctx) error {
	return s.serveListe(c, "lieux."+c.Params("format"))
}

func (s *site) serveFichierTableur(c *fiber.Ctx) error { return s.serveListe(c, fichierTableur) }

func (s *site) serveListe(c *fiber.Ctx, nom string) error {
	f, ok := fichierDe(nom)
	if !ok {
		return fiber.ErrNotFound
	}
	corps, err := s.publication().fichiers[nom]()
	if err != nil {
		return err
	}
	return s.sendFichier(c, f, s.Territoire.Code, corps)
}

func (s *site) serveFichierCommune(c *fiber.Ctx) error {
	commune, ok := s.Territoire.Commune(c.Params("code"))
	if !ok {
		return fiber.ErrNotFound
	}
	return s.serveFichierZone(c, commune.Code, []string{commune.Code})
}

func (s *site) serveFichierEPCI(c *fiber.Ctx) error {
	epci, ok := s.Territoire.EPCI(c.Params("code"))
	if !ok {
		return fiber.ErrNotFound
	}
	return s.serveFichierZone(c, epci.Code, epci.Communes)
}

// serveFichierZone gives the rows that are in some communes, made once a
// snapshot and a day.
func (s *site) serveFichierZone(c *fiber.Ctx, code string, codes []string) error {
	f, ok := fichierDe("lieux." + c.Params("format"))
	if !ok {
		return fiber.ErrNotFound
	}
	corps, err := s.rendre("donnees/"+code+"/"+f.nom, func() ([]byte, error) {
		communes := make(map[string]bool, len(codes))
		for _, code := range codes {
			communes[code] = true
		}
		return s.encoder(s.publication(), f.format, communes)
	})
	if err != nil {
		return err
	}
	return s.sendFichier(c, f, code, corps)
}

// sendFichier names the saved file after where its places are.
func (s *site) sendFichier(c *fiber.Ctx, f fichierPublie, code string, corps []byte) error {
	extension := f.format
	if f.format == "tableur" {
		extension = "tableur.csv"
	}
	c.Set(fiber.HeaderContentType, f.mime)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="lieux-`+url.PathEscape(code)+`.`+extension+`"`)
	return s.sendCached(c, corps, cacheAPI)
}

// lienFichier is a file to download, as a page names it.
type lienFichier struct{ Nom, Adresse string }

// liensFichiers are the files of a commune or of an EPCI, whose page is at
// chemin.
func liensFichiers(chemin string) []lienFichier {
	var liens []lienFichier
	for _, f := range fichiersPublies {
		if f.code != "" {
			liens = append(liens, lienFichier{f.titre, "/donnees" + chemin + "/" + f.nom})
		}
	}
	return liens
}
