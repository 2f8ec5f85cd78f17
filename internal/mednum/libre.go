package mednum

import (
	"cmp"
	"maps"
	"slices"
)

// Licences of sources, as they are written here. What a source does not say is
// LicenceInconnue.
const (
	LicenceOuverte  = "Licence Ouverte 2.0"
	LicenceODbL     = "ODbL 1.0"
	LicenceInconnue = "inconnue"
)

// LicenceDe is the licence of a record: its own, else that of its flow, else
// LicenceInconnue.
func LicenceDe(f *Fiche, flux map[string]Flux) string {
	return cmp.Or(f.Licence, flux[f.Flux].Licence, LicenceInconnue)
}

// Libre is a place as its records under LicenceOuverte alone make it: what may
// enter the files under that licence. Licences are the others among its records,
// sorted. Aucun says that no record is under LicenceOuverte: nothing may enter,
// and the rest is empty. Of permanences, who holds them is left out.
type Libre struct {
	Licences    []string          `json:"licences"`
	Aucun       bool              `json:"aucun,omitempty"`
	Champs      *Champs           `json:"champs,omitempty"`
	Familles    []Famille         `json:"familles,omitempty"`
	Precision   Precision         `json:"precision,omitempty"`
	Provenance  map[Champ]Origine `json:"provenance,omitempty"`
	Permanences []Permanence      `json:"permanences,omitempty"`

	ProvenanceValeurs map[Champ][]OrigineValeur `json:"provenance_valeurs,omitempty"`

	Preuve Preuve `json:"preuve,omitzero"`
}

// libre is what Lieu.Libre is for a place that Consolider has made of fiches:
// nil when they are all under LicenceOuverte, or when there are none (what
// people of the network write is theirs to give).
//
// What people corrected stays over the free records, whatever these say: it is
// a correction of the place that everybody sees. What they said of a permanence
// stays when its record is free.
func libre(lieu *Lieu, fiches []Fiche, flux map[string]Flux) *Libre {
	var libres []Fiche
	var autres []string
	for i := range fiches {
		if licence := LicenceDe(&fiches[i], flux); licence != LicenceOuverte {
			autres = append(autres, licence)
			continue
		}
		libres = append(libres, fiches[i])
	}
	if len(autres) == 0 {
		return nil
	}
	slices.Sort(autres)
	autres = slices.Compact(autres)
	if len(libres) == 0 {
		return &Libre{Licences: autres, Aucun: true}
	}
	sans := *lieu
	sans.Corrections, sans.Libre = nil, nil
	nu := Consolider(sans, libres, flux) // once more, no record is left that is not free
	sans.Corrections = surLibre(lieu, &nu)
	l := Consolider(sans, libres, flux)
	for i := range l.Permanences {
		l.Permanences[i].Compte = ""
	}
	return &Libre{
		Licences: autres, Champs: &l.Champs, Familles: l.Familles, Precision: l.Precision, Provenance: l.Provenance,
		Permanences: l.Permanences, Preuve: l.Preuve, ProvenanceValeurs: l.ProvenanceValeurs,
	}
}

// surLibre are the corrections that the place shows, over what its free records
// say.
func surLibre(lieu, nu *Lieu) map[Champ]Correction {
	corrections := maps.Clone(lieu.Corrections)
	for champ, c := range corrections {
		if !memeValeur(champ, lieu.Champs.Valeur(champ), c.Valeur) {
			delete(corrections, champ)
			continue
		}
		c.ValeurSource, c.ARevoir, c.Source = nu.Champs.Valeur(champ), false, ""
		corrections[champ] = c
	}
	return corrections
}

// Redistribuable is the place as it may enter a file under LicenceOuverte; ok is
// false when nothing of it may. It shares its lists with l, and holds none of
// what sources said that people corrected.
func (l Lieu) Redistribuable() (Lieu, bool) {
	switch {
	case l.Libre == nil:
		return l, true
	case l.Libre.Aucun || l.Libre.Champs == nil:
		return Lieu{}, false
	}
	r := l.Libre
	l.Champs, l.Familles, l.Precision = *r.Champs, r.Familles, r.Precision
	l.Provenance, l.Permanences, l.Preuve = r.Provenance, r.Permanences, r.Preuve
	l.ProvenanceValeurs = r.ProvenanceValeurs
	l.Corrections, l.Retouches, l.Attentes, l.Libre = nil, nil, nil, nil
	l.Exceptions = slices.DeleteFunc(slices.Clone(l.Exceptions), func(e Exception) bool {
		return e.Permanence != "" && l.permanence(e.Permanence) < 0
	})
	return l, true
}

// Licences are those under which the place, as it is shown, may be used: one
// for nearly all places.
func (l *Lieu) Licences() []string {
	switch {
	case l.Libre == nil:
		return []string{LicenceOuverte}
	case l.Libre.Aucun:
		return slices.Clone(l.Libre.Licences)
	}
	return append([]string{LicenceOuverte}, l.Libre.Licences...)
}
