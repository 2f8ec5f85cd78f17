package web

import (
	"slices"
	"strconv"
	"strings"
)

// geste does what a button of the form asks, beside saving; ok is false for a
// name that is no such button. The field to go to is in Focus.
func (e *editeur) geste(faire string, copies []string, source string) (ok bool) {
	nom, cible, _ := strings.Cut(faire, " ")
	switch nom {
	case "ajouter":
		return e.ajouterPlage(cible)
	case "enlever":
		return e.enleverPlage(cible)
	case "copier":
		e.copier(source, copies)
	case "osm":
		e.reprendreOsm()
	case "voir":
		e.Focus = "apercu-titre"
	default:
		return false
	}
	return true
}

func (e *editeur) jour(prefixe string) *jourEdite {
	i := slices.IndexFunc(e.jours(), func(j *jourEdite) bool { return j.Prefixe == prefixe })
	if i < 0 {
		return nil
	}
	return e.jours()[i]
}

func (e *editeur) ajouterPlage(prefixe string) bool {
	j := e.jour(prefixe)
	if j == nil {
		return false
	}
	if len(j.Plages) < plagesMax {
		j.Plages = append(j.Plages, plageEditee{})
	}
	libre := slices.IndexFunc(j.Plages, func(r plageEditee) bool { return r.vide() })
	if libre < 0 {
		libre = len(j.Plages) - 1
	}
	e.Focus = j.Champ("debut", libre)
	return true
}

// enleverPlage takes away a row: "jour-0 1".
func (e *editeur) enleverPlage(cible string) bool {
	prefixe, rang, _ := strings.Cut(cible, " ")
	j := e.jour(prefixe)
	k, err := strconv.Atoi(rang)
	if j == nil || err != nil || k < 0 || k >= len(j.Plages) {
		return false
	}
	j.Plages = slices.Delete(j.Plages, k, k+1)
	if len(j.Plages) == 0 {
		j.Plages = []plageEditee{{}}
	}
	e.Focus = j.Champ("debut", min(k, len(j.Plages)-1))
	return true
}

// copier gives the hours and the rhythm of a day to others.
func (e *editeur) copier(source string, vers []string) {
	j := e.jour("jour-" + source)
	vers = slices.DeleteFunc(slices.Clone(vers), func(nom string) bool { return nom == source })
	if j == nil || len(vers) == 0 {
		e.fautif(nil, "copier-vers-1", "Cochez les jours qui ont les mêmes heures, puis touchez «\u00a0Copier\u00a0».")
		return
	}
	for _, nom := range vers {
		if k := e.jour("jour-" + nom); k != nil {
			k.Plages, k.Semaines, k.Rangs = slices.Clone(j.Plages), j.Semaines, slices.Clone(j.Rangs)
			e.Focus = k.Champ("debut", 0)
		}
	}
	if premier := e.jour("jour-" + vers[0]); premier != nil {
		e.Focus = premier.Champ("debut", 0)
	}
}

// reprendreOsm draws the grid again from the expert's text.
func (e *editeur) reprendreOsm() {
	if e.lireOsm(); len(e.Fautes) > 0 {
		return
	}
	neuf := newEditeur(e.Osm)
	neuf.Permanence, neuf.Sens, neuf.Focus = e.Permanence, e.Sens, "osm"
	*e = *neuf
}

// oublierFautes takes for unfinished what is not yet right.
func (e *editeur) oublierFautes() {
	e.Fautes = nil
	for _, j := range e.jours() {
		for k := range j.Plages {
			j.Plages[k].FauteDebut, j.Plages[k].FauteFin = "", ""
		}
	}
}

// tasserSaufFautes drops empty rows, unless faults name rows by their rank.
func (e *editeur) tasserSaufFautes() {
	if len(e.Fautes) == 0 {
		e.tasser()
	}
}
