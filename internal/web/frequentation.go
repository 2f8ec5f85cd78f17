package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// periode is a way to cut time: how it is called, and how many are shown.
type periode struct {
	Cle, Nom, Un string
	nombre       int
	debut        func(mednum.Date) mednum.Date // the first day of the one that holds a day
	suivant      func(mednum.Date) mednum.Date // the first day of the next
	dire         func(mednum.Date) string
}

var periodes = []periode{
	{"jour", "Par jour", "jour", 31, func(d mednum.Date) mednum.Date { return d }, func(d mednum.Date) mednum.Date { return plusJours(d, 1) }, direJour},
	{"semaine", "Par semaine", "semaine", 26, lundi, func(d mednum.Date) mednum.Date { return plusJours(d, 7) }, func(d mednum.Date) string { return "semaine du " + direJour(d) }},
	{"mois", "Par mois", "mois", 36, func(d mednum.Date) mednum.Date { d.Jour = 1; return d }, func(d mednum.Date) mednum.Date { return d.AddMois(1) }, func(d mednum.Date) string { return textes.Mois(d.Annee, d.Mois) }},
}

func plusJours(d mednum.Date, n int) mednum.Date {
	return mednum.DateOf(d.In(time.UTC).AddDate(0, 0, n))
}

func lundi(d mednum.Date) mednum.Date {
	return plusJours(d, -(int(d.In(time.UTC).Weekday())+6)%7)
}

func direJour(d mednum.Date) string { return textes.DateLongue(d.Annee, d.Mois, d.Jour) }

// frequence is how much was used in one period, or in one commune.
type frequence struct {
	Debut   mednum.Date         // of a period
	Commune *territoire.Commune // of a commune
	EPCI    string
	Nom     string
	N       [len(mesures.Genres)]int // in the order of mesures.Genres
}

// colonnesMesures are what is counted, as lists and charts name it.
var colonnesMesures = [len(mesures.Genres)]struct {
	Genre  mesures.Genre
	Titre  string
	Phrase string
}{
	{mesures.Recherche, "Recherches", "recherches d’aide"},
	{mesures.Lointaine, "Dont lointaines", "n’ont rien trouvé à moins de 15 km"},
	{mesures.Vue, "Pages de lieux vues", "pages de lieux vues"},
	{mesures.Telephone, "Appels touchés", "touches sur un numéro de téléphone"},
}

// corpsFrequentation is the page of the figures of use.
type corpsFrequentation struct {
	Periodes  []lienPeriode
	Vues      []lienPeriode
	Commune   string // the only one shown, "" for all
	Toutes    string // address of all communes
	Totaux    []total
	Graphique *graphique
	Tableau   *tableau
	Depuis    string
}

// lienPeriode is a way to see the figures.
type lienPeriode struct {
	Nom, Adresse string
	Ici          bool
}

type total struct{ N, Phrase string }

// serveFrequentation shows the figures of use of the communes that this person
// coordinates: by day, week or month, and by commune.
func (s *site) serveFrequentation(c *fiber.Ctx) error {
	if s.Mesures == nil {
		return fiber.ErrNotFound
	}
	p, vue, commune, err := s.lireFrequentation(c)
	if err != nil {
		return err
	}
	jour := mednum.DateOf(s.maintenant())
	du := p.debut(jour)
	for range p.nombre - 1 {
		du = p.debut(plusJours(du, -1))
	}
	jours, err := s.Mesures.Lire(c.UserContext(), du, jour)
	if err != nil {
		return err
	}
	garde := s.communesCoordonnees(connexion(c).Compte.Habilitations)
	parPeriode, parCommune := s.frequences(p, du, jour, jours, func(x *territoire.Commune) bool {
		return garde(x) && (commune == nil || x.Code == commune.Code)
	})
	corps := corpsFrequentation{Depuis: direJour(du), Graphique: dessiner(p, parPeriode), Totaux: totaliser(parPeriode)}
	corps.situer(p, vue, commune)
	fixes := url.Values{"par": {p.Cle}, "vue": {vue}}
	if commune != nil {
		fixes.Set("commune", commune.Code)
	}
	l, lignes := listePeriodes(p, fixes), parPeriode
	if vue == "communes" {
		l, lignes = listeFrequentees(p, fixes), parCommune
	} else {
		slices.Reverse(lignes) // the newest first
	}
	return rendreListe(s, c, l, lignes, func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "frequentation", "Fréquentation", "reseau", corps)
	})
}

// lireFrequentation reads the parameters: "par" (jour, semaine, mois), "vue"
// (periodes, communes), "commune" (INSEE code).
func (s *site) lireFrequentation(c *fiber.Ctx) (p periode, vue string, commune *territoire.Commune, err error) {
	par := cmp.Or(c.Query("par"), "semaine")
	i := slices.IndexFunc(periodes, func(p periode) bool { return p.Cle == par })
	if i < 0 {
		return p, "", nil, invalide("par", "Choisissez jour, semaine ou mois.")
	}
	if vue = cmp.Or(c.Query("vue"), "periodes"); vue != "periodes" && vue != "communes" {
		return p, "", nil, invalide("vue", "Choisissez periodes ou communes.")
	}
	if code := c.Query("commune"); code != "" {
		var ok bool
		if commune, ok = s.Territoire.Commune(code); !ok || !commune.Dedans {
			return p, "", nil, invalide("commune", "Donnez le code INSEE d’une commune "+s.Territoire.NomEn+".")
		}
	}
	return periodes[i], vue, commune, nil
}

// frequences adds up days by period, every one of them from du to au, and by
// commune.
func (s *site) frequences(p periode, du, au mednum.Date, jours []mesures.Jour, garde func(*territoire.Commune) bool) (parPeriode, parCommune []frequence) {
	rangs := map[mednum.Date]int{}
	for d := du; d.Compare(au) <= 0; d = p.suivant(d) {
		rangs[d] = len(parPeriode)
		parPeriode = append(parPeriode, frequence{Debut: d, Nom: p.dire(d)})
	}
	communes := map[string]int{}
	for i := range s.Territoire.Communes {
		if x := &s.Territoire.Communes[i]; garde(x) {
			communes[x.Code] = len(parCommune)
			f := frequence{Commune: x, Nom: x.NomCourant()}
			if e, ok := s.Territoire.EPCI(x.EPCI); ok {
				f.EPCI = e.Nom
			}
			parCommune = append(parCommune, f)
		}
	}
	for i := range jours {
		rang := rangs[p.debut(jours[i].Jour)]
		for g, genre := range mesures.Genres {
			for code, n := range jours[i].Comptes[genre] {
				if k, ok := communes[code]; ok {
					parPeriode[rang].N[g] += int(n)
					parCommune[k].N[g] += int(n)
				}
			}
		}
	}
	return parPeriode, parCommune
}

// situer gives the page its links: the other periods, the other list.
func (corps *corpsFrequentation) situer(p periode, vue string, commune *territoire.Commune) {
	adresse := func(par, vue, code string) string {
		q := url.Values{"par": {par}, "vue": {vue}}
		if code != "" {
			q.Set("commune", code)
		}
		return "/espace/frequentation?" + q.Encode()
	}
	code := ""
	if commune != nil {
		code = commune.Code
		corps.Commune, corps.Toutes = commune.NomCourant(), adresse(p.Cle, "communes", "")
	}
	for _, autre := range periodes {
		corps.Periodes = append(corps.Periodes, lienPeriode{autre.Nom, adresse(autre.Cle, vue, code), autre.Cle == p.Cle})
	}
	corps.Vues = []lienPeriode{
		{"Dans le temps", adresse(p.Cle, "periodes", code), vue == "periodes"},
		{"Commune par commune", adresse(p.Cle, "communes", code), vue == "communes"},
	}
}

func totaliser(liste []frequence) []total {
	var n [len(mesures.Genres)]int
	for i := range liste {
		for g := range n {
			n[g] += liste[i].N[g]
		}
	}
	totaux := make([]total, len(n))
	for g := range n {
		totaux[g] = total{textes.Nombre(n[g]), colonnesMesures[g].Phrase}
	}
	return totaux
}

func colonnesFrequence(premieres ...colonne[frequence]) []colonne[frequence] {
	for g := range colonnesMesures {
		premieres = append(premieres, colonne[frequence]{
			Cle: string(colonnesMesures[g].Genre), Titre: colonnesMesures[g].Titre,
			Case: func(f frequence) cellule { return nombre(f.N[g]) },
		})
	}
	return premieres
}

func listePeriodes(p periode, fixes url.Values) liste[frequence] {
	return liste[frequence]{
		Chemin: "/espace/frequentation", Nom: "frequentation-par-" + p.Cle, Titre: "La fréquentation " + textes.Minuscule(p.Nom), Un: p.Un, Plusieurs: pluriel(p.Un), Fixes: fixes,
		Colonnes: colonnesFrequence(
			colonne[frequence]{Cle: "debut", Titre: textes.Majuscule(p.Un), Case: func(f frequence) cellule {
				return cellule{Texte: textes.Majuscule(f.Nom), Ordre: f.Debut.String()}
			}},
			colonne[frequence]{Titre: "Premier jour", FichierSeul: true, Case: func(f frequence) cellule { return jourDit(f.Debut) }}),
	}
}

func pluriel(mot string) string {
	if mot == "mois" {
		return mot
	}
	return mot + "s"
}

func listeFrequentees(p periode, fixes url.Values) liste[frequence] {
	return liste[frequence]{
		Chemin: "/espace/frequentation", Nom: "frequentation-par-commune", Titre: "La fréquentation par commune", Un: "commune", Plusieurs: "communes",
		Tri: "-" + string(mesures.Recherche), Fixes: fixes,
		Colonnes: colonnesFrequence(
			colonne[frequence]{Cle: "nom", Titre: "Commune", Case: func(f frequence) cellule {
				return lie(f.Nom, "/espace/frequentation?"+url.Values{"par": {p.Cle}, "commune": {f.Commune.Code}}.Encode())
			}},
			colonne[frequence]{Titre: "Code", FichierSeul: true, Case: func(f frequence) cellule { return texte(f.Commune.Code) }},
			colonne[frequence]{Cle: "epci", Titre: "Intercommunalité", Case: func(f frequence) cellule { return texte(f.EPCI) }}),
		Filtres: []filtre[frequence]{{Cle: "q", Titre: "Chercher une commune", Passe: func(f frequence, v string) bool { return tousLesMots(f.Nom+" "+f.EPCI, v) }}},
	}
}

// graphique is a chart of bars that the server draws: searches, and among them
// those that end far.
type graphique struct {
	Largeur, Hauteur int
	Barres           []barre
	Titre            string // what it shows, in a sentence
	De, A, Max       string
}

// barre is one period: the whole bar, and the part of it that is far, in units
// of the drawing.
type barre struct{ X, Y, H, YLoin, HLoin int }

const (
	pasBarre       = 20
	largeurBarre   = 14
	hauteurDessine = 120
)

// dessiner draws periods from the oldest, nil when nothing was counted.
func dessiner(p periode, liste []frequence) *graphique {
	haut := 0
	for i := range liste {
		haut = max(haut, liste[i].N[0])
	}
	if haut == 0 {
		return nil
	}
	g := &graphique{
		Largeur: pasBarre * len(liste), Hauteur: hauteurDessine, Max: textes.Nombre(haut),
		De: liste[0].Nom, A: liste[len(liste)-1].Nom,
		Titre: fmt.Sprintf("Recherches %s, %s au plus. Le détail est dans le tableau.", textes.Minuscule(p.Nom), strconv.Itoa(haut)),
	}
	for i := range liste {
		b := barre{X: pasBarre * i, H: hauteurDe(liste[i].N[0], haut), HLoin: hauteurDe(liste[i].N[1], haut)}
		b.Y, b.YLoin = hauteurDessine-b.H, hauteurDessine-b.HLoin
		g.Barres = append(g.Barres, b)
	}
	return g
}

// hauteurDe is the height of n where haut is the whole; what is there is seen.
func hauteurDe(n, haut int) int {
	if n == 0 {
		return 0
	}
	return max(2, n*hauteurDessine/haut)
}
