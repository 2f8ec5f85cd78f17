package reseau

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// tourneeRappels names the reminders of a day.
const tourneeRappels = "rappels"

// How long it is kept that a place was asked, and whom a link asked: the stop
// link of a mail works long after its other links.
const (
	gardeRappel  = 60 * 24 * time.Hour
	gardeRappele = 400 * 24 * time.Hour
)

// rappel is when a place was last asked.
type rappel struct {
	Lieu string    `json:"lieu"`
	Le   time.Time `json:"le,omitzero"`
	Pour string    `json:"pour,omitempty"` // the round of a campaign that asked, "" for a reminder
}

// Destinataire is who a reminder is for; Compte is "" for the address that the
// place publishes.
type Destinataire struct{ Courriel, Compte string }

// Rappel is a place to ask. Depuis is its last check, otherwise the date of its
// source, zero when neither is known.
type Rappel struct {
	Lieu   *catalogue.Vue
	Depuis mednum.Date
	A      []Destinataire
}

// Bilan is the reminders of a day. SansAdresse is how many places are old and
// have nobody to ask, for a coordinator to see to; Attendent is how many are left
// for another day.
type Bilan struct {
	Rappels                []Rappel
	SansAdresse, Attendent int
}

// RappelsDus tells whether the reminders of today are still to be sent, and may
// be at this hour.
func (r *Reseau) RappelsDus(ctx context.Context) (bool, error) {
	if r.reglages.Mois == 0 {
		return false, nil
	}
	return r.resteAFaire(ctx, tourneeRappels)
}

// Rappeler writes to the places whose check is too old, the oldest first, and
// says to which. A place is asked once a month at most, whoever asks. When it
// fails, what was sent stays sent, and the rest may be asked again.
func (r *Reseau) Rappeler(ctx context.Context) (Bilan, error) {
	b, err := r.Prevoir(ctx)
	if err != nil {
		return b, err
	}
	prevus := b.Rappels
	b.Rappels = nil
	for i := range prevus {
		fait, err := r.rappeler(ctx, &prevus[i])
		if fait {
			b.Rappels = append(b.Rappels, prevus[i])
		}
		if err != nil {
			return b, err
		}
	}
	return b, r.finir(ctx, tourneeRappels)
}

// Prevoir is what Rappeler would do now. It writes nothing.
func (r *Reseau) Prevoir(ctx context.Context) (Bilan, error) {
	var b Bilan
	if r.reglages.Mois == 0 {
		return b, nil
	}
	if err := r.Catalogue.Actualiser(ctx); err != nil {
		return b, err
	}
	c, err := r.connaitre(ctx)
	if err != nil {
		return b, err
	}
	limite := r.jour().AddMois(-r.reglages.Mois)
	for _, v := range r.Catalogue.Lieux() {
		depuis := depuis(v)
		if depuis.Compare(limite) >= 0 || v.HorsTerritoire && len(c.equipes[v.ID]) == 0 || c.recent(v.ID, r.Now()) {
			continue
		}
		a, tus := c.destinataires(v)
		switch {
		case len(a) > 0:
			b.Rappels = append(b.Rappels, Rappel{v, depuis, a})
		case !tus:
			b.SansAdresse++
		}
	}
	slices.SortStableFunc(b.Rappels, func(x, y Rappel) int {
		return cmp.Or(x.Depuis.Compare(y.Depuis), cmp.Compare(x.Lieu.ID, y.Lieu.ID))
	})
	garde := min(len(b.Rappels), max(r.reglages.ParJour-c.duJour(r.jour(), r.Territoire.Location()), 0))
	b.Attendent = len(b.Rappels) - garde
	b.Rappels = b.Rappels[:garde]
	return b, nil
}

// depuis is the last check of a place, otherwise the date of its source.
func depuis(v *catalogue.Vue) mednum.Date { return cmp.Or(v.VerifieLe, v.Preuve.Date) }

// connus is what is known of whom to ask.
type connus struct {
	equipes  map[string][]Destinataire // accounts, by place
	rebonds  map[string]bool           // addresses in lower case
	arrets   map[string]bool           // by their idArret
	demandes map[string]time.Time      // when each place was last asked
}

func (r *Reseau) connaitre(ctx context.Context) (*connus, error) {
	c := &connus{map[string][]Destinataire{}, map[string]bool{}, map[string]bool{}, map[string]time.Time{}}
	comptes, err := r.Comptes.Comptes(ctx)
	if err != nil {
		return nil, err
	}
	for i := range comptes {
		for _, h := range comptes[i].Habilitations {
			d := Destinataire{comptes[i].Courriel, comptes[i].ID}
			if lieu := r.Catalogue.Devenu(h.ID); h.Portee == mednum.PorteeLieu && !slices.Contains(c.equipes[lieu], d) {
				c.equipes[lieu] = append(c.equipes[lieu], d)
			}
		}
	}
	rebonds, err := r.Courrier.Rebonds(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range rebonds {
		c.rebonds[strings.ToLower(x.Adresse)] = true
	}
	arrets, err := r.Base.Objets(ctx, store.Choix{Genre: genreArret})
	if err != nil {
		return nil, err
	}
	for i := range arrets {
		c.arrets[arrets[i].ID] = true
	}
	demandes, err := store.LireTous[rappel](ctx, r.Base, store.Choix{Genre: genreRappel})
	for _, d := range demandes {
		c.demandes[d.Lieu] = d.Le
	}
	return c, err
}

// recent tells whether a place was asked less than a month ago.
func (c *connus) recent(lieu string, now time.Time) bool {
	le, ok := c.demandes[lieu]
	return ok && now.Before(le.AddDate(0, 1, 0))
}

// duJour is how many places were asked on a day.
func (c *connus) duJour(jour mednum.Date, zone *time.Location) (n int) {
	for _, le := range c.demandes {
		if mednum.DateOf(le.In(zone)) == jour {
			n++
		}
	}
	return n
}

// destinataires are whom to ask: the team; the address that the place publishes
// where there is none, or where no address of theirs works. tus tells that
// somebody wants no more of it.
func (c *connus) destinataires(v *catalogue.Vue) (a []Destinataire, tus bool) {
	a, tus = c.joignables(v.ID, c.equipes[v.ID])
	if len(a) > 0 || tus || len(v.Champs.Courriels) == 0 {
		return a, tus
	}
	courriel, err := mednum.LireCourriel(v.Champs.Courriels[0])
	if err != nil {
		return nil, false
	}
	return c.joignables(v.ID, []Destinataire{{Courriel: courriel}})
}

func (c *connus) joignables(lieu string, parmi []Destinataire) (a []Destinataire, tus bool) {
	for _, d := range parmi {
		switch {
		case c.arrets[idArret(d.Courriel, lieu)]:
			tus = true
		case !c.rebonds[strings.ToLower(d.Courriel)]:
			a = append(a, d)
		}
	}
	return a, tus
}

// idArret names an address that wants no more of a place, without telling it.
func idArret(courriel, lieu string) string { return empreinte(strings.ToLower(courriel) + "/" + lieu) }

// rappeler asks one place, unless another program has; fait tells whether a mail
// was written.
func (r *Reseau) rappeler(ctx context.Context, p *Rappel) (fait bool, err error) {
	avant, o, err := store.Lire[rappel](ctx, r.Base, genreRappel, p.Lieu.ID)
	if err := sauf(err, mednum.Introuvable); err != nil {
		return false, err
	}
	now := r.Now().UTC()
	if now.Before(avant.Le.AddDate(0, 1, 0)) {
		return false, nil
	}
	// Taken first: a program that dies here loses a reminder, and never sends two.
	pris := store.Objet{Genre: genreRappel, ID: p.Lieu.ID, Version: o.Version + 1, Efface: now.Add(gardeRappel)}
	if err := store.Poser(ctx, r.Base, pris, rappel{Lieu: p.Lieu.ID, Le: now}); err != nil {
		return false, sauf(err, mednum.Perime)
	}
	for _, d := range p.A {
		if err = r.ecrireRappel(ctx, p, d); err != nil && !estCode(err, mednum.Invalide) {
			break
		}
		if err != nil {
			r.Journal.Warn("rappel impossible à écrire", "lieu", p.Lieu.ID, "a", mednum.MasquerCourriel(d.Courriel), "cause", err)
			err = nil
			continue
		}
		fait = true
	}
	if err != nil && !fait { // nothing went: it may be asked again
		pris.Version++
		err = errors.Join(err, store.Poser(context.WithoutCancel(ctx), r.Base, pris, avant))
	}
	return fait, err
}

// ecrireRappel draws the link of one person and writes their letter.
func (r *Reseau) ecrireRappel(ctx context.Context, p *Rappel, d Destinataire) error {
	e, err := r.Comptes.Rappeler(ctx, d.Courriel, d.Compte, p.Lieu.ID)
	if err != nil {
		return err
	}
	if err := r.noterLien(ctx, &e, rappele{Adresse: idArret(d.Courriel, p.Lieu.ID), Lieu: p.Lieu.ID}); err != nil {
		return err
	}
	lettre := r.lettreRappel(p, d, &e)
	lettre.Sujet = textes.Couper(lettre.Sujet, sujetMax)
	_, err = r.Courrier.Poster(ctx, lettre)
	return err
}

// noterLien keeps whom a link asks, and about what.
func (r *Reseau) noterLien(ctx context.Context, e *compte.Envoi, d rappele) error {
	d.Hash = empreinte(e.Secret)
	return store.Poser(ctx, r.Base, store.Objet{Genre: genreRappele, ID: nomLien(d.Hash), Version: 1, Efface: r.Now().Add(gardeRappele)}, d)
}

// lettreRappel recalls what is published, and asks whether it is right.
func (r *Reseau) lettreRappel(p *Rappel, d Destinataire, e *compte.Envoi) courrier.Lettre {
	l := &p.Lieu.Lieu
	adresse := r.lien("/rappel/" + e.Secret)
	paragraphes := []string{"Bonjour,", "Voici ce que le public voit de ce lieu : " + situer(l) + "."}
	for _, ligne := range Publie(p.Lieu) {
		paragraphes = append(paragraphes, ligne.Quoi+" : "+ligne.Texte)
	}
	pourquoi := "Vous recevez ce courriel parce que votre adresse est celle de ce lieu."
	if d.Compte != "" {
		pourquoi = "Vous recevez ce courriel parce que vous tenez cette page à jour."
	}
	return courrier.Lettre{
		Genre: courrier.Rappel, A: d.Courriel, Sujet: "Est-ce toujours exact ? " + nommer(l),
		Paragraphes: append(paragraphes, depuisQuand(p.Depuis)+" Un bouton suffit, sans vous connecter."),
		Boutons: []courrier.Bouton{
			{Texte: "C’est toujours exact", URL: adresse + "?choix=" + ChoixExact},
			{Texte: "Corriger", URL: adresse + "?choix=" + ChoixCorriger},
			{Texte: "Ce lieu est fermé", URL: adresse + "?choix=" + ChoixFerme},
		},
		Fin:           "Vous ne répondez qu’une fois, avant le " + r.moment(e.Expire) + ". " + pourquoi,
		Desabonnement: adresse + "/arret", Perime: e.Expire,
	}
}

func depuisQuand(d mednum.Date) string {
	if d.IsZero() {
		return "Personne ne nous a encore dit si c’est exact."
	}
	return "Personne ne l’a vérifié depuis le " + textes.DateLongue(d.Annee, d.Mois, d.Jour) + "."
}
