package norme

import (
	"path/filepath"
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// fluxLibre is the flow of a layout that says neither whose its rows are nor
// under which licence.
var fluxLibre = mednum.Flux{Confiance: 20, AgeMax: 18}

var motifSepare = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a name as an id: "Mairies du Quercy" gives "mairies-du-quercy".
func slug(nom string) string {
	return strings.Trim(motifSepare.ReplaceAllString(mednum.Normaliser(nom), "-"), "-")
}

// fluxDe is the flow of the records of a file. A layout that says whose it is
// has its own. Otherwise it is who the options name, else the one producer that
// all rows name, else the name of the file without its date: two files of
// unrelated hands never share a flow, and what one of them no longer has is not
// counted absent from the other.
func (o Options) fluxDe(f format, fichier string, fiches []mednum.Fiche) mednum.Flux {
	flux := f.flux
	if flux.ID != "" {
		return flux
	}
	flux.Nom = o.Source
	if slug(flux.Nom) == "" {
		flux.Nom = producteurUnique(fiches)
	}
	if slug(flux.Nom) == "" {
		flux.Nom = nomSansDate(fichier)
	}
	flux.ID = slug(flux.Nom)
	for _, autre := range formats {
		if flux.ID == autre.flux.ID {
			flux.ID += "-norme" // rows that speak of that source, with other ids than its own
			break
		}
	}
	return flux
}

func producteurUnique(fiches []mednum.Fiche) string {
	nom := ""
	for i := range fiches {
		p := fiches[i].Producteur
		if p == "" || nom != "" && p != nom {
			return ""
		}
		nom = p
	}
	return nom
}

// nomSansDate is "lieux du lot" for "export/lieux_du_lot-20240801.csv".
func nomSansDate(fichier string) string {
	base := filepath.Base(strings.ReplaceAll(fichier, `\`, "/"))
	base = strings.TrimSuffix(base, filepath.Ext(base))
	nom := strings.Join(strings.FieldsFunc(motifDateNom.ReplaceAllString(base, " "), func(r rune) bool {
		return strings.ContainsRune(" _-.", r)
	}), " ")
	if slug(nom) == "" {
		return "Fichier sans nom"
	}
	return nom
}

// licenceDe is the licence that an address or a sentence names, "" when none is
// known.
func licenceDe(texte string) string {
	t := slug(texte)
	switch {
	case strings.Contains(t, "odbl"), strings.Contains(t, "open-database"):
		return mednum.LicenceODbL
	case strings.Contains(t, "licence-ouverte"), strings.Contains(t, "etalab"), strings.Contains(t, "open-licence"):
		return mednum.LicenceOuverte
	}
	return ""
}

// estHinaura tells the rows that came from Hinaura (Auvergne-Rhône-Alpes), which
// publishes under ODbL, whatever the file that carries them.
func estHinaura(source string) bool { return strings.Contains(slug(source), "hinaura") }
