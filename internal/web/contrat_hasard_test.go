package web_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// parOperation is how many random requests each operation is asked.
const parOperation = 1000

// Whatever is asked, the answer fits the description, and none is a failure of
// the service. The requests are drawn from the description: good values, those
// at the edge, and all that people and broken programs send. GRAINE=n draws
// others; the seed and the request of a failure are printed.
func TestContratHasard(t *testing.T) {
	graine := uint64(82)
	if texte := os.Getenv("GRAINE"); texte != "" {
		n, err := strconv.ParseUint(texte, 10, 64)
		check(t, err)
		graine = n
	}
	t.Logf("GRAINE=%d", graine)
	b, k := bancContrat(t)
	secret := b.jeton(t, droit(mednum.PorteeLieu, lieuExemple), droit(mednum.PorteeLieu, lieuReuni), droit(mednum.PorteeLieu, lieuRetire))
	for rang, id := range slices.Sorted(mapsKeys(k.operations)) {
		t.Run(id, func(t *testing.T) {
			tirage := &tirage{Rand: rand.New(rand.NewPCG(graine, uint64(rang))), b: b, k: k, secret: secret}
			comptes := map[int]int{}
			for i := range parOperation {
				r, dit := tirage.demande(k.operations[id])
				rep, corps, err := demander(b.app, r)
				if err != nil {
					t.Fatalf("GRAINE=%d, request %d: %v\n%s", graine, i, err, dit)
				}
				comptes[rep.StatusCode]++
				for _, f := range k.juger(id, rep, corps) {
					t.Errorf("GRAINE=%d, request %d: %s\n%.2000s\n%d %.600s", graine, i, f, dit, rep.StatusCode, corps)
				}
				if rep.StatusCode >= 500 || t.Failed() {
					t.Fatalf("GRAINE=%d, request %d: %d\n%.2000s", graine, i, rep.StatusCode, dit)
				}
			}
			t.Logf("%v", comptes)
			attendus := 0 // those that no outage, rate or header makes
			for statut := range k.operations[id].reponses {
				if statut != "429" && statut != "431" && statut != "503" {
					attendus++
				}
			}
			if comptes[200] < parOperation/20 || len(comptes) < min(3, attendus) {
				t.Errorf("%v: the draw saw too little", comptes)
			}
		})
	}
	if strings.Contains(b.journal.String(), "panique") {
		t.Error(b.journal.String())
	}
}

func mapsKeys[V any](m map[string]V) func(func(string) bool) {
	return func(suite func(string) bool) {
		for nom := range m {
			if !suite(nom) {
				return
			}
		}
	}
}

// tirage draws requests.
type tirage struct {
	*rand.Rand
	b      banc
	k      *contrat
	secret string
	n      int
	sage   bool // this request is a good one
	ecrit  bool // and a change
	chemin string
}

func un[T any](t *tirage, liste ...T) T { return liste[t.IntN(len(liste))] }

// une is true once in n.
func (t *tirage) une(n int) bool { return t.IntN(n) == 0 }

// faute is true once in n of the requests that are not good.
func (t *tirage) faute(n int) bool { return !t.sage && t.une(n) }

// demande is one request, and its words for who reads a failure.
func (t *tirage) demande(o operation) (r *http.Request, dit string) {
	t.n++
	t.sage, t.ecrit, t.chemin = t.une(2), o.methode == http.MethodPut, o.chemin
	if t.ecrit {
		t.sage = t.une(4) // each change publishes the whole list again
	}
	chemin, suite := o.chemin, []string{}
	for _, p := range o.parametres {
		switch p.dans {
		case "path":
			chemin = strings.ReplaceAll(chemin, "{"+p.nom+"}", t.segment(p))
		case "query":
			suite = append(suite, t.couples(p)...)
		}
	}
	if t.faute(10) {
		suite = append(suite, t.ecrire(un(t, "inconnu", "Lat", "limite ", "é", "f[]", ""))+"="+t.ecrire(t.etrange()))
	}
	if t.faute(15) {
		suite = append(suite, un(t, "%", "%zz=1", "a;b", "=", "&&", "a=%00", "?", "lat=44;lon=1"))
	}
	t.Shuffle(len(suite), func(i, j int) { suite[i], suite[j] = suite[j], suite[i] })
	if len(suite) > 0 {
		chemin += "?" + strings.Join(suite, "&")
	}
	methode, corps := o.methode, ""
	if methode == http.MethodGet && t.une(10) {
		methode = http.MethodHead
	}
	if methode == http.MethodPut {
		corps = t.corps()
	}
	r = httptest.NewRequest(methode, "/", strings.NewReader(corps))
	r.RequestURI = chemin // as it is: broken escapes go through
	t.entetes(r, o)
	return r, fmt.Sprintf("%s %s\n%v\n%s", methode, chemin, r.Header, corps)
}

// couples are a parameter of the query: absent, once, or more.
func (t *tirage) couples(p parametre) (liste []string) {
	n := un(t, 0, 0, 0, 1)
	if p.requis {
		n = 1
		if t.faute(6) {
			n = 0
		}
	}
	if t.faute(12) {
		n = 2 + t.IntN(3)
	}
	for range n {
		liste = append(liste, p.nom+"="+t.ecrire(t.valeur(p)))
	}
	return liste
}

// segment is a parameter of the path, within one segment of it.
func (t *tirage) segment(p parametre) string {
	v := t.valeur(p)
	if v == "" || v == "proches" {
		v = "x"
	}
	if t.faute(15) {
		return un(t, "%zz", "%00", "%2F", "%", "%2e%2e", "é", "a%0d%0ab", "~", "*", ":id")
	}
	return strings.ReplaceAll(url.PathEscape(v), "/", "%2F")
}

// valeur is mostly good, sometimes at the edge, sometimes anything.
func (t *tirage) valeur(p parametre) string {
	switch n := t.IntN(10); {
	case n < 6 || t.sage:
		return t.bonne(p)
	case n < 8:
		return t.bord(p.schema)
	}
	return t.etrange()
}

func (t *tirage) bonne(p parametre) string {
	switch p.nom {
	case "id":
		if t.ecrit && !t.une(4) {
			return lieuExemple
		}
		if strings.Contains(t.chemin, "{permanence}") && !t.une(3) {
			return "tmf38vpk"
		}
		lieux := t.b.lieux.Lieux()
		return un(t, lieuExemple, lieuReuni, lieuRetire, lieuRiche, "xxxxxxxx", lieux[t.IntN(len(lieux))].ID)
	case "code":
		if strings.HasPrefix(t.chemin, "/epci") || strings.HasPrefix(t.chemin, "/donnees/epci") {
			return t.b.ter.EPCIs[t.IntN(len(t.b.ter.EPCIs))].Code
		}
		return t.b.ter.Communes[t.IntN(len(t.b.ter.Communes))].Code
	case "permanence":
		return un(t, "447828p5", "5dxpdw9n", "5f9f63t6", "2222cccc")
	case "commune":
		return t.b.ter.Communes[t.IntN(len(t.b.ter.Communes))].Code
	case "epci":
		return t.b.ter.EPCIs[t.IntN(len(t.b.ter.EPCIs))].Code
	case "q":
		// beginnings of names and of postal codes
		return un(t, "moi", "82", "st", "é", "montauban", "la f")
	case "lat":
		return fmt.Sprint(43.7 + t.Float64()*0.8)
	case "lon":
		return fmt.Sprint(0.7 + t.Float64()*1.3)
	case "rayon":
		return strconv.Itoa(1 + t.IntN(30_000))
	case "bbox":
		o, s := 0.7+t.Float64(), 43.7+t.Float64()*0.5
		return fmt.Sprintf("%v,%v,%v,%v", o, s, o+t.Float64(), s+t.Float64()*0.5)
	case "limite":
		return strconv.Itoa(1 + t.IntN(30))
	case "apres":
		return strconv.Itoa(t.IntN(150))
	}
	return t.selon(p.schema)
}

// selon is a value that a schema allows.
func (t *tirage) selon(schema map[string]any) string {
	schema = t.k.suivre(schema)
	if items, ok := schema["items"].(map[string]any); ok {
		return t.selon(items)
	}
	if choix, ok := schema["anyOf"].([]any); ok {
		return t.selon(choix[t.IntN(len(choix))].(map[string]any))
	}
	if valeurs, ok := schema["enum"].([]any); ok {
		return fmt.Sprint(valeurs[t.IntN(len(valeurs))])
	}
	if schema["format"] == "date" {
		return mardi.AddDate(0, 0, t.IntN(400)-10).Format("2006-01-02")
	}
	return un(t, "10:00", "17:00-19:00", "9:00", "23:59", "24:00", "00:00-24:00")
}

// bord is at the edge of a schema, or just beyond.
func (t *tirage) bord(schema map[string]any) string {
	for _, nom := range []string{un(t, "minimum", "maximum"), "maxLength"} {
		if v, ok := schema[nom].(json.Number); ok {
			n, _ := v.Int64()
			if nom == "maxLength" {
				return strings.Repeat(un(t, "a", "é"), int(n)+t.IntN(3)-1)
			}
			return strconv.FormatInt(n+int64(t.IntN(3))-1, 10)
		}
	}
	return un(t, "", " ", "0", "-1", "24:00", "2026-11-24", "2027-11-25", "2026-02-29")
}

// etrange is what nobody should send.
func (t *tirage) etrange() string {
	return un(t, "", " ", "null", "undefined", "true", "[]", "{}", "NaN", "Infinity", "-0", "1e400", "0x1F", "1,5", "٣", "१",
		"9223372036854775808", "-99999999999999999999", "é\u0301", "\u202eabc", "\U0001F600", "\x00", "a\x00b", "\xff\xfe", "\n\r\t", "'; --",
		"<script>", "../../etc/passwd", "%s%n", "${x}", strings.Repeat("a", 2000), strings.Repeat("é", 300), strings.Repeat(",", 500),
		"France_Services", "Gratuit|Payant", "samdi", "2026-13-45", "25:61", "10:00-09:00", "1,2,3", "1,2,3,4,5", "181,91,181,91", "3,44,1,43")
}

// ecrire writes a value in a query, now and then as it is or in lower case.
func (t *tirage) ecrire(v string) string {
	if t.une(15) {
		return strings.NewReplacer(" ", "+", "\n", "%0A", "\r", "%0D", "\x00", "%00", "\t", "%09", "#", "%23").Replace(v)
	}
	return url.QueryEscape(v)
}

func (t *tirage) entetes(r *http.Request, o operation) {
	if t.une(3) {
		r.Header.Set("Accept", un(t, "*/*", "application/json", "application/geo+json", "application/geo+json;q=0.1, */*", "text/html,*/*;q=0.8", ";;;", "é", strings.Repeat("a/b,", 300)))
	}
	if t.une(4) {
		r.Header.Set("If-None-Match", un(t, "*", `"x"`, `W/"x", "y"`, ",,,", "é", strings.Repeat(`"a",`, 300)))
	}
	if t.une(4) {
		r.Header.Set("Accept-Encoding", un(t, "identity;q=0", "*", "zstd", ";;", "é"))
	}
	if t.une(10) {
		r.Header.Set(un(t, "Range", "If-Modified-Since", "X-Forwarded-For", "X-HTTP-Method-Override", "Cookie", "Origin", "Authorization", "Expect-Ct", "Content-Type"),
			un(t, "bytes=0-10", "Sat, 29 Oct 1994 19:43:31 GMT", "203.0.113.7, é", "DELETE", "a=b", "null", "Bearer x", "é"))
	}
	if o.methode != http.MethodPut {
		return
	}
	secret := t.secret
	for nom, v := range map[string]string{
		"Authorization": "Bearer " + secret, "Content-Type": "application/json", "Idempotency-Key": fmt.Sprint("hasard-", t.n),
	} {
		r.Header.Set(nom, v)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(r.RequestURI, "/api/v1/lieux/"), "/")
	r.Header.Set("If-Match", `"v1-abc"`)
	if v, err := t.b.lieux.Lieu(id); err == nil {
		r.Header.Set("If-Match", fmt.Sprintf(`"v%d-abc"`, v.Version))
	}
	if !t.faute(2) {
		return
	}
	switch un(t, 0, 1, 2, 3) {
	case 0:
		r.Header.Set("Authorization", un(t, "", "Bearer", "Bearer ", "Bearer adp_"+strings.Repeat("A", 43), "bearer  "+secret, "Basic YTpi", "é", strings.Repeat("x", 4000)))
	case 1:
		r.Header.Set("Content-Type", un(t, "", "application/json; charset=utf-8", "application/json;;", "text/json", "multipart/form-data; boundary=x", "application/json; charset=\"", "é"))
	case 2:
		r.Header.Set("Idempotency-Key", un(t, "", "a b", `"a`, `""`, "é", "hasard-1", strings.Repeat("k", 129), strings.Repeat("k", 128)))
	case 3:
		r.Header.Set("If-Match", un(t, "", "*", "v1", `"v1-a", "v1-b"`, `"v99999999999999999999-a"`, `"v-1-a"`, `W/"v1-a"`, `"`, `"é"`, `"v0-a"`))
	}
}

// corps is the body of a change: good, cut, nested, of other types, too long.
func (t *tirage) corps() string {
	heures, _ := json.Marshal(un(t, "Mo-Fr 09:00-12:00", "Mo-Fr 08:30-12:00; PH off", "", "24/7", "off", "Sa[1] 10:00-12:00", "week 1-53/2 Mo 09:00-10:00",
		"Mo-Fr 9h-12h", "lundi", strings.Repeat("Mo 09:00-10:00; ", 240)+"Tu off", strings.Repeat("Mo 09:00-10:00; ", 300), "\x00", "\U0001F600", "Mo 25:00-26:00",
		strings.Repeat("(", 1000), "Mo-Fr 09:00-12:00 \"commentaire\"", "2026 Nov 24: 10:00-11:00", "sunrise-sunset", "Mo 09:00+"))
	bon := `{"horaires":` + string(heures) + `}`
	if t.sage {
		return bon
	}
	switch t.IntN(8) {
	case 0:
		return bon[:t.IntN(len(bon))]
	case 1:
		return un(t, strings.Repeat("[", 3000), strings.Repeat(`{"a":`, 1500), `{"horaires":`+strings.Repeat("[", 2000)+strings.Repeat("]", 2000)+"}")
	case 2:
		return un(t, "null", "1", `"x"`, "[]", "{}", `{"horaires":1}`, `{"horaires":{}}`, `{"horaires":["a"]}`, `{"horaires":true}`, `{"horaires":null}`, `{"horaires":"","sens":1}`,
			`{"horaires":"","sens":null}`, `{"horaires":"","sens":"oui"}`, `{"horaires":"","nom":"x"}`, `{"horaires":"a","horaires":""}`, bon+bon, bon+" x", "\ufeff"+bon, "\xff", `{"\u0000":1}`, `{"horaires":"\ud800"}`)
	case 3:
		return `{"horaires":"` + strings.Repeat("a", 8000+t.IntN(400)) + `"}`
	case 4:
		return strings.TrimSuffix(bon, "}") + `,"sens":` + un(t, `"lieu"`, `"aide"`, `""`) + "}"
	}
	return bon
}
