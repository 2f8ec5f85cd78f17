package ogc

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// The limits of a page of features. A page to read holds fewer: a server may
// give less than it is asked (/per/core/fc-limit-response-2).
const (
	limiteDefaut = 50
	limiteMax    = 1000
	limiteHTML   = 100
)

// The parameters that are not a property.
const (
	paramFormat   = "f"
	paramLimite   = "limit"
	paramBoite    = "bbox"
	paramDatetime = "datetime"
	paramApres    = "apres"
)

// demande is a request for the features of a collection.
type demande struct {
	limite  int
	apres   string     // only features whose identifier is after this one
	boite   *geo.Boite // nil for anywhere
	periode *periode   // nil for any time
	filtres []filtre
}

// periode is an instant or an interval, both ends included; zero is open.
type periode struct{ du, au time.Time }

// filtre asks that a property have every one of the values.
type filtre struct {
	propriete *propriete
	valeurs   []string
}

func invalide(parametre, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: parametre, Message: message}
}

func introuvable(champ, message string) error {
	return &mednum.Error{Code: mednum.Introuvable, Champ: champ, Message: message}
}

// parametres reads the query string and refuses what the definition does not
// have (OGC 17-069r4, /req/core/query-param-unknown), what is empty, and what is
// repeated.
func parametres(c *fiber.Ctx, connus []string) (url.Values, error) {
	v, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return nil, invalide("adresse", "Les paramètres sont mal écrits\u00a0: vérifiez les signes «\u00a0%\u00a0» et «\u00a0;\u00a0».")
	}
	noms := make([]string, 0, len(v))
	for nom := range v {
		noms = append(noms, nom)
	}
	slices.Sort(noms)
	for _, nom := range noms {
		switch {
		case !slices.Contains(connus, nom):
			return nil, invalide(cmp.Or(strings.ToValidUTF8(nom, ""), "adresse"), "Ce paramètre n’existe pas ici."+existants(connus))
		case len(v[nom]) > 1:
			return nil, invalide(nom, "Ce paramètre ne se répète pas\u00a0: donnez une seule valeur.")
		case strings.TrimSpace(v.Get(nom)) == "":
			return nil, invalide(nom, "Ce paramètre est vide\u00a0: donnez une valeur, ou retirez-le.")
		}
	}
	return v, nil
}

func existants(noms []string) string {
	if len(noms) == 0 {
		return " Il n’y en a aucun."
	}
	return " Ceux qui existent\u00a0: " + strings.Join(noms, ", ") + "."
}

// parametres are the names that the items of a collection take.
func (c *collection) parametres() []string {
	noms := []string{paramFormat, paramLimite, paramBoite, paramDatetime, paramApres}
	for _, p := range c.Proprietes {
		if p.Filtre {
			noms = append(noms, p.Nom)
		}
	}
	return noms
}

// parseDemande reads what is asked of the items of a collection.
func (c *collection) parseDemande(v url.Values) (demande, error) {
	d := demande{limite: limiteDefaut, apres: v.Get(paramApres)}
	var err error
	if v.Has(paramLimite) {
		if d.limite, err = parseLimite(v.Get(paramLimite)); err != nil {
			return d, err
		}
	}
	if v.Has(paramBoite) {
		b, err := parseBoite(v.Get(paramBoite))
		if err != nil {
			return d, err
		}
		d.boite = &b
	}
	if v.Has(paramDatetime) {
		p, err := parsePeriode(v.Get(paramDatetime))
		if err != nil {
			return d, err
		}
		d.periode = &p
	}
	for i := range c.Proprietes {
		p := &c.Proprietes[i]
		if !p.Filtre || !v.Has(p.Nom) {
			continue
		}
		f, err := p.parseFiltre(v.Get(p.Nom))
		if err != nil {
			return d, err
		}
		d.filtres = append(d.filtres, f)
	}
	return d, nil
}

// parseLimite reads a limit of 1 or more; what is over the maximum is the
// maximum, and no error (/req/core/fc-limit-response-1).
func parseLimite(texte string) (int, error) {
	chiffres := strings.Trim(texte, "0123456789") == ""
	n, err := strconv.Atoi(texte)
	if chiffres && err != nil { // more than an int holds
		n, err = limiteMax, nil
	}
	if err != nil || !chiffres || n < 1 {
		return 0, invalide(paramLimite, fmt.Sprintf("Donnez un nombre entier entre 1 et %d.", limiteMax))
	}
	return min(n, limiteMax), nil
}

// parseBoite reads four numbers, ouest,sud,est,nord in WGS 84 degrees, or six,
// with a lowest and a highest altitude, which places do not have. ouest may be
// greater than est, across the antimeridian.
func parseBoite(texte string) (geo.Boite, error) {
	mauvaise := invalide(paramBoite, "Donnez quatre nombres en degrés, ouest,sud,est,nord, par exemple 0.7,43.7,2,44.4\u00a0; ou six, avec les altitudes en troisième et en sixième.")
	morceaux := strings.Split(texte, ",")
	nombres := make([]float64, 0, len(morceaux))
	for _, m := range morceaux {
		n, err := strconv.ParseFloat(strings.TrimSpace(m), 64)
		if err != nil || n != n || n-n != 0 { // not a number, or infinite
			return geo.Boite{}, mauvaise
		}
		nombres = append(nombres, n)
	}
	switch len(nombres) {
	case 4:
	case 6:
		if nombres[2] > nombres[5] {
			return geo.Boite{}, mauvaise
		}
		nombres = []float64{nombres[0], nombres[1], nombres[3], nombres[4]}
	default:
		return geo.Boite{}, mauvaise
	}
	b := geo.Boite{Ouest: nombres[0], Sud: nombres[1], Est: nombres[2], Nord: nombres[3]}
	if !b.Valide() {
		return geo.Boite{}, mauvaise
	}
	return b, nil
}

// parsePeriode reads an instant (RFC 3339, 5.6), or an interval of two of them,
// one of which may be open: ".." or nothing (/req/core/fc-time-response). A date
// alone is its whole day in UTC.
func parsePeriode(texte string) (periode, error) {
	mauvaise := invalide(paramDatetime, "Donnez un instant, comme 2026-11-25T00:00:00Z, ou un intervalle, comme 2026-01-01T00:00:00Z/2026-12-31T23:59:59Z\u00a0; un côté peut être «\u00a0..\u00a0».")
	debut, fin, intervalle := strings.Cut(texte, "/")
	if !intervalle {
		p, err := parseInstant(texte)
		if err != nil {
			return p, mauvaise
		}
		return p, nil
	}
	var p periode
	if debut != "" && debut != ".." {
		lu, err := parseInstant(debut)
		if err != nil {
			return p, mauvaise
		}
		p.du = lu.du
	}
	if fin != "" && fin != ".." {
		lu, err := parseInstant(fin)
		if err != nil {
			return p, mauvaise
		}
		p.au = lu.au
	}
	if p.du.IsZero() && p.au.IsZero() || !p.du.IsZero() && !p.au.IsZero() && p.au.Before(p.du) {
		return p, mauvaise
	}
	return p, nil
}

// parseInstant reads a date-time of RFC 3339, whose letters may be small, or a
// date, which GDAL 3.6 writes "2026-11-25T" when it filters a column of dates.
func parseInstant(texte string) (periode, error) {
	if jour, err := mednum.ParseDate(strings.TrimSuffix(texte, "T")); err == nil {
		debut := jour.In(time.UTC)
		return periode{debut, debut.AddDate(0, 0, 1).Add(-time.Nanosecond)}, nil
	}
	texte = strings.Replace(texte, " ", "+", 1) // the "+" of a zone that was not escaped
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(texte))
	return periode{t, t}, err
}

// parseFiltre reads the value of a filter, in the form of the property: several
// values of a list are joined by "|", and all of them are asked for.
func (p *propriete) parseFiltre(texte string) (filtre, error) {
	f := filtre{propriete: p, valeurs: []string{texte}}
	if p.Liste {
		f.valeurs = mednum.SplitListe(texte)
	}
	for _, v := range f.valeurs {
		if p.Valeurs != nil && !slices.Contains(p.Valeurs, v) {
			return f, invalide(p.Nom, fmt.Sprintf("La valeur «\u00a0%s\u00a0» n’existe pas. Celles qui existent\u00a0: %s.", strings.ToValidUTF8(v, ""), strings.Join(p.Valeurs, ", ")))
		}
	}
	if len(f.valeurs) == 0 {
		return f, invalide(p.Nom, "Ce paramètre est vide\u00a0: donnez une valeur, ou retirez-le.")
	}
	return f, nil
}
