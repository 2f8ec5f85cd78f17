//go:build interop

// QGIS is a desktop program of some gigabytes: make interop runs this, make test
// does not build it.

package main_test

import (
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// objetQGIS is a feature as QGIS reads it.
type objetQGIS struct {
	Valeurs   map[string]any
	Geometrie *string // WKT
}

// TestInteropQGIS reads every collection with QGIS, without a screen.
func TestInteropQGIS(t *testing.T) {
	if err := exec.Command(python, "-c", "import qgis.core").Run(); err != nil {
		t.Fatal("QGIS is not there (apt-get install python3-qgis qgis-providers)")
	}
	var demandes []map[string]any
	for _, n := range taillesPages {
		for _, c := range collectionsOGC {
			demandes = append(demandes, map[string]any{"collection": c, "page": n})
		}
		for _, q := range questions {
			d := map[string]any{"collection": q.collection, "page": n}
			if q.bbox != nil {
				d["bbox"] = q.bbox
			}
			if q.qgis != "" {
				d["filtre"] = q.qgis
			}
			demandes = append(demandes, d)
		}
	}
	surChaqueBase(t, func(t *testing.T, s *serveur) {
		var lus []struct {
			Valide    bool
			Genre     string
			Compte    int
			Objets    map[string]objetQGIS
			Invalides []string
		}
		executerPython(t, &lus, []string{"QT_QPA_PLATFORM=offscreen", "HOME=" + t.TempDir(), "XDG_RUNTIME_DIR=" + t.TempDir()}, "interop_qgis.py", s.url+"/ogc", demandes)
		rang := 0
		for _, n := range taillesPages {
			for _, c := range collectionsOGC {
				lu, want := lus[rang], s.objetsOGC(t, c, "")
				if genre := map[bool]string{true: "MultiPolygon", false: "MultiPoint"}[c == "communes"]; !lu.Valide || lu.Genre != genre || lu.Compte != len(want) || len(lu.Invalides) > 0 {
					t.Errorf("%s by %d: valid %t, %s, %d features, invalid %v", c, n, lu.Valide, lu.Genre, lu.Compte, lu.Invalides)
				}
				comparerQGIS(t, fmt.Sprint(demandes[rang]), want, lu.Objets)
				t.Logf("QGIS, pages of %d: %s, %d features as the service has them", n, c, len(lu.Objets))
				rang++
			}
			for _, q := range questions {
				want := s.objetsOGC(t, q.collection, q.service)
				if q.bbox != nil { // QGIS leaves out what has no geometry
					maps.DeleteFunc(want, func(_ string, o objetOGC) bool { return o.Geometry == nil })
				}
				comparerQGIS(t, fmt.Sprint(demandes[rang]), want, lus[rang].Objets)
				rang++
			}
		}
	})
}

// comparerQGIS compares identifiers and attributes, and how many points there
// are in the geometries.
func comparerQGIS(t *testing.T, quoi string, want map[string]objetOGC, got map[string]objetQGIS) {
	t.Helper()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("%s: identifiers (-service +QGIS):\n%s", quoi, diff)
		return
	}
	for id, o := range want {
		valeurs := maps.Clone(got[id].Valeurs)
		if _, la := o.Properties["id"]; !la {
			delete(valeurs, "id")
		}
		if diff := cmp.Diff(o.Properties, valeurs); diff != "" {
			t.Errorf("%s: %s (-service +QGIS):\n%s", quoi, id, diff)
			return
		}
		if lue := got[id].Geometrie; (o.Geometry == nil) != (lue == nil) || lue != nil && strings.Count(*lue, ",")+1 != positions(o.Geometry) {
			t.Errorf("%s: %s: geometry %v, QGIS has %v", quoi, id, o.Geometry, lue)
			return
		}
	}
}

// positions counts the positions of a geometry.
func positions(g any) (n int) {
	switch g := g.(type) {
	case map[string]any:
		return positions(g["coordinates"])
	case []any:
		if _, nombre := g[0].(float64); nombre {
			return 1
		}
		for _, x := range g {
			n += positions(x)
		}
	}
	return n
}
