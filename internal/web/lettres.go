package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// sujetMax is the longest subject, in characters: the rest of a long name is in
// the mail.
const sujetMax = 200

// poster writes a mail down: it leaves at once, or as soon as it can. Where no
// mail can leave, that is logged, and nothing else fails: what it tells stands
// in the pages too. A letter that is refused is our fault, not that of whoever
// filled in a form.
func (s *site) poster(ctx context.Context, l courrier.Lettre) error {
	if !s.Courrier.Regle() {
		s.Journal.Warn("un courriel n’est pas parti : l’envoi n’est pas réglé", "genre", l.Genre)
		return nil
	}
	l.Sujet = textes.Couper(l.Sujet, sujetMax)
	_, err := s.Courrier.Poster(ctx, l)
	if estCode(err, mednum.Invalide) {
		return fmt.Errorf("letter %s: %s", l.Genre, err.Error())
	}
	return err
}

// bouton is the one button of a mail.
func bouton(texte, adresse string) []courrier.Bouton {
	return []courrier.Bouton{{Texte: texte, URL: adresse}}
}

// posterConnexion sends the link and the code of a sign-in, or the link alone.
func (s *site) posterConnexion(ctx context.Context, e compte.Envoi, vers string) error {
	dire := []string{"Bonjour,", "Touchez le bouton pour corriger les informations de vos lieux. Il sert une fois, pendant 15 minutes."}
	if e.Code != "" {
		dire = append(dire, "Vous avez demandé ce lien sur un autre appareil ? Tapez-y plutôt ces six chiffres :")
	}
	return s.poster(ctx, courrier.Lettre{
		Genre: courrier.Connexion, A: e.Compte.Courriel, Sujet: "Votre lien pour entrer",
		Paragraphes: dire, Code: e.Code,
		Boutons: bouton("Entrer", s.lien("/connexion/lien/"+e.Secret+"?suite="+url.QueryEscape(vers))),
		Fin:     "Vous n’avez rien demandé ? Ne faites rien : personne n’entre sans ce courriel.",
		Perime:  e.Expire,
	})
}

// posterInvitation sends an invitation, in the name of whoever invites.
func (s *site) posterInvitation(ctx context.Context, e compte.Envoi, courriel, par string, droits []mednum.Habilitation) error {
	return s.poster(ctx, courrier.Lettre{
		Genre: courrier.Invitation, A: courriel, Sujet: "Invitation à tenir à jour l’aide numérique " + s.Territoire.NomEn,
		Paragraphes: []string{
			"Bonjour,",
			par + " vous invite sur À deux pas, le site qui dit où trouver de l’aide numérique " + s.Territoire.NomEn + ", et quand.",
			"Vous pourrez : " + textes.Minuscule(strings.Join(s.direDroits(droits), " ; ")) + ".",
			"Il n’y a pas de mot de passe. Ce bouton sert une fois, pendant sept jours.",
			"Vous ne connaissez pas cette personne ? Ne faites rien : aucun compte n’est créé sans vous.",
		},
		Boutons: bouton("Voir l’invitation", s.lien("/connexion/lien/"+e.Secret)), Perime: e.Expire,
	})
}

// posterAcces tells somebody that what they may do has changed: quoi says it in
// a sentence.
func (s *site) posterAcces(ctx context.Context, qui *mednum.Compte, quoi string) error {
	return s.poster(ctx, courrier.Lettre{
		Genre: courrier.Invitation, A: qui.Courriel, Sujet: "Votre accès a changé",
		Paragraphes: []string{
			"Bonjour,",
			quoi,
			"Cela vous étonne ? Parlez-en à vos collègues, ou à la personne qui coordonne la carte.",
		},
		Boutons: bouton("Voir mes lieux", s.lien("/espace")),
	})
}
