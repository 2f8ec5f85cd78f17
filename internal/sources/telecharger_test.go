package sources_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/sources"
)

func compresser(t *testing.T, morceau []byte, fois int) []byte {
	t.Helper()
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	for range fois {
		_, err := z.Write(morceau)
		check(t, err)
	}
	check(t, z.Close())
	return gz.Bytes()
}

// annoncer sends a head with a length, and less than it.
func annoncer(longueur int, corps string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(longueur))
		fmt.Fprint(w, corps)
	}
}

func envoyer(encodage string, octets []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encodage)
		_, _ = w.Write(octets)
	}
}

// Whatever an address gives, the base is left as it was unless it gives a whole
// file of places; each failure is said in its own words.
func TestEchecs(t *testing.T) {
	bombe := compresser(t, make([]byte, 1<<20), 66)
	entier := compresser(t, []byte(lieux(10)), 1)
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
		cause  sources.Cause
		raison string
	}{
		{"absent", code(404), sources.Reponse, "Le fichier n’est plus à cette adresse (réponse 404)."},
		{"gone", code(410), sources.Reponse, "n’est plus à cette adresse"},
		{"forbidden", code(403), sources.Reponse, "ne donne pas ce fichier à tout le monde"},
		{"broken", code(502), sources.Reponse, "Le serveur est en panne (réponse 502)."},
		{"no content", code(204), sources.Reponse, "réponse 204"},
		{"a part", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, lieux(3))
		}, sources.Reponse, "réponse 206"},
		{"nothing newer, unasked", code(304), sources.Renvois, "réponse 304"},
		{"a redirect to nowhere", code(302), sources.Renvois, "sans dire où"},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/encore", http.StatusFound)
		}, sources.Renvois, "plus de 5 fois"},
		{"a redirect to a private network", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}, sources.Refusee, "mène dans un réseau privé"},
		{"a redirect in the clear", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://93.184.215.14/", http.StatusFound)
		}, sources.Refusee, "n’est pas en https"},
		{"a redirect to a file", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, sources.Refusee, "n’est pas en https"},
		{"a page", texte("\n<!DOCTYPE HTML>\n<title>Connexion</title>"), sources.PageWeb, "Cette adresse donne une page web, pas des données."},
		{"a page that says it is data", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			fmt.Fprint(w, "\ufeff<!-- a --><html lang=fr><body>Erreur")
		}, sources.PageWeb, "une page web"},
		{"no file of places", texte("a,b\n1,2\n"), sources.Format, ""},
		{"an error in JSON", texte(`{"error":"quota"}`), sources.Format, ""},
		{"JSON, cut", texte(`[{"id":"1","nom":"A","commune":`), sources.Format, "coupé"},
		{"nothing", texte(""), sources.Format, "Ce fichier est vide."},
		{"bytes", envoyer("", []byte{0, 1, 2, 0xff, 0xfe}), sources.Format, ""},
		{"shorter than it said", annoncer(len(lieux(10)), lieux(5)), sources.Coupe, "La réponse est coupée"},
		{"too long, as it says", annoncer(65<<20, "id,nom"), sources.TropGros, "Le fichier est trop gros : 64 Mio au plus."},
		{"too long, once decompressed", envoyer("gzip", bombe), sources.TropGros, "64 Mio au plus"},
		{"compressed, cut", envoyer("gzip", entier[:len(entier)/2]), sources.Coupe, "coupée"},
		{"compressed, damaged", envoyer("gzip", append(entier[:len(entier)-8:len(entier)-8], 1, 2, 3, 4, 5, 6, 7, 8)), sources.Coupe, "abîmée"},
		{"not compressed as it says", envoyer("gzip", []byte(lieux(3))), sources.Coupe, "abîmée"},
		{"compressed otherwise", envoyer("br", entier), sources.Compression, "compressé"},
		{"compressed twice", envoyer("gzip, gzip", entier), sources.Compression, "compressé"},
		{"cut at once", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, sources.Injoignable, "Le serveur ne répond pas."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := installer(t)
			s := servir(t, tt.repond)
			s.Config.ErrorLog = nil
			b.ajouter(t, s.URL+"/lieux.csv?cle=SECRET")
			avant := b.version(t)
			p := b.passer(t)
			if p.Etat != sources.Echec || p.Cause != tt.cause || !strings.Contains(p.Raison, tt.raison) {
				t.Errorf("%s, %s: %q; want %s: %q", p.Etat, p.Cause, p.Raison, tt.cause, tt.raison)
			}
			src := b.source(t)
			want(t, "written on the source", []any{sources.Echec, p.Cause, p.Raison, 1}, []any{src.Etat, src.Cause, src.Raison, src.Echecs})
			want(t, "version of the base", avant, b.version(t))
			if texte := b.journal.String() + p.Raison; strings.Contains(texte, "SECRET") || strings.Contains(texte, "127.0.0.1") || !strings.Contains(texte, "une source a échoué") {
				t.Errorf("told: %s", texte)
			}
			// The same source, once it is mended: nothing stays of the failure.
			s.repondre(edition(lieux(3)))
			p = b.passer(t)
			src = b.source(t)
			want(t, "mended", []any{sources.Applique, sources.Cause(""), "", 0, 2}, []any{p.Etat, src.Cause, src.Raison, src.Echecs, len(src.Passages)})
		})
	}
}

// What is compressed as it should be is read; so is what redirects, and the date
// of the rows comes from the name at the end.
func TestBonnesReponses(t *testing.T) {
	avecNom := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="../../lieux-2026-05-02.csv"`)
		fmt.Fprint(w, strings.ReplaceAll(lieux(2), "2026-10-01", ""))
	}
	sansDate := strings.ReplaceAll(lieux(2), "2026-10-01", "")
	modifie := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", "Tue, 07 Apr 2026 22:30:00 GMT")
		fmt.Fprint(w, sansDate)
	}
	futur := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", "Tue, 07 Apr 2099 22:30:00 GMT")
		fmt.Fprint(w, sansDate)
	}
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
		regle  sources.RegleDate
		date   string
	}{
		{"as it is", texte(lieux(2)), "", "2026-10-01"},
		{"compressed", envoyer("gzip", compresser(t, []byte(lieux(2)), 1)), "", "2026-10-01"},
		{"called a page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, lieux(2))
		}, "", "2026-10-01"},
		{"redirected to a name with a date", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/liste-20260301.csv" {
				http.Redirect(w, r, "/liste-20260301.csv", http.StatusFound)
				return
			}
			fmt.Fprint(w, sansDate)
		}, "", "2026-03-01"},
		{"redirected to a name of a day to come", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/liste-20991201.csv" {
				http.Redirect(w, r, "/liste-20991201.csv", http.StatusFound)
				return
			}
			fmt.Fprint(w, sansDate)
		}, "", "2026-11-24"},
		{"named by its server", avecNom, "", "2026-05-02"},
		{"the name, whatever the last modification", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", "Tue, 07 Apr 2026 22:30:00 GMT")
			avecNom(w, r)
		}, "", "2026-05-02"},
		{"the last modification, in Paris", modifie, "", "2026-04-08"},
		{"the last modification that is to come", futur, "", "2026-11-24"},
		{"nothing says", texte(sansDate), "", "2026-11-24"},
		{"asked: the last modification", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", "Tue, 07 Apr 2026 22:30:00 GMT")
			avecNom(w, r)
		}, sources.DateModification, "2026-04-08"},
		{"asked: the reading", avecNom, sources.DateLecture, "2026-11-24"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, s := installer(t), servir(t, tt.repond)
			_, err := b.Ajouter(t.Context(), sources.Demande{Nom: "Ville d’Essai", URL: s.URL + "/lieux.csv", Date: tt.regle, Licence: "ODbL 1.0"})
			check(t, err)
			p := b.passer(t)
			if p.Etat != sources.Applique || p.Bilan == nil || p.Bilan.Lus != 2 || p.Bilan.Nouveaux != 2 {
				t.Fatalf("%+v", p)
			}
			fiches, err := b.Base.Fiches(t.Context())
			check(t, err)
			flux, err := b.Base.Flux(t.Context())
			check(t, err)
			for _, f := range fiches {
				want(t, f.Cle, []string{tt.date, "ODbL 1.0"}, []string{f.DateMaj.String(), flux[f.Flux].Licence})
			}
			r := s.vus()[0]
			want(t, "told to the server", []string{"A-deux-pas/essai (+https://aide.exemple.fr)", "", ""},
				[]string{r.UserAgent(), r.Header.Get("If-None-Match"), r.Header.Get("Cookie")})
		})
	}
}

// A server that gives its bytes one by one, or none, does not hold the program.
func TestLenteur(t *testing.T) {
	for _, tt := range []struct {
		name   string
		repond http.HandlerFunc
	}{
		{"drop by drop", func(w http.ResponseWriter, r *http.Request) {
			for {
				fmt.Fprint(w, "id,")
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(5 * time.Millisecond):
				}
			}
		}},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, s := installer(t), servir(t, tt.repond)
			b.sortir(func(r *sortie.Reglages) { r.Delai = 200 * time.Millisecond })
			b.ajouter(t, s.URL)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			p, err := b.Passer(ctx, "ville-d-essai", sources.Lancer, "service")
			if err != nil || p.Cause != sources.Delai || !strings.Contains(p.Raison, "trop lent") {
				t.Errorf("%s %q, %v", p.Cause, p.Raison, err)
			}
		})
	}
}

// A server whose certificate is not trusted is not read; a private address, a
// closed door and a name of nowhere are said.
func TestPortes(t *testing.T) {
	b := installer(t)
	chiffre := httptest.NewTLSServer(edition(lieux(2)))
	defer chiffre.Close()
	b.ajouter(t, chiffre.URL)
	if p := b.passer(t); p.Cause != sources.Certificat || !strings.Contains(p.Raison, "certificat") {
		t.Errorf("%s %q", p.Cause, p.Raison)
	}
	b.sortir(func(r *sortie.Reglages) {
		r.Regler = func(t *http.Transport) {
			t.TLSClientConfig = chiffre.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		}
	})
	if p := b.passer(t); p.Etat != sources.Applique {
		t.Errorf("trusted: %s %q", p.Cause, p.Raison)
	}
	// The networks that are allowed are not the same any more: judged when it is dialled.
	b.Sortie = sources.NewSortie(nil, nil)
	if p := b.passer(t); p.Cause != sources.Refusee || !strings.Contains(p.Raison, "--reseaux-permis") {
		t.Errorf("private: %s %q", p.Cause, p.Raison)
	}
	ferme := httptest.NewServer(nil)
	ferme.Close()
	b.Sortie = sources.NewSortie(boucle, nil)
	check(t, b.Retirer(t.Context(), "ville-d-essai"))
	b.ajouter(t, ferme.URL)
	if p := b.passer(t); p.Cause != sources.Injoignable {
		t.Errorf("closed: %s %q", p.Cause, p.Raison)
	}
}
