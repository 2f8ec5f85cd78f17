package territoire

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

const (
	margeGazetteer = 30_000 // metres beyond the border
	tolerance      = 40     // metres, of simplified outlines
	margeCarte     = 0.35   // degrees around the département where rivers and neighbours are drawn
	ecartAire      = 0.02   // of area, between the département and its communes
)

var motifInsee = regexp.MustCompile(`^(\d{2}|2[AB])\d{3}$`)

// Sources are the official open-data files a pack is made of. Paths may be
// empty except Departement and Communes; outlines of the département come from
// its communes, otherwise from ContourDepartement, otherwise from Voisins.
type Sources struct {
	Departement string // code: "82"

	Communes        string // CSV, columns of the national gazetteer (COG, geo.api.gouv.fr)
	Arrondissements string // CSV: code, parent, codes_postaux

	ContoursCommunes   string // GeoJSON polygons with code, nom
	ContoursEPCI       string // GeoJSON polygons with code, nom
	ContourDepartement string // GeoJSON polygon with code, nom
	Voisins            string // GeoJSON: outlines of the neighbouring départements, or of all
	Rivieres           string // GeoJSON lines with name or nom

	Progres func(message string) // told each step in French; may be nil
}

// Bilan says what Construire built. Remarques are repairs and doubts, in
// French, each naming its file and line.
type Bilan struct {
	Communes, Dedans, EPCI  int
	AvecContour             int
	Arcs, Points, PointsLus int
	Rivieres                int
	Octets                  map[string]int // size of each file written
	Remarques               []string
}

// SourcesDans finds the files of a département in a folder of gazetteers and a
// folder of base maps, under their usual names:
//
//	gazetteer: communes-france*.csv, arrondissements-municipaux.csv
//	fonds: communes-82.geojson, epci-82.geojson, departement-82.geojson,
//	  departements-voisins-82.geojson or departements-france*.geojson,
//	  rivers-82*.geojson or rivers-france*.geojson
//
// It fails when no gazetteer or no outline at all is found.
func SourcesDans(departement, gazetteer, fonds string) (Sources, error) {
	s := Sources{Departement: departement}
	if !motifDepartement.MatchString(departement) {
		return s, fmt.Errorf("« %s » n’est pas un code de département (46, 2A, 974…)", departement)
	}
	choix := []struct {
		dst     *string
		dossier string
		motifs  []string
	}{
		{&s.Communes, gazetteer, []string{"communes-france*.csv", "communes.csv"}},
		{&s.Arrondissements, gazetteer, []string{"arrondissements-municipaux*.csv"}},
		{&s.ContoursCommunes, fonds, []string{"communes-" + departement + "*.geojson"}},
		{&s.ContoursEPCI, fonds, []string{"epci-" + departement + "*.geojson"}},
		{&s.ContourDepartement, fonds, []string{"departement-" + departement + "*.geojson"}},
		{&s.Voisins, fonds, []string{"departements-voisins-" + departement + "*.geojson", "departements-france*.geojson"}},
		{&s.Rivieres, fonds, []string{"rivers-" + departement + "*.geojson", "rivers-france*.geojson"}},
	}
	for _, c := range choix {
		if err := trouver(c.dst, c.dossier, c.motifs); err != nil {
			return s, err
		}
	}
	if s.Communes == "" {
		return s, fmt.Errorf("%s : aucune liste de communes (communes-france-AAAA.csv)", gazetteer)
	}
	if s.ContoursCommunes == "" && s.ContourDepartement == "" && s.Voisins == "" {
		return s, fmt.Errorf("%s : aucun contour (communes-%s.geojson, departement-%s.geojson…)", fonds, departement, departement)
	}
	return s, nil
}

// trouver takes the last file, by name, of the first pattern that has one.
func trouver(dst *string, dossier string, motifs []string) error {
	if _, err := os.Stat(dossier); err != nil {
		return fmt.Errorf("dossier %s : lecture impossible : %w", dossier, err)
	}
	for _, m := range motifs {
		noms, err := fs.Glob(os.DirFS(dossier), m)
		if err != nil {
			return fmt.Errorf("dossier %s : %w", dossier, err)
		}
		if len(noms) > 0 {
			*dst = filepath.Join(dossier, slices.Max(noms))
			return nil
		}
	}
	return nil
}

// Construire builds a pack folder, lieux.json excepted. The hand-written
// files of the folder (territoire.json, noms-usuels.csv) are kept, or begun
// when they are missing. The same sources give the same bytes. Nothing is
// written when a source is refused; errors are in French and name file, line
// and column.
func Construire(ctx context.Context, s Sources, sortie string) (Bilan, error) {
	c := &chantier{sources: s}
	c.bilan.Octets = map[string]int{}
	if !motifDepartement.MatchString(s.Departement) {
		return c.bilan, fmt.Errorf("« %s » n’est pas un code de département (46, 2A, 974…)", s.Departement)
	}
	etapes := []struct {
		message string
		do      func() error
	}{
		{"Lecture des contours", c.readContours},
		{"Lecture des communes", c.readCommunes},
		{"Découpe et simplification des contours", c.buildContours},
		{"Rivières et départements voisins", c.buildAlentours},
		{"Écriture du dossier " + sortie, func() error { return c.write(sortie) }},
	}
	for _, e := range etapes {
		if err := ctx.Err(); err != nil {
			return c.bilan, fmt.Errorf("construction interrompue : %w", err)
		}
		c.dire(e.message)
		if err := e.do(); err != nil {
			return c.bilan, err
		}
	}
	return c.bilan, nil
}

// chantier is a pack being built.
type chantier struct {
	sources Sources
	bilan   Bilan

	gaz         *gazetteer
	lus         []contour // outlines of communes
	lusEPCI     []contour
	voisins     []contour
	bord        orb.MultiPolygon // the département, not simplified
	nom         string
	communes    []Commune
	epci        []EPCI
	departement []Departement
	contours    documentContours
	rivieres    documentRivieres
}

func (c *chantier) dire(message string) {
	if c.sources.Progres != nil {
		c.sources.Progres(message)
	}
}

func (c *chantier) remarque(format string, args ...any) {
	c.bilan.Remarques = append(c.bilan.Remarques, fmt.Sprintf(format, args...))
}

func (c *chantier) readContours() error {
	s := c.sources
	for _, l := range []struct {
		chemin string
		dst    *[]contour
	}{{s.ContoursCommunes, &c.lus}, {s.ContoursEPCI, &c.lusEPCI}, {s.Voisins, &c.voisins}} {
		if l.chemin == "" {
			continue
		}
		var err error
		if *l.dst, err = openOutlines(l.chemin); err != nil {
			return err
		}
	}
	for _, o := range c.lus {
		if !motifInsee.MatchString(o.code) {
			return fmt.Errorf("%s : « %s » (%s) n’est pas un code INSEE de commune, à cinq caractères", filepath.Base(s.ContoursCommunes), o.code, o.nom)
		}
	}
	c.lus = slices.DeleteFunc(c.lus, func(o contour) bool { return !strings.HasPrefix(o.code, s.Departement) })
	var propre *contour
	if s.ContourDepartement != "" {
		lus, err := openOutlines(s.ContourDepartement)
		if err != nil {
			return err
		}
		propre = trouverContour(lus, s.Departement)
		if propre == nil {
			return fmt.Errorf("%s : aucun contour n’a le code %s", filepath.Base(s.ContourDepartement), s.Departement)
		}
	}
	if propre == nil {
		propre = trouverContour(c.voisins, s.Departement)
	}
	return c.chooseBord(propre)
}

func trouverContour(lus []contour, code string) *contour {
	i := slices.IndexFunc(lus, func(o contour) bool { return o.code == code })
	if i < 0 {
		return nil
	}
	return &lus[i]
}

// chooseBord takes the outline of the département from its communes, so that
// borders fit, and checks it against the département's own file.
func (c *chantier) chooseBord(propre *contour) error {
	if propre != nil {
		c.bord, c.nom = propre.polygones, propre.nom
	}
	if len(c.lus) == 0 {
		if propre == nil {
			return fmt.Errorf("aucun contour du département %s dans les fichiers donnés", c.sources.Departement)
		}
		c.remarque("aucun contour de commune : la carte de secours ne montre que le département")
		return nil
	}
	var union orb.MultiPolygon
	for _, o := range c.lus {
		union = append(union, o.polygones...)
	}
	if propre != nil {
		if a, b := planar.Area(propre.polygones), planar.Area(union); math.Abs(a-b) > ecartAire*a {
			return fmt.Errorf("%s : les communes couvrent %.0f %% du département : il en manque, ou il y en a trop",
				filepath.Base(c.sources.ContoursCommunes), 100*b/a)
		}
	}
	c.bord = union
	return nil
}

func (c *chantier) readCommunes() error {
	g, err := readGazetteer(c.sources)
	if err != nil {
		return err
	}
	bord := newForme(c.bord)
	c.gaz = g
	c.communes, c.epci = g.selectAutour(c.sources.Departement, &bord, margeGazetteer)
	c.bilan.Remarques = append(c.bilan.Remarques, g.notesDe(c.communes)...)
	for _, commune := range c.communes {
		if commune.Departement == c.sources.Departement {
			c.bilan.Dedans++
		}
	}
	c.bilan.Communes, c.bilan.EPCI = len(c.communes), len(c.epci)
	if c.bilan.Dedans == 0 {
		return fmt.Errorf("%s : aucune commune du département %s", filepath.Base(c.sources.Communes), c.sources.Departement)
	}
	return nil
}

// buildContours cuts, simplifies and numbers the outlines.
func (c *chantier) buildContours() error {
	connues := map[string]bool{}
	for _, commune := range c.communes {
		connues[commune.Code] = true
	}
	source := c.bordSource()
	topo := newTopologie(source...)
	var communes []polygones
	for _, o := range c.lus {
		communes = append(communes, topo.polygones(o.polygones))
	}
	var epci []contourNomme
	var refsEPCI []polygones
	for _, o := range c.lusEPCI {
		pp := topo.polygones(o.polygones)
		refsEPCI = append(refsEPCI, pp)
		if slices.ContainsFunc(c.epci, func(e EPCI) bool { return e.Code == o.code }) {
			epci = append(epci, contourNomme{o.code, pp})
		} else {
			c.remarque("%s : l’EPCI %s (%s) n’est plus dans la liste des communes, son contour est laissé", filepath.Base(c.sources.ContoursEPCI), o.code, o.nom)
		}
	}
	departement := topo.polygones(c.bord)
	if len(communes) > 0 {
		departement = topo.dissolve(communes...)
	}
	c.bilan.PointsLus = compterPoints(topo.arcs)
	topo.simplify(tolerance, slices.Concat(communes, refsEPCI, []polygones{departement})...)
	c.bilan.Arcs, c.bilan.Points = len(topo.arcs), compterPoints(topo.arcs)
	c.contours = documentContours{Echelle: echelle, Departement: departement, EPCI: epci, Rangs: rangs(topo, departement, refsEPCI)}
	for _, a := range topo.arcs {
		c.contours.Arcs = append(c.contours.Arcs, encodeGrille(a))
	}
	for i, o := range c.lus {
		if !connues[o.code] {
			c.remarque("%s : la commune %s (%s) n’est plus dans la liste, sans doute fusionnée : son contour ne sert qu’au département",
				filepath.Base(c.sources.ContoursCommunes), o.code, o.nom)
			continue
		}
		c.contours.Communes = append(c.contours.Communes, contourNomme{o.code, communes[i]})
	}
	parCode := func(a, b contourNomme) int { return strings.Compare(a.Code, b.Code) }
	slices.SortFunc(c.contours.Communes, parCode)
	slices.SortFunc(c.contours.EPCI, parCode)
	c.bilan.AvecContour = len(c.contours.Communes)
	return c.checkContours()
}

// bordSource is every outline that shares borders.
func (c *chantier) bordSource() []orb.MultiPolygon {
	var source []orb.MultiPolygon
	for _, o := range slices.Concat(c.lus, c.lusEPCI) {
		source = append(source, o.polygones)
	}
	if len(c.lus) == 0 {
		source = append(source, c.bord)
	}
	return source
}

func compterPoints(arcs [][]grille) int {
	n := 0
	for _, a := range arcs {
		n += len(a)
	}
	return n
}

// rangs says what each arc separates: see documentContours.
func rangs(topo *topologie, departement polygones, epci []polygones) []int {
	rangs := make([]int, len(topo.arcs))
	for i := range rangs {
		rangs[i] = 2
	}
	for rang, groupes := range [][]polygones{{departement}, epci} {
		for _, g := range groupes {
			for _, p := range g {
				for _, refs := range p {
					for _, ref := range refs {
						rangs[numero(ref)] = min(rangs[numero(ref)], rang)
					}
				}
			}
		}
	}
	return rangs
}

// checkContours reads what was built, and reports communes whose centre lies
// outside their own outline.
func (c *chantier) checkContours() error {
	m, err := c.contours.decode("département", c.contours.Departement)
	if err != nil {
		return err
	}
	if len(m) == 0 {
		return errors.New("les contours des communes ne se joignent pas : le département n’a pas de bord")
	}
	centres := map[string]Commune{}
	for _, commune := range c.communes {
		centres[commune.Code] = commune
	}
	for _, n := range c.contours.Communes {
		m, err := c.contours.decode(n.Code, n.Polygones)
		if err != nil {
			return err
		}
		f, commune := newForme(m), centres[n.Code]
		if !f.contient(pointOrb(commune.Centre)) {
			c.remarque("%s : le centre de %s (%s) est à %.0f m hors de son contour", filepath.Base(c.sources.Communes),
				commune.Nom, commune.Code, f.distance(commune.Centre))
		}
	}
	return nil
}
