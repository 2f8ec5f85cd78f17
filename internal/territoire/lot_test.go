package territoire

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// reponsesReelles are what the service really answered on 2025-10-13
// (shared/data/geocodage), by the address that was asked.
var reponsesReelles = map[string]string{
	"rue Jules Ferry":               "46.696577,-1.928367,Rue jules ferry 85800 Saint-Gilles-Croix-de-Vie,0.9523445454545454,street,85222",
	"Allée du Parc de Coubertin":    "46.502217,-1.73784,Allée du Parc de Coubertin 85180 Les Sables-d'Olonne,0.9604781818181818,street,85194",
	"18 Boulevard René Bazin":       "46.843771,-1.882688,18 Boulevard rené bazin 85300 Challans,0.9631109090909091,housenumber,85047",
	"6 rue de l'Église, \"le Bas\"": "46.45723,-1.166673,6 Rue de l'église 85400 Luçon,0.9556936363636364,housenumber,85128",
	"Le Bourg":                      "46.9,-1.5,Rocheservière,0.91,municipality,85190",
	"Rue qui n’est pas":             "46.9,-1.5,Rue autre,0.55,street,85190",
}

// repondreLot answers a request as the service does: the columns that were
// sent, then those that were asked, in another order of rows.
func repondreLot(t *testing.T, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	f, _, err := r.FormFile("data")
	if err != nil {
		t.Errorf("form: %v", err)
		return
	}
	lignes, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Errorf("CSV: %v", err)
		return
	}
	if !slices.Equal(lignes[0], []string{"rang", "adresse", "code_postal", "commune"}) || !slices.Equal(r.MultipartForm.Value["columns"], []string{"adresse", "code_postal", "commune"}) {
		t.Errorf("asked %v in %v", lignes[0], r.MultipartForm.Value["columns"])
	}
	sortie := csv.NewWriter(w)
	_ = sortie.Write(append(slices.Clone(lignes[0]), r.MultipartForm.Value["result_columns"]...))
	slices.Reverse(lignes[1:])
	for _, l := range lignes[1:] {
		resultats := strings.Split(reponsesReelles[l[1]], ",")
		if len(resultats) != 6 {
			resultats = make([]string, 6)
		}
		_ = sortie.Write(append(l, resultats...))
	}
	sortie.Flush()
}

// bancLot is a client over a local server that counts requests.
func bancLot(t *testing.T, repond func(n int32, w http.ResponseWriter, r *http.Request)) (*Lot, *atomic.Int32) {
	t.Helper()
	var demandes atomic.Int32
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := demandes.Add(1)
		if r.Method != http.MethodPost || r.URL.Path != "/geocodage/search/csv" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		repond(n, w, r)
	}))
	t.Cleanup(serveur.Close)
	l := NewLot(serveur.URL+"/geocodage/search", serveur.Client())
	l.attente = 10 * time.Millisecond
	return l, &demandes
}

func questionsEssai() []Question {
	return []Question{
		{"rue Jules Ferry", "85800", "Saint-Gilles-Croix-de-Vie"},
		{"6 rue de l’Église, \"le Bas\"", "85400", "Luçon"},
		{"Le Bourg", "85620", "Rocheservière"},
		{"Rue qui n’est pas", "85620", "Rocheservière"},
		{"rue Inconnue", "85000", "La Roche-sur-Yon"},
	}
}

func TestLotReponses(t *testing.T) {
	l, demandes := bancLot(t, func(_ int32, w http.ResponseWriter, r *http.Request) { repondreLot(t, w, r) })
	got, err := l.Chercher(t.Context(), questionsEssai())
	if err != nil {
		t.Fatal(err)
	}
	want := []Adresse{
		{"Rue jules ferry 85800 Saint-Gilles-Croix-de-Vie", geo.Point{Lat: 46.696577, Lon: -1.928367}, "85222", 0.9523445454545454, "street"},
		{"6 Rue de l'église 85400 Luçon", geo.Point{Lat: 46.45723, Lon: -1.166673}, "85128", 0.9556936363636364, "housenumber"},
		{}, // a commune's centre
		{}, // a score too low
		{}, // nothing
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if demandes.Load() != 1 {
		t.Errorf("%d requests", demandes.Load())
	}
	if got, err := l.Chercher(t.Context(), nil); err != nil || len(got) != 0 || demandes.Load() != 1 {
		t.Errorf("nothing asked: %v, %v, %d requests", got, err, demandes.Load())
	}
}

// 2,500 addresses go by 1,000; what was answered before the service breaks is
// kept.
func TestLotDecoupe(t *testing.T) {
	questions := make([]Question, 2500)
	for i := range questions {
		questions[i] = Question{Adresse: "rue Jules Ferry", Commune: strconv.Itoa(i)}
	}
	l, demandes := bancLot(t, func(n int32, w http.ResponseWriter, r *http.Request) {
		if n == 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		repondreLot(t, w, r)
	})
	got, err := l.Chercher(t.Context(), questions)
	if codeDe(err) != mednum.Indisponible || len(got) != 2000 || got[1999].CodeInsee != "85222" || demandes.Load() != 3 {
		t.Errorf("%d answers, %v, %d requests", len(got), err, demandes.Load())
	}
}

func TestLotRefus(t *testing.T) {
	const entete = "rang,adresse,code_postal,commune,latitude,longitude,result_label,result_score,result_type,result_citycode\n"
	for _, tc := range []struct {
		name     string
		repond   func(n int32, w http.ResponseWriter, r *http.Request)
		demandes int32
	}{
		{"broken service", func(_ int32, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, 1},
		{"a page", func(_ int32, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>maintenance</html>") }, 1},
		{"rows lost", func(_ int32, w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, entete+"0,a,b,c,1,1,x,1,street,85222\n")
		}, 1},
		{"a row that was not asked", func(_ int32, w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, entete+"99,a,b,c,1,1,x,1,street,85222\n")
		}, 1},
		{"too long", func(_ int32, w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("a"), tailleLot+1))
		}, 1},
		{"busy twice", func(_ int32, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, 2},
		{"silent", func(_ int32, _ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // the server sees that the client left once it has read all
			<-r.Context().Done()
		}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, demandes := bancLot(t, tc.repond)
			if tc.name == "silent" {
				l.delai = 30 * time.Millisecond
			}
			got, err := l.Chercher(t.Context(), questionsEssai())
			if codeDe(err) != mednum.Indisponible || len(got) != 0 || demandes.Load() != tc.demandes {
				t.Errorf("%v, %v, %d requests, want %d", got, err, demandes.Load(), tc.demandes)
			}
			if strings.Contains(err.Error(), "Jules") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("the error tells what was asked: %v", err)
			}
		})
	}
}

// A service that asks to wait is obeyed once.
func TestLotAttente(t *testing.T) {
	l, demandes := bancLot(t, func(n int32, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		repondreLot(t, w, r)
	})
	got, err := l.Chercher(t.Context(), questionsEssai())
	if err != nil || len(got) != 5 || got[0].CodeInsee != "85222" || demandes.Load() != 2 {
		t.Errorf("%v, %v, %d requests", got, err, demandes.Load())
	}
	l.attente = time.Hour
	ctx, annule := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer annule()
	l2, _ := bancLot(t, func(_ int32, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	l2.attente = time.Hour
	if _, err := l2.Chercher(ctx, questionsEssai()); codeDe(err) != mednum.Indisponible {
		t.Errorf("a wait that is cut short: %v", err)
	}
}

// Nothing listens: the caller hears it at once, without the address.
func TestLotInjoignable(t *testing.T) {
	serveur := httptest.NewServer(http.NotFoundHandler())
	adresse := serveur.URL
	serveur.Close()
	_, err := NewLot(adresse, nil).Chercher(t.Context(), questionsEssai())
	if codeDe(err) != mednum.Indisponible || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("%v", err)
	}
}

func FuzzLireLot(f *testing.F) {
	f.Add([]byte("rang,latitude,longitude,result_score,result_type,result_citycode\n0,44.1,1.2,0.9,street,82112\n"), 1)
	f.Add([]byte("rang,latitude,longitude,result_score,result_type,result_citycode\n0,NaN,1.2,NaN,street,82112\n"), 1)
	f.Fuzz(func(t *testing.T, octets []byte, n int) {
		if n < 0 || n > 100 {
			return
		}
		reponses, err := lireLot(octets, n)
		if err == nil && len(reponses) != n {
			t.Errorf("%d answers to %d questions", len(reponses), n)
		}
		for _, a := range reponses {
			if a.Type != "" && (!a.Point.Valide() || a.Score < ScoreLotMin || a.Score > 1 || !motifInsee.MatchString(a.CodeInsee)) {
				t.Errorf("%+v is no answer", a)
			}
		}
	})
}
