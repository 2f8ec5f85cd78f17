package collecte

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Dire is the plan for the person who imports, in French: the summary, that of
// each file when there are several, then at most plafond of each kind of thing to
// know (0: all).
func (p *Plan) Dire(plafond int) string {
	d := discours{lignes: p.Bilan.phrases()}
	if len(p.Fichiers) > 1 {
		for _, f := range p.Fichiers {
			d.lignes = append(d.lignes, fmt.Sprintf("%s (%s) : %s", f.Fichier, f.Format, strings.ToLower(strings.Join(f.Bilan.phrases(), " "))))
		}
	}
	for _, f := range p.Fichiers {
		if !f.Derniere.IsZero() {
			d.lignes = append(d.lignes, fmt.Sprintf("%s est du %s, et le dernier lu de cette source du %s : il ne remplace rien. S’il est plus récent, dites-le : --date AAAA-MM-JJ.", f.Fichier, f.Edition, f.Derniere))
		}
	}
	p.direNonLues(&d, plafond)
	p.direQuestions(&d, plafond)
	p.direEcartees(&d, plafond)
	d.liste(plafond, len(p.Absents), "1 fiche que la source n’a plus (son lieu reste) :", "%d fiches que la source n’a plus (leurs lieux restent) :", func(i int) []string {
		a := p.Absents[i]
		return []string{fmt.Sprintf("  %s (%s/%s)", a.Nom, a.Source, a.ID)}
	})
	p.direModifiees(&d, plafond)
	p.direARevoir(&d, plafond)
	d.dire(p.Geocodage.Remplies, "1 position trouvée d’après l’adresse.", "%d positions trouvées d’après l’adresse.")
	if p.Geocodage.Phrase != "" {
		d.lignes = append(d.lignes, p.Geocodage.Phrase)
	}
	d.dire(p.LieuxNouveaux, "1 lieu créé.", "%d lieux créés.")
	d.dire(len(p.Lieux), "1 lieu modifié.", "%d lieux modifiés.")
	if p.LieuxNouveaux+len(p.Lieux) == 0 {
		d.lignes = append(d.lignes, "Aucun lieu n’a changé.")
	}
	return insecables.Replace(strings.Join(d.lignes, "\n") + "\n")
}

// insecables keeps a sign with the word before or after it.
var insecables = strings.NewReplacer(" :", "\u00a0:", " ?", "\u00a0?", " ;", "\u00a0;", "« ", "«\u00a0", " »", "\u00a0»")

// reference names the record of the row.
func (l *Ligne) reference() string { return l.Flux + "/" + l.ID }

// choisir gives the rows that fit, in their order: first those of the territory.
func (p *Plan) choisir(convient func(l *Ligne) bool) (liste []*Ligne) {
	for i := range p.Lignes {
		if convient(&p.Lignes[i]) {
			liste = append(liste, &p.Lignes[i])
		}
	}
	slices.SortStableFunc(liste, func(a, b *Ligne) int { return compareBool(a.Ailleurs, b.Ailleurs) })
	return liste
}

// ou says which row: file and line.
func (l *Ligne) ou() string {
	if l.Ligne == 0 {
		return cmp.Or(l.Fichier, "fichier")
	}
	return strings.TrimSpace(fmt.Sprintf("%s ligne %d", l.Fichier, l.Ligne))
}

// direNonLues names the columns that are not kept, and says how to keep one.
func (p *Plan) direNonLues(d *discours, plafond int) {
	for i := range p.Fichiers {
		f := &p.Fichiers[i]
		if len(f.NonLues) == 0 {
			continue
		}
		suite, n := "", len(f.NonLues)
		if plafond > 0 && n > plafond {
			suite, n = fmt.Sprintf(" et %d de plus", n-plafond), plafond
		}
		d.lignes = append(d.lignes,
			fmt.Sprintf("Colonnes que rien ne désigne, non gardées (%s) : « %s »%s.", f.Fichier, strings.Join(f.NonLues[:n], " », « "), suite),
			fmt.Sprintf("  Pour dire ce qu’est l’une d’elles : --colonnes \"%s=CHAMP\". Les champs sont dans docs/formats.md ; « ignorer » en est un.", f.NonLues[0]))
	}
}

func (p *Plan) direEcartees(d *discours, plafond int) {
	lignes := p.choisir(func(l *Ligne) bool { return l.Etat == EtatEcarte && !strings.HasPrefix(l.Raison, horsZone) })
	d.dire(p.HorsZone, "1 fiche hors de la zone demandée, laissée de côté.", "%d fiches hors de la zone demandée, laissées de côté.")
	d.liste(plafond, len(lignes), "1 fiche écartée, à corriger à la source :", "%d fiches écartées, à corriger à la source :", func(i int) []string {
		l := lignes[i]
		champ := ""
		if l.Champ != "" {
			champ = string(l.Champ) + " : "
		}
		return []string{"  " + l.ou() + " : " + champ + l.Raison}
	})
}

func (p *Plan) direModifiees(d *discours, plafond int) {
	lignes := p.choisir(func(l *Ligne) bool { return len(l.Changements) > 0 })
	d.liste(plafond, len(lignes), "1 fiche qui dit autre chose qu’avant :", "%d fiches qui disent autre chose qu’avant :", func(i int) []string {
		l := lignes[i]
		textes := []string{fmt.Sprintf("  %s (%s, %s)%s", l.Nom, l.reference(), l.ou(), suite(l.Raison))}
		for _, c := range l.Changements {
			if c.Champ == string(mednum.ChampDateMaj) && len(l.Changements) > 1 {
				continue // the report has it
			}
			textes = append(textes, "    "+c.Champ+" : "+c.phrase())
		}
		return textes
	})
}

// phrase is the change in French.
func (c *Changement) phrase() string {
	switch {
	case c.Avant == "":
		return fmt.Sprintf("rien avant, maintenant « %s »", court(c.Apres))
	case c.Apres == "":
		return fmt.Sprintf("« %s » n’y est plus", court(c.Avant))
	}
	avant, apres := court(c.Avant), court(c.Apres)
	if avant == apres { // they differ further on
		n := communs([]rune(c.Avant), []rune(c.Apres))
		avant, apres = "…"+court(string([]rune(c.Avant)[n:])), "…"+court(string([]rune(c.Apres)[n:]))
	}
	return fmt.Sprintf("« %s » devient « %s »", avant, apres)
}

// communs is how many letters two values begin with that need no telling: a few
// are left before the first that differs.
func communs(a, b []rune) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return max(0, n-20)
}

func suite(raison string) string {
	if raison == "" {
		return ""
	}
	return " : " + raison
}

// court is a value that fits on a screen's line.
func court(texte string) string {
	const longueur = 80
	r := []rune(strings.ReplaceAll(texte, "\n", " "))
	if len(r) <= longueur {
		return string(r)
	}
	return string(r[:longueur-1]) + "…"
}

func (p *Plan) direQuestions(d *discours, plafond int) {
	lignes := p.choisir(func(l *Ligne) bool { return len(l.Questions) > 0 })
	ailleurs := 0
	for _, l := range lignes {
		if l.Ailleurs {
			ailleurs++
		}
	}
	dont := ""
	if ailleurs > 0 {
		dont = fmt.Sprintf(", dont %d hors du territoire", ailleurs)
	}
	d.liste(plafond, len(lignes), "1 fiche à décider"+dont+" (son lieu est publié en attendant) :", "%d fiches à décider"+dont+" (leurs lieux sont publiés en attendant) :", func(i int) []string {
		l := lignes[i]
		textes := []string{fmt.Sprintf("  %s (%s, %s)", l.Nom, l.reference(), l.ou())}
		for _, q := range l.Questions {
			textes = append(textes, "    "+q.phrase())
		}
		return textes
	})
	demandes := func(genre string) bool {
		return slices.ContainsFunc(lignes, func(l *Ligne) bool {
			return slices.ContainsFunc(l.Questions, func(q QuestionLigne) bool { return q.Genre == genre })
		})
	}
	if demandes(GenreDoublon) {
		d.lignes = append(d.lignes, "  Une fois l’import fait, pour comparer les lieux et répondre : adeuxpas doublons lister")
	}
	if demandes(GenreCorrection) {
		d.lignes = append(d.lignes, "  Une correction contestée se décide sur la page « À traiter », ou par : adeuxpas lieu garder LIEU CHAMP (ce qui est écrit à la main), adeuxpas lieu suivre LIEU CHAMP (ce que dit la source)")
	}
}

// phrase is the question in French.
func (q *QuestionLigne) phrase() string {
	if q.Genre == GenreCorrection {
		return fmt.Sprintf("Lieu %s, %s : corrigé à la main « %s », la source disait « %s » et dit maintenant « %s ».", strings.Join(q.Lieux, " "), q.Champ, court(q.Valeur), court(q.Avant), court(q.Apres))
	}
	texte := "Est-ce le même lieu que « " + cmp.Or(q.Nom, "sans nom") + " »"
	if q.Commune != "" {
		texte += ", commune : " + q.Commune
	}
	texte += " (" + strings.Join(q.Lieux, " et ") + ") ?"
	if len(q.Raisons) > 0 {
		texte += " Pour : " + enMots(q.Raisons) + "."
	}
	if len(q.Contre) > 0 {
		texte += " Contre : " + enMots(q.Contre) + "."
	}
	return texte
}

// enMots says reasons one after the other, as one sentence.
func enMots(raisons []string) string { return strings.TrimSuffix(strings.Join(raisons, " ; "), ".") }

func (p *Plan) direARevoir(d *discours, plafond int) {
	var points []string
	for _, l := range p.choisir(func(l *Ligne) bool { return l.Etat != EtatIdentique }) { // it was said when the row was new
		for _, r := range l.Reparations {
			if r.ARevoir {
				points = append(points, fmt.Sprintf("  %s (%s) : %s", l.Nom, l.reference(), r.Motif))
			}
		}
	}
	d.liste(plafond, len(points), "1 point à revoir :", "%d points à revoir :", func(i int) []string { return points[i : i+1] })
}
