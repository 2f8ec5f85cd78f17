package mednum

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// groupeAdresse is taken from one record as a whole: a street of one and a
// town of another would make an address that nobody wrote.
var groupeAdresse = []Champ{ChampAdresse, ChampComplementAdresse, ChampCodePostal, ChampCommune, ChampCodeInsee}

// champsUnion are the lists to which every record adds.
var champsUnion = []Champ{
	ChampServices, ChampTypologie, ChampPublics, ChampPriseEnCharge, ChampDispositifs,
	ChampFormationsLabels, ChampAutresFormationsLabels,
}

// champsPremier are taken from the first record that fills them.
var champsPremier = []Champ{
	ChampNom, ChampTelephone, ChampCourriels, ChampSiteWeb, ChampHoraires, ChampPresentationResume,
	ChampPresentationDetail, ChampItinerance, ChampStructureParente, ChampFraisACharge,
	ChampModalitesAcces, ChampModalitesAccompagn, ChampFicheAccesLibre, ChampPriseRDV,
}

// Consolider makes a place of the records attached to it and of what people
// corrected. It is pure: it changes none of its arguments, shares no memory
// with them, and gives the same place whatever the order of the records, and
// whatever records were attached before.
//
// Records are ranked by the trust of their flow (flux, by Fiche.Flux; an
// unknown flow has trust 0), then by date, newest first, then by reference.
// Then, column by column:
//
//   - adresse, complement_adresse, code_postal, commune, code_insee come
//     together from the first record that has an address;
//   - latitude, longitude and Precision come together, from the first record
//     at the best precision (by hand, street, commune);
//   - services, typologie, publics, prise en charge, dispositifs and labels are
//     unions, in the order of the records;
//   - pivot is the first that is known; fourteen zeros only when none is;
//   - any other column is the first that is not empty;
//   - source is the producers, joined by ", "; id is Lieu.ID;
//   - a correction replaces all this while the value that it would replace is
//     still its ValeurSource (lists are compared as sets); those of latitude
//     and longitude replace both or neither. It is kept in Corrections in any
//     case.
//
// Preuve is the newest of VerifieLe and of the dates of the records; on the
// same day the human check wins, then the record of higher rank. date_maj is
// its date. Permanences that came from records (Permanence.Fiche) are replaced
// by those of the records now attached, as people changed them (see Retouche);
// those that people entered stay.
// Provenance says for each filled column which record or account filled it;
// for a union, the first record that added to it. A place without records
// keeps only its corrections. Identity, version, state, exceptions and checks
// of the place are kept as they are.
func Consolider(lieu Lieu, fiches []Fiche, flux map[string]Flux) Lieu {
	c := consolidation{fiches: ranger(fiches, flux), flux: flux, provenance: make(map[Champ]Origine)}
	c.prendreAdresse()
	c.prendrePosition()
	c.prendrePivot()
	for _, champ := range champsUnion {
		c.unir(champ)
	}
	for _, champ := range champsPremier {
		c.prendrePremier(champ)
	}
	c.champs.Source = c.producteurs()
	c.corriger(lieu.Corrections)

	lieu.Preuve = c.preuve(&lieu)
	c.champs.ID = lieu.ID
	c.champs.DateMaj = lieu.Preuve.Date
	lieu.Champs = c.champs
	lieu.Precision = c.precision
	lieu.Familles = FamillesDe(&c.champs, c.fiches)
	lieu.Provenance = c.provenance
	lieu.Corrections = maps.Clone(lieu.Corrections)
	lieu.Permanences, lieu.Retouches = c.permanences(&lieu)
	lieu.Attentes = slices.Clone(lieu.Attentes)
	lieu.Exceptions = slices.Clone(lieu.Exceptions)
	lieu.Libre = libre(&lieu, fiches, flux)
	return lieu
}

// consolidation is a place in the making; fiches are in order of rank.
type consolidation struct {
	fiches     []Fiche
	flux       map[string]Flux
	champs     Champs
	precision  Precision
	provenance map[Champ]Origine
}

func ranger(fiches []Fiche, flux map[string]Flux) []Fiche {
	rangees := slices.Clone(fiches)
	slices.SortStableFunc(rangees, func(a, b Fiche) int {
		return cmp.Or(
			cmp.Compare(flux[b.Flux].Confiance, flux[a.Flux].Confiance),
			b.DateMaj.Compare(a.DateMaj),
			cmp.Compare(a.Reference(), b.Reference()),
			cmp.Compare(a.Empreinte, b.Empreinte),
		)
	})
	return rangees
}

// prendre sets the column to the record's value, if it has one that can be
// read, and says whether it did.
func (c *consolidation) prendre(champ Champ, f *Fiche) bool {
	texte := strings.TrimSpace(f.Champs[champ])
	if texte == "" || c.champs.Affecter(champ, texte) != nil {
		return false
	}
	c.provenance[champ] = Origine{Fiche: f.Reference(), Date: f.DateMaj}
	return true
}

func (c *consolidation) prendrePremier(champ Champ) {
	for i := range c.fiches {
		if c.prendre(champ, &c.fiches[i]) {
			return
		}
	}
}

func (c *consolidation) prendrePivot() {
	for i := range c.fiches {
		if c.fiches[i].Champs[ChampPivot] != PivotInconnu && c.prendre(ChampPivot, &c.fiches[i]) {
			return
		}
	}
	c.prendrePremier(ChampPivot)
}

func (c *consolidation) unir(champ Champ) {
	var valeurs []string
	for i := range c.fiches {
		f := &c.fiches[i]
		ajout := SplitListe(f.Champs[champ])
		if len(valeurs) == 0 && len(ajout) > 0 {
			c.provenance[champ] = Origine{Fiche: f.Reference(), Date: f.DateMaj}
		}
		for _, v := range ajout {
			if !slices.Contains(valeurs, v) {
				valeurs = append(valeurs, v)
			}
		}
	}
	*c.champs.liste(champ) = valeurs
}

// prendreAdresse takes the address of the first record that has a street and
// a commune, otherwise of the first that has a commune, otherwise of the first
// that says anything of it.
func (c *consolidation) prendreAdresse() {
	complet := func(f *Fiche) bool { return f.Champs[ChampAdresse] != "" && f.Champs[ChampCommune] != "" }
	commune := func(f *Fiche) bool { return f.Champs[ChampCommune] != "" }
	quelconque := func(f *Fiche) bool {
		return slices.ContainsFunc(groupeAdresse, func(champ Champ) bool { return f.Champs[champ] != "" })
	}
	for _, convient := range []func(*Fiche) bool{complet, commune, quelconque} {
		for i := range c.fiches {
			if !convient(&c.fiches[i]) {
				continue
			}
			for _, champ := range groupeAdresse {
				c.prendre(champ, &c.fiches[i])
			}
			return
		}
	}
}

// prendrePosition takes the coordinates of the first record at the best
// precision. Coordinates of no stated precision are those of the address.
func (c *consolidation) prendrePosition() {
	for _, precision := range []Precision{PrecisionMain, PrecisionRue, PrecisionCommune} {
		for i := range c.fiches {
			f := &c.fiches[i]
			if cmp.Or(f.Precision, PrecisionRue) != precision || !positionnee(f) {
				continue
			}
			c.prendre(ChampLatitude, f)
			c.prendre(ChampLongitude, f)
			c.precision = precision
			return
		}
	}
}

// positionnee tells whether the record has a position that can be read.
func positionnee(f *Fiche) bool {
	var c Champs
	if c.Affecter(ChampLatitude, f.Champs[ChampLatitude]) != nil || c.Affecter(ChampLongitude, f.Champs[ChampLongitude]) != nil {
		return false
	}
	return c.Latitude != nil && c.Longitude != nil && EstPosition(*c.Latitude, *c.Longitude)
}

// producteurs names who collected the records, each once.
func (c *consolidation) producteurs() string {
	var noms []string
	for _, f := range c.fiches {
		nom := cmp.Or(f.Producteur, f.Champs[ChampSource], c.flux[f.Flux].Nom)
		if nom != "" && !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	return strings.Join(noms, ", ")
}

// corriger lays over the records what people corrected.
func (c *consolidation) corriger(corrections map[Champ]Correction) {
	position := c.tient(corrections, ChampLatitude) && c.tient(corrections, ChampLongitude)
	for champ, correction := range corrections {
		if champ == ChampID || champ == ChampDateMaj { // both are the place's, never corrected
			continue
		}
		if champ == ChampLatitude || champ == ChampLongitude {
			if position && c.appliquer(champ, correction) {
				c.precision = PrecisionMain
			}
		} else if c.tient(corrections, champ) {
			c.appliquer(champ, correction)
		}
	}
	if c.champs.Latitude == nil || c.champs.Longitude == nil {
		c.precision = ""
	}
}

// tient tells whether the sources still repeat what a correction replaces, if
// there is one.
func (c *consolidation) tient(corrections map[Champ]Correction, champ Champ) bool {
	correction, ok := corrections[champ]
	return !ok || memeValeur(champ, c.champs.Valeur(champ), correction.ValeurSource)
}

func (c *consolidation) appliquer(champ Champ, correction Correction) bool {
	if c.champs.Affecter(champ, correction.Valeur) != nil {
		return false
	}
	c.provenance[champ] = Origine{Compte: correction.Auteur, Date: DateOf(correction.Le)}
	return true
}

func memeValeur(champ Champ, a, b string) bool {
	if !champ.EstListe() {
		return a == b
	}
	return slices.Equal(slices.Sorted(slices.Values(SplitListe(a))), slices.Sorted(slices.Values(SplitListe(b))))
}

func (c *consolidation) preuve(lieu *Lieu) Preuve {
	preuve := Preuve{Date: lieu.VerifieLe}
	origine := Origine{Compte: lieu.VerifiePar, Date: lieu.VerifieLe}
	for _, f := range c.fiches {
		if f.DateMaj.Compare(preuve.Date) > 0 {
			preuve = Preuve{Date: f.DateMaj, Flux: f.Flux}
			origine = Origine{Fiche: f.Reference(), Date: f.DateMaj}
		}
	}
	if !preuve.Date.IsZero() {
		c.provenance[ChampDateMaj] = origine
	}
	return preuve
}

// permanences are those of the records, as people changed them, then those that
// people entered. Two records that tell the same permanence give it once; a
// record that is an export of this very place, read again, tells no stop that
// the place already has.
func (c *consolidation) permanences(lieu *Lieu) ([]Permanence, map[string]Retouche) {
	var entrees, toutes []Permanence
	for _, p := range lieu.Permanences {
		if p.Fiche == "" {
			entrees = append(entrees, cloner(p))
		}
	}
	exports := func(f Fiche) bool { return f.Cle == lieu.ID }
	for i := range c.fiches {
		if !exports(c.fiches[i]) {
			toutes = ajouterPermanences(toutes, &c.fiches[i])
		}
	}
	for _, f := range c.fiches {
		if exports(f) {
			deja := slices.Concat(toutes, entrees, dites(lieu.Retouches))
			f.Permanences = slices.DeleteFunc(slices.Clone(f.Permanences), func(p Permanence) bool {
				return p.Arret != nil && slices.ContainsFunc(deja, func(q Permanence) bool { return memeArret(p.Arret, q.Arret) })
			})
			toutes = ajouterPermanences(toutes, &f)
		}
	}
	toutes, retouches := retoucher(toutes, lieu.Retouches, c.fiches)
	return append(toutes, entrees...), retouches
}

func ajouterPermanences(toutes []Permanence, f *Fiche) []Permanence {
	for j, p := range f.Permanences {
		if slices.ContainsFunc(toutes, func(q Permanence) bool { return memePermanence(&p, &q) }) {
			continue
		}
		p.ID = NouvelID(f.Reference() + "/" + cmp.Or(p.ID, rangPermanence(j)))
		p.Fiche = f.Reference()
		toutes = append(toutes, cloner(p))
	}
	return toutes
}
