package webhooks

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// curseur is up to where changes were looked at. Numbers of the store may be seen
// out of order (a gap is over after 30 seconds), so that it moves to the number
// that was the greatest some time ago; Vus are the versions of the places looked
// at beyond it. Lot counts what was looked at together.
type curseur struct {
	Sur  int64          `json:"sur"` // every change up to it was looked at
	Vu   int64          `json:"vu"`  // the greatest number at VuLe
	VuLe time.Time      `json:"vu_le"`
	Vus  map[string]int `json:"vus,omitempty"`
	Lot  int64          `json:"lot"`
}

const (
	idCurseur = "lieux"
	recul     = 2 * time.Minute // how long after a number was seen none below it can appear
	// A message holds so many events, and so many bytes, at most; one event alone
	// may have more bytes.
	lotMax   = 100
	corpsMax = 512 << 10
)

func (w *Webhooks) actifs(ctx context.Context) ([]Webhook, error) {
	liste, err := w.Liste(ctx)
	return slices.DeleteFunc(liste, func(h Webhook) bool { return !h.Actif() }), err
}

// curseur is where to look from, for these webhooks.
func (w *Webhooks) curseur(ctx context.Context, actifs []Webhook) (c curseur, version int, err error) {
	c, o, err := store.Lire[curseur](ctx, w.Base, genreCurseur, idCurseur)
	if err := sauf(err, mednum.Introuvable); err != nil {
		return c, 0, err
	}
	depuis := actifs[0].Depuis
	for i := range actifs {
		depuis = min(depuis, actifs[i].Depuis)
	}
	if c.Sur < depuis { // nobody is told of what was before
		c.Sur, c.Vu, c.VuLe, c.Vus = depuis, depuis, w.Now().UTC(), nil
	}
	return c, o.Version, nil
}

// ANoter tells whether something may have changed that somebody is to be told.
func (w *Webhooks) ANoter(ctx context.Context) (bool, error) {
	actifs, err := w.actifs(ctx)
	if err != nil || len(actifs) == 0 {
		return false, err
	}
	c, _, err := w.curseur(ctx, actifs)
	_, dernier := w.Catalogue.Depuis(c.Sur)
	return dernier > c.Sur, err
}

// Noter writes down what changed since it last did, for each webhook that is to
// be told, and returns how many deliveries it made. What is cut short is done
// again, with the same ids while nothing else changed: nothing is missed.
func (w *Webhooks) Noter(ctx context.Context) (n int, err error) {
	actifs, err := w.actifs(ctx)
	if err != nil || len(actifs) == 0 {
		return 0, err
	}
	if err := w.Catalogue.Actualiser(ctx); err != nil {
		return 0, err
	}
	c, version, err := w.curseur(ctx, actifs)
	if err != nil {
		return 0, err
	}
	vues, dernier := w.Catalogue.Depuis(c.Sur)
	c.Vus = maps.Clone(c.Vus)
	if c.Vus == nil {
		c.Vus = map[string]int{}
	}
	nouvelles := slices.DeleteFunc(slices.Clone(vues), func(v *catalogue.Vue) bool { return c.Vus[v.ID] >= v.Version })
	slices.SortFunc(nouvelles, func(a, b *catalogue.Vue) int { return cmp.Compare(a.Seq, b.Seq) })
	for lot := range slices.Chunk(nouvelles, lotMax) {
		faites, err := w.noterLot(ctx, actifs, &c, lot)
		n += faites
		if err != nil {
			return n, err
		}
		if version, err = w.poserCurseur(ctx, c, version); err != nil {
			return n, sauf(err, mednum.Perime) // another program looks at the same
		}
	}
	if w.Now().Sub(c.VuLe) < recul {
		return n, nil
	}
	c.Sur, c.Vu, c.VuLe = c.Vu, dernier, w.Now().UTC()
	for _, v := range vues {
		if v.Seq <= c.Sur {
			delete(c.Vus, v.ID)
		}
	}
	_, err = w.poserCurseur(ctx, c, version)
	return n, sauf(err, mednum.Perime)
}

func (w *Webhooks) poserCurseur(ctx context.Context, c curseur, version int) (int, error) {
	err := store.Poser(ctx, w.Base, store.Objet{Genre: genreCurseur, ID: idCurseur, Version: version + 1}, c)
	return version + 1, err
}

// noterLot makes the deliveries of some places, and notes in the cursor that
// they were looked at.
func (w *Webhooks) noterLot(ctx context.Context, actifs []Webhook, c *curseur, lot []*catalogue.Vue) (n int, err error) {
	var evenements []Evenement
	for _, v := range lot {
		avant, err := w.avant(ctx, v, c.Vus[v.ID], c.Sur)
		if err != nil {
			return n, err
		}
		e, ok, err := w.evenement(avant, v)
		if err != nil {
			return n, err
		}
		if ok {
			evenements = append(evenements, e)
		}
	}
	c.Lot++
	for i := range actifs {
		faites, err := w.preparer(ctx, &actifs[i], c.Lot, evenements)
		n += faites
		if err != nil {
			return n, err
		}
	}
	for _, v := range lot {
		c.Vus[v.ID] = v.Version
	}
	return n, nil
}

// avant is the state of a place that was last looked at: a version of it, or
// what it was at a number when no version is known; nil when it was not there.
func (w *Webhooks) avant(ctx context.Context, v *catalogue.Vue, version int, seq int64) (*mednum.Lieu, error) {
	revisions, err := w.Base.Revisions(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	for i := len(revisions) - 1; i >= 0; i-- {
		r := &revisions[i]
		if version > 0 && r.Version <= version || version == 0 && r.Apres.Seq <= seq {
			return &r.Apres, nil
		}
	}
	return nil, nil
}

// preparer makes the deliveries of events to a webhook.
func (w *Webhooks) preparer(ctx context.Context, h *Webhook, lot int64, evenements []Evenement) (n int, err error) {
	var siens []Evenement
	taille := 0
	partir := func() error {
		if len(siens) == 0 {
			return nil
		}
		err := w.composer(ctx, h, fmt.Sprintf("%012d%03d", lot, n), siens)
		n++
		siens, taille = nil, 0
		return err
	}
	for i := range evenements {
		e := &evenements[i]
		if !w.concerne(h, e) {
			continue
		}
		if taille+len(e.Lieu) > corpsMax {
			if err := partir(); err != nil {
				return n, err
			}
		}
		siens, taille = append(siens, *e), taille+len(e.Lieu)
	}
	return n, partir()
}

// composer writes one delivery. Its id sorts after those of the lots before, and
// is the same whenever the same lot is made again.
func (w *Webhooks) composer(ctx context.Context, h *Webhook, rang string, evenements []Evenement) error {
	now := w.Now().UTC()
	noms := []string{h.ID}
	l := Livraison{Webhook: h.ID, Genre: Changements, Compte: map[Type]int{}, Etat: AEnvoyer, Cree: now, Prochain: now}
	for i := range evenements {
		noms = append(noms, evenements[i].ID)
		l.Compte[evenements[i].Type]++
	}
	if len(evenements) == 1 {
		l.Lieu = evenements[0].LieuID
	}
	l.ID = "msg_" + rang + empreinte(noms...)
	corps, err := encoder(Changements, now, evenements)
	if err != nil {
		return err
	}
	return w.confier(ctx, &l, corps)
}
