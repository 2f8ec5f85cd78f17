package catalogue

import (
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// creneauAide is when somebody is there to help at a fixed place: a permanence
// and its rule (nil when its hours are not known), or the place's own hours
// when a person has said that they are those of the help.
type creneauAide struct {
	permanence *mednum.Permanence
	regle      *horaires.Expression
}

// aidesDe lists the help of a fixed place: help, not doors. It is empty where
// nobody has told one from the other.
func aidesDe(v *Vue) []creneauAide {
	var aides []creneauAide
	for i := range v.Permanences {
		p := &v.Permanences[i]
		if p.Arret == nil && !slices.Equal(p.Services, materielSeul) {
			aides = append(aides, creneauAide{p, v.regles[p.ID]})
		}
	}
	if v.SensHoraires == mednum.SensAide && v.effectives != nil {
		aides = append(aides, creneauAide{&mednum.Permanence{}, v.effectives})
	}
	return aides
}

// aidesFraiches leaves out the help told by the record that gave the hours, when
// it is past its limit (see horairesPerimes), and these hours themselves; what a
// person has said of it since stays.
func (c *Catalogue) aidesFraiches(v *Vue, maintenant time.Time) []creneauAide {
	if len(v.aides) == 0 || !c.horairesPerimes(v, maintenant) {
		return v.aides
	}
	fiche := v.Provenance[mednum.ChampHoraires].Fiche
	var fraiches []creneauAide
	for _, a := range v.aides {
		dite := v.Retouches[a.permanence.ID]
		redite := dite.Permanence != nil && !c.tropVieux(mednum.DateOf(dite.Le), "", maintenant)
		if a.permanence.ID != "" && (a.permanence.Fiche != fiche || redite) {
			fraiches = append(fraiches, a)
		}
	}
	return fraiches
}

// aideDatee tells whether the state of the place is that of its help: it has
// permanences, or a person has said what its hours are the hours of.
func (v *Vue) aideDatee() bool { return len(v.aides) > 0 || v.SensHoraires == mednum.SensLieu }

// Ambigu tells whether the hours may be those of the place or those of the
// person who helps there, and nobody has said which.
func (c *Catalogue) Ambigu(v *Vue) bool {
	if v.aideDatee() || v.SensHoraires != mednum.SensNonDit {
		return false
	}
	flux := c.flux.Load()
	return flux != nil && (*flux)[mednum.FluxDe(v.Provenance[mednum.ChampHoraires])].HorairesAmbigus
}

// etatAide is the state of the help at a fixed place, and of its doors beside
// it: "Aide sur place · jusqu’à 12 h", "Médiathèque ouverte · aide numérique mardi à
// 10 h".
func (c *Catalogue) etatAide(v *Vue, maintenant time.Time) Etat {
	cal := c.calendrier(v.Champs.CodeInsee)
	var meilleur reponseAide
	change := minuitSuivant(maintenant)
	for _, a := range c.aidesFraiches(v, maintenant) {
		r := repondre(a, maintenant, cal)
		if r.avant(meilleur) {
			meilleur = r
		}
		change = plusTot(change, r.suite.Change)
	}
	porte, bascule := c.porte(v, maintenant, cal)
	e := meilleur.dire(v, porte, maintenant)
	e.Change = plusTot(change, bascule)
	return e
}

// porte says that the doors are open, "" when they are not or when nobody
// knows, and when that may change.
func (c *Catalogue) porte(v *Vue, maintenant time.Time, cal horaires.Calendrier) (phrase string, change time.Time) {
	if v.effectives == nil || v.SensHoraires == mednum.SensAide || c.horairesPerimes(v, maintenant) {
		return "", change
	}
	r := v.effectives.A(maintenant, cal)
	if r.Etat != horaires.Ouvert || r.AConfirmer() {
		return "", r.Change
	}
	return textes.LieuOuvert(v.Champs.Nom), r.Change
}

// rangAide orders what can be said of the help of a place, the best last.
type rangAide int

const (
	aideInconnue  rangAide = iota
	aideDemandee           // by appointment, at hours that are not known
	aideAVenir             // its next beginning is known
	aideAVerifier          // perhaps now: a public holiday, a comment
	aideSurRDV             // now, by appointment
	aidePresente
)

type reponseAide struct {
	rang  rangAide
	aide  creneauAide
	suite horaires.Reponse
}

func repondre(a creneauAide, maintenant time.Time, cal horaires.Calendrier) reponseAide {
	r := reponseAide{aide: a}
	if a.regle == nil {
		if a.permanence.RendezVous {
			r.rang = aideDemandee
		}
		return r
	}
	r.suite = a.regle.A(maintenant, cal)
	switch {
	case r.suite.Etat == horaires.Ouvert && !r.suite.AConfirmer() && a.permanence.RendezVous:
		r.rang = aideSurRDV
	case r.suite.Etat == horaires.Ouvert && !r.suite.AConfirmer():
		r.rang = aidePresente
	case r.suite.Etat != horaires.Ferme && parleDeRendezVous(r.suite.Commentaire):
		r.rang = aideSurRDV
	case r.suite.Etat != horaires.Ferme:
		r.rang = aideAVerifier
	case !r.suite.Bascule.Debut.IsZero():
		r.rang = aideAVenir
	}
	return r
}

// avant tells whether r says more than q, or comes sooner.
func (r reponseAide) avant(q reponseAide) bool {
	if q.aide.permanence == nil || r.rang != q.rang {
		return q.aide.permanence == nil || r.rang > q.rang
	}
	return r.rang == aideAVenir && r.suite.Bascule.Debut.Before(q.suite.Bascule.Debut)
}

func (r reponseAide) dire(v *Vue, porte string, maintenant time.Time) Etat {
	switch r.rang {
	case aidePresente:
		return Etat{Genre: EtatOuvert, Phrase: "Aide sur place" + jusqua(r.suite, maintenant), Detail: conseil(&v.Lieu)}
	case aideSurRDV:
		return Etat{Genre: EtatRDV, Phrase: "Aide sur rendez-vous" + jusqua(r.suite, maintenant), Detail: accesAppeler}
	case aideAVerifier:
		return Etat{Genre: EtatConfirmer, Phrase: textes.Ouverture(r.suite, maintenant, maintenant.Location())}
	case aideAVenir:
		e := Etat{Genre: EtatPlusTard, Detail: reserve(r.aide.permanence, r.suite)}
		e.Phrase = joindre(porte, "aide numérique "+textes.Moment(r.suite.Bascule.Debut.In(maintenant.Location()), maintenant))
		if r.aide.permanence.RendezVous || parleDeRendezVous(r.suite.Bascule.Commentaire) {
			e.Genre = EtatRDV
		}
		return e
	case aideDemandee:
		return Etat{Genre: EtatRDV, Phrase: joindre(porte, "aide numérique sur rendez-vous"), Detail: accesAppeler}
	}
	return Etat{Genre: EtatInconnu, Phrase: joindre(porte, "heures de l’aide non communiquées"), Detail: accesAppeler}
}

// joindre puts what is said of the doors before what is said of the help.
func joindre(porte, aide string) string {
	if porte == "" {
		return textes.Majuscule(aide)
	}
	return porte + " · " + aide
}

func minuitSuivant(t time.Time) time.Time {
	a, m, j := t.Date()
	return time.Date(a, m, j+1, 0, 0, 0, 0, t.Location())
}

// plusTot is the first of two instants; zero is never.
func plusTot(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
