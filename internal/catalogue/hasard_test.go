package catalogue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

var depart2026 = time.Date(2026, time.November, 24, 10, 0, 0, 0, time.UTC)

// hasard makes places at random: some share a point, some have none, some
// move, some say nothing.
type hasard struct{ *rand.Rand }

func newHasard(graine uint64) hasard { return hasard{rand.New(rand.NewPCG(graine, 82))} }

func (h hasard) degres(milieu, etendue float64) *float64 {
	v := milieu + (h.Float64()-0.5)*etendue
	if h.IntN(3) == 0 {
		v = float64(int(v*20)) / 20 // a grid: equal distances
	}
	return &v
}

func (h hasard) valeurs(champ mednum.Champ) []string {
	if h.IntN(3) == 0 {
		return nil
	}
	tous := mednum.Vocabulaire(champ)
	if champ == mednum.ChampTypologie {
		tous = []string{"CCAS", "BIB", "RFS", "TIERS_LIEUX", "inconnue"}
	}
	if champ == mednum.ChampLangues {
		tous = mednum.CodesLangues()[:6]
	}
	h.Shuffle(len(tous), func(i, j int) { tous[i], tous[j] = tous[j], tous[i] })
	return tous[:1+h.IntN(min(3, len(tous)))]
}

func (h hasard) lieu(i int, etendue float64) mednum.Lieu {
	commune := h.IntN(8)
	c := mednum.Champs{
		Nom: fmt.Sprintf("Lieu %d", h.IntN(40)), Commune: fmt.Sprintf("Commune %d", commune), CodeInsee: fmt.Sprintf("9900%d", commune),
	}
	for _, f := range champsFiltres {
		if f.champ != ChampFamilles && f.champ != mednum.ChampItinerance && f.champ != mednum.ChampLangues {
			affecter(&c, f.champ, h.valeurs(f.champ))
		}
	}
	l := mednum.Lieu{ID: fmt.Sprintf("l%05d", i), Version: 1, Statut: mednum.StatutPublie, Langues: h.valeurs(mednum.ChampLangues)}
	for _, f := range mednum.Familles {
		if h.IntN(2) == 0 {
			l.Familles = append(l.Familles, f)
		}
	}
	switch h.IntN(12) {
	case 0:
		c.Itinerance = []string{"Itinérant"}
		l.Permanences = h.arrets(etendue)
	case 1:
		c.Itinerance = []string{"Fixe", "Itinérant"}
		l.Permanences = h.arrets(etendue)
	case 2:
		l.Statut = mednum.StatutPropose
	}
	if h.IntN(10) > 0 {
		c.Latitude, c.Longitude = h.degres(44, etendue), h.degres(1.3, etendue)
	}
	l.Champs = c
	h.ouvrir(&l)
	return l
}

func (h hasard) arrets(etendue float64) []mednum.Permanence {
	var liste []mednum.Permanence
	for i := range h.IntN(6) {
		commune := h.IntN(8)
		a := &mednum.Arret{Nom: "Mairie", Commune: fmt.Sprintf("Commune %d", commune), CodeInsee: fmt.Sprintf("9900%d", commune)}
		if h.IntN(6) > 0 {
			a.Latitude, a.Longitude = h.degres(44, etendue), h.degres(1.3, etendue)
		}
		p := mednum.Permanence{ID: fmt.Sprintf("p%d", i), Arret: a}
		if h.IntN(3) == 0 {
			p.Services = h.valeurs(mednum.ChampServices)
		}
		h.regler(&p)
		if len(liste) > 0 && h.IntN(4) == 0 {
			p.Arret, p.Services = liste[0].Arret, liste[0].Services // the same stop another day
		}
		if h.IntN(5) == 0 {
			p.Arret = nil
		}
		liste = append(liste, p)
	}
	return liste
}

// regle is hours of one weekday, "" one time in three.
func (h hasard) regle() string {
	if h.IntN(3) == 0 {
		return ""
	}
	de := 8 + h.IntN(8)
	return fmt.Sprintf("%s %02d:00-%02d:30", [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa"}[h.IntN(6)], de, de+1+h.IntN(4))
}

func (h hasard) regler(p *mednum.Permanence) {
	p.Regle, p.RendezVous = h.regle(), h.IntN(4) == 0
	if h.IntN(3) == 0 {
		p.Depuis, p.TousLes = mednum.DateOf(depart2026.AddDate(0, 0, h.IntN(30)-15)), h.IntN(3)
	}
}

// ouvrir gives a place hours, help, closings, and an age, of all kinds.
func (h hasard) ouvrir(l *mednum.Lieu) {
	l.Champs.Horaires = h.regle()
	for i := range h.IntN(3) {
		p := mednum.Permanence{ID: fmt.Sprintf("f%d", i)}
		h.regler(&p)
		if h.IntN(4) == 0 {
			p.Services = materielSeul
		}
		l.Permanences = append(l.Permanences, p)
	}
	if h.IntN(3) > 0 {
		l.Preuve.Date = mednum.DateOf(depart2026.AddDate(0, -h.IntN(30), 0))
	}
	l.SensHoraires = [...]mednum.SensHoraires{"", "", mednum.SensAide, mednum.SensLieu}[h.IntN(4)]
	if h.IntN(3) == 0 {
		du := depart2026.AddDate(0, 0, h.IntN(8))
		l.Exceptions = []mednum.Exception{{Du: mednum.DateOf(du), Au: mednum.DateOf(du.AddDate(0, 0, h.IntN(5)))}}
	}
}

// quand is some hours of the two weeks to come, in which no public holiday
// falls.
func (h hasard) quand() *Quand {
	du := depart2026.Add(time.Duration(h.IntN(13*24*60)) * time.Minute)
	au := du.Add(time.Duration(1+h.IntN(20*60)) * time.Minute)
	if minuit := minuitSuivant(du); au.After(minuit) {
		au = minuit // within one civil day
	}
	return &Quand{Du: du, Au: au}
}

func affecter(c *mednum.Champs, champ mednum.Champ, valeurs []string) {
	texte := ""
	for i, v := range valeurs {
		if i > 0 {
			texte += "|"
		}
		texte += v
	}
	if err := c.Affecter(champ, texte); err != nil {
		panic(err)
	}
}

func (h hasard) lieux(n int, etendue float64) []mednum.Lieu {
	lieux := make([]mednum.Lieu, 0, n)
	for i := range n {
		lieux = append(lieux, h.lieu(i, etendue))
	}
	return lieux
}

var demarchesEssai = Demarches{{
	ID: "essai", Titre: "Essai", Phrase: "Essai", Icone: "essai",
	Services: []string{"Aide aux démarches administratives"}, Dispositifs: []string{"Aidants Connect"},
	Familles: []mednum.Famille{mednum.FamilleFranceServices},
}}

func (h hasard) recherche() Recherche {
	r := Recherche{Limite: 1 + h.IntN(30), Decalage: h.IntN(3) * h.IntN(20), SansElargir: h.IntN(4) == 0, SansComptes: h.IntN(5) == 0}
	if h.IntN(6) > 0 {
		r.Depart = &geo.Point{Lat: *h.degres(44, 3), Lon: *h.degres(1.3, 3)}
		r.Rayon = []float64{1, 500, 3_000, 10_000, 60_000, RayonMax}[h.IntN(6)]
	}
	if h.IntN(4) == 0 {
		r.Demarche = "essai"
	}
	if h.IntN(4) == 0 {
		r.Familles = []mednum.Famille{mednum.Familles[h.IntN(3)]}
	}
	r.Filtres = map[mednum.Champ][]string{}
	for range h.IntN(3) {
		champ := champsFiltres[1+h.IntN(len(champsFiltres)-1)].champ
		valeurs := slices.DeleteFunc(h.valeurs(champ), func(v string) bool { return v == "inconnue" })
		if champ == mednum.ChampPriseEnCharge && h.IntN(2) == 0 {
			valeurs = append(valeurs, LanguesEtrangeres)
		}
		if len(valeurs) > 0 {
			r.Filtres[champ] = valeurs
		}
	}
	if h.IntN(3) == 0 {
		r.Quand = h.quand()
	}
	switch h.IntN(6) {
	case 0:
		r.Commune = fmt.Sprintf("9900%d", h.IntN(9))
	case 1:
		r.Boite = &geo.Boite{Sud: 43.7, Nord: 44.2, Ouest: 0.9, Est: 1.6}
	case 2:
		r.Pres = fmt.Sprintf("9900%d", h.IntN(9))
	}
	return r
}

func catalogueDe(tb testing.TB, lieux []mednum.Lieu) *Catalogue {
	tb.Helper()
	c := &Catalogue{territoire: &territoire.Territoire{}, demarches: demarchesEssai, now: func() time.Time { return depart2026 }}
	if err := c.publier(lieux, 1); err != nil {
		tb.Fatal(err)
	}
	return c
}
