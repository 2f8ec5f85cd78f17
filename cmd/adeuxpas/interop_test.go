package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// python is Debian's, which has OWSLib and QGIS; another one may come first in
// the PATH.
const python = "/usr/bin/python3"

var (
	collectionsOGC = []string{"lieux", "communes", "france_services", "mediation", "tiers_lieu"}
	taillesPages   = []int{1, 50, 1000}
)

// objetOGC is a feature of the service, or what a client made of it.
type objetOGC struct {
	ID         string         `json:"id"`
	Geometry   any            `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// objetsOGC are the features of a request, by identifier, as the service itself
// says them.
func (s *serveur) objetsOGC(t *testing.T, collection, q string) map[string]objetOGC {
	t.Helper()
	rep, corps := s.lire(t, "/ogc/collections/"+collection+"/items?limit=1000&"+q)
	var page struct {
		NumberMatched int
		Features      []objetOGC
	}
	if err := json.Unmarshal([]byte(corps), &page); err != nil || rep.StatusCode != 200 || len(page.Features) != page.NumberMatched {
		t.Fatalf("%s %s: %d %.300s", collection, q, rep.StatusCode, corps)
	}
	objets := map[string]objetOGC{}
	for _, o := range page.Features {
		objets[o.ID] = o
	}
	return objets
}

// surChaqueBase starts the real program on each base. What the service says of
// the places is first compared with what its other interface says.
func surChaqueBase(t *testing.T, faire func(t *testing.T, s *serveur)) {
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			dossier := t.TempDir()
			s := demarrer(t, dossier, "--base", m.base(t, dossier))
			var api struct{ Resultats []struct{ ID, Nom string } }
			_, corps := s.lire(t, "/api/v1/lieux?limite=1000")
			if err := json.Unmarshal([]byte(corps), &api); err != nil || len(api.Resultats) < 50 {
				t.Fatalf("%v, %d places", err, len(api.Resultats))
			}
			lieux := s.objetsOGC(t, "lieux", "")
			for _, l := range api.Resultats {
				if lieux[l.ID].Properties["nom"] != l.Nom {
					t.Errorf("%s is %v, want %s", l.ID, lieux[l.ID].Properties["nom"], l.Nom)
				}
			}
			if len(lieux) != len(api.Resultats) {
				t.Errorf("%d places, the API has %d", len(lieux), len(api.Resultats))
			}
			faire(t, s)
		})
	}
}

// question is what a client is asked, in the words of the service and in its
// own.
type question struct {
	collection, service string
	gdal                []string
	owslib              map[string]any
	bbox                []float64
	qgis                string
}

var questions = []question{
	{"lieux", "bbox=1.2,43.9,1.5,44.2", []string{"-spat", "1.2", "43.9", "1.5", "44.2"}, map[string]any{"bbox": []float64{1.2, 43.9, 1.5, 44.2}}, []float64{1.2, 43.9, 1.5, 44.2}, ""},
	{"communes", "bbox=1.34,44,1.36,44.02", []string{"-spat", "1.34", "44", "1.36", "44.02"}, map[string]any{"bbox": []float64{1.34, 44, 1.36, 44.02}}, []float64{1.34, 44, 1.36, 44.02}, ""},
	{"lieux", "commune=Moissac", []string{"-where", "commune = 'Moissac'"}, map[string]any{"commune": "Moissac"}, nil, `"commune" = 'Moissac'`},
	{"lieux", "hors_territoire=true", []string{"-where", "hors_territoire = 1"}, map[string]any{"hors_territoire": "true"}, nil, `"hors_territoire" = true`},
	{"communes", "code=82112", []string{"-where", "code = '82112'"}, map[string]any{"code": "82112"}, nil, `"code" = '82112'`},
	{"communes", "epci=200066322", []string{"-where", "epci = '200066322'"}, map[string]any{"epci": "200066322"}, nil, `"epci" = '200066322'`},
	{"lieux", "datetime=2024-01-01T00:00:00Z/..", []string{"-where", "date_maj >= '2024/01/01'"}, map[string]any{"datetime": "2024-01-01T00:00:00Z/.."}, nil, `"date_maj" >= to_date('2024-01-01')`},
	{"mediation", "datetime=../2023-12-31T00:00:00Z", []string{"-where", "date_maj <= '2023/12/31'"}, map[string]any{"datetime": "../2023-12-31T00:00:00Z"}, nil, `"date_maj" <= to_date('2023-12-31')`},
}

// TestInteropGDAL reads every collection with GDAL's own client.
func TestInteropGDAL(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("left out: the client of GDAL, no ogr2ogr (apt-get install gdal-bin)")
	}
	surChaqueBase(t, func(t *testing.T, s *serveur) {
		for _, collection := range collectionsOGC {
			want := s.objetsOGC(t, collection, "")
			for _, n := range taillesPages {
				comparerObjets(t, fmt.Sprintf("%s by %d", collection, n), want, gdal(t, s, collection, n))
			}
			validerGDAL(t, s, collection, len(want))
		}
		for _, q := range questions {
			want := s.objetsOGC(t, q.collection, q.service)
			if len(q.bbox) > 0 { // GDAL leaves out what has no geometry
				maps.DeleteFunc(want, func(_ string, o objetOGC) bool { return o.Geometry == nil })
			}
			if len(want) == 0 {
				t.Errorf("%v: nothing to find", q.gdal)
			}
			comparerObjets(t, fmt.Sprint(q.gdal), want, gdal(t, s, q.collection, 50, q.gdal...))
		}
	})
}

// gdal is what ogr2ogr reads, at a page size.
func gdal(t *testing.T, s *serveur, collection string, page int, args ...string) map[string]objetOGC {
	t.Helper()
	fichier := filepath.Join(t.TempDir(), "lu.geojson")
	args = append([]string{
		"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=10", fichier, "OAPIF:" + s.url + "/ogc", collection, "-oo", "PAGE_SIZE=" + strconv.Itoa(page),
	}, args...)
	if sortie, err := exec.CommandContext(t.Context(), "ogr2ogr", args...).CombinedOutput(); err != nil || len(sortie) > 0 {
		t.Fatalf("ogr2ogr %v: %v %s", args, err, sortie)
	}
	octets, err := os.ReadFile(fichier)
	if err != nil {
		t.Fatal(err)
	}
	var lu struct{ Features []objetOGC }
	if err := json.Unmarshal(octets, &lu); err != nil {
		t.Fatal(err)
	}
	objets := map[string]objetOGC{}
	for _, o := range lu.Features {
		id, _ := o.Properties["id"].(string)
		if _, deja := objets[id]; deja {
			t.Errorf("%s: %q twice", collection, id)
		}
		if o.ID = id; collection == "communes" {
			delete(o.Properties, "id") // GDAL adds the identifier to the columns
		}
		objets[id] = o
	}
	return objets
}

// validerGDAL has GDAL count the features, and those whose geometry is not
// valid.
func validerGDAL(t *testing.T, s *serveur, collection string, n int) {
	t.Helper()
	sortie, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-q", "OAPIF:"+s.url+"/ogc", "-dialect", "SQLite",
		"-sql", "SELECT COUNT(*) AS n, SUM(geometry IS NOT NULL AND ST_IsValid(geometry) <> 1) AS faux FROM "+collection).CombinedOutput()
	if err != nil || !strings.Contains(string(sortie), fmt.Sprintf("n (Integer) = %d\n", n)) || !strings.Contains(string(sortie), "faux (Integer) = 0\n") {
		t.Errorf("%s: %v %s", collection, err, sortie)
	}
}

func comparerObjets(t *testing.T, quoi string, want, got map[string]objetOGC) {
	t.Helper()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("%s: identifiers (-service +client):\n%s", quoi, diff)
		return
	}
	for id := range want {
		if diff := cmp.Diff(want[id], got[id]); diff != "" {
			t.Errorf("%s: %s (-service +client):\n%s", quoi, id, diff)
			return
		}
	}
}

// TestInteropOWSLib reads everything with the Python client.
func TestInteropOWSLib(t *testing.T) {
	if err := exec.Command(python, "-c", "import owslib").Run(); err != nil {
		t.Skip("left out: the client of OWSLib, no owslib (apt-get install python3-owslib)")
	}
	var demandes []map[string]any
	for _, n := range taillesPages {
		for _, c := range collectionsOGC {
			demandes = append(demandes, map[string]any{"collection": c, "limit": n})
		}
		for _, q := range questions {
			d := map[string]any{"collection": q.collection, "limit": n}
			maps.Copy(d, q.owslib)
			demandes = append(demandes, d)
		}
	}
	surChaqueBase(t, func(t *testing.T, s *serveur) {
		var lu struct {
			Collections, Classes []string
			Titres, Premiers     map[string]string
			OpenAPI              string
			Reponses             []struct {
				Objets map[string]objetOGC
				Total  int
			}
		}
		executerPython(t, &lu, nil, "interop_owslib.py", s.url+"/ogc", demandes)
		if diff := cmp.Diff(collectionsOGC, lu.Collections); diff != "" || len(lu.Classes) != 4 || lu.OpenAPI != "3.0.3" || len(lu.Titres) != 5 || lu.Premiers["communes"] != "Feature" {
			t.Errorf("%s %+v", diff, lu.Titres)
		}
		rang := 0
		for range taillesPages {
			for _, c := range collectionsOGC {
				comparerObjets(t, fmt.Sprint(demandes[rang]), s.objetsOGC(t, c, ""), lu.Reponses[rang].Objets)
				rang++
			}
			for _, q := range questions {
				want := s.objetsOGC(t, q.collection, q.service)
				comparerObjets(t, fmt.Sprint(demandes[rang]), want, lu.Reponses[rang].Objets)
				if len(want) != lu.Reponses[rang].Total || len(want) == 0 {
					t.Errorf("%v: %d, the client read %d", demandes[rang], len(want), lu.Reponses[rang].Total)
				}
				rang++
			}
		}
	})
}

// executerPython runs a script of testdata and reads the JSON that it prints.
func executerPython(t *testing.T, dst any, env []string, script, adresse string, demandes any) {
	t.Helper()
	texte, err := json.Marshal(demandes)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), python, filepath.Join("testdata", script), adresse, string(texte))
	c.Env = append(os.Environ(), env...)
	var erreurs strings.Builder
	c.Stderr = &erreurs
	sortie, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, erreurs.String())
	}
	if err := json.Unmarshal(sortie, dst); err != nil {
		t.Fatalf("%s: %v in %.300s", script, err, sortie)
	}
}
