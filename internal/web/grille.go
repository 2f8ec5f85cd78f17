package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

const (
	plagesMax  = 12 // rows of one day
	rendezVous = "sur rendez-vous"
)

// editeur is the form of hours, as it was typed: it comes back as it is when
// something in it is wrong.
type editeur struct {
	Origine    string // the text that the grid was opened from
	Osm        string // the text as an expert may change it
	OsmOrigine string // as it was shown
	Illisible  bool   // Origine is no opening hours

	Jours, JoursVacances [7]jourEdite
	JourFeries           jourEdite
	Vacances, Feries     string // "", "fermes", "horaires"
	Commentaire, Sinon   string
	Reste                []resteEdite

	Permanence *permanenceEditee    // nil for the hours of a place
	Sens       *mednum.SensHoraires // what they are the hours of; nil for a permanence
	Fautes     []faute
	Focus      string // the id of the field to go to
	Apercu     apercu
}

// jourEdite is a day of the form. Its fields are named after Prefixe:
// "jour-0-debut-1".
type jourEdite struct {
	Prefixe, Nom, Court string
	Plages              []plageEditee
	Semaines            string // "", "paires", "impaires"
	Rangs               []string
	Mode                string // of a day of school holidays: "", "ferme", "heures"
}

type plageEditee struct {
	Debut, Fin           string
	RendezVous           bool
	Mots                 string // other words of these hours
	Incertain            bool
	Libre                bool // may last longer
	FauteDebut, FauteFin string
	FocusDebut           bool
}

// resteEdite is a rule that the grid cannot show.
type resteEdite struct {
	Texte, Sens string
	Retire      bool
}

func (e *editeur) fautif(ici *string, champ, message string) {
	e.Fautes = append(e.Fautes, faute{champ, message})
	if ici != nil && *ici == "" {
		*ici = message
	}
}

// EstSens tells which sense is chosen.
func (e *editeur) EstSens(sens string) bool { return e.Sens != nil && string(*e.Sens) == sens }

// FauteDe is what is wrong with a field, "" when nothing is.
func (e *editeur) FauteDe(champ string) string {
	for _, f := range e.Fautes {
		if f.Champ == champ {
			return f.Message
		}
	}
	return ""
}

// Champ names a field of a row.
func (j *jourEdite) Champ(nom string, rang int) string {
	return fmt.Sprintf("%s-%s-%d", j.Prefixe, nom, rang)
}

func (r *plageEditee) vide() bool { return r.Debut == "" && r.Fin == "" }

// Garni tells whether something is typed.
func (j *jourEdite) Garni() bool {
	return slices.ContainsFunc(j.Plages, func(r plageEditee) bool { return !r.vide() })
}

// Precise tells of hours with words that the one checkbox does not say.
func (r *plageEditee) Precise() bool { return r.Mots != "" || r.Incertain }

// Rang tells whether a rank of the month is chosen.
func (j *jourEdite) Rang(n string) bool { return slices.Contains(j.Rangs, n) }

// Rythme says in which weeks, for the summary of what is folded.
func (j *jourEdite) Rythme() string {
	var mots []string
	if j.Semaines != "" {
		mots = append(mots, "semaines "+j.Semaines)
	}
	for _, n := range j.Rangs {
		mots = append(mots, nomsRangs[n])
	}
	if len(mots) == 0 {
		return "toutes les semaines"
	}
	return strings.Join(mots, ", ")
}

// rangMois is a choice of the form.
type rangMois struct{ Valeur, Nom string }

var rangsMois = []rangMois{{"1", "1er"}, {"2", "2e"}, {"3", "3e"}, {"4", "4e"}, {"5", "5e"}, {"-1", "dernier"}}

// jourDe is a day with the form that it is of, for a template.
type jourDe struct {
	Editeur *editeur
	Jour    *jourEdite
}

var nomsRangs = map[string]string{"1": "1er du mois", "2": "2e du mois", "3": "3e du mois", "4": "4e du mois", "5": "5e du mois", "-1": "dernier du mois"}

// editeurVide has the names of its days and no hours.
func editeurVide() *editeur {
	e := &editeur{JourFeries: jourEdite{Prefixe: "feries", Nom: "Jours fériés", Court: "les jours fériés"}}
	for i, nom := range textes.Jours() {
		e.Jours[i] = jourEdite{Prefixe: "jour-" + strconv.Itoa(i), Nom: textes.Majuscule(nom), Court: "le " + nom}
		e.JoursVacances[i] = jourEdite{Prefixe: "vacances-" + strconv.Itoa(i), Nom: textes.Majuscule(nom) + " des vacances", Court: "le " + nom + " des vacances"}
	}
	return e
}

// newEditeur is the form of stored hours.
func newEditeur(texte string) *editeur {
	e := editeurVide()
	e.Origine, e.Osm, e.OsmOrigine = texte, texte, texte
	g, err := horaires.OuvrirGrille(texte)
	e.Illisible = err != nil
	for i := range g.Jours {
		e.Jours[i].montrer(g.Jours[i].Plages)
		e.Jours[i].Semaines = [...]string{"", "paires", "impaires"}[g.Jours[i].Semaines]
		for _, n := range g.Jours[i].Rangs {
			e.Jours[i].Rangs = append(e.Jours[i].Rangs, strconv.Itoa(n))
		}
		e.JoursVacances[i].montrer(g.JoursVacances[i].Plages)
		if g.JoursVacances[i].Dit {
			e.JoursVacances[i].Mode = cmp.Or(map[bool]string{true: "ferme"}[len(g.JoursVacances[i].Plages) == 0], "heures")
		}
	}
	e.JourFeries.montrer(g.PlagesFeries)
	e.Vacances, e.Feries = nomsConges[g.Vacances], nomsConges[g.Feries]
	e.Commentaire, e.Sinon = g.Commentaire, g.Sinon
	e.montrerReste(&g)
	return e
}

var nomsConges = [...]string{"", "fermes", "horaires"}

func (e *editeur) montrerReste(g *horaires.Grille) {
	e.Reste = nil
	for _, r := range g.Reste {
		sens := textes.Majuscule(textes.Regle(r.Expression))
		switch r.Lien {
		case ",":
			sens = "En plus\u00a0: " + textes.Minuscule(sens)
		case "||":
			sens = "Sinon\u00a0: " + textes.Minuscule(sens)
		}
		e.Reste = append(e.Reste, resteEdite{Texte: r.Texte, Sens: sens})
	}
}

// montrer fills the rows of a day, with an empty one at the end.
func (j *jourEdite) montrer(plages []horaires.PlageGrille) {
	j.Plages = nil
	for _, p := range plages {
		r := plageEditee{Debut: heureEcrite(p.Debut), Fin: finEcrite(p.PlageHeures), Libre: p.Libre}
		if p.SansFin {
			r.Fin = ""
		}
		if r.RendezVous = p.Incertain && p.Mots == rendezVous; !r.RendezVous {
			r.Mots, r.Incertain = p.Mots, p.Incertain
		}
		j.Plages = append(j.Plages, r)
	}
	j.Plages = append(j.Plages, plageEditee{})
}

func (r *plageEditee) mettreMots(p horaires.PlageGrille) horaires.PlageGrille {
	p.Mots, p.Incertain = strings.TrimSpace(r.Mots), r.Incertain && strings.TrimSpace(r.Mots) != ""
	if r.RendezVous && p.Mots == "" {
		p.Mots, p.Incertain = rendezVous, true
	}
	return p
}

// parseEditeur reads the form as it was typed.
func parseEditeur(v url.Values) *editeur {
	e := editeurVide()
	e.Origine, e.Osm, e.OsmOrigine = v.Get("origine"), strings.TrimSpace(v.Get("osm")), strings.TrimSpace(v.Get("osm-origine"))
	for i := range e.Jours {
		e.Jours[i].parse(v)
		e.JoursVacances[i].parse(v)
	}
	e.JourFeries.parse(v)
	e.Vacances, e.Feries = v.Get("vacances"), v.Get("feries")
	e.Commentaire, e.Sinon = v.Get("commentaire"), v.Get("sinon")
	if g, err := horaires.OuvrirGrille(e.Origine); err == nil {
		e.montrerReste(&g)
	} else {
		e.Illisible = true
	}
	for i := range e.Reste {
		e.Reste[i].Retire = v.Has("enlever-regle-" + strconv.Itoa(i))
	}
	if v.Has("tous-les") {
		e.Permanence = parsePermanence(v)
	}
	if v.Has("sens") {
		sens := mednum.SensHoraires(v.Get("sens"))
		e.Sens = &sens
	}
	return e
}

func (j *jourEdite) parse(v url.Values) {
	for k := range plagesMax {
		lire := func(nom string) string { return strings.TrimSpace(v.Get(j.Champ(nom, k))) }
		if !v.Has(j.Champ("debut", k)) {
			break
		}
		j.Plages = append(j.Plages, plageEditee{
			Debut: lire("debut"), Fin: lire("fin"), Mots: lire("mots"),
			RendezVous: lire("rdv") != "", Incertain: lire("incertain") != "", Libre: lire("libre") != "",
		})
	}
	j.Semaines, j.Rangs, j.Mode = v.Get(j.Prefixe+"-semaines"), v[j.Prefixe+"-rang"], v.Get(j.Prefixe+"-mode")
}

// tasser leaves one empty row, at the end of each day.
func (e *editeur) tasser() {
	for _, j := range e.jours() {
		j.Plages = slices.DeleteFunc(j.Plages, func(r plageEditee) bool { return r.vide() })
		if len(j.Plages) < plagesMax {
			j.Plages = append(j.Plages, plageEditee{})
		}
	}
}

// jours lists all the days of the form.
func (e *editeur) jours() []*jourEdite {
	liste := []*jourEdite{&e.JourFeries}
	for i := range e.Jours {
		liste = append(liste, &e.Jours[i], &e.JoursVacances[i])
	}
	return liste
}

// Grille is the grid as the form says it; what is wrong is in Fautes.
func (e *editeur) grille() horaires.Grille {
	g, err := horaires.OuvrirGrille(e.Origine)
	if err != nil {
		g = horaires.Grille{}
	}
	for i := range g.Jours {
		e.lireJour(&e.Jours[i], &g.Jours[i])
		if e.Vacances == "horaires" {
			e.lireVacances(&e.JoursVacances[i], &g.JoursVacances[i])
		}
	}
	g.Vacances = conges(e.Vacances)
	if e.Vacances != "horaires" {
		g.JoursVacances = [7]horaires.JourVacances{}
	}
	g.Feries = conges(e.Feries)
	if g.PlagesFeries = e.lirePlagesFeries(g.PlagesFeries); e.Feries == "horaires" && len(g.PlagesFeries) == 0 {
		e.fautif(nil, "feries-debut-0", "Jours fériés\u00a0: donnez leurs heures, ou choisissez «\u00a0Fermé\u00a0».")
	}
	g.Commentaire = e.verifierMots("commentaire", "Précision pour toute la semaine", e.Commentaire)
	g.Sinon = e.verifierMots("sinon", "En dehors de ces heures", e.Sinon)
	if g.Vide() && g.Commentaire != "" && g.Sinon == "" {
		g.Sinon, g.Commentaire = g.Commentaire, "" // words alone are said of all the time
	}
	for i := range g.Reste {
		g.Reste[i].Retire = e.Reste[i].Retire
	}
	return g
}

func conges(nom string) horaires.Conges {
	return horaires.Conges(max(0, slices.Index(nomsConges[:], nom)))
}

func (e *editeur) lireJour(j *jourEdite, g *horaires.JourGrille) {
	g.Plages = e.lirePlages(j, g.Plages)
	g.Semaines = horaires.Parite(max(0, slices.Index([]string{"", "paires", "impaires"}, j.Semaines)))
	g.Rangs = nil
	for _, n := range []string{"1", "2", "3", "4", "5", "-1"} {
		if rang, err := strconv.Atoi(n); err == nil && slices.Contains(j.Rangs, n) {
			g.Rangs = append(g.Rangs, rang)
		}
	}
	if len(g.Plages) == 0 {
		g.Semaines, g.Rangs = horaires.ToutesSemaines, nil // a closed day has no rhythm
	}
}

func (e *editeur) lireVacances(j *jourEdite, g *horaires.JourVacances) {
	g.Plages = e.lirePlages(j, g.Plages)
	g.Dit = j.Mode != "" || len(g.Plages) > 0
	switch {
	case j.Mode == "ferme" && len(g.Plages) > 0:
		e.fautif(nil, j.Prefixe+"-mode", j.Nom+"\u00a0: fermé, ou ces heures\u00a0? Choisissez, ou effacez les heures.")
	case j.Mode == "heures" && len(g.Plages) == 0:
		e.fautif(nil, j.Champ("debut", 0), j.Nom+"\u00a0: donnez les heures, ou choisissez «\u00a0fermé\u00a0».")
	}
}

func (e *editeur) lirePlagesFeries(avant []horaires.PlageGrille) []horaires.PlageGrille {
	if e.Feries != "horaires" {
		return nil
	}
	return e.lirePlages(&e.JourFeries, avant)
}

// texte is the opening hours that the form says: those of the grid, or the
// expert's text when only that one was changed.
func (e *editeur) texte() string {
	g := e.grille()
	osmChange := e.Osm != e.OsmOrigine
	texte := g.Ecrire()
	if e.Illisible && texte == "" && !osmChange {
		return e.Origine
	}
	if !osmChange {
		return texte
	}
	if len(e.Fautes) > 0 || texte != e.OsmOrigine {
		e.fautif(nil, "osm", "La grille et le texte OpenStreetMap ont changé tous les deux. Touchez «\u00a0Lire ce texte\u00a0» pour garder le texte, ou remettez-le comme il était.")
		return texte
	}
	return e.lireOsm()
}

// lireOsm checks the expert's text.
func (e *editeur) lireOsm() string {
	var refus *horaires.Erreur
	if _, err := horaires.OuvrirGrille(e.Osm); errors.As(err, &refus) {
		e.fautif(nil, "osm", fmt.Sprintf("Texte OpenStreetMap, caractère %d\u00a0: %s", refus.Position+1, refus.Message))
	}
	return e.Osm
}

// extrait is the expert's text around the character at fault.
type extrait struct{ Avant, Apres string }

// ExtraitOsm shows where the expert's text stops being read.
func (e *editeur) ExtraitOsm() extrait {
	var refus *horaires.Erreur
	if _, err := horaires.OuvrirGrille(e.Osm); !errors.As(err, &refus) {
		return extrait{}
	}
	r := []rune(e.Osm)
	de := max(0, refus.Position-30)
	return extrait{string(r[de:refus.Position]), string(r[refus.Position:min(len(r), refus.Position+30)])}
}
