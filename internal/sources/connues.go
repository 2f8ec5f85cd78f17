package sources

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// connue is a source that is offered by its name alone.
type connue struct {
	id, nom string
	// adresse is where it is for a territory, "" where it says nothing of it.
	adresse  func(t *territoire.Territoire) string
	licence  string // "" for what its format says
	format   string // how the name of its format begins (norme.Lecture.Format)
	chaque   Periode
	ailleurs string // why a territory has none
}

// The addresses are those that the producers and the national tools publish; see
// docs/adr/0028-sources.md for where each was read. A licence that nobody states
// there is not made up: mednum keeps such places out of the open files until
// somebody gives it.
var connues = []connue{
	{
		id: "france-services", nom: "France services",
		adresse: func(*territoire.Territoire) string {
			return "https://www.data.gouv.fr/fr/datasets/r/31576dff-fd61-4de9-819f-32c2f880b142"
		},
		licence: "Licence Ouverte 2.0", format: "France services", chaque: Semaine,
	},
	{
		id: "rhinocc", nom: "RhinOcc",
		adresse: func(t *territoire.Territoire) string {
			if !slices.Contains(regions["occitanie"], t.Code) {
				return ""
			}
			return "https://rhinoccc.gogocarto.fr/api/elements.json?categories=&excludeExternal=true"
		},
		format: "GoGoCarto", chaque: Semaine, ailleurs: "RhinOcc ne couvre que l’Occitanie",
	},
	{
		id: "carte-nationale", nom: "Carte nationale",
		adresse: func(t *territoire.Territoire) string {
			for region, codes := range regions {
				if slices.Contains(codes, t.Code) {
					return "https://cartographie.societenumerique.gouv.fr/" + region + "/" + identifiant(t.Nom) + "/lieux/exporter"
				}
			}
			return ""
		},
		format: "standard v1", chaque: Semaine, ailleurs: "la carte nationale est rangée par département, et ce territoire n’en est pas un",
	},
}

// Connues are the ids of the sources that are offered by name.
func Connues() []string {
	ids := make([]string, len(connues))
	for i, c := range connues {
		ids[i] = c.id
	}
	return ids
}

// completer gives a request without an address what is known of its name.
func (s *Sources) completer(d *Demande) error {
	i := slices.IndexFunc(connues, func(c connue) bool { return c.id == identifiant(d.Nom) })
	if i < 0 {
		return invalide("url", "Il manque l’adresse du fichier. Sans elle, le nom doit être celui d’une source connue : "+enumerer(Connues())+".")
	}
	c := connues[i]
	d.URL = c.adresse(s.Territoire)
	if d.URL == "" {
		return invalide("nom", "Cette source ne dit rien de ce territoire : "+c.ailleurs+". Donnez une adresse.")
	}
	d.Nom, d.format = c.nom, c.format
	if d.Licence == "" {
		d.Licence = c.licence
	}
	if d.Chaque == "" {
		d.Chaque = c.chaque
	}
	return nil
}

// regions are the codes of the départements of each region, by the slug of the
// region in the addresses of the national map.
var regions = func() map[string][]string {
	codes := map[string][]string{}
	for ligne := range strings.Lines(listeRegions) {
		mots := strings.Fields(ligne)
		codes[mots[0]] = mots[1:]
	}
	return codes
}()

const listeRegions = `auvergne-rhone-alpes 01 03 07 15 26 38 42 43 63 69 73 74
bourgogne-franche-comte 21 25 39 58 70 71 89 90
bretagne 22 29 35 56
centre-val-de-loire 18 28 36 37 41 45
corse 2A 2B
grand-est 08 10 51 52 54 55 57 67 68 88
guadeloupe 971
guyane 973
hauts-de-france 02 59 60 62 80
ile-de-france 75 77 78 91 92 93 94 95
la-reunion 974
martinique 972
mayotte 976
normandie 14 27 50 61 76
nouvelle-aquitaine 16 17 19 23 24 33 40 47 64 79 86 87
occitanie 09 11 12 30 31 32 34 46 48 65 66 81 82
pays-de-la-loire 44 49 53 72 85
provence-alpes-cote-d-azur 04 05 06 13 83 84`

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}
