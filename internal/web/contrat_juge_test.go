package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// The judge can say no: a good answer, altered in one way, is refused.
func TestContratJuge(t *testing.T) {
	b, k := bancContrat(t)
	remplace := func(avant, apres string) func(*http.Response, string) string {
		return func(_ *http.Response, corps string) string { return strings.Replace(corps, avant, apres, 1) }
	}
	entete := func(nom, valeur string) func(*http.Response, string) string {
		return func(rep *http.Response, corps string) string {
			rep.Header.Del(nom)
			if valeur != "" {
				rep.Header.Set(nom, valeur)
			}
			return corps
		}
	}
	statut := func(n int) func(*http.Response, string) string {
		return func(rep *http.Response, corps string) string { rep.StatusCode = n; return corps }
	}
	const lieu, riche, proches, mauvais = "/api/v1/lieux/" + lieuExemple, "/api/v1/lieux/" + lieuRiche, "/api/v1/lieux/proches?lat=44.1&lon=1.08&limite=3&quand=mercredi", "/api/v1/lieux?limite=0"
	for _, tt := range []struct {
		nom, operation, chemin string
		alterer                func(*http.Response, string) string
		mots                   string
	}{
		{"a field more", "getLieu", lieu, remplace(`{"id"`, `{"secret":1,"id"`), "secret"},
		{"a field more, in a permanence", "getLieu", riche, remplace(`"permanences":[{`, `"permanences":[{"compte":"x",`), "compte"},
		{"a field more, in a stop", "getLieu", riche, remplace(`"arrets":[{`, `"arrets":[{"compte":"x",`), "compte"},
		{"a field more, in the proof", "getLieu", lieu, remplace(`"preuve":{`, `"preuve":{"par":"x",`), "par"},
		{"a field more, in a list", "listLieuxProches", proches, remplace(`"resultats":[{`, `"resultats":[{"x":1,`), "x"},
		{"a field more, in the envelope", "listLieuxProches", proches, remplace(`{"resultats"`, `{"page":1,"resultats"`), "page"},
		{"a field more, in a problem", "listLieux", mauvais, remplace(`{"type"`, `{"pile":"x","type"`), "pile"},
		{"a field less", "getLieu", lieu, remplace(`"nom":`, `"pivot":`), "nom"},
		{"a distance less", "listLieuxProches", proches, remplace(`"distance":`, `"url":`), "distance"},
		{"another type", "getLieu", lieu, remplace(`"hors_territoire":false`, `"hors_territoire":"non"`), "boolean"},
		{"a value of no vocabulary", "getLieu", lieu, remplace(`"Gratuit"`, `"Cher"`), "Gratuit"},
		{"a day that does not exist", "getLieu", lieu, remplace(`"date_maj":"2024-08-01"`, `"date_maj":"2024-02-31"`), "date"},
		{"an id of another shape", "getLieu", lieu, remplace(`"tc662xwp"`, `"tc662xwp-moissac"`), "pattern"},
		{"degrees out of range", "getLieu", lieu, remplace(`"latitude":44`, `"latitude":144`), "maximum"},
		{"coordinates in three dimensions", "getLieu", lieu + "?f=geojson", remplace(`"coordinates":[`, `"coordinates":[0,`), "coordinates"},
		{"half an answer", "getLieu", lieu, func(_ *http.Response, corps string) string { return corps[:len(corps)/2] }, "not JSON"},
		{"bytes of no text", "getFichier", "/donnees/lieux.csv", remplace("France", "Fr\xffnce"), "UTF-8"},
		{"another status", "getLieu", lieu, statut(202), "202"},
		{"an error that is not described here", "listLieux", mauvais, statut(404), "404"},
		{"a problem of another status", "getLieu", "/api/v1/lieux/xxxxxxxx", remplace(`"status":404`, `"status":410`), "another status"},
		{"another media type", "getLieu", lieu, entete("Content-Type", "text/plain"), "media type"},
		{"no tag", "getLieu", lieu, entete("ETag", ""), "ETag is missing"},
		{"a weak tag for a place", "getLieu", lieu, entete("ETag", `W/"abcd"`), "ETag"},
		{"a rate of another syntax", "getLieu", lieu, entete("RateLimit", "2999"), "RateLimit"},
		{"a header that is not described", "getLieu", lieu, entete("Sunset", "Sat, 31 Dec 2026 23:59:59 GMT"), "Sunset"},
		{"a cookie", "getLieu", lieu, entete("Set-Cookie", "a=b"), "Set-Cookie"},
		{"a cache that keeps for a year", "getLieu", lieu, entete("Cache-Control", "public, max-age=31536000"), "Cache-Control"},
		{"a body with 301", "getLieu", "/api/v1/lieux/" + lieuReuni, func(*http.Response, string) string { return "x" }, "a body"},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			rep, corps := b.get(t, tt.chemin)
			if fautes := k.juger(tt.operation, rep, corps); len(fautes) > 0 {
				t.Fatalf("refused before it is altered: %v", fautes)
			}
			avant := corps
			corps = tt.alterer(rep, corps)
			fautes := k.juger(tt.operation, rep, corps)
			if len(fautes) == 0 {
				t.Errorf("accepted (altered: %t)", corps != avant)
			}
			if !strings.Contains(strings.Join(fautes, "\n"), tt.mots) {
				t.Errorf("%q is not why: %v", tt.mots, fautes)
			}
		})
	}
	// And it says what is described and was never seen.
	neuf := b.contrat(t)
	if n := len(neuf.manques()); n < 40 {
		t.Errorf("%d statuses were never seen, before the first answer", n)
	}
}
