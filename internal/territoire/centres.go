package territoire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"82numerique.fr/adeuxpas/internal/geo"
)

// tailleCentres is the greatest size read of the table of centres, in bytes.
const tailleCentres = 2 << 20

// Centres are the centres of all the communes of France, by INSEE code. They
// tell, anywhere in the country, whether a point can belong to a commune, and
// whether it is only that commune's centre. A nil *Centres knows nothing. It is
// safe for concurrent readers, and indexed at the first question.
type Centres struct {
	texte   string
	indexer sync.Once

	codes  []string
	points []geo.Point
	rangs  map[string]int
	index  *geo.Index
}

// OpenCentres reads the table that "adeuxpas territoire centres" makes
// (data/centres-france.txt). The format is ASCII, one line each, sorted, no
// header: a line of two characters is how the codes of the lines that follow
// begin; the others are the rest of the code, latitude and longitude in
// 1/10000 of a WGS 84 degree (11 metres), separated by a space:
//
//	82
//	112 441013 10954
//
// A nil reader gives a nil table. At most 2 MB.
func OpenCentres(r io.Reader) (*Centres, error) {
	if r == nil {
		return nil, nil // documented: no table
	}
	octets, err := io.ReadAll(io.LimitReader(r, tailleCentres+1))
	if err != nil {
		return nil, fmt.Errorf("centres des communes de France : %w", err)
	}
	if len(octets) > tailleCentres {
		return nil, errors.New("centres des communes de France : plus de 2 Mo")
	}
	if premiere, _, _ := strings.Cut(string(octets), "\n"); len(octets) > 0 && len(strings.TrimSpace(premiere)) != 2 {
		return nil, errors.New("centres des communes de France, ligne 1 : il faut les deux premiers signes des codes")
	}
	return &Centres{texte: string(octets)}, nil
}

// open reads the lines once. A line that cannot be read is left out: the table
// only helps.
func (c *Centres) open() {
	c.indexer.Do(func() {
		c.rangs = map[string]int{}
		var entrees []geo.Entree
		prefixe := ""
		for ligne := range strings.Lines(c.texte) {
			mots := strings.Fields(ligne)
			if len(mots) == 1 && len(mots[0]) == 2 {
				prefixe = mots[0]
			}
			if len(mots) != 3 || len(mots[0]) != 3 {
				continue
			}
			lat, errLat := strconv.Atoi(mots[1])
			lon, errLon := strconv.Atoi(mots[2])
			p := geo.Point{Lat: float64(lat) / echelle, Lon: float64(lon) / echelle}
			if errLat != nil || errLon != nil || !p.Valide() {
				continue
			}
			code := prefixe + mots[0]
			c.rangs[code] = len(c.codes)
			c.codes, c.points, entrees = append(c.codes, code), append(c.points, p), append(entrees, geo.Entree{Point: p})
		}
		c.texte = ""
		c.index, _ = geo.New(entrees) // every point is on the Earth
	})
}

// Centre is the centre of a commune, WGS 84 degrees.
func (c *Centres) Centre(code string) (geo.Point, bool) {
	if c == nil {
		return geo.Point{}, false
	}
	c.open()
	i, ok := c.rangs[code]
	if !ok {
		return geo.Point{}, false
	}
	return c.points[i], true
}

// WriteCentres writes the table of OpenCentres from a national gazetteer
// (communes-france*.csv, the columns of Construire): the same file gives the
// same bytes. It returns the number of communes.
func WriteCentres(w io.Writer, gazetteer string) (int, error) {
	g, err := readGazetteer(Sources{Communes: gazetteer})
	if err != nil {
		return 0, err
	}
	communes := slices.Clone(g.communes)
	slices.SortFunc(communes, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	sortie := bufio.NewWriter(w)
	prefixe := ""
	for _, c := range communes {
		if c.Code[:2] != prefixe {
			prefixe = c.Code[:2]
			fmt.Fprintln(sortie, prefixe)
		}
		fmt.Fprintln(sortie, c.Code[2:], math.Round(c.Centre.Lat*echelle), math.Round(c.Centre.Lon*echelle))
	}
	return len(communes), sortie.Flush()
}

// How far a point may be from the centre of its commune, told by the
// neighbours: the sixth nearest centre is about where a commune ends. Over the
// 11,000 rows of the real files, no true point is beyond 1.4 times that
// distance, and false ones begin at 1.6.
const (
	voisinsPortee = 6
	porteeHors    = 1.5
	porteeMinimum = 5_000.0 // metres: centres are close to one another around large towns
	// A commune larger than its neighbours tell is found by this: a point in the
	// middle of another one, this far from its own.
	milieuAutre  = 1_500.0
	loinDuCentre = 20_000.0
)

// portee is the distance in metres from the centre of a commune to its sixth
// nearest neighbour's.
func (c *Centres) portee(i int) float64 {
	voisins := c.index.Proches(make([]geo.Voisin, 0, voisinsPortee+1), c.points[i], voisinsPortee+1, geo.Filtre{})
	if len(voisins) == 0 {
		return 0
	}
	return max(voisins[len(voisins)-1].Distance, porteeMinimum)
}

// Dehors tells whether a point is certainly not in a commune; metres is how
// far it is from its centre. ok is false for a commune that the table does not
// have.
func (c *Centres) Dehors(p geo.Point, code string) (dehors bool, metres float64, ok bool) {
	i, metres, ok := c.ecart(p, code)
	if !ok {
		return false, 0, false
	}
	portee := c.portee(i)
	if metres > porteeHors*portee {
		return true, metres, true
	}
	if metres > loinDuCentre && metres > portee {
		proche := c.index.Proches(nil, p, 1, geo.Filtre{})
		return len(proche) > 0 && proche[0].Distance <= milieuAutre && c.codes[proche[0].Num] != code, metres, true
	}
	return false, metres, true
}

// Proche tells whether a point may well be in a commune: no further from its
// centre than its sixth neighbour's.
func (c *Centres) Proche(p geo.Point, code string) bool {
	i, metres, ok := c.ecart(p, code)
	return ok && metres <= c.portee(i)
}

func (c *Centres) ecart(p geo.Point, code string) (rang int, metres float64, ok bool) {
	if c == nil || !p.Valide() {
		return 0, 0, false
	}
	c.open()
	rang, ok = c.rangs[code]
	if !ok {
		return 0, 0, false
	}
	return rang, geo.Distance(p, c.points[rang]), true
}
