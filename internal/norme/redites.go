package norme

import (
	"maps"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// SansRedites is a row of an export of ours that was read again, of the place l
// or of one of its stops (by its id), without what it only repeats: what it keeps
// was changed since by whoever sent it back. rien says that it keeps nothing.
// What the row tells in words (hours of help, closings) is a repetition whatever
// the day of the export; so is a stop that the place has.
func SansRedites(f mednum.Fiche, l *mednum.Lieu) (reste mednum.Fiche, rien bool) {
	arrets := l.IDPassages(l.Passages())
	if arret, ok := strings.CutPrefix(f.Cle, l.ID+"-"); ok {
		f = arretSeul(arret, f, l)
	}
	f.Champs = maps.Clone(f.Champs)
	maps.DeleteFunc(f.Champs, func(champ mednum.Champ, texte string) bool { return redite(l, champ, texte) })
	f.Permanences = slices.DeleteFunc(slices.Clone(f.Permanences), func(p mednum.Permanence) bool { return slices.Contains(arrets, p.ID) })
	f.Exceptions = slices.DeleteFunc(slices.Clone(f.Exceptions), func(e mednum.Exception) bool { return connait(l, e, arrets) })
	return f, len(f.Champs) == 0 && len(f.Permanences) == 0
}

// arretSeul is the row of a stop whose service has no row in the file: it says
// something of that stop, and nothing of the place itself.
func arretSeul(id string, f mednum.Fiche, l *mednum.Lieu) mednum.Fiche {
	service := mednum.Fiche{Champs: map[mednum.Champ]string{mednum.ChampNom: l.Champs.Nom, mednum.ChampServices: l.Champs.Valeur(mednum.ChampServices)}}
	f.Permanences = []mednum.Permanence{permanenceDe(id, &f, &service)}
	f.Exceptions = slices.Clone(f.Exceptions)
	for i := range f.Exceptions {
		f.Exceptions[i].Permanence = id
	}
	f.Champs = nil
	return f
}

// redite tells whether the place says already what a row of its export says in a
// column.
func redite(l *mednum.Lieu, champ mednum.Champ, texte string) bool {
	dit := l.Champs.Valeur(champ)
	switch {
	case champ == mednum.ChampID || champ == mednum.ChampDateMaj:
		return true
	case champ == mednum.ChampPivot && texte == mednum.PivotInconnu:
		return true
	case champ == mednum.ChampAdresse && texte == AdresseInconnue && dit == "": // see Export.lignes
		return true
	case champ == mednum.ChampPresentationDetail:
		dites := phrasesDe(l)
		return sansPhrases(texte, dites) == sansPhrases(dit, dites)
	case champ == mednum.ChampHoraires:
		base, _ := separerExceptions(dit)
		return texte == dit || texte == base
	case champ.EstListe():
		return slices.Equal(slices.Sorted(slices.Values(mednum.SplitListe(texte))), slices.Sorted(slices.Values(mednum.SplitListe(dit))))
	case champ == mednum.ChampLatitude || champ == mednum.ChampLongitude:
		var c mednum.Champs
		return c.Affecter(champ, texte) == nil && c.Valeur(champ) == dit
	}
	return strings.TrimSpace(texte) == strings.TrimSpace(dit)
}

// phrasesDe are the sentences that an export of the place may have told, on any
// day.
func phrasesDe(l *mednum.Lieu) (phrases []string) {
	tot, tard := Export{}, Export{Jour: mednum.Date{Annee: 9999, Mois: 12, Jour: 31}}
	phrases = append(direSens(l), direExceptions("", l.ExceptionsDe(""), tot.Jour)...)
	for _, x := range []Export{tot, tard} {
		phrases = append(phrases, x.direPermanences(l)...)
		for _, groupe := range l.Passages() {
			phrases = append(phrases, x.direArret(l, groupe)...)
		}
	}
	return phrases
}

// sansPhrases are the lines of a text that are none of those sentences.
func sansPhrases(texte string, phrases []string) string {
	lignes := slices.DeleteFunc(strings.Split(texte, "\n"), func(ligne string) bool {
		return slices.ContainsFunc(phrases, func(p string) bool { return sansDates(p) == sansDates(ligne) })
	})
	return strings.TrimSpace(strings.Join(lignes, "\n"))
}

// connait tells whether the place has an exception that a row of its export
// tells: of itself, or of a stop, which it closes with it.
func connait(l *mednum.Lieu, e mednum.Exception, arrets []string) bool {
	return slices.ContainsFunc(l.Exceptions, func(x mednum.Exception) bool {
		meme := x.Du == e.Du && x.Au == e.Au && x.Ouvert == e.Ouvert && x.Plages == e.Plages
		return meme && (x.Permanence == "" && (e.Permanence == "" || !e.Ouvert) || x.Permanence != "" && slices.Contains(arrets, e.Permanence))
	})
}
