package collecte

import (
	"fmt"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// National files join the ids of the rows that they merge by "__", each after
// the name of its source: "Coop-numérique_abc__82-numérique_3k7xcdfh".
const jointure = "__"

// cleLongue is from how many signs on a key is known by itself, whatever stands
// before it: 24 for the ids of the Conseillers numériques. A shorter one ("992")
// needs the name of its source.
const cleLongue = 12

// retour is what an id says of places that we already hold: ours by their
// public id, and those of the records whose keys are in it. Places come in the
// order of the id, each once.
type retour struct {
	lieux   []string
	propre  bool // one of them by its public id
	jointe  bool // the id is not bare: it went through somebody else's file
	raisons []string
}

// indexCles are the records that a part of an id may name: by key.
func (e *etat) indexCles() map[string][]string {
	parCle := map[string][]string{}
	for _, ref := range triees(e.fiches) {
		f := e.fiches[ref]
		parCle[f.Cle] = append(parCle[f.Cle], ref)
	}
	return parCle
}

// attachRetours attaches the new records whose id names a place that we hold.
// A place of ours that went through somebody else's file (Fiche.Retour) adds no
// freshness and replaces nothing. An id that joins two places of ours is a
// question for a person.
func (p *planner) attachRetours() {
	if len(p.nouvelles) == 0 || len(p.avant.lieux) == 0 {
		return
	}
	parCle := p.avant.indexCles()
	for _, ref := range p.nouvelles {
		f := p.fiches[ref]
		r := p.avant.lireRetour(f.Cle, f.Flux, parCle)
		if len(r.lieux) == 0 {
			continue
		}
		l := p.lieux[r.lieux[0]]
		f.Retour = r.propre && (r.jointe || f.Producteur != "" && !strings.Contains(", "+l.Champs.Source+", ", ", "+f.Producteur+", "))
		p.fiches[ref] = f
		if f.Retour {
			r.raisons = append(r.raisons, "Revenu par un autre fichier que notre export : sa date ne compte pas.")
		}
		p.join(ref, r.lieux[0], r.raisons)
		for _, autre := range r.lieux[1:] {
			if !p.lieuxDistincts(r.lieux[0], autre) {
				p.demander(ref, QuestionLigne{
					Genre: GenreDoublon, Lieux: []string{r.lieux[0], autre},
					Nom: p.lieux[autre].Champs.Nom, Commune: p.lieux[autre].Champs.Commune,
					Raisons: []string{reunitCesLieux(f.Cle)},
				})
			}
		}
	}
}

// reunitCesLieux is why two places of ours may be one: an id joins them.
func reunitCesLieux(cle string) string {
	return fmt.Sprintf("L’identifiant « %s » réunit ces deux lieux.", cle)
}

// lieuxDistincts tells whether a person said that two places are two.
func (p *planner) lieuxDistincts(a, b string) bool {
	autres := p.avant.referencesDe(b)
	return slices.ContainsFunc(p.avant.referencesDe(a), func(ref string) bool {
		return slices.ContainsFunc(autres, func(autre string) bool { return p.distincts(ref, autre) })
	})
}

// lireRetour reads the id of a record of a flow.
func (e *etat) lireRetour(cle, flux string, parCle map[string][]string) (r retour) {
	parties := strings.Split(cle, jointure)
	for _, partie := range parties {
		lieu, raison, propre, nue := e.reconnaitre(partie, flux, parCle)
		if lieu == "" {
			continue
		}
		r.jointe = r.jointe || propre && (!nue || len(parties) > 1)
		r.propre = r.propre || propre
		r.raisons = append(r.raisons, raison)
		if !slices.Contains(r.lieux, lieu) {
			r.lieux = append(r.lieux, lieu)
		}
	}
	return r
}

// reconnaitre is the living place that a part of an id names: by its public id,
// bare or after the name of a source, alone or with the name of a stop; or by
// the key of a record.
func (e *etat) reconnaitre(partie, flux string, parCle map[string][]string) (lieu, raison string, propre, nue bool) {
	for _, debut := range debuts(partie) {
		id, _, _ := strings.Cut(partie[debut:], "-")
		if lieu = e.devenu(id); lieu != "" {
			return lieu, "Même identifiant public : " + id + ".", true, debut == 0
		}
	}
	for _, debut := range debuts(partie) {
		for _, ref := range parCle[partie[debut:]] {
			f := e.fiches[ref]
			if f.Flux == flux || len(f.Cle) < cleLongue && !nommeSource(partie[:debut], e.flux[f.Flux]) {
				continue
			}
			if l, ok := e.lieux[f.Lieu]; ok && vivant(l) {
				return f.Lieu, fmt.Sprintf("Identifiant d’une fiche déjà connue : %s.", ref), false, debut == 0
			}
		}
	}
	return "", "", false, false
}

// debuts are where an id may begin in a part: at its start, and after each "_"
// and "-" that ends the name of a source.
func debuts(partie string) []int {
	liste := []int{0}
	for i, c := range partie {
		if c == '_' || c == '-' {
			liste = append(liste, i+1)
		}
	}
	return liste
}

// devenu is the living place of a public id: itself, or what it was merged into;
// "" when there is none.
func (e *etat) devenu(id string) string {
	if !mednum.EstID(id) {
		return ""
	}
	for range 10 { // merges of merges; a ring ends
		l, ok := e.lieux[id]
		if !ok || l.Statut != mednum.StatutFusionne {
			if ok && vivant(l) {
				return id
			}
			return ""
		}
		id = l.Vers
	}
	return ""
}

// nommeSource tells whether a prefix is the name of a source, or its id.
func nommeSource(prefixe string, f mednum.Flux) bool {
	nom := mednum.Cle(prefixe)
	return nom != "" && (nom == mednum.Cle(f.ID) || nom == mednum.Cle(f.Nom))
}
