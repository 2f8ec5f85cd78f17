package mongo

import (
	"context"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/store"
)

// marge is how much farther than asked $geoNear looks: servers do not agree on
// the Earth's radius (MongoDB's is 0.11 % longer than the mean one), nor on the
// last digits. DocumentDB's $centerSphere, on the ellipsoid, is from 0.35 %
// smaller to 0.65 % larger than asked. The caller measures again.
const (
	marge       = 0.003
	margeCercle = 0.005
	margeMetres = 1
	margeDegres = 1e-6
	grandCercle = 500_000                 // metres
	demiTour    = 3.1415 * geo.RayonTerre // metres; farther, everything is in
)

// Entrees are the entries that a search asks for, nearest first when it has a
// point of departure, in no order otherwise. Those at the edge of a radius or
// of a box may be there although they are just outside.
func (b *Base) Entrees(ctx context.Context, d store.Demande) ([]store.Entree, error) {
	etapes := bson.A{}
	if d.Depart == nil {
		etapes = append(etapes, bson.D{{Key: "$match", Value: filtreDe(&d)}})
	} else {
		etapes = append(etapes, bson.D{{Key: "$geoNear", Value: proximite(&d)}})
	}
	if d.De > 0 { // not minDistance: DocumentDB then finds nothing
		loin := bson.D{{Key: "$gte", Value: d.De*(1-marge) - margeMetres}}
		etapes = append(etapes, bson.D{{Key: "$match", Value: bson.D{{Key: "distance", Value: loin}}}})
	}
	if d.Limite > 0 {
		etapes = append(etapes, bson.D{{Key: "$limit", Value: d.Limite}})
	}
	etapes = append(etapes, bson.D{{Key: "$project", Value: bson.D{
		{Key: "lieu", Value: 1}, {Key: "arret", Value: 1}, {Key: "version", Value: 1},
	}}})
	return agreger[store.Entree](ctx, b, etapes)
}

// Compter counts the values of the entries that c asks for, one map a group.
func (b *Base) Compter(ctx context.Context, c store.Comptage) ([]map[string]int, error) {
	facettes := bson.D{}
	for i, filtres := range c.Groupes {
		facettes = append(facettes, bson.E{Key: nomGroupe(i), Value: compteDe(filtres, c.ParService)})
	}
	type compte struct {
		ID string `bson:"_id"`
		N  int
	}
	lignes, err := agreger[map[string][]compte](ctx, b, bson.A{
		aCompter(&c.Demande), bson.D{{Key: "$facet", Value: facettes}},
	})
	if err != nil {
		return nil, err
	}
	comptes := make([]map[string]int, len(c.Groupes))
	for i := range comptes {
		comptes[i] = map[string]int{}
		for _, ligne := range lignes {
			for _, k := range ligne[nomGroupe(i)] {
				comptes[i][k.ID] = k.N
			}
		}
	}
	return comptes, nil
}

// aCompter is the first stage of a count: what lies in the area. Circles of
// more than grandCercle are not what they should be on DocumentDB: nearness
// bounds them.
func aCompter(d *store.Demande) bson.D {
	if d.Depart != nil && d.Au > grandCercle {
		return bson.D{{Key: "$geoNear", Value: proximite(d)}}
	}
	filtre := filtreDe(d)
	if d.Depart != nil {
		filtre = append(filtre, bson.E{Key: "location", Value: bson.D{{Key: "$geoWithin", Value: cercle(*d.Depart, d.Au)}}})
	}
	return bson.D{{Key: "$match", Value: filtre}}
}

func nomGroupe(i int) string { return "g" + string(rune('a'+i)) }

// compteDe counts the values of what passes the filters, an itinerant service
// parService times at most when it is not 0.
func compteDe(filtres [][]string, parService int) bson.A {
	etapes := bson.A{
		bson.D{{Key: "$match", Value: append(bson.D{}, et(valeurs(filtres))...)}},
		bson.D{{Key: "$project", Value: bson.D{{Key: "valeurs", Value: 1}, {Key: "service", Value: 1}}}},
		bson.D{{Key: "$unwind", Value: "$valeurs"}},
	}
	un := bson.E{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}
	if parService == 0 {
		return append(etapes, bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$valeurs"}, un}}})
	}
	return append(etapes,
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: bson.D{{Key: "v", Value: "$valeurs"}, {Key: "s", Value: "$service"}}}, un}}},
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: "$_id.v"},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$min", Value: bson.A{"$n", parService}}}}}},
		}}})
}

func agreger[T any](ctx context.Context, b *Base, etapes bson.A) (liste []T, err error) {
	err = b.appel(ctx, func(ctx context.Context) (err error) {
		cur, err := b.db.Collection(collEntrees).Aggregate(ctx, etapes)
		if err != nil {
			return err
		}
		liste = nil
		return cur.All(ctx, &liste)
	})
	return liste, err
}

func proximite(d *store.Demande) bson.D {
	p := bson.D{
		{Key: "near", Value: geoJSON(*d.Depart)},
		{Key: "key", Value: "location"},
		{Key: "distanceField", Value: "distance"},
		{Key: "spherical", Value: true},
		{Key: "query", Value: filtreDe(d)},
	}
	if d.Au > 0 && d.Au < demiTour {
		p = append(p, bson.E{Key: "maxDistance", Value: d.Au*(1+marge) + margeMetres})
	}
	return p
}

func geoJSON(p geo.Point) bson.D {
	return bson.D{{Key: "type", Value: "Point"}, {Key: "coordinates", Value: bson.A{p.Lon, p.Lat}}}
}

// cercle is everything at most so many metres from a point, as an angle, and at
// most 1.2 % more.
func cercle(p geo.Point, rayon float64) bson.D {
	angle := (rayon*(1+margeCercle) + margeMetres) / geo.RayonTerre
	return bson.D{{Key: "$centerSphere", Value: bson.A{bson.A{p.Lon, p.Lat}, angle}}}
}

// filtreDe is all that a search asks but nearness.
func filtreDe(d *store.Demande) bson.D {
	f := bson.D{{Key: "publie", Value: true}}
	if d.Lieux {
		f = append(f, bson.E{Key: "arret", Value: ""})
	}
	if d.Situees {
		f = append(f, existe("location")...)
	}
	if d.SansPoint {
		f = append(f, bson.E{Key: "location", Value: bson.D{{Key: "$exists", Value: false}}})
	}
	if d.Arrets {
		f = append(f, bson.E{Key: "ailleurs", Value: false})
	}
	if len(d.Communes) > 0 {
		f = append(f, parmi("commune", d.Communes)...)
	}
	if len(d.Sauf) > 0 {
		f = append(f, bson.E{Key: "_id", Value: bson.D{{Key: "$nin", Value: d.Sauf}}})
	}
	tous := valeurs(d.Filtres)
	if d.Boite != nil {
		tous = append(tous, bson.D{{Key: "$or", Value: boites(d.Boite)}})
	}
	if len(d.Debuts) > 0 {
		tous = append(tous, bson.D{{Key: "$or", Value: debuts(d.Debuts)}})
	}
	return append(f, et(tous)...)
}

func et(filtres bson.A) bson.D {
	if len(filtres) == 0 {
		return nil
	}
	return bson.D{{Key: "$and", Value: filtres}}
}

func valeurs(filtres [][]string) bson.A {
	liste := bson.A{}
	for _, codes := range filtres {
		liste = append(liste, parmi("valeurs", codes))
	}
	return liste
}

func debuts(mots []string) bson.A {
	liste := bson.A{}
	for _, mot := range mots {
		liste = append(liste, bson.D{{Key: "mots", Value: bson.Regex{Pattern: "^" + regexp.QuoteMeta(mot)}}})
	}
	return liste
}

// boites are the flat boxes that hold a box of degrees: one that crosses the
// antimeridian is two, and one that touches it takes the other side of it.
func boites(b *geo.Boite) bson.A {
	liste := bson.A{}
	ajouter := func(ouest, est float64) {
		coins := bson.A{
			bson.A{ouest - margeDegres, b.Sud - margeDegres},
			bson.A{est + margeDegres, b.Nord + margeDegres},
		}
		liste = append(liste, bson.D{{Key: "location", Value: bson.D{{Key: "$geoWithin", Value: bson.D{{Key: "$box", Value: coins}}}}}})
	}
	if b.Ouest > b.Est {
		ajouter(b.Ouest, 180)
		ajouter(-180, b.Est)
		return liste
	}
	ajouter(b.Ouest, b.Est)
	if b.Est == 180 {
		ajouter(-180, -180)
	}
	if b.Ouest == -180 {
		ajouter(180, 180)
	}
	return liste
}
