// Package reseau keeps places true by writing to the people behind them: it
// reminds them of what has not been checked for long, tells a team what others
// changed, and coordinators what waits. It writes letters; courrier sends them.
package reseau

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Reglages say when people are written to.
type Reglages struct {
	URLPublique string // address of the site, without a final slash
	// Mois is how old a check may be, in months, before the place is asked again;
	// 0 for never.
	Mois int
	// ParJour is how many places are asked in a day, at most.
	ParJour int
}

// Pieces are the rooms below, and the clock.
type Pieces struct {
	Base       store.Magasin
	Catalogue  *catalogue.Catalogue
	Comptes    *compte.Comptes
	Courrier   *courrier.Courrier
	Territoire *territoire.Territoire
	Now        func() time.Time
	Journal    *slog.Logger
	// Signales are the reports of the public that wait; nil where there are none.
	Signales func(ctx context.Context) ([]Signale, error)
}

// Signale is a report that waits: of which place, and when it was told last.
type Signale struct {
	Lieu string
	Le   time.Time
}

// Reseau writes to people. Every method is safe for concurrent use, by several
// programs on one base: what one of them has taken on, the others leave.
type Reseau struct {
	Pieces
	reglages Reglages
}

// New is the room over those below.
func New(p Pieces, r Reglages) *Reseau { return &Reseau{p, r} }

// The genres of this room among the store's objects.
const (
	genreRappel  = "rappel"  // when a place was last asked, by its id
	genreRappele = "rappele" // who was asked by a link, by the name of the link
	genreArret   = "arret"   // an address that wants no more of a place
	genreTournee = "tournee" // what is done once a day
	genreAvis    = "avis"    // what one person is to be told of one place
	genreAnnonce = "annonce" // what is told once
	genreResume  = "resume"  // when a coordinator was last told what waits
	genreCurseur = "curseur" // up to where changes were looked at
)

// essais is how many times an object is written again when another program was
// first.
const essais = 5

// The part of a day in which people are written to, in hours of their clock.
const (
	debutMatin = 8
	finJournee = 18
)

// heureDEcrire tells whether people may be written to now: from 8 to 18 o'clock,
// but on Sundays and public holidays.
func (r *Reseau) heureDEcrire() bool {
	t := r.maintenant()
	calendrier := horaires.Calendrier{Lieu: t.Location(), Departement: r.Territoire.Code}
	_, ferie := calendrier.Ferie(t)
	return t.Hour() >= debutMatin && t.Hour() < finJournee && t.Weekday() != time.Sunday && !ferie
}

// maintenant is the instant on the clock of the territory.
func (r *Reseau) maintenant() time.Time { return r.Now().In(r.Territoire.Location()) }

func (r *Reseau) jour() mednum.Date { return mednum.DateOf(r.maintenant()) }

// tournee is the last day on which something was done for the day.
type tournee struct {
	Jour mednum.Date `json:"jour"`
}

// resteAFaire tells whether what is done once a day is still to be done, at an
// hour when people may be written to.
func (r *Reseau) resteAFaire(ctx context.Context, nom string) (bool, error) {
	if !r.Courrier.Regle() || !r.heureDEcrire() {
		return false, nil
	}
	t, _, err := store.Lire[tournee](ctx, r.Base, genreTournee, nom)
	return t.Jour != r.jour(), sauf(err, mednum.Introuvable)
}

// finir writes that it is done for today.
func (r *Reseau) finir(ctx context.Context, nom string) error {
	_, o, err := store.Lire[tournee](ctx, r.Base, genreTournee, nom)
	if err := sauf(err, mednum.Introuvable); err != nil {
		return err
	}
	err = store.Poser(ctx, r.Base, store.Objet{Genre: genreTournee, ID: nom, Version: o.Version + 1}, tournee{r.jour()})
	return sauf(err, mednum.Perime)
}

// sauf is the error, nil when its code is the one that is no failure here.
func sauf(err error, code mednum.Code) error {
	if estCode(err, code) {
		return nil
	}
	return err
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

// lien is an absolute address of the site.
func (r *Reseau) lien(chemin string) string { return r.reglages.URLPublique + chemin }

// nomMax is how many characters of a name a subject holds.
const nomMax = 90

// nommer is the name of a place, fit for the subject of a mail: on one line,
// whatever an import left in it.
func nommer(l *mednum.Lieu) string {
	nom := strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Bidi_Control):
			return -1
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(l.Champs.Nom, ""))
	runes := []rune(strings.Join(strings.Fields(nom), " "))
	if len(runes) > nomMax {
		return string(runes[:nomMax-1]) + "…"
	}
	return string(runes)
}

// situer is the name of a place and its commune.
func situer(l *mednum.Lieu) string { return nommer(l) + ", " + textes.A(l.Champs.Commune) }

// moment is an instant on the clock of the territory: "24 novembre 2026 à 10 h".
func (r *Reseau) moment(t time.Time) string {
	t = t.In(r.Territoire.Location())
	return textes.DateLongue(t.Year(), t.Month(), t.Day()) + " à " + textes.Heure(t.Hour(), t.Minute())
}

// empreinte is the SHA-256 of a text, in hexadecimal.
func empreinte(texte string) string {
	somme := sha256.Sum256([]byte(texte))
	return hex.EncodeToString(somme[:])
}
