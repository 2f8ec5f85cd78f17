package collecte

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// situateur finds the communes of records in the pack's gazetteer.
type situateur struct {
	t         *territoire.Territoire
	parNom    map[string][]*territoire.Commune // by mednum.Cle of official and usual names
	parPostal map[string][]*territoire.Commune
	cles      []cleCommune // for the names of stops, longest first
}

func newSituateur(t *territoire.Territoire) *situateur {
	s := &situateur{t: t, parNom: map[string][]*territoire.Commune{}, parPostal: map[string][]*territoire.Commune{}}
	for i := range t.Communes {
		c := &t.Communes[i]
		for _, nom := range append([]string{c.Nom}, c.NomsUsuels...) {
			if cle := mednum.Cle(nom); !slices.Contains(s.parNom[cle], c) {
				s.parNom[cle] = append(s.parNom[cle], c)
			}
			s.cles = append(s.cles, newCleCommune(c, nom))
		}
		for _, cp := range c.CodesPostaux {
			s.parPostal[cp] = append(s.parPostal[cp], c)
		}
	}
	slices.SortStableFunc(s.cles, func(a, b cleCommune) int { return len(b.mots) - len(a.mots) })
	return s
}

// situer is the record with its commune's code, official name and postal code,
// and its stops with theirs. It shares no memory with f.
func (s *situateur) situer(f mednum.Fiche) mednum.Fiche {
	f.Champs = maps.Clone(f.Champs)
	if f.Champs == nil {
		f.Champs = map[mednum.Champ]string{}
	}
	f.Remarques = slices.Clone(f.Remarques)
	f.Permanences = slices.Clone(f.Permanences)
	if c := s.communeDe(&f); c != nil {
		s.setCommune(&f, c)
	}
	s.situerArrets(&f)
	if _, ok := position(&f); !ok {
		f.Precision = ""
	} else if f.Precision == "" {
		f.Precision = mednum.PrecisionRue
	}
	return f
}

// communeDe is the commune of a record: by INSEE code, else by name and postal
// code, else by a name that is alone in its département, else by a postal code
// that is one commune's, or whose commune holds the position. nil when it is
// not in the pack or cannot be told.
func (s *situateur) communeDe(f *mednum.Fiche) *territoire.Commune {
	if c, ok := s.t.Commune(f.Champs[mednum.ChampCodeInsee]); ok {
		return c
	}
	cp := f.Champs[mednum.ChampCodePostal]
	dep := cmp.Or(departementDe(cp), departementDe(f.Champs[mednum.ChampCodeInsee]))
	memes := s.parNom[mednum.Cle(f.Champs[mednum.ChampCommune])]
	if c := only(memes, func(c *territoire.Commune) bool { return slices.Contains(c.CodesPostaux, cp) }); c != nil {
		return c
	}
	if c := only(memes, func(c *territoire.Commune) bool { return dep == "" || dep == c.Departement }); c != nil {
		return c
	}
	if len(memes) == 0 { // the name is of no commune of the pack: a hamlet, or a misspelling
		duPostal := func(c *territoire.Commune) bool { return slices.Contains(c.CodesPostaux, cp) }
		if c := s.tolerant(motsTolerants(f.Champs[mednum.ChampCommune]), duPostal); c != nil {
			return c
		}
	}
	if c := only(s.parPostal[cp], func(*territoire.Commune) bool { return true }); c != nil {
		return c
	}
	if p, ok := position(f); ok {
		if c, ok := s.t.CommuneAt(p); ok && slices.Contains(c.CodesPostaux, cp) {
			return c
		}
	}
	return nil
}

// only is the one commune that fits, nil when there is none or several.
func only(communes []*territoire.Commune, convient func(*territoire.Commune) bool) *territoire.Commune {
	var trouvee *territoire.Commune
	for _, c := range communes {
		if !convient(c) {
			continue
		}
		if trouvee != nil {
			return nil
		}
		trouvee = c
	}
	return trouvee
}

// departementDe is the code of the département of a postal or INSEE code, as
// far as its first digits tell; the postal codes of Corsica begin with 20.
func departementDe(cp string) string {
	switch {
	case len(cp) != 5:
		return ""
	case strings.HasPrefix(cp, "97"), strings.HasPrefix(cp, "98"):
		return cp[:3]
	case strings.HasPrefix(cp, "200"), strings.HasPrefix(cp, "201"):
		return "2A"
	case strings.HasPrefix(cp, "20"):
		return "2B"
	}
	return cp[:2]
}

// setCommune writes the official name and code, and gives a postal code that
// is not the commune's (a CEDEX) back its own, when it has only one.
func (s *situateur) setCommune(f *mednum.Fiche, c *territoire.Commune) {
	set := func(champ mednum.Champ, apres, motif string) {
		avant := f.Champs[champ]
		f.Champs[champ] = apres
		if avant != "" && mednum.Normaliser(avant) != mednum.Normaliser(apres) {
			f.Remarques = append(f.Remarques, mednum.Remarque{Champ: champ, Avant: avant, Apres: apres, Motif: motif})
		}
	}
	set(mednum.ChampCommune, c.Nom, "Nom officiel de la commune.")
	set(mednum.ChampCodeInsee, c.Code, "Code actuel de la commune.")
	cp := f.Champs[mednum.ChampCodePostal]
	if len(c.CodesPostaux) == 1 && cp != c.CodesPostaux[0] || cp == "" && len(c.CodesPostaux) > 0 {
		set(mednum.ChampCodePostal, c.CodesPostaux[0], "Code postal de la commune.")
	}
}

// position is the record's point, if it has one that can be read.
func position(f *mednum.Fiche) (geo.Point, bool) {
	lat, err := strconv.ParseFloat(f.Champs[mednum.ChampLatitude], 64)
	if err != nil {
		return geo.Point{}, false
	}
	lon, err := strconv.ParseFloat(f.Champs[mednum.ChampLongitude], 64)
	p := geo.Point{Lat: lat, Lon: lon}
	return p, err == nil && p.Valide()
}

// dansZone tells whether the record belongs to the zone.
func dansZone(t *territoire.Territoire, f *mednum.Fiche, zone Zone) bool {
	if zone == ZoneTout {
		return true
	}
	c, connue := t.Commune(f.Champs[mednum.ChampCodeInsee])
	if connue && c.Dedans {
		return true
	}
	p, ok := position(f)
	if zone == ZoneDepartement {
		if connue || f.Champs[mednum.ChampCodeInsee] != "" {
			return false
		}
		return ok && t.Contient(p) || !ok && departementDe(f.Champs[mednum.ChampCodePostal]) == t.Code
	}
	if !ok && connue {
		p, ok = c.Centre, true
	}
	return ok && t.DistanceBord(p) <= VoisinageMetres || !ok && departementDe(f.Champs[mednum.ChampCodePostal]) == t.Code
}

// horsTerritoire tells whether a place lies outside the territory's
// département: by its commune, else by its position, else by its postal code.
func horsTerritoire(t *territoire.Territoire, l *mednum.Lieu) bool {
	if c, ok := t.Commune(l.Champs.CodeInsee); ok {
		return !c.Dedans
	}
	if l.Champs.CodeInsee != "" {
		return true // the pack knows every commune of its département
	}
	if l.Champs.Latitude != nil && l.Champs.Longitude != nil {
		return !t.Contient(geo.Point{Lat: *l.Champs.Latitude, Lon: *l.Champs.Longitude})
	}
	return departementDe(l.Champs.CodePostal) != t.Code
}
