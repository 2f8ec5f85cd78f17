package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/taches"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// itineraires is the server of itineraries that the service asks.
type itineraires struct {
	Itineraires      string `placeholder:"URL" env:"ADEUXPAS_ITINERAIRES" help:"Serveur qui donne les trajets en voiture des pages de couverture ; vide : les distances sont calculées."`
	ItinerairesGenre string `name:"itineraires-genre" default:"osrm" placeholder:"GENRE" env:"ADEUXPAS_ITINERAIRES_GENRE" help:"Genre de ce serveur : osrm, ou geoplateforme (https://data.geopf.fr/navigation)."`
}

// rythmeItineraires is how often the itineraries that are missing are asked for.
const rythmeItineraires = 15 * time.Minute

// serveur is nil when no server is set.
func (i itineraires) serveur(s *service) (*couverture.Itineraires, error) {
	if i.Itineraires == "" {
		return nil, nil // documented: none
	}
	r := couverture.Reglages{URL: i.Itineraires, Genre: couverture.Genre(i.ItinerairesGenre)}
	return couverture.NewItineraires(s.base, r, s.now)
}

// verifier refuses settings that could not work.
func (i itineraires) verifier() error {
	_, err := i.serveur(&service{})
	if e, ok := errors.AsType[*mednum.Error](err); ok {
		return usage("--%s : %s", e.Champ, e.Message)
	}
	return err
}

// openItineraires is the job that fills the matrix of itineraries.
func (i itineraires) openItineraires(s *service, t *territoire.Territoire) (*couverture.Itineraires, error) {
	r, err := i.serveur(s)
	if err != nil || r == nil {
		return nil, err
	}
	s.taches = append(s.taches, taches.Tache{Nom: "itineraires", Chaque: rythmeItineraires, Faire: func(ctx context.Context) error {
		_, err := r.Remplir(ctx, couverture.Communes(t), inventorier(s.catalogue, t, s.now()))
		return err
	}})
	return r, nil
}

type commandeCouverture struct {
	Mesurer commandeCouvertureMesurer `cmd:"" default:"withargs" help:"Mesure qui est loin de l’aide."`
	Choisir commandeCouvertureChoisir `cmd:"" help:"Cherche où aider ensuite."`
}

type commandeCouvertureMesurer struct {
	base
	paquet
	Service string `placeholder:"SERVICE" help:"Seulement ce service de la liste nationale ; sinon, n’importe quelle aide."`
	Moment  string `default:"tous" placeholder:"MOMENT" help:"tous, matin (8 h à 12 h en semaine), soir (après 17 h en semaine) ou samedi."`
	Facteur string `default:"1,3" placeholder:"NOMBRE" help:"De combien une route est plus longue que le vol d’oiseau : de 1 à 2."`
	Par     string `default:"communes" placeholder:"QUOI" help:"communes, ou epci (intercommunalités)."`
	CSV     bool   `name:"csv" help:"Écrit le tableau en CSV."`
	JSON    bool   `name:"json" help:"Écrit le tableau en JSON."`
}

// Help is the second half of the command's help.
func (commandeCouvertureMesurer) Help() string {
	return `Pour chaque commune du territoire : la distance au lieu le plus proche, et les
heures d’aide par semaine à moins de 10 km. Les habitants d’une commune sont
comptés à son centre. La distance est le vol d’oiseau multiplié par le facteur
de route : les trajets d’un serveur d’itinéraires ne servent que sur le site.
Les plus loin d’abord.

Exemples :
  adeuxpas couverture --moment samedi
  adeuxpas couverture --service "Aide aux démarches administratives" --par epci
  adeuxpas couverture --csv > couverture.csv

Pour savoir où aider ensuite : adeuxpas couverture choisir --help`
}

// Run measures, and writes.
func (c commandeCouvertureMesurer) Run(p *programme) error {
	q, err := couverture.Lire(c.Service, c.Moment, c.Facteur)
	if e, ok := errors.AsType[*mednum.Error](err); ok {
		return usage("--%s : %s", e.Champ, e.Message)
	}
	switch {
	case c.Par != "communes" && c.Par != "epci":
		return usage("--par : « %s » n’existe pas. Choisissez communes ou epci.", c.Par)
	case c.CSV && c.JSON:
		return usage("Donnez --csv ou --json, pas les deux.")
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	cat, _, err := openCatalogue(p, b, t)
	if err != nil {
		return err
	}
	r := couverture.Mesurer(couverture.Communes(t), inventorier(cat, t, p.now()), q, nil)
	lignes := lignesCouverture(r, t, c.Par == "epci")
	switch {
	case c.JSON:
		return ecrireCouvertureJSON(p.stdout, r, lignes)
	case c.CSV:
		return tableCouverture(r, lignes, t).EncodeCSV(p.stdout)
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(direCouverture(r, lignes)))
	return err
}

// inventorier are the offers of the places of a catalogue today.
func inventorier(cat *catalogue.Catalogue, t *territoire.Territoire, now time.Time) *couverture.Inventaire {
	return couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for _, v := range cat.Lieux() {
			if !yield(&v.Lieu) {
				return
			}
		}
	}, t, mednum.DateOf(now.In(t.Location())))
}

// ligneCouverture is a commune or an EPCI; Distance is in kilometres by road, nil
// where there is no place, on average for an EPCI. Dans are people within 5, 10, 15
// and 20 km, and Lieu the nearest place of a commune.
type ligneCouverture struct {
	Code     string   `json:"code"`
	Nom      string   `json:"nom"`
	Habitant int      `json:"habitants"`
	Distance *float64 `json:"distance_km"`
	Lieu     string   `json:"lieu,omitempty"`
	ID       string   `json:"lieu_id,omitempty"`
	Dans     []int    `json:"habitants_a_5_10_15_20_km"`
	Heures   float64  `json:"heures_par_semaine_a_10_km"`
}

// lignesCouverture are the rows, the furthest first.
func lignesCouverture(r *couverture.Resultat, t *territoire.Territoire, epci bool) (lignes []ligneCouverture) {
	if epci {
		for i := range t.EPCIs {
			e := &t.EPCIs[i]
			x := r.Total(couverture.DansEPCI(e.Code))
			lignes = append(lignes, ligneCouverture{Code: e.Code, Nom: e.Nom, Habitant: x.Population, Distance: enKilometres(x.Distance), Dans: x.Dans[:], Heures: arrondir(x.Heures)})
		}
	} else {
		for i := range r.Mesures {
			m := &r.Mesures[i]
			l := ligneCouverture{Code: m.Commune.Code, Nom: m.Commune.NomCourant(), Habitant: m.Commune.Population, Distance: enKilometres(m.Distance), Dans: make([]int, len(couverture.Seuils)), Heures: arrondir(m.Heures)}
			for k, seuil := range couverture.Seuils {
				if m.Distance <= seuil {
					l.Dans[k] = m.Commune.Population
				}
			}
			if m.Offre != nil {
				l.Lieu, l.ID = m.Offre.Nom+", "+m.Offre.Commune, m.Offre.Lieu
			}
			lignes = append(lignes, l)
		}
	}
	loin := func(l ligneCouverture) float64 {
		if l.Distance == nil {
			return math.Inf(1)
		}
		return *l.Distance
	}
	slices.SortStableFunc(lignes, func(a, b ligneCouverture) int {
		switch x, y := loin(a), loin(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.Code, b.Code)
	})
	return lignes
}

// arrondir keeps one decimal.
func arrondir(v float64) float64 { return math.Round(v*10) / 10 }

func enKilometres(metres float64) *float64 {
	if math.IsInf(metres, 0) || math.IsNaN(metres) {
		return nil
	}
	km := arrondir(metres / 1000)
	return &km
}

// demandeDite says what was asked.
func demandeDite(r *couverture.Resultat) (service, facteur string) {
	if service = r.Service; service == "" {
		service = "n’importe quelle aide"
	}
	return service, strings.Replace(strconv.FormatFloat(r.Facteur, 'f', -1, 64), ".", ",", 1)
}

func direCouverture(r *couverture.Resultat, lignes []ligneCouverture) string {
	var b strings.Builder
	service, facteur := demandeDite(r)
	total := r.Total(nil)
	fmt.Fprintf(&b, "Aide : %s. Moment : %s. Facteur de route : %s.\n", service, r.Moment.EnPhrase(), facteur)
	fmt.Fprintf(&b, "%s ; %s. Vérification trop ancienne : %s ; sans heures connues : %s.\n",
		textes.Pluriel(len(r.Offres), "lieu ou arrêt", "lieux et arrêts"), textes.Pluriel(r.Servent, "répond à la demande", "répondent à la demande"),
		textes.Nombre(r.NonVerifies), textes.Nombre(r.HeuresInconnues))
	fmt.Fprintf(&b, "%s, dont", textes.Pluriel(total.Population, "habitant", "habitants"))
	for k, seuil := range couverture.Seuils {
		fmt.Fprintf(&b, "%s %s à moins de %d\u00a0km", map[bool]string{true: ",", false: ""}[k > 0], textes.Nombre(total.Dans[k]), int(seuil/1000))
	}
	b.WriteString(".\n\n")
	for _, l := range lignes {
		distance := "aucun lieu"
		if l.Distance != nil {
			distance = textes.Kilometres(*l.Distance * 1000)
		}
		fmt.Fprintf(&b, "%s  %s habitants  %s  %s", droite(distance, 10), droite(textes.Nombre(l.Habitant), 7), l.Code, l.Nom)
		if l.Lieu != "" {
			fmt.Fprintf(&b, " → %s", l.Lieu)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// droite puts a text to the right of so many characters.
func droite(texte string, n int) string {
	return strings.Repeat(" ", max(0, n-len([]rune(texte)))) + texte
}

func ecrireCouvertureJSON(w io.Writer, r *couverture.Resultat, lignes []ligneCouverture) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Jour         mednum.Date       `json:"jour"`
		Service      string            `json:"service"`
		Moment       couverture.Moment `json:"moment"`
		Facteur      float64           `json:"facteur_de_route"`
		Offres       int               `json:"lieux_et_arrets"`
		Servent      int               `json:"repondent"`
		NonVerifies  int               `json:"non_verifies"`
		SansHeures   int               `json:"sans_heures_connues"`
		SansPosition int               `json:"sans_position"`
		Lignes       []ligneCouverture `json:"lignes"`
	}{r.Jour, r.Service, r.Moment, r.Facteur, len(r.Offres), r.Servent, r.NonVerifies, r.HeuresInconnues, r.SansPosition, lignes})
}

// tableCouverture is the table of a file: each row says what was asked, and how
// many places of the input are not sure.
func tableCouverture(r *couverture.Resultat, lignes []ligneCouverture, t *territoire.Territoire) norme.Table {
	service, _ := demandeDite(r)
	table := norme.Table{Titre: "Couverture " + t.NomEn, Jour: r.Jour, Colonnes: []string{
		"code", "nom", "habitants", "distance_km", "lieu", "heures_par_semaine_a_10_km", "habitants_a_5_km", "habitants_a_10_km", "habitants_a_15_km", "habitants_a_20_km",
		"service", "moment", "facteur_de_route", "jour", "lieux_et_arrets", "non_verifies", "sans_heures_connues",
	}}
	mot := func(s string) norme.Valeur { return norme.Valeur{Texte: s} }
	nombre := func(v float64) norme.Valeur { return norme.Valeur{Nombre: v, EstNombre: true} }
	for _, l := range lignes {
		valeurs := []norme.Valeur{mot(l.Code), mot(l.Nom), nombre(float64(l.Habitant)), mot(""), mot(l.Lieu), nombre(l.Heures)}
		if l.Distance != nil {
			valeurs[3] = nombre(*l.Distance)
		}
		for _, gens := range l.Dans {
			valeurs = append(valeurs, nombre(float64(gens)))
		}
		table.Lignes = append(table.Lignes, append(valeurs, mot(service), mot(string(r.Moment)), nombre(r.Facteur), mot(r.Jour.String()),
			nombre(float64(len(r.Offres))), nombre(float64(r.NonVerifies)), nombre(float64(r.HeuresInconnues))))
	}
	return table
}
