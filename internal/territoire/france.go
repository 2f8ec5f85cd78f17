package territoire

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// tailleFrance is the greatest size read of the national list, in bytes.
const tailleFrance = 4 << 20

// France is the national list of communes and départements: names, codes and
// postal codes, without positions. A nil *France knows nothing. It is safe
// for concurrent readers, and indexed at the first question.
type France struct {
	texte   string
	indexer sync.Once

	communes     []Commune
	parCode      map[string]*Commune
	anciens      map[string]string // code of a former commune or arrondissement → commune
	departements []Departement
	noms         *repertoire
}

// OpenFrance reads the list that the front-end build makes from the npm
// package @etalab/decoupage-administratif (frontend/dist/communes-france.tsv).
// A nil reader gives a nil list. The format is UTF-8, one line each, columns
// separated by tabs, no header, no quotes, any order of lines:
//
//	82	Tarn-et-Garonne
//	82112	Moissac	82	82200	13419
//	13201	Marseille 1er Arrondissement	13	13001	37599	13055
//
// A code of two or three characters is a département: code, name. Otherwise
// it is a commune: INSEE code, name, code of the département, postal codes
// separated by a space, inhabitants (may be empty), and, for a municipal
// arrondissement or a former commune only (commune déléguée or associée), the
// INSEE code of the commune that holds it (chefLieu or commune). Former
// communes of the same name as their commune may be left out. Trailing empty
// columns may be left out. At most 4 MB.
func OpenFrance(r io.Reader) (*France, error) {
	if r == nil {
		return nil, nil // documented: no list
	}
	octets, err := io.ReadAll(io.LimitReader(r, tailleFrance+1))
	if err != nil {
		return nil, fmt.Errorf("liste des communes de France : %w", err)
	}
	if len(octets) > tailleFrance {
		return nil, errors.New("liste des communes de France : plus de 4 Mo")
	}
	texte := string(octets)
	premiere, _, _ := strings.Cut(texte, "\n")
	if texte != "" && !strings.Contains(premiere, "\t") {
		return nil, errors.New("liste des communes de France, ligne 1 : des tabulations doivent séparer les colonnes")
	}
	return &France{texte: texte}, nil
}

// Prepare indexes the list now (about 0.1 s), so that the first question does
// not wait for it. It may run beside questions.
func (f *France) Prepare() {
	if f != nil {
		f.index()
	}
}

// index reads the lines once. A line that cannot be read is left out: the
// list only helps.
func (f *France) index() {
	f.indexer.Do(func() {
		f.anciens = map[string]string{}
		autresNoms := map[string][]string{} // commune → names of what it absorbed
		for ligne := range strings.Lines(f.texte) {
			cellules := strings.Split(strings.TrimRight(ligne, "\r\n"), "\t")
			for len(cellules) < 6 {
				cellules = append(cellules, "")
			}
			f.readLigne(cellules, autresNoms)
		}
		f.texte = ""
		f.build(autresNoms)
	})
}

func (f *France) readLigne(cellules []string, autresNoms map[string][]string) {
	code, nom, parent := cellules[0], cellules[1], cellules[5]
	switch {
	case nom == "" || len(code) < 2:
	case len(code) <= 3:
		f.departements = append(f.departements, Departement{Code: code, Nom: nom})
	case len(code) != 5 || len(cellules[2]) < 2:
	case parent != "":
		if code != parent {
			f.anciens[code] = parent
		}
		autresNoms[parent] = append(autresNoms[parent], nom)
	default:
		population, err := strconv.Atoi(cellules[4])
		if err != nil {
			population = 0
		}
		f.communes = append(f.communes, Commune{
			Code: code, Nom: nom, Departement: cellules[2], CodesPostaux: strings.Fields(cellules[3]),
			Population: population, Ailleurs: true,
		})
	}
}

func (f *France) build(autresNoms map[string][]string) {
	f.parCode = make(map[string]*Commune, len(f.communes))
	f.noms = &repertoire{}
	for i := range f.communes {
		c := &f.communes[i]
		f.parCode[c.Code] = c
		f.noms.add(c.Nom, c, false)
		for _, n := range autresNoms[c.Code] {
			if n != c.Nom {
				f.noms.addAncien(n, c)
			}
		}
		for _, p := range c.CodesPostaux {
			f.noms.postes = append(f.noms.postes, codePostal{p, c})
		}
	}
	f.noms.sort()
	slices.SortFunc(f.departements, func(a, b Departement) int { return strings.Compare(a.Code, b.Code) })
}

func (f *France) departement(code string) (*Departement, bool) {
	if f == nil {
		return nil, false
	}
	f.index()
	i, ok := slices.BinarySearchFunc(f.departements, code, func(d Departement, c string) int { return strings.Compare(d.Code, c) })
	if !ok {
		return nil, false
	}
	return &f.departements[i], true
}

// repertoire is the index of names, empty for a nil list.
func (f *France) repertoire() *repertoire {
	if f == nil {
		return &repertoire{}
	}
	f.index()
	return f.noms
}

// Commune finds a commune by INSEE code; the code of a former commune or of an
// arrondissement finds the commune that holds it.
func (f *France) Commune(code string) (*Commune, bool) {
	if f == nil {
		return nil, false
	}
	f.index()
	if parent, ok := f.anciens[code]; ok {
		code = parent
	}
	c, ok := f.parCode[code]
	return c, ok
}

// Nommees are the communes that a name designates, whole: their official name,
// with or without its article, or that of a commune that they took in. Case,
// accents and hyphens do not count (mednum.Normaliser). The largest first.
func (f *France) Nommees(nom string) []*Commune {
	if f == nil {
		return nil
	}
	var communes []*Commune
	for _, cle := range []string{mednum.CleAvecArticle(nom), mednum.Cle(nom)} {
		if cle == "" {
			continue
		}
		for _, k := range f.repertoire().egales(cle) {
			if !slices.Contains(communes, k.commune) {
				communes = append(communes, k.commune)
			}
		}
	}
	slices.SortFunc(communes, func(a, b *Commune) int {
		return cmp.Or(b.Population-a.Population, strings.Compare(a.Code, b.Code))
	})
	return communes
}

// DuCodePostal are the communes that have a postal code.
func (f *France) DuCodePostal(code string) []*Commune {
	if f == nil || len(code) != 5 {
		return nil
	}
	var communes []*Commune
	for _, p := range f.repertoire().duCode(code) {
		communes = append(communes, p.commune)
	}
	return communes
}

// DuDepartement are the communes of a département, by code.
func (f *France) DuDepartement(code string) []*Commune {
	if f == nil {
		return nil
	}
	f.index()
	var communes []*Commune
	for i := range f.communes {
		if f.communes[i].Departement == code {
			communes = append(communes, &f.communes[i])
		}
	}
	return communes
}
