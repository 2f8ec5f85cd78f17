package geo

// retenus keeps the max nearest of the entries proposed, in voisins[base:].
// Distance holds squared chords until vider. The few results of an ordinary
// search are kept in order, by insertion; more are a binary heap with the
// farthest on top.
type retenus struct {
	voisins []Voisin
	base    int
	max     int
	seuil   float64 // no squared chord beyond it can enter
}

// petit is up to how many results insertion is faster than a heap.
const petit = 48

func retenir(dst []Voisin, k int) retenus {
	return retenus{voisins: dst, base: len(dst), max: k, seuil: 5} // no squared chord is above 4
}

// plusPres is the order of results: by distance in metres, then by Num. Clearly
// different chords decide alone; metres are computed only for the few that
// rounding could make equal.
func plusPres(a, b *Voisin) bool {
	if a.Distance < b.Distance*(1-flou) {
		return true
	}
	return b.Distance >= a.Distance*(1-flou) && plusPresEnMetres(a, b)
}

func plusPresEnMetres(a, b *Voisin) bool {
	if a.Distance == b.Distance {
		return a.Num < b.Num
	}
	da, db := metres(a.Distance), metres(b.Distance)
	return da < db || da == db && a.Num < b.Num
}

// proposer takes in an entry that is not beyond seuil, if it is among the
// nearest so far.
func (r *retenus) proposer(v Voisin) {
	plein := len(r.voisins)-r.base == r.max
	switch {
	case !plein:
		r.voisins = append(r.voisins, v)
	case !plusPres(&v, r.dernier()):
		return
	case r.max <= petit:
		*r.dernier() = v
	}
	h := r.voisins[r.base:]
	switch {
	case r.max <= petit:
		inserer(h)
	case plein:
		h[0] = v
		descendre(h)
	default:
		monter(h)
	}
	if len(h) == r.max {
		r.seuil = r.dernier().Distance * (1 + flou)
	}
}

// dernier is the farthest of those kept, once they are max.
func (r *retenus) dernier() *Voisin {
	if r.max <= petit {
		return &r.voisins[len(r.voisins)-1]
	}
	return &r.voisins[r.base]
}

// vider sorts what is kept, nearest first, and turns chords into metres.
func (r *retenus) vider() []Voisin {
	h := r.voisins[r.base:]
	if r.max > petit {
		for n := len(h) - 1; n > 0; n-- {
			h[0], h[n] = h[n], h[0]
			descendre(h[:n])
		}
	}
	for i := range h {
		h[i].Distance = metres(h[i].Distance)
	}
	return r.voisins
}

// inserer puts the last of a list in its place among the others, in order.
func inserer(h []Voisin) {
	i := len(h) - 1
	v := h[i]
	for ; i > 0 && plusPres(&v, &h[i-1]); i-- {
		h[i] = h[i-1]
	}
	h[i] = v
}

// monter puts the last of a heap in its place.
func monter(h []Voisin) {
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !plusPres(&h[parent], &h[i]) {
			return
		}
		h[parent], h[i] = h[i], h[parent]
		i = parent
	}
}

// descendre puts the top of a heap in its place.
func descendre(h []Voisin) {
	for i := 0; ; {
		loin := i
		for enfant := 2*i + 1; enfant <= 2*i+2 && enfant < len(h); enfant++ {
			if plusPres(&h[loin], &h[enfant]) {
				loin = enfant
			}
		}
		if loin == i {
			return
		}
		h[i], h[loin] = h[loin], h[i]
		i = loin
	}
}
