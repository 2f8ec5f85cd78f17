package mednum

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// preuve is the newest evidence of the place: a human check, or a record that did
// not come back to us. The provenance of date_maj is that, or the last change of
// a person's.
func (c *consolidation) preuve(lieu *Lieu) Preuve {
	preuve := Preuve{Date: lieu.VerifieLe}
	origine := Origine{Compte: lieu.VerifiePar, Date: lieu.VerifieLe}
	for i := range c.fiches[:c.propres] {
		if f := &c.fiches[i]; f.DateMaj.Compare(preuve.Date) > 0 {
			preuve = Preuve{Date: f.DateMaj, Flux: f.Flux}
			origine = f.origine()
		}
	}
	if geste := lieu.dernierGeste(); geste.Date.Compare(origine.Date) > 0 || preuve.Flux != "" && geste.Date == origine.Date {
		origine = geste
	}
	if !origine.Date.IsZero() {
		c.provenance[ChampDateMaj] = origine
	}
	return preuve
}

// dernierGeste is the last time that somebody checked the place or changed
// something of it, and who.
func (l *Lieu) dernierGeste() Origine {
	dernier := Origine{Compte: l.VerifiePar, Date: l.VerifieLe}
	noter := func(auteur string, jour Date) {
		if jour.Compare(dernier.Date) > 0 {
			dernier = Origine{Compte: auteur, Date: jour}
		}
	}
	noter(l.ModifiePar, l.ModifieLe)
	for _, champ := range slices.Sorted(maps.Keys(l.Corrections)) {
		noter(l.Corrections[champ].Auteur, jourDe(l.Corrections[champ].Le))
	}
	for _, id := range slices.Sorted(maps.Keys(l.Retouches)) {
		if r := l.Retouches[id]; r.contredit() {
			noter(r.Auteur, jourDe(r.Le))
		}
	}
	return dernier
}

func jourDe(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return DateOf(t)
}

// MemesDires tells whether people say the same of two states of a place:
// corrections, permanences, exceptions, sense of the hours, state. Who says so,
// who holds a permanence, checks, and what waits are not compared.
func MemesDires(a, b *Lieu) bool {
	return Identiques(a.dires(), b.dires())
}

// dires are what people say of a place, without who, nor what Consolider adds.
func (l *Lieu) dires() any {
	type dire struct {
		Champs      map[Champ][2]string
		Permanences []Permanence
		Retouches   map[string]Retouche
		Exceptions  []Exception
		Sens        SensHoraires
		Langues     []string
		Statut      Statut
		Fermeture   *Fermeture
	}
	d := dire{Champs: map[Champ][2]string{}, Retouches: map[string]Retouche{}, Exceptions: l.Exceptions, Sens: l.SensHoraires, Langues: l.Langues, Statut: l.Statut, Fermeture: l.Fermeture}
	for champ, r := range l.Corrections {
		d.Champs[champ] = [2]string{r.Valeur, r.ValeurSource}
	}
	for _, p := range l.Permanences {
		if p.Fiche == "" {
			p.Compte = ""
			d.Permanences = append(d.Permanences, p)
		}
	}
	for id, r := range l.Retouches {
		if r.contredit() {
			d.Retouches[id] = Retouche{Permanence: r.Permanence, Cachee: r.Cachee, Source: r.Source, Absente: r.Absente}
		}
	}
	return d
}

// FluxDe is the flow of the record that gave a value, "" when a person did.
func FluxDe(o Origine) string {
	flux, _, _ := strings.Cut(o.Fiche, "/")
	return flux
}

// OrigineDe says where a value of a column comes from: that of the column, or of
// the list's own value.
func (l *Lieu) OrigineDe(champ Champ, valeur string) Origine {
	for _, v := range l.ProvenanceValeurs[champ] {
		if v.Valeur == valeur {
			return v.Origine
		}
	}
	return l.Provenance[champ]
}
