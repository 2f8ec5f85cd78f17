package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Dossier is a place that a coordinator has to look at: one that is proposed,
// one of which changes wait, or one whose source contradicts what a person wrote.
// Depuis is since when, of the oldest; a question is as old as what the source
// says.
type Dossier struct {
	Lieu      *Vue
	Propose   bool
	Attentes  []mednum.Attente
	Questions []mednum.Question
	Depuis    time.Time
}

// EnAttente is the queue of whoever coordinates, oldest first.
func (c *Catalogue) EnAttente(droits []mednum.Habilitation) []Dossier {
	var file []Dossier
	for _, v := range c.lieuxOu(func(v *Vue) bool { return c.Coordonne(droits, &v.Lieu) }) {
		d := Dossier{Lieu: v, Propose: v.Statut == mednum.StatutPropose}
		if v.Publie() || d.Propose || v.Statut == mednum.StatutFerme {
			d.Attentes, d.Questions = v.EnAttente(), v.Questions()
		}
		if !d.Propose && len(d.Attentes) == 0 && len(d.Questions) == 0 {
			continue
		}
		d.Depuis = depuis(&d)
		file = append(file, d)
	}
	slices.SortStableFunc(file, func(a, b Dossier) int { return a.Depuis.Compare(b.Depuis) })
	return file
}

// depuis is when the oldest thing of a queue's place was written: of a proposal,
// its first value.
func depuis(d *Dossier) (le time.Time) {
	var moments []time.Time
	for _, a := range d.Attentes {
		moments = append(moments, a.Le)
	}
	for _, q := range d.Questions {
		if o := q.Origine.Date; !o.IsZero() {
			moments = append(moments, time.Date(o.Annee, o.Mois, o.Jour, 0, 0, 0, 0, time.UTC))
		} else {
			moments = append(moments, q.Le) // the source says nothing any more
		}
	}
	if d.Propose {
		for _, correction := range d.Lieu.Corrections {
			moments = append(moments, correction.Le)
		}
	}
	if len(moments) > 0 {
		le = slices.MinFunc(moments, time.Time.Compare)
	}
	return le
}

// FaireAttendre has everything of a change wait for a coordinator, whatever
// SetRelecture says, with what its author adds in their own words: it is how
// somebody who did not sign in corrects a place. What could not be done today is
// refused as Editer does; a change that changes nothing, without a message, is
// "invalide" (field "changement").
func (c *Catalogue) FaireAttendre(ctx context.Context, id string, e Edition, ch Changement, message string) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		champs, err := c.changes(l, ch, true)
		if err != nil {
			return err
		}
		p := part{champs, ch.Fermeture}
		if p.vide() && strings.TrimSpace(message) == "" {
			return invalide("changement", "Rien ne change : ce que vous donnez est déjà ce que le public voit.")
		}
		_, err = c.retenir(l, p, mednum.Attente{Champs: p.champs, Message: message, Auteur: e.Auteur, Le: c.now()})
		return err
	})
}

// Accepter does what waits, in the name of who asked for it, once it is checked
// again: the place may have moved since. Whoever does not coordinate the place
// is refused ("interdit").
func (c *Catalogue) Accepter(ctx context.Context, id, attente string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if err := c.coordonner(l, e.Droits); err != nil {
			return err
		}
		a, err := l.Attente(attente)
		if err != nil {
			return err
		}
		champs, err := c.accorder(l, a.Champs)
		if err != nil {
			return err
		}
		if err := c.appliquer(l, part{differents(l, champs), a.Fermeture}, a.Auteur, c.now()); err != nil {
			return err
		}
		return l.RetirerAttente(attente)
	})
}

// RefuserAttente answers no to what waits, and why; the answer stays with the
// place for its author. Whoever does not coordinate it is refused ("interdit").
func (c *Catalogue) RefuserAttente(ctx context.Context, id, attente, motif string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if err := c.coordonner(l, e.Droits); err != nil {
			return err
		}
		return l.RefuserAttente(attente, motif, e.Auteur, c.now())
	})
}

// ReprendreAttente takes back what its own author had wait.
func (c *Catalogue) ReprendreAttente(ctx context.Context, id, attente string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		a, err := l.Attente(attente)
		if err != nil {
			return err
		}
		if a.Auteur != e.Auteur {
			return &mednum.Error{Code: mednum.Interdit, Champ: "attente", Message: "Ce changement est celui d’une autre personne : elle seule peut le reprendre."}
		}
		return l.RetirerAttente(attente)
	})
}

// Publier makes a proposed place public: a coordinator says that it is right,
// and it is checked from today. One that is published already stays so.
func (c *Catalogue) Publier(ctx context.Context, id string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if err := c.coordonner(l, e.Droits); err != nil {
			return err
		}
		switch l.Statut {
		case mednum.StatutPublie:
			return nil
		case mednum.StatutPropose:
			l.Statut = mednum.StatutPublie
			jour := c.jour(c.now())
			return l.Verifier(jour, e.Auteur, jour)
		}
		return pasPropose()
	})
}

// Refuser withdraws a proposed place, for good.
func (c *Catalogue) Refuser(ctx context.Context, id string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if err := c.coordonner(l, e.Droits); err != nil {
			return err
		}
		if l.Statut != mednum.StatutPropose {
			return pasPropose()
		}
		l.Statut = mednum.StatutRetire
		return nil
	})
}

func pasPropose() error {
	return &mednum.Error{Code: mednum.Conflit, Champ: "statut", Message: "Ce lieu n’est plus une proposition : quelqu’un y a déjà répondu."}
}

// FermerDefinitivement closes the place for good: see Editer, and
// mednum.Lieu.FermerDefinitivement.
func (c *Catalogue) FermerDefinitivement(ctx context.Context, id string, e Edition, f mednum.Fermeture) (mednum.Lieu, *mednum.Attente, error) {
	f.Le = cmp.Or(f.Le, c.jour(c.now()))
	return c.Editer(ctx, id, e, Changement{Fermeture: &f})
}

// Rouvrir takes a closing for good back. With SetRelecture only a coordinator
// may.
func (c *Catalogue) Rouvrir(ctx context.Context, id string, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if c.attend(l, e.Droits) {
			return c.coordonner(l, e.Droits)
		}
		return l.Rouvrir()
	})
}
