package courrier

import (
	"context"
	"errors"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Etat is where the sending of a mail is.
type Etat string

// The states of a sending.
const (
	AEnvoyer  Etat = "a_envoyer" // waits for its moment
	EnCours   Etat = "en_cours"  // a program is sending it, until Jusqua
	Envoye    Etat = "envoye"    // the server took it
	Refuse    Etat = "refuse"    // the server refused it for good
	Abandonne Etat = "abandonne" // every try failed
	Rebond    Etat = "rebond"    // not sent: the address bounced before
	Perime    Etat = "perime"    // not sent: what it offered was over
)

// Etats are all states, in the order of a mail's life.
var Etats = []Etat{AEnvoyer, EnCours, Envoye, Refuse, Abandonne, Rebond, Perime}

// Envoi is the sending of a letter. It is kept garde after it was posted; the
// one that Feindre writes, gardeLeurre.
type Envoi struct {
	ID    string `json:"id"` // sorts by time
	Genre Genre  `json:"genre"`
	A     string `json:"a"`
	// Corps is what it says, nil once it is no longer to be sent.
	Corps    *Lettre   `json:"corps,omitempty"`
	Etat     Etat      `json:"etat"`
	Essais   int       `json:"essais"`
	Poste    time.Time `json:"poste"`
	Prochain time.Time `json:"prochain,omitzero"` // when it is tried next
	Jusqua   time.Time `json:"jusqua,omitzero"`   // when a sending that did not end is tried again
	Fini     time.Time `json:"fini,omitzero"`
	// Cause of the last failure: what the server answered, as "550 5.1.1", or
	// "injoignable".
	Cause string `json:"cause,omitempty"`
}

const (
	genreEnvoi  = "envoi"
	garde       = 30 * 24 * time.Hour
	gardeLeurre = time.Minute
	cleAFaire   = "a_faire" // the key of those that are not over
)

// reprises are how long a mail waits after each failure; when they are over, it
// is given up.
var reprises = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

func (e *Envoi) cles() []string {
	cles := []string{cleDestinataire(e.A), cleEtat(e.Etat)}
	if e.Etat == AEnvoyer || e.Etat == EnCours {
		cles = append(cles, cleAFaire)
	}
	return cles
}

func cleDestinataire(adresse string) string { return "a:" + empreinte(adresse) }
func cleEtat(etat Etat) string              { return "etat:" + string(etat) }

// leurre tells whether it is one of Feindre, that goes to nobody.
func (e *Envoi) leurre() bool { return e.A == "" }

// fin is when it is forgotten.
func (e *Envoi) fin() time.Time {
	if e.leurre() {
		return e.Poste.Add(gardeLeurre)
	}
	return e.Poste.Add(garde)
}

// du tells whether it may be sent at an instant.
func (e *Envoi) du(t time.Time) bool {
	switch e.Etat {
	case AEnvoyer:
		return !t.Before(e.Prochain)
	case EnCours:
		return !t.Before(e.Jusqua)
	}
	return false
}

// finir gives the sending its last state, and forgets what it said.
func (e *Envoi) finir(etat Etat, now time.Time) {
	e.Etat, e.Fini, e.Corps = etat, now.UTC(), nil
	e.Prochain, e.Jusqua = time.Time{}, time.Time{}
}

// repousser has it tried again later, or never.
func (e *Envoi) repousser(now time.Time) {
	if e.Essais > len(reprises) {
		e.finir(Abandonne, now)
		return
	}
	e.Etat, e.Jusqua, e.Prochain = AEnvoyer, time.Time{}, now.UTC().Add(reprises[e.Essais-1])
	if e.Corps.over(e.Prochain) {
		e.finir(Perime, now)
	}
}

// over tells whether what the letter offers is over at an instant.
func (l *Lettre) over(t time.Time) bool { return !l.Perime.IsZero() && !t.Before(l.Perime) }

func (c *Courrier) poser(ctx context.Context, e *Envoi, version int) error {
	return store.Poser(ctx, c.base, store.Objet{
		Genre: genreEnvoi, ID: e.ID, Version: version, Cles: e.cles(), Efface: e.fin(),
	}, e)
}

// Liste are the sendings in a state, or all for "", oldest first.
func (c *Courrier) Liste(ctx context.Context, etat Etat) ([]Envoi, error) {
	choix := store.Choix{Genre: genreEnvoi}
	if etat != "" {
		choix.Cle = cleEtat(etat)
	}
	liste, err := store.LireTous[Envoi](ctx, c.base, choix)
	return slices.DeleteFunc(liste, func(e Envoi) bool { return e.leurre() }), err
}

// Oublier takes away what is kept of an address: the mails to it, gone or not,
// and that it bounced.
func (c *Courrier) Oublier(ctx context.Context, adresse string) error {
	if err := verifierAdresse(adresse); err != nil {
		return err
	}
	envois, err := c.base.Objets(ctx, store.Choix{Genre: genreEnvoi, Cle: cleDestinataire(adresse)})
	for i := range envois {
		err = errors.Join(err, c.base.OterObjet(ctx, genreEnvoi, envois[i].ID))
	}
	return errors.Join(err, c.base.OterObjet(ctx, genreRebond, empreinte(adresse)))
}

// dus are the ids of what may be sent now, oldest first.
func (c *Courrier) dus(ctx context.Context) (ids []string, err error) {
	liste, err := store.LireTous[Envoi](ctx, c.base, store.Choix{Genre: genreEnvoi, Cle: cleAFaire})
	now := c.now()
	for i := range liste {
		if liste[i].du(now) {
			ids = append(ids, liste[i].ID)
		}
	}
	return ids, err
}

// Attend tells whether something is to be sent now: one reading of the base.
func (c *Courrier) Attend(ctx context.Context) (bool, error) {
	if !c.Regle() {
		return false, nil
	}
	ids, err := c.dus(ctx)
	return len(ids) > 0, err
}

// Envoyer sends what is due and returns how many mails the server took. It
// ends at the first one for which the server does not answer: the others stay
// due. The error is the store's; a server's is kept with the mail.
func (c *Courrier) Envoyer(ctx context.Context) (n int, err error) {
	if !c.Regle() {
		return 0, nil
	}
	ids, err := c.dus(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		fin, err := c.tenter(ctx, id)
		if err != nil {
			return n, err
		}
		switch fin {
		case pris:
			n++
		case injoignable:
			return n, nil
		}
	}
	return n, nil
}

// issue is what came of a try.
type issue int

const (
	rien        issue = iota // another program has it, it is over, or it was refused
	pris                     // the server took it
	injoignable              // the server does not answer
)

// tenter sends one mail, if it is due and nobody else does.
func (c *Courrier) tenter(ctx context.Context, id string) (issue, error) {
	e, o, err := store.Lire[Envoi](ctx, c.base, genreEnvoi, id)
	if err != nil {
		return rien, sauf(err, mednum.Introuvable)
	}
	now := c.now()
	if !e.du(now) {
		return rien, nil
	}
	if err := c.prendre(ctx, &e, now); err != nil {
		return rien, err
	}
	if err := c.poser(ctx, &e, o.Version+1); err != nil || e.Corps == nil {
		return rien, sauf(err, mednum.Perime)
	}
	return c.livrerPris(ctx, &e, o.Version+2)
}

// sauf is the error, nil when its code is the one that is no failure here.
func sauf(err error, code mednum.Code) error {
	var refus *mednum.Error
	if errors.As(err, &refus) && refus.Code == code {
		return nil
	}
	return err
}

// prendre claims a mail for this program, or ends it when it must not be sent.
func (c *Courrier) prendre(ctx context.Context, e *Envoi, now time.Time) error {
	if e.Corps.over(now) && !e.leurre() {
		e.finir(Perime, now)
		return nil
	}
	if e.Genre != Connexion {
		rebondit, err := c.Rebondit(ctx, e.A)
		if err != nil {
			return err
		}
		if rebondit {
			e.finir(Rebond, now)
			return nil
		}
	}
	if e.Essais > len(reprises) { // the program died in its last try
		e.finir(Abandonne, now)
		return nil
	}
	e.Etat, e.Essais, e.Jusqua = EnCours, e.Essais+1, now.UTC().Add(c.dureePrise())
	return nil
}

// A sending takes three times the delay at most (to connect, to hand over, to
// part), and is another program's after four.
func (c *Courrier) dureeEnvoi() time.Duration { return 3 * c.reglages.Delai }
func (c *Courrier) dureePrise() time.Duration { return 4 * c.reglages.Delai }

// livrerPris sends a mail that this program claimed, and writes what came of
// it, as the object's version, even when ctx ends meanwhile.
func (c *Courrier) livrerPris(ctx context.Context, e *Envoi, version int) (issue, error) {
	if e.leurre() {
		return rien, c.finirLeurre(ctx, e, version)
	}
	borne, cancel := context.WithTimeout(ctx, c.dureeEnvoi())
	defer cancel()
	err := c.livrer(borne, e)
	ctx = context.WithoutCancel(ctx)
	fin, rebond := e.noter(err, c.now())
	if err != nil {
		c.journal.Warn("courriel non remis", "envoi", e.ID, "genre", e.Genre, "a", mednum.MasquerCourriel(e.A), "essai", e.Essais, "etat", e.Etat, "cause", causeJournal(err))
	}
	if err := c.poser(ctx, e, version); err != nil {
		return fin, sauf(err, mednum.Perime)
	}
	switch {
	case rebond:
		_, err := c.poserRebond(ctx, e.A, e.Cause)
		return fin, err
	case fin == pris:
		return fin, c.LeverRebond(ctx, e.A)
	}
	return fin, nil
}

// finirLeurre asks of the base what a mail that the server took does.
func (c *Courrier) finirLeurre(ctx context.Context, e *Envoi, version int) error {
	e.finir(Perime, c.now())
	if err := c.poser(ctx, e, version); err != nil {
		return sauf(err, mednum.Perime)
	}
	return c.LeverRebond(ctx, e.A)
}

// noter is what the server's word makes of the sending, and whether the address
// bounced.
func (e *Envoi) noter(err error, now time.Time) (fin issue, rebond bool) {
	if err == nil {
		e.Cause = ""
		e.finir(Envoye, now)
		return pris, false
	}
	r := lireReponse(err)
	e.Cause = r.String()
	if r.definitive() {
		e.finir(Refuse, now)
		return rien, r.accuseAdresse()
	}
	e.repousser(now)
	if r.code == 0 || !r.destinataire {
		return injoignable, false
	}
	return rien, false
}
