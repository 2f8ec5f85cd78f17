package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

const (
	nouveaux = "Mo-Fr 08:30-12:00; PH off"
	corpsPUT = `{"horaires":"` + nouveaux + `"}`
)

// edition is a request to change hours; a header of value "-" is left out.
type edition struct {
	id, methode, corps string
	entetes            map[string]string
}

func (b banc) editer(t *testing.T, e edition) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(e.methode, "/api/v1/lieux/"+e.id+"/horaires", strings.NewReader(e.corps))
	for nom, v := range e.entetes {
		if v != "-" {
			r.Header.Set(nom, v)
		}
	}
	rep, err := b.app.Test(r, 20_000)
	if err != nil {
		t.Error(err)
		return &http.Response{Header: http.Header{}}, ""
	}
	corps, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Error(err)
	}
	return rep, string(corps)
}

// jeton makes a token of these rights, and returns its secret.
func (b banc) jeton(t *testing.T, droits ...mednum.Habilitation) string {
	t.Helper()
	secret, _, err := b.comptes.Creer(t.Context(), "Portail de Moissac", droits, mardi.AddDate(0, 0, 1))
	check(t, err)
	return secret
}

func droit(p mednum.Portee, id string) mednum.Habilitation {
	return mednum.Habilitation{Role: mednum.RoleMediateur, Portee: p, ID: id}
}

func (b banc) etag(t *testing.T, id string) string {
	t.Helper()
	rep, _ := b.get(t, "/api/v1/lieux/"+id)
	return rep.Header.Get("ETag")
}

// demande is a good request for a place.
func (b banc) demande(t *testing.T, id, secret string) edition {
	t.Helper()
	return edition{id, http.MethodPut, corpsPUT, map[string]string{
		"Authorization": "Bearer " + secret, "Content-Type": "application/json", "If-Match": b.etag(t, id), "Idempotency-Key": "cle-1",
	}}
}

// lieuDe is a published place of a commune with hours of its own.
func (b banc) lieuDe(t testing.TB, insee string) mednum.Lieu {
	t.Helper()
	for _, v := range b.lieux.Lieux() {
		if v.Champs.CodeInsee == insee && v.Champs.Horaires != "" && !v.Itinerant() {
			return v.Lieu
		}
	}
	t.Fatalf("no place with hours in %s", insee)
	return mednum.Lieu{}
}

func (b banc) revisions(t *testing.T, id string) []mednum.Revision {
	t.Helper()
	revs, err := b.base.Revisions(t.Context(), id)
	check(t, err)
	return revs
}

const moissac = "82112"

func TestPUTHoraires(t *testing.T) {
	b := newBanc(t)
	avant := b.lieuDe(t, moissac)
	d := b.demande(t, avant.ID, b.jeton(t, droit(mednum.PorteeLieu, avant.ID)))
	rep, corps := b.editer(t, d)
	if rep.StatusCode != 200 {
		t.Fatalf("%d %s", rep.StatusCode, corps)
	}
	etag := rep.Header.Get("ETag")
	want := map[string]string{
		"Location": "https://exemple.fr/api/v1/lieux/" + avant.ID, "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*",
		"Content-Type": "application/json; charset=utf-8", "Set-Cookie": "",
	}
	for nom, v := range want {
		if rep.Header.Get(nom) != v {
			t.Errorf("%s: %q, want %q", nom, rep.Header.Get(nom), v)
		}
	}
	if relu, corpsRelu := b.get(t, "/api/v1/lieux/"+avant.ID); relu.Header.Get("ETag") != etag || corpsRelu != corps || !strings.HasPrefix(etag, `"v2-`) {
		t.Errorf("read again: ETag %s, was answered %s", relu.Header.Get("ETag"), etag)
	}
	l, err := b.base.Lieu(t.Context(), avant.ID)
	check(t, err)
	correction := mednum.Correction{Valeur: nouveaux, ValeurSource: avant.Champs.Horaires, Auteur: "Portail de Moissac", Le: mardi}
	jour := mednum.DateOf(mardi)
	if l.Champs.Horaires != nouveaux || l.Corrections[mednum.ChampHoraires] != correction {
		t.Errorf("hours %q, correction %+v", l.Champs.Horaires, l.Corrections)
	}
	if l.VerifieLe != jour || l.VerifiePar != "Portail de Moissac" || l.Preuve.Date != jour || l.Champs.DateMaj != jour {
		t.Errorf("checked on %s by %q, proof %+v", l.VerifieLe, l.VerifiePar, l.Preuve)
	}
	revs := b.revisions(t, avant.ID)
	if r := revs[len(revs)-1]; len(revs) != 2 || r.Voie != "api" || r.Auteur != "Portail de Moissac" {
		t.Errorf("%d revisions, the last %+v", len(revs), r)
	}
	if _, page := b.get(t, "/lieux/"+avant.ID); !strings.Contains(page, "8\u00a0h\u00a030") {
		t.Error("the page does not show the new hours")
	}

	t.Run("null empties, what they are the hours of is said", func(t *testing.T) {
		d.corps = `{"horaires":null,"sens":"aide"}`
		d.entetes["If-Match"], d.entetes["Idempotency-Key"] = etag, `"cle-2"`
		rep, corps := b.editer(t, d)
		l, err := b.base.Lieu(t.Context(), avant.ID)
		check(t, err)
		c := l.Corrections[mednum.ChampHoraires]
		if rep.StatusCode != 200 || l.Champs.Horaires != "" || c.ValeurSource != avant.Champs.Horaires || l.SensHoraires != mednum.SensAide {
			t.Errorf("%d %s: %+v", rep.StatusCode, corps, c)
		}
	})
	t.Run("a weak tag names the same version, sens is left as it is", func(t *testing.T) {
		d.corps = corpsPUT
		d.entetes["If-Match"], d.entetes["Idempotency-Key"] = "W/"+b.etag(t, avant.ID), "cle-3"
		rep, _ := b.editer(t, d)
		l, err := b.base.Lieu(t.Context(), avant.ID)
		check(t, err)
		if rep.StatusCode != 200 || l.Version != 4 || l.SensHoraires != mednum.SensAide {
			t.Errorf("%d, version %d, sense %q", rep.StatusCode, l.Version, l.SensHoraires)
		}
	})
}

func TestPUTHorairesRefuse(t *testing.T) {
	b := newBanc(t)
	l, autre := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	secret := b.jeton(t, droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, "xxxxxxxx"))
	revoque := b.jeton(t, droit(mednum.PorteeLieu, l.ID))
	j, err := b.comptes.Authentifier(t.Context(), revoque)
	check(t, err)
	_, err = b.comptes.Revoquer(t.Context(), j.ID())
	check(t, err)
	tests := []struct {
		name                 string
		change               func(e *edition)
		statut               int
		parametre, mots, nom string // nom: a header that the answer has
	}{
		{"no token", entete("Authorization", "-"), 401, "Authorization", "Authorization: Bearer", "WWW-Authenticate"},
		{"another scheme", entete("Authorization", "Basic YTpi"), 401, "Authorization", "Authorization: Bearer", "WWW-Authenticate"},
		{"a wrong token", entete("Authorization", "Bearer adp_x"), 401, "jeton", "n’est pas connu", "WWW-Authenticate"},
		{"a revoked token", entete("Authorization", "Bearer "+revoque), 401, "jeton", "révoqué", "WWW-Authenticate"},
		{"another's place", func(e *edition) { e.id = autre.ID }, 403, "id", "pas le droit", ""},
		{"an unknown place", func(e *edition) { e.id = "xxxxxxxx" }, 404, "id", "lieu", ""},
		{"no version", entete("If-Match", "-"), 428, "If-Match", "Lisez d’abord", ""},
		{"any version", entete("If-Match", "*"), 428, "If-Match", "lisez le lieu", ""},
		{"two versions", entete("If-Match", `"v1-a", "v2-b"`), 400, "If-Match", "un seul", ""},
		{"a tag without quotes", entete("If-Match", "v1-a"), 400, "If-Match", "guillemets", ""},
		{"version 0 is none", entete("If-Match", `"v0-a"`), 412, "If-Match", "version 1", ""},
		{"a tag that is not ours", entete("If-Match", `"abc"`), 412, "If-Match", "version 1", ""},
		{"no key", entete("Idempotency-Key", "-"), 400, "Idempotency-Key", "clé", ""},
		{"a key of another charset", entete("Idempotency-Key", "clé"), 400, "Idempotency-Key", "clé", ""},
		{"a key with a space", entete("Idempotency-Key", "a b"), 400, "Idempotency-Key", "clé", ""},
		{"a key too long", entete("Idempotency-Key", strings.Repeat("a", 129)), 400, "Idempotency-Key", "128", ""},
		{"no type", entete("Content-Type", "-"), 415, "Content-Type", "application/json", ""},
		{"a form", entete("Content-Type", "application/x-www-form-urlencoded"), 415, "Content-Type", "application/json", ""},
		{"compressed", entete("Content-Encoding", "gzip"), 415, "Content-Type", "non compressé", ""},
		{"too long", corps(`{"horaires":"` + strings.Repeat("a", 9000) + `"}`), 413, "corps", "8192", ""},
		{"not JSON", corps(`horaires=x`), 400, "corps", "objet JSON", ""},
		{"nothing", corps(``), 400, "corps", "objet JSON", ""},
		{"a list", corps(`[]`), 400, "corps", "objet JSON", ""},
		{"two objects", corps(corpsPUT + corpsPUT), 400, "corps", "objet JSON", ""},
		{"unknown field", corps(`{"horaires":"","nom":"x"}`), 400, "nom", "n’existe pas", ""},
		{"another case", corps(`{"Horaires":""}`), 400, "Horaires", "n’existe pas", ""},
		{"no hours", corps(`{}`), 400, "horaires", "null", ""},
		{"hours of another type", corps(`{"horaires":[1]}`), 400, "horaires", "un texte", ""},
		{"hours that cannot be read", corps(`{"horaires":"Mo-Fr 9h-12h"}`), 400, "horaires", "à partir du caractère 8", ""},
		{"hours in French", corps(`{"horaires":"lundi matin"}`), 400, "horaires", "à partir du caractère 1", ""},
		{"hours too long", corps(`{"horaires":"` + strings.Repeat("Mo 09:00-12:00; ", 300) + `PH off"}`), 400, "horaires", "4000", ""},
		{"another sense", corps(`{"horaires":"","sens":"oui"}`), 400, "sens", "oui", ""},
		{"a sense of another type", corps(`{"horaires":"","sens":1}`), 400, "sens", "lieu, aide", ""},
		{"read only", func(e *edition) { e.methode = http.MethodGet }, 405, "", "", "Allow"},
		{"not created", func(e *edition) { e.methode = http.MethodPost }, 405, "", "", "Allow"},
		{"not deleted", func(e *edition) { e.methode = http.MethodDelete }, 405, "", "", "Allow"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := b.demande(t, l.ID, secret)
			tt.change(&d)
			rep, texte := b.editer(t, d)
			wantProbleme(t, rep, texte, tt.statut, tt.parametre, tt.mots)
			if tt.nom != "" && rep.Header.Get(tt.nom) == "" {
				t.Errorf("no %s", tt.nom)
			}
		})
	}
	if n := len(b.revisions(t, l.ID)) + len(b.revisions(t, autre.ID)); n != 2 {
		t.Errorf("%d revisions, want the 2 of the import", n)
	}
}

func entete(nom, valeur string) func(*edition) { return func(e *edition) { e.entetes[nom] = valeur } }
func corps(texte string) func(*edition)        { return func(e *edition) { e.corps = texte } }

func wantProbleme(t *testing.T, rep *http.Response, corps string, statut int, parametre, mots string) {
	t.Helper()
	var p struct {
		Status                   int
		Title, Detail, Parametre string
	}
	if err := json.Unmarshal([]byte(corps), &p); err != nil {
		t.Fatalf("%d: %v: %s", rep.StatusCode, err, corps)
	}
	if rep.StatusCode != statut || p.Status != statut || rep.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s, want %d: %s", rep.StatusCode, rep.Header.Get("Content-Type"), statut, corps)
	}
	if p.Parametre != parametre || !strings.Contains(p.Detail, mots) || p.Title == "" || strings.Contains(p.Title, "de notre côté") {
		t.Errorf("want %q of %q: %s", mots, parametre, corps)
	}
	if rep.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", rep.Header.Get("Cache-Control"))
	}
}

// Who comes too late is told what they would have overwritten.
func TestPUTHorairesPerime(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	d := b.demande(t, l.ID, b.jeton(t, droit(mednum.PorteeLieu, l.ID)))
	if rep, corps := b.editer(t, d); rep.StatusCode != 200 {
		t.Fatal(corps)
	}
	d.corps, d.entetes["Idempotency-Key"] = `{"horaires":"Sa 10:00-12:00"}`, "cle-2"
	rep, corps := b.editer(t, d)
	wantProbleme(t, rep, corps, 412, "If-Match", "version 2")
	var p struct {
		Version  int
		ETag     string
		Horaires string
		Proposes string `json:"horaires_proposes"`
	}
	check(t, json.Unmarshal([]byte(corps), &p))
	if p.Version != 2 || p.ETag != b.etag(t, l.ID) || p.Horaires != nouveaux || p.Proposes != "Sa 10:00-12:00" {
		t.Errorf("%+v", p)
	}
	d.entetes["If-Match"] = p.ETag
	if rep, corps := b.editer(t, d); rep.StatusCode != 200 {
		t.Errorf("with the ETag of the refusal: %d %s", rep.StatusCode, corps)
	}
}

// The same key is the same answer, whatever has happened since; another change
// under it is refused.
func TestPUTHorairesCle(t *testing.T) {
	b := newBanc(t)
	l, voisin := b.lieuDe(t, moissac), b.lieuDe(t, "82121")
	droits := []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID), droit(mednum.PorteeLieu, voisin.ID)}
	secret := b.jeton(t, droits...)
	d := b.demande(t, l.ID, secret)
	un, corpsUn := b.editer(t, d)
	suite := b.demande(t, l.ID, secret)
	suite.corps, suite.entetes["Idempotency-Key"] = `{"horaires":"Sa 10:00-12:00"}`, "cle-2"
	if rep, corps := b.editer(t, suite); rep.StatusCode != 200 {
		t.Fatal(corps)
	}
	for range 2 {
		rep, corps := b.editer(t, d)
		if rep.StatusCode != 200 || rep.Header.Get("ETag") != un.Header.Get("ETag") || corps != corpsUn {
			t.Errorf("%d %s, want the first answer", rep.StatusCode, rep.Header.Get("ETag"))
		}
	}
	if n := len(b.revisions(t, l.ID)); n != 3 {
		t.Errorf("%d revisions, want 3", n)
	}
	autres := d
	autres.corps = `{"horaires":"Su 10:00-12:00"}`
	rep, corps := b.editer(t, autres)
	wantProbleme(t, rep, corps, 409, "idempotence", "autres horaires")
	ailleurs := b.demande(t, voisin.ID, secret)
	rep, corps = b.editer(t, ailleurs)
	wantProbleme(t, rep, corps, 409, "idempotence", "autre lieu")
	ailleurs.entetes["Authorization"] = "Bearer " + b.jeton(t, droits...)
	if rep, corps := b.editer(t, ailleurs); rep.StatusCode != 200 {
		t.Errorf("another token may choose the same key: %d %s", rep.StatusCode, corps)
	}
	// The same hours again, under a new key, are said again: one more revision.
	encore := b.demande(t, voisin.ID, secret)
	encore.entetes["Idempotency-Key"] = "cle-9"
	if rep, _ := b.editer(t, encore); rep.StatusCode != 200 || !strings.HasPrefix(rep.Header.Get("ETag"), `"v3-`) {
		t.Errorf("%d %s", rep.StatusCode, rep.Header.Get("ETag"))
	}
}

// A store that does not answer is said, and nothing is written; reads go on;
// the same request succeeds once it is back. No secret is in the log.
func TestPUTHorairesPanne(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	secret := b.jeton(t, droit(mednum.PorteeLieu, l.ID))
	d := b.demande(t, l.ID, secret)
	for _, tt := range []struct {
		panne           error
		parametre, mots string
	}{
		{context.DeadlineExceeded, "", ""},
		{&mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "Le disque de la base ne répond pas."}, "base", "ne répond pas"},
	} {
		b.base.panne.Store(&tt.panne)
		rep, corps := b.editer(t, d)
		wantProbleme(t, rep, corps, 503, tt.parametre, tt.mots)
		if rep.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if rep, _ := b.get(t, "/api/v1/lieux/"+l.ID); rep.StatusCode != 200 || rep.Header.Get("ETag") != d.entetes["If-Match"] {
		t.Errorf("a read: %d", rep.StatusCode)
	}
	b.base.panne.Store(nil)
	if rep, corps := b.editer(t, d); rep.StatusCode != 200 {
		t.Errorf("once it is back: %d %s", rep.StatusCode, corps)
	}
	if len(b.revisions(t, l.ID)) != 2 {
		t.Error("the change was not written once")
	}
	journal := b.journal.String()
	if !strings.Contains(journal, "disk") {
		t.Fatalf("the failure is not in the log: %s", journal)
	}
	if strings.Contains(journal, strings.TrimPrefix(secret, "adp_")) || strings.Contains(journal, "Bearer") {
		t.Error("the secret is in the log")
	}
}

// courir sends n requests at once and counts their answers.
func (b banc) courir(t *testing.T, n int, demande func(i int) edition) map[int]int {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	comptes := map[int]int{}
	for i := range n {
		wg.Go(func() {
			rep, _ := b.editer(t, demande(i))
			mu.Lock()
			defer mu.Unlock()
			comptes[rep.StatusCode]++
		})
	}
	wg.Wait()
	return comptes
}

func TestPUTHorairesCourse(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	secret := b.jeton(t, droit(mednum.PorteeLieu, l.ID))
	modele := b.demande(t, l.ID, secret)
	avecCle := func(cle, corps string) edition {
		d := edition{modele.id, modele.methode, corps, map[string]string{}}
		for nom, v := range modele.entetes {
			d.entetes[nom] = v
		}
		d.entetes["Idempotency-Key"] = cle
		return d
	}
	got := b.courir(t, 60, func(i int) edition {
		return avecCle(fmt.Sprint("cle-", i), fmt.Sprintf(`{"horaires":"Mo 08:%02d-12:00"}`, i))
	})
	if got[200] != 1 || got[412] != 59 {
		t.Errorf("60 changes of one version: %v, want one 200 and 59 412", got)
	}
	if n := len(b.revisions(t, l.ID)); n != 2 {
		t.Errorf("%d revisions, want 2", n)
	}
	modele.entetes["If-Match"] = b.etag(t, l.ID)
	got = b.courir(t, 20, func(int) edition { return avecCle("la-meme", corpsPUT) })
	if got[200] != 20 {
		t.Errorf("20 times one change: %v, want 20 times 200", got)
	}
	if n := len(b.revisions(t, l.ID)); n != 3 {
		t.Errorf("%d revisions, want 3", n)
	}
}

// A browser may ask for another site's page, which then needs a token of its
// own: no cookie, no credentials.
func TestPUTHorairesPreflight(t *testing.T) {
	b := newBanc(t)
	rep, _ := b.editer(t, edition{"abc", http.MethodOptions, "", map[string]string{
		"Origin": "https://ailleurs.exemple", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization",
	}})
	want := map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, Idempotency-Key",
	}
	if rep.StatusCode != 204 {
		t.Errorf("%d", rep.StatusCode)
	}
	for nom, v := range want {
		if rep.Header.Get(nom) != v {
			t.Errorf("%s: %q, want %q", nom, rep.Header.Get(nom), v)
		}
	}
}

// Nothing else is let through.
func TestOnlyHoursAreWritten(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	d := b.demande(t, l.ID, b.jeton(t, droit(mednum.PorteeTout, "")))
	for _, chemin := range []string{"/", "/lieux/" + l.ID, "/api/v1/lieux", "/api/v1/lieux/" + l.ID, "/api/v1/lieux/" + l.ID + "/nom", "/lieux/" + l.ID + "/horaires", "/livez"} {
		for _, methode := range []string{http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete} {
			r := httptest.NewRequest(methode, chemin, strings.NewReader(corpsPUT))
			for nom, v := range d.entetes {
				r.Header.Set(nom, v)
			}
			rep, err := b.app.Test(r, 5000)
			check(t, err)
			if rep.StatusCode != 405 || rep.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow %q", methode, chemin, rep.StatusCode, rep.Header.Get("Allow"))
			}
		}
	}
}

// The ETag of a place is strong, of its version and of its form; it still
// answers conditional reads, and no compressed body carries it.
func TestETagLieu(t *testing.T) {
	b := newBanc(t)
	chemin := "/api/v1/lieux/" + b.lieuDe(t, moissac).ID
	json, _ := b.get(t, chemin, "Accept-Encoding", "gzip, br")
	geo, _ := b.get(t, chemin+"?f=geojson")
	etag := json.Header.Get("ETag")
	if !strings.HasPrefix(etag, `"v1-`) || !strings.HasPrefix(geo.Header.Get("ETag"), `"v1-`) || etag == geo.Header.Get("ETag") {
		t.Errorf("JSON %s, GeoJSON %s", etag, geo.Header.Get("ETag"))
	}
	if e := json.Header.Get("Content-Encoding"); e != "" {
		t.Errorf("a strong ETag over a body in %s", e)
	}
	if liste, _ := b.get(t, "/api/v1/lieux?limite=5", "Accept-Encoding", "gzip"); liste.Header.Get("Content-Encoding") != "gzip" {
		t.Error("lists are still compressed")
	}
	tete, err := b.app.Test(httptest.NewRequest(http.MethodHead, chemin, nil), 5000)
	check(t, err)
	if tete.Header.Get("ETag") != etag {
		t.Errorf("HEAD gives %s", tete.Header.Get("ETag"))
	}
	for demande, want := range map[string]int{etag: 304, "W/" + etag: 304, `"autre", ` + etag: 304, "*": 304, `"v1-0"`: 200} {
		if rep, _ := b.get(t, chemin, "If-None-Match", demande); rep.StatusCode != want {
			t.Errorf("If-None-Match %s: %d, want %d", demande, rep.StatusCode, want)
		}
	}
}
