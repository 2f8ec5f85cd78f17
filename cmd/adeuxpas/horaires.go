package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

type commandeHoraires struct {
	paquet
	vacances
	Instant     string `placeholder:"INSTANT" help:"Instant voulu, comme 2026-07-14T10:00:00+02:00. Par défaut : maintenant."`
	Departement string `placeholder:"CODE" help:"Département des jours fériés et des vacances, comme 46 ou 2A. Par défaut : celui du territoire."`
	Tolerant    bool   `help:"Lit aussi les horaires écrits en français, comme « du lundi au vendredi de 9h à 12h »."`
	Lot         bool   `help:"Lit des questions sur l’entrée du programme, une par ligne."`
	Expr        string `arg:"" optional:"" name:"expr" help:"Horaires à expliquer."`
}

// Help is the second half of the command's help.
func (commandeHoraires) Help() string {
	return `Dit ce que des horaires au format OpenStreetMap (opening_hours) veulent dire, et
s’ils sont ouverts à un instant. Des horaires qui ne se lisent pas sont montrés
avec l’endroit qui gêne.

Avec --lot, chaque ligne lue est un objet JSON, et chaque ligne écrite, dans le
même ordre, sa réponse :
  {"horaires":"Mo-Fr 09:00-12:00","instant":"2026-07-14T10:00:00+02:00"}
  {"etat":"ouvert","commentaire":"","prochain_changement":"2026-07-14T12:…"}
ou {"erreur":"…"}. « etat » est ouvert, ferme ou inconnu. Une ligne peut porter
"tolerant":true et "departement":"46".

Exemples :
  adeuxpas horaires "Mo-Fr 09:00-12:00; PH off"
  adeuxpas horaires "We[1] 14:00-17:00" --instant 2026-12-01T09:00:00+01:00
  adeuxpas horaires --lot < questions.jsonl > reponses.jsonl`
}

// Run explains one expression, or answers a batch.
func (c commandeHoraires) Run(p *programme) error {
	switch {
	case c.Lot && c.Expr != "":
		return usage("--lot lit ses horaires sur l’entrée du programme : n’en donnez pas d’autres.")
	case c.Lot && c.Instant != "":
		return usage("--instant ne va pas avec --lot : chaque ligne porte le sien.")
	case !c.Lot && c.Expr == "":
		return usage("Il manque EXPR. Voyez « adeuxpas horaires --help ».")
	}
	t, err := c.open()
	if err != nil {
		return err
	}
	if err := c.poser(t); err != nil {
		return err
	}
	if c.Departement == "" {
		c.Departement = t.Code
	}
	if !t.Scolaire.ConnaitDepartement(c.Departement) {
		return usage("--departement : %s", departementInconnu(c.Departement))
	}
	if c.Lot {
		return newLot(t, c.Departement, c.Tolerant).repondre(p)
	}
	return c.expliquer(p, t)
}

func departementInconnu(code string) string {
	return fmt.Sprintf("« %s » n’est pas un département connu, comme 46, 2A ou 974.", code)
}

func (c commandeHoraires) expliquer(p *programme, t *territoire.Territoire) error {
	instant := p.now()
	if c.Instant != "" {
		var ok bool
		if instant, ok = lireInstant(c.Instant); !ok {
			return usage("--instant : %s", horsInstant)
		}
	}
	e, err := lireHoraires(c.Expr, c.Tolerant)
	if err != nil {
		return montrer(c.Expr, err)
	}
	cal := t.Calendrier(c.Departement)
	instant = instant.In(cal.Lieu)
	lignes := append([]string{"En clair : " + textes.Majuscule(textes.Regle(e)), ""}, etatDit(e, instant, cal)...)
	lignes = append(lignes, "", feriesDits(e))
	if parleDeVacances(e) {
		lignes = append(lignes, "Vacances scolaires : "+vacancesDites(t, c.Departement))
	}
	lignes = append(lignes, semaineOuDates(e, instant, cal)...)
	_, err = fmt.Fprintf(p.stdout, "Écriture normale\u00a0: %s\n%s\n", e, insecables.Replace(strings.Join(lignes, "\n")))
	return err
}

// lireHoraires reads an expression, strictly or not. What is not certain is an
// error, never a guess.
func lireHoraires(texte string, tolerant bool) (*horaires.Expression, error) {
	if tolerant {
		return lireTolerant(texte)
	}
	return horaires.Parse(texte)
}

// lireTolerant reads any writing, and refuses what a person must look at: it
// names the words that are left and the doubts.
func lireTolerant(texte string) (*horaires.Expression, error) {
	l := horaires.Lire(texte)
	switch {
	case !l.Certaine():
		return nil, refuser("%s", incertitudes(l))
	case l.Expression == nil:
		return nil, refuser("ce texte ne dit pas d’horaires.")
	}
	return l.Expression, nil
}

func incertitudes(l horaires.Lecture) string {
	var dits []string
	if len(l.Reste) > 0 {
		dits = append(dits, "la lecture n’est pas certaine, il reste « "+strings.Join(l.Reste, " », « ")+" ».")
	}
	for _, d := range l.Doutes {
		dits = append(dits, "à vérifier, « "+d.Extrait+" » : "+d.Message)
	}
	for i := 1; i < len(dits); i++ {
		dits[i] = textes.Majuscule(dits[i])
	}
	return strings.Join(dits, " ")
}

const horsInstant = "il faut un instant comme 2026-07-14T10:00:00+02:00, entre 1900 et 2999."

func lireInstant(texte string) (t time.Time, ok bool) {
	t, err := time.Parse(time.RFC3339, texte)
	return t, err == nil && t.Year() >= 1900 && t.Year() <= 2999
}

// montrer shows the text with a mark under the character that stops the
// reading.
func montrer(texte string, err error) error {
	e, ok := errors.AsType[*horaires.Erreur](err)
	if !ok {
		return &refus{code: codeEchec, phrase: textes.Majuscule(err.Error()), cause: err}
	}
	ligne := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, texte)
	return &refus{
		code: codeEchec, cause: err,
		phrase: fmt.Sprintf("Ces horaires ne se lisent pas, caractère %d : %s\n  %s\n  %s^", e.Position+1, e.Message, ligne, strings.Repeat(" ", e.Position)),
	}
}

// etatDit says the state at the instant, what visitors read, and what comes
// next.
func etatDit(e *horaires.Expression, instant time.Time, cal horaires.Calendrier) []string {
	r := e.A(instant, cal)
	jour := textes.Majuscule(momentDit(instant))
	if nom, ok := cal.Ferie(instant); ok {
		jour += " (jour férié : " + nom + ")"
	}
	suite := "aucun dans l’année"
	if r.HasChange {
		suite = momentDit(r.Change.In(cal.Lieu)) + ", " + motEtat(r.Suivante.Etat, r.Suivante.Commentaire)
	}
	return []string{
		jour + " : " + motEtat(r.Etat, r.Commentaire) + ".",
		"Sur les pages : " + textes.Ouverture(r, instant, cal.Lieu) + ".",
		"Prochain changement : " + suite + ".",
	}
}

// momentDit is "mardi 14 juillet 2026 à 10 h".
func momentDit(t time.Time) string {
	return fmt.Sprintf("%s %d à %s", textes.Jour(t), t.Year(), textes.Heure(t.Hour(), t.Minute()))
}

func motEtat(e horaires.Etat, commentaire string) string {
	mot := map[horaires.Etat]string{horaires.Ouvert: "ouvert", horaires.Ferme: "fermé", horaires.Inconnu: "inconnu"}[e]
	if commentaire != "" {
		mot += " (" + commentaire + ")"
	}
	return mot
}

func feriesDits(e *horaires.Expression) string {
	if texte := textes.Feries(e); texte != "" {
		return texte + "."
	}
	if e.PrevoitFeries() {
		return "Jours fériés : comme ces horaires le disent."
	}
	return "Jours fériés : ces horaires n’en parlent pas ; ces jours-là sont à vérifier."
}

func parleDeVacances(e *horaires.Expression) bool {
	return slices.ContainsFunc(e.Regles(), func(r horaires.Regle) bool {
		return slices.ContainsFunc(r.Feries, func(f horaires.Ferie) bool { return f.Scolaire })
	})
}

func vacancesDites(t *territoire.Territoire, departement string) string {
	zone, fin := t.ZoneScolaireDe(departement)
	if fin.IsZero() {
		return "celles de ce département ne sont pas connues."
	}
	return fmt.Sprintf("zone %s, connues jusqu’au %s.", zone, dateDite(fin))
}

func dateDite(d mednum.Date) string { return textes.DateLongue(d.Annee, d.Mois, d.Jour) }

// semaineOuDates is the table of an ordinary week; the coming dates otherwise.
func semaineOuDates(e *horaires.Expression, instant time.Time, cal horaires.Calendrier) []string {
	if semaine, ok := textes.Semaine(e); ok {
		titre := "Semaine ordinaire :"
		if parleDeVacances(e) {
			titre = "Semaine ordinaire, hors vacances scolaires :"
		}
		lignes := []string{"", titre}
		for _, l := range semaine {
			lignes = append(lignes, fmt.Sprintf("  %-10s%s", l.Jour, l.Texte))
		}
		return lignes
	}
	dates := textes.ProchainesDates(e, 4, instant, cal)
	if len(dates) == 0 || !e.A(instant, cal).HasChange {
		return nil // never open, or always
	}
	lignes := []string{"", "Prochaines dates :"}
	for _, d := range dates {
		lignes = append(lignes, "  "+momentDit(d.In(cal.Lieu)))
	}
	return lignes
}
