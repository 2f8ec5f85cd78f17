package couverture_test

import (
	"math"
	"testing"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// A place that closes takes people away; one that opens brings others.
func TestComparer(t *testing.T) {
	ter := ouvrir(t)
	communes := couverture.Communes(ter)
	q := couverture.Question{Moment: couverture.MomentTous, Facteur: 1.3}
	moissac, _ := ter.Commune("82112")
	montauban, _ := ter.Commune("82121")
	a := func(id string, lat, lon float64) mednum.Lieu {
		return mednum.Lieu{ID: id, Statut: mednum.StatutPublie, Champs: mednum.Champs{Nom: id, Latitude: &lat, Longitude: &lon}}
	}
	mesurer := func(lieux ...mednum.Lieu) *couverture.Resultat {
		return couverture.Mesurer(communes, couverture.Inventorier(suite(lieux), ter, jour), q, nil)
	}
	avant := mesurer(a("reste", 44.3, 1.6), a("ferme", moissac.Centre.Lat, moissac.Centre.Lon))
	apres := mesurer(a("reste", 44.3, 1.6), a("ouvre", montauban.Centre.Lat, montauban.Centre.Lon))
	c := couverture.Comparer(avant, apres)
	if len(c.Parus) != 1 || c.Parus[0].Lieu != "ouvre" || len(c.Disparus) != 1 || c.Disparus[0].Lieu != "ferme" {
		t.Errorf("opened %v, closed %v", c.Parus, c.Disparus)
	}
	want := couverture.Bilan{}
	for i := range communes {
		d, f := avant.Mesures[i].Distance, apres.Mesures[i].Distance
		gens := communes[i].Population
		switch {
		case f < d-100:
			want.Rapproches += gens
		case f > d+100:
			want.Eloignes += gens
		}
		if d > 15_000 && f <= 15_000 {
			want.Gagnes += gens
		}
		if d <= 15_000 && f > 15_000 {
			want.Perdus += gens
		}
	}
	if b := c.Bilan(15_000, nil); b != want || b.Gagnes < montauban.Population || b.Perdus < moissac.Population {
		t.Errorf("%+v, want %+v", b, want)
	}
	rien := couverture.Comparer(avant, avant)
	if b := rien.Bilan(15_000, nil); b != (couverture.Bilan{}) || len(rien.Parus)+len(rien.Disparus) > 0 {
		t.Errorf("the same day differs: %+v", b)
	}
	vide := couverture.Comparer(mesurer(), avant)
	if e := vide.Ecarts[0]; !math.IsInf(e.De, -1) {
		t.Errorf("from nothing: %v", e.De)
	}
	if e := couverture.Comparer(mesurer(), mesurer()).Ecarts[0]; e.De != 0 {
		t.Errorf("from nothing to nothing: %v", e.De)
	}
	// By EPCI, people add up.
	var somme couverture.Bilan
	for _, e := range ter.EPCIs {
		b := c.Bilan(15_000, couverture.DansEPCI(e.Code))
		somme.Gagnes += b.Gagnes
		somme.Perdus += b.Perdus
	}
	if somme.Gagnes != want.Gagnes || somme.Perdus != want.Perdus {
		t.Errorf("%+v by EPCI, want %+v", somme, want)
	}
}
