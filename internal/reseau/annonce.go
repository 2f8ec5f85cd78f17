package reseau

import (
	"context"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// annonce is something that is told once: Pris is until when a program does.
type annonce struct {
	Faite bool      `json:"faite,omitempty"`
	Pris  time.Time `json:"pris,omitzero"`
}

// How long a program has to write a letter before another may, and how long it
// is kept that something was told.
const (
	prise        = 2 * time.Minute
	gardeAnnonce = 90 * 24 * time.Hour
)

// uneFois does what is told once, under that name, unless it was told. One that
// another program is telling is errEnCours.
func (r *Reseau) uneFois(ctx context.Context, nom string, faire func() (int, error)) (n int, err error) {
	v, o, err := store.Lire[annonce](ctx, r.Base, genreAnnonce, nom)
	if err := sauf(err, mednum.Introuvable); err != nil || v.Faite {
		return 0, err
	}
	now := r.Now().UTC()
	if now.Before(v.Pris) {
		return 0, errEnCours
	}
	objet := store.Objet{Genre: genreAnnonce, ID: nom, Version: o.Version + 1, Efface: now.Add(gardeAnnonce)}
	if err := store.Poser(ctx, r.Base, objet, annonce{Pris: now.Add(prise)}); estCode(err, mednum.Perime) {
		return 0, errEnCours
	} else if err != nil {
		return 0, err
	}
	n, err = faire()
	objet.Version++
	poser := store.Poser(context.WithoutCancel(ctx), r.Base, objet, annonce{Faite: err == nil})
	if err == nil {
		err = sauf(poser, mednum.Perime)
	}
	return n, err
}

// repercuter tells whoever asked for something what became of it.
func (r *Reseau) repercuter(ctx context.Context, v *catalogue.Vue, p *pas) (n int, err error) {
	if p.Avant.Statut == mednum.StatutPropose && p.Apres.Statut != mednum.StatutPropose {
		return r.uneFois(ctx, "proposition/"+v.ID, func() (int, error) { return r.direProposition(ctx, v, p) })
	}
	if p.Apres.Statut != mednum.StatutPublie && p.Apres.Statut != mednum.StatutFerme {
		return 0, nil
	}
	for _, a := range p.Avant.EnAttente() {
		refus, repondu := reponse(&a, &p.Apres)
		if !repondu || p.Auteur == a.Auteur {
			continue
		}
		ecrites, err := r.uneFois(ctx, "attente/"+v.ID+"/"+a.ID, func() (int, error) { return r.direReponse(ctx, v, &a, refus) })
		n += ecrites
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// reponse tells whether what waited was answered, and why it was refused (nil
// when it was accepted).
func reponse(a *mednum.Attente, apres *mednum.Lieu) (refus *mednum.Refus, repondu bool) {
	for i := range apres.Attentes {
		if apres.Attentes[i].ID == a.ID {
			return apres.Attentes[i].Refus, apres.Attentes[i].Refus != nil
		}
	}
	return nil, true
}

// direReponse writes to the author of what waited.
func (r *Reseau) direReponse(ctx context.Context, v *catalogue.Vue, a *mednum.Attente, refus *mednum.Refus) (int, error) {
	courriel, err := r.adresseDe(ctx, v, a.Auteur)
	if err != nil || courriel == "" {
		return 0, err
	}
	l := courrier.Lettre{
		Genre: courrier.Changement, A: courriel, Sujet: "Votre demande est acceptée : " + nommer(&v.Lieu),
		Paragraphes: []string{"Bonjour,", "Vous aviez demandé un changement pour : " + situer(&v.Lieu) + ". Un coordinateur l’a accepté, le public le voit :"},
		Boutons:     []courrier.Bouton{{Texte: "Voir la page du lieu", URL: r.lien("/lieux/" + v.ID)}},
	}
	if len(a.Champs) == 0 && a.Fermeture == nil {
		l.Sujet = "Votre message est traité : " + nommer(&v.Lieu)
		l.Paragraphes[1] = "Vous aviez écrit au sujet de : " + situer(&v.Lieu) + ". Un coordinateur l’a lu et a fait le nécessaire :"
	}
	if refus != nil {
		l.Sujet = "Votre demande n’est pas retenue : " + nommer(&v.Lieu)
		l.Paragraphes[1] = "Vous aviez demandé un changement pour : " + situer(&v.Lieu) + ". Un coordinateur ne l’a pas retenu :"
	}
	l.Paragraphes = append(l.Paragraphes, direAttente(a)...)
	if refus != nil {
		l.Paragraphes = append(l.Paragraphes, "Sa réponse : « "+refus.Motif+" »")
	}
	return r.poster(ctx, l)
}

// direAttente says what waited, one thing a paragraph.
func direAttente(a *mednum.Attente) (phrases []string) {
	for _, champ := range mednum.ChampsNorme {
		valeur, ok := a.Champs[champ]
		if !ok || champ == mednum.ChampCodeInsee || champ == mednum.ChampLongitude {
			continue
		}
		d := mednum.Difference{Champ: champ, Libelle: champ.Libelle(), Apres: valeur}
		if champ == mednum.ChampLatitude {
			d.Libelle, d.Apres = "Point sur la carte", valeur+", "+a.Champs[mednum.ChampLongitude]
		}
		phrases = append(phrases, d.Libelle+" : "+couper(catalogue.EnMots(d, nil).Apres))
	}
	if a.Fermeture != nil {
		phrases = append(phrases, "Le lieu : "+catalogue.DireFermeture(a.Fermeture))
	}
	if a.Message != "" {
		phrases = append(phrases, "« "+couper(a.Message)+" »")
	}
	return phrases
}

// adresseDe is the address of an author, "" when it is not known any more: that
// of an account, or that which a link was sent to and which the place, or its
// team, still has.
func (r *Reseau) adresseDe(ctx context.Context, v *catalogue.Vue, auteur string) (string, error) {
	if id, ok := mednum.CompteDe(auteur); ok {
		qui, err := r.Comptes.Compte(ctx, id)
		return qui.Courriel, sauf(err, mednum.Introuvable)
	}
	nom, ok := strings.CutPrefix(auteur, mednum.PrefixeLien)
	if !ok {
		return "", nil
	}
	d, _, err := store.Lire[rappele](ctx, r.Base, genreRappele, nom)
	if err != nil {
		return "", sauf(err, mednum.Introuvable)
	}
	equipe, err := r.Comptes.Equipe(ctx, r.Catalogue.Devenus(v.ID)...)
	if err != nil {
		return "", err
	}
	adresses := v.Champs.Courriels
	for i := range equipe {
		adresses = append(adresses[:len(adresses):len(adresses)], equipe[i].Courriel)
	}
	for _, a := range adresses {
		if idArret(a, v.ID) == d.Adresse {
			return strings.ToLower(a), nil
		}
	}
	return "", nil
}

// direProposition writes to whoever proposed a place.
func (r *Reseau) direProposition(ctx context.Context, v *catalogue.Vue, p *pas) (int, error) {
	courriel, err := r.proposant(ctx, v)
	if err != nil || courriel == "" {
		return 0, err
	}
	l := courrier.Lettre{
		Genre: courrier.Proposition, A: courriel, Sujet: "Le lieu que vous avez proposé est publié : " + nommer(&v.Lieu),
		Paragraphes: []string{"Bonjour,", "Vous aviez proposé : " + situer(&v.Lieu) + ". L’équipe qui coordonne la carte l’a publié, tout le monde peut le trouver. Merci !"},
		Boutons:     []courrier.Bouton{{Texte: "Voir sa page", URL: r.lien("/lieux/" + v.ID)}},
	}
	if p.Apres.Statut != mednum.StatutPublie {
		l.Sujet = "Le lieu que vous avez proposé n’est pas retenu : " + nommer(&v.Lieu)
		l.Boutons = []courrier.Bouton{{Texte: "Chercher de l’aide", URL: r.lien("/")}}
		l.Paragraphes[1] = "Vous aviez proposé : " + situer(&v.Lieu) + ". L’équipe qui coordonne la carte ne l’a pas publié : il y est peut-être déjà sous un autre nom, ou n’offre pas d’aide au public."
	}
	n, err := r.poster(ctx, l)
	if err != nil {
		return 0, err
	}
	_, err = r.Comptes.CesserSuivi(ctx, v.ID) // told: forgotten
	return n, err
}

// proposant is the address of whoever proposed a place, of their account or the
// one that they left, "" when none is known.
func (r *Reseau) proposant(ctx context.Context, v *catalogue.Vue) (string, error) {
	histoire, err := r.Catalogue.Histoire(ctx, v.ID)
	if err != nil || len(histoire) == 0 {
		return "", err
	}
	if auteur := histoire[len(histoire)-1].Auteur; strings.HasPrefix(auteur, mednum.PrefixeCompte) {
		return r.adresseDe(ctx, v, auteur)
	}
	return r.Comptes.Suivi(ctx, v.ID)
}

// sujetMax is the longest subject, in characters: the rest of a long name is in
// the mail.
const sujetMax = 200

// poster writes a letter down, and counts it. One that cannot be written is said
// in the log: it would not go better the next time.
func (r *Reseau) poster(ctx context.Context, l courrier.Lettre) (int, error) {
	l.Sujet = textes.Couper(l.Sujet, sujetMax)
	_, err := r.Courrier.Poster(ctx, l)
	if estCode(err, mednum.Invalide) {
		r.Journal.Warn("courriel impossible à écrire", "genre", l.Genre, "a", mednum.MasquerCourriel(l.A), "cause", err)
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return 1, nil
}
