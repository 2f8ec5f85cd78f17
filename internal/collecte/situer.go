package collecte

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// situateur finds the communes of records: in the pack's gazetteer, and
// anywhere in France when the territory has the national list. A record costs
// a few look-ups in tables, whatever the number of communes.
type situateur struct {
	t         *territoire.Territoire
	parNom    map[string][]*territoire.Commune // of the pack, by mednum.Cle of official and usual names
	parPostal map[string][]*territoire.Commune // of the pack
	noms      map[string]*noms                 // names of stops: "" the pack's, otherwise those of a département
	tolerees  map[string]*territoire.Commune   // answers of tolerant, by postal code and key
}

func newSituateur(t *territoire.Territoire) *situateur {
	s := &situateur{
		t: t, parNom: map[string][]*territoire.Commune{}, parPostal: map[string][]*territoire.Commune{},
		noms: map[string]*noms{}, tolerees: map[string]*territoire.Commune{},
	}
	var cles []cleCommune
	for i := range t.Communes {
		c := &t.Communes[i]
		for _, nom := range append([]string{c.Nom}, c.NomsUsuels...) {
			if cle := mednum.Cle(nom); !slices.Contains(s.parNom[cle], c) {
				s.parNom[cle] = append(s.parNom[cle], c)
			}
			cles = append(cles, newCleCommune(c, nom))
		}
		for _, cp := range c.CodesPostaux {
			s.parPostal[cp] = append(s.parPostal[cp], c)
		}
	}
	s.noms[""] = newNoms(cles)
	return s
}

// situer is the record with its commune's code, official name and postal code,
// a point that can be its own, and its stops with their communes; every change
// is a remark. It shares no memory with f. A record whose columns name
// different communes, so that nobody can tell which one is meant, is set aside:
// the second result says why. situer of a situated record changes nothing.
func (s *situateur) situer(f mednum.Fiche) (mednum.Fiche, *norme.Ecart) {
	f.Champs = maps.Clone(f.Champs)
	if f.Champs == nil {
		f.Champs = map[mednum.Champ]string{}
	}
	f.Remarques = slices.Clone(f.Remarques)
	f.Permanences = slices.Clone(f.Permanences)
	v := s.communeDe(&f)
	if v.contre != "" {
		return f, &norme.Ecart{Ligne: f.Ligne, Cle: f.Cle, Champ: mednum.ChampCommune, Motif: v.contre}
	}
	if v.commune != nil {
		if motif := s.placer(&f, v); motif != "" {
			return f, &norme.Ecart{Ligne: f.Ligne, Cle: f.Cle, Champ: mednum.ChampLatitude, Motif: motif}
		}
		s.setCommune(&f, v)
	}
	s.situerArrets(&f, v.commune)
	if _, ok := position(&f); !ok {
		f.Precision = ""
	} else if f.Precision == "" {
		f.Precision = mednum.PrecisionRue
	}
	return f, nil
}

// remarquer adds a remark, once.
func remarquer(f *mednum.Fiche, r mednum.Remarque) {
	if !slices.Contains(f.Remarques, r) {
		f.Remarques = append(f.Remarques, r)
	}
}

// commune is the commune of a code, in the pack first; codes of arrondissements
// and of former communes find the commune that holds them.
func (s *situateur) commune(code string) *territoire.Commune {
	if c, ok := s.t.Commune(code); ok {
		return c
	}
	if c, ok := s.t.France.Commune(code); ok {
		return s.duPaquet(c)
	}
	return nil
}

// duPaquet is the pack's own commune for one of the national list, which has
// neither centre nor EPCI.
func (s *situateur) duPaquet(c *territoire.Commune) *territoire.Commune {
	if p, ok := s.t.Commune(c.Code); ok {
		return p
	}
	return c
}

// centre is the centre of a commune, anywhere in France.
func (s *situateur) centre(c *territoire.Commune) (geo.Point, bool) {
	if !c.Ailleurs {
		return c.Centre, true
	}
	return s.t.Centres.Centre(c.Code)
}

// nommees are the communes that a name designates: official, usual or former.
// "Paris 12e" and "SAINT-BENOIT BP 57" name Paris and Saint-Benoît.
func (s *situateur) nommees(nom string) []*territoire.Commune {
	for _, n := range []string{nom, motifSuiteCommune.ReplaceAllString(nom, "")} {
		if mednum.Normaliser(n) == "" {
			continue
		}
		communes := slices.Clone(s.parNom[mednum.Cle(n)])
		for _, c := range s.t.France.Nommees(n) {
			if c = s.duPaquet(c); !slices.Contains(communes, c) {
				communes = append(communes, c)
			}
		}
		if len(communes) > 0 {
			return communes
		}
	}
	return nil
}

// postales are the communes of a postal code.
func (s *situateur) postales(cp string) []*territoire.Commune {
	if france := s.t.France.DuCodePostal(cp); len(france) > 0 {
		communes := make([]*territoire.Commune, len(france))
		for i, c := range france {
			communes[i] = s.duPaquet(c)
		}
		return communes
	}
	return s.parPostal[cp]
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

// setCommune writes the official name and code. A postal code that is not the
// commune's (a CEDEX, a neighbour's) gives way to its own, when it has only one
// or when an arrondissement says which; else another commune's goes to a
// person, and a CEDEX stays: post arrives.
func (s *situateur) setCommune(f *mednum.Fiche, v verdict) {
	c := v.commune
	set := func(champ mednum.Champ, apres, motif string) {
		if avant := f.Champs[champ]; avant != apres {
			f.Champs[champ] = apres
			remarquer(f, mednum.Remarque{Champ: champ, Avant: avant, Apres: apres, Motif: motif})
		}
	}
	cp, ecrit := f.Champs[mednum.ChampCodePostal], f.Champs[mednum.ChampCodeInsee]
	switch sien := arrondissementPostal(ecrit, f.Champs[mednum.ChampCommune], c); {
	case slices.Contains(c.CodesPostaux, cp) || len(c.CodesPostaux) == 0:
	case slices.Contains(c.CodesPostaux, sien):
		set(mednum.ChampCodePostal, sien, "Code postal de l’arrondissement.")
	case len(c.CodesPostaux) == 1:
		set(mednum.ChampCodePostal, c.CodesPostaux[0], "Code postal de la commune.")
	case cp == "":
		set(mednum.ChampCodePostal, c.CodesPostaux[0], "Code postal de la commune, qui en a plusieurs.")
	case len(s.postales(cp)) > 0:
		remarquer(f, mednum.Remarque{Champ: mednum.ChampCodePostal, Avant: cp, Apres: cp, Motif: "Ce code postal est celui d’une autre commune.", ARevoir: true})
	}
	set(mednum.ChampCommune, c.Nom, cmp.Or(v.motifNom, "Nom officiel de la commune."))
	motif := "Code actuel de la commune."
	if ecrit == "" {
		motif = "Code de la commune, d’après le reste de la ligne."
	}
	set(mednum.ChampCodeInsee, c.Code, cmp.Or(v.motifCode, motif))
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
	code := f.Champs[mednum.ChampCodeInsee]
	c, connue := t.Commune(code)
	if connue && c.Dedans {
		return true
	}
	p, ok := position(f)
	if zone == ZoneDepartement {
		if connue || code != "" {
			return false
		}
		return ok && t.Contient(p) || !ok && departementDe(f.Champs[mednum.ChampCodePostal]) == t.Code
	}
	if !ok && connue {
		p, ok = c.Centre, true
	} else if !ok {
		p, ok = t.Centres.Centre(code)
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
