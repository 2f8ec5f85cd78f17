package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

type commandeDoublons struct {
	Lister     commandeDoublonsLister     `cmd:"" help:"Montre les paires qui sont peut-être un seul lieu."`
	Fusionner  commandeDoublonsFusionner  `cmd:"" help:"Réunit deux lieux en un."`
	Distinguer commandeDoublonsDistinguer `cmd:"" help:"Note que deux lieux ne sont pas le même."`
	Oublier    commandeDoublonsOublier    `cmd:"" help:"Reprend ce que « distinguer » a noté."`
	Separer    commandeDoublonsSeparer    `cmd:"" help:"Donne à une fiche son propre lieu."`
	Defaire    commandeDoublonsDefaire    `cmd:"" help:"Défait une réunion, ou une séparation."`
	Historique commandeDoublonsHistorique `cmd:"" help:"Liste les réunions et les séparations, avec de quoi les défaire."`
}

// decision is what the commands that decide share.
type decision struct {
	base
	Auteur string `default:"cli" placeholder:"NOM" help:"Qui décide."`
}

// deuxLieux are the two places of a decision.
type deuxLieux struct {
	A string `arg:"" name:"a" help:"Identifiant d’un lieu."`
	B string `arg:"" name:"b" help:"Identifiant de l’autre."`
}

// bureau is where a command decides.
func bureau(p *programme, m store.Magasin) *collecte.Collecte {
	return collecte.New(collecte.Pieces{Base: m, Now: p.now})
}

// with opens the base of a command for f, which says what was done.
func (b base) with(p *programme, f func(m store.Magasin) (string, error)) error {
	m, err := b.openExistante(p)
	if err != nil {
		return err
	}
	defer m.Close()
	texte, err := f(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(texte))
	return err
}

type commandeDoublonsLister struct {
	base
	Nombre int  `default:"20" placeholder:"N" help:"Nombre de paires à montrer ; 0 pour toutes."`
	JSON   bool `name:"json" help:"Écrit toute la liste en JSON."`
}

// Help is the second half of the command's help.
func (commandeDoublonsLister) Help() string {
	return `Les paires du territoire d’abord, puis les plus sûres, chacune avec ce qui
parle pour un seul lieu, ce qui parle contre, et ce que disent les deux. Le
premier des deux est celui que nous garderions. La liste se calcule des fiches :
une paire n’y est plus dès que quelqu’un a répondu.

Exemple :
  adeuxpas doublons lister --nombre 5`
}

// Run lists the pairs.
func (c commandeDoublonsLister) Run(p *programme) error {
	if c.Nombre < 0 {
		return usage("--nombre : donnez un nombre, 0 pour toutes, et non %d.", c.Nombre)
	}
	m, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer m.Close()
	questions, err := bureau(p, m).Questions(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"questions": questionsJSON(questions)})
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(direQuestions(questions, c.Nombre)))
	return err
}

// questionJSON is one pair as --json writes it.
type questionJSON struct {
	Sur     bool              `json:"sur"`
	Score   float64           `json:"score"`
	Depuis  time.Time         `json:"depuis,omitzero"`
	Raisons []string          `json:"raisons"`
	Contre  []string          `json:"contre"`
	Lieux   [2]lieuDeQuestion `json:"lieux"`
}

type lieuDeQuestion struct {
	ID     string                  `json:"id"`
	Fiche  string                  `json:"fiche"`
	Champs map[mednum.Champ]string `json:"champs"`
}

func questionsJSON(questions []collecte.Question) []questionJSON {
	liste := make([]questionJSON, 0, len(questions))
	for _, q := range questions {
		dite := questionJSON{Sur: q.Sur, Score: q.Score, Depuis: q.Depuis, Raisons: q.Raisons, Contre: append([]string{}, q.Contre...)}
		for i := range q.Lieux {
			l := lieuDeQuestion{ID: q.Lieux[i].ID, Fiche: q.Fiches[i], Champs: map[mednum.Champ]string{}}
			for _, champ := range champsCompares {
				l.Champs[champ] = q.Lieux[i].Champs.Valeur(champ)
			}
			dite.Lieux[i] = l
		}
		liste = append(liste, dite)
	}
	return liste
}

// champsCompares are the columns by which a person tells two places apart.
var champsCompares = []mednum.Champ{
	mednum.ChampNom, mednum.ChampAdresse, mednum.ChampComplementAdresse, mednum.ChampCodePostal, mednum.ChampCommune, mednum.ChampTelephone,
	mednum.ChampCourriels, mednum.ChampSiteWeb, mednum.ChampPivot, mednum.ChampTypologie, mednum.ChampHoraires, mednum.ChampDateMaj, mednum.ChampSource,
}

// direQuestions says the first pairs, plafond at most (0: all), and how to
// answer.
func direQuestions(questions []collecte.Question, plafond int) string {
	if len(questions) == 0 {
		return "Rien n’est à décider.\n"
	}
	var b strings.Builder
	b.WriteString(compter(len(questions), "paire") + " à décider")
	ailleurs := 0
	for i := range questions {
		if questions[i].Ailleurs() {
			ailleurs++
		}
	}
	if ailleurs > 0 {
		b.WriteString(", dont " + nombre(ailleurs) + " hors du territoire")
	}
	b.WriteString(".\n")
	for i := range questions {
		if plafond > 0 && i == plafond {
			b.WriteString("\n… et " + nombre(len(questions)-plafond) + " de plus : --nombre 0 les montre toutes.\n")
			break
		}
		b.WriteString(direQuestion(&questions[i]))
	}
	return b.String() + `
Pour répondre, avec les deux identifiants d’une paire :
  adeuxpas doublons fusionner A B     c’est le même lieu : A est gardé
  adeuxpas doublons distinguer A B    ce sont deux lieux : la question ne revient plus
Les deux se défont.
`
}

func direQuestion(q *collecte.Question) string {
	var b strings.Builder
	genre := "Peut-être le même lieu"
	if q.Sur {
		genre = "Sûrement le même lieu"
	}
	fmt.Fprintf(&b, "\n%s (%s)", genre, strings.Replace(fmt.Sprintf("%.2f", q.Score), ".", ",", 1))
	if !q.Depuis.IsZero() {
		b.WriteString(", depuis le " + mednum.DateOf(q.Depuis).String())
	}
	fmt.Fprintf(&b, " : %s %s\n", q.Lieux[0].ID, q.Lieux[1].ID)
	for _, raison := range q.Raisons {
		b.WriteString("  pour : " + raison + "\n")
	}
	for _, raison := range q.Contre {
		b.WriteString("  contre : " + raison + "\n")
	}
	for _, champ := range champsCompares {
		x, y := q.Lieux[0].Champs.Valeur(champ), q.Lieux[1].Champs.Valeur(champ)
		if champ == mednum.ChampPivot {
			x, y = strings.ReplaceAll(x, mednum.PivotInconnu, ""), strings.ReplaceAll(y, mednum.PivotInconnu, "")
		}
		switch {
		case x == "" && y == "":
		case x == y:
			fmt.Fprintf(&b, "  %s, des deux : %s\n", champ.Libelle(), x)
		default:
			fmt.Fprintf(&b, "  %s : %s | %s\n", champ.Libelle(), ouNon(x, "rien"), ouNon(y, "rien"))
		}
	}
	return b.String()
}
