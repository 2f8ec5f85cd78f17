package mednum

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// groupesQuestion are the columns that one question is about: a position is one
// point, an address one address.
var groupesQuestion = [][]Champ{{ChampLatitude, ChampLongitude}, groupeAdresse}

// groupeDe are the columns that are decided together with one, itself included.
func groupeDe(champ Champ) []Champ {
	for _, groupe := range groupesQuestion {
		if slices.Contains(groupe, champ) {
			return groupe
		}
	}
	return []Champ{champ}
}

// corriger lays over the records what people corrected, and gives the
// corrections with what the records say of each one now.
func (c *consolidation) corriger(corrections map[Champ]Correction) map[Champ]Correction {
	suite := maps.Clone(corrections)
	sources, origines := c.champs, maps.Clone(c.provenance)
	for champ, correction := range suite {
		if inalterable(champ) {
			continue
		}
		correction.relire(champ, sources.Valeur(champ), origines[champ])
		suite[champ] = correction
	}
	reviserPosition(suite, &sources, origines)
	for champ, correction := range suite {
		if inalterable(champ) {
			continue
		}
		if c.appliquer(champ, correction) && (champ == ChampLatitude || champ == ChampLongitude) {
			c.precision = PrecisionMain
		}
	}
	if c.champs.Latitude == nil || c.champs.Longitude == nil {
		c.precision = ""
	}
	return suite
}

// inalterable tells the columns that are the place's own, whatever a correction
// says.
func inalterable(champ Champ) bool { return champ == ChampID || champ == ChampDateMaj }

// relire notes what the sources say now. A source that falls silent asks
// nothing where a place cannot be without the value.
func (r *Correction) relire(champ Champ, source string, origine Origine) {
	r.ARevoir, r.Source, r.Origine = false, "", Origine{}
	if memeValeur(champ, source, r.ValeurSource) || source == "" && slices.Contains(necessaires, champ) {
		return
	}
	r.Source, r.Origine = source, origine
	r.ARevoir = !memeValeur(champ, source, r.Valeur)
}

// reviserPosition makes one question of a point: it is asked when either of its
// coordinates has moved elsewhere than where the person put it, and never by
// sources that have none.
func reviserPosition(corrections map[Champ]Correction, sources *Champs, origines map[Champ]Origine) {
	lat, aLat := corrections[ChampLatitude]
	lon, aLon := corrections[ChampLongitude]
	deplace := (lat.ARevoir || lon.ARevoir) && sources.Latitude != nil && sources.Longitude != nil
	for champ, r := range map[Champ]Correction{ChampLatitude: lat, ChampLongitude: lon} {
		if champ == ChampLatitude && !aLat || champ == ChampLongitude && !aLon {
			continue
		}
		r.ARevoir = deplace
		if deplace {
			r.Source, r.Origine = sources.Valeur(champ), origines[champ]
		}
		corrections[champ] = r
	}
}

func (c *consolidation) appliquer(champ Champ, correction Correction) bool {
	if c.champs.Affecter(champ, correction.Valeur) != nil {
		return false
	}
	c.provenance[champ] = Origine{Compte: correction.Auteur, Date: DateOf(correction.Le)}
	delete(c.valeurs, champ)
	return true
}

func memeValeur(champ Champ, a, b string) bool {
	if !champ.EstListe() {
		return a == b
	}
	return slices.Equal(slices.Sorted(slices.Values(SplitListe(a))), slices.Sorted(slices.Values(SplitListe(b))))
}

// DitSource is what the sources say now of a column that a person corrected.
func (r *Correction) DitSource() string {
	if r.ARevoir || r.Source != "" {
		return r.Source
	}
	return r.ValeurSource
}

// valeurSource is what the records of a consolidated place say of a column,
// beneath the correction that covers them.
func (l *Lieu) valeurSource(champ Champ) string {
	if correction, ok := l.Corrections[champ]; ok && l.Provenance[champ].Compte != "" {
		return correction.DitSource()
	}
	return l.Champs.Valeur(champ)
}

// Question is a value that a person wrote and that the sources have come to
// contradict: whoever answers for the place decides. Champs are the columns that
// are decided together, in the order of the standard; Champ, the first of them,
// names the question. Origine is the record that says otherwise, and when.
type Question struct {
	Champ   Champ
	Champs  []Champ
	Origine Origine
	Le      time.Time // when the person wrote it
}

// Questions are what the sources contradict, in the order of the standard.
func (l *Lieu) Questions() []Question {
	var liste []Question
	for _, champ := range ChampsNorme {
		r, ok := l.Corrections[champ]
		if !ok || !r.ARevoir {
			continue
		}
		i := slices.IndexFunc(liste, func(q Question) bool { return slices.Contains(groupeDe(champ), q.Champ) })
		if i < 0 {
			liste = append(liste, Question{Champ: champ, Origine: r.Origine, Le: r.Le})
			i = len(liste) - 1
		}
		liste[i].Champs = append(liste[i].Champs, champ)
	}
	return liste
}

// Question is the one that a column names; a column that no source contradicts
// is "introuvable".
func (l *Lieu) Question(champ Champ) (Question, error) {
	for _, q := range l.Questions() {
		if slices.Contains(groupeDe(q.Champ), champ) {
			return q, nil
		}
	}
	return Question{}, &Error{Code: Introuvable, Champ: "champ", Message: fmt.Sprintf(
		"Il n’y a rien à décider pour « %s » : la source ne dit pas autre chose que ce qui est écrit ici.", champ.Libelle())}
}

// GarderCorrection says on le that what a person wrote still holds, now that the
// sources say otherwise: it is kept while they repeat what they say today.
func (l *Lieu) GarderCorrection(champ Champ, auteur string, le time.Time) error {
	q, err := l.Question(champ)
	if err != nil {
		return err
	}
	if strings.TrimSpace(auteur) == "" {
		return invalide("auteur", "Dites qui garde cette valeur.")
	}
	l.Corrections = maps.Clone(l.Corrections)
	for _, champ := range q.Champs {
		r := l.Corrections[champ]
		l.Corrections[champ] = Correction{Valeur: r.Valeur, ValeurSource: r.Source, Auteur: auteur, Le: le.UTC().Truncate(time.Second)}
	}
	return nil
}

// SuivreSource takes what the sources have come to say.
func (l *Lieu) SuivreSource(champ Champ) error {
	q, err := l.Question(champ)
	if err != nil {
		return err
	}
	for _, champ := range q.Champs {
		l.LeverCorrection(champ)
	}
	return nil
}

// LeverCorrection gives a column back to the sources; a position goes back as a
// whole. A column that nobody corrected is left as it is.
func (l *Lieu) LeverCorrection(champ Champ) {
	l.Corrections = maps.Clone(l.Corrections)
	delete(l.Corrections, champ)
	if champ == ChampLatitude || champ == ChampLongitude {
		delete(l.Corrections, ChampLatitude)
		delete(l.Corrections, ChampLongitude)
	}
}
