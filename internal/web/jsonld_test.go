package web_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// descriptionLD is what the page of a place tells search engines.
type descriptionLD struct {
	Usuelles  []specLD `json:"openingHoursSpecification"`
	Speciales []specLD `json:"specialOpeningHoursSpecification"`
	Event     []struct {
		Debut    time.Time `json:"startDate"`
		Fin      time.Time `json:"endDate"`
		Statut   string    `json:"eventStatus"`
		Location struct {
			Name    string            `json:"name"`
			Address map[string]string `json:"address"`
		} `json:"location"`
	} `json:"event"`
}

type specLD struct {
	Type   string   `json:"@type"`
	Jours  []string `json:"dayOfWeek"`
	Ouvre  string   `json:"opens"`
	Ferme  string   `json:"closes"`
	Depuis string   `json:"validFrom"`
	Jusqua string   `json:"validThrough"`
}

func (b banc) descriptionLD(t *testing.T, id string) (d descriptionLD) {
	t.Helper()
	_, corps := b.get(t, "/lieux/"+id)
	_, apres, _ := strings.Cut(corps, `<script type="application/ld+json">`)
	bloc, _, _ := strings.Cut(apres, "</script>")
	check(t, json.Unmarshal([]byte(bloc), &d))
	return d
}

// ouvert reads the description at an instant, as schema.org defines it. dit is
// false past what it speaks of.
func (d *descriptionLD) ouvert(t time.Time) (ouvert, dit bool) {
	date := t.Format("2006-01-02")
	tout := slices.Concat(d.Usuelles, d.Speciales)
	if !slices.ContainsFunc(tout, func(s specLD) bool { return date <= s.Jusqua }) {
		return false, false
	}
	duJour := func(s specLD) bool { return s.Depuis <= date && date <= s.Jusqua }
	du := slices.DeleteFunc(slices.Clone(d.Speciales), func(s specLD) bool { return !duJour(s) })
	if len(du) == 0 {
		du = slices.DeleteFunc(slices.Clone(d.Usuelles), func(s specLD) bool { return !duJour(s) || !slices.Contains(s.Jours, t.Weekday().String()) })
	}
	heure := t.Format("15:04")
	return slices.ContainsFunc(du, func(s specLD) bool { return s.Ouvre <= heure && heure < s.Ferme }), true
}

// For every shipped place: the hours told to engines are those of its rules,
// minute by minute over four weeks, or are not told; and never those of a place
// that the page itself does not call sure.
func TestHeuresPromises(t *testing.T) {
	b := newBanc(t)
	var v *catalogue.Vue
	for _, x := range b.lieux.Lieux() {
		if x.Champs.Nom == "France services de Moissac" {
			v = x
		}
	}
	for _, e := range []mednum.Exception{
		{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 3}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 4}, Motif: "formation"},
		{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 13}, Au: mednum.Date{Annee: 2026, Mois: 12, Jour: 13}, Ouvert: true, Plages: "10:00-12:00"},
	} {
		_, err := b.lieux.Modifier(t.Context(), v.ID, catalogue.Edition{Auteur: "cli", Voie: "cli", Droits: toutDroit},
			func(l *mednum.Lieu) error { _, err := l.AjouterException(e, mednum.DateOf(mardi)); return err })
		check(t, err)
	}
	promis, tus, speciaux := 0, 0, 0
	for _, v := range b.lieux.Lieux() {
		d := b.descriptionLD(t, v.ID)
		if len(d.Usuelles)+len(d.Speciales) == 0 {
			tus++
			continue
		}
		promis++
		speciaux += len(d.Speciales)
		if b.lieux.Perime(v) || v.Itinerant() || v.Heures == nil {
			t.Errorf("%s: hours of which the page is not sure", v.Champs.Nom)
			continue
		}
		regle := v.Heures
		if len(v.ExceptionsDe("")) > 0 {
			ajout, err := horaires.Parse(mednum.ReglesExceptions(v.ExceptionsDe(""), mednum.Date{}))
			check(t, err)
			regle = regle.Suivie(ajout)
		}
		cal := b.ter.Calendrier(mednum.DepartementDe(v.Champs.CodeInsee))
		auj := mardi.In(b.ter.Location())
		debut := time.Date(auj.Year(), auj.Month(), auj.Day(), 0, 0, 0, 0, auj.Location())
		for m := debut; m.Before(debut.AddDate(0, 0, 28)); m = m.Add(time.Minute) {
			dit, couvert := d.ouvert(m)
			if etat, _ := regle.Etat(m, cal); couvert && dit != (etat == horaires.Ouvert) {
				t.Errorf("%s: at %s, told open %v, the hours say %s", v.Champs.Nom, m, dit, etat)
				break
			}
		}
	}
	if promis < 20 || tus < 20 || speciaux != 3 {
		t.Errorf("%d places tell hours, %d none, %d special dates: the check saw nothing", promis, tus, speciaux)
	}
	t.Logf("%d places tell their hours, %d do not", promis, tus)
}

// The stops of an itinerant service are events at the place of the stop; one
// that a person cancelled is still told, as cancelled.
func TestPassagesPromis(t *testing.T) {
	b := newBanc(t)
	var v *catalogue.Vue
	for _, x := range b.lieux.Lieux() {
		if x.Champs.Nom == "France services itinérante Moissac-Confluences" {
			v = x
		}
	}
	avant := b.descriptionLD(t, v.ID)
	if len(avant.Event) < 5 || len(avant.Usuelles) > 0 {
		t.Fatalf("%d stops told, %d usual hours", len(avant.Event), len(avant.Usuelles))
	}
	premier := mednum.DateOf(avant.Event[0].Debut.In(b.ter.Location()))
	_, err := b.lieux.Modifier(t.Context(), v.ID, catalogue.Edition{Auteur: "cli", Voie: "cli", Droits: toutDroit},
		func(l *mednum.Lieu) error {
			_, err := l.AjouterException(mednum.Exception{Du: premier, Au: premier}, mednum.DateOf(mardi))
			return err
		})
	check(t, err)
	apres := b.descriptionLD(t, v.ID)
	annules := 0
	for i, e := range apres.Event {
		if !e.Debut.Before(e.Fin) || e.Location.Name == "" || e.Location.Address["addressLocality"] == "" {
			t.Errorf("event %d: %+v", i, e)
		}
		if e.Statut == "https://schema.org/EventCancelled" {
			annules++
			if mednum.DateOf(e.Debut.In(b.ter.Location())) != premier {
				t.Errorf("cancelled on %s", e.Debut)
			}
		}
	}
	if len(apres.Event) != len(avant.Event) || annules == 0 {
		t.Errorf("%d events then %d, %d cancelled", len(avant.Event), len(apres.Event), annules)
	}
}

// Engines are told a position when it is that of the door: neither the middle of
// a commune, nor a seat.
func TestPositionPromise(t *testing.T) {
	b := newBanc(t)
	dites, tues := 0, 0
	for _, v := range b.lieux.Lieux() {
		_, page := b.get(t, "/lieux/"+v.ID)
		_, situe := v.Position()
		want := situe && !v.Itinerant() && v.Precision != mednum.PrecisionCommune
		if got := strings.Contains(page, `"@type":"GeoCoordinates"`); got != want {
			t.Errorf("%s: told %v, want %v", v.Champs.Nom, got, want)
		}
		_, apres, _ := strings.Cut(page, `<meta name="description" content="`)
		description, _, _ := strings.Cut(apres, `">`)
		if description == "" || strings.Contains(description, v.Champs.CodePostal) == v.Itinerant() || strings.Contains(description, "Ce service se déplace") != v.Itinerant() {
			t.Errorf("%s: described as %q", v.Champs.Nom, description)
		}
		if want {
			dites++
		} else {
			tues++
		}
	}
	if dites == 0 || tues == 0 {
		t.Errorf("%d told, %d not: this proves little", dites, tues)
	}
}

// A street that the source does not give is said to nobody: neither to engines
// nor in a calendar.
func TestRueInconnue(t *testing.T) {
	b := newBanc(t)
	id := b.lieuNomme(t, "France services de Moissac").ID
	b.reviser(t, id, func(l *mednum.Lieu) { l.Champs.Adresse = norme.AdresseInconnue })
	check(t, b.lieux.Actualiser(t.Context()))
	_, page := b.get(t, "/lieux/"+id)
	_, apres, _ := strings.Cut(page, `<script type="application/ld+json">`)
	bloc, _, _ := strings.Cut(apres, "</script>")
	if !strings.Contains(bloc, `"addressLocality"`) || strings.Contains(bloc, "streetAddress") || strings.Contains(bloc, norme.AdresseInconnue) {
		t.Errorf("engines: %s", bloc)
	}
	if _, liste := b.agenda(t, "/lieux/"+id+"/horaires.ics"); liste[0]["LOCATION"] != `82200 Moissac` {
		t.Errorf("calendar: %q", liste[0]["LOCATION"])
	}
}

var toutDroit = []mednum.Habilitation{role(mednum.RoleAdministrateur, mednum.PorteeTout, "")}
