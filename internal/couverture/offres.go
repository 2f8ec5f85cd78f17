package couverture

import (
	"iter"
	"math"
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Offre is where one can be helped: a fixed place, or a stop of an itinerant
// service at its own position. Services are those of the standard, none when the
// place does not say. Verifiee is whether what is known of it is recent enough to
// be relied on (see territoire.TropVieux).
type Offre struct {
	Lieu     string // id of the place
	Arret    string // id of the first permanence of the stop, "" for the place itself
	Nom      string
	Commune  string // name of where it is
	Insee    string // its code
	Point    geo.Point
	Services []string
	Verifiee bool

	// Approchee is for a position that is only the centre of the commune.
	Approchee bool

	usages []usage
	tout   semaine // of all usages that are help
}

// materiel is the service of a computer that is there, with nobody to help.
const materiel = "Accès internet et matériel informatique"

// dans is the week of the offer for a service, "" for any help.
func (o *Offre) dans(service string) semaine {
	if service == "" || !slices.ContainsFunc(o.usages, func(u usage) bool { return u.services != nil }) {
		return o.tout
	}
	return additionner(slices.DeleteFunc(slices.Clone(o.usages), func(u usage) bool {
		return u.services != nil && !slices.Contains(u.services, service)
	}))
}

// Sert tells whether the offer gives the service of the question at its moment:
// at least an hour in one of its usual weeks. Unknown hours serve no moment but
// MomentTous.
func (o *Offre) Sert(q Question) bool {
	if q.Service != "" && !slices.Contains(o.Services, q.Service) {
		return false
	}
	return q.Moment == MomentTous || o.dans(q.Service).meilleure[slices.Index(Moments, q.Moment)] >= minimum
}

// Heures are the hours of help that it gives in a usual week at the question's
// moment; connues is false when nobody knows.
func (o *Offre) Heures(q Question) (heures float64, connues bool) {
	s := o.dans(q.Service)
	return s.moyenne[slices.Index(Moments, q.Moment)] / 60, s.connue
}

// Inventaire is what a measure is made of, and what is not known of it.
type Inventaire struct {
	Jour   mednum.Date // of which the offers are
	Offres []Offre

	SansPosition    int // places and stops that are left out: nobody knows where they are
	SansPublic      int // places that are left out: they receive nobody
	NonVerifies     int // offers whose proof is too old
	HeuresInconnues int
	SansServices    int // offers that do not say which services they give
	Approchees      int // offers whose position is the centre of their commune
}

// alentour is how far around the centres of the communes an offer counts, in
// degrees: about 55 km.
const alentourLat, alentourLon = 0.5, 0.7

// Inventorier lists the offers of published places on a day: those of the
// territory and of its neighbours, about 55 km around. A place that moves is its
// stops, never its seat. lieux may be in any order, and are not changed.
func Inventorier(lieux iter.Seq[*mednum.Lieu], t *territoire.Territoire, jour mednum.Date) *Inventaire {
	i := &Inventaire{Jour: jour}
	autour := entourer(Communes(t))
	for l := range lieux {
		if l.Statut != mednum.StatutPublie {
			continue
		}
		if slices.Contains(l.Champs.ModalitesAcces, "Ce lieu n'accueille pas de public") {
			i.SansPublic++
			continue
		}
		for _, o := range i.offresDe(l, t) {
			if autour.Contient(o.Point) {
				i.Offres = append(i.Offres, o)
			}
		}
	}
	for k := range i.Offres {
		i.compter(&i.Offres[k])
	}
	return i
}

func (i *Inventaire) compter(o *Offre) {
	for _, c := range []struct {
		si bool
		n  *int
	}{{!o.Verifiee, &i.NonVerifies}, {!o.tout.connue, &i.HeuresInconnues}, {len(o.Services) == 0, &i.SansServices}, {o.Approchee, &i.Approchees}} {
		if c.si {
			*c.n++
		}
	}
}

// entourer is the box of the communes and of what surrounds them.
func entourer(communes []*territoire.Commune) geo.Boite {
	b := geo.Boite{Sud: 90, Ouest: 180, Nord: -90, Est: -180}
	for _, c := range communes {
		b.Sud, b.Nord = math.Min(b.Sud, c.Centre.Lat-alentourLat), math.Max(b.Nord, c.Centre.Lat+alentourLat)
		b.Ouest, b.Est = math.Min(b.Ouest, c.Centre.Lon-alentourLon), math.Max(b.Est, c.Centre.Lon+alentourLon)
	}
	return b
}

// offresDe are the place itself unless it moves, then its stops.
func (i *Inventaire) offresDe(l *mednum.Lieu, t *territoire.Territoire) []Offre {
	verifiee := !t.TropVieux(l.Preuve.Date, l.Preuve.Flux, i.Jour)
	var offres []Offre
	if !l.Itinerant() {
		o := Offre{
			Lieu: l.ID, Nom: l.Champs.Nom, Commune: l.Champs.Commune, Insee: l.Champs.CodeInsee, Verifiee: verifiee,
			Services: l.Champs.Services, Approchee: l.Precision == mednum.PrecisionCommune, usages: usagesDe(l, lundiDe(i.Jour)),
		}
		offres = i.placer(offres, o, l.Champs.Latitude, l.Champs.Longitude)
	}
	for _, groupe := range l.Passages() {
		p := &l.Permanences[groupe[0]]
		o := Offre{
			Lieu: l.ID, Arret: p.ID, Nom: l.Champs.Nom, Commune: p.Arret.Commune, Insee: p.Arret.CodeInsee, Verifiee: verifiee,
			Services: l.ValeursFiltre(mednum.ChampServices, p), Approchee: p.Arret.Precision == mednum.PrecisionCommune,
		}
		for _, n := range groupe {
			o.usages = append(o.usages, newUsage(nil, regleDe(&l.Permanences[n]), lundiDe(i.Jour)))
		}
		offres = i.placer(offres, o, p.Arret.Latitude, p.Arret.Longitude)
	}
	return offres
}

// placer adds an offer where it is; one that is nowhere is only counted.
func (i *Inventaire) placer(offres []Offre, o Offre, lat, lon *float64) []Offre {
	if lat == nil || lon == nil || !mednum.EstPosition(*lat, *lon) {
		i.SansPosition++
		return offres
	}
	o.Point = geo.Point{Lat: *lat, Lon: *lon}
	aide := slices.DeleteFunc(slices.Clone(o.usages), func(u usage) bool { return slices.Equal(u.services, []string{materiel}) })
	o.tout = additionner(aide)
	return append(offres, o)
}
