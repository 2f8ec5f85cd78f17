package couverture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
)

// errSansRoute is a request that the server refuses.
var errSansRoute = errors.New("the server gives no itinerary")

// table asks OSRM for the way from one point to several.
func (r *remplissage) table(ctx context.Context, de geo.Point, a []geo.Point) ([]Trajet, error) {
	points, rangs := []string{degres(de)}, make([]string, len(a))
	for n, p := range a {
		points = append(points, degres(p))
		rangs[n] = strconv.Itoa(n + 1)
	}
	var dit struct {
		Code      string       `json:"code"`
		Distances [][]*float64 `json:"distances"`
		Durations [][]*float64 `json:"durations"`
	}
	adresse := r.URL + "/table/v1/driving/" + strings.Join(points, ";") + "?sources=0&destinations=" + strings.Join(rangs, ";") + "&annotations=duration,distance"
	if err := r.lire(ctx, adresse, &dit); err != nil {
		return nil, err
	}
	if dit.Code != "Ok" || len(dit.Distances) != 1 || len(dit.Durations) != 1 || len(dit.Distances[0]) != len(a) || len(dit.Durations[0]) != len(a) {
		return nil, errors.New("an answer that is not a table of distances and durations")
	}
	trajets := make([]Trajet, len(a))
	for n := range a {
		metres, secondes := dit.Distances[0][n], dit.Durations[0][n]
		trajets[n] = Trajet{Metres: sansRoute}
		if metres != nil && secondes != nil && *metres >= 0 && *secondes >= 0 {
			trajets[n] = Trajet{*metres, *secondes}
		}
	}
	return trajets, nil
}

// itineraire asks Géoplateforme for the way from one point to another.
func (r *remplissage) itineraire(ctx context.Context, de, a geo.Point) (Trajet, error) {
	v := url.Values{
		"resource": {"bdtopo-osrm"}, "profile": {"car"}, "optimization": {"fastest"}, "start": {degres(de)}, "end": {degres(a)},
		"getSteps": {"false"}, "getBbox": {"false"}, "distanceUnit": {"meter"}, "timeUnit": {"second"},
	}
	var dit struct {
		Distance *float64 `json:"distance"`
		Duration *float64 `json:"duration"`
	}
	if err := r.lire(ctx, r.URL+"/itineraire?"+v.Encode(), &dit); err != nil {
		return Trajet{}, err
	}
	if dit.Distance == nil || dit.Duration == nil || *dit.Distance < 0 || *dit.Duration < 0 {
		return Trajet{}, errors.New("an answer without a distance and a duration")
	}
	return Trajet{*dit.Distance, *dit.Duration}, nil
}

// lire asks an address, once more when the server asks to wait.
func (r *remplissage) lire(ctx context.Context, adresse string, v any) error {
	attente, err := r.essayer(ctx, adresse, v)
	if attente > 0 {
		if err := r.Attendre(ctx, attente); err != nil {
			return err
		}
		_, err = r.essayer(ctx, adresse, v)
	}
	return err
}

// essayer asks an address. attente is how long the server asks to wait.
func (r *remplissage) essayer(ctx context.Context, adresse string, v any) (attente time.Duration, err error) {
	r.demandes++
	ctx, fin := context.WithTimeout(ctx, delaiTrajet)
	defer fin()
	demande, err := http.NewRequestWithContext(ctx, http.MethodGet, adresse, http.NoBody)
	if err != nil {
		return 0, err
	}
	demande.Header.Set("Accept", "application/json")
	reponse, err := r.Client.Do(demande)
	if err != nil {
		return 0, err
	}
	defer func() { _ = reponse.Body.Close() }()
	switch code := reponse.StatusCode; {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		attente = surchargeSinon
		if secondes, err := strconv.Atoi(reponse.Header.Get("Retry-After")); err == nil && secondes > 0 {
			attente = min(time.Duration(secondes)*time.Second, surchargeMax)
		}
		return attente, fmt.Errorf("status %d", code)
	case code >= 400 && code < 500:
		return 0, fmt.Errorf("%w: status %d", errSansRoute, code)
	case code != http.StatusOK:
		return 0, fmt.Errorf("status %d", code)
	}
	octets, err := io.ReadAll(io.LimitReader(reponse.Body, tailleTrajet+1))
	if err != nil {
		return 0, err
	}
	if len(octets) > tailleTrajet {
		return 0, errors.New("an answer that is too long")
	}
	return 0, json.Unmarshal(octets, v)
}
