// Package courrier is the outbox: what mail says, and its sending through SMTP,
// again until it is taken. Nothing is sent while a page waits: Poster writes it
// down, Suivre and Envoyer send it.
//
// Mail leaves at least once. Each sending is claimed first, so that two
// instances do not send the same; a program that dies between the server's
// word and its own note sends again, under the same Message-ID.
package courrier

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Reglages say how mail leaves, and in whose name.
type Reglages struct {
	SMTP        *Serveur // nil for none
	Expediteur  Expediteur
	NomService  string // what signs the mail: « À deux pas »
	URLPublique string // address of the site
	// AuJournal writes mail to the log instead, links and codes included, where
	// there is no SMTP: on the machine of someone who tries the program.
	AuJournal bool
	// Boite, when it is not nil, is where mail is shown instead of being sent.
	Boite *Boite
	// Delai is how long the server may take to answer; 20 seconds when zero.
	Delai time.Duration
}

// delaiDefaut is how long a server may take to answer.
const delaiDefaut = 20 * time.Second

// enAttente is how many letters may wait for Suivre; the others wait for
// Envoyer.
const enAttente = 64

// Courrier writes mail down and sends it. Every method is safe for concurrent
// use, by several programs on one base.
type Courrier struct {
	base     store.Magasin
	reglages Reglages
	now      func() time.Time
	journal  *slog.Logger
	postes   chan string
	livrer   func(ctx context.Context, e *Envoi) error
}

// New is the room over a store.
func New(base store.Magasin, r Reglages, now func() time.Time, journal *slog.Logger) *Courrier {
	if r.Delai == 0 {
		r.Delai = delaiDefaut
	}
	c := &Courrier{base: base, reglages: r, now: now, journal: journal, postes: make(chan string, enAttente)}
	switch {
	case r.Boite != nil:
		c.livrer = c.deposer
	case r.SMTP != nil:
		c.livrer = c.expedier
	case r.AuJournal:
		c.livrer = c.noter
	}
	return c
}

// Regle tells whether mail can leave from here, to the network or to the log.
func (c *Courrier) Regle() bool { return c.livrer != nil }

// Poster writes a letter down, to be sent at once by Suivre or soon by Envoyer,
// and returns the id of its Envoi. A letter that cannot be sent as it is, or
// whose address or subject could break out of its header, is "invalide"; where
// mail is not set up, it is "indisponible".
func (c *Courrier) Poster(ctx context.Context, l Lettre) (id string, err error) {
	if err := l.verifier(); err != nil {
		return "", err
	}
	if !c.Regle() {
		return "", &mednum.Error{Code: mednum.Indisponible, Champ: "courriel", Message: "L’envoi de courriels n’est pas réglé ici."}
	}
	now := c.now().UTC()
	e := Envoi{ID: nouvelID(now), Genre: l.Genre, A: l.A, Corps: &l, Etat: AEnvoyer, Poste: now, Prochain: now}
	return e.ID, c.confier(ctx, &e)
}

// PosterUne writes a letter down as Poster does, once for a key: asked again under
// it, neuf is false and nothing is written. le, the same each time, is where the
// letter stands among the others.
func (c *Courrier) PosterUne(ctx context.Context, le time.Time, cle string, l Lettre) (id string, neuf bool, err error) {
	if err := l.verifier(); err != nil {
		return "", false, err
	}
	if !c.Regle() {
		return "", false, &mednum.Error{Code: mednum.Indisponible, Champ: "courriel", Message: "L’envoi de courriels n’est pas réglé ici."}
	}
	now := c.now().UTC()
	id = instant(le.UTC()) + "-" + empreinte(cle)[:26]
	err = c.confier(ctx, &Envoi{ID: id, Genre: l.Genre, A: l.A, Corps: &l, Etat: AEnvoyer, Poste: now, Prochain: now})
	if neuf = err == nil; !neuf {
		err = sauf(err, mednum.Perime)
	}
	return id, neuf, err
}

// Texte is a letter in plain text, as it is sent.
func (c *Courrier) Texte(l *Lettre) (string, error) {
	texte, _, err := c.reglages.composer(l)
	return texte, err
}

// confier writes a new sending, and tells Suivre.
func (c *Courrier) confier(ctx context.Context, e *Envoi) error {
	if err := c.poser(ctx, e, 1); err != nil {
		return err
	}
	select {
	case c.postes <- e.ID:
	default: // many at once: Envoyer finds it
	}
	return nil
}

// Feindre costs what Poster costs, then and afterwards, and sends nothing:
// whoever asks for a sign-in cannot tell by the time of any answer whether
// somebody has that address. It writes the sending of no letter to nobody, which
// goes the way of the others, and is in no list.
func (c *Courrier) Feindre(ctx context.Context) error {
	if !c.Regle() {
		return nil
	}
	now := c.now().UTC()
	return c.confier(ctx, &Envoi{ID: nouvelID(now), Genre: Connexion, Corps: &Lettre{Genre: Connexion, Perime: now}, Etat: AEnvoyer, Poste: now, Prochain: now})
}

// nouvelID sorts by time, to the millisecond, and cannot be guessed.
func nouvelID(now time.Time) string {
	return instant(now) + "-" + strings.ToLower(rand.Text())
}

func instant(t time.Time) string {
	return strings.Replace(t.Format("20060102150405.000"), ".", "", 1)
}

// Suivre sends what this program posts, at once and one after the other, until
// ctx ends: a person waits for the mail that signs in.
func (c *Courrier) Suivre(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-c.postes:
			if _, err := c.tenter(ctx, id); err != nil && ctx.Err() == nil {
				c.journal.Error("un courriel attend : la base ne répond pas", "envoi", id, "cause", err)
			}
		}
	}
}

// noter writes a mail to the log. Its first link and its code come apart too,
// as a person copies them.
func (c *Courrier) noter(_ context.Context, e *Envoi) error {
	texte, _, err := c.reglages.composer(e.Corps)
	if err != nil {
		return err
	}
	lien := ""
	if len(e.Corps.Boutons) > 0 {
		lien = e.Corps.Boutons[0].URL
	}
	c.journal.Info("courriel au journal : aucun serveur SMTP n’est réglé", "genre", e.Genre, "a", mednum.MasquerCourriel(e.A),
		"sujet", e.Corps.Sujet, "lien", lien, "code", e.Corps.Code, "texte", texte)
	return nil
}

// Local tells whether the public address of a site is this machine.
func Local(publique string) bool {
	u, err := url.Parse(publique)
	return err == nil && estBoucle(u.Hostname())
}
