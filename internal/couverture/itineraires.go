package couverture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Genre is a kind of server of itineraries.
type Genre string

// The kinds: OSRM's table service, one request a commune
// (https://project-osrm.org/docs/v5.24.0/api/#table-service), and the itinerary
// service of Géoplateforme, one request a pair, five a second at most
// (https://geoservices.ign.fr/documentation/services/services-geoplateforme/itineraire-gpf).
const (
	GenreOSRM          Genre = "osrm"
	GenreGeoplateforme Genre = "geoplateforme"
)

// URLGeoplateforme is the address of the latter.
const URLGeoplateforme = "https://data.geopf.fr/navigation"

// What one run may ask, and how it is kept.
const (
	genreTrajets   = "trajets" // of the objects, one a commune, by INSEE code
	demandesMax    = 600       // requests of one run
	echecsMax      = 8         // requests that fail before any answers
	delaiTrajet    = 20 * time.Second
	tailleTrajet   = 1 << 20                // bytes of an answer
	ageTrajets     = 180 * 24 * time.Hour   // roads change: all are asked again
	pauseGeo       = 250 * time.Millisecond // four a second, under its limit of five
	surchargeMax   = time.Minute            // to wait when a server asks to
	prochesOSRM    = 6                      // nearest offers of each question
	trajetsOSRM    = 90                     // of one commune: a server takes a hundred points by default
	prochesGeo     = 2
	trajetsGeo     = 12
	sansRoute      = -1 // Trajet.Metres where the server knows no road
	surchargeSinon = 5 * time.Second
)

// Reglages are those of a server. Client has its own deadline or none: each
// request has one. Attendre sleeps, or returns the error of ctx; nil is a clock.
type Reglages struct {
	URL      string
	Genre    Genre
	Client   *http.Client
	Attendre func(ctx context.Context, d time.Duration) error
}

// Itineraires asks a server for itineraries, and keeps them in the base. Each
// method is safe for concurrent use; Remplir is for one program at a time.
type Itineraires struct {
	Reglages
	base    store.Magasin
	now     func() time.Time
	serveur string
}

// NewItineraires refuses ("invalide") an address or a kind that does not exist.
func NewItineraires(base store.Magasin, r Reglages, now func() time.Time) (*Itineraires, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, invalide("itineraires", "« %s » n’est pas l’adresse d’un serveur d’itinéraires, comme %s.", court(r.URL), URLGeoplateforme)
	}
	if r.Genre != GenreOSRM && r.Genre != GenreGeoplateforme {
		return nil, invalide("itineraires-genre", "« %s » n’existe pas : choisissez osrm ou geoplateforme.", court(string(r.Genre)))
	}
	r.URL = strings.TrimRight(r.URL, "/")
	if r.Client == nil {
		r.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // it sends us nowhere else
	}
	if r.Attendre == nil {
		r.Attendre = store.Patienter
	}
	return &Itineraires{r, base, now, u.Host}, nil
}

// Serveur names the server, as pages do: its host.
func (i *Itineraires) Serveur() string { return i.serveur }

// trajetsCommune is what is kept of a commune: pairs by cleTrajet.
type trajetsCommune struct {
	Serveur string            `json:"serveur"`
	Depuis  time.Time         `json:"depuis"`
	Le      time.Time         `json:"le"`
	Par     map[string]Trajet `json:"par"`
}

// Lire gives the itineraries that are kept; none is an empty *Trajets. A base
// that does not answer is "indisponible".
func (i *Itineraires) Lire(ctx context.Context) (*Trajets, error) {
	gardes, err := store.LireTous[trajetsCommune](ctx, i.base, store.Choix{Genre: genreTrajets})
	if err != nil {
		return nil, fmt.Errorf("itineraries: %w", err)
	}
	t := &Trajets{Serveur: i.serveur, par: map[string]Trajet{}}
	for _, g := range gardes {
		if g.Serveur != i.serveur {
			continue
		}
		if g.Le.After(t.Le) {
			t.Le = g.Le
		}
		for cle, v := range g.Par {
			t.par[cle] = v
		}
	}
	return t, nil
}

// Remplir asks for the itineraries that are not known yet, from each commune to
// the nearest offers of every question, and keeps them, commune by commune. It
// asks so much at most in one run, and says how many requests it made; the next
// run goes on. A server that fails ends the run with an error.
func (i *Itineraires) Remplir(ctx context.Context, communes []*territoire.Commune, inv *Inventaire) (demandes int, err error) {
	proches, plus := prochesOSRM, trajetsOSRM
	if i.Genre == GenreGeoplateforme {
		proches, plus = prochesGeo, trajetsGeo
	}
	voulus := candidats(communes, inv, proches, plus)
	r := remplissage{Itineraires: i}
	for n, c := range communes {
		if r.demandes >= demandesMax {
			break
		}
		if err := r.commune(ctx, c, voulus[n]); err != nil {
			return r.demandes, fmt.Errorf("itineraries from %s: %w", c.Code, err)
		}
	}
	return r.demandes, nil
}

// candidats are the points to reach from each commune: the nearest offers of each
// question, no more than plus.
func candidats(communes []*territoire.Commune, inv *Inventaire, proches, plus int) [][]geo.Point {
	voulus := make([][]geo.Point, len(communes))
	vus := make([]map[string]bool, len(communes))
	for n := range vus {
		vus[n] = map[string]bool{}
	}
	for _, service := range append([]string{""}, mednum.Vocabulaire(mednum.ChampServices)...) {
		for _, m := range Moments {
			var entrees []geo.Entree
			for k := range inv.Offres {
				if o := &inv.Offres[k]; o.Sert(Question{Service: service, Moment: m}) {
					entrees = append(entrees, geo.Entree{Point: o.Point})
				}
			}
			index, _ := geo.New(entrees) // placer lets in no point that is not on the Earth
			for n, c := range communes {
				for _, v := range index.Proches(nil, c.Centre, proches, nil) {
					p := entrees[v.Num].Point
					if cle := degres(p); !vus[n][cle] && len(voulus[n]) < plus {
						vus[n][cle] = true
						voulus[n] = append(voulus[n], p)
					}
				}
			}
		}
	}
	return voulus
}

// remplissage is one run.
type remplissage struct {
	*Itineraires
	demandes int
	echecs   int // before any answer
	repond   bool
}

// commune asks what is not known of a commune, and keeps it.
func (r *remplissage) commune(ctx context.Context, c *territoire.Commune, voulus []geo.Point) error {
	g, o, err := store.Lire[trajetsCommune](ctx, r.base, genreTrajets, c.Code)
	if e, ok := errors.AsType[*mednum.Error](err); ok && e.Code == mednum.Introuvable {
		o, err = store.Objet{Genre: genreTrajets, ID: c.Code}, nil
	}
	if err != nil {
		return err
	}
	now := r.now().UTC()
	if g.Serveur != r.serveur || now.Sub(g.Depuis) > ageTrajets {
		g = trajetsCommune{Serveur: r.serveur, Depuis: now}
	}
	nouveau := trajetsCommune{Serveur: g.Serveur, Depuis: g.Depuis, Le: now, Par: map[string]Trajet{}}
	var manquent []geo.Point
	for _, p := range voulus {
		cle := cleTrajet(c.Centre, p)
		if v, ok := g.Par[cle]; ok {
			nouveau.Par[cle] = v
			continue
		}
		manquent = append(manquent, p)
	}
	if len(manquent) == 0 {
		return nil
	}
	errDemande := r.demander(ctx, c.Centre, manquent, nouveau.Par)
	if len(nouveau.Par) > 0 {
		o.Version++
		if err := store.Poser(context.WithoutCancel(ctx), r.base, o, nouveau); err != nil {
			return errors.Join(errDemande, err)
		}
	}
	return errDemande
}

// demander puts the itineraries to several points into par.
func (r *remplissage) demander(ctx context.Context, de geo.Point, a []geo.Point, par map[string]Trajet) error {
	if r.Genre == GenreOSRM {
		trajets, err := r.table(ctx, de, a)
		if err != nil {
			return err
		}
		for n, p := range a {
			par[cleTrajet(de, p)] = trajets[n]
		}
		return nil
	}
	for _, p := range a {
		if r.demandes >= demandesMax {
			return nil
		}
		if r.demandes > 0 {
			if err := r.Attendre(ctx, pauseGeo); err != nil {
				return err
			}
		}
		t, err := r.itineraire(ctx, de, p)
		switch {
		case err == nil:
			r.repond = true
			par[cleTrajet(de, p)] = t
		case !errors.Is(err, errSansRoute):
			return err
		case r.repond:
			par[cleTrajet(de, p)] = Trajet{Metres: sansRoute}
		default: // is it this pair, or the address of the server?
			if r.echecs++; r.echecs >= echecsMax {
				return err
			}
		}
	}
	return nil
}
