package webhooks

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const (
	prise     = time.Minute // a program has so long to send one message
	delaiNote = 5 * time.Second
	rythme    = 2 * time.Second // from one look at what is due to the next
	serieMax  = 50              // messages that one webhook gets in a row
)

// Suivre sends what is due, until ctx ends. An address that is slow keeps
// nobody waiting but its own messages.
func (w *Webhooks) Suivre(ctx context.Context) {
	var fils sync.WaitGroup
	defer fils.Wait()
	muet := false
	for {
		_, err := w.lancer(ctx, &fils)
		if err != nil && !muet && ctx.Err() == nil {
			w.Journal.Error("les webhooks attendent : la base ne répond pas", "cause", err)
		}
		muet = err != nil
		select {
		case <-ctx.Done():
			return
		case <-w.reveil:
		case <-time.After(rythme):
		}
	}
}

// Livrer sends what is due, and returns when it is done.
func (w *Webhooks) Livrer(ctx context.Context) error {
	var fils sync.WaitGroup
	defer fils.Wait()
	_, err := w.lancer(ctx, &fils)
	return err
}

// lancer starts sending to each webhook for which something is due, and returns
// how many it started.
func (w *Webhooks) lancer(ctx context.Context, fils *sync.WaitGroup) (n int, err error) {
	liste, err := store.LireTous[Livraison](ctx, w.Base, store.Choix{Genre: genreLivraison, Cle: cleAFaire})
	if err != nil {
		return 0, err
	}
	ranger(liste)
	files := map[string][]Livraison{}
	for _, l := range liste {
		files[l.Webhook] = append(files[l.Webhook], l)
	}
	now := w.Now()
	for id, file := range files {
		if premiere(file, now) == nil || !w.reserver(id) {
			continue
		}
		n++
		fils.Go(func() {
			defer w.liberer(id)
			w.vider(ctx, id)
		})
	}
	return n, nil
}

// reserver takes one of the slots for a webhook; false when this program sends
// to it already, or to too many others.
func (w *Webhooks) reserver(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.enVol[id] {
		return false
	}
	select {
	case w.slots <- struct{}{}:
		w.enVol[id] = true
		return true
	default:
		return false
	}
}

func (w *Webhooks) liberer(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.enVol, id)
	<-w.slots
}

// vider sends what is due to a webhook, one message after the other.
func (w *Webhooks) vider(ctx context.Context, id string) {
	for range serieMax {
		file, err := w.file(ctx, id)
		l := premiere(file, w.Now())
		if err != nil || l == nil || ctx.Err() != nil {
			return // looked at again soon
		}
		encore, err := w.tenter(ctx, l.ID)
		if err != nil && ctx.Err() == nil {
			w.Journal.Error("un webhook attend : la base ne répond pas", "webhook", id, "cause", err)
		}
		if err != nil || !encore {
			return
		}
	}
	w.reveiller()
}

// tenter sends one message, if it is due and no other program does; encore tells
// whether the next one may follow.
func (w *Webhooks) tenter(ctx context.Context, id string) (encore bool, err error) {
	l, o, err := store.Lire[Livraison](ctx, w.Base, genreLivraison, id)
	if err != nil || !l.du(w.Now()) {
		return false, sauf(err, mednum.Introuvable)
	}
	h, corps, err := w.lire(ctx, &l)
	if err != nil {
		return false, err
	}
	if h == nil { // nothing to send, or nobody to send it to
		l.finir(Abandonne)
		return true, sauf(w.poser(ctx, &l, o.Version+1), mednum.Perime)
	}
	l.Etat, l.Essais, l.Prochain, l.Jusqua = EnCours, l.Essais+1, time.Time{}, w.Now().UTC().Add(prise)
	if err := w.poser(ctx, &l, o.Version+1); err != nil {
		return false, sauf(err, mednum.Perime)
	}
	r, apres := w.envoyer(ctx, h, l.ID, corps)
	noter, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiNote)
	defer cancel()
	if ctx.Err() != nil { // told to stop: another program, or the next one, sends it
		l.Etat, l.Essais, l.Prochain, l.Jusqua = AEnvoyer, l.Essais-1, w.Now().UTC(), time.Time{}
		return false, sauf(w.poser(noter, &l, o.Version+2), mednum.Perime)
	}
	return w.conclure(noter, &l, o.Version+2, r, apres)
}

// lire is the webhook of a delivery and its message; nil when one of them is
// gone, or the webhook is told nothing.
func (w *Webhooks) lire(ctx context.Context, l *Livraison) (*Webhook, string, error) {
	h, _, err := store.Lire[Webhook](ctx, w.Base, genreWebhook, l.Webhook)
	if err != nil || !h.Actif() && !l.Direct {
		return nil, "", sauf(err, mednum.Introuvable)
	}
	m, _, err := store.Lire[message](ctx, w.Base, genreMessage, l.ID)
	if err != nil {
		return nil, "", sauf(err, mednum.Introuvable)
	}
	return &h, m.Corps, nil
}

// envoyer sends one message, and says what came of it and how long the address
// asks to wait. Of the answer nothing but its head is read.
func (w *Webhooks) envoyer(ctx context.Context, h *Webhook, id, corps string) (r Resultat, apres time.Duration) {
	debut := w.Now()
	r.Le = debut.UTC()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, strings.NewReader(corps))
	if err != nil {
		r.Cause = Refusee
		return r, 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "A-deux-pas/"+w.Version+" (+"+w.URLPublique+")")
	h.signer(req.Header, id, debut, corps)
	rep, err := w.Sortie.Do(req)
	r.Duree = w.Now().Sub(debut)
	if err != nil {
		r.Cause = causeDe(err)
		return r, 0
	}
	_ = rep.Body.Close()
	r.Code = rep.StatusCode
	switch {
	case r.Code >= 200 && r.Code < 300:
	case r.Code >= 300 && r.Code < 400:
		r.Cause = Redirection
	default:
		r.Cause = Reponse
	}
	if r.Code == http.StatusTooManyRequests || r.Code == http.StatusServiceUnavailable {
		apres = retryAfter(rep.Header.Get("Retry-After"), debut)
	}
	return r, apres
}

// conclure writes what came of a try on its delivery and on its webhook.
func (w *Webhooks) conclure(ctx context.Context, l *Livraison, version int, r Resultat, apres time.Duration) (encore bool, err error) {
	l.Dernier = r
	fini := false // nothing more is tried
	switch {
	case r.Recu():
		l.finir(Recu)
	case l.Direct:
		l.finir(Abandonne)
	case l.Essais > len(reprises), refus(r) && l.Essais > reprisesRefus:
		fini = l.Essais > len(reprises)
		l.finir(Abandonne)
	default:
		l.Etat, l.Jusqua = AEnvoyer, time.Time{}
		l.Prochain = w.Now().UTC().Add(max(attente(l.ID, l.Essais), apres))
	}
	if err := w.poser(ctx, l, version); err != nil {
		return false, sauf(err, mednum.Perime) // it was sent again meanwhile, or taken away
	}
	avant := 0
	h, err := w.changer(ctx, l.Webhook, func(h *Webhook) error {
		avant = h.Echecs
		h.compter(l, r, fini)
		return nil
	})
	switch {
	case err != nil:
		return false, sauf(err, mednum.Introuvable) // taken away while it was told
	case !h.Actif() && h.ArreteLe.Equal(r.Le):
		w.Journal.Warn("webhook arrêté", "webhook", h.ID, "raison", string(h.Arret), "cause", string(r.Cause), "code", r.Code)
		return false, w.abandonner(ctx, h.ID)
	case r.Recu() && l.Direct && avant > 0:
		return true, w.avancer(ctx, h.ID)
	}
	return l.Direct || !l.enAttente(), nil
}

// avancer has the first message that waits tried now: its address answers again.
func (w *Webhooks) avancer(ctx context.Context, id string) error {
	file, err := w.file(ctx, id)
	if err != nil {
		return err
	}
	for i := range file {
		if file[i].Direct {
			continue
		}
		_, err := w.changerLivraison(ctx, file[i].ID, func(l *Livraison) bool {
			if l.Etat != AEnvoyer {
				return false
			}
			l.Prochain = w.Now().UTC()
			return true
		})
		return err
	}
	return nil
}
