package geo

// tas keeps the max nearest of the entries proposed, in voisins[base:], as a
// binary heap with the farthest on top. Distance holds squared chords until
// vider.
type tas struct {
	voisins []Voisin
	base    int
	max     int
}

// plusPres is the order of results: by distance in metres, then by Num. Clearly
// different chords decide alone; metres are computed only for the few that
// rounding could make equal.
func plusPres(a, b Voisin) bool {
	switch {
	case a.Distance == b.Distance:
		return a.Num < b.Num
	case a.Distance < b.Distance*(1-flou):
		return true
	case b.Distance < a.Distance*(1-flou):
		return false
	}
	da, db := metres(a.Distance), metres(b.Distance)
	return da < db || da == db && a.Num < b.Num
}

func (t *tas) plein() bool { return len(t.voisins)-t.base == t.max }

// tropLoin tells whether nothing at this squared chord or beyond can enter.
func (t *tas) tropLoin(carre float64) bool {
	return t.plein() && carre > t.voisins[t.base].Distance*(1+flou)
}

func (t *tas) proposer(v Voisin) {
	if !t.plein() {
		t.voisins = append(t.voisins, v)
		t.monter(len(t.voisins) - t.base - 1)
		return
	}
	if sommet := &t.voisins[t.base]; plusPres(v, *sommet) {
		*sommet = v
		t.descendre(t.max)
	}
}

func (t *tas) monter(i int) {
	h := t.voisins[t.base:]
	for i > 0 {
		parent := (i - 1) / 2
		if !plusPres(h[parent], h[i]) {
			return
		}
		h[parent], h[i] = h[i], h[parent]
		i = parent
	}
}

// descendre puts the top in its place among the n first.
func (t *tas) descendre(n int) {
	h := t.voisins[t.base:]
	for i := 0; ; {
		loin := i
		for enfant := 2*i + 1; enfant <= 2*i+2 && enfant < n; enfant++ {
			if plusPres(h[loin], h[enfant]) {
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

// vider sorts what is kept, nearest first, and turns chords into metres.
func (t *tas) vider() []Voisin {
	h := t.voisins[t.base:]
	for n := len(h) - 1; n > 0; n-- {
		h[0], h[n] = h[n], h[0]
		t.descendre(n)
	}
	for i := range h {
		h[i].Distance = metres(h[i].Distance)
	}
	return t.voisins
}
