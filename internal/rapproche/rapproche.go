// Package rapproche tells which records speak of the same place, and why. It
// is pure. It says "sure" only when an address or a key agrees with a name or
// a contact: two places that stay apart can be merged by a person, and a wrong
// merge hides one of them.
//
// A score adds what two records have in common and takes away what differs
// (see the weights of peser). From SeuilDoute a person is asked, from SeuilSur
// the records are one place, if nothing forbids it:
//
//   - an address that differs, or another number of the street, is never sure;
//   - a shared SIRET, phone or e-mail address is never sure alone: one employer
//     has many places, and one switchboard many offices;
//   - a position is worth little for and against: many are a town's centre;
//   - two rows of the France Services list, a service that moves and an office,
//     who runs a place and the place when only one contact is common, are at
//     most a doubt;
//   - two communes, or two kinds of place (a library and a youth information
//     point), are two places whatever else they share.
//
// Weights and thresholds were set on two thirds of testdata/paires.tsv, read
// and labelled by hand, and measured on the last third (docs/adr/0025).
package rapproche

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Verdict is what a comparison concludes.
type Verdict int

// The verdicts.
const (
	Distincts Verdict = iota // two places, as far as the records tell
	Doute                    // a person should decide
	Sur                      // one place
)

// The thresholds of a score. Below SeuilDoute nineteen in twenty of the labelled
// pairs are two places; between the two, four in five are one; from SeuilSur all
// are, once what forbids is applied.
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

// faits are what two records have in common, and not.
type faits struct {
	commune rapportCommune
	adresse rapport
	nom     parente
	genre   accord
	metres  float64 // between two positions; -1 when one proves nothing

	cle       bool // one key of one flow, in two editions
	joint     bool // an id that a national file joined
	memeFlux  bool // two keys of one flow
	deuxFS    bool // two rows of the France Services list
	itinerant bool // one moves, the other does not
	batiment  bool // the name of one is that of the building of the other
	telephone bool
	courriel  bool
	domaine   bool
	label     bool // one is on the France Services list, the other says it has the label
	siret     bool
	siren     bool // the same legal unit, another establishment
	telephones, sirens,
	fabrique bool // phones differ; legal units differ; a source without addresses
	avecFS    bool // one is a France services
	duNUM     bool // one is a point numérique
	hote      bool // a France services, and a place of a kind that does not run any, of one address and one contact
	semaine   concert
	indice    bool // the name of one is in the e-mail address of the other, or in the name of who runs it
	seule     bool // one has the label, or the name, and the other is the only fixed France services of the commune
	sites     bool // two sites of one organisation, by their names
	motRare   bool // their names have a word in common that few communes have
	motDit    bool // a word of the name of one is in the e-mail address of the other
	deuxRFS   bool // both say that they are a France services
	standard  bool // their phone is a switchboard, that many addresses have
	autreHote bool // the name of the France services tells another kind than that of the other
	organise  bool // the kind of both is more than that of an association
	ailleurs  bool // the complement of one gives another street
	guichet   bool // both are of one kind that one address has once: not an authority with many services
}

func observer(a, b *signature) faits {
	f := faits{commune: comparerCommunes(&a.commune, &b.commune), metres: -1}
	f.cle = a.flux == b.flux && a.cle == b.cle
	f.joint = partagentCle(a, b)
	f.memeFlux = a.flux == b.flux && a.cle != b.cle
	f.telephone = a.telephone != "" && a.telephone == b.telephone
	f.courriel = partagent(a.courriels, b.courriels)
	if f.commune == communesDifferentes && !f.cle && !f.joint {
		return f
	}
	f.adresse = comparerVoies(&a.voie, &b.voie)
	f.nom = comparerNoms(&a.nom, &b.nom)
	f.genre = accorder(a.genre, b.genre)
	f.deuxFS = a.listeFS && b.listeFS && a.cle != b.cle
	f.itinerant = a.itinerant != b.itinerant
	f.domaine = partagent(a.domaines, b.domaines)
	f.label = a.listeFS && b.labelFS || b.listeFS && a.labelFS
	f.siret = a.siret != "" && a.siret == b.siret
	f.siren = !f.siret && a.siren != "" && a.siren == b.siren
	f.sirens = a.siren != "" && b.siren != "" && a.siren != b.siren
	f.telephones = a.telephone != "" && b.telephone != "" && !f.telephone
	f.fabrique = a.sansVoie || b.sansVoie
	f.avecFS = (a.genre|b.genre)&genreRFS != 0
	f.duNUM = (a.genre|b.genre)&genreNUM != 0
	f.observerIndices(a, b)
	if f.genre == opposes && f.avecFS && f.memeAdresse() && (f.telephone || f.courriel) { // who is host to a France services may be of any kind
		f.genre, f.hote = porteur, true
	}
	f.guichet = a.genre&b.genre&^(genreASSO|genreCC|genreCD) != 0
	f.batiment = nommeBatiment(a, b) || nommeBatiment(b, a)
	if a.situe && b.situe {
		f.metres = geo.Distance(a.point, b.point)
	}
	if f.commune == communesVoisines && f.nom == generiques && !f.voisins() {
		f.nom = neutres // each of the two communes has its mairie
	}
	return f
}

// observerIndices sets what the rest of the two records tells.
func (f *faits) observerIndices(a, b *signature) {
	f.semaine = comparerSemaines(&a.semaine, &b.semaine)
	f.indice = f.nom < contenus && (nommeAilleurs(a, b) || nommeAilleurs(b, a)) // else the e-mail address says no more than the name
	f.deuxRFS = a.genre&b.genre&genreRFS != 0
	f.seule = (a.seule || b.seule) && (f.label || f.deuxRFS)
	f.motRare = partagentMot(a.rares, b.rares)
	f.motDit = ditMot(a.rares, b.dits) || ditMot(b.rares, a.dits)
	f.standard = a.standard || b.standard
	x, y := a.genre&^(mous|genreRFS), b.genre&^(mous|genreRFS)
	f.autreHote = x != 0 && y != 0 && x&y == 0
	f.organise = x|y != 0
	f.sites = autresSites(&a.nom, &b.nom)
	f.ailleurs = (autreVoie(&a.autreRue, &b.voie) || autreVoie(&b.autreRue, &a.voie)) && !memeVoie(a.autreRue.mots, b.autreRue.mots)
	if f.avecFS {
		f.domaine = f.domaine || partagent(a.domaines, b.sites) || partagent(b.domaines, a.sites)
	}
	if f.adresse == differente && (dansComplement(&a.voie, b.batiment) || dansComplement(&b.voie, a.batiment)) {
		f.adresse = vague
	}
}

// autreVoie tells whether the street of a complement is another than that of
// the other record.
func autreVoie(complement, v *voie) bool {
	return len(v.mots) > 0 && len(complement.mots) > 0 && comparerVoies(complement, v) == differente
}

// dansComplement tells whether an address without a street is in the complement
// of another: "Terres Hautes", and "18 rue Basse (Terres Hautes)".
func dansComplement(v *voie, complement []string) bool {
	if v.debut > 0 || v.genre != "" || len(v.mots) == 0 {
		return false
	}
	return !slices.ContainsFunc(v.mots, func(mot string) bool { return !slices.Contains(complement, mot) })
}

// memeAdresse tells whether the two addresses are one, as far as they tell.
func (f *faits) memeAdresse() bool {
	return f.adresse == identique || f.adresse == voisine || f.adresse == sansNumero
}

// appuis counts what speaks for one place beside the names and the address, and
// comes from several hands: the phone, the e-mail or page, the label, the hours.
func (f *faits) appuis() int {
	n := 0
	for _, vrai := range []bool{f.telephone, f.courriel || f.domaine || f.indice, f.label, f.semaine == singuliers} {
		if vrai {
			n++
		}
	}
	return n
}

// tenuIci: who is at the address of a France services, and may run one, runs
// it when the label, the hours or the e-mail domain say so too; an association,
// or one of no kind, when two things do. A label follows an employer, a domain is
// all of a town hall's: neither is enough where phones (and hours) differ. Nor is it run by one kind when its
// name tells another.
func (f *faits) tenuIci() bool {
	switch {
	case !f.avecFS || f.deuxFS || f.hote || f.genre == opposes || f.adresse != identique && f.adresse != sansNumero:
		return false
	case f.appuis() > 1, f.telephone && f.semaine == communes && f.adresse == identique:
		return !f.autreHote || f.telephone || f.courriel
	case f.genre != porteur || !f.organise || f.autreHote || f.adresse != identique: // a square without a number has a town hall and a post office
		return false
	}
	return f.label && !f.telephones || f.semaine == singuliers || (f.courriel || f.domaine) && (!f.telephones || f.semaine != discordants)
}

// aDemander tells what a person must be asked, however low the score: a few
// things that seldom agree by chance, and nothing that forbids.
func (f *faits) aDemander() bool {
	proches := f.memeAdresse() || f.adresse == memeRue || f.adresse == vague
	telephone := f.telephone && !f.standard
	switch {
	case f.itinerant, f.commune == communesVoisines && !f.voisins(), f.avecFS && f.autreHote && !f.telephone && !f.courriel:
		return false
	case f.adresse == differente && f.telephones && !f.courriel && f.semaine == discordants && !f.deuxRFS && !f.batiment && (f.metres < 0 || f.metres > 60):
		return false // the label and the domain are the employer's, wherever it is
	case f.avecFS:
		return telephone || f.genre == porteur && f.adresse == identique || f.appuis() > 1 || f.semaine == singuliers && proches ||
			f.seule && (f.memeAdresse() || f.adresse == vague || f.adresse == absente || f.deuxRFS) || f.label && (f.memeAdresse() || f.adresse == vague || f.batiment || f.voisinDeRue())
	case f.fabrique:
		return f.motRare || f.genre == memes && f.guichet && (f.nom != autres || f.motDit)
	case f.adresse == differente:
		deuxGuichets := f.guichet && f.nom == autres // two libraries, each with its name
		organisme := f.domaine || f.siret || f.siren || f.courriel || f.guichet
		return f.metres >= 0 && f.metres < 30 && organisme || telephone && !deuxGuichets && (f.metres >= 0 && f.metres < 300 || f.nom >= contenus) && (!f.memeFlux || f.semaine == singuliers)
	}
	return proches && (f.courriel || telephone || f.siret && f.nom > autres)
}

// voisinDeRue tells whether two numbers of one street are a few doors away, and
// no phone contradicts that they are one.
func (f *faits) voisinDeRue() bool {
	return f.adresse == memeRue && (f.metres >= 0 && f.metres < 30 || f.metres < 150 && !f.telephones)
}

// plancher is the score of what aDemander finds: the more agrees, the higher.
func (f *faits) plancher() float64 {
	p := SeuilDoute + 0.05*float64(f.appuis())
	if f.nom >= partiels {
		p += 0.05
	}
	return p
}

// porteLabel: at the address of a France services, whoever says that it has the
// label, and writes from the same organisation, runs it.
func (f *faits) porteLabel() bool {
	return f.label && f.domaine && f.adresse == identique && !f.telephones
}

// numeriqueFS: a point numérique without a name of its own is held in the France
// services of its address.
func (f *faits) numeriqueFS() bool {
	return f.avecFS && f.duNUM && f.genre == accueil && f.nom != autres
}

// memeGuichet: one address has one library, one post office, one point
// information jeunesse, when one of the names says no more.
func (f *faits) memeGuichet() bool {
	return f.guichet && f.adresse == identique && f.nom == neutres
}

// voisins tells whether two positions are those of one village.
func (f *faits) voisins() bool { return f.metres >= 0 && f.metres < 500 }

// nommeBatiment tells whether the own words of the name of a, two or one long,
// are all in the complement of the address of b.
func nommeBatiment(a, b *signature) bool {
	if len(b.batiment) == 0 || len(a.nom.texte) < 6 {
		return false
	}
	for _, mot := range a.nom.mots {
		trouve := false
		for _, autre := range b.batiment {
			trouve = trouve || memeMot(mot, autre)
		}
		if !trouve {
			return false
		}
	}
	return true
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
		f.commune == communesVoisines && !f.voisins() && f.nom < contenus ||
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
