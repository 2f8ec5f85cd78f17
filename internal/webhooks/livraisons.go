package webhooks

import (
	"cmp"
	"context"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Etat is where a delivery is.
type Etat string

// The states of a delivery.
const (
	AEnvoyer  Etat = "a_envoyer" // waits for its moment, or for those before it
	EnCours   Etat = "en_cours"  // a program is sending it, until Jusqua
	Recu      Etat = "recu"      // the address took it
	Abandonne Etat = "abandonne" // every try failed, or its webhook was stopped
)

// Genre is what a message is for.
type Genre string

// The genres of messages: its member "type".
const (
	Changements Genre = "changements"
	Essai       Genre = "essai"
)

// Livraison is one message to one webhook. Those of changes leave one after the
// other, in the order of their ids; a Direct one (an essay, or one that somebody
// sent again) leaves at once, and is tried once.
type Livraison struct {
	ID      string `json:"id"` // the header webhook-id: the same at each try
	Webhook string `json:"webhook"`
	Genre   Genre  `json:"genre"`
	// Compte is how many events of each type it holds; Lieu, the place, when it
	// is about one.
	Compte   map[Type]int `json:"compte,omitempty"`
	Lieu     string       `json:"lieu,omitempty"`
	Direct   bool         `json:"direct,omitempty"`
	Etat     Etat         `json:"etat"`
	Essais   int          `json:"essais"`
	Cree     time.Time    `json:"cree"`
	Prochain time.Time    `json:"prochain,omitzero"` // when it is tried next
	Jusqua   time.Time    `json:"jusqua,omitzero"`   // when a sending that did not end is tried again
	Dernier  Resultat     `json:"dernier,omitzero"`
}

// message is what a delivery says, byte for byte: that is what is signed.
type message struct {
	Corps string `json:"corps"`
}

// How long deliveries are listed, and how long they can be sent again: longer
// than they are tried.
const (
	gardeLivraison = 30 * 24 * time.Hour
	gardeMessage   = 7 * 24 * time.Hour
)

const cleAFaire = "a_faire" // the key of those that are not over

func cleWebhook(id string) string { return "webhook:" + id }
func cleFile(id string) string    { return "a_faire:" + id }

func (l *Livraison) enAttente() bool { return l.Etat == AEnvoyer || l.Etat == EnCours }

func (l *Livraison) cles() []string {
	cles := []string{cleWebhook(l.Webhook)}
	if l.enAttente() {
		cles = append(cles, cleAFaire, cleFile(l.Webhook))
	}
	return cles
}

// du tells whether it may be sent at an instant.
func (l *Livraison) du(t time.Time) bool {
	switch l.Etat {
	case AEnvoyer:
		return !t.Before(l.Prochain)
	case EnCours:
		return !t.Before(l.Jusqua)
	}
	return false
}

// Rejouable tells whether its message is still kept, to be sent again.
func (l *Livraison) Rejouable(t time.Time) bool { return t.Before(l.Cree.Add(gardeMessage)) }

func (l *Livraison) finir(etat Etat) {
	l.Etat, l.Prochain, l.Jusqua = etat, time.Time{}, time.Time{}
}

func (w *Webhooks) poser(ctx context.Context, l *Livraison, version int) error {
	return store.Poser(ctx, w.Base, store.Objet{
		Genre: genreLivraison, ID: l.ID, Version: version, Cles: l.cles(), Efface: l.Cree.Add(gardeLivraison),
	}, l)
}

// confier writes a new delivery, its message first. One that is there already is
// left as it is.
func (w *Webhooks) confier(ctx context.Context, l *Livraison, corps string) error {
	m := store.Objet{Genre: genreMessage, ID: l.ID, Version: 1, Efface: l.Cree.Add(gardeMessage)}
	if err := sauf(store.Poser(ctx, w.Base, m, message{corps}), mednum.Perime); err != nil {
		return err
	}
	if err := sauf(w.poser(ctx, l, 1), mednum.Perime); err != nil {
		return err
	}
	w.reveiller()
	return nil
}

// Livraisons are those of a webhook, newest first, n at most.
func (w *Webhooks) Livraisons(ctx context.Context, id string, n int) ([]Livraison, error) {
	liste, err := store.LireTous[Livraison](ctx, w.Base, store.Choix{Genre: genreLivraison, Cle: cleWebhook(id)})
	slices.SortFunc(liste, func(a, b Livraison) int { return cmp.Or(b.Cree.Compare(a.Cree), cmp.Compare(b.ID, a.ID)) })
	return liste[:min(n, len(liste))], err
}

// File is what waits for a webhook: how many deliveries, and when the first of
// those of changes is tried, or else the first of all.
type File struct {
	Nombre   int
	Prochain time.Time
}

// Attendent is what waits for each webhook, by its id.
func (w *Webhooks) Attendent(ctx context.Context) (map[string]File, error) {
	liste, err := store.LireTous[Livraison](ctx, w.Base, store.Choix{Genre: genreLivraison, Cle: cleAFaire})
	ranger(liste)
	files := map[string]File{}
	for i := range slices.Backward(liste) { // the last one written is the first to leave
		f := files[liste[i].Webhook]
		if f.Nombre++; !liste[i].Direct || f.Prochain.IsZero() {
			f.Prochain = liste[i].Prochain
		}
		files[liste[i].Webhook] = f
	}
	return files, err
}

// Essayer sends a message that says nothing, once, even to a webhook that is
// stopped. The same request twice (cle) sends once.
func (w *Webhooks) Essayer(ctx context.Context, id, cle string) error {
	h, err := w.Webhook(ctx, id)
	if err != nil {
		return err
	}
	now := w.Now().UTC()
	l := Livraison{
		ID: "msg_essai" + empreinte(h.ID, cle), Webhook: h.ID, Genre: Essai, Compte: map[Type]int{TypeEssai: 1}, Direct: true,
		Etat: AEnvoyer, Cree: now, Prochain: now,
	}
	corps, err := encoder(Essai, now, []Evenement{{ID: "evt_" + empreinte(l.ID), Type: TypeEssai}})
	if err != nil {
		return err
	}
	return w.confier(ctx, &l, corps)
}

// Renvoyer sends a delivery again, now: the same message under the same id. One
// whose message is not kept any more is "conflit"; an unknown one, or another
// webhook's, "introuvable".
func (w *Webhooks) Renvoyer(ctx context.Context, webhook, id string) error {
	for range ecritures {
		l, o, err := store.Lire[Livraison](ctx, w.Base, genreLivraison, id)
		if estCode(err, mednum.Introuvable) || err == nil && l.Webhook != webhook {
			return &mednum.Error{Code: mednum.Introuvable, Champ: "livraison", Message: "Cet envoi n’est plus dans la liste."}
		}
		if err != nil {
			return err
		}
		now := w.Now().UTC()
		if !l.Rejouable(now) {
			return &mednum.Error{Code: mednum.Conflit, Champ: "livraison", Message: "Cet envoi a plus de sept jours : son contenu n’est plus gardé."}
		}
		if l.Etat == EnCours && !l.du(now) {
			return nil // it is leaving
		}
		if !l.enAttente() {
			l.Direct = true
		}
		l.Etat, l.Prochain = AEnvoyer, now
		if err := w.poser(ctx, &l, o.Version+1); !estCode(err, mednum.Perime) {
			w.reveiller()
			return err
		}
	}
	return store.ObjetPerime(genreLivraison)
}

// file are the deliveries of a webhook that are not over: those that leave
// alone, then the others in their order.
func (w *Webhooks) file(ctx context.Context, id string) ([]Livraison, error) {
	liste, err := store.LireTous[Livraison](ctx, w.Base, store.Choix{Genre: genreLivraison, Cle: cleFile(id)})
	ranger(liste)
	return liste, err
}

// ranger puts deliveries in the order in which they leave.
func ranger(liste []Livraison) {
	slices.SortFunc(liste, func(a, b Livraison) int {
		if a.Direct != b.Direct {
			return map[bool]int{true: -1, false: 1}[a.Direct]
		}
		return cmp.Compare(a.ID, b.ID)
	})
}

// premiere is the first of a file that may be sent now: any that leaves alone,
// and of the others the first only; nil when there is none.
func premiere(file []Livraison, now time.Time) *Livraison {
	for i := range file {
		if file[i].du(now) {
			return &file[i]
		}
		if !file[i].Direct {
			return nil
		}
	}
	return nil
}

// abandonner gives up what waits for a webhook, but what leaves alone.
func (w *Webhooks) abandonner(ctx context.Context, id string) error {
	file, err := w.file(ctx, id)
	if err != nil {
		return err
	}
	for i := range file {
		if file[i].Direct {
			continue
		}
		if _, err := w.changerLivraison(ctx, file[i].ID, func(l *Livraison) bool {
			l.finir(Abandonne)
			return true
		}); err != nil {
			return err
		}
	}
	return nil
}

// changerLivraison writes what f makes of a delivery that is not over; f tells
// whether there is something to write.
func (w *Webhooks) changerLivraison(ctx context.Context, id string, f func(*Livraison) bool) (l Livraison, err error) {
	for range ecritures {
		var o store.Objet
		l, o, err = store.Lire[Livraison](ctx, w.Base, genreLivraison, id)
		if err != nil {
			return l, sauf(err, mednum.Introuvable)
		}
		if !l.enAttente() || !f(&l) {
			return l, nil
		}
		if err = w.poser(ctx, &l, o.Version+1); !estCode(err, mednum.Perime) {
			return l, err
		}
	}
	return l, sauf(err, mednum.Perime)
}
