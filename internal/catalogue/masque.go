package catalogue

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// masque is what an entry answers to the filters: one bit a value, and one
// bit a field on which it is silent. The spatial index holds the first half;
// the kinds of organisation (some ninety of them) and the languages take the second, which is
// tested after the index.
type masque struct{ index, reste geo.Masque }

const bitsIndex = 128

func (m *masque) set(bit int) {
	if bit < bitsIndex {
		m.index.Set(bit)
		return
	}
	m.reste.Set(bit - bitsIndex)
}

func (m masque) intersects(n masque) bool {
	return m.index.Intersects(n.index) || m.reste.Intersects(n.reste)
}

func (m masque) or(n masque) masque {
	return masque{m.index.Or(n.index), m.reste.Or(n.reste)}
}

// each calls f with every bit that both have.
func (m masque) each(n masque, f func(bit int)) {
	mots := [4]uint64{m.index[0] & n.index[0], m.index[1] & n.index[1], m.reste[0] & n.reste[0], m.reste[1] & n.reste[1]}
	for i, mot := range mots {
		for ; mot != 0; mot &= mot - 1 {
			f(64*i + bits.TrailingZeros64(mot))
		}
	}
}

// champFiltre is a field on which a search can filter: its values, and the
// bits of the values. muet is the bit of those who do not say, -1 where
// everyone says (families).
type champFiltre struct {
	champ   mednum.Champ
	valeurs []string
	bits    map[string]int
	muet    int
	masque  masque // every value
}

// champsFiltres are the fields that a search can filter on.
var champsFiltres = disposer(mednum.ChampsFiltres())

// Filtrables are the fields that Recherche.Filtres takes, in the order in
// which they are offered, and their values.
func Filtrables() (champs []mednum.Champ, valeurs map[mednum.Champ][]string) {
	valeurs = map[mednum.Champ][]string{}
	for _, f := range champsFiltres {
		champs = append(champs, f.champ)
		valeurs[f.champ] = slices.Clone(f.valeurs)
	}
	return champs, valeurs
}

// disposer gives each value its bit. It panics when the vocabularies outgrow
// the masks, which only a change of this program can cause.
func disposer(champs []mednum.Champ) []champFiltre {
	var sortie []champFiltre
	suivant, reste := 0, false
	for _, champ := range champs {
		if champ == mednum.ChampTypologie { // and what comes after it
			suivant, reste = bitsIndex, true
		}
		f := champFiltre{champ: champ, valeurs: valeursDe(champ), bits: map[string]int{}, muet: -1}
		for _, v := range f.valeurs {
			f.bits[v] = suivant
			f.masque.set(suivant)
			suivant++
		}
		if champ != ChampFamilles {
			f.muet = suivant
			suivant++
		}
		if !reste && suivant > bitsIndex || suivant > 2*bitsIndex {
			panic(fmt.Sprintf("catalogue: %s does not fit in the masks", champ))
		}
		sortie = append(sortie, f)
	}
	return sortie
}

func valeursDe(champ mednum.Champ) []string {
	switch champ {
	case ChampFamilles:
		valeurs := make([]string, 0, len(mednum.Familles))
		for _, f := range mednum.Familles {
			valeurs = append(valeurs, string(f))
		}
		return valeurs
	case mednum.ChampTypologie:
		return slices.Sorted(maps.Keys(mednum.Typologies))
	case mednum.ChampLangues:
		return mednum.CodesLangues()
	case mednum.ChampPriseEnCharge:
		return append(mednum.Vocabulaire(champ), LanguesEtrangeres)
	}
	return mednum.Vocabulaire(champ)
}

func champFiltreDe(champ mednum.Champ) *champFiltre {
	i := slices.IndexFunc(champsFiltres, func(f champFiltre) bool { return f.champ == champ })
	if i < 0 {
		return nil
	}
	return &champsFiltres[i]
}

// masqueDe is the mask of a place, or of its stop: a stop that names its own
// services offers those only.
func masqueDe(l *mednum.Lieu, arret *mednum.Permanence) masque {
	var m masque
	for i := range champsFiltres {
		f := &champsFiltres[i]
		valeurs := l.ValeursFiltre(f.champ, arret)
		if len(valeurs) == 0 && f.muet >= 0 {
			m.set(f.muet)
		}
		for _, v := range valeurs {
			if bit, ok := f.bits[v]; ok {
				m.set(bit)
			}
		}
	}
	return m
}

// critere is one filter that was asked: an entry passes when it has one of the
// values, and is silent when it says nothing on the field. facette is the
// number of its field in champsFiltres, -1 for the errand.
type critere struct {
	facette     int
	choix, muet masque
}

// criteres turns the filters of a search into masks. The error names the field
// whose value the standard does not have.
func (c *Catalogue) criteres(r *Recherche) ([]critere, error) {
	demandes := map[mednum.Champ][]string{}
	for champ, valeurs := range r.Filtres {
		if champFiltreDe(champ) == nil {
			return nil, invalide(string(champ), "On ne peut pas filtrer sur ce champ.")
		}
		demandes[champ] = append(demandes[champ], valeurs...)
	}
	for _, f := range r.Familles {
		demandes[ChampFamilles] = append(demandes[ChampFamilles], string(f))
	}
	var sortie []critere
	for i := range champsFiltres {
		f := &champsFiltres[i]
		if len(demandes[f.champ]) == 0 {
			continue
		}
		choix, err := f.choix(demandes[f.champ])
		if err != nil {
			return nil, err
		}
		sortie = append(sortie, critere{facette: i, choix: choix, muet: f.silence()})
	}
	if d := c.demarches.Par(r.Demarche); d != nil {
		sortie = append(sortie, d.critere())
	}
	return sortie, nil
}

func (f *champFiltre) choix(valeurs []string) (m masque, err error) {
	for _, v := range valeurs {
		bit, ok := f.bits[v]
		if !ok {
			return m, invalide(string(f.champ), "La valeur «\u00a0%s\u00a0» n’est pas dans le standard.", v)
		}
		m.set(bit)
	}
	return m, nil
}

func (f *champFiltre) silence() (m masque) {
	if f.muet >= 0 {
		m.set(f.muet)
	}
	return m
}

// critere of an errand: any of its services, programmes or families. A place
// that names no service at all is silent on it.
func (d *Demarche) critere() critere {
	k := critere{facette: -1, muet: champFiltreDe(mednum.ChampServices).silence()}
	for _, v := range d.Services {
		k.choix.set(champFiltreDe(mednum.ChampServices).bits[v])
	}
	for _, v := range d.Dispositifs {
		k.choix.set(champFiltreDe(mednum.ChampDispositifs).bits[v])
	}
	for _, v := range d.Familles {
		k.choix.set(champFiltreDe(ChampFamilles).bits[string(v)])
	}
	return k
}

// accord is how an entry answers the filters.
type accord int

const (
	refuse accord = iota
	muet          // silent on at least one filter, and refuses none
	convient
)

func juger(criteres []critere, m masque) accord {
	reponse := convient
	for i := range criteres {
		switch k := &criteres[i]; {
		case m.intersects(k.choix):
		case m.intersects(k.muet):
			reponse = muet
		default:
			return refuse
		}
	}
	return reponse
}

// filtres are the filters for the spatial index: what must match, and what
// must match or be silent.
func filtres(criteres []critere) (strict, large geo.Filtre) {
	for _, k := range criteres {
		if k.choix.index.IsZero() { // a filter of the second half only
			continue
		}
		strict = append(strict, k.choix.index)
		large = append(large, k.choix.or(k.muet).index)
	}
	return strict, large
}
