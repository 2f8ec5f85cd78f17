package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// tousLesMax is the longest cadence that the form offers, in weeks.
const tousLesMax = 8

// permanenceEditee is what a permanence has beside its hours, as it was typed.
type permanenceEditee struct {
	Intitule, Depuis, TousLes string
	RendezVous                bool
	Tenue                     bool        // by whoever fills in the form
	Arret                     *arretEdite // nil for a permanence at the place itself

	depuis  mednum.Date
	tousLes int
}

// arretEdite is the stop of an itinerant service, as it was typed.
type arretEdite struct{ Nom, Adresse, Commune string }

func newPermanenceEditee(p *mednum.Permanence) *permanenceEditee {
	e := &permanenceEditee{Intitule: p.Intitule, RendezVous: p.RendezVous, TousLes: strconv.Itoa(max(1, p.TousLes))}
	if !p.Depuis.IsZero() {
		e.Depuis = p.Depuis.String()
	}
	if p.Arret != nil {
		e.Arret = &arretEdite{p.Arret.Nom, p.Arret.Adresse, p.Arret.Commune}
	}
	return e
}

func parsePermanence(v url.Values) *permanenceEditee {
	lire := func(nom string) string { return strings.TrimSpace(v.Get(nom)) }
	p := &permanenceEditee{Intitule: lire("intitule"), Depuis: lire("depuis"), TousLes: lire("tous-les"), RendezVous: lire("rendez-vous") != "", Tenue: lire("tenue") != ""}
	if v.Has("arret") {
		p.Arret = &arretEdite{lire("arret"), lire("adresse"), lire("commune")}
	}
	return p
}

// lireArret reads the stop of the form: its commune is understood as typed
// searches are, and a stop that moves to another one goes to its centre.
func (s *site) lireArret(e *editeur, avant *mednum.Arret) *mednum.Arret {
	dit := e.Permanence.Arret
	if dit == nil {
		return nil
	}
	a := &mednum.Arret{}
	if avant != nil {
		*a = *avant
	}
	a.Nom, a.Adresse = e.verifierMots("arret", "Nom de l’arrêt", dit.Nom), e.verifierMots("adresse", "Adresse de l’arrêt", dit.Adresse)
	if a.Nom == "" {
		e.fautif(nil, "arret", "Nom de l’arrêt\u00a0: donnez-le, par exemple Mairie.")
	}
	if avant != nil && dit.Commune == avant.Commune && avant.CodeInsee != "" {
		return a
	}
	r := s.Territoire.Chercher(dit.Commune)
	if len(r.Communes) == 1 && r.Commune == nil {
		r.Commune = r.Communes[0]
	}
	if r.Commune == nil || r.Commune.Ailleurs || r.Reste != "" {
		e.fautif(nil, "commune", "Commune de l’arrêt\u00a0: «\u00a0"+dit.Commune+"\u00a0» n’est pas une commune connue d’ici. Écrivez son nom, ou son nom et son code postal.")
		return a
	}
	a.CodeInsee, a.Latitude, a.Longitude, a.Precision = r.Commune.Code, nil, nil, ""
	if err := s.Catalogue.CompleterArret(a); err != nil {
		e.fautif(nil, "commune", messageDe(err))
	}
	return a
}

// lire reads what was typed, and notes in the form what is wrong.
func (p *permanenceEditee) lire(e *editeur) {
	p.Intitule = e.verifierMots("intitule", "Intitulé", p.Intitule)
	var err error
	if p.tousLes, err = strconv.Atoi(p.TousLes); err != nil || p.tousLes < 1 || p.tousLes > tousLesMax {
		e.fautif(nil, "tous-les", "Fréquence\u00a0: choisissez toutes les semaines, ou une semaine sur deux à une sur huit.")
	}
	if p.Depuis == "" {
		if p.tousLes > 1 {
			e.fautif(nil, "depuis", "Première date\u00a0: donnez un jour de la première semaine, pour savoir quelles semaines comptent.")
		}
		return
	}
	if p.depuis, err = parseJour(p.Depuis); err != nil {
		e.fautif(nil, "depuis", "Première date\u00a0: «\u00a0"+p.Depuis+"\u00a0» n’est pas une date. Écrivez-la comme 30/11/2026.")
	}
}

// parseJour reads a day as browsers send it, or as people type it.
func parseJour(texte string) (mednum.Date, error) {
	if t, err := time.Parse("2/1/2006", texte); err == nil {
		return mednum.DateOf(t), nil
	}
	return mednum.ParseDate(texte)
}

func (p *permanenceEditee) cadence(loc *time.Location) horaires.Cadence {
	if p.depuis.IsZero() {
		return horaires.Cadence{}
	}
	return horaires.Cadence{Depuis: p.depuis.In(loc), Semaines: p.tousLes}
}

// mettre writes what was read onto a permanence, whose rule is texte; compte is
// that of whoever fills in the form.
func (p *permanenceEditee) mettre(q mednum.Permanence, texte string, arret *mednum.Arret, compte string) mednum.Permanence {
	if p.Tenue {
		q.Compte = compte
	} else if q.Compte == compte {
		q.Compte = ""
	}
	q.Arret, q.Intitule, q.RendezVous, q.Regle, q.Depuis, q.TousLes = arret, p.Intitule, p.RendezVous, texte, p.depuis, p.tousLes
	if q.TousLes == 1 {
		q.TousLes = 0
	}
	return q
}

// Frequences are the choices of the form.
func (p *permanenceEditee) Frequences() []struct{ Valeur, Nom string } {
	liste := []struct{ Valeur, Nom string }{{"1", "Toutes les semaines"}}
	for n, nom := range []string{"deux", "trois", "quatre", "cinq", "six", "sept", "huit"} {
		liste = append(liste, struct{ Valeur, Nom string }{strconv.Itoa(n + 2), "Une semaine sur " + nom})
	}
	return liste
}
