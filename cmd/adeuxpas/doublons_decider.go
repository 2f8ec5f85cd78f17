package main

import (
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
)

type commandeDoublonsFusionner struct {
	decision
	deuxLieux
}

// Help is the second half of the command's help.
func (commandeDoublonsFusionner) Help() string {
	return `Garde le lieu A : les fiches de B le rejoignent, et ce que des personnes ont dit
de B y vient là où personne ne l’a dit de A. La page de B conduit désormais à
celle de A, et l’équipe de B devient la sienne. Rien n’est perdu : « defaire »
rend les deux lieux.

Exemple :
  adeuxpas doublons fusionner 3k7xcdfh 4m8pwxrt`
}

// Run merges the places.
func (c commandeDoublonsFusionner) Run(p *programme) error {
	return c.with(p, func(m store.Magasin) (string, error) {
		d, err := bureau(p, m).Fusionner(p.ctx, collecte.Fusion{Garde: c.A, Absorbe: c.B}, c.Auteur)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("Le lieu %s est maintenant %s.\n%s", c.B, c.A, pourDefaire(d.Operation)), nil
	})
}

func pourDefaire(operation string) string {
	return "Pour défaire : adeuxpas doublons defaire " + operation + "\n"
}

type commandeDoublonsDistinguer struct {
	decision
	deuxLieux
}

// Help is the second half of the command's help.
func (commandeDoublonsDistinguer) Help() string {
	return `La paire n’est plus demandée, et aucun import ne réunira ces lieux : cela vaut
pour leurs fiches, où qu’elles soient rattachées ensuite.

Exemple :
  adeuxpas doublons distinguer 3k7xcdfh 4m8pwxrt`
}

// Run notes that the places are two.
func (c commandeDoublonsDistinguer) Run(p *programme) error {
	return c.with(p, func(m store.Magasin) (string, error) {
		if err := bureau(p, m).Distinguer(p.ctx, c.A, c.B, c.Auteur); err != nil {
			return "", err
		}
		noter(p, m, registre.Acte{Qui: c.Auteur, Genre: registre.GenreDoublon, Lieu: c.A, Objet: "lieu:" + c.B, Texte: "Ce n’est pas le même lieu que " + c.B})
		return fmt.Sprintf("C’est noté : %s et %s sont deux lieux.\n", c.A, c.B), nil
	})
}

type commandeDoublonsOublier struct {
	base
	deuxLieux
}

// Help is the second half of the command's help.
func (commandeDoublonsOublier) Help() string {
	return `La paire est de nouveau demandée, si ses lieux se ressemblent encore.

Exemple :
  adeuxpas doublons oublier 3k7xcdfh 4m8pwxrt`
}

// Run takes the answer back.
func (c commandeDoublonsOublier) Run(p *programme) error {
	return c.with(p, func(m store.Magasin) (string, error) {
		if err := bureau(p, m).Oublier(p.ctx, c.A, c.B); err != nil {
			return "", err
		}
		noter(p, m, registre.Acte{Genre: registre.GenreDoublon, Lieu: c.A, Objet: "lieu:" + c.B, Texte: "Plus rien ne dit que c’est un autre lieu que " + c.B})
		return fmt.Sprintf("Plus rien ne dit que %s et %s sont deux lieux.\n", c.A, c.B), nil
	})
}

type commandeDoublonsSeparer struct {
	decision
	Fiche string `arg:"" name:"fiche" help:"Référence de la fiche, FLUX/CLE : « adeuxpas lieu montrer » la donne."`
}

// Help is the second half of the command's help.
func (commandeDoublonsSeparer) Help() string {
	return `La fiche quitte son lieu et en fait un nouveau, qu’aucun import ne réunira au
premier. Ce que des personnes ont corrigé reste au premier.

Exemple :
  adeuxpas doublons separer france-services/2149`
}

// Run detaches the record.
func (c commandeDoublonsSeparer) Run(p *programme) error {
	return c.with(p, func(m store.Magasin) (string, error) {
		id, err := bureau(p, m).Detacher(p.ctx, c.Fiche, c.Auteur)
		return fmt.Sprintf("La fiche %s fait maintenant le lieu %s.\n", c.Fiche, id), err
	})
}

type commandeDoublonsDefaire struct {
	decision
	Operation string `arg:"" name:"operation" help:"Identifiant de l’opération : « adeuxpas doublons historique » le donne."`
}

// Help is the second half of the command's help.
func (commandeDoublonsDefaire) Help() string {
	return `D’une réunion, les deux lieux reviennent comme ils étaient, et ne seront plus
réunis par un import ; ce que quelqu’un a changé depuis reste, et se dit. D’un
import, chaque fiche qu’il avait jointe à un lieu a de nouveau le sien. D’une
séparation, les lieux sont de nouveau réunis.

Exemple :
  adeuxpas doublons defaire fusion-5f0c2a91be37d604`
}

// Run undoes the operation.
func (c commandeDoublonsDefaire) Run(p *programme) error {
	return c.with(p, func(m store.Magasin) (string, error) {
		d, err := bureau(p, m).Defaire(p.ctx, c.Operation, c.Auteur)
		if err != nil {
			return "", err
		}
		texte := "C’est défait. Les lieux concernés : " + strings.Join(d.Lieux, ", ") + ".\n"
		if len(d.Restes) > 0 {
			texte += "Changé depuis, et gardé par " + d.Lieux[0] + " : " + strings.Join(d.Restes, ", ") + ".\n"
		}
		return texte + pourDefaire(d.Operation), nil
	})
}

type commandeDoublonsHistorique struct {
	base
	paquet
	Nombre int `default:"20" placeholder:"N" help:"Nombre d’opérations, de 1 à 200."`
}

// Help is the second half of the command's help.
func (commandeDoublonsHistorique) Help() string {
	return `Les plus récentes d’abord. En tête de ligne, l’identifiant que « defaire »
demande.

Exemple :
  adeuxpas doublons historique --nombre 5`
}

// Run lists the operations.
func (c commandeDoublonsHistorique) Run(p *programme) error {
	if c.Nombre < 1 || c.Nombre > store.PageMax {
		return usage("--nombre : donnez un nombre de 1 à %d, et non %d.", store.PageMax, c.Nombre)
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	return c.with(p, func(m store.Magasin) (string, error) {
		liste, err := bureau(p, m).Historique(p.ctx)
		if err != nil || len(liste) == 0 {
			return "Aucun lieu n’a été réuni ni séparé.\n", err
		}
		var b strings.Builder
		for _, r := range liste[:min(c.Nombre, len(liste))] {
			b.WriteString(direReunion(&r, t.Location()))
		}
		return b.String(), nil
	})
}

// rattachementsMontres is how many attachments of one operation are named.
const rattachementsMontres = 10

func direReunion(r *collecte.Reunion, zone *time.Location) string {
	quoi := map[string]string{"fusion": "réunit", "separation": "sépare", "import": "import qui a réuni"}[r.Genre]
	texte := fmt.Sprintf("%s  %s  %s", r.ID, r.Le.In(zone).Format("2006-01-02 15:04"), quoi)
	if len(r.Lieux) > 0 {
		texte += " " + strings.Join(r.Lieux, " ")
	}
	texte += " ; " + ouNon(r.Auteur, "auteur inconnu")
	if r.Defait != "" {
		texte += " ; défait " + r.Defait
	}
	if r.Defaite != "" {
		texte += " ; défait depuis par " + r.Defaite
	}
	texte += "\n"
	for i, x := range r.Rattachements {
		if i == rattachementsMontres {
			return texte + fmt.Sprintf("  et %d autres\n", len(r.Rattachements)-i)
		}
		texte += "  " + direRattachement(x) + "\n"
	}
	return texte
}

func direRattachement(x mednum.Rattachement) string {
	texte := x.Fiche + " → " + x.Vers
	if x.De != "" {
		texte = x.Fiche + " : " + x.De + " → " + x.Vers
	}
	if len(x.Motif) > 0 {
		texte += " (" + strings.Join(x.Motif, ", ") + ")"
	}
	return texte
}
