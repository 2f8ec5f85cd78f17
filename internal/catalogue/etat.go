package catalogue

import (
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Genre is the state of a place in one word, for colours and shapes; the
// words that people read are in Etat.Phrase.
type Genre string

// The states.
const (
	EtatOuvert    Genre = "ouvert"
	EtatFerme     Genre = "ferme"
	EtatPlusTard  Genre = "plus_tard" // help is not there now; the day when it comes is known
	EtatConfirmer Genre = "confirmer" // too old, or too vague, to be relied on
	EtatInconnu   Genre = "inconnu"
	EtatRDV       Genre = "rdv"
	EtatItinerant Genre = "itinerant" // moves: its stops have states of their own
)

// Etat is what can be said truly of a place, or of a stop, at one moment.
// Change is when Phrase may change, zero when it will not by itself.
type Etat struct {
	Genre  Genre
	Phrase string
	Detail string
	Ancien bool // what is known is too old to be relied on, as Detail says
	Change time.Time
}

// The values of modalites_acces that the state depends on.
const (
	accesSePresenter = "Se présenter"
	accesTelephoner  = "Téléphoner"
	accesRDVEnLigne  = "Prendre un RDV en ligne"
	accesSansPublic  = "Ce lieu n'accueille pas de public"
)

// Etat says whether the place is open now, in the territory's time zone. p is
// a permanence or a stop of the place, nil for the place itself. A place whose
// proof is past the limit of its flow is never "ouvert".
func (c *Catalogue) Etat(v *Vue, p *mednum.Permanence) Etat {
	return c.etatA(v, p, c.now().In(c.territoire.Location()))
}

// EtatPendant is the state of a result at the first moment of q at which one
// may be received there, at the beginning of q where that is not known. Its
// words say "demain" of the day after q: they are to be shown of a result that
// is open, or may be, at that time.
func (c *Catalogue) EtatPendant(t Trouve, q *Quand) Etat {
	instant := q.Du
	for _, h := range c.HeuresDuJour(t, q) {
		if !h.Fin.After(q.Du) {
			continue
		}
		if h.Debut.After(q.Du) && h.Debut.Before(q.Au) {
			instant = h.Debut
		}
		break
	}
	return c.etatA(t.Vue, t.Arret, instant)
}

func (c *Catalogue) etatA(v *Vue, p *mednum.Permanence, maintenant time.Time) Etat {
	switch {
	case v.Statut == mednum.StatutFerme:
		return Etat{Genre: EtatFerme, Phrase: "Fermé définitivement"}
	case c.perime(v, maintenant):
		if f, ok := v.FermetureDe(idPermanence(p), mednum.DateOf(maintenant)); ok {
			return fermePar(f, maintenant)
		}
		return Etat{Genre: EtatConfirmer, Phrase: "À confirmer", Ancien: true, Detail: ancienne(v.Preuve.Date)}
	case p != nil:
		return c.etatPassage(v, p, maintenant)
	case c.horairesPerimes(v, maintenant) && len(c.aidesFraiches(v, maintenant)) == 0:
		return Etat{Genre: EtatConfirmer, Phrase: "À confirmer", Ancien: true, Detail: ancienne(v.Provenance[mednum.ChampHoraires].Date)}
	case v.Itinerant():
		return c.etatItinerant(v)
	case surPlaceJamais(&v.Lieu):
		return Etat{Genre: EtatInconnu, Phrase: "N’accueille pas de public", Detail: "Téléphonez ou écrivez."}
	case v.aideDatee():
		return c.etatAide(v, maintenant)
	}
	return c.etatLieu(v, maintenant)
}

// Perime tells whether the proof of the place is past the limit of its flow:
// its hours are then "à confirmer".
func (c *Catalogue) Perime(v *Vue) bool {
	return c.perime(v, c.now().In(c.territoire.Location()))
}

func (c *Catalogue) perime(v *Vue, maintenant time.Time) bool {
	return c.tropVieux(v.Preuve.Date, v.Preuve.Flux, maintenant)
}

// horairesPerimes tells whether the hours come from a record past its own
// limit, on a place that a newer record of another kind proves to exist. A
// human check proves the hours too.
func (c *Catalogue) horairesPerimes(v *Vue, maintenant time.Time) bool {
	o := v.Provenance[mednum.ChampHoraires]
	if o.Fiche == "" || o.Date.IsZero() || o.Date.Compare(v.VerifieLe) <= 0 {
		return false
	}
	return c.tropVieux(o.Date, mednum.FluxDe(o), maintenant)
}

// tropVieux tells whether a date of a flow is no longer a proof.
func (c *Catalogue) tropVieux(d mednum.Date, flux string, maintenant time.Time) bool {
	return c.territoire.TropVieux(d, flux, mednum.DateOf(maintenant))
}

// idPermanence is the id of a permanence, "" for the place itself.
func idPermanence(p *mednum.Permanence) string {
	if p == nil {
		return ""
	}
	return p.ID
}

// fermePar is the state during a closing that a person noted, where nothing
// else is known for sure: "Fermé (congés) · jusqu’au 2 janvier 2027".
func fermePar(f mednum.Exception, maintenant time.Time) Etat {
	phrase := "Fermé"
	if f.Motif != "" {
		phrase += " (" + f.Motif + ")"
	}
	if au := f.Au.In(maintenant.Location()); f.Au != mednum.DateOf(maintenant) {
		phrase += " · jusqu’au" + strings.TrimPrefix(textes.Periode(au, au, maintenant), "le")
	}
	return Etat{Genre: EtatFerme, Phrase: phrase, Change: minuitSuivant(maintenant)}
}

func ancienne(d mednum.Date) string {
	if d.IsZero() {
		return "Information sans date\u00a0: appelez avant de venir"
	}
	return "Information " + textes.De(textes.Mois(d.Annee, d.Mois)) + "\u00a0: appelez avant de venir"
}

func (c *Catalogue) calendrier(codeInsee string) horaires.Calendrier {
	return c.territoire.Calendrier(mednum.DepartementDe(codeInsee))
}

// etatLieu is the state of doors, and what to do about appointments.
func (c *Catalogue) etatLieu(v *Vue, maintenant time.Time) Etat {
	if v.effectives == nil {
		return c.etatSansHoraires(v, maintenant)
	}
	return c.etatPortes(v, v.effectives.A(maintenant, c.calendrier(v.Champs.CodeInsee)), maintenant)
}

// etatSansHoraires is what can be said without hours: what a person noted of
// that day, otherwise whether one must phone.
func (c *Catalogue) etatSansHoraires(v *Vue, maintenant time.Time) Etat {
	if v.notees != nil {
		if r := v.notees.A(maintenant, c.calendrier(v.Champs.CodeInsee)); r.Etat != horaires.Inconnu {
			return c.etatPortes(v, r, maintenant)
		}
	}
	switch {
	case v.Champs.Horaires != "":
		return Etat{Genre: EtatInconnu, Phrase: "Horaires à vérifier", Detail: "Téléphonez avant de venir"}
	case surRendezVous(&v.Lieu):
		return Etat{Genre: EtatRDV, Phrase: "Sur rendez-vous"}
	}
	return Etat{Genre: EtatInconnu, Phrase: textes.NonCommuniques}
}

func (c *Catalogue) etatPortes(v *Vue, reponse horaires.Reponse, maintenant time.Time) Etat {
	e := Etat{
		Genre:  genreDe(reponse),
		Phrase: textes.Ouverture(reponse, maintenant, c.territoire.Location()),
		Change: changement(reponse, maintenant),
	}
	if e.Genre == EtatOuvert || e.Genre == EtatFerme {
		e.Detail = conseil(&v.Lieu)
		if e.Detail == "" && c.Ambigu(v) {
			e.Detail = "Demandez si l’aide est là à ces heures"
		}
	}
	return e
}

func genreDe(r horaires.Reponse) Genre {
	switch {
	case r.Etat == horaires.Ouvert && r.AConfirmer():
		return EtatConfirmer // a public holiday on which the hours are silent
	case r.Etat == horaires.Ouvert:
		return EtatOuvert
	case r.Etat == horaires.Ferme:
		return EtatFerme
	case parleDeRendezVous(r.Commentaire):
		return EtatRDV
	}
	return EtatInconnu
}

func parleDeRendezVous(texte string) bool {
	n := mednum.Normaliser(texte)
	return strings.Contains(n, "rendez vous") || strings.Contains(n, "rdv")
}

// changement is when the sentence may change: the next state, or midnight,
// since sentences say "demain".
func changement(r horaires.Reponse, maintenant time.Time) time.Time {
	return plusTot(minuitSuivant(maintenant), r.Change)
}

func (c *Catalogue) etatItinerant(v *Vue) Etat {
	e := Etat{Genre: EtatItinerant, Phrase: "Service itinérant\u00a0: téléphonez pour connaître les arrêts"}
	for i := range v.Permanences {
		if v.Permanences[i].Arret != nil {
			e.Phrase = "Service itinérant\u00a0: voir les arrêts"
		}
	}
	return e
}

// etatPassage is the state of a stop of an itinerant service, or of hours of
// help within a place.
func (c *Catalogue) etatPassage(v *Vue, p *mednum.Permanence, maintenant time.Time) Etat {
	regle := v.Regle(p.ID)
	if f, ok := v.FermetureDe(p.ID, mednum.DateOf(maintenant)); ok && regle == nil {
		return fermePar(f, maintenant)
	}
	switch {
	case regle == nil && p.Arret != nil:
		return Etat{Genre: EtatConfirmer, Phrase: "Jours de passage à confirmer\u00a0: téléphonez"}
	case regle == nil && p.RendezVous:
		return Etat{Genre: EtatRDV, Phrase: "Sur rendez-vous"}
	case regle == nil:
		return Etat{Genre: EtatInconnu, Phrase: textes.NonCommuniques}
	}
	return passage(p, regle, maintenant, c.calendrier(v.communeDe(p.ID)))
}

// communeDe is the INSEE code of the commune where a permanence is: that of its
// stop, otherwise the place's. Its public and school holidays apply.
func (v *Vue) communeDe(permanence string) string {
	for i := range v.Permanences {
		if p := &v.Permanences[i]; p.ID == permanence && p.Arret != nil {
			return p.Arret.CodeInsee
		}
	}
	return v.Champs.CodeInsee
}

// prochainDebut is when the stop is next served, the instant itself when it is
// now; ok is false when its rule does not say.
func (c *Catalogue) prochainDebut(v *Vue, p *mednum.Permanence, instant time.Time) (debut time.Time, ok bool) {
	regle := v.Regle(p.ID)
	if regle == nil {
		return debut, false
	}
	r := regle.A(instant, c.calendrier(p.Arret.CodeInsee))
	if r.Etat != horaires.Ferme {
		return instant, true
	}
	return r.Bascule.Debut, !r.Bascule.Debut.IsZero()
}

func passage(p *mednum.Permanence, regle *horaires.Expression, maintenant time.Time, cal horaires.Calendrier) Etat {
	r := regle.A(maintenant, cal)
	e := Etat{Genre: genreDe(r), Change: changement(r, maintenant), Detail: reserve(p, r)}
	suivant, vient := r.Bascule.Debut.In(maintenant.Location()), !r.Bascule.Debut.IsZero()
	switch {
	case r.Etat == horaires.Ouvert && r.AConfirmer(), r.Etat == horaires.Inconnu:
		e.Phrase = textes.Ouverture(r, maintenant, cal.Lieu)
	case r.Etat == horaires.Ouvert:
		e.Phrase = "Sur place" + jusqua(r, maintenant)
	case vient:
		e.Genre, e.Phrase = EtatPlusTard, prochain(p, suivant, maintenant)
	default:
		return Etat{Genre: EtatConfirmer, Phrase: "Jours de passage à confirmer\u00a0: téléphonez"}
	}
	if e.Genre != EtatConfirmer && (p.RendezVous || parleDeRendezVous(r.Bascule.Commentaire)) {
		e.Genre = EtatRDV
	}
	return e
}

// jusqua says until when the state holds: " · jusqu’à 12 h", "" when it has no
// end.
func jusqua(r horaires.Reponse, maintenant time.Time) string {
	fin := r.Bascule.Debut
	if fin.IsZero() {
		return ""
	}
	fin = fin.In(maintenant.Location())
	return " · jusqu’à " + textes.Heure(fin.Hour(), fin.Minute())
}

// reserve is what to know before the next time: an appointment, a comment, a
// public holiday on which the rule is silent.
func reserve(p *mednum.Permanence, r horaires.Reponse) string {
	var phrases []string
	if r.Etat == horaires.Ferme && r.Bascule.Ferie != "" && !r.Bascule.FeriePrevu {
		phrases = append(phrases, "Jour férié ("+r.Bascule.Ferie+")\u00a0: à vérifier")
	}
	switch {
	case p.RendezVous:
		phrases = append(phrases, "Sur rendez-vous\u00a0: téléphonez")
	case r.Etat == horaires.Ferme && r.Commentaire != "":
		phrases = append(phrases, "Absent en ce moment ("+r.Commentaire+")")
	case r.Etat == horaires.Ferme && r.Bascule.Commentaire != "":
		phrases = append(phrases, textes.Majuscule(r.Bascule.Commentaire))
	}
	return strings.Join(phrases, ". ")
}

// prochain is "Prochain passage : lundi 30 novembre, 9 h 30".
func prochain(p *mednum.Permanence, t, maintenant time.Time) string {
	debut := "Prochain passage\u00a0: "
	if p.Arret == nil {
		debut = "Prochaine permanence\u00a0: "
	}
	jour := textes.Jour(t)
	switch mednum.DateOf(t) {
	case mednum.DateOf(maintenant):
		jour = "aujourd’hui"
	case mednum.DateOf(maintenant.AddDate(0, 0, 1)):
		jour = "demain"
	}
	if t.Year() > maintenant.Year()+1 || t.Sub(maintenant) > 300*24*time.Hour {
		jour += " " + t.Format("2006")
	}
	return debut + jour + ", " + textes.Heure(t.Hour(), t.Minute())
}

// ProchainsPassages are the next n days on which a permanence begins, or on
// which the place itself opens (permanence ""), today
// included while it is not over, in the territory's time zone.
func (c *Catalogue) ProchainsPassages(v *Vue, permanence string, n int) []time.Time {
	regle := v.Regle(permanence)
	if permanence == "" {
		regle = v.effectives
	}
	if regle == nil {
		return nil
	}
	return textes.ProchainesDates(regle, n, c.now().In(c.territoire.Location()), c.calendrier(v.communeDe(permanence)))
}
