package ecoute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Decision is how a report is closed.
type Decision string

// The decisions, and what each does to the place.
const (
	DecisionFerme     Decision = "ferme"      // closed for good, from today
	DecisionPause     Decision = "pause"      // closed from today until a day
	DecisionNumero    Decision = "numero"     // the number is another, or none
	DecisionVerifie   Decision = "verifie"    // all is right: the place is checked today
	DecisionCorrige   Decision = "corrige"    // it was corrected on its page: nothing more
	DecisionSansSuite Decision = "sans-suite" // nothing, for a reason
)

var decisions = []Decision{DecisionFerme, DecisionPause, DecisionNumero, DecisionVerifie, DecisionCorrige, DecisionSansSuite}

// delaiDecision is how long a decision may take: one that was cut short may then
// be taken again.
const delaiDecision = time.Minute

// Choix is a decision, and what it needs: the reason of SansSuite, the number of
// Numero ("" for none), the last day of Pause.
type Choix struct {
	Decision  Decision
	Motif     string
	Telephone string
	Au        mednum.Date
}

func (ch *Choix) verifier(jour mednum.Date) error {
	ch.Motif = strings.Join(strings.Fields(propre(ch.Motif)), " ")
	switch {
	case !slices.Contains(decisions, ch.Decision):
		return invalide("decision", "Choisissez ce que vous décidez.")
	case utf8.RuneCountInString(ch.Motif) > motifMax:
		return invalide("motif", fmt.Sprintf("Ce texte est trop long : %d caractères au plus.", motifMax))
	case ch.Decision == DecisionSansSuite && ch.Motif == "":
		return invalide("motif", "Dites pourquoi, en quelques mots.")
	case ch.Decision == DecisionPause && ch.Au.IsZero():
		return invalide("au", "Donnez le dernier jour de la fermeture, comme 24/12/2026.")
	case ch.Decision == DecisionPause && ch.Au.Compare(jour) < 0:
		return invalide("au", "Ce jour est déjà passé : donnez le dernier jour de la fermeture.")
	}
	return nil
}

// Decider closes a report and does to its place what was decided, signed by e.
// Of two who decide at once one does: the other is "perime" (field signalement),
// and gets the report as it was left. Whoever may not change the place is
// "interdit"; what cannot be done to it is refused as the catalogue refuses it,
// and the report stays open.
func (s *Signalements) Decider(ctx context.Context, id string, ch Choix, e catalogue.Edition) (Signalement, error) {
	if err := ch.verifier(s.jour()); err != nil {
		return Signalement{}, err
	}
	x, err := s.changer(ctx, id, func(x *Signalement) error {
		if _, err := s.sien(x, e.Droits); err != nil {
			return err
		}
		autre := x.Par != e.Auteur || x.Decision != ch.Decision // one's own, sent twice, goes on
		if x.Etat == Clos || x.Etat == EnCours && autre && s.now().Sub(x.Decide) < delaiDecision {
			return store.ObjetPerime(genreSignalement)
		}
		x.Etat, x.Decision, x.Motif, x.Par, x.Decide = EnCours, ch.Decision, ch.Motif, e.Auteur, s.seconde()
		return nil
	})
	if err != nil {
		return x, err
	}
	// The same choice, taken again after a cut, is done once.
	e.Idempotence = fmt.Sprintf("signalement/%s/%d/%s/%s/%s", x.ID, x.Tour, ch.Decision, ch.Telephone, ch.Au)
	l, attente, echec := s.effet(ctx, &x, ch, e)
	x, err = s.changer(context.WithoutCancel(ctx), id, func(x *Signalement) error {
		switch {
		case x.Etat != EnCours || x.Par != e.Auteur:
			return store.ObjetPerime(genreSignalement) // too slow: somebody else decided
		case echec != nil:
			x.rouvrir()
			return nil
		}
		x.Etat, x.Version = Clos, l.Version
		if attente != nil {
			x.Attente = attente.ID
		}
		return nil
	})
	return x, errors.Join(echec, err)
}

// rouvrir forgets a decision.
func (x *Signalement) rouvrir() {
	x.Etat, x.Decision, x.Motif, x.Par, x.Decide, x.Version, x.Attente = Ouvert, "", "", "", time.Time{}, 0, ""
}

// changer makes a change of the newest state of a report, which it returns; what
// change returns stops it, and comes with that state.
func (s *Signalements) changer(ctx context.Context, id string, change func(*Signalement) error) (Signalement, error) {
	for range essais {
		x, o, err := s.lire(ctx, id)
		if err != nil {
			return x, err
		}
		if err := change(&x); err != nil {
			return x, err
		}
		if err := s.poser(ctx, &x, o.Version); !estCode(err, mednum.Perime) {
			return x, err
		}
	}
	return Signalement{}, store.ObjetPerime(genreSignalement)
}

// effet does to the place what was decided; the place is empty when nothing is.
func (s *Signalements) effet(ctx context.Context, x *Signalement, ch Choix, e catalogue.Edition) (l mednum.Lieu, attente *mednum.Attente, err error) {
	lieu := s.lieux.Devenu(x.Lieu)
	jour := s.jour()
	switch ch.Decision {
	case DecisionFerme:
		return s.lieux.FermerDefinitivement(ctx, lieu, e, mednum.Fermeture{Le: jour})
	case DecisionPause:
		l, err = s.lieux.Modifier(ctx, lieu, e, func(l *mednum.Lieu) error {
			_, err := l.AjouterException(mednum.Exception{Du: jour, Au: ch.Au}, jour)
			return err
		})
	case DecisionNumero:
		return s.lieux.Editer(ctx, lieu, e, catalogue.Changement{Champs: map[mednum.Champ]string{mednum.ChampTelephone: ch.Telephone}})
	case DecisionVerifie:
		l, err = s.lieux.Modifier(ctx, lieu, e, func(l *mednum.Lieu) error { return l.Verifier(jour, e.Auteur, jour) })
	}
	return l, nil, err
}

// Annuler takes a decision back: the report is open again, and its place as it
// was, as long as nobody changed it since ("conflit" then).
func (s *Signalements) Annuler(ctx context.Context, id string, e catalogue.Edition) (Signalement, error) {
	x, _, err := s.lire(ctx, id)
	if err != nil {
		return x, err
	}
	v, err := s.sien(&x, e.Droits)
	if err != nil {
		return Signalement{}, err
	}
	if x.Etat != Clos {
		return x, store.ObjetPerime(genreSignalement)
	}
	if err := s.defaire(ctx, &x, v, e); err != nil {
		return x, err
	}
	tour := x.Tour
	return s.changer(ctx, id, func(x *Signalement) error {
		if x.Etat != Clos || x.Tour != tour {
			return store.ObjetPerime(genreSignalement)
		}
		x.rouvrir()
		x.Tour++
		return nil
	})
}

// defaire takes back what a decision did to the place.
func (s *Signalements) defaire(ctx context.Context, x *Signalement, v *catalogue.Vue, e catalogue.Edition) error {
	if x.Version == 0 {
		return nil
	}
	e.Idempotence = fmt.Sprintf("signalement/%s/%d/annuler", x.ID, x.Tour)
	e.Version = 0
	if x.Attente != "" {
		_, err := s.lieux.ReprendreAttente(ctx, v.ID, x.Attente, e)
		if estCode(err, mednum.Introuvable) {
			return &mednum.Error{Code: mednum.Conflit, Champ: "id", Message: "Un coordinateur a déjà répondu à cette fermeture : voyez la page du lieu."}
		}
		return err
	}
	e.Version = x.Version
	_, err := s.lieux.Restaurer(ctx, v.ID, x.Version-1, e)
	if estCode(err, mednum.Perime) {
		return &mednum.Error{Code: mednum.Conflit, Champ: "id", Message: "Le lieu a changé depuis cette décision : corrigez-le sur sa page."}
	}
	return err
}

// Repondre gives the addresses that wait for the answer of a closed report, and
// forgets them. Two who answer at once give the same address under the same key:
// ecrire writes once for a key, and tells whether it did.
func (s *Signalements) Repondre(ctx context.Context, id string, ecrire func(cle, courriel string) (neuf bool, err error)) error {
	objets, err := s.base.Objets(ctx, store.Choix{Genre: genreCorrespondant, Cle: id})
	if err != nil {
		return err
	}
	n := 0
	for i := range objets {
		c, o, err := store.Lire[correspondant](ctx, s.base, genreCorrespondant, objets[i].ID)
		if estCode(err, mednum.Introuvable) || err == nil && o.Balayable(s.now()) {
			continue
		}
		if err != nil {
			return err
		}
		neuf, err := ecrire(genreCorrespondant+"/"+o.ID, c.Courriel)
		if err != nil {
			return err
		}
		if neuf {
			n++
		}
		if err := s.base.OterObjet(ctx, genreCorrespondant, o.ID); err != nil {
			return err
		}
	}
	if n == 0 {
		return nil
	}
	_, err = s.changer(ctx, id, func(x *Signalement) error {
		x.Repondu += n
		return nil
	})
	return err
}
