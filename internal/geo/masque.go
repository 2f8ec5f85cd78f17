package geo

// Masque is 128 yes-or-no facts about an entry, on which searches filter. What
// each bit means is the caller's.
type Masque [2]uint64

// Set sets a bit, from 0 to 127. Another number is ignored.
func (m *Masque) Set(bit int) {
	if bit >= 0 && bit < 128 {
		m[bit/64] |= 1 << (bit % 64)
	}
}

// Has tells whether a bit is set; a number out of 0 to 127 never is.
func (m Masque) Has(bit int) bool {
	return bit >= 0 && bit < 128 && m[bit/64]&(1<<(bit%64)) != 0
}

// Or has the bits of both.
func (m Masque) Or(n Masque) Masque { return Masque{m[0] | n[0], m[1] | n[1]} }

// Intersects tells whether one bit at least is in both.
func (m Masque) Intersects(n Masque) bool { return m[0]&n[0]|m[1]&n[1] != 0 }

// IsZero tells whether no bit is set.
func (m Masque) IsZero() bool { return m == Masque{} }

// Filtre is an AND of ORs: an entry matches when it has a bit of every masque.
// nil matches everything; a filter with an empty masque matches nothing.
type Filtre []Masque

// Match tells whether an entry with these bits passes.
func (f Filtre) Match(m Masque) bool {
	for _, masque := range f {
		if !masque.Intersects(m) {
			return false
		}
	}
	return true
}
