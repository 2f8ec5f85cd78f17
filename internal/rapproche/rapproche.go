// Package rapproche tells which records speak of the same place, and why. It
// is pure. It says "sure" only when an address or a key agrees with a name or
// a contact: two places that stay apart can be merged by a person, and a wrong
// merge hides one of them.
//
// A score adds what two records have in common and takes away what differs
// (see the weights of peser). From SeuilDoute a person is asked, from SeuilSur
// the records are one place, if nothing forbids it. A few things that seldom
// agree by chance are asked about, however low the score (see aDemander), and
// who is at the address of a France services is it when the label, the hours or
// the e-mail domain say so too (see tenuIci). Always:
//
//   - an address that differs, or another number of the street, is never sure;
//   - a shared SIRET, phone or e-mail address is never sure alone: one employer
//     has many places, and one switchboard many offices;
//   - a position is worth little for and against: many are a town's centre;
//   - two rows of the France Services list, a service that moves and an office,
//     who runs a place and the place when only a phone is common, are at most a
//     doubt;
//   - two sites that the names of one organisation tell apart are two places;
//   - two communes, or two kinds of place (a library and a youth information
//     point), are two places whatever else they share.
//
// Weights and thresholds were set on the parts "reglage" and "second" of
// testdata/paires.tsv, read and labelled by two people, and measured on
// "epreuve" (docs/adr/0025).
package rapproche

import "82numerique.fr/adeuxpas/internal/mednum"

// Verdict is what a comparison concludes.
type Verdict int

// The verdicts.
const (
	Distincts Verdict = iota // two places, as far as the records tell
	Doute                    // a person should decide
	Sur                      // one place
)

// The thresholds of a score. Below SeuilDoute nearly all of the labelled pairs
// are two places; between the two, two in three are one; from SeuilSur all are,
// once what forbids is applied.
const (
	SeuilDoute = 0.5
	SeuilSur   = 0.8
)

// Comparaison is what two records say of each other: Score from 0 to 1, and in
// French what speaks for one place and against it.
type Comparaison struct {
	Verdict         Verdict
	Score           float64
	Raisons, Contre []string
}

// Comparer compares two records. It is symmetric.
func Comparer(a, b *mednum.Fiche) Comparaison {
	x, y := signer(a), signer(b)
	f := observer(&x, &y)
	v, score := f.juger()
	c := Comparaison{Verdict: v, Score: score}
	c.Raisons, c.Contre = f.dire()
	return c
}

// The weights, in hundredths of the score. base is what any two records of one
// commune begin with.
const base = -30

var (
	poidsAdresse = [...]int{absente: 20, identique: 70, voisine: 50, sansNumero: 50, vague: 20, memeRue: -15, differente: -60}
	poidsNom     = [...]int{autres: -40, neutres: 0, partiels: 10, proches: 40, contenus: 50, generiques: 40, pareils: 60}
	poidsGenre   = [...]int{ignores: 0, memes: 20, accueil: 10, porteur: -10, opposes: -60}
)

// peser is the score before what forbids.
func (f *faits) peser() int {
	p := base + poidsAdresse[f.adresse] + poidsNom[f.nom] + poidsGenre[f.genre]
	if f.avecFS && f.genre != memes && f.nom <= neutres { // the France services and who runs it do not bear one name
		p -= poidsNom[f.nom]
	}
	for _, s := range []struct {
		vrai  bool
		poids int
	}{
		{f.adresse == identique && (f.telephone || f.courriel) && f.nom == autres && !f.avecFS, 20}, // one house and one phone, two names: ask
		{f.telephone, 40},
		{f.courriel, 40},
		{f.domaine && !f.courriel, 15},
		{f.siret, 20},
		{f.siren, 10},
		{f.sirens, -10},
		{f.telephones, -5},
		{f.label, 20},
		{f.porteLabel(), 30},
		{f.numeriqueFS(), 40},
		{f.memeGuichet(), 20},
		{f.guichet && f.nom == neutres && (f.adresse == voisine || f.adresse == sansNumero), 15},
		{f.adresse == absente && f.siret && f.nom == pareils, 10},
		{f.batiment && f.nom < contenus, 40},
		{f.batiment && f.adresse >= memeRue, 50},
		{f.metres >= 0 && f.metres < 60 && f.adresse != identique, 10}, // one address has one position: it proves nothing more
		{f.metres >= 0 && f.metres < 150 && (f.adresse == absente || f.adresse >= vague), 10},
		{f.metres > 2000, -10},
		{f.commune == communesVoisines && !f.voisins(), -40},
		{f.fabrique && f.nom == contenus, 10},
		{f.fabrique && f.genre == porteur, 10},
	} {
		if s.vrai {
			p += s.poids
		}
	}
	return p
}

// juger is the verdict and its score, from 0 to 1.
func (f *faits) juger() (Verdict, float64) {
	if f.cle || f.joint {
		return f.jugerCle()
	}
	if f.commune == communesDifferentes {
		return Distincts, 0
	}
	p := float64(f.peser()) / 100
	switch {
	case f.interdit():
		return Distincts, borner(p, 0, SeuilDoute-0.01)
	case (p >= SeuilSur && f.identifie() || f.tenuIci()) && !f.retenu():
		return Sur, borner(p, SeuilSur, 1)
	case p < SeuilDoute && !f.aDemander():
		return Distincts, borner(p, 0, SeuilDoute-0.01)
	}
	if p < SeuilDoute {
		p = f.plancher()
	}
	return Doute, borner(p, SeuilDoute, SeuilSur-0.01)
}

// jugerCle: one key is one place, unless all the rest contradicts. An id that a
// national file joined may be another record's by chance: it needs more.
func (f *faits) jugerCle() (Verdict, float64) {
	contacts := f.telephone || f.courriel || f.domaine || f.siret || f.siren
	accord := contacts || f.nom > neutres
	adresse := f.adresse == identique || f.adresse == voisine || f.adresse == sansNumero
	switch {
	case f.commune == memeCommune && (accord || adresse) && (f.cle || f.genre != opposes):
		return Sur, 1
	case f.cle && accord:
		return Sur, 0.9
	case f.commune == communesDifferentes || f.genre == opposes && !f.cle:
		return Distincts, 0
	case accord:
		return Doute, 0.7
	}
	return Doute, SeuilDoute
}

// interdit tells what two records of one place cannot be.
func (f *faits) interdit() bool {
	contacts := f.telephone && f.courriel
	return f.genre == opposes || f.sites ||
		f.commune == communesVoisines && !f.voisins() && (f.nom < contenus || f.adresse == vague) ||
		f.itinerant && (f.nom < contenus || !f.telephone && !f.courriel) ||
		f.deuxFS && (f.itinerant || f.adresse != identique && f.adresse != sansNumero || f.nom == autres && !contacts)
}

// identifie tells whether an address agrees with a name, or with enough
// contacts.
func (f *faits) identifie() bool {
	contact := f.telephone || f.courriel
	autreOrganisme := f.telephones || f.sirens
	parNom := f.nom == pareils || f.nom == generiques || f.nom >= proches && (f.genre == memes || f.genre == ignores && !f.duNUM && !autreOrganisme || contact)
	switch f.adresse {
	case identique:
		return parNom || f.telephone && f.courriel || contact && f.genre == memes || f.memeGuichet() || f.porteLabel() || f.numeriqueFS()
	case voisine, sansNumero:
		return parNom || f.telephone && f.courriel && f.nom > autres || contact && f.genre == accueil && f.avecFS
	case absente:
		return f.nom == pareils && (f.siret || contact)
	}
	return false
}

// retenu tells what a person must see, whatever the score.
func (f *faits) retenu() bool {
	contact := f.telephone || f.courriel
	return f.itinerant || f.deuxFS || f.hote || f.ailleurs ||
		f.commune == communesVoisines && (f.adresse != identique || !contact || !f.voisins() && f.nom < contenus) ||
		f.genre == porteur && (!f.telephone || !f.courriel) && !f.porteLabel() && !f.tenuIci() && (f.nom < contenus || !contact) ||
		f.memeFlux && f.nom < proches && f.genre != memes
}

func borner(p, mini, maxi float64) float64 { return min(max(p, mini), maxi) }
