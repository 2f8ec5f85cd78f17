// Package mesures counts how much the service is used: how many, of what kind,
// by commune and by day, and nothing else. No visitor is told from another.
package mesures

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Genre is a kind of use.
type Genre string

// The kinds of use.
const (
	Recherche Genre = "recherche" // a search, by the commune that it starts from
	Vue       Genre = "vue"       // the page of a place, by the commune of the place
	Telephone Genre = "telephone" // a tap on the number of a place, where JavaScript runs
	Lointaine Genre = "lointaine" // a search of a commune whose nearest answer is further than Loin
)

// Genres are the kinds of use, in the order in which they are shown.
var Genres = [...]Genre{Recherche, Lointaine, Vue, Telephone}

// Loin is from how many metres, great circle, the nearest answer of a search is
// far.
const Loin = 15_000

const (
	genreObjet = "mesure"
	gardeMois  = 36
	rythme     = time.Minute
	essaisMax  = 20
	delaiDepot = 5 * time.Second
	// attenteMax is how many days are kept in memory while the base does not
	// answer: the older ones are lost.
	attenteMax = 8
)

// Mesures counts in memory, and puts what it counted in the base every minute.
// It is safe for concurrent use; several programs on one base add up.
type Mesures struct {
	base     store.Magasin
	zone     *time.Location
	now      func() time.Time
	communes []string
	courante atomic.Pointer[journee]
	mu       sync.Mutex // guards anciennes, and who turns the page of a day
	// anciennes are the days that are over and not wholly in the base.
	anciennes []*journee
	depot     sync.Mutex // one Deposer at a time
}

// journee is what was counted of one day and is not in the base yet.
type journee struct {
	jour mednum.Date
	fin  time.Time // when the next day begins
	n    map[string]*[len(Genres)]atomic.Int64
}

// New counts uses in the communes that have these INSEE codes; those of any
// other are refused, so that memory is bounded. Days are those of the zone.
func New(base store.Magasin, zone *time.Location, communes []string, now func() time.Time) *Mesures {
	m := &Mesures{base: base, zone: zone, now: now, communes: communes}
	m.courante.Store(m.newJournee(now()))
	return m
}

func (m *Mesures) newJournee(t time.Time) *journee {
	jour := mednum.DateOf(t.In(m.zone))
	j := &journee{jour: jour, fin: lendemain(jour).In(m.zone), n: make(map[string]*[len(Genres)]atomic.Int64, len(m.communes))}
	for _, code := range m.communes {
		j.n[code] = new([len(Genres)]atomic.Int64)
	}
	return j
}

func lendemain(d mednum.Date) mednum.Date { return mednum.DateOf(d.In(time.UTC).AddDate(0, 0, 1)) }

func (g Genre) rang() int {
	for i := range Genres {
		if Genres[i] == g {
			return i
		}
	}
	return -1
}

// Compter counts one use of today, and tells whether it did: an unknown commune
// or kind is not counted. It takes no lock but once a day, and asks nothing of
// the base. A nil Mesures counts nothing.
func (m *Mesures) Compter(genre Genre, commune string) bool {
	if m == nil {
		return false
	}
	j := m.courante.Load()
	if t := m.now(); !t.Before(j.fin) {
		j = m.tourner(t)
	}
	rang, n := genre.rang(), j.n[commune]
	if rang < 0 || n == nil {
		return false
	}
	n[rang].Add(1)
	return true
}

// tourner begins a day.
func (m *Mesures) tourner(t time.Time) *journee {
	m.mu.Lock()
	defer m.mu.Unlock()
	j := m.courante.Load()
	if t.Before(j.fin) {
		return j // another turned the page
	}
	m.anciennes = append(m.anciennes, j)
	if n := len(m.anciennes); n > attenteMax {
		m.anciennes = m.anciennes[n-attenteMax:]
	}
	j = m.newJournee(t)
	m.courante.Store(j)
	return j
}

// comptes are how many uses of each kind there were, by commune.
type comptes map[Genre]map[string]int64

// retirer takes what was counted, to be put in the base.
func (j *journee) retirer() comptes {
	pris := comptes{}
	for code, n := range j.n {
		for i := range n {
			if v := n[i].Swap(0); v != 0 {
				pris.ajouter(Genres[i], code, v)
			}
		}
	}
	return pris
}

// remettre gives back what could not be put in the base.
func (j *journee) remettre(pris comptes) {
	for genre, parCommune := range pris {
		for code, v := range parCommune {
			j.n[code][genre.rang()].Add(v)
		}
	}
}

func (c comptes) ajouter(genre Genre, commune string, n int64) {
	if c[genre] == nil {
		c[genre] = map[string]int64{}
	}
	c[genre][commune] += n
}

// Suivre puts what was counted in the base every minute, until ctx ends. What
// is counted afterwards is for a last Deposer.
func (m *Mesures) Suivre(ctx context.Context, journal *slog.Logger) {
	muet := false
	horloge := time.NewTicker(rythme)
	defer horloge.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-horloge.C:
		}
		err := m.deposerVite(ctx)
		if err != nil && !muet {
			journal.Warn("les mesures d’usage ne sont pas encore gardées, elles le seront plus tard", "cause", err)
		}
		muet = err != nil
	}
}

// deposerVite goes to its end when the program is told to stop meanwhile: a
// writing cut short may be done or not, and would be counted again.
func (m *Mesures) deposerVite(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiDepot)
	defer cancel()
	return m.Deposer(ctx)
}

// Deposer puts in the base what was counted since the last time. What it could
// not put is kept for the next.
func (m *Mesures) Deposer(ctx context.Context) error {
	m.depot.Lock()
	defer m.depot.Unlock()
	m.mu.Lock()
	jours := append(append([]*journee(nil), m.anciennes...), m.courante.Load())
	m.mu.Unlock()
	var echecs []error
	for _, j := range jours {
		pris := j.retirer()
		if len(pris) == 0 {
			continue
		}
		if err := m.ajouter(ctx, j.jour, pris); err != nil {
			j.remettre(pris)
			echecs = append(echecs, fmt.Errorf("mesures of %s: %w", j.jour, err))
		}
	}
	if len(echecs) == 0 {
		m.oublier()
	}
	return errors.Join(echecs...)
}

// oublier lets go of the days that are over for more than a minute: whoever
// was counting then has counted, and the base has it.
func (m *Mesures) oublier() {
	m.mu.Lock()
	defer m.mu.Unlock()
	reste := m.anciennes[:0]
	for _, j := range m.anciennes {
		if m.now().Before(j.fin.Add(rythme)) {
			reste = append(reste, j)
		}
	}
	clear(m.anciennes[len(reste):])
	m.anciennes = reste
}

// ajouter adds to the object of a day, whoever else does.
func (m *Mesures) ajouter(ctx context.Context, jour mednum.Date, pris comptes) error {
	for range essaisMax {
		la, o, err := store.Lire[comptes](ctx, m.base, genreObjet, jour.String())
		if err != nil && !estCode(err, mednum.Introuvable) {
			return err
		}
		if la == nil {
			la = comptes{}
		}
		for genre, parCommune := range pris {
			for code, n := range parCommune {
				la.ajouter(genre, code, n)
			}
		}
		err = store.Poser(ctx, m.base, store.Objet{
			Genre: genreObjet, ID: jour.String(), Version: o.Version + 1, Efface: jour.AddMois(gardeMois).In(m.zone),
		}, la)
		if !estCode(err, mednum.Perime) {
			return err
		}
	}
	return store.ObjetPerime(genreObjet)
}

// Jour is what was counted on one day.
type Jour struct {
	Jour    mednum.Date
	Comptes map[Genre]map[string]int64 // by kind, then by INSEE code
}

// Somme is how many uses of a kind there were in the communes that dans keeps.
func (j *Jour) Somme(genre Genre, dans func(commune string) bool) (n int64) {
	for code, v := range j.Comptes[genre] {
		if dans(code) {
			n += v
		}
	}
	return n
}

// Lire are the days from du to au, both included, that have something, oldest
// first: what the base has, which programs fill every minute. What is older than
// 36 months is not given, swept or not.
func (m *Mesures) Lire(ctx context.Context, du, au mednum.Date) ([]Jour, error) {
	veille := mednum.DateOf(du.In(time.UTC).AddDate(0, 0, -1))
	entre := int(au.In(time.UTC).Sub(du.In(time.UTC)).Hours()/24) + 1
	if entre < 1 {
		return nil, nil
	}
	objets, err := m.base.Objets(ctx, store.Choix{Genre: genreObjet, Apres: veille.String(), Limite: entre})
	if err != nil {
		return nil, err
	}
	jours := make([]Jour, 0, len(objets))
	for i := range objets {
		o := &objets[i]
		jour, err := mednum.ParseDate(o.ID)
		if err != nil {
			return nil, err
		}
		if jour.Compare(au) > 0 {
			break
		}
		if o.Balayable(m.now()) {
			continue
		}
		j := Jour{Jour: jour}
		if err := json.Unmarshal(o.Corps, &j.Comptes); err != nil {
			return nil, fmt.Errorf("%s %s: %w", genreObjet, o.ID, err)
		}
		jours = append(jours, j)
	}
	return jours, nil
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
