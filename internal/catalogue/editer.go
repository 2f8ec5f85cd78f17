package catalogue

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Changement is what a person gives of a place beside its hours, permanences
// and exceptions. Champs are columns in the standard's CSV form (see
// mednum.Lieu.Corriger): those that say what the place says already change
// nothing, so that a whole form may be given. Lever gives columns back to the
// sources. Verifie says that the rest is right too: the place is checked today.
type Changement struct {
	Champs    map[mednum.Champ]string
	Position  *geo.Point
	Fermeture *mednum.Fermeture // closes the place for good
	Lever     []mednum.Champ
	Langues   *[]string // codes of mednum.Langues, nil when they are not given
	Verifie   bool
}

// SetRelecture has what a place is (mednum.Champ.Sensible, its closing for good)
// wait for a coordinator when somebody else changes it. It is to be called
// before the catalogue serves.
func (c *Catalogue) SetRelecture(oui bool) { c.relecture = oui }

// Editer makes one revision of what a person gives, and returns the place as it
// left it. With SetRelecture, what changes what the place is waits for a
// coordinator, unless the author is one: attente is that part, already checked,
// nil when all was done.
//
// It refuses what Modifier refuses; what the standard or the territory does not
// allow is "invalide", one error a field, joined (see mednum.Errors): then
// nothing is written, nor waits.
func (c *Catalogue) Editer(ctx context.Context, id string, e Edition, ch Changement) (l mednum.Lieu, attente *mednum.Attente, err error) {
	propre := ""
	if e.Idempotence != "" {
		propre = mednum.NouvelID(id + "/attente/" + e.Idempotence)
	}
	l, err = c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		a, err := c.editer(l, e, ch, propre)
		if a != nil {
			propre = a.ID
		}
		return err
	})
	if err != nil {
		return l, nil, err
	}
	if a, err := l.Attente(propre); err == nil {
		attente = &a
	}
	return l, attente, nil
}

// Suivre takes what the source of a place has come to say of a column that a
// person had written (see mednum.Lieu.SuivreSource). With SetRelecture, what
// changes what the place is waits for a coordinator, as in Editer.
func (c *Catalogue) Suivre(ctx context.Context, id string, champ mednum.Champ, e Edition) (mednum.Lieu, error) {
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		q, err := l.Question(champ)
		if err != nil {
			return err
		}
		if !c.attend(l, e.Droits) || !q.Champ.Sensible() {
			return l.SuivreSource(champ)
		}
		_, err = c.editer(l, e, Changement{Lever: q.Champs}, "")
		return err
	})
}

// part is what a person changes at once, or what waits.
type part struct {
	champs    map[mednum.Champ]string
	fermeture *mednum.Fermeture
}

func (p *part) vide() bool { return len(p.champs) == 0 && p.fermeture == nil }

// editer makes the change, and returns what waits, nil when nothing does.
func (c *Catalogue) editer(l *mednum.Lieu, e Edition, ch Changement, id string) (*mednum.Attente, error) {
	le, attend := c.now(), c.attend(l, e.Droits)
	champs, err := c.changes(l, ch, attend)
	if err != nil {
		return nil, err
	}
	directe, retenue := part{champs, ch.Fermeture}, part{}
	if attend {
		directe, retenue = partager(directe)
	}
	if err := c.appliquer(l, directe, e.Auteur, le); err != nil {
		return nil, err
	}
	if ch.Langues != nil {
		if err := l.DireLangues(*ch.Langues); err != nil {
			return nil, err
		}
	}
	for _, champ := range ch.Lever {
		if !attend || !champ.Sensible() {
			l.LeverCorrection(champ)
		}
	}
	if ch.Verifie {
		if err := l.Verifier(c.jour(le), e.Auteur, c.jour(le)); err != nil {
			return nil, err
		}
	}
	if retenue.vide() {
		return nil, nil
	}
	return c.retenir(l, retenue, mednum.Attente{ID: id, Champs: retenue.champs, Auteur: e.Auteur, Le: le})
}

// retenir has a part wait, once it is known that it could be done today.
func (c *Catalogue) retenir(l *mednum.Lieu, p part, a mednum.Attente) (*mednum.Attente, error) {
	essai := *l
	if err := c.appliquer(&essai, p, a.Auteur, a.Le); err != nil {
		return nil, err
	}
	if p.fermeture != nil {
		a.Fermeture = essai.Fermeture
	}
	a, err := l.Attendre(a)
	return &a, err
}

// attend tells whether what changes what the place is has to wait.
func (c *Catalogue) attend(l *mednum.Lieu, droits []mednum.Habilitation) bool {
	return c.relecture && !c.Coordonne(droits, l)
}

func (c *Catalogue) jour(t time.Time) mednum.Date {
	return mednum.DateOf(t.In(c.territoire.Location()))
}

// changes are the columns that a change gives another value, as they are to be
// kept; of a sensitive column that is to be given back to the sources once
// somebody else agrees, theirs.
func (c *Catalogue) changes(l *mednum.Lieu, ch Changement, attend bool) (map[mednum.Champ]string, error) {
	var fautes []error
	champs := map[mednum.Champ]string{}
	for _, champ := range dansOrdre(ch.Champs) {
		if ch.Champs[champ] == l.Champs.Valeur(champ) {
			continue // also where an import kept what nobody could write
		}
		valeur, err := mednum.Saisir(champ, ch.Champs[champ])
		if err != nil {
			fautes = append(fautes, err)
		} else if valeur != l.Champs.Valeur(champ) {
			champs[champ] = valeur
		}
	}
	for _, champ := range ch.Lever {
		if correction, ok := l.Corrections[champ]; ok && champ.Sensible() && attend {
			champs[champ] = correction.DitSource()
		}
	}
	if p := ch.Position; p != nil {
		essai := mednum.Lieu{}
		if err := essai.Deplacer(p.Lat, p.Lon, "essai", time.Time{}); err != nil {
			fautes = append(fautes, err)
		}
		for champ, correction := range essai.Corrections {
			champs[champ] = correction.Valeur
		}
	}
	if len(fautes) > 0 {
		return nil, errors.Join(fautes...)
	}
	champs, err := c.accorder(l, champs)
	if err != nil {
		return nil, err
	}
	return differents(l, champs), nil
}

// differents leaves out what the place says already; a position is whole.
func differents(l *mednum.Lieu, champs map[mednum.Champ]string) map[mednum.Champ]string {
	reste := map[mednum.Champ]string{}
	deplace := false
	for champ, valeur := range champs {
		if valeur != l.Champs.Valeur(champ) {
			reste[champ] = valeur
			deplace = deplace || estPosition(champ)
		}
	}
	if deplace {
		for _, champ := range positions {
			reste[champ] = champs[champ]
		}
	}
	return reste
}

var positions = []mednum.Champ{mednum.ChampLatitude, mednum.ChampLongitude}

func estPosition(champ mednum.Champ) bool { return slices.Contains(positions, champ) }

// dansOrdre are the columns in the order of the standard, unknown ones last.
func dansOrdre(champs map[mednum.Champ]string) []mednum.Champ {
	liste := slices.DeleteFunc(slices.Clone(mednum.ChampsNorme), func(champ mednum.Champ) bool { _, ok := champs[champ]; return !ok })
	for _, champ := range slices.Sorted(maps.Keys(champs)) {
		if !slices.Contains(liste, champ) {
			liste = append(liste, champ)
		}
	}
	return liste
}

// partager tells what is done at once from what waits.
func partager(p part) (directe, retenue part) {
	directe, retenue = part{champs: map[mednum.Champ]string{}}, part{map[mednum.Champ]string{}, p.fermeture}
	for champ, valeur := range p.champs {
		if champ.Sensible() {
			retenue.champs[champ] = valeur
		} else {
			directe.champs[champ] = valeur
		}
	}
	return directe, retenue
}

// appliquer corrects the columns, latitude and longitude together, and closes
// the place when that is asked.
func (c *Catalogue) appliquer(l *mednum.Lieu, p part, auteur string, le time.Time) error {
	for _, champ := range dansOrdre(p.champs) {
		var err error
		switch champ {
		case mednum.ChampLatitude:
			err = deplacer(l, p.champs, auteur, le)
		case mednum.ChampLongitude: // with the latitude
		default:
			err = l.Corriger(champ, p.champs[champ], auteur, le)
		}
		if err != nil {
			return err
		}
	}
	if p.fermeture == nil {
		return nil
	}
	return l.FermerDefinitivement(*p.fermeture, c.jour(le))
}

func deplacer(l *mednum.Lieu, champs map[mednum.Champ]string, auteur string, le time.Time) error {
	lat, errLat := strconv.ParseFloat(champs[mednum.ChampLatitude], 64)
	lon, errLon := strconv.ParseFloat(champs[mednum.ChampLongitude], 64)
	if errLat != nil || errLon != nil {
		return invalide(string(mednum.ChampLatitude), "Donnez la latitude et la longitude ensemble, en degrés décimaux, comme 44.0221 et 1.3529.")
	}
	return l.Deplacer(lat, lon, auteur, le)
}
