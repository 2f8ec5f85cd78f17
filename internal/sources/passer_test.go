package sources_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sources"
)

// A file is written by itself; the same file changes nothing, and is not read
// again; another edition is.
func TestApplique(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(4)))
	b.ajouter(t, s.URL+"/lieux.csv")
	p := b.passer(t)
	want(t, "first", collecte.Bilan{Lus: 4, Nouveaux: 4}, *p.Bilan)
	want(t, "first", []any{sources.Applique, 200, int64(len(lieux(4)))}, []any{p.Etat, p.Code, p.Octets})
	want(t, "in the base", map[string]string{
		"Atelier de Montauban": "+33563000000", "Atelier de Moissac": "+33563000001", "Atelier de Castelsarrasin": "+33563000002", "Atelier de Caussade": "+33563000003",
	}, b.telephones(t))
	revisions, err := b.Base.Journal(t.Context(), 0, 10)
	check(t, err)
	want(t, "signed", []string{"source ville-d-essai", "import"}, []string{revisions[0].Auteur, revisions[0].Voie})
	src := b.source(t)
	want(t, "next", "2026-11-25 03:00", src.Prochain.In(paris(t)).Format("2006-01-02 15:04"))

	s.vus()
	avant := b.version(t)
	p = b.passer(t)
	want(t, "nothing newer", []any{sources.AJour, 304, int64(0), true, avant}, []any{p.Etat, p.Code, p.Octets, p.Bilan == nil, b.version(t)})
	want(t, "asked", `"`+strings.Trim(src.Lu.ETag, `"`)+`"`, s.vus()[0].Header.Get("If-None-Match"))

	s.repondre(texte(lieux(4))) // without an ETag: read, and known by its content once the base is still
	p = b.passer(t)
	want(t, "planned again, the base moved", []any{sources.AJour, true, collecte.Bilan{Lus: 4, Identiques: 4}}, []any{p.Etat, p.Bilan != nil, *p.Bilan})
	p = b.passer(t)
	want(t, "not planned again", []any{sources.AJour, 200, true, avant}, []any{p.Etat, p.Code, p.Bilan == nil, b.version(t)})

	s.repondre(edition(lieux(4, 1)))
	p = b.passer(t)
	want(t, "another edition", []any{sources.Applique, collecte.Bilan{Lus: 4, Identiques: 3, Modifies: 1}}, []any{p.Etat, *p.Bilan})
	want(t, "in the base", "+33563999901", b.telephones(t)["Atelier de Moissac"])
	want(t, "history, newest first", []sources.Etat{sources.Applique, sources.AJour, sources.AJour, sources.AJour, sources.Applique}, etats(b.source(t)))
}

func etats(src sources.Source) (liste []sources.Etat) {
	for _, p := range src.Passages {
		liste = append(liste, p.Etat)
	}
	return liste
}

// The server that only knows dates is asked with one.
func TestDepuis(t *testing.T) {
	const date = "Mon, 23 Nov 2026 08:00:00 GMT"
	b := installer(t)
	s := servir(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") == date {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Last-Modified", date)
		texte(lieux(2))(w, r)
	})
	b.ajouter(t, s.URL)
	want(t, "first", sources.Applique, b.passer(t).Etat)
	want(t, "then", 304, b.passer(t).Code)
	// Another version of the program may read it better: it reads it again.
	b.Version = "suivante"
	want(t, "another program", []any{200, sources.AJour}, func() []any { p := b.passer(t); return []any{p.Code, p.Etat} }())
	want(t, "the same", 304, b.passer(t).Code)
}

// An edition that lost too much, or everything, waits for a person, who sees what
// she accepts: another one waits again.
func TestAttend(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(10)))
	b.ajouter(t, s.URL)
	b.passer(t)
	_, err := b.Passer(t.Context(), "ville-d-essai", sources.Appliquer, "cli")
	wantCode(t, err, mednum.Conflit, "source")

	s.repondre(edition(lieux(7, 0))) // 3 of 10: no more than 30 %
	want(t, "30 % fewer", sources.Applique, b.passer(t).Etat)
	s.repondre(edition(lieux(10))) // all are there again: 30 % is of one edition to the next
	b.passer(t)

	for _, tt := range []struct{ texte, raison string }{
		{lieux(6, 0, 1), "Cette édition n’a plus 4 des 10 fiches de la source : plus de 30 % disparaîtraient."},
		{entete, "Cette édition ne contient aucun lieu lisible."},
	} {
		avant := b.version(t)
		s.repondre(edition(tt.texte))
		p := b.passer(t)
		want(t, "waits", []any{sources.Attend, tt.raison, avant}, []any{p.Etat, p.Raison, b.version(t)})
		src := b.source(t)
		want(t, "on the source", []any{sources.Attend, tt.raison, 0, true}, []any{src.Etat, src.Raison, src.Echecs, src.Attente != ""})
		p = b.passer(t)
		want(t, "still waits", []any{sources.Attend, 200, avant}, []any{p.Etat, p.Code, b.version(t)})
	}

	// It changed between the look and the word.
	s.repondre(edition(lieux(5, 0, 1)))
	p, err := b.Passer(t.Context(), "ville-d-essai", sources.Appliquer, "cli")
	check(t, err)
	if p.Etat != sources.Attend || !strings.Contains(p.Raison, "a changé depuis") {
		t.Errorf("accepted unseen: %+v", p)
	}
	want(t, "not written", "+33563000001", b.telephones(t)["Atelier de Moissac"])
	// A failure meanwhile forgets nothing.
	s.repondre(code(500))
	want(t, "fails", sources.Echec, b.passer(t).Etat)
	s.repondre(edition(lieux(5, 0, 1)))
	p, err = b.Passer(t.Context(), "ville-d-essai", sources.Appliquer, "cli")
	check(t, err)
	want(t, "accepted", []any{sources.Applique, "+33563999901"}, []any{p.Etat, b.telephones(t)["Atelier de Moissac"]})
	want(t, "waits no more", "", b.source(t).Attente)
	want(t, "nobody disappears", 10, len(b.telephones(t)))
}

// A simulation writes nothing, not even that it took place.
func TestSimuler(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(3)))
	b.ajouter(t, s.URL)
	avant, source := b.version(t), b.source(t)
	p, err := b.Simuler(t.Context(), "ville-d-essai")
	check(t, err)
	want(t, "says", []any{sources.Applique, collecte.Bilan{Lus: 3, Nouveaux: 3}}, []any{p.Etat, *p.Bilan})
	if !strings.Contains(p.Plan.Dire(0), "3 fiches nouvelles.") {
		t.Errorf("summary: %q", p.Plan.Dire(0))
	}
	want(t, "base", avant, b.version(t))
	want(t, "source", source, b.source(t))
	b.passer(t)
	p, err = b.Simuler(t.Context(), "ville-d-essai") // read again, though it is known
	check(t, err)
	want(t, "once written", []any{sources.AJour, 200, 3}, []any{p.Etat, p.Code, p.Bilan.Identiques})
	_, err = b.Simuler(t.Context(), "absente")
	wantCode(t, err, mednum.Introuvable, "source")
}

// A known source that becomes another kind of file is not read as one.
func TestFormatAttendu(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(3)))
	b.ajouter(t, s.URL)
	b.changerFormat(t, "France services")
	p := b.passer(t)
	want(t, "cause", sources.Format, p.Cause)
	if !strings.Contains(p.Raison, "France services était attendu, c’est standard v1") {
		t.Error(p.Raison)
	}
}

// A source that gave the places of a town cannot, one day, write those of the
// national list, which is trusted more.
func TestAutreFlux(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(3)))
	b.ajouter(t, s.URL)
	b.passer(t)
	liste, err := os.ReadFile("../norme/testdata/liste-fs-20240801.csv")
	check(t, err)
	une := strings.Join(strings.SplitAfterN(string(liste), "\n", 3)[:2], "") // its head and one place
	s.repondre(edition(une))
	avant := b.version(t)
	p := b.passer(t)
	want(t, "refused", []any{sources.Echec, sources.Format, avant}, []any{p.Etat, p.Cause, b.version(t)})
	// Another source may.
	_, err = b.Ajouter(t.Context(), sources.Demande{Nom: "Liste", URL: s.URL})
	check(t, err)
	p, err = b.Passer(t.Context(), "liste", sources.Lancer, "cli")
	check(t, err)
	want(t, "another source", sources.Applique, p.Etat)
}

// A tag that a server should not have given is not given back: the source would
// never be read again.
func TestETagImpossible(t *testing.T) {
	for etag, want304 := range map[string]bool{
		`"a"`: true, `W/"a-1"`: true, `""`: true, "sans-guillemets": false, `"é"`: false, `"` + strings.Repeat("a", 600) + `"`: false,
	} {
		b := installer(t)
		s := servir(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == etag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			c, _, err := w.(http.Hijacker).Hijack() // no server of ours writes such a head
			if err != nil {
				return
			}
			defer c.Close()
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %d\r\n\r\n%s", etag, len(lieux(2)), lieux(2))
		})
		b.ajouter(t, s.URL)
		b.passer(t)
		p := b.passer(t)
		want(t, etag, []any{sources.AJour, want304}, []any{p.Etat, p.Code == 304})
	}
}
