package webhooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/store"
)

// Limits of what is asked.
const (
	webhooksMax = 20
	nomMax      = 80  // characters
	urlMax      = 500 // bytes
	// repris is how long the same request, sent twice, is answered alike: a secret
	// is shown no longer.
	repris = 10 * time.Minute
	// anciensMax is how many secrets sign beside the present one.
	anciensMax = 4
)

// Demande is what somebody asks for. Cle names the form: the same request twice
// makes one webhook; another one under the same key (the page was gone back to) is
// another.
type Demande struct {
	Nom, URL string
	Portee   Portee
	Zone     string
	Par, Cle string
}

func trier(liste []Webhook) {
	slices.SortFunc(liste, func(a, b Webhook) int { return cmp.Or(a.Cree.Compare(b.Cree), cmp.Compare(a.ID, b.ID)) })
}

// Creer writes a webhook, which is told of what changes from now on. What is
// wrong is "invalide", by field: nom, url, portee. One too many is "conflit", and
// so is the same request long after (cle).
func (w *Webhooks) Creer(ctx context.Context, d Demande) (Webhook, error) {
	if err := errors.Join(w.verifierNom(&d), w.verifierURL(ctx, &d), w.verifierPortee(&d)); err != nil {
		return Webhook{}, err
	}
	now := w.Now().UTC()
	id := empreinte("webhook", d.Par, d.Cle, d.URL, d.Nom, string(d.Portee), d.Zone)
	if h, err := w.Webhook(ctx, id); err == nil {
		return h.deNouveau(d.Cle, now)
	}
	tous, err := w.Liste(ctx)
	if err != nil {
		return Webhook{}, err
	}
	if len(tous) >= webhooksMax {
		return Webhook{}, &mednum.Error{Code: mednum.Conflit, Champ: "url", Message: fmt.Sprintf("Il y a déjà %d webhooks : supprimez-en un d’abord.", len(tous))}
	}
	_, dernier := w.Catalogue.Depuis(0)
	h := Webhook{
		ID: id, Nom: d.Nom, URL: d.URL, Portee: d.Portee, Zone: d.Zone, Secret: tirerSecret(), Tirage: empreinte(d.Cle),
		Par: d.Par, Cree: now, Depuis: dernier,
	}
	err = store.Poser(ctx, w.Base, store.Objet{Genre: genreWebhook, ID: id, Version: 1}, h)
	if estCode(err, mednum.Perime) { // the same request, at the same time
		if h, err = w.Webhook(ctx, id); err == nil {
			return h.deNouveau(d.Cle, now)
		}
	}
	return h, err
}

// deNouveau is the webhook that a request made, for the same request sent again at
// once.
func (w *Webhook) deNouveau(cle string, now time.Time) (Webhook, error) {
	if w.Tirage != empreinte(cle) || now.Sub(w.Cree) >= repris {
		return Webhook{}, dejaServi
	}
	return *w, nil
}

// dejaServi is the refusal of a form that was sent before.
var dejaServi = &mednum.Error{Code: mednum.Conflit, Champ: "cle", Message: "Ce formulaire a déjà servi, et son secret n’est plus montré : revenez à la page des webhooks."}

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

func (w *Webhooks) verifierNom(d *Demande) error {
	d.Nom = strings.Join(strings.Fields(strings.ToValidUTF8(d.Nom, "")), " ")
	if n := utf8.RuneCountInString(d.Nom); n > nomMax {
		return invalide("nom", fmt.Sprintf("Ce nom a %d caractères : donnez-en %d au plus.", n, nomMax))
	}
	return nil
}

// verifierURL refuses at once what would be refused at each call.
func (w *Webhooks) verifierURL(ctx context.Context, d *Demande) error {
	d.URL = strings.TrimSpace(d.URL)
	if len(d.URL) > urlMax {
		return invalide("url", fmt.Sprintf("Cette adresse est trop longue : %d caractères au plus.", urlMax))
	}
	if u, err := url.Parse(d.URL); err == nil { // what follows # is never sent
		u.Fragment, u.RawFragment = "", ""
		d.URL = u.String()
	}
	err := w.Sortie.Verifier(ctx, d.URL)
	var refus *sortie.Refus
	if errors.As(err, &refus) {
		return invalide("url", direRefus[refus.Motif])
	}
	return err
}

var direRefus = map[sortie.Motif]string{
	sortie.Illisible: "Écrivez une adresse complète, comme https://exemple.fr/webhook, sans nom d’utilisateur ni mot de passe.",
	sortie.Accents:   "Le nom de cette adresse a des accents ou d’autres signes particuliers. Donnez sa forme technique, qui commence par xn--.",
	sortie.Schema:    "Cette adresse doit commencer par https:// : sans chiffrement, d’autres pourraient lire et changer ce que nous envoyons.",
	sortie.Port:      "Ce port n’est pas celui d’un site : prenez 443, ou un port entre 1024 et 65535.",
	sortie.Reseau:    "Cette adresse mène à un réseau privé ou réservé : nous n’y envoyons rien. Donnez une adresse publique, ou demandez à l’équipe technique de permettre ce réseau.",
	sortie.Inconnu:   "Le nom de cette adresse ne mène nulle part : vérifiez qu’il est bien écrit.",
}

func (w *Webhooks) verifierPortee(d *Demande) error {
	ok := false
	switch d.Portee {
	case PorteeTout:
		ok = d.Zone == ""
	case PorteeEPCI:
		_, ok = w.Territoire.EPCI(d.Zone)
	case PorteeCommune:
		_, ok = w.Territoire.Commune(d.Zone)
	}
	if !ok {
		return invalide("portee", "Choisissez tous les lieux, une intercommunalité ou une commune de la liste.")
	}
	return nil
}

// Suspendre stops telling a webhook, at somebody's will: what waited is given
// up, what changes meanwhile is not told.
func (w *Webhooks) Suspendre(ctx context.Context, id string) error {
	return w.arreter(ctx, id, ArretPause)
}

func (w *Webhooks) arreter(ctx context.Context, id string, pourquoi Arret) error {
	_, err := w.changer(ctx, id, func(h *Webhook) error {
		if h.Actif() {
			h.Arret, h.ArreteLe = pourquoi, w.Now().UTC()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.abandonner(ctx, id)
}

// Reprendre tells a webhook again, of what changes from now on. One that is told
// already is left as it is.
func (w *Webhooks) Reprendre(ctx context.Context, id string) error {
	_, dernier := w.Catalogue.Depuis(0)
	_, err := w.changer(ctx, id, func(h *Webhook) error {
		if !h.Actif() {
			h.Arret, h.ArreteLe, h.Depuis = "", time.Time{}, dernier
			h.Echecs, h.EchoueDepuis = 0, time.Time{}
		}
		return nil
	})
	return err
}

// Renouveler draws another secret; the one before signs too for 24 hours, or until
// four others were drawn. The same request twice (cle) draws once; long after,
// it is "conflit".
func (w *Webhooks) Renouveler(ctx context.Context, id, cle string) (Webhook, error) {
	nouveau, tirage := tirerSecret(), empreinte(cle)
	return w.changer(ctx, id, func(h *Webhook) error {
		now := w.Now().UTC()
		if n := len(h.Anciens); h.Tirage == tirage {
			if n == 0 || !now.Before(h.Anciens[n-1].Jusqua.Add(repris-chevauchement)) {
				return dejaServi
			}
			return nil
		}
		h.Anciens = slices.DeleteFunc(h.Anciens, func(a Ancien) bool { return !now.Before(a.Jusqua) })
		h.Anciens = append(h.Anciens, Ancien{h.Secret, now.Add(chevauchement)})
		h.Anciens = h.Anciens[max(0, len(h.Anciens)-anciensMax):]
		h.Secret, h.Tirage = nouveau, tirage
		return nil
	})
}

// Oter takes a webhook away, with all that was kept of it.
func (w *Webhooks) Oter(ctx context.Context, id string) error {
	if err := w.Base.OterObjet(ctx, genreWebhook, id); err != nil {
		return err
	}
	objets, err := w.Base.Objets(ctx, store.Choix{Genre: genreLivraison, Cle: cleWebhook(id)})
	for i := range objets {
		err = errors.Join(err, w.Base.OterObjet(ctx, genreLivraison, objets[i].ID), w.Base.OterObjet(ctx, genreMessage, objets[i].ID))
	}
	return err
}
