package reseau

import (
	"context"
	"crypto/subtle"
	"strings"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// What a reminder may be answered, as its links say it.
const (
	ChoixExact    = "exact"
	ChoixCorriger = "corriger"
	ChoixFerme    = "ferme"
)

// rappele is whom a link asked: Hash is that of its secret, Adresse the idArret
// of the person for that place.
type rappele struct {
	Hash    string `json:"hash"`
	Adresse string `json:"adresse"`
	Lieu    string `json:"lieu"`
	// Campagne is that of the mail, "" for a reminder.
	Campagne string `json:"campagne,omitempty"`
}

// nomLien names a link by the hash of its secret: it opens nothing.
func nomLien(h string) string { return h[:12] }

// Question is what the link of a reminder asks.
type Question struct {
	Lien mednum.Lien
	Lieu *catalogue.Vue
}

// Question is what a secret asks; it spends nothing. One that is forged, that
// served or is too old is "anonyme", one about a place that is no longer listed
// is "disparu".
func (r *Reseau) Question(ctx context.Context, secret string) (Question, error) {
	l, err := r.Comptes.Lien(ctx, secret)
	if estCode(err, mednum.Anonyme) || err == nil && l.Usage != mednum.UsageRappel {
		return Question{}, lienFini(&l)
	}
	if err != nil {
		return Question{}, err
	}
	v, err := r.Catalogue.Lieu(l.Lieu)
	if estCode(err, mednum.Introuvable) || err == nil && !v.Publie() {
		return Question{}, &mednum.Error{Code: mednum.Disparu, Champ: "lieu", Message: "Ce lieu n’est plus dans la liste : il n’y a plus rien à vérifier. Merci."}
	}
	return Question{l, v}, err
}

// lienFini says why a link does not serve, to whoever holds its secret.
func lienFini(l *mednum.Lien) error {
	message := "Ce lien n’est pas connu : votre messagerie l’a peut-être coupé. Recopiez-le en entier depuis le courriel."
	switch {
	case l.Usage != mednum.UsageRappel:
	case !l.ConsommeLe.IsZero():
		message = "Vous avez déjà répondu avec ce lien : il ne sert qu’une fois. Merci."
	default:
		message = "Ce lien est trop vieux. Le prochain courriel en portera un nouveau."
	}
	return &mednum.Error{Code: mednum.Anonyme, Champ: "lien", Message: message}
}

// repondre makes the change of an answer, then spends the link. The change is
// made first, under a key of the link: one that is cut short can be sent again,
// and a link never changes anything twice.
func (r *Reseau) repondre(ctx context.Context, secret, choix string, faire func(lieu string, e catalogue.Edition) error) error {
	q, err := r.Question(ctx, secret)
	if err != nil {
		return err
	}
	err = faire(q.Lien.Lieu, catalogue.Edition{
		Auteur: mednum.PrefixeLien + nomLien(q.Lien.Hash), Voie: "lien", Idempotence: "lien/" + q.Lien.Hash[:32],
		Droits: []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: q.Lien.Lieu}},
	})
	if err != nil {
		return err
	}
	if err := r.noterReponse(ctx, &q.Lien, choix); err != nil {
		return err
	}
	l, err := r.Comptes.Repondre(ctx, secret)
	if estCode(err, mednum.Anonyme) {
		return lienFini(&l)
	}
	return err
}

// Confirmer answers that all is right: the place is checked today.
func (r *Reseau) Confirmer(ctx context.Context, secret string) error {
	return r.repondre(ctx, secret, ChoixExact, func(lieu string, e catalogue.Edition) error {
		_, err := r.Catalogue.Modifier(ctx, lieu, e, func(l *mednum.Lieu) error { return l.Verifier(r.jour(), e.Auteur, r.jour()) })
		return err
	})
}

// Correction is what somebody says of a place in a plain form, in their words.
type Correction struct{ Horaires, Telephone, Message string }

// horairesMax is the length of hours in free words, in characters.
const horairesMax = 500

// Corriger has a correction wait for a coordinator. Hours that are understood
// without a doubt become hours; the others stay words for the coordinator to
// read. What cannot be kept is "invalide", and names its field (horaires,
// telephone, message, or changement when nothing would change).
func (r *Reseau) Corriger(ctx context.Context, secret string, c Correction) error {
	if strings.TrimSpace(c.Horaires+c.Telephone+c.Message) == "" {
		return invalide("changement", "Écrivez ce qui n’est plus juste, dans l’une des trois cases.")
	}
	if utf8.RuneCountInString(c.Horaires) > horairesMax {
		return invalide("horaires", "Ces horaires sont trop longs : écrivez-les en 500 caractères au plus.")
	}
	return r.repondre(ctx, secret, ChoixCorriger, func(lieu string, e catalogue.Edition) error {
		v, err := r.Catalogue.Lieu(lieu)
		if err != nil {
			return err
		}
		ch, message := c.lire(v)
		_, err = r.Catalogue.FaireAttendre(ctx, lieu, e, ch, message)
		return err
	})
}

// lire tells what can be a change of the place from what a person must read.
func (c *Correction) lire(v *catalogue.Vue) (ch catalogue.Changement, message string) {
	ch.Champs = map[mednum.Champ]string{}
	if tel := strings.TrimSpace(c.Telephone); tel != "" {
		ch.Champs[mednum.ChampTelephone] = tel
	}
	message = strings.TrimSpace(c.Message)
	texte := strings.TrimSpace(c.Horaires)
	if texte == "" {
		return ch, message
	}
	lecture := horaires.Lire(texte)
	if lecture.Certaine() && lecture.Horaires != "" && !v.Itinerant() {
		ch.Champs[mednum.ChampHoraires] = lecture.Horaires
		return ch, message
	}
	return ch, strings.TrimSpace("Horaires\u00a0: " + texte + "\n" + message)
}

// Fermer says that the place is closed for good; it waits for a coordinator.
func (r *Reseau) Fermer(ctx context.Context, secret, motif string) error {
	return r.repondre(ctx, secret, ChoixFerme, func(lieu string, e catalogue.Edition) error {
		f := mednum.Fermeture{Le: r.jour(), Motif: motif}
		_, err := r.Catalogue.FaireAttendre(ctx, lieu, e, catalogue.Changement{Fermeture: &f}, "")
		return err
	})
}

// demande is whom the link of a secret asked; it outlives the link. One that is
// not known is "anonyme".
func (r *Reseau) demande(ctx context.Context, secret string) (rappele, error) {
	h := empreinte(secret)
	d, _, err := store.Lire[rappele](ctx, r.Base, genreRappele, nomLien(h))
	if estCode(err, mednum.Introuvable) || err == nil && subtle.ConstantTimeCompare([]byte(d.Hash), []byte(h)) != 1 {
		return d, lienFini(&mednum.Lien{})
	}
	return d, err
}

// Arretable is the name of the place whose reminders a secret stops, "" when the
// place is no longer known; it stops nothing.
func (r *Reseau) Arretable(ctx context.Context, secret string) (string, error) {
	d, err := r.demande(ctx, secret)
	if err != nil {
		return "", err
	}
	v, err := r.Catalogue.Lieu(d.Lieu)
	if err != nil {
		return "", sauf(err, mednum.Introuvable)
	}
	return situer(&v.Lieu), nil
}

// Arreter stops the reminders of a place to the address that got this secret,
// even when its link has served or is too old. Stopping twice is no error.
func (r *Reseau) Arreter(ctx context.Context, secret string) error {
	d, err := r.demande(ctx, secret)
	if err != nil {
		return err
	}
	err = store.Poser(ctx, r.Base, store.Objet{Genre: genreArret, ID: d.Adresse, Version: 1}, arret{d.Lieu, mednum.DateOf(r.maintenant())})
	return sauf(err, mednum.Perime)
}

// arret is of which place, and since when.
type arret struct {
	Lieu string      `json:"lieu"`
	Le   mednum.Date `json:"le"`
}
