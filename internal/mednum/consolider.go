package mednum

import (
	"cmp"
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
// Records are ranked by date, newest first, then by the trust of their flow
// (flux, by Fiche.Flux; an unknown flow has trust 0), then by reference: an older
// file never overwrites a newer value. A record that came back to us
// (Fiche.Retour) is last, and only fills what no other record says. Then, column
// by column:
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
//   - a correction replaces all this, whatever the records have come to say
//     since: then it is to be reviewed (see Correction).
//
// Preuve is the newest of VerifieLe and of the dates of the records, but those
// that came back; on the same day the human check wins, then the record of higher
// rank. date_maj is the last time that a person checked or changed the place, or
// the date of Preuve where that is newer. Permanences that came from
// records (Permanence.Fiche) are replaced by those of the records now attached,
// as people changed them (see Retouche); those that people entered stay.
// Provenance says for each filled column which record or account filled it, and
// ProvenanceValeurs the same of each value of a union that came from elsewhere
// than its first one; id is the place's own, and source names the producers
// themselves. A place without records keeps only its corrections. Identity,
// version, state, exceptions, languages and checks of the place are kept as they are.
func Consolider(lieu Lieu, fiches []Fiche, flux map[string]Flux) Lieu {
	c := consolidation{flux: flux, provenance: make(map[Champ]Origine)}
	c.fiches, c.propres = ranger(fiches, flux)
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
	lieu.Corrections = c.corriger(lieu.Corrections)

	lieu.Preuve = c.preuve(&lieu)
	c.champs.ID = lieu.ID
	c.champs.DateMaj = c.provenance[ChampDateMaj].Date
	lieu.Champs = c.champs
	lieu.Precision = c.precision
	lieu.Familles = FamillesDe(&c.champs, c.fiches[:c.propres])
	lieu.Provenance, lieu.ProvenanceValeurs = c.provenance, c.valeurs
	lieu.Permanences, lieu.Retouches = c.permanences(&lieu)
	lieu.Attentes = slices.Clone(lieu.Attentes)
	lieu.Exceptions = slices.Clone(lieu.Exceptions)
	lieu.Langues = slices.Clone(lieu.Langues)
	lieu.Libre = libre(&lieu, fiches, flux)
	return lieu
}

// consolidation is a place in the making; fiches are in order of rank, and the
// first propres of them did not come back to us.
type consolidation struct {
	fiches     []Fiche
	propres    int
	flux       map[string]Flux
	champs     Champs
	precision  Precision
	provenance map[Champ]Origine
	valeurs    map[Champ][]OrigineValeur
}

// ranger puts the records in order of rank, and counts those that did not come
// back to us.
func ranger(fiches []Fiche, flux map[string]Flux) (rangees []Fiche, propres int) {
	rangees = slices.Clone(fiches)
	slices.SortStableFunc(rangees, func(a, b Fiche) int {
		return cmp.Or(
			b.DateMaj.Compare(a.DateMaj),
			cmp.Compare(flux[b.Flux].Confiance, flux[a.Flux].Confiance),
			cmp.Compare(a.Reference(), b.Reference()),
			cmp.Compare(a.Empreinte, b.Empreinte),
		)
	})
	var retours []Fiche
	for _, f := range rangees {
		if f.Retour {
			retours = append(retours, f)
		}
	}
	rangees = slices.DeleteFunc(rangees, func(f Fiche) bool { return f.Retour })
	return append(rangees, retours...), len(rangees)
}

// lots are the records, then those that came back to us: these are asked only
// for what none of the others says.
func (c *consolidation) lots() [2][]Fiche {
	return [2][]Fiche{c.fiches[:c.propres], c.fiches[c.propres:]}
}

// origine says that a value comes from a record.
func (f *Fiche) origine() Origine { return Origine{Fiche: f.Reference(), Date: f.DateMaj} }

// prendre sets the column to the record's value, if it has one that can be
// read, and says whether it did.
func (c *consolidation) prendre(champ Champ, f *Fiche) bool {
	texte := strings.TrimSpace(f.Champs[champ])
	if texte == "" || c.champs.Affecter(champ, texte) != nil {
		return false
	}
	c.provenance[champ] = f.origine()
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
	var ailleurs []OrigineValeur
	for _, lot := range c.lots() {
		if len(valeurs) > 0 {
			break
		}
		for i := range lot {
			origine := lot[i].origine()
			for _, v := range SplitListe(lot[i].Champs[champ]) {
				if slices.Contains(valeurs, v) {
					continue
				}
				if len(valeurs) == 0 {
					c.provenance[champ] = origine
				} else if origine != c.provenance[champ] {
					ailleurs = append(ailleurs, OrigineValeur{v, origine})
				}
				valeurs = append(valeurs, v)
			}
		}
	}
	*c.champs.liste(champ) = valeurs
	if len(ailleurs) > 0 {
		if c.valeurs == nil {
			c.valeurs = map[Champ][]OrigineValeur{}
		}
		c.valeurs[champ] = ailleurs
	}
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
	for _, lot := range c.lots() {
		for _, convient := range []func(*Fiche) bool{complet, commune, quelconque} {
			i := slices.IndexFunc(lot, func(f Fiche) bool { return convient(&f) })
			if i < 0 {
				continue
			}
			for _, champ := range groupeAdresse {
				c.prendre(champ, &lot[i])
			}
			return
		}
	}
}

// prendrePosition takes the coordinates of the first record at the best
// precision. Coordinates of no stated precision are those of the address.
func (c *consolidation) prendrePosition() {
	for _, lot := range c.lots() {
		for _, precision := range []Precision{PrecisionMain, PrecisionRue, PrecisionCommune} {
			i := slices.IndexFunc(lot, func(f Fiche) bool { return cmp.Or(f.Precision, PrecisionRue) == precision && positionnee(&f) })
			if i < 0 {
				continue
			}
			c.prendre(ChampLatitude, &lot[i])
			c.prendre(ChampLongitude, &lot[i])
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

// producteurs names who collected the records, each once; whoever brought a
// place of ours back did not.
func (c *consolidation) producteurs() string {
	var noms []string
	for _, f := range c.fiches[:c.propres] {
		nom := cmp.Or(f.Producteur, f.Champs[ChampSource], c.flux[f.Flux].Nom)
		if nom != "" && !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	return strings.Join(noms, ", ")
}
