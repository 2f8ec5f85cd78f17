package mednum

import (
	"maps"
	"slices"
)

// Reunir is the kept place once another one turns out to be the same: fiches are
// the records of both. What people said of the other place is taken over where
// nobody said it of the kept one:
//
//   - a column that a person corrected; of those that say what a place is (name,
//     address, position, pivot), only where the kept place has no value at all;
//   - permanences that a person entered, what they said of those of its records,
//     exceptions, changes that wait;
//   - the sense of the hours, the languages, the newest check and the newest change.
//
// Values that people wrote, on either side, stand over what the records of both
// say together: who joins two places has looked at them. What a source already
// contradicted stays to be reviewed. It is pure.
func Reunir(garde, absorbe Lieu, fiches []Fiche, flux map[string]Flux) Lieu {
	l := garde
	l.prendreCorrections(&absorbe)
	l.prendrePermanences(&absorbe)
	l.prendreExceptions(&absorbe)
	if l.SensHoraires == SensNonDit && (garde.Champs.Horaires == "" || garde.Champs.Horaires == absorbe.Champs.Horaires) {
		l.SensHoraires = absorbe.SensHoraires
	}
	if len(l.Langues) == 0 {
		l.Langues = slices.Clone(absorbe.Langues)
	}
	if absorbe.VerifieLe.Compare(l.VerifieLe) > 0 {
		l.VerifieLe, l.VerifiePar = absorbe.VerifieLe, absorbe.VerifiePar
	}
	if absorbe.ModifieLe.Compare(l.ModifieLe) > 0 {
		l.ModifieLe, l.ModifiePar = absorbe.ModifieLe, absorbe.ModifiePar
	}
	l = Consolider(l, fiches, flux)
	if l.Champs.CodeInsee != garde.Champs.CodeInsee && l.Champs.CodeInsee == absorbe.Champs.CodeInsee {
		l.HorsTerritoire = absorbe.HorsTerritoire
	}
	for champ, r := range l.Corrections {
		deja, ok := garde.Corrections[champ]
		if !ok {
			deja = absorbe.Corrections[champ]
		}
		if !deja.ARevoir && (r.ARevoir || r.Source != "") {
			r.ValeurSource = r.Source
			l.Corrections[champ] = r
		}
	}
	return Consolider(l, fiches, flux)
}

func (l *Lieu) prendreCorrections(autre *Lieu) {
	corrections := maps.Clone(l.Corrections)
	if corrections == nil {
		corrections = map[Champ]Correction{}
	}
	for champ, r := range autre.Corrections {
		if _, deja := l.Corrections[champ]; !deja && !l.dejaDit(champ) {
			corrections[champ] = r
		}
	}
	l.Corrections = corrections
}

// dejaDit tells whether a column says what the place is, and has a value: of an
// address or of a position, any part of it.
func (l *Lieu) dejaDit(champ Champ) bool {
	if champ == ChampPivot {
		return l.Champs.Pivot != "" && l.Champs.Pivot != PivotInconnu
	}
	return champ.Sensible() && slices.ContainsFunc(groupeDe(champ), func(c Champ) bool { return l.Champs.Valeur(c) != "" })
}

func (l *Lieu) prendrePermanences(autre *Lieu) {
	l.Permanences, l.Retouches = slices.Clone(l.Permanences), maps.Clone(l.Retouches)
	if l.Retouches == nil {
		l.Retouches = map[string]Retouche{}
	}
	for id, r := range autre.Retouches {
		if _, deja := l.Retouches[id]; !deja {
			l.Retouches[id] = r
		}
	}
	for _, p := range autre.Permanences {
		deja := slices.ContainsFunc(l.Permanences, func(q Permanence) bool {
			return q.ID == p.ID || q.Fiche == "" && memePermanence(&p, &q) && !autre.touche(p.ID)
		})
		if p.Fiche == "" && !deja {
			l.Permanences = append(l.Permanences, cloner(p))
		}
	}
}

func (l *Lieu) prendreExceptions(autre *Lieu) {
	l.Exceptions, l.Attentes = slices.Clone(l.Exceptions), slices.Clone(l.Attentes)
	for _, e := range autre.Exceptions {
		deja := slices.ContainsFunc(l.Exceptions, func(x Exception) bool {
			return x.ID == e.ID || x.Permanence == e.Permanence && x.regleSansMotif() == e.regleSansMotif()
		})
		if !deja && l.checkOuvertures(&e) == nil {
			l.Exceptions = append(l.Exceptions, e)
		}
	}
	l.rangerExceptions()
	for _, a := range autre.EnAttente() {
		if !slices.ContainsFunc(l.Attentes, func(b Attente) bool { return a.ID == b.ID }) {
			l.Attentes = append(l.Attentes, a)
		}
	}
}

// Rendre takes away from a place what it had taken over from another: avant and
// apres are what it was just before and just after. What somebody changed since
// stays; restes are the columns, permanence, exception or attente of which
// something stays.
func (l *Lieu) Rendre(avant, apres *Lieu) (restes []Champ) {
	l.Corrections = maps.Clone(l.Corrections)
	for _, champ := range slices.Sorted(maps.Keys(apres.Corrections)) {
		prise, r := apres.Corrections[champ], l.Corrections[champ]
		deja, avait := avant.Corrections[champ]
		intacte := r.Valeur == prise.Valeur && r.ValeurSource == prise.ValeurSource && r.Auteur == prise.Auteur && r.Le.Equal(prise.Le)
		_, encore := l.Corrections[champ]
		switch {
		case !encore:
		case intacte && avait:
			l.Corrections[champ] = deja
		case intacte:
			delete(l.Corrections, champ)
		case !avait:
			restes = append(restes, champ)
		}
	}
	var reste bool
	l.Permanences, reste = oter(l.entrees(), avant.entrees(), apres.entrees(), func(p *Permanence) string { return p.ID })
	if reste {
		restes = append(restes, champPermanence)
	}
	l.Exceptions, reste = oter(l.Exceptions, avant.Exceptions, apres.Exceptions, func(e *Exception) string { return e.ID })
	if reste {
		restes = append(restes, champException)
	}
	l.Attentes, reste = oter(l.Attentes, avant.Attentes, apres.Attentes, func(a *Attente) string { return a.ID })
	if reste {
		restes = append(restes, champAttente)
	}
	if l.SensHoraires == apres.SensHoraires {
		l.SensHoraires = avant.SensHoraires
	}
	if slices.Equal(l.Langues, apres.Langues) {
		l.Langues = slices.Clone(avant.Langues)
	}
	if l.HorsTerritoire == apres.HorsTerritoire {
		l.HorsTerritoire = avant.HorsTerritoire
	}
	if l.VerifieLe == apres.VerifieLe && l.VerifiePar == apres.VerifiePar {
		l.VerifieLe, l.VerifiePar = avant.VerifieLe, avant.VerifiePar
	}
	if l.ModifieLe == apres.ModifieLe && l.ModifiePar == apres.ModifiePar {
		l.ModifieLe, l.ModifiePar = avant.ModifieLe, avant.ModifiePar
	}
	return restes
}

// entrees are the permanences that people entered; Consolider adds the others.
func (l *Lieu) entrees() []Permanence {
	return slices.DeleteFunc(slices.Clone(l.Permanences), func(p Permanence) bool { return p.Fiche != "" })
}

// oter is a list without the elements that apres has and avant has not, as they
// were in apres; reste is whether one of them was changed since, and stays.
func oter[T any](liste, avant, apres []T, cle func(*T) string) (suite []T, reste bool) {
	rang := func(l []T, k string) int { return slices.IndexFunc(l, func(v T) bool { return cle(&v) == k }) }
	for _, v := range liste {
		i := rang(apres, cle(&v))
		if i < 0 || rang(avant, cle(&v)) >= 0 {
			suite = append(suite, v)
			continue
		}
		if !Identiques(v, apres[i]) {
			suite, reste = append(suite, v), true
		}
	}
	return suite, reste
}

// Emporter moves from another place what people said of the permanences of
// records that now are this place's (by reference), and of permanences that they
// entered here (by id): changes, and days without them, in the place of what was
// said of the same here.
func (l *Lieu) Emporter(de *Lieu, fiches, permanences []string) {
	l.Retouches, de.Retouches = maps.Clone(l.Retouches), maps.Clone(de.Retouches)
	if l.Retouches == nil {
		l.Retouches = map[string]Retouche{}
	}
	maps.DeleteFunc(l.Retouches, func(_ string, r Retouche) bool { return slices.Contains(fiches, r.Source.Fiche) })
	ids := map[string]bool{}
	for _, id := range permanences {
		ids[id] = true
	}
	for id, r := range de.Retouches {
		if slices.Contains(fiches, r.Source.Fiche) {
			l.Retouches[id], ids[id] = r, true
			delete(de.Retouches, id)
		}
	}
	for _, p := range de.Permanences {
		ids[p.ID] = ids[p.ID] || slices.Contains(fiches, p.Fiche)
	}
	emportees := slices.DeleteFunc(slices.Clone(de.Exceptions), func(e Exception) bool { return !ids[e.Permanence] })
	de.Exceptions = slices.DeleteFunc(slices.Clone(de.Exceptions), func(e Exception) bool { return ids[e.Permanence] })
	l.Exceptions = slices.DeleteFunc(slices.Clone(l.Exceptions), func(e Exception) bool { return ids[e.Permanence] })
	l.Exceptions = append(l.Exceptions, emportees...)
	l.rangerExceptions()
}

// Entrees are the ids of the permanences that people entered.
func (l *Lieu) Entrees() []string {
	var ids []string
	for _, p := range l.entrees() {
		ids = append(ids, p.ID)
	}
	return ids
}
