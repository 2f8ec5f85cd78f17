package web

import (
	"net/url"
	"strings"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// lettre is a mail of few words, with one button or none.
type lettre struct {
	A           string // the address of whoever reads it
	Sujet       string
	Paragraphes []string
	Bouton      string // what the button says, "" for no button
	Adresse     string // where it leads, absolute
}

// poster sends a letter. Only on the machine of whoever develops is it written
// to the log: it names people, and holds what opens their account.
func (s *site) poster(l lettre) error {
	if !s.local() {
		s.Journal.Warn("un courriel n’est pas parti : l’envoi n’est pas réglé", "sujet", l.Sujet)
		return nil
	}
	s.Journal.Info("courriel", "à", l.A, "sujet", l.Sujet, "texte", strings.Join(l.Paragraphes, " "), "bouton", l.Bouton, "adresse", l.Adresse)
	return nil
}

// local tells whether the site is that of one machine.
func (s *site) local() bool { return strings.HasPrefix(s.URLPublique, "http://localhost") }

// posterConnexion sends the link and the code of a sign-in.
func (s *site) posterConnexion(e compte.Envoi, vers string) error {
	return s.poster(lettre{
		A: e.Compte.Courriel, Sujet: "Votre lien pour entrer",
		Paragraphes: []string{
			"Bonjour,",
			"Touchez le bouton pour corriger les informations de vos lieux. Il sert une fois, pendant 15 minutes.",
			"Vous avez demandé ce lien sur un autre appareil ? Tapez-y ces six chiffres : " + e.Code[:3] + "\u00a0" + e.Code[3:],
			"Vous n’avez rien demandé ? Ne faites rien : personne n’entre sans ce courriel.",
		},
		Bouton: "Entrer", Adresse: s.lien("/connexion/lien/" + e.Secret + "?suite=" + url.QueryEscape(vers)),
	})
}

// posterInvitation sends an invitation, in the name of whoever invites.
func (s *site) posterInvitation(e compte.Envoi, courriel, par string, droits []mednum.Habilitation) error {
	return s.poster(lettre{
		A: courriel, Sujet: "Invitation à tenir à jour l’aide numérique " + s.Territoire.NomEn,
		Paragraphes: []string{
			"Bonjour,",
			par + " vous invite sur À deux pas, le site qui dit où trouver de l’aide numérique " + s.Territoire.NomEn + ", et quand.",
			"Vous pourrez : " + textes.Minuscule(strings.Join(s.direDroits(droits), " ; ")) + ".",
			"Il n’y a pas de mot de passe. Ce bouton sert une fois, pendant sept jours.",
			"Vous ne connaissez pas cette personne ? Ne faites rien : aucun compte n’est créé sans vous.",
		},
		Bouton: "Voir l’invitation", Adresse: s.lien("/connexion/lien/" + e.Secret),
	})
}

// posterAcces tells somebody that what they may do has changed: quoi says it in
// a sentence.
func (s *site) posterAcces(qui *mednum.Compte, quoi string) error {
	return s.poster(lettre{
		A: qui.Courriel, Sujet: "Votre accès a changé",
		Paragraphes: []string{
			"Bonjour,",
			quoi,
			"Cela vous étonne ? Parlez-en à vos collègues, ou à la personne qui coordonne la carte.",
		},
		Bouton: "Voir mes lieux", Adresse: s.lien("/espace"),
	})
}
