package territoire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// URLGeocodage is the geocoding service of Géoplateforme (IGN), over the Base
// adresse nationale; no key, 50 requests a second for one address.
const URLGeocodage = "https://data.geopf.fr/geocodage/search"

const (
	delaiGeocodage = 1500 * time.Millisecond
	tailleReponse  = 256 << 10 // bytes read of an answer
	tailleMemoire  = 512       // answers remembered
	dureeMemoire   = 24 * time.Hour
	echecsDeSuite  = 3 // after which the service is left alone
	repos          = 30 * time.Second
	reposMax       = 5 * time.Minute

	// ScoreMin is the least score, from 0 to 1, of an answer that is given.
	ScoreMin = 0.4
)

var typesGeocodage = []string{"housenumber", "street", "locality", "municipality"}

// Adresse is the best answer of the geocoder. Score is from 0 to 1; Type is
// housenumber, street, locality or municipality. Point is WGS 84 degrees.
type Adresse struct {
	Libelle   string
	Point     geo.Point
	CodeInsee string
	Score     float64
	Type      string
}

// Geocodeur asks Géoplateforme for the position of an address. It answers or
// gives up within 1.5 s; after repeated failures it stops asking for a while,
// so that a dead network costs nothing. Answers are remembered in memory.
// What was asked is never logged, nor part of any error. It is safe for
// concurrent use.
type Geocodeur struct {
	url    string
	client *http.Client
	now    func() time.Time
	delai  time.Duration

	mu      sync.Mutex
	echecs  int
	jusqua  time.Time // no question before
	essai   bool      // one question is trying the service again
	memoire map[string]memoire
	ordre   []string // keys of memoire, oldest first
}

type memoire struct {
	adresse Adresse
	err     error
	le      time.Time
}

// NewGeocodeur asks at the URL (URLGeocodage). A nil client is one of its own,
// that goes through the environment's proxy (HTTPS_PROXY, NO_PROXY) and trusts
// the authorities of the system and of SSL_CERT_FILE; now is the clock.
func NewGeocodeur(adresse string, client *http.Client, now func() time.Time) *Geocodeur {
	if client == nil {
		client = &http.Client{}
	}
	return &Geocodeur{url: adresse, client: client, now: now, delai: delaiGeocodage, memoire: map[string]memoire{}}
}

// Chercher gives the best position of an address, near the point when several
// fit (a zero point prefers none). It returns a *mednum.Error: Introuvable
// when no answer is good enough, Indisponible when the service does not answer
// in time, is refused or is left alone after failures. A nil Geocodeur is
// always Indisponible.
func (g *Geocodeur) Chercher(ctx context.Context, q string, pres geo.Point) (Adresse, error) {
	if g == nil {
		return Adresse{}, indisponible
	}
	q = borne(q)
	if len([]rune(q)) < 3 { // the service refuses less
		return Adresse{}, introuvable
	}
	cle := cleMemoire(q, pres)
	if a, err, ok := g.rappel(cle); ok {
		return a, err
	}
	if !g.permis() {
		return Adresse{}, indisponible
	}
	borneCtx, fin := context.WithTimeout(ctx, g.delai)
	defer fin()
	a, attente, err := g.ask(borneCtx, q, pres)
	switch {
	case err == nil || errors.Is(err, error(introuvable)):
		g.retient(cle, a, err)
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		g.abandonne() // the person left: not a failure of the service
	default:
		g.echoue(attente)
	}
	if err != nil {
		return Adresse{}, err
	}
	return a, nil
}

var (
	introuvable  = &mednum.Error{Code: mednum.Introuvable, Champ: "q", Message: "Cette adresse n’a pas été trouvée."}
	indisponible = &mednum.Error{Code: mednum.Indisponible, Champ: "q", Message: "Le service des adresses ne répond pas."}
)

// ask calls the service once. The wait is what it asks for when it is
// overloaded (429).
func (g *Geocodeur) ask(ctx context.Context, q string, pres geo.Point) (Adresse, time.Duration, error) {
	parametres := url.Values{"q": {q}, "limit": {"5"}}
	if pres.Valide() && pres != (geo.Point{}) {
		parametres.Set("lat", strconv.FormatFloat(pres.Lat, 'f', 3, 64))
		parametres.Set("lon", strconv.FormatFloat(pres.Lon, 'f', 3, 64))
	}
	demande, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url+"?"+parametres.Encode(), nil)
	if err != nil {
		return Adresse{}, 0, indisponible
	}
	demande.Header.Set("Accept", "application/json")
	reponse, err := g.client.Do(demande)
	if err != nil {
		return Adresse{}, 0, indisponible // the error holds the URL, hence what was asked
	}
	defer func() { _ = reponse.Body.Close() }()
	if reponse.StatusCode == http.StatusBadRequest {
		return Adresse{}, 0, introuvable // the service lives, it does not understand
	}
	if reponse.StatusCode != http.StatusOK {
		secondes, err := strconv.Atoi(reponse.Header.Get("Retry-After"))
		if err != nil {
			secondes = 0
		}
		return Adresse{}, time.Duration(secondes) * time.Second, indisponible
	}
	octets, err := io.ReadAll(io.LimitReader(reponse.Body, tailleReponse+1))
	if err != nil || len(octets) > tailleReponse {
		return Adresse{}, 0, indisponible
	}
	a, err := meilleure(octets)
	return a, 0, err
}

// meilleure reads a GeoJSON answer (properties flat, coordinates longitude
// first) and takes the best candidate that can be used.
func meilleure(octets []byte) (Adresse, error) {
	var d struct {
		Features []struct {
			Geometry struct {
				Type        string    `json:"type"`
				Coordinates []float64 `json:"coordinates"`
			} `json:"geometry"`
			Properties struct {
				Label    string  `json:"label"`
				Score    float64 `json:"score"`
				CityCode string  `json:"citycode"`
				Type     string  `json:"type"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(octets, &d); err != nil || d.Features == nil {
		return Adresse{}, indisponible
	}
	meilleure := Adresse{Score: -1}
	for _, f := range d.Features {
		p := f.Properties
		if f.Geometry.Type != "Point" || len(f.Geometry.Coordinates) < 2 || !slices.Contains(typesGeocodage, p.Type) {
			continue
		}
		a := Adresse{
			Libelle: borne(p.Label), Point: geo.Point{Lat: f.Geometry.Coordinates[1], Lon: f.Geometry.Coordinates[0]},
			CodeInsee: p.CityCode, Score: p.Score, Type: p.Type,
		}
		if a.Point.Valide() && a.Libelle != "" && motifInsee.MatchString(a.CodeInsee) && a.Score >= ScoreMin && a.Score <= 1 && a.Score > meilleure.Score {
			meilleure = a
		}
	}
	if meilleure.Score < 0 {
		return Adresse{}, introuvable
	}
	return meilleure, nil
}

func cleMemoire(q string, pres geo.Point) string {
	return fmt.Sprintf("%s|%.1f|%.1f", strings.ToLower(q), pres.Lat, pres.Lon)
}

func (g *Geocodeur) rappel(cle string) (Adresse, error, bool) { //nolint:revive // the error is what is remembered
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.memoire[cle]
	if !ok || g.now().Sub(m.le) > dureeMemoire {
		return Adresse{}, nil, false
	}
	return m.adresse, m.err, true
}

func (g *Geocodeur) retient(cle string, a Adresse, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.echecs, g.essai, g.jusqua = 0, false, time.Time{}
	if _, ok := g.memoire[cle]; !ok {
		g.ordre = append(g.ordre, cle)
	}
	g.memoire[cle] = memoire{a, err, g.now()}
	if len(g.ordre) > tailleMemoire {
		delete(g.memoire, g.ordre[0])
		g.ordre = slices.Delete(g.ordre, 0, 1)
	}
}

// permis tells whether to ask: always when the service is well; after
// failures, one question at a time once the rest is over.
func (g *Geocodeur) permis() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.jusqua.IsZero() {
		return true
	}
	if g.essai || g.now().Before(g.jusqua) {
		return false
	}
	g.essai = true
	return true
}

func (g *Geocodeur) echoue(attente time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.echecs++
	g.essai = false
	if g.echecs >= echecsDeSuite || attente > 0 {
		g.jusqua = g.now().Add(min(max(attente, repos), reposMax))
	}
}

func (g *Geocodeur) abandonne() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.essai = false
}
