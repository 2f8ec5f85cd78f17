package collecte

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// situerArrets gives the stops of a record their commune; the position of a
// stop is its commune's centre, and says so. A stop that names several
// communes ("MDS de Castelsarrasin-Moissac") becomes one in each.
//
// Names are looked for in the pack for a service of the pack, or of no known
// commune; in its own département for another one.
func (s *situateur) situerArrets(f *mednum.Fiche, siege *territoire.Commune) {
	if !slices.ContainsFunc(f.Permanences, func(p mednum.Permanence) bool { return p.Arret != nil }) {
		return
	}
	noms := s.nomsPour(siege)
	var permanences []mednum.Permanence
	for _, p := range f.Permanences {
		if p.Arret == nil {
			permanences = append(permanences, p)
			continue
		}
		communes := s.communesArret(f, p.Arret, noms)
		if len(communes) != 1 {
			doubtArret(f, p.Arret, len(communes))
		}
		for n, c := range communes {
			q := p
			if n > 0 && p.ID != "" {
				q.ID = p.ID + "-" + strconv.Itoa(n+1)
			}
			a := *p.Arret
			if len(communes) > 1 {
				a.Nom = strings.TrimSpace(before(a.Nom, communes[0].Nom) + " " + c.Nom)
			}
			s.setArret(f, &a, c)
			q.Arret = &a
			permanences = append(permanences, q)
		}
		if len(communes) == 0 {
			permanences = append(permanences, p)
		}
	}
	f.Permanences = permanences
}

// doubtArret sends a stop to a person, unless its position is known.
func doubtArret(f *mednum.Fiche, a *mednum.Arret, communes int) {
	motif := fmt.Sprintf("L’arrêt « %s » nomme plusieurs communes : un arrêt est noté dans chacune.", a.Nom)
	if communes == 0 {
		motif = fmt.Sprintf("La commune de l’arrêt « %s » n’a pas été reconnue : l’arrêt n’a pas de position.", a.Nom)
	}
	if communes > 1 || a.Latitude == nil {
		remarquer(f, mednum.Remarque{Champ: mednum.ChampItinerance, Avant: a.Nom, ARevoir: true, Motif: motif})
	}
}

// before are the words of a stop's name that come before those of a commune.
func before(nom, commune string) string {
	mots := motsTolerants(commune)
	var debut []string
	for _, mot := range strings.Fields(nom) {
		if slices.ContainsFunc(motsTolerants(mot), func(m string) bool { return slices.Contains(mots, m) }) {
			break
		}
		debut = append(debut, mot)
	}
	return strings.Join(debut, " ")
}

func (s *situateur) communesArret(f *mednum.Fiche, a *mednum.Arret, n *noms) []*territoire.Commune {
	if c := s.commune(a.CodeInsee); c != nil {
		return []*territoire.Commune{c}
	}
	var siege *geo.Point
	if p, ok := position(f); ok {
		siege = &p
	}
	for _, texte := range []string{a.Commune, a.Nom} {
		if communes := s.find(n, texte, siege); len(communes) > 0 {
			return communes
		}
	}
	return nil
}

func (s *situateur) setArret(f *mednum.Fiche, a *mednum.Arret, c *territoire.Commune) {
	nom := a.Nom
	known := a.CodeInsee != "" // the name says where within the commune, not which commune
	if a.Commune != "" && slices.Equal(motsTolerants(a.Commune), motsTolerants(c.Nom)) {
		a.Nom = strings.Replace(a.Nom, a.Commune, c.Nom, 1)
	}
	a.CodeInsee, a.Commune = c.Code, c.Nom
	if len(c.CodesPostaux) > 0 && !slices.Contains(c.CodesPostaux, a.CodePostal) {
		a.CodePostal = c.CodesPostaux[0]
	}
	if mots := motsTolerants(nom); !known && len(mots) == 1 || slices.Equal(mots, motsTolerants(c.Nom)) {
		a.Nom = c.Nom // nothing but the commune's name, however it is written
	}
	if centre, ok := s.centre(c); ok && (a.Latitude == nil || a.Longitude == nil) {
		a.Latitude, a.Longitude, a.Precision = &centre.Lat, &centre.Lon, mednum.PrecisionCommune
	}
	if a.Precision == "" && a.Latitude != nil && a.Longitude != nil {
		a.Precision = s.precisionArret(a, c)
	}
	if mednum.Normaliser(nom) != mednum.Normaliser(a.Nom) {
		f.Remarques = append(f.Remarques, mednum.Remarque{
			Champ: mednum.ChampItinerance, Avant: nom, Apres: a.Nom, Motif: "Nom officiel de la commune de l’arrêt.",
		})
	}
}

// precisionArret says what the point of a stop stands for, when its source does
// not.
func (s *situateur) precisionArret(a *mednum.Arret, c *territoire.Commune) mednum.Precision {
	if centre, ok := s.centre(c); ok && geo.Distance(geo.Point{Lat: *a.Latitude, Lon: *a.Longitude}, centre) <= rayonCentre {
		return mednum.PrecisionCommune
	}
	return mednum.PrecisionRue
}

// find are the communes that the name of a stop holds ("MDS de Caussade",
// "Laffite"), in the order of the text: the longest names in it, with
// tolerance for particles and doubled letters, and what follows them with a
// slip of one or two letters. Among communes of the same name, those of the
// département come first, then the nearest to the seat.
func (s *situateur) find(n *noms, texte string, siege *geo.Point) []*territoire.Commune {
	mots := motsTolerants(texte)
	ou := map[int][]*territoire.Commune{} // by the place of their first word
	reste, fin := slices.Clone(mots), 0
	for _, c := range n.dans(mots) { // longest first
		i := index(mots, c.mots)
		if i < 0 {
			continue
		}
		if index(reste, c.mots) == i { // its words are still free
			for j := range c.mots {
				reste[i+j] = ""
			}
			fin = max(fin, i+len(c.mots))
			ou[i] = []*territoire.Commune{c.commune}
		} else if ou[i] != nil && slices.Equal(newCleCommune(ou[i][0], ou[i][0].Nom).mots, c.mots) {
			ou[i] = append(ou[i], c.commune) // a homonym
		}
	}
	var communes []*territoire.Commune
	for _, i := range slices.Sorted(maps.Keys(ou)) {
		communes = append(communes, s.prefer(ou[i], siege))
	}
	if c := n.tolerant(strings.Join(mots[fin:], "")); c != nil {
		communes = append(communes, c)
	}
	return communes
}

// index is where the words of nom begin in mots, -1 when they are not there.
func index(mots, nom []string) int {
	for i := 0; i+len(nom) <= len(mots); i++ {
		if slices.Equal(mots[i:i+len(nom)], nom) {
			return i
		}
	}
	return -1
}

func (s *situateur) prefer(communes []*territoire.Commune, siege *geo.Point) *territoire.Commune {
	mieux := func(a, b *territoire.Commune) bool {
		if a.Dedans != b.Dedans {
			return a.Dedans
		}
		ca, okA := s.centre(a)
		cb, okB := s.centre(b)
		return siege != nil && okA && okB && geo.Distance(ca, *siege) < geo.Distance(cb, *siege)
	}
	choix := communes[0]
	for _, c := range communes[1:] {
		if mieux(c, choix) {
			choix = c
		}
	}
	return choix
}
