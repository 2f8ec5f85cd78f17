package web

import (
	"sync"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// memoireMax bounds what a memoire keeps, in bytes.
const memoireMax = 16 << 20

// memoire keeps answers that depend on the snapshot and on the day alone: each is
// made once for both. Safe for concurrent use.
type memoire struct {
	mu      sync.Mutex
	version int64
	jour    mednum.Date
	corps   map[string][]byte
	octets  int
}

// rendre is the answer of that name, made when nobody has asked for it since the
// snapshot or the day changed.
func (s *site) rendre(nom string, faire func() ([]byte, error)) ([]byte, error) {
	version, _ := s.Catalogue.Instantane()
	jour := mednum.DateOf(s.maintenant())
	if corps, ok := s.memoire.lire(nom, version, jour); ok {
		return corps, nil
	}
	corps, err := faire() // of this snapshot, or of a newer one: it is then made again
	if err == nil {
		s.memoire.garder(nom, version, jour, corps)
	}
	return corps, err
}

func (m *memoire) lire(nom string, version int64, jour mednum.Date) (corps []byte, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version != version || m.jour != jour {
		return nil, false
	}
	corps, ok = m.corps[nom]
	return corps, ok
}

func (m *memoire) garder(nom string, version int64, jour mednum.Date, corps []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version != version || m.jour != jour || m.corps == nil || m.octets+len(corps) > memoireMax {
		m.version, m.jour, m.corps, m.octets = version, jour, map[string][]byte{}, 0
	}
	m.octets += len(corps) - len(m.corps[nom])
	m.corps[nom] = corps
}
