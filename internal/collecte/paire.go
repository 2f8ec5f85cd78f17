package collecte

import (
	"context"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// ColonnesReunies are the columns of which the person who joins two places may
// choose the value. An address and a position are chosen as a whole: adresse and
// latitude stand for them.
var ColonnesReunies = slices.DeleteFunc(slices.Clone(mednum.ChampsNorme), func(champ mednum.Champ) bool {
	return GroupeReuni(champ) == nil
})

// groupeAdresse is what adresse stands for.
var groupeAdresse = []mednum.Champ{mednum.ChampAdresse, mednum.ChampComplementAdresse, mednum.ChampCodePostal, mednum.ChampCommune, mednum.ChampCodeInsee}

// GroupeReuni are the columns that go together under one of ColonnesReunies, nil
// for a column that is not chosen by itself.
func GroupeReuni(champ mednum.Champ) []mednum.Champ {
	switch {
	case champ == mednum.ChampAdresse:
		return groupeAdresse
	case champ == mednum.ChampLatitude:
		return []mednum.Champ{mednum.ChampLatitude, mednum.ChampLongitude}
	case slices.Contains(groupeAdresse, champ) || !champ.Corrigeable():
		return nil
	}
	return []mednum.Champ{champ}
}

// Paire is two places side by side: the one that Fusionner would rather keep
// first, with the records of each. Reunis[i] is what they would be as one, were
// the i-th kept; Refus[i] why that makes no sense, nil when it does. Sur, Score,
// Raisons and Contre are those of their two records that look alike most.
type Paire struct {
	Lieux     [2]mednum.Lieu
	Fiches    [2][]mednum.Fiche
	Reunis    [2]mednum.Lieu
	Refus     [2]error
	Sur       bool
	Score     float64
	Raisons   []string
	Contre    []string
	Distincts bool // somebody said that they are two
}

// Paire reads two places that may be one. One that is not known is
// "introuvable"; one that was joined or withdrawn, or the same twice, is
// "invalide".
func (c *Collecte) Paire(ctx context.Context, a, b string) (Paire, error) {
	e, err := c.lireDeux(ctx, a, b)
	if err != nil {
		return Paire{}, err
	}
	if a == b {
		return Paire{}, memeLieuDeuxFois()
	}
	p := e.comparer(a, b)
	for i := range p.Lieux {
		garde, absorbe := p.Lieux[i], p.Lieux[1-i]
		p.Fiches[i] = e.fichesDe(garde.ID)
		if p.Refus[i] = fusionnables(e, garde.ID, absorbe.ID); p.Refus[i] == nil {
			p.Reunis[i] = mednum.Reunir(garde, absorbe, slices.Concat(e.fichesDe(garde.ID), e.fichesDe(absorbe.ID)), e.flux)
		}
	}
	distinctions, err := c.distinctionsDe(ctx)
	if err != nil {
		return Paire{}, err
	}
	un, deux := e.referencesDe(a), e.referencesDe(b)
	p.Distincts = slices.ContainsFunc(distinctions, func(d distinction) bool { return d.separe(a, b, un, deux) })
	return p, nil
}

// lireDeux is the part of the base that two places are made of.
func (c *Collecte) lireDeux(ctx context.Context, a, b string) (etat, error) {
	e := etatVide()
	var err error
	if e.flux, err = c.Base.Flux(ctx); err != nil {
		return e, err
	}
	for _, id := range []string{a, b} {
		l, err := c.Base.Lieu(ctx, id)
		switch {
		case estCode(err, mednum.Introuvable):
			return e, existe(e, id)
		case err != nil:
			return e, err
		}
		e.lieux[id] = l
		if err := existe(e, id); err != nil {
			return e, err
		}
		fiches, err := c.Base.FichesDe(ctx, id)
		if err != nil {
			return e, err
		}
		for _, f := range fiches {
			e.fiches[f.Reference()] = f
		}
	}
	return e, nil
}

// comparer puts two places in order, and says what their records have in common.
func (e *etat) comparer(a, b string) Paire {
	de := func(id string) []mednum.Fiche {
		if fiches := e.fichesDe(id); len(fiches) > 0 {
			return fiches
		}
		l := e.lieux[id]
		return []mednum.Fiche{ficheDuLieu(&l)}
	}
	p := Paire{Score: -1}
	for _, x := range de(a) {
		for _, y := range de(b) {
			r := rapproche.Comparer(&x, &y)
			sur := r.Verdict == rapproche.Sur
			if p.Score >= 0 && (p.Sur && !sur || p.Sur == sur && p.Score >= r.Score) {
				continue
			}
			p.Lieux = [2]mednum.Lieu{e.lieux[a], e.lieux[b]}
			if e.prefere(&y, &x) {
				p.Lieux[0], p.Lieux[1] = p.Lieux[1], p.Lieux[0]
			}
			p.Sur, p.Score, p.Raisons, p.Contre = sur, r.Score, r.Raisons, r.Contre
		}
	}
	return p
}

// checkVus refuses to join places that moved since somebody looked at them.
func (f *Fusion) checkVus(e etat) error {
	for i, id := range []string{f.Garde, f.Absorbe} {
		if f.Vus[i] != 0 && f.Vus[i] != e.lieux[id].Version {
			return &mednum.Error{Code: mednum.Perime, Champ: "version", Message: "L’un de ces lieux a changé depuis que vous avez ouvert cette page : relisez-les, puis recommencez."}
		}
	}
	return nil
}

// choisir has the joined place show the values that somebody chose, as their own
// corrections on le.
func (f *Fusion) choisir(e etat, reuni mednum.Lieu, fiches []mednum.Fiche, auteur string, le time.Time) (mednum.Lieu, error) {
	choisi := false
	for _, champ := range ColonnesReunies {
		id, ok := f.Prendre[champ]
		if !ok {
			continue
		}
		if id != f.Garde && id != f.Absorbe {
			return reuni, invalide(string(champ), "Prenez la valeur de l’un des deux lieux.")
		}
		de := e.lieux[id]
		pris, err := prendre(&reuni, &de, champ, auteur, le)
		if err != nil {
			return reuni, err
		}
		choisi = choisi || pris
	}
	if !choisi {
		return reuni, nil
	}
	reuni.ModifieLe, reuni.ModifiePar = mednum.DateOf(le), auteur
	return mednum.Consolider(reuni, fiches, e.flux), nil
}

// prendre corrects the columns that go together under champ to those of another
// place; pris is false where they are the same already.
func prendre(l, de *mednum.Lieu, champ mednum.Champ, auteur string, le time.Time) (pris bool, err error) {
	groupe := GroupeReuni(champ)
	if !slices.ContainsFunc(groupe, func(c mednum.Champ) bool { return l.Champs.Valeur(c) != de.Champs.Valeur(c) }) {
		return false, nil
	}
	if champ == mednum.ChampLatitude {
		if de.Champs.Latitude == nil || de.Champs.Longitude == nil {
			return false, invalide(string(champ), "Ce lieu n’a pas de point sur la carte : gardez l’autre.")
		}
		return true, l.Deplacer(*de.Champs.Latitude, *de.Champs.Longitude, auteur, le)
	}
	for _, c := range groupe {
		if valeur := de.Champs.Valeur(c); l.Champs.Valeur(c) != valeur {
			if err := l.Corriger(c, valeur, auteur, le); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// Lieu is a place of the base, whatever became of it; an unknown one is
// "introuvable".
func (c *Collecte) Lieu(ctx context.Context, id string) (mednum.Lieu, error) {
	return c.Base.Lieu(ctx, id)
}

// NomAvant is the name that a place had before an operation wrote it, "" when the
// operation is not in its history, or made the place.
func (c *Collecte) NomAvant(ctx context.Context, lieu, operation string) (string, error) {
	revs, err := c.Base.Revisions(ctx, lieu)
	if err != nil {
		return "", err
	}
	debut := 0 // the first version that the operation wrote
	for i := range revs {
		if r := &revs[i]; r.Operation == operation && (debut == 0 || r.Version < debut) {
			debut = r.Version
		}
	}
	dernier, nom := 0, ""
	for i := range revs {
		if r := &revs[i]; r.Version < debut && r.Version > dernier {
			dernier, nom = r.Version, r.Apres.Champs.Nom
		}
	}
	return nom, nil
}

// Fiches are the records that a place is made of, by source then key.
func (c *Collecte) Fiches(ctx context.Context, lieu string) ([]mednum.Fiche, error) {
	return c.Base.FichesDe(ctx, lieu)
}
