package reseau

import (
	"context"
	"fmt"
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

// CourrielsParMinute is how many mails of campaigns are written in a minute, by
// all the programs on a base together; mails that sign in do not wait for them.
const CourrielsParMinute = 20

// attenteCampagne is between two looks at a campaign that has nothing to send.
const attenteCampagne = 10 * time.Minute

// Joignable is whom to write to about a place; without anybody, Motif says why.
// Recent is when it was asked, if that is less than a month ago.
type Joignable struct {
	Lieu   *catalogue.Vue
	A      []Destinataire
	Motif  EtatEnquete
	Recent time.Time
}

// Joindre tells, for each place, whom a campaign would write to.
func (r *Reseau) Joindre(ctx context.Context, lieux []*catalogue.Vue) ([]Joignable, error) {
	c, err := r.connaitre(ctx)
	if err != nil {
		return nil, err
	}
	liste := make([]Joignable, len(lieux))
	for i, v := range lieux {
		liste[i] = c.joindre(v)
		if c.recent(v.ID, r.Now()) {
			liste[i].Recent = c.demandes[v.ID]
		}
	}
	return liste, nil
}

func (c *connus) joindre(v *catalogue.Vue) Joignable {
	a, tus := c.destinataires(v)
	j := Joignable{Lieu: v, A: a}
	switch {
	case len(a) > 0:
	case tus:
		j.Motif = Refusee
	case len(c.equipes[v.ID]) > 0 || len(v.Champs.Courriels) > 0 && mednum.EstCourriel(strings.TrimSpace(v.Champs.Courriels[0])):
		j.Motif = Rebondie
	default:
		j.Motif = SansAdresse
	}
	return j
}

// Apercu is the letter that a campaign would write about a place, in text, as it
// is sent; its links lead nowhere.
func (r *Reseau) Apercu(c *Campagne, v *catalogue.Vue, a Destinataire) (sujet, texte string, err error) {
	e := compte.Envoi{Secret: "votre-lien", Expire: r.Now().Add(compte.DureeRappel)}
	l := r.lettreCampagne(c, &Rappel{Lieu: v, Depuis: depuis(v)}, a, &e, 0)
	texte, err = r.Courrier.Texte(&l)
	return l.Sujet, texte, err
}

// CampagnesDues tells whether something of a campaign is to be looked at, at an
// hour when people may be written to.
func (r *Reseau) CampagnesDues(ctx context.Context) (bool, error) {
	if !r.Courrier.Regle() || !r.heureDEcrire() {
		return false, nil
	}
	liste, err := r.enCours(ctx)
	return len(liste) > 0, err
}

// enCours are the campaigns to be looked at now, the oldest first.
func (r *Reseau) enCours(ctx context.Context) ([]Campagne, error) {
	liste, err := store.LireTous[Campagne](ctx, r.Base, store.Choix{Genre: genreCampagne, Cle: string(EnCours)})
	now := r.Now()
	liste = slices.DeleteFunc(liste, func(c Campagne) bool { return now.Before(c.Prochain) })
	slices.SortFunc(liste, func(a, b Campagne) int { return a.Lancee.Compare(b.Lancee) })
	return liste, err
}

// EcrireCampagnes writes the mails of a minute, and returns how many it wrote.
// Cut anywhere, or done by two programs at once, it writes none twice.
func (r *Reseau) EcrireCampagnes(ctx context.Context) (n int, err error) {
	if err := r.Catalogue.Actualiser(ctx); err != nil {
		return 0, err
	}
	campagnes, err := r.enCours(ctx)
	if err != nil || len(campagnes) == 0 {
		return 0, err
	}
	connus, err := r.connaitre(ctx)
	if err != nil {
		return 0, err
	}
	for i := range campagnes {
		t := tour{Reseau: r, c: &campagnes[i], connus: connus, reste: CourrielsParMinute - n}
		err := t.avancer(ctx)
		n += t.ecrits
		if err != nil || n >= CourrielsParMinute {
			return n, err
		}
	}
	return n, nil
}

// tour is one pass over a campaign.
type tour struct {
	*Reseau
	c             *Campagne
	connus        *connus
	auteur        mednum.Compte
	reste, ecrits int
}

// avancer writes to the places that wait, then again to those that did not
// answer.
func (t *tour) avancer(ctx context.Context) (err error) {
	t.auteur, err = t.Comptes.Compte(ctx, t.c.Auteur)
	if estCode(err, mednum.Introuvable) { // erased: nobody answers for what it would send
		_, err = t.ArreterCampagne(ctx, t.c.ID)
		return err
	}
	if err != nil {
		return err
	}
	objets, err := t.Base.Objets(ctx, store.Choix{Genre: genreEnquete, Cle: t.c.ID})
	if err != nil {
		return err
	}
	rebonds, err := t.rebondis(ctx)
	if err != nil {
		return err
	}
	for i := range objets {
		if t.ecrits >= t.reste {
			return nil // the next minute goes on
		}
		e, o, err := store.Lire[Enquete](ctx, t.Base, genreEnquete, objets[i].ID)
		if err != nil {
			return err
		}
		if err := t.traiter(ctx, &e, o.Version, rebonds); err != nil {
			return err
		}
	}
	_, err = t.changerCampagne(ctx, t.c.ID, func(c *Campagne) bool {
		now := t.Now().UTC().Truncate(time.Second)
		c.Prochain = now.Add(attenteCampagne)
		if fin := c.Lancee.Add(compte.DureeRappel + time.Duration(c.Relance)*24*time.Hour); c.Etat == EnCours && now.After(fin) {
			c.Etat, c.Finie = Finie, now
		}
		return c.Etat != Arretee
	})
	return err
}

// rebondis are the sendings that did not reach anybody.
func (r *Reseau) rebondis(ctx context.Context) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, etat := range []courrier.Etat{courrier.Refuse, courrier.Rebond, courrier.Abandonne} {
		liste, err := r.Courrier.Liste(ctx, etat)
		if err != nil {
			return nil, err
		}
		for i := range liste {
			ids[liste[i].ID] = true
		}
	}
	return ids, nil
}

// traiter does what is to be done about one place now.
func (t *tour) traiter(ctx context.Context, e *Enquete, version int, rebonds map[string]bool) error {
	now := t.Now().UTC().Truncate(time.Second)
	switch {
	case e.Etat == AEcrire:
		etat, err := t.ecrire(ctx, e, 0)
		if err != nil {
			return err
		}
		if e.Etat = etat; etat == Ecrite {
			e.Ecrite = now
		}
	case e.Etat != Ecrite || e.Reponse != "":
		return nil
	case !slices.ContainsFunc(e.Envois, func(id string) bool { return !rebonds[id] }):
		e.Etat = Rebondie
	case t.aRelancer(e, now):
		etat, err := t.ecrire(ctx, e, 1)
		if err != nil || etat != Ecrite {
			return err
		}
		e.Relancee = now
	default:
		return nil
	}
	return sauf(t.poserEnquete(ctx, t.c, e, version+1), mednum.Perime)
}

// aRelancer tells whether a place that was written to is to be asked again:
// nobody answered in time, nor checked it otherwise.
func (t *tour) aRelancer(e *Enquete, now time.Time) bool {
	if t.c.Relance == 0 || !e.Relancee.IsZero() || now.Before(e.Ecrite.AddDate(0, 0, t.c.Relance)) {
		return false
	}
	v, err := t.Catalogue.Lieu(e.Lieu)
	return err == nil && !t.VerifieDepuis(v, e.Ecrite)
}

// ecrire writes to those of a place, once in each round: 0 is the first, 1 asks
// again. It tells what becomes of the place.
func (t *tour) ecrire(ctx context.Context, e *Enquete, ronde int) (EtatEnquete, error) {
	v, err := t.Catalogue.Lieu(e.Lieu)
	if estCode(err, mednum.Introuvable) || err == nil && (!v.Publie() || !t.Catalogue.Coordonne(t.auteur.Habilitations, &v.Lieu)) {
		return Partie, nil
	}
	if err != nil {
		return "", err
	}
	j := t.connus.joindre(v)
	if j.Motif != "" {
		return j.Motif, nil
	}
	if pris, err := t.prendre(ctx, v.ID, ronde); err != nil || !pris {
		return Recente, err
	}
	for _, d := range j.A {
		id, neuf, err := t.posterA(ctx, v, d, ronde)
		if estCode(err, mednum.Invalide) {
			t.Journal.Warn("courriel de campagne impossible à écrire", "lieu", v.ID, "a", mednum.MasquerCourriel(d.Courriel), "cause", err)
			continue
		}
		if err != nil {
			return "", err
		}
		if neuf {
			t.ecrits++
		}
		if !slices.Contains(e.Envois, id) {
			e.Envois = append(e.Envois, id)
		}
	}
	if len(e.Envois) == 0 {
		return SansAdresse, nil
	}
	return Ecrite, nil
}

// prendre notes that a place is asked, for the rule of once a month, unless it was
// and the campaign minds. A round that was cut is taken again.
func (t *tour) prendre(ctx context.Context, lieu string, ronde int) (bool, error) {
	pour := fmt.Sprintf("%s/%d", t.c.ID, ronde)
	for essai := 1; ; essai++ {
		avant, o, err := store.Lire[rappel](ctx, t.Base, genreRappel, lieu)
		if err := sauf(err, mednum.Introuvable); err != nil {
			return false, err
		}
		now := t.Now().UTC()
		if avant.Pour == pour {
			return true, nil
		}
		if ronde == 0 && !t.c.Recents && now.Before(avant.Le.AddDate(0, 1, 0)) {
			return false, nil
		}
		err = store.Poser(ctx, t.Base, store.Objet{Genre: genreRappel, ID: lieu, Version: o.Version + 1, Efface: now.Add(gardeRappel)}, rappel{lieu, now, pour})
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err == nil, err
		}
	}
}

// posterA writes the letter of one person, with a link of their own; neuf is
// false when it was written before, with another link.
func (t *tour) posterA(ctx context.Context, v *catalogue.Vue, d Destinataire, ronde int) (id string, neuf bool, err error) {
	e, err := t.Comptes.Rappeler(ctx, d.Courriel, d.Compte, v.ID)
	if err != nil {
		return "", false, err
	}
	if err := t.noterLien(ctx, &e, rappele{Adresse: idArret(d.Courriel, v.ID), Lieu: v.ID, Campagne: t.c.ID}); err != nil {
		return "", false, err
	}
	l := t.lettreCampagne(t.c, &Rappel{Lieu: v, Depuis: depuis(v)}, d, &e, ronde)
	l.Sujet = textes.Couper(l.Sujet, sujetMax)
	return t.Courrier.PosterUne(ctx, t.c.Lancee, fmt.Sprintf("%s/%d/%s", t.c.ID, ronde, idArret(d.Courriel, v.ID)), l)
}

// lettreCampagne is the letter of a reminder, with the paragraph of the campaign.
func (r *Reseau) lettreCampagne(c *Campagne, p *Rappel, d Destinataire, e *compte.Envoi, ronde int) courrier.Lettre {
	l := r.lettreRappel(p, d, e)
	var mots []string
	if ronde > 0 {
		l.Sujet = "Deuxième et dernier courriel : " + textes.Minuscule(l.Sujet)
		mots = append(mots, "Nous vous avons écrit au sujet de ce lieu, et n’avons pas eu votre réponse. Nous ne vous relancerons pas.")
	}
	for _, ligne := range strings.Split(c.Mot, "\n") {
		if ligne = strings.TrimSpace(ligne); ligne != "" {
			mots = append(mots, ligne)
		}
	}
	l.Paragraphes = slices.Insert(l.Paragraphes, 1, mots...)
	l.Fin += " Cette vérification est menée par l’équipe qui coordonne la carte."
	return l
}

// noterReponse keeps what was answered to the mail of a campaign, the first time.
func (r *Reseau) noterReponse(ctx context.Context, l *mednum.Lien, choix string) error {
	d, _, err := store.Lire[rappele](ctx, r.Base, genreRappele, nomLien(l.Hash))
	if err != nil || d.Campagne == "" {
		return sauf(err, mednum.Introuvable)
	}
	for essai := 1; ; essai++ {
		e, o, err := store.Lire[Enquete](ctx, r.Base, genreEnquete, idEnquete(d.Campagne, d.Lieu))
		if err != nil || e.Reponse != "" {
			return sauf(err, mednum.Introuvable)
		}
		e.Etat, e.Reponse, e.Repondu = Ecrite, choix, r.Now().UTC().Truncate(time.Second)
		o.Version++
		if err = store.Poser(ctx, r.Base, o, e); err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err
		}
	}
}

// VerifieDepuis tells whether a place was checked on the day of an instant, or
// later.
func (r *Reseau) VerifieDepuis(v *catalogue.Vue, le time.Time) bool {
	return !le.IsZero() && v.VerifieLe.Compare(mednum.DateOf(le.In(r.Territoire.Location()))) >= 0
}
