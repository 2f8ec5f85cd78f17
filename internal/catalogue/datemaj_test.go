package catalogue

import (
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// date_maj is the last time that a person changed or checked the place, whatever
// they changed and by whichever way; what changes nothing that is public, what
// only waits, and an import leave it as it was.
func TestDateMajDesGestes(t *testing.T) {
	avant, jour := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	source := mednum.Date{Annee: 2026, Mois: 6, Jour: 1}
	editer := func(ch Changement) func(*Catalogue, Edition) error {
		return func(c *Catalogue, e Edition) error {
			_, _, err := c.Editer(t.Context(), "l1", e, ch)
			return err
		}
	}
	modifier := func(change func(*mednum.Lieu) error) func(*Catalogue, Edition) error {
		return func(c *Catalogue, e Edition) error {
			_, err := c.Modifier(t.Context(), "l1", e, change)
			return err
		}
	}
	telephone := editer(Changement{Champs: map[mednum.Champ]string{mednum.ChampTelephone: "0563000001"}})
	exception := modifier(func(l *mednum.Lieu) error {
		_, err := l.AjouterException(mednum.Exception{Du: date(12, 24)}, date(8, 1))
		return err
	})
	permanence := modifier(func(l *mednum.Lieu) error {
		_, err := l.AjouterPermanence(mednum.Permanence{Regle: "Fr 09:00-10:00"})
		return err
	})
	cacher := modifier(func(l *mednum.Lieu) error { return l.CacherPermanence(l.Permanences[0].ID, "compte:m", avant) })
	fermer := editer(Changement{Fermeture: &mednum.Fermeture{Le: date(8, 1)}})
	demander := func(c *Catalogue, e Edition) error {
		_, err := c.FaireAttendre(t.Context(), "l1", e, Changement{Champs: map[mednum.Champ]string{mednum.ChampTelephone: "0563000004"}}, "")
		return err
	}
	// bouger has the record of the place say something else, as an import does.
	bouger := func(c *Catalogue, _ Edition) error {
		l, err := c.base.Lieu(t.Context(), "l1")
		if err != nil {
			return err
		}
		f := fiche82("1", "Médiathèque", moissac, "Moissac", "82200", "44.104", "1.085")
		f.Champs[mednum.ChampTelephone], f.Permanences[0].Regle = "+33563000009", "We 10:00-12:00"
		rev, _ := mednum.Reviser(l, mednum.Consolider(l, []mednum.Fiche{f}, nil))
		rev.Voie = "import"
		if err := c.base.Apply(t.Context(), mednum.Operation{ID: "import-2"}, []mednum.Fiche{f}, []mednum.Revision{rev}); err != nil {
			return err
		}
		return c.Actualiser(t.Context())
	}
	type geste = func(*Catalogue, Edition) error
	for _, tt := range []struct {
		name  string
		deja  []geste // done on the first of September
		geste geste   // done on the twenty-fourth of November
		want  mednum.Date
	}{
		{"nobody", nil, nil, source},
		{"an edit of September", []geste{telephone}, nil, date(9, 1)},
		{"a column", nil, telephone, date(11, 24)},
		{"the position", nil, editer(Changement{Position: &geo.Point{Lat: 44.11, Lon: 1.09}}), date(11, 24)},
		{"a column given back", []geste{telephone}, editer(Changement{Lever: []mednum.Champ{mednum.ChampTelephone}}), date(11, 24)},
		{"the place checked", nil, editer(Changement{Verifie: true}), date(11, 24)},
		{"the hours, by a program", nil, func(c *Catalogue, e Edition) error {
			e.Voie, e.Auteur = "api", "Mairie"
			_, err := c.SetHoraires(t.Context(), "l1", e, Horaires{Texte: "Mo 09:00-12:00"})
			return err
		}, date(11, 24)},
		{"the sense of the hours", nil, modifier(func(l *mednum.Lieu) error { return l.DireHoraires(mednum.SensAide) }), date(11, 24)},
		{"an exception", nil, exception, date(11, 24)},
		{"an exception taken away", []geste{exception}, modifier(func(l *mednum.Lieu) error { return l.Retirer(l.Exceptions[0].ID) }), date(11, 24)},
		{"a permanence more", nil, permanence, date(11, 24)},
		{"a permanence taken away", []geste{permanence}, modifier(func(l *mednum.Lieu) error { return l.Retirer(l.Permanences[1].ID) }), date(11, 24)},
		{"a permanence of a record, changed", nil, modifier(func(l *mednum.Lieu) error {
			return l.ModifierPermanence(l.Permanences[0].ID, mednum.Permanence{Regle: "Tu 14:00-16:00"}, "compte:m", jour)
		}), date(11, 24)},
		{"hidden", nil, modifier(func(l *mednum.Lieu) error { return l.CacherPermanence(l.Permanences[0].ID, "compte:m", jour) }), date(11, 24)},
		{"shown again", []geste{cacher}, modifier(func(l *mednum.Lieu) error { return l.MontrerPermanence(l.Cachees()[0].ID) }), date(11, 24)},
		{"given back to its record", []geste{cacher}, modifier(func(l *mednum.Lieu) error { return l.RendrePermanence(l.Cachees()[0].ID) }), date(11, 24)},
		{"maintained", []geste{cacher, bouger}, modifier(func(l *mednum.Lieu) error { return l.MaintenirPermanence(l.Cachees()[0].ID, "compte:m", jour) }), date(11, 24)},
		{"closed for good", nil, fermer, date(11, 24)},
		{"open again", []geste{fermer}, func(c *Catalogue, e Edition) error { _, err := c.Rouvrir(t.Context(), "l1", e); return err }, date(11, 24)},
		{"something that waited", []geste{demander}, func(c *Catalogue, e Edition) error {
			v, err := c.Lieu("l1")
			if err != nil {
				return err
			}
			_, err = c.Accepter(t.Context(), "l1", v.Attentes[0].ID, e)
			return err
		}, date(11, 24)},
		{"a value kept against its source", []geste{telephone, bouger}, modifier(func(l *mednum.Lieu) error {
			return l.GarderCorrection(mednum.ChampTelephone, "compte:m", jour)
		}), date(11, 24)},
		{"the source followed", []geste{telephone, bouger}, modifier(func(l *mednum.Lieu) error { return l.SuivreSource(mednum.ChampTelephone) }), date(11, 24)},
		{"a confirmation by the link of a reminder", nil, func(c *Catalogue, e Edition) error {
			e.Voie, e.Auteur = "lien", "lien:x"
			_, err := c.Modifier(t.Context(), "l1", e, func(l *mednum.Lieu) error { return l.Verifier(date(11, 24), e.Auteur, date(11, 24)) })
			return err
		}, date(11, 24)},

		{"an import", []geste{telephone}, bouger, date(9, 1)},
		{"what waits", []geste{telephone}, demander, date(9, 1)},
		{"the same again", []geste{telephone}, func(c *Catalogue, e Edition) error { e.Idempotence = "cle"; return telephone(c, e) }, date(9, 1)},
		{"who holds a permanence", []geste{telephone}, modifier(func(l *mednum.Lieu) error {
			return l.ConfierPermanence(l.Permanences[0].ID, "m", "compte:m", avant)
		}), date(9, 1)},
		{"undone", []geste{telephone, exception}, func(c *Catalogue, e Edition) error { _, err := c.Restaurer(t.Context(), "l1", 1, e); return err }, source},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open82(t, openBase(t))
			c.now = func() time.Time { return avant }
			for _, g := range tt.deja {
				if err := g(c, coordinatrice()); err != nil {
					t.Fatal(err)
				}
			}
			c.now = func() time.Time { return jour }
			if tt.geste != nil {
				if err := tt.geste(c, coordinatrice()); err != nil {
					t.Fatal(err)
				}
			}
			v, err := c.Lieu("l1")
			if err != nil || v.Champs.DateMaj != tt.want || v.Preuve.Date != tt.want {
				t.Fatalf("date_maj %v, proof %+v, %v, want %v", v.Champs.DateMaj, v.Preuve, err, tt.want)
			}
			if o := v.Provenance[mednum.ChampDateMaj]; o.Date != tt.want || (o.Compte != "") == (tt.want == source) || (v.Preuve.Flux == "") == (tt.want == source) {
				t.Errorf("it comes from %+v, flow %q", o, v.Preuve.Flux)
			}
		})
	}
}
