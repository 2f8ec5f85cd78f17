package main

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

type commandeMontrer struct{ lieuChoisi }

// Help is the second half of the command's help.
func (commandeMontrer) Help() string {
	return `Les identifiants des permanences et des exceptions, en tête de ligne, sont
ceux que les autres commandes demandent.

Exemple :
  adeuxpas lieu montrer 3k7xcdfh`
}

// Run prints the place.
func (c commandeMontrer) Run(p *programme) error {
	return c.with(p, func(cat *catalogue.Catalogue, _ mednum.Date) error {
		v, err := cat.LieuPour(c.ID, operateur)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(p.stdout, insecables.Replace(strings.Join(decrireLieu(&v.Lieu), "\n")+"\n"))
		return err
	})
}

// decrireLieu is a place in lines.
func decrireLieu(l *mednum.Lieu) []string {
	lignes := []string{
		l.Champs.Nom,
		"Identifiant : " + l.ID,
		fmt.Sprintf("Version : %d", l.Version),
		"Commune : " + l.Champs.Commune,
		"Horaires : " + ouNon(l.Champs.Horaires, "non communiqués"),
	}
	if mots := enMots(l.Champs.Horaires); mots != "" {
		lignes = append(lignes, "  "+mots)
	}
	if len(l.Langues) > 0 {
		noms := make([]string, len(l.Langues))
		for i, code := range l.Langues {
			noms[i] = mednum.NomLangue(code)
		}
		lignes = append(lignes, "Langues parlées, en plus du français : "+strings.Join(noms, ", "))
	}
	lignes = append(lignes, direSens(l.SensHoraires), direPreuve(l), "Permanences : "+combien(len(l.Permanences)))
	for i := range l.Permanences {
		lignes = append(lignes, "  "+l.Permanences[i].ID+"  "+direPermanence(&l.Permanences[i])+direOrigine(&l.Permanences[i]))
	}
	lignes = append(lignes, "Exceptions : "+combien(len(l.Exceptions)))
	for i := range l.Exceptions {
		lignes = append(lignes, "  "+l.Exceptions[i].ID+"  "+direException(&l.Exceptions[i]))
	}
	lignes = append(lignes, decrireQuestions(l)...)
	return append(lignes, decrireProvenance(l)...)
}

func ouNon(texte, sinon string) string {
	if texte == "" {
		return sinon
	}
	return texte
}

func combien(n int) string {
	if n == 0 {
		return "aucune"
	}
	return textes.Nombre(n)
}

// enMots is a rule in plain French, "" when it cannot be read.
func enMots(regle string) string {
	e, err := horaires.Parse(regle)
	if regle == "" || err != nil {
		return ""
	}
	return textes.Regle(e)
}

func direSens(sens mednum.SensHoraires) string {
	switch sens {
	case mednum.SensLieu:
		return "Ces horaires sont ceux du lieu."
	case mednum.SensAide:
		return "Ces horaires sont ceux de l’aide numérique."
	}
	return "Personne n’a dit si ces horaires sont ceux du lieu ou de l’aide."
}

func direPreuve(l *mednum.Lieu) string {
	if !l.VerifieLe.IsZero() && l.VerifieLe == l.Preuve.Date {
		return "Vérifié le " + l.VerifieLe.String() + " par " + l.VerifiePar + "."
	}
	return "Dernière information : " + ouNon(l.Preuve.Date.String(), "inconnue") + "."
}

func direPermanence(p *mednum.Permanence) string {
	texte := ouNon(p.Regle, "horaires non communiqués")
	if mots := enMots(p.Regle); mots != "" {
		texte += " (" + mots + ")"
	}
	if p.TousLes > 1 {
		texte += fmt.Sprintf(", une semaine sur %d", p.TousLes)
	}
	if !p.Depuis.IsZero() {
		texte += ", depuis le " + p.Depuis.String()
	}
	if p.RendezVous {
		texte += ", sur rendez-vous"
	}
	if p.Intitule != "" {
		texte += ", " + p.Intitule
	}
	if p.Arret != nil {
		texte += ", à l’arrêt « " + p.Arret.Nom + " » (" + ouNon(p.Arret.Commune, "commune inconnue") + ")"
	}
	return texte
}

func direOrigine(p *mednum.Permanence) string {
	if p.Fiche == "" {
		return " [saisie]"
	}
	return " [fiche " + p.Fiche + "]"
}

func direException(e *mednum.Exception) string {
	texte := "fermé"
	if e.Ouvert {
		texte = "ouvert"
	}
	if au := e.Au; au.IsZero() || au == e.Du {
		texte += " le " + e.Du.String()
	} else {
		texte += " du " + e.Du.String() + " au " + au.String()
	}
	if e.Plages != "" {
		texte += ", " + e.Plages
	}
	if e.Motif != "" {
		texte += " (" + e.Motif + ")"
	}
	if e.Permanence != "" {
		texte += ", permanence " + e.Permanence
	}
	return texte
}
