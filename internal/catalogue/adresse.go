package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Beyond toleranceContour metres a point is out of a commune: outlines are
// simplified by as much. Of a commune without an outline only its centre is
// known, and loinCentre metres from it is out.
const (
	toleranceContour = 50
	loinCentre       = 15_000
)

// HorsCommune tells whether a point, in WGS 84 degrees, leaves a commune, and by
// how many metres (from the centre of one whose outline is not known). It is a
// doubt to show, never a refusal; a commune that is not known has none.
func (c *Catalogue) HorsCommune(lat, lon float64, codeInsee string) (metres float64, dehors bool) {
	p := geo.Point{Lat: lat, Lon: lon}
	commune, ok := c.territoire.Commune(codeInsee)
	if !ok || !p.Valide() {
		return 0, false
	}
	if metres, ok := c.territoire.DistanceCommune(p, codeInsee); ok {
		return metres, metres > toleranceContour
	}
	metres = geo.Distance(p, commune.Centre)
	return metres, metres > loinCentre
}

var champsCommune = []mednum.Champ{mednum.ChampCommune, mednum.ChampCodePostal, mednum.ChampCodeInsee}

// accorder makes commune, INSEE code and postal code of the changes agree with
// each other and with the territory: what one alone decides is completed, in
// the territory's own spelling. What contradicts is "invalide". A commune that
// the territory does not know, and that nobody changes, is left alone.
func (c *Catalogue) accorder(l *mednum.Lieu, champs map[mednum.Champ]string) (map[mednum.Champ]string, error) {
	if !slices.ContainsFunc(champsCommune, func(champ mednum.Champ) bool { return champs[champ] != "" }) {
		return champs, nil
	}
	champs = maps.Clone(champs)
	commune, err := c.communeDite(l, champs)
	if err != nil || commune == nil {
		return champs, err
	}
	if nom := champs[mednum.ChampCommune]; nom != "" && !nomme(commune, nom) {
		return nil, invalide(string(mednum.ChampCommune), "« %s » n’est pas la commune de code INSEE %s, qui est %s : corrigez l’un des deux.", nom, commune.Code, commune.Nom)
	}
	champs[mednum.ChampCommune] = commune.Nom
	champs[mednum.ChampCodeInsee] = cmp.Or(champs[mednum.ChampCodeInsee], codeGarde(c.territoire, l, commune))
	postal := cmp.Or(champs[mednum.ChampCodePostal], l.Champs.CodePostal)
	switch codes := commune.CodesPostaux; {
	case len(codes) == 0 || slices.Contains(codes, postal):
		champs[mednum.ChampCodePostal] = postal
	case champs[mednum.ChampCodePostal] != "":
		return nil, invalide(string(mednum.ChampCodePostal), "Le code postal %s n’est pas celui de %s : écrivez %s, ou changez la commune.", postal, commune.Nom, strings.Join(codes, " ou "))
	case len(codes) == 1:
		champs[mednum.ChampCodePostal] = codes[0]
	default:
		return nil, invalide(string(mednum.ChampCodePostal), "Donnez le code postal de %s : %s.", commune.Nom, strings.Join(codes, " ou "))
	}
	return champs, nil
}

// codeGarde is the INSEE code that the place has when it means the commune
// already (that of an arrondissement), the commune's own otherwise.
func codeGarde(t *territoire.Territoire, l *mednum.Lieu, commune *territoire.Commune) string {
	if actuelle, ok := t.Commune(l.Champs.CodeInsee); ok && actuelle == commune {
		return l.Champs.CodeInsee
	}
	return commune.Code
}

// communeDite is the commune that the changes mean, nil when they do not change
// one that the territory does not know.
func (c *Catalogue) communeDite(l *mednum.Lieu, champs map[mednum.Champ]string) (*territoire.Commune, error) {
	if code := champs[mednum.ChampCodeInsee]; code != "" {
		commune, ok := c.territoire.Commune(code)
		if !ok {
			return nil, invalide(string(mednum.ChampCodeInsee), "La commune de code INSEE « %s » n’est pas connue de ce territoire : vérifiez ce code, qui n’est pas le code postal.", code)
		}
		return commune, nil
	}
	actuelle, connue := c.territoire.Commune(l.Champs.CodeInsee)
	nom := champs[mednum.ChampCommune]
	if nom == "" {
		if !connue {
			return nil, nil
		}
		return actuelle, nil
	}
	if connue && nomme(actuelle, nom) {
		return actuelle, nil
	}
	return c.communeNommee(nom, champs[mednum.ChampCodePostal])
}

// communeNommee is the one commune of a name, among those of the postal code
// when it is given.
func (c *Catalogue) communeNommee(nom, postal string) (*territoire.Commune, error) {
	var trouvees []*territoire.Commune
	for i := range c.territoire.Communes {
		commune := &c.territoire.Communes[i]
		if nomme(commune, nom) && (postal == "" || slices.Contains(commune.CodesPostaux, postal)) {
			trouvees = append(trouvees, commune)
		}
	}
	switch {
	case len(trouvees) == 1:
		return trouvees[0], nil
	case len(trouvees) > 1:
		return nil, invalide(string(mednum.ChampCodePostal), "Plusieurs communes s’appellent « %s » : donnez aussi le code postal.", nom)
	case postal != "":
		return nil, invalide(string(mednum.ChampCommune), "Aucune commune « %s » de ce territoire n’a le code postal %s : vérifiez les deux.", nom, postal)
	}
	return nil, invalide(string(mednum.ChampCommune), "La commune « %s » n’est pas connue de ce territoire : vérifiez son nom.", nom)
}

func nomme(commune *territoire.Commune, nom string) bool {
	cle := mednum.Cle(nom)
	return mednum.Cle(commune.Nom) == cle || slices.ContainsFunc(commune.NomsUsuels, func(n string) bool { return mednum.Cle(n) == cle })
}
