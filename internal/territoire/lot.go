package territoire

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const (
	// lignesLot is how many addresses go in one request: the service takes
	// 200,000 lines or 50 MB, but must answer before it is given up.
	lignesLot     = 1_000
	delaiLot      = 60 * time.Second // for all the requests of a call
	delaiLiaison  = 2 * time.Second  // to reach the service
	tailleLot     = 8 << 20          // bytes read of an answer
	attenteLot    = 5 * time.Second  // after a 429 that does not say how long
	attenteLotMax = 10 * time.Second

	// ScoreLotMin is the least score, from 0 to 1, of an answer that becomes the
	// position of a place without a person having seen it. Under it, the service
	// has changed words of the address, or found its street under another name.
	ScoreLotMin = 0.7
)

// typesLot are what an answer may be: a commune's centre proves nothing.
var typesLot = []string{"housenumber", "street", "locality"}

// Question is an address to situate.
type Question struct{ Adresse, CodePostal, Commune string }

// Lot situates many addresses at once by the CSV service of Géoplateforme (POST
// multipart of /search/csv, https://data.geopf.fr/geocodage/openapi). It gives
// up after 60 s in all, after 2 s when the service cannot be reached; it waits
// once when it is asked to (429). What was asked is never logged, nor part of
// any error. It is safe for concurrent use.
type Lot struct {
	url            string
	client         *http.Client
	delai, attente time.Duration
}

// NewLot asks at the URL of the service for one address (URLGeocodage), to
// which "/csv" is added. A nil client is one of its own, that goes through the
// environment's proxy like that of NewGeocodeur.
func NewLot(adresse string, client *http.Client) *Lot {
	if client == nil {
		liaison := &net.Dialer{Timeout: delaiLiaison}
		client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: liaison.DialContext, TLSHandshakeTimeout: delaiLiaison}}
	}
	return &Lot{url: strings.TrimRight(adresse, "/") + "/csv", client: client, delai: delaiLot, attente: attenteLot}
}

// errSurcharge is an answer that asks to come back later.
type errSurcharge struct{ attente time.Duration }

func (errSurcharge) Error() string { return indisponible.Message }

// Chercher gives an answer to each of the first n questions, in their order: a
// zero Adresse when the service knows no address of that commune, of a type
// and a score that can be trusted (see ScoreLotMin); the caller compares
// CodeInsee. n is less than all of them when the service stopped answering:
// the error is then a *mednum.Error, Indisponible.
func (l *Lot) Chercher(ctx context.Context, questions []Question) (reponses []Adresse, err error) {
	ctx, fin := context.WithTimeout(ctx, l.delai)
	defer fin()
	attendu := false
	for lot := range slices.Chunk(questions, lignesLot) {
		lues, err := l.ask(ctx, lot)
		if s, ok := errors.AsType[errSurcharge](err); ok && !attendu {
			attendu = true
			if err = attendre(ctx, s.attente); err == nil {
				lues, err = l.ask(ctx, lot)
			}
		}
		if err != nil {
			return reponses, indisponible
		}
		reponses = append(reponses, lues...)
	}
	return reponses, nil
}

func attendre(ctx context.Context, duree time.Duration) error {
	t := time.NewTimer(duree)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// ask sends one request.
func (l *Lot) ask(ctx context.Context, questions []Question) ([]Adresse, error) {
	corps, genre, err := formulaire(questions)
	if err != nil {
		return nil, err
	}
	demande, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, corps)
	if err != nil {
		return nil, err
	}
	demande.Header.Set("Content-Type", genre)
	demande.Header.Set("Accept", "text/csv")
	reponse, err := l.client.Do(demande)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reponse.Body.Close() }()
	if reponse.StatusCode == http.StatusTooManyRequests {
		attente := l.attente
		if secondes, err := strconv.Atoi(reponse.Header.Get("Retry-After")); err == nil && secondes >= 0 {
			attente = min(time.Duration(secondes)*time.Second, attenteLotMax)
		}
		return nil, errSurcharge{attente}
	}
	if reponse.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", reponse.StatusCode)
	}
	octets, err := io.ReadAll(io.LimitReader(reponse.Body, tailleLot+1))
	if err != nil || len(octets) > tailleLot {
		return nil, errors.New("no whole answer")
	}
	return lireLot(octets, len(questions))
}

// formulaire is the CSV of the questions with what the service is to do with
// it. The rank of a question comes back with its answer; apostrophes are plain,
// as the service reads them.
func formulaire(questions []Question) (io.Reader, string, error) {
	var texte bytes.Buffer
	w := csv.NewWriter(&texte)
	_ = w.Write([]string{"rang", "adresse", "code_postal", "commune"}) // a buffer takes everything; Error says otherwise
	for i, q := range questions {
		_ = w.Write([]string{strconv.Itoa(i), borne(strings.ReplaceAll(q.Adresse, "’", "'")), q.CodePostal, q.Commune})
	}
	w.Flush()
	var corps bytes.Buffer
	f := multipart.NewWriter(&corps)
	for _, champ := range [][2]string{
		{"columns", "adresse"}, {"columns", "code_postal"}, {"columns", "commune"},
		{"result_columns", "latitude"}, {"result_columns", "longitude"}, {"result_columns", "result_label"},
		{"result_columns", "result_score"}, {"result_columns", "result_type"}, {"result_columns", "result_citycode"},
	} {
		if err := f.WriteField(champ[0], champ[1]); err != nil {
			return nil, "", err
		}
	}
	partie, err := f.CreateFormFile("data", "adresses.csv")
	if err != nil {
		return nil, "", err
	}
	if _, err = partie.Write(texte.Bytes()); err != nil {
		return nil, "", err
	}
	return &corps, f.FormDataContentType(), errors.Join(w.Error(), f.Close())
}

// lireLot reads the answer: the columns that were sent, and latitude, longitude,
// result_… of n rows. An answer that is not that CSV is an error; a row that is
// no answer to trust leaves a zero.
func lireLot(octets []byte, n int) ([]Adresse, error) {
	lignes := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf"))))
	lignes.FieldsPerRecord = -1
	entete, err := lignes.Read()
	if err != nil {
		return nil, err
	}
	rangs := map[string]int{}
	for i, nom := range entete {
		rangs[nom] = i
	}
	for _, nom := range []string{"rang", "latitude", "longitude", "result_score", "result_type", "result_citycode"} {
		if _, ok := rangs[nom]; !ok {
			return nil, fmt.Errorf("no column %s", nom)
		}
	}
	reponses, vues := make([]Adresse, n), 0
	for {
		ligne, err := lignes.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		valeur := func(nom string) string {
			if i, ok := rangs[nom]; ok && i < len(ligne) {
				return ligne[i]
			}
			return ""
		}
		rang, err := strconv.Atoi(valeur("rang"))
		if err != nil || rang < 0 || rang >= n {
			return nil, errors.New("a row that was not asked")
		}
		vues++
		reponses[rang] = lireReponse(valeur)
	}
	if vues != n {
		return nil, fmt.Errorf("%d rows of %d", vues, n)
	}
	return reponses, nil
}

func lireReponse(valeur func(string) string) Adresse {
	lat, errLat := strconv.ParseFloat(valeur("latitude"), 64)
	lon, errLon := strconv.ParseFloat(valeur("longitude"), 64)
	score, errScore := strconv.ParseFloat(valeur("result_score"), 64)
	a := Adresse{
		Libelle: borne(valeur("result_label")), Point: geo.Point{Lat: lat, Lon: lon},
		CodeInsee: valeur("result_citycode"), Score: score, Type: valeur("result_type"),
	}
	if errors.Join(errLat, errLon, errScore) != nil || !mednum.EstPosition(lat, lon) || !motifInsee.MatchString(a.CodeInsee) ||
		!slices.Contains(typesLot, a.Type) || !(score >= ScoreLotMin && score <= 1) { // NaN is neither
		return Adresse{}
	}
	return a
}
