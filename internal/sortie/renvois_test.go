package sortie_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/sortie"
)

// suivre lets five redirects be followed.
func suivre(r *sortie.Reglages) { r.Renvois = 5 }

// As many redirects as are allowed are followed, and no more; a loop ends.
func TestRenvoisCombien(t *testing.T) {
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		switch {
		case r.URL.Path == "/boucle":
			http.Redirect(w, r, "/boucle", http.StatusFound)
		case err == nil && n > 0:
			http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusMovedPermanently)
		default:
			fmt.Fprint(w, "arrivé")
		}
	}, suivre)
	for chemin, ok := range map[string]bool{"/0": true, "/1": true, "/5": true, "/6": false, "/boucle": false} {
		code, corps, err := get(t, s, serveur.URL+chemin)
		if ok && (err != nil || code != 200 || string(corps) != "arrivé") {
			t.Errorf("%s: %d, %q, %v", chemin, code, corps, err)
		}
		if !ok && !errors.Is(err, sortie.ErrRenvois) {
			t.Errorf("%s: %d, %v", chemin, code, err)
		}
	}
}

// Where a redirect leads is judged as the first address is.
func TestRenvoisOu(t *testing.T) {
	n := &noms{suites: map[string][]string{
		"prive.exemple": {"10.0.0.1"}, "public.exemple": {"93.184.215.14"}, "absent.exemple": {},
	}}
	vers := ""
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", vers)
		w.WriteHeader(http.StatusFound)
	}, suivre, func(r *sortie.Reglages) { r.Noms = n.resolver(t) })
	for adresse, want := range map[string]sortie.Motif{
		"https://prive.exemple/":                   sortie.Reseau,
		"http://169.254.169.254/latest/meta-data/": sortie.Reseau,
		"https://[::1]/":                           sortie.Reseau,
		"https://[::ffff:10.0.0.1]/":               sortie.Reseau,
		"https://2130706433/":                      sortie.Illisible,
		"https://jeanne:secret@public.exemple/":    sortie.Illisible,
		"https://93.184.215.14:25/":                sortie.Port,
		"http://public.exemple/":                   sortie.Schema, // in the clear, on the Internet
		"file:///etc/passwd":                       sortie.Schema,
		"gopher://public.exemple/":                 sortie.Schema,
		"//prive.exemple/":                         sortie.Reseau, // http, as the address before
	} {
		vers = adresse
		if code, _, err := get(t, s, serveur.URL); refus(err) != want {
			t.Errorf("%s: %d, %v, want %q", adresse, code, err, want)
		}
	}
	vers = "" // nowhere: an answer like another
	if code, _, err := get(t, s, serveur.URL); err != nil || code != http.StatusFound {
		t.Errorf("no Location: %d, %v", code, err)
	}
}

// A redirect from an allowed network to a name that leads beside it is not
// dialled, though something answers there.
func TestRenvoiVersNomPrive(t *testing.T) {
	touche := false
	cible := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { touche = true }))
	defer cible.Close()
	_, port, err := net.SplitHostPort(cible.Listener.Addr().String())
	check(t, err)
	n := &noms{suites: map[string][]string{"voisin.exemple": {"127.0.0.2"}}}
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://voisin.exemple:"+port+"/", http.StatusFound)
	}, suivre, func(r *sortie.Reglages) { r.Noms = n.resolver(t) })
	if _, _, err := get(t, s, serveur.URL); refus(err) != sortie.Reseau || touche {
		t.Errorf("%v, reached %t", err, touche)
	}
}

// Nothing of one address is told to the next: neither who asked, nor a key that
// the address held.
func TestRenvoiSansSecret(t *testing.T) {
	var vus http.Header
	cible := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { vus = r.Header }))
	defer cible.Close()
	u, err := url.Parse(cible.URL)
	check(t, err)
	serveur, s := boucle(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "SECRET"})
		http.Redirect(w, r, "http://localhost:"+u.Port()+"/", http.StatusFound)
	}, suivre, func(r *sortie.Reglages) { r.Permis = append(r.Permis, netip.MustParsePrefix("::1/128")) })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, serveur.URL+"/?cle=SECRET", nil)
	check(t, err)
	r.Header.Set("Authorization", "Bearer SECRET")
	rep, err := s.Do(r)
	check(t, err)
	_ = rep.Body.Close()
	if vus == nil {
		t.Fatal("not reached")
	}
	for nom, valeurs := range vus {
		if strings.Contains(fmt.Sprint(valeurs), "SECRET") {
			t.Errorf("%s: %v", nom, valeurs)
		}
	}
}

// A small answer that grows once decompressed is cut at the same length.
func TestBombe(t *testing.T) {
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	for range 64 {
		_, err := z.Write(make([]byte, 1<<20))
		check(t, err)
	}
	check(t, z.Close())
	serveur, s := boucle(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(gz.Bytes())
	})
	_, corps, err := get(t, s, serveur.URL)
	if !errors.Is(err, sortie.ErrTropLong) || len(corps) != 1<<20 {
		t.Errorf("%d bytes of 64 MiB, sent as %d: %v", len(corps), gz.Len(), err)
	}
}
