package territoire

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
)

// The columns of the national gazetteer, and those of communes.csv.
var (
	colonnesGazetteer = []string{"code_insee", "nom", "codes_postaux", "code_departement", "latitude", "longitude", "population", "siren_epci", "nom_epci"}
	colonnesPack      = []string{"code_insee", "nom", "codes_postaux", "code_departement", "latitude", "longitude", "population", "siren_epci", "autres_codes"}
)

// gazetteer is the national list of communes as it was read.
type gazetteer struct {
	communes []Commune
	nomsEPCI map[string]string
	lignes   map[string]int   // INSEE code → line
	notes    map[int][]string // line → repairs, in French; 0 for other files
}

func openTableau(chemin string, colonnes ...string) (*tableau, error) {
	octets, err := os.ReadFile(chemin)
	if err != nil {
		return nil, fmt.Errorf("%s : lecture impossible : %w", filepath.Base(chemin), err)
	}
	return newTableau(filepath.Base(chemin), bytes.NewReader(octets), colonnes...)
}

func readGazetteer(s Sources) (*gazetteer, error) {
	tab, err := openTableau(s.Communes, colonnesGazetteer...)
	if err != nil {
		return nil, err
	}
	g := &gazetteer{nomsEPCI: map[string]string{}, lignes: map[string]int{}, notes: map[int][]string{}}
	for {
		ok, err := tab.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		c, err := g.readCommune(tab)
		if err != nil {
			return nil, err
		}
		if deja, ok := g.lignes[c.Code]; ok {
			return nil, tab.Refus("code_insee", "le code %s est déjà à la ligne %d", c.Code, deja)
		}
		g.lignes[c.Code] = tab.ligne
		g.communes = append(g.communes, c)
	}
	if s.Arrondissements == "" {
		return g, nil
	}
	return g, g.readArrondissements(s.Arrondissements)
}

func (g *gazetteer) readCommune(tab *tableau) (Commune, error) {
	var c Commune
	var err error
	if c.Code, err = g.codeInsee(tab, "code_insee"); err != nil {
		return c, err
	}
	if c.Nom, err = g.texte(tab, "nom"); err != nil {
		return c, err
	}
	if c.Departement, err = g.codeDepartement(tab, c.Code); err != nil {
		return c, err
	}
	if c.CodesPostaux, err = g.codesPostaux(tab); err != nil {
		return c, err
	}
	if c.Centre, err = pointDe(tab); err != nil {
		return c, err
	}
	if brut := tab.Valeur("population"); brut != "" {
		if c.Population, err = strconv.Atoi(brut); err != nil || c.Population < 0 {
			return c, tab.Refus("population", "« %s » n’est pas un nombre d’habitants", brut)
		}
	}
	c.EPCI = tab.Valeur("siren_epci")
	if c.EPCI == "" {
		return c, nil
	}
	if len(c.EPCI) != 9 || !estNombre(c.EPCI) {
		return c, tab.Refus("siren_epci", "« %s » n’est pas un numéro SIREN de neuf chiffres", c.EPCI)
	}
	g.nomsEPCI[c.EPCI], err = g.texte(tab, "nom_epci")
	return c, err
}

func (g *gazetteer) note(tab *tableau, colonne, format string, args ...any) {
	ligne := tab.ligne
	if tab.Has("parent") {
		ligne = 0
	}
	g.notes[ligne] = append(g.notes[ligne], tab.Refus(colonne, format, args...).Error())
}

// notesDe are the repairs made to these communes' lines.
func (g *gazetteer) notesDe(communes []Commune) []string {
	notes := slices.Clone(g.notes[0])
	for _, c := range communes {
		notes = append(notes, g.notes[g.lignes[c.Code]]...)
	}
	return notes
}

// texte reads a name, and undoes what web forms do to it.
func (g *gazetteer) texte(tab *tableau, colonne string) (string, error) {
	brut := strings.Join(strings.Fields(tab.Valeur(colonne)), " ")
	if strings.ContainsAny(brut, "\ufffd") || strings.Contains(brut, "Ã") {
		return "", tab.Refus(colonne, "« %s » est mal encodé : enregistrez le fichier en UTF-8", brut)
	}
	propre := strings.Join(strings.Fields(html.UnescapeString(brut)), " ")
	if propre == "" {
		return "", tab.Refus(colonne, "à remplir")
	}
	if propre != brut {
		g.note(tab, colonne, "« %s » lu « %s »", brut, propre)
	}
	return propre, nil
}

// codeInsee gives back the zero that spreadsheets drop.
func (g *gazetteer) codeInsee(tab *tableau, colonne string) (string, error) {
	code := strings.ToUpper(tab.Valeur(colonne))
	if len(code) == 4 && estNombre(code) {
		g.note(tab, colonne, "« %s » lu « 0%s » : le zéro du début était perdu", code, code)
		code = "0" + code
	}
	if !motifInsee.MatchString(code) {
		return "", tab.Refus(colonne, "« %s » n’est pas un code INSEE de commune, à cinq caractères", code)
	}
	return code, nil
}

func (g *gazetteer) codeDepartement(tab *tableau, insee string) (string, error) {
	code := strings.ToUpper(tab.Valeur("code_departement"))
	if len(code) == 1 && estNombre(code) {
		g.note(tab, "code_departement", "« %s » lu « 0%s » : le zéro du début était perdu", code, code)
		code = "0" + code
	}
	if !motifDepartement.MatchString(code) {
		return "", tab.Refus("code_departement", "« %s » n’est pas un code de département", code)
	}
	if !strings.HasPrefix(insee, code) {
		return "", tab.Refus("code_departement", "le code INSEE %s n’est pas du département %s", insee, code)
	}
	return code, nil
}

// codesPostaux leaves CEDEX codes out: no one lives there.
func (g *gazetteer) codesPostaux(tab *tableau) ([]string, error) {
	var codes []string
	brut := tab.Valeur("codes_postaux")
	for _, code := range liste(strings.ReplaceAll(brut, ";", "|")) {
		switch {
		case strings.Contains(strings.ToUpper(code), "CEDEX"):
			g.note(tab, "codes_postaux", "« %s » laissé de côté : un CEDEX n’est pas le code postal des habitants", code)
			continue
		case len(code) == 4 && estNombre(code):
			g.note(tab, "codes_postaux", "« %s » lu « 0%s » : le zéro du début était perdu", code, code)
			code = "0" + code
		case !estCodePostal(code):
			return nil, tab.Refus("codes_postaux", "« %s » n’est pas un code postal à cinq chiffres (séparez-les par « | »)", code)
		}
		codes = append(codes, code)
	}
	if len(codes) == 0 {
		return nil, tab.Refus("codes_postaux", "« %s » : il faut au moins un code postal", brut)
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}

// readArrondissements gives Paris, Lyon and Marseille the codes of their
// arrondissements, which some files use instead of the commune's.
func (g *gazetteer) readArrondissements(chemin string) error {
	tab, err := openTableau(chemin, "code", "parent", "codes_postaux")
	if err != nil {
		return err
	}
	for {
		ok, err := tab.Next()
		if err != nil || !ok {
			return err
		}
		parent := tab.Valeur("parent")
		i := slices.IndexFunc(g.communes, func(c Commune) bool { return c.Code == parent })
		if i < 0 {
			return tab.Refus("parent", "la commune « %s » n’est pas dans la liste des communes", parent)
		}
		code, err := g.codeInsee(tab, "code")
		if err != nil {
			return err
		}
		codes, err := g.codesPostaux(tab)
		if err != nil {
			return err
		}
		c := &g.communes[i]
		c.AutresCodes = append(c.AutresCodes, code)
		c.CodesPostaux = append(c.CodesPostaux, codes...)
		slices.Sort(c.CodesPostaux)
		c.CodesPostaux = slices.Compact(c.CodesPostaux)
		g.communes = slices.DeleteFunc(g.communes, func(c Commune) bool { return c.Code == code })
	}
}

// select keeps the département, its EPCI and what lies within metres of its
// outline, by code; and the EPCI of the département, by name.
func (g *gazetteer) selectAutour(code string, bord *forme, metres float64) ([]Commune, []EPCI) {
	siennes := map[string]bool{}
	for _, c := range g.communes {
		if c.Departement == code && c.EPCI != "" {
			siennes[c.EPCI] = true
		}
	}
	var communes []Commune
	for _, c := range g.communes {
		if c.Departement == code || siennes[c.EPCI] || bord.proche(c.Centre, metres) {
			communes = append(communes, c)
		}
	}
	slices.SortFunc(communes, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	var epci []EPCI
	for siren := range siennes {
		nom := g.nomsEPCI[siren]
		epci = append(epci, EPCI{Code: siren, Nom: nom, Nature: natureEPCI(nom), Dedans: true})
	}
	slices.SortFunc(epci, func(a, b EPCI) int {
		return cmp.Or(strings.Compare(a.Nom, b.Nom), strings.Compare(a.Code, b.Code))
	})
	return communes, epci
}

// proche measures only what a box in degrees does not rule out.
func (f *forme) proche(p geo.Point, metres float64) bool {
	marge := metres / (geo.RayonTerre * math.Pi / 180)
	margeLon := marge / math.Cos(min(math.Abs(p.Lat)+1, 89)*math.Pi/180)
	if p.Lat < f.boite.Min[1]-marge || p.Lat > f.boite.Max[1]+marge || p.Lon < f.boite.Min[0]-margeLon || p.Lon > f.boite.Max[0]+margeLon {
		return false
	}
	return f.contient(pointOrb(p)) || f.distance(p) <= metres
}

func natureEPCI(nom string) string {
	sigle, _, _ := strings.Cut(nom, " ")
	switch {
	case sigle == "CC" || sigle == "CA" || sigle == "CU":
		return sigle
	case strings.Contains(strings.ToLower(nom), "métropole"):
		return "Métropole"
	}
	return ""
}
