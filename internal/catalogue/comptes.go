package catalogue

import (
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// parValeur counts the values, by bit.
type parValeur [2 * bitsIndex]int

// compter counts the values among the candidates. Each field is counted with
// the filters of the others, and at the time asked: an entry that only one field refuses counts for
// that field. Stops of one service count for two at most, as in the list.
func (q *question) compter(candidats []geo.Voisin) *parValeur {
	var n parValeur
	rations := map[int32]*[2 * bitsIndex]uint8{}
	for _, v := range candidats {
		e := &q.entrees[v.Num]
		if q.moment.presence(q.instantane, v.Num) != presenceOui {
			continue
		}
		compte := q.comptePour(e.masque)
		var ration *[2 * bitsIndex]uint8
		if e.service >= 0 && q.r.Depart != nil {
			if ration = rations[e.service]; ration == nil {
				ration = new([2 * bitsIndex]uint8)
				rations[e.service] = ration
			}
		}
		e.masque.each(compte, func(bit int) {
			if ration != nil {
				if ration[bit] == parService {
					return
				}
				ration[bit]++
			}
			n[bit]++
		})
	}
	return &n
}

// tousChamps has every bit.
var tousChamps = func() (m masque) {
	for i := range champsFiltres {
		m = m.or(champsFiltres[i].masque)
	}
	return m
}()

// comptePour tells for which values an entry counts: all when no filter
// refuses it, those of one field when only this field does, none otherwise.
func (q *question) comptePour(m masque) masque {
	compte := tousChamps
	refus := 0
	for i := range q.criteres {
		k := &q.criteres[i]
		if m.intersects(k.choix) {
			continue
		}
		if refus++; refus > 1 || k.facette < 0 {
			return masque{}
		}
		compte = champsFiltres[k.facette].masque
	}
	return compte
}

func (q *question) facettes(n *parValeur) []Facette {
	var sortie []Facette
	for i := range champsFiltres {
		f := &champsFiltres[i]
		var choix masque
		for _, k := range q.criteres {
			if k.facette == i {
				choix = k.choix
			}
		}
		if valeurs := q.valeurs(f, choix, n); len(valeurs) > 0 {
			sortie = append(sortie, Facette{Champ: f.champ, Valeurs: valeurs})
		}
	}
	return sortie
}

// valeurs lists the values of a field that the catalogue has, and those that
// were chosen. The two values of "Langues étrangères" stand under this name
// only, unless one of them was chosen.
func (q *question) valeurs(f *champFiltre, choix masque, n *parValeur) []Compte {
	var valeurs []Compte
	for _, v := range f.valeurs {
		var m masque
		m.set(f.bits[v])
		choisi := m.intersects(choix)
		detail := v == mednum.LangueAnglais || v == mednum.LanguesAutres
		if !choisi && (detail || !m.intersects(q.portes)) {
			continue
		}
		valeurs = append(valeurs, Compte{Valeur: v, N: n[f.bits[v]], Choisi: choisi})
	}
	return valeurs
}
