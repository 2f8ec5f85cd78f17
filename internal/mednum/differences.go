package mednum

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is one thing that changed between two states of a place. Champ is
// a column of the standard, or position, permanence, permanence.compte,
// exception, sens_horaires, langues, statut, verifie_le, attente; Libelle names it as
// people say it. Avant and Apres are "" for what is not there: a list is joined
// by ", ", hours are in the OSM form, an account (permanence.compte) is its id.
type Difference struct {
	Champ   Champ
	Libelle string
	Avant   string
	Apres   string
}

// Differences compares two states of a place, in the order of the standard then
// in that of Difference. avant is nil for a place that was not there. Who made a
// change is not one; neither is date_maj where a check or a change of a person's
// moves it.
func Differences(avant, apres *Lieu) []Difference {
	if avant == nil {
		avant = &Lieu{}
	}
	d := comparaison{}
	for _, champ := range ChampsNorme {
		switch champ {
		case ChampID, ChampLatitude, ChampLongitude:
		case ChampDateMaj:
			if avant.dernierGeste().Date == apres.dernierGeste().Date {
				d.noter(champ, "", avant.Champs.Valeur(champ), apres.Champs.Valeur(champ))
			}
		default:
			d.noter(champ, "", dire(&avant.Champs, champ), dire(&apres.Champs, champ))
		}
	}
	d.noter(champPosition, "", direPosition(avant), direPosition(apres))
	d.permanences(avant, apres)
	d.exceptions(avant, apres)
	d.noter(champSensHoraires, "", libellesSens[avant.SensHoraires], libellesSens[apres.SensHoraires])
	d.noter(ChampLangues, "", direLangues(avant.Langues), direLangues(apres.Langues))
	d.noter(champStatut, "", direStatut(avant), direStatut(apres))
	d.noter(champVerification, "", avant.VerifieLe.String(), apres.VerifieLe.String())
	d.attentes(avant, apres)
	return d.liste
}

type comparaison struct{ liste []Difference }

// noter adds a difference, if there is one; precision completes its name.
func (d *comparaison) noter(champ Champ, precision, avant, apres string) {
	if avant == apres {
		return
	}
	libelle := champ.Libelle()
	if precision != "" {
		libelle += " (" + precision + ")"
	}
	d.liste = append(d.liste, Difference{champ, libelle, avant, apres})
}

func dire(c *Champs, champ Champ) string {
	if champ.EstListe() {
		return strings.Join(c.Valeurs(champ), ", ")
	}
	return c.Valeur(champ)
}

func direPosition(l *Lieu) string {
	if l.Champs.Latitude == nil || l.Champs.Longitude == nil {
		return ""
	}
	texte := degres(l.Champs.Latitude) + ", " + degres(l.Champs.Longitude)
	if precision := libellesPrecision[l.Precision]; precision != "" {
		texte += " (" + precision + ")"
	}
	return texte
}

func direStatut(l *Lieu) string {
	texte := libellesStatut[l.Statut]
	if f := l.Fermeture; f != nil {
		texte += " le " + f.Le.String() + entreParentheses(f.Motif)
	}
	if l.Vers != "" {
		texte += " (" + l.Vers + ")"
	}
	return texte
}

func entreParentheses(texte string) string {
	if texte == "" {
		return ""
	}
	return " (" + texte + ")"
}

func (d *comparaison) permanences(avant, apres *Lieu) {
	comparer(avant.Permanences, apres.Permanences, func(p *Permanence) string { return p.ID }, func(a, b *Permanence) {
		nom := nomPermanence(cmp.Or(b, a))
		d.noter(champPermanence, nom, direPermanence(a), direPermanence(b))
		if a != nil && b != nil {
			d.noter(champTenue, nom, a.Compte, b.Compte)
		} else if b != nil {
			d.noter(champTenue, nom, "", b.Compte)
		}
	})
}

func (d *comparaison) exceptions(avant, apres *Lieu) {
	comparer(avant.Exceptions, apres.Exceptions, func(e *Exception) string { return e.ID + e.regleSansMotif() }, func(a, b *Exception) {
		l := apres
		if b == nil {
			l = avant
		}
		nom := ""
		if i := l.permanence(cmp.Or(b, a).Permanence); i >= 0 {
			nom = nomPermanence(&l.Permanences[i])
		}
		d.noter(champException, nom, direException(a), direException(b))
	})
}

func (d *comparaison) attentes(avant, apres *Lieu) {
	comparer(avant.Attentes, apres.Attentes, func(a *Attente) string { return a.ID }, func(a, b *Attente) {
		d.noter(champAttente, "", direAttente(a), direAttente(b))
	})
}

// comparer calls f with each element of two lists and the one of the same key
// in the other, nil where there is none: those that stay or go, then those that
// come.
func comparer[T any](avant, apres []T, cle func(*T) string, f func(a, b *T)) {
	restent := map[string]*T{}
	for i := range apres {
		restent[cle(&apres[i])] = &apres[i]
	}
	for i := range avant {
		k := cle(&avant[i])
		f(&avant[i], restent[k])
		delete(restent, k)
	}
	for i := range apres {
		if b := restent[cle(&apres[i])]; b == &apres[i] {
			f(nil, b)
		}
	}
}

func nomPermanence(p *Permanence) string {
	if p.Arret != nil {
		return strings.TrimSpace(p.Arret.Nom + " " + p.Arret.Commune)
	}
	return cmp.Or(p.Intitule, p.Regle)
}

// direPermanence says hours of help in one line; the rule stays in the OSM form.
func direPermanence(p *Permanence) string {
	if p == nil {
		return ""
	}
	parties := []string{cmp.Or(p.Regle, "horaires non communiqués")}
	if p.TousLes > 1 {
		parties = append(parties, fmt.Sprintf("une semaine sur %d", p.TousLes))
	}
	if !p.Depuis.IsZero() {
		parties = append(parties, "depuis le "+p.Depuis.String())
	}
	if p.RendezVous {
		parties = append(parties, "sur rendez-vous")
	}
	parties = append(parties, p.Intitule)
	if a := p.Arret; a != nil {
		parties = append(parties, a.Nom, a.Adresse, strings.TrimSpace(a.CodePostal+" "+a.Commune))
		if a.Latitude != nil && a.Longitude != nil {
			parties = append(parties, degres(a.Latitude)+" "+degres(a.Longitude))
		}
	}
	parties = append(parties, p.Services...)
	return strings.Join(slices.DeleteFunc(parties, func(s string) bool { return s == "" }), ", ")
}

func (e *Exception) regleSansMotif() string {
	sans := *e
	sans.Motif = ""
	return sans.regle() + sans.Permanence
}

func direException(e *Exception) string {
	if e == nil {
		return ""
	}
	texte := "fermé"
	if e.Ouvert {
		texte = "ouvert"
	}
	if e.Du == e.Au {
		texte += " le " + e.Du.String()
	} else {
		texte += " du " + e.Du.String() + " au " + e.Au.String()
	}
	if e.Plages != "" {
		texte += ", " + e.Plages
	}
	return texte + entreParentheses(e.Motif)
}

// direAttente says what waits: "Nom : Mairie ; Adresse : 1 place Neuve".
func direAttente(a *Attente) string {
	if a == nil {
		return ""
	}
	var parties []string
	for _, champ := range slices.SortedFunc(maps.Keys(a.Champs), func(x, y Champ) int { return cmp.Compare(ordreChamps[x], ordreChamps[y]) }) {
		parties = append(parties, champ.Libelle()+" : "+cmp.Or(a.Champs[champ], "rien"))
	}
	if f := a.Fermeture; f != nil {
		parties = append(parties, "fermeture définitive le "+f.Le.String()+entreParentheses(f.Motif))
	}
	texte := strings.Join(parties, " ; ")
	if a.Refus != nil {
		texte += " (refusé : " + a.Refus.Motif + ")"
	}
	return texte
}
