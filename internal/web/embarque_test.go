package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

func pourTous(c *web.Config) { c.Integration = []string{"*"} }

// cadres is the value of frame-ancestors of an answer, which must be there once.
func cadres(t *testing.T, rep *http.Response) string {
	t.Helper()
	var valeurs []string
	for _, p := range rep.Header.Values("Content-Security-Policy") {
		for d := range strings.SplitSeq(p, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(d), "frame-ancestors "); ok {
				valeurs = append(valeurs, v)
			}
		}
	}
	if len(valeurs) != 1 || rep.Header.Get("X-Frame-Options") != "" {
		t.Errorf("frame-ancestors %q, X-Frame-Options %q", valeurs, rep.Header.Get("X-Frame-Options"))
		return ""
	}
	return valeurs[0]
}

// Every route that the application says it has may be framed by other sites if
// and only if it is under /embarque/; so may their errors.
func TestCadresSousEmbarqueSeulement(t *testing.T) {
	b := newBanc(t, pourTous)
	id := premierLieu(t, b)
	routes := b.routes(t, valeurs(id), func(_, modele string) bool { return true })
	for _, chemin := range []string{"/embarque", "/embarque/", "/EMBARQUE/", "/embarque/nulle-part", "/embarque/lieux/inconnu", "/embarque/?lat=95&lon=1", "/embarque/accent.css?couleur=x"} {
		for _, methode := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut} {
			routes = append(routes, route{methode, chemin, chemin})
		}
	}
	for _, chemin := range []string{"/", "/nulle-part", "/embarquement", "/embarques/x", "/?lat=95&lon=1", "/lieux/inconnu", "/x/embarque/", "/static/../embarque"} {
		routes = append(routes, route{http.MethodGet, chemin, chemin})
	}
	vues := map[bool]int{}
	for _, r := range routes {
		rep, err := b.app.Test(httptest.NewRequest(r.methode, r.chemin, nil), 10_000)
		check(t, err)
		dessous := regexp.MustCompile(`(?i)^/embarque(/|$)`).MatchString(r.chemin)
		want := map[bool]string{true: "*", false: "'none'"}[dessous]
		if got := cadres(t, rep); got != want {
			t.Errorf("%s %s (%d): frame-ancestors %s, want %s", r.methode, r.chemin, rep.StatusCode, got, want)
		}
		if r.methode != http.MethodHead {
			vues[dessous]++
		}
	}
	if vues[true] < 10 || vues[false] < 80 {
		t.Errorf("only %v routes: is the test still reading them?", vues)
	}
}

// Under a path, what may be framed is the site's own /embarque/ alone.
func TestCadresSousRacine(t *testing.T) {
	b := newBanc(t, pourTous, sousAide)
	for chemin, want := range map[string]string{
		"/embarque/": "'none'", "/aide/": "'none'", "/aide": "'none'", "/aide/embarque/": "*", "/aide/embarque/nulle-part": "*", "/aide/embarque": "*",
	} {
		rep, _ := b.get(t, chemin)
		if got := cadres(t, rep); got != want {
			t.Errorf("%s (%d): frame-ancestors %s, want %s", chemin, rep.StatusCode, got, want)
		}
	}
}

// What is refused before it is read has the same policy as any page.
func TestCadresDesRefus(t *testing.T) {
	for _, url := range []string{"https://exemple.fr", "https://exemple.fr/aide"} {
		b := newBanc(t, pourTous, func(c *web.Config) { c.URLPublique = url })
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ecouter(t, b.app)+"/espace", http.NoBody)
		check(t, err)
		r.Header.Set("X-Long", strings.Repeat("a", 20_000))
		rep, _ := lire(t, r)
		if rep.StatusCode != http.StatusRequestHeaderFieldsTooLarge || cadres(t, rep) != "'none'" || rep.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", url, rep.StatusCode, rep.Header)
		}
	}
}

func TestIntegration(t *testing.T) {
	for _, tt := range []struct{ name, texte, want, refus string }{
		{"anybody", "*", "*", ""},
		{"a site", "https://www.mairie.exemple", "https://www.mairie.exemple", ""},
		{"a final slash", "https://www.mairie.exemple/", "https://www.mairie.exemple", ""},
		{"a port, without https", "http://mairie.exemple:8080", "http://mairie.exemple:8080", ""},
		{"all the names of a domain", "https://*.mairie.exemple", "https://*.mairie.exemple", ""},
		{"a path", "https://mairie.exemple/aide", "", "an origin"},
		{"a query", "https://mairie.exemple?x=1", "", "an origin"},
		{"no scheme", "mairie.exemple", "", "an origin"},
		{"a scheme alone", "https:", "", "an origin"},
		{"another scheme", "ftp://mairie.exemple", "", "an origin"},
		{"a name and a password", "https://a:b@mairie.exemple", "", "an origin"},
		{"two in one", "https://mairie.exemple https://x.exemple", "", "invalid"},
		{"another directive", "https://mairie.exemple;script-src", "", "host"},
		{"a star in the middle", "https://www.*.exemple", "", "host"},
		{"an accent", "https://forêt.exemple", "", "in ASCII"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := web.Integration(tt.texte)
			if got != tt.want || (err == nil) != (tt.refus == "") || err != nil && !strings.Contains(err.Error(), tt.refus) {
				t.Errorf("%q, error %v; want %q, %q", got, err, tt.want, tt.refus)
			}
		})
	}
}

// Whoever may frame is the list that was set, and this site for its own preview.
func TestCadresDeLaListe(t *testing.T) {
	for _, tt := range []struct {
		name  string
		liste []string
		want  string
	}{
		{"nobody", nil, "'self'"},
		{"an empty setting", []string{""}, "'self'"},
		{"two sites", []string{"https://a.exemple", " https://b.exemple/"}, "'self' https://a.exemple https://b.exemple"},
		{"anybody among others", []string{"https://a.exemple", "*"}, "*"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t, func(c *web.Config) { c.Integration = tt.liste })
			rep, _ := b.get(t, "/embarque/?commune=82112")
			if got := cadres(t, rep); got != tt.want {
				t.Errorf("frame-ancestors %s, want %s", got, tt.want)
			}
			if rep, _ = b.get(t, "/"); cadres(t, rep) != "'none'" {
				t.Error("the site itself may be framed")
			}
		})
	}
}

// ligne is what a host may ask, every parameter of it.
const ligne = "accent=0a7d5a&commune=82112&famille=france_services&famille=mediation&liste-seule=oui&services=Aide+aux+d%C3%A9marches+administratives&theme=sombre"

var (
	motifLien   = regexp.MustCompile(`<a [^>]*>`)
	motifForm   = regexp.MustCompile(`(?s)<form .*?</form>`)
	motifHref   = regexp.MustCompile(`(?:href|action)="([^"]*)"`)
	motifCachee = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// porte fails when an address or a form has lost something of the line.
func porte(t *testing.T, quoi string, v url.Values) {
	t.Helper()
	want, err := url.ParseQuery(ligne)
	check(t, err)
	for cle, valeurs := range want {
		if !slices.Equal(v[cle], valeurs) {
			t.Errorf("%s: %s is %q, want %q", quoi, cle, v[cle], valeurs)
		}
	}
}

// What the host chose travels along every link and every form that stays inside;
// every other link opens a tab, without a hand on the page that opened it.
func TestEncartLiens(t *testing.T) {
	for _, racine := range []string{"", "/aide"} {
		b := newBanc(t, pourTous, func(c *web.Config) { c.URLPublique = "https://exemple.fr" + racine })
		id, bus := premierLieu(t, b), b.lieuNomme(t, "France services itinérante Moissac-Confluences").ID
		vers := racine + "/embarque/"
		for _, p := range []struct {
			page   string
			dedans int // links that stay inside, at least
		}{
			{"?" + ligne, 8},
			{"?" + ligne + "&apres=6", 5},
			{"?" + ligne + "&pour=impots&quand=samedi", 4},
			{"?" + ligne + "&q=Castelsarrasin&choix_famille=mediation", 5},
			{"?" + ligne + "&lat=44.1&lon=1.08", 5},
			{"?" + ligne + "&q=Saint-Paul", 2},
			{"?" + ligne + "&q=xyzzyx", 1},
			{"?" + ligne + "&q=Tarn-et-Garonne", 5},
			{"?" + ligne + "&q=Moissac&lat=95&lon=1", 1},
			{"lieux/" + id + "?" + ligne + "&q=Castelsarrasin", 1},
			{"lieux/" + bus + "?" + ligne, 1}, // its stops have calendars of their own
			{"lieux/inconnu?" + ligne, 1},
			{"nulle-part?" + ligne, 1},
		} {
			t.Run(racine+p.page, func(t *testing.T) {
				_, corps := b.get(t, vers+p.page)
				dedans := 0
				for _, a := range motifLien.FindAllString(corps, -1) {
					m := motifHref.FindStringSubmatch(a)
					if m == nil {
						t.Errorf("%s leads nowhere", a)
						continue
					}
					adresse := html.UnescapeString(m[1])
					switch u, err := url.Parse(adresse); {
					case err != nil:
						t.Error(err)
					case u.Scheme == "tel" || u.Scheme == "sms":
					case strings.HasPrefix(adresse, vers):
						dedans++
						porte(t, a, u.Query())
						if strings.Contains(a, "target=") {
							t.Errorf("%s leaves", a)
						}
					case !strings.Contains(a, ` target="_blank"`) || !strings.Contains(a, "noopener"):
						t.Errorf("%s opens in the frame", a)
					}
				}
				if dedans < p.dedans {
					t.Errorf("%d links stay inside, want %d or more", dedans, p.dedans)
				}
				for _, f := range motifForm.FindAllString(corps, -1) {
					if m := motifHref.FindStringSubmatch(f); m[1] != vers {
						t.Errorf("a form is sent to %s", m[1])
					}
					v := url.Values{}
					for _, m := range motifCachee.FindAllStringSubmatch(f, -1) {
						v.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
					}
					porte(t, f[:60], v)
				}
				if !strings.Contains(corps, "voir toute la carte") || strings.Contains(corps, `class="entete"`) || strings.Contains(corps, "data-carte ") {
					t.Errorf("not the frame that was asked:\n%.900s", corps)
				}
			})
		}
	}
}

// A search, a place, and back to the same search: by redirect too.
func TestEncartParcours(t *testing.T) {
	b := newBanc(t, pourTous)
	id := premierLieu(t, b)
	for _, tt := range []struct {
		name, chemin string
		statut       int
		vers         string   // Location
		dans, pas    []string // texts of the body, escaped as HTML
	}{
		{"a commune opens on its places", "?commune=82112", 200, "", []string{"Aide numérique près de Moissac", `<h3><a href="/embarque/lieux/`, "data-sur-demande", `href="/communes/82112"`, `name="robots" content="noindex"`}, []string{`class="demarches"`, `class="retour"`}},
		{"an EPCI opens on its places", "?epci=200066322", 200, "", []string{"Communauté de communes Terres des Confluences", `<h3><a href="/embarque/lieux/`, `href="/epci/200066322"`}, []string{"à vol d’oiseau"}},
		{"nothing asked: the question", "", 200, "", []string{`class="demarches"`, `href="/embarque/?pour=impots"`, `action="/embarque/"`, "voir toute la carte"}, []string{`href="/lieux"`}},
		{"an errand there", "?pour=impots", 200, "", []string{`<input type="hidden" name="pour" value="impots">`}, nil},
		{"an errand near the commune", "?commune=82112&pour=impots", 200, "", []string{"Moissac", "Déclarer mes impôts"}, nil},
		{"another commune", "?commune=82112&q=Castelsarrasin", 200, "", []string{"près de Castelsarrasin", "Les lieux près de Moissac", `href="/embarque/?commune=82112"`}, nil},
		{"a place by its name", "?commune=82112&q=mediatheque+castelmayran", 303, "/embarque/lieux/", nil, nil},
		{"the whole territory stays inside", "?q=Tarn-et-Garonne", 200, "", []string{"Tous les lieux d’aide numérique", "apres=6"}, nil},
		{"a place leads back to its search", "lieux/" + id + "?commune=82112&q=Castelsarrasin&quand=samedi", 200, "", []string{`href="/embarque/?commune=82112&amp;q=Castelsarrasin&amp;quand=samedi"`, "Retour à la liste", "data-sur-demande"}, []string{"data-copier", "data-partager"}},
		{"the visitor's own families are not the host's", "?commune=82112", 200, "", []string{`name="choix_famille"`, "choix_famille=france_services"}, []string{`name="famille"`}},
		{"a family that was chosen can be taken off", "?commune=82112&choix_famille=france_services", 200, "", []string{`aria-label="Retirer France Services"`}, []string{`name="famille"`}},
		{"one that the host fixed cannot", "?commune=82112&famille=france_services", 200, "", []string{`<input type="hidden" name="famille" value="france_services">`}, []string{"Retirer France Services", `name="choix_famille"`}},
		{"one of two that the host fixed can be chosen", "?commune=82112&famille=france_services&famille=tiers_lieu", 200, "", []string{`name="choix_famille" value="tiers_lieu"`}, []string{`name="choix_famille" value="mediation"`, "Retirer"}},
		{"no map", "?commune=82112&liste-seule=oui", 200, "", []string{"Moissac"}, []string{"data-carte", "Voir la carte"}},
		{"a place without a map", "lieux/" + id + "?liste-seule=oui", 200, "", nil, []string{"data-carte", "Sur la carte"}},
		{"dark", "?theme=sombre", 200, "", []string{`sombre.css">`, "accent.css?theme=sombre"}, nil},
		{"light", "?theme=clair", 200, "", []string{"accent.css?theme=clair"}, []string{"sombre.css"}},
		{"the visitor's", "", 200, "", []string{`sombre.css" media="(prefers-color-scheme: dark)">`}, nil},
		{"nothing of what the host chose: the visitor chose nothing", "?epci=200066322&famille=tiers_lieu", 200, "", []string{"Nous n’avons trouvé aucun lieu.", "Chercher ailleurs"}, []string{"vos choix", "Vos choix"}},
		{"nothing of what the visitor chose", "?epci=200066322&choix_famille=tiers_lieu", 200, "", []string{"Aucun lieu ne correspond à tous vos choix."}, []string{"aucun lieu."}},
		{"an error offers the search of the frame", "nulle-part?commune=82112", 404, "", []string{"Cette page n’existe pas", `href="/embarque/?commune=82112"`, "voir toute la carte"}, []string{`class="pied"`}},
		{"a method that is none", "?commune=82112&lat=95&lon=1", 400, "", []string{"voir toute la carte", "lat"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/embarque/"+tt.chemin)
			if rep.StatusCode != tt.statut || !strings.HasPrefix(rep.Header.Get("Location"), tt.vers) {
				t.Fatalf("status %d, Location %q", rep.StatusCode, rep.Header.Get("Location"))
			}
			if tt.vers != "" && !strings.HasSuffix(rep.Header.Get("Location"), "?commune=82112&q=mediatheque+castelmayran") {
				t.Errorf("Location %q lost the line", rep.Header.Get("Location"))
			}
			for _, x := range tt.dans {
				if !strings.Contains(corps, x) {
					t.Errorf("%q is not in\n%s", x, corps)
				}
			}
			for _, x := range tt.pas {
				if strings.Contains(corps, x) {
					t.Errorf("%q is in\n%s", x, corps)
				}
			}
			if len(rep.Cookies()) > 0 {
				t.Error("a cookie")
			}
		})
	}
}

// What the host asks of the places is true of every one, whatever the visitor
// chooses.
func TestEncartContraintes(t *testing.T) {
	b := newBanc(t, pourTous)
	const service = "Maîtrise des outils numériques du quotidien"
	lieux := func(chemin string) (liste []*mednum.Lieu) {
		_, corps := b.get(t, chemin)
		ouverts, _, _ := strings.Cut(corps, `id="muets"`)
		for _, m := range regexp.MustCompile(`<h3><a href="/embarque/lieux/([^?#"]*)`).FindAllStringSubmatch(ouverts, -1) {
			v, err := b.lieux.Lieu(m[1])
			check(t, err)
			liste = append(liste, &v.Lieu)
		}
		if len(liste) == 0 {
			t.Errorf("%s lists nothing", chemin)
		}
		return liste
	}
	for _, q := range []string{"", "&q=Montauban", "&choix_famille=tiers_lieu", "&pour=impots", "&apres=6"} {
		for _, l := range lieux("/embarque/?commune=82112&famille=france_services" + q) {
			if !slices.Contains(l.Familles, mednum.FamilleFranceServices) {
				t.Errorf("%s: %s is of %v", q, l.Champs.Nom, l.Familles)
			}
		}
		if strings.Contains(q, "impots") || strings.Contains(q, "tiers_lieu") {
			continue // none has them all
		}
		for _, l := range lieux("/embarque/?commune=82112&services=" + url.QueryEscape(service) + q) {
			if !slices.Contains(l.Champs.Services, service) {
				t.Errorf("%s: %s has %v", q, l.Champs.Nom, l.Champs.Services)
			}
		}
	}
}

// A fault in the host's line is said to its editor, and takes nothing from
// visitors: the page answers, and what is wrong does not travel.
func TestEncartFautes(t *testing.T) {
	b := newBanc(t, pourTous)
	for _, tt := range []struct{ name, ligne, dit, perdu string }{
		{"a commune that is none", "commune=99999", "commune\u00a0: 99999\u00a0» n’est pas compris. Écrivez le code INSEE", "99999"},
		{"a postal code", "commune=82200", "commune\u00a0: 82200\u00a0»", "82200"},
		{"an EPCI that is none", "epci=1", "epci\u00a0: 1\u00a0» n’est pas compris. Écrivez le numéro SIREN", "epci=1"},
		{"a family", "commune=82112&famille=mairie", "famille\u00a0: mairie\u00a0» n’est pas compris. Écrivez france_services", "famille=mairie"},
		{"a service", "commune=82112&services=Couture", "services\u00a0: Couture\u00a0»", "Couture"},
		{"a colour", "commune=82112&accent=rouge", "accent\u00a0: rouge\u00a0» n’est pas compris. Écrivez six chiffres", "accent=rouge"},
		{"a theme", "commune=82112&theme=noir", "theme\u00a0: noir\u00a0»", "theme=noir"},
		{"a list that is not alone", "commune=82112&liste-seule=1", "liste-seule\u00a0: 1\u00a0»", "liste-seule=1"},
		{"a script", `commune=<script>alert(1)</script>`, "&lt;script&gt;alert(1)", "<script>alert"},
		{"a long one", "commune=" + strings.Repeat("8", 4000), strings.Repeat("8", 40) + "…", strings.Repeat("8", 41)},
		{"what is not UTF-8", "commune=%ff82112%00", "commune\u00a0:", "%00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/embarque/?"+strings.ReplaceAll(tt.ligne, "<", "%3C"))
			if rep.StatusCode != 200 || !strings.Contains(corps, "À la personne qui gère ce site") || !strings.Contains(corps, tt.dit) {
				t.Errorf("status %d, want %q in\n%.1500s", rep.StatusCode, tt.dit, corps)
			}
			if strings.Contains(corps, tt.perdu) && !strings.Contains(tt.dit, tt.perdu) || strings.Count(corps, tt.perdu) > 1 {
				t.Errorf("%q travels", tt.perdu)
			}
			if !strings.Contains(corps, `action="/embarque/"`) {
				t.Error("no search")
			}
		})
	}
	if _, corps := b.get(t, "/embarque/?"+ligne); strings.Contains(corps, "À la personne") {
		t.Error("a right line has a fault")
	}
}

// A line that repeats itself is carried once, and said wrong a few times: a long
// address makes no page a hundred times as long.
func TestEncartRepete(t *testing.T) {
	b := newBanc(t, pourTous)
	_, une := b.get(t, "/embarque/?commune=82112&famille=mediation")
	_, mille := b.get(t, "/embarque/?commune=82112"+strings.Repeat("&famille=mediation", 500))
	if une != mille {
		t.Errorf("%d bytes, then %d", len(une), len(mille))
	}
	var fausses strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&fausses, "&famille=%d", i)
	}
	if _, corps := b.get(t, "/embarque/?commune=82112"+fausses.String()); strings.Count(corps, "À la personne qui gère ce site&nbsp;:") != 10 {
		t.Errorf("%d faults are said", strings.Count(corps, "À la personne qui gère ce site&nbsp;:"))
	}
}

// No shared cache keeps what a visitor of a frame typed, nor where they are.
func TestEncartCaches(t *testing.T) {
	b := newBanc(t, pourTous)
	id := premierLieu(t, b)
	for chemin, want := range map[string]string{
		"?commune=82112": "public, no-cache", "?commune=82112&quand=samedi": "public, no-cache", "lieux/" + id + "?commune=82112": "public, no-cache",
		"?commune=82112&q=Castelsarrasin": "private, no-cache", "?lat=44.1&lon=1.08": "private, no-cache", "lieux/" + id + "?q=Moissac": "private, no-cache",
		"nulle-part": "no-store", "?lat=95&lon=1": "no-store",
	} {
		if rep, _ := b.get(t, "/embarque/"+chemin); rep.Header.Get("Cache-Control") != want {
			t.Errorf("%s: %q, want %q", chemin, rep.Header.Get("Cache-Control"), want)
		}
	}
}

func TestWidget(t *testing.T) {
	b := newBanc(t, func(c *web.Config) {
		c.Statique = fstest.MapFS{
			"manifest.json":            {Data: []byte(`{"widget.v1.js":"static/widget.v1-A.js"}`)},
			"static/widget.v1-A.js":    {Data: []byte("brut")},
			"static/widget.v1-A.js.gz": {Data: []byte("gz")},
			"static/widget.v1-A.js.br": {Data: []byte("br")},
		}
	})
	for _, tt := range []struct{ accepte, code, corps string }{{"", "", "brut"}, {"gzip", "gzip", "gz"}, {"gzip, deflate, br", "br", "br"}} {
		rep, corps := b.get(t, "/widget.v1.js", "Accept-Encoding", tt.accepte)
		if rep.StatusCode != 200 || rep.Header.Get("Content-Encoding") != tt.code || corps != tt.corps {
			t.Errorf("%q: %d %q %q", tt.accepte, rep.StatusCode, rep.Header.Get("Content-Encoding"), corps)
		}
		for nom, want := range map[string]string{
			"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript; charset=utf-8",
			"Cache-Control": "public, max-age=3600, stale-while-revalidate=86400", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff",
		} {
			if got := rep.Header.Get(nom); got != want {
				t.Errorf("%s: %q, want %q", nom, got, want)
			}
		}
		etag := rep.Header.Get("ETag")
		if rep, corps = b.get(t, "/widget.v1.js?v=2", "If-None-Match", etag); rep.StatusCode != 304 || corps != "" || etag == "" {
			t.Errorf("ETag %q: %d %q", etag, rep.StatusCode, corps)
		}
	}
	rep, err := b.app.Test(httptest.NewRequest(http.MethodHead, "/widget.v1.js", nil), 5000)
	check(t, err)
	if rep.StatusCode != 200 || rep.Header.Get("ETag") == "" {
		t.Errorf("HEAD: %d, ETag %q", rep.StatusCode, rep.Header.Get("ETag"))
	}
	if rep, _ := newBanc(t).get(t, "/widget.v1.js"); rep.StatusCode != 404 {
		t.Errorf("without a build: %d", rep.StatusCode)
	}
}

func TestAccentDuCadre(t *testing.T) {
	b := newBanc(t)
	const clair, sombre = ":root{--brique:#0b5d43;--brique-texte:#0b5d43;--sur-brique:#ffffff}\n", "--sur-brique:#14181d"
	for _, tt := range []struct {
		name, requete string
		statut        int
		dans, pas     string
	}{
		{"the territory's", "", 200, "@media (prefers-color-scheme: light){:root{--brique:" + b.ter.Couleur, "dark"},
		{"the territory's, light", "?theme=clair", 200, ":root{--brique:" + b.ter.Couleur, "@media"},
		{"the territory's, dark: that of the site", "?theme=sombre", 200, "", "brique"},
		{"the host's", "?couleur=0b5d43", 200, clair + "@media (prefers-color-scheme: dark){", "nothing"},
		{"the host's, light", "?couleur=0B5D43&theme=clair", 200, clair, sombre},
		{"the host's, dark", "?couleur=0b5d43&theme=sombre", 200, sombre, "#ffffff"},
		{"too pale: darkened", "?couleur=ffee00&theme=clair", 200, "--sur-brique:#ffffff", "#ffee00"},
		{"no colour", "?couleur=rouge", 400, "couleur", "{--"},
		{"a rule", "?couleur=0b5d43}body{", 400, "couleur", "body{"},
		{"no theme", "?theme=noir", 400, "theme", "{--"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/embarque/accent.css"+tt.requete)
			if rep.StatusCode != tt.statut || !strings.Contains(corps, tt.dans) || strings.Contains(corps, tt.pas) {
				t.Errorf("%d, want %d, %q and not %q in\n%.600s", rep.StatusCode, tt.statut, tt.dans, tt.pas, corps)
			}
			if tt.statut == 200 && (rep.Header.Get("Content-Type") != "text/css; charset=utf-8" || rep.Header.Get("Cache-Control") != "public, max-age=86400" || rep.Header.Get("ETag") == "") {
				t.Errorf("headers %v", rep.Header)
			}
		})
	}
}

// The addresses and parameters that v1 promises (docs/widget.md, "Ce qui est
// promis"): sites that nobody of the service knows hold them in their pages for
// years. This list may grow; a line of it never changes and never goes. A change
// that cannot keep it is a "v2" beside it.
func TestPromesseV1(t *testing.T) {
	b := newBanc(t, pourTous)
	id := premierLieu(t, b)
	for _, p := range []struct{ adresse, effet string }{
		{"/embarque/", "Où êtes-vous"},
		{"/embarque/?commune=82112", "près de Moissac"},
		{"/embarque/?epci=200066322", "Terres des Confluences"},
		{"/embarque/?famille=france_services&famille=mediation", `name="famille" value="mediation"`},
		{"/embarque/?services=Aide+aux+d%C3%A9marches+administratives", `name="services" value="Aide aux démarches administratives"`},
		{"/embarque/?accent=0a7d5a", "couleur=0a7d5a"},
		{"/embarque/?theme=clair", "theme=clair"},
		{"/embarque/?theme=sombre", "theme=sombre"},
		{"/embarque/?commune=82112&liste-seule=oui", "liste-seule=oui"},
		{"/embarque/?q=Moissac", "près de Moissac"},
		{"/embarque/?pour=impots", "Déclarer mes impôts"},
		{"/embarque/?lat=44.1&lon=1.08", "près de vous"},
		{"/embarque/?commune=82112&quand=samedi&heure=matin", "samedi"},
		{"/embarque/?commune=82112&rayon=20000&apres=6", "Lieux précédents"},
		{"/embarque/lieux/" + id, "France services de Moissac"},
	} {
		rep, corps := b.get(t, p.adresse)
		if rep.StatusCode != 200 || !strings.Contains(corps, p.effet) || strings.Contains(corps, "À la personne") || cadres(t, rep) != "*" {
			t.Errorf("%s: %d, want %q in\n%.900s", p.adresse, rep.StatusCode, p.effet, corps)
		}
	}
}
