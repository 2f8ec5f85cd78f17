package compte

import (
	"context"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// After fauxMax wrong codes in a day for one address, its mails carry no code,
// until somebody signs in by one of their links, sansCode at most: what is left
// to guess has 256 bits.
const (
	fauxMax  = 10
	sansCode = 90 * jour
)

// envois are when sign-ins were asked for an address in the last hour, when
// wrong codes were typed in the last day, and since when there were too many.
type envois struct {
	Le       []time.Time `json:"le,omitempty"`
	Faux     []time.Time `json:"faux,omitempty"`
	SansCode time.Time   `json:"sans_code,omitzero"`
}

// vieillir forgets what is over.
func (v *envois) vieillir(t time.Time) {
	v.Le = slices.DeleteFunc(v.Le, func(le time.Time) bool { return t.Sub(le) >= time.Hour })
	v.Faux = slices.DeleteFunc(v.Faux, func(le time.Time) bool { return t.Sub(le) >= jour })
	if t.Sub(v.SansCode) >= sansCode {
		v.SansCode = time.Time{}
	}
}

// fin is when nothing of it counts any more.
func (v *envois) fin(t time.Time) time.Time {
	fin := t.Add(time.Hour)
	if n := len(v.Faux); n > 0 {
		fin = plusTard(fin, v.Faux[n-1].Add(jour))
	}
	if !v.SansCode.IsZero() {
		fin = plusTard(fin, v.SansCode.Add(sansCode))
	}
	return fin
}

func plusTard(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// compterEnvoi counts one more sign-in for an address, known by its hash, which
// somebody may have or not. It tells whether the mail may go: five do in an
// hour, then one every ten minutes, so that whoever asks for many does not lock
// the owner out; and whether it may carry a code.
func (c *Comptes) compterEnvoi(ctx context.Context, empreinte string) (permis, avecCode bool, err error) {
	pris, err := c.changerEnvois(ctx, empreinte, func(v *envois, t time.Time) bool {
		n := len(v.Le)
		avecCode = v.SansCode.IsZero()
		permis = n < parHeure || t.Sub(v.Le[n-1]) >= ensuite
		if permis {
			v.Le = append(v.Le, t)
		}
		return permis
	})
	return permis && pris, avecCode, err
}

// compterFaux counts one more wrong code.
func (c *Comptes) compterFaux(ctx context.Context, empreinte string) error {
	_, err := c.changerEnvois(ctx, empreinte, func(v *envois, t time.Time) bool {
		v.Faux = append(v.Faux, t)
		if len(v.Faux) >= fauxMax && v.SansCode.IsZero() {
			v.SansCode = t
		}
		return true
	})
	return err
}

// oublierFaux is for an address whose owner signs in: they read its mail.
func (c *Comptes) oublierFaux(ctx context.Context, empreinte string) error {
	_, err := c.changerEnvois(ctx, empreinte, func(v *envois, _ time.Time) bool {
		rien := len(v.Faux) == 0 && v.SansCode.IsZero()
		v.Faux, v.SansCode = nil, time.Time{}
		return !rien
	})
	return err
}

// changerEnvois writes what change makes of the counts, unless it returns
// false, again when somebody else was first; false as well when so many ask at
// once that none of them is a person.
func (c *Comptes) changerEnvois(ctx context.Context, empreinte string, change func(*envois, time.Time) bool) (bool, error) {
	for range essais {
		v, o, err := store.Lire[envois](ctx, c.base, genreEnvois, empreinte)
		if err != nil && !absent(err) {
			return false, err
		}
		t := c.seconde()
		v.vieillir(t)
		if !change(&v, t) {
			return false, nil
		}
		err = store.Poser(ctx, c.base, store.Objet{Genre: genreEnvois, ID: empreinte, Version: o.Version + 1, Efface: v.fin(t)}, v)
		if !estCode(err, mednum.Perime) {
			return err == nil, err
		}
	}
	return false, nil
}
