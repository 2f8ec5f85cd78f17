package web_test

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"image/png"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// champDe is what stands in a field that is to be copied, as a browser reads it.
func champDe(t *testing.T, corps, id string) string {
	t.Helper()
	m := regexp.MustCompile(`id="` + id + `"[^>]*?(?:value="([^"]*)"|>([^<]*)</textarea>)`).FindStringSubmatch(corps)
	if m == nil {
		t.Fatalf("no field %s", id)
	}
	return html.UnescapeString(m[1] + m[2])
}

// attributsDe are the attributes of the one element that a line holds.
func attributsDe(t *testing.T, ligne, element string) map[string]string {
	t.Helper()
	m := regexp.MustCompile(`^<` + element + `((?: [a-z-]+(?:="[^"<>]*")?)*)></` + element + `>$`).FindStringSubmatch(ligne)
	if m == nil {
		t.Fatalf("not one whole <%s>: %s", element, ligne)
	}
	a := map[string]string{}
	for _, x := range regexp.MustCompile(` ([a-z-]+)(?:="([^"]*)")?`).FindAllStringSubmatch(m[1], -1) {
		a[x[1]] = html.UnescapeString(x[2])
	}
	return a
}

const (
	serviceDemarches = "Aide aux démarches administratives"
	serviceArnaques  = "Utilisation sécurisée du numérique"
)

// Everything that may be chosen, in the three lines, and back in the form.
func TestIntegrerLignes(t *testing.T) {
	b := newBanc(t)
	tout := url.Values{
		"commune": {"Moissac"}, "famille": {"france_services", "mediation"}, "services": {serviceDemarches, serviceArnaques},
		"accent": {"#0B4F8A"}, "theme": {"clair"}, "hauteur": {"640"}, "liste-seule": {"oui"},
	}
	cadre := func(v url.Values, hauteur string) map[string]string {
		return map[string]string{
			"src": "https://exemple.fr/embarque/?" + v.Encode(), "title": "Aide numérique près de vous", "width": "100%", "height": hauteur,
			"style": "border:0", "loading": "lazy", "allow": "geolocation", "referrerpolicy": "no-referrer",
		}
	}
	const widget = "https://exemple.fr/widget.v1.js"
	for _, tt := range []struct {
		name   string
		choix  url.Values
		iframe map[string]string
		script map[string]string
		lien   string
	}{
		{
			"a commune alone",
			url.Values{"commune": {"Moissac"}},
			cadre(url.Values{"commune": {"82112"}}, "700"),
			map[string]string{"async": "", "src": widget, "data-commune": "82112"},
			"https://exemple.fr/communes/82112",
		},
		{
			"an intercommunality",
			url.Values{"epci": {"200066322"}, "theme": {"clair"}},
			cadre(url.Values{"epci": {"200066322"}, "theme": {"clair"}}, "700"),
			map[string]string{"async": "", "src": widget, "data-epci": "200066322", "data-theme": "clair"},
			"https://exemple.fr/epci/200066322",
		},
		{
			"everything", tout,
			cadre(url.Values{
				"commune": {"82112"}, "famille": tout["famille"], "services": tout["services"], "accent": {"0b4f8a"}, "theme": {"clair"}, "liste-seule": {"oui"},
			}, "640"),
			map[string]string{
				"async": "", "src": widget, "data-commune": "82112", "data-famille": "france_services,mediation",
				"data-services": serviceDemarches + "|" + serviceArnaques, "data-accent": "0b4f8a", "data-theme": "clair", "data-hauteur": "640", "data-liste-seule": "oui",
			},
			"https://exemple.fr/communes/82112",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/integrer?"+tt.choix.Encode())
			if rep.StatusCode != 200 {
				t.Fatalf("status %d", rep.StatusCode)
			}
			if d := cmp.Diff(tt.iframe, attributsDe(t, champDe(t, corps, "ligne-iframe"), "iframe")); d != "" {
				t.Errorf("frame (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.script, attributsDe(t, champDe(t, corps, "ligne-script"), "script")); d != "" {
				t.Errorf("script (-want +got):\n%s", d)
			}
			if got := champDe(t, corps, "ligne-lien"); got != tt.lien {
				t.Errorf("link %q, want %q", got, tt.lien)
			}
			apercu := regexp.MustCompile(`<iframe src="([^"]*)"`).FindStringSubmatch(corps)
			if apercu == nil || "https://exemple.fr"+html.UnescapeString(apercu[1]) != tt.iframe["src"] {
				t.Errorf("the preview is %q, the line gives %q", apercu, tt.iframe["src"])
			}
			if ordre := []int{strings.Index(corps, "ligne-iframe"), strings.Index(corps, "ligne-lien"), strings.Index(corps, "ligne-script")}; !slices.IsSorted(ordre) {
				t.Errorf("the order of the lines is %v", ordre)
			}
			formulaireRetient(t, corps, tt.choix)
		})
	}
}

// formulaireRetient checks that the form shows every choice again.
func formulaireRetient(t *testing.T, corps string, choix url.Values) {
	t.Helper()
	for nom, valeurs := range choix {
		for _, v := range valeurs {
			e := regexp.QuoteMeta(html.EscapeString(v))
			motif := fmt.Sprintf(`name="%s"[^>]*value="%s"(?: checked)?|<option value="%s" selected>`, nom, e, e)
			m := regexp.MustCompile(motif).FindString(corps)
			coche := nom == "famille" || nom == "services" || nom == "liste-seule"
			if m == "" || coche != strings.HasSuffix(m, " checked") {
				t.Errorf("the form has lost %s=%s: %q", nom, v, m)
			}
		}
	}
	if got := strings.Count(corps, " checked"); got != len(choix["famille"])+len(choix["services"])+len(choix["liste-seule"])+1 { // and the width of the preview
		t.Errorf("%d boxes are checked", got)
	}
}

// What a person types for a commune, and what is understood.
func TestIntegrerCommune(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ name, texte, code, champ, choix, dit string }{
		{"its code, as in a shared address", "82112", "82112", "Moissac", "", ""},
		{"its name, with no capital", "moissac", "82112", "moissac", "", ""},
		{"no accent, an article apart", "la francaise", "82087", "la francaise", "", ""},
		{"a postal code of its own", "82000", "82121", "82000", "", ""},
		{"a postal code of several", "82200", "", "82200", "/integrer?commune=82112", "choisissez ci-dessous"},
		{"as the suggestion says it", "Moissac (82)", "82112", "Moissac (82)", "", ""},
		{"a code that is a postal code too", "82100", "82100", "Loze", "/integrer?commune=82033", ""},
		{"almost", "Montoban", "", "Montoban", "/integrer?commune=82121", "choisissez ci-dessous"},
		{"elsewhere", "Toulouse", "", "Toulouse", "", "Toulouse n’est pas en Tarn-et-Garonne"},
		{"nothing known", "Xyzzyx", "", "Xyzzyx", "", "Nous ne connaissons pas la commune « Xyzzyx »"},
		{"too long", strings.Repeat("a", 201), "", strings.Repeat("a", 201), "", "200 caractères au plus"},
		{"markup", `"><script>alert(1)</script>`, "", `"><script>alert(1)</script>`, "", "Nous ne connaissons pas"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/integrer?commune="+url.QueryEscape(tt.texte))
			if got := champDe(t, corps, "commune"); got != tt.champ {
				t.Errorf("the field holds %q, want %q", got, tt.champ)
			}
			if strings.Contains(corps, "<script>alert") {
				t.Error("markup is not escaped")
			}
			if tt.choix != "" && !strings.Contains(corps, `<a href="`+tt.choix+`">`) {
				t.Errorf("%s is not offered", tt.choix)
			}
			if tt.dit == "" {
				if a := attributsDe(t, champDe(t, corps, "ligne-script"), "script"); a["data-commune"] != tt.code {
					t.Errorf("understood as %q, want %q", a["data-commune"], tt.code)
				}
				return
			}
			if rep.StatusCode != 400 || !strings.Contains(corps, `id="faute-commune">`) || !strings.Contains(html.UnescapeString(corps), tt.dit) {
				t.Errorf("status %d, without %q", rep.StatusCode, tt.dit)
			}
			if strings.Contains(corps, "ligne-iframe") || strings.Contains(corps, "<iframe") {
				t.Error("a form at fault gives lines to copy")
			}
		})
	}
}

func TestIntegrerFautes(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ name, requete, champ, dit string }{
		{"nowhere", "theme=clair", "commune", "Écrivez le nom d’une commune"},
		{"two places", "commune=Moissac&epci=200066322", "epci", "pas les deux"},
		{"an unknown intercommunality", "epci=123456789", "epci", "n’est pas dans la liste"},
		{"a family", "commune=Moissac&famille=poste", "famille", "Cette famille n’existe pas"},
		{"a service", "commune=Moissac&services=Boire", "services", "Ce service n’est pas dans la liste"},
		{"a look", "commune=Moissac&theme=rose", "theme", "dans la liste"},
		{"no colour", "commune=Moissac&accent=rouge", "accent", "par exemple #9b3524"},
		{"a pale colour", "commune=Moissac&accent=%23ffcc00", "accent", "La plus proche qui se lit bien est #"},
		{"too low", "commune=Moissac&hauteur=299", "hauteur", "entre 300 et 3000 pixels"},
		{"too high", "commune=Moissac&hauteur=3001", "hauteur", "entre 300 et 3000 pixels"},
		{"no number", "commune=Moissac&hauteur=haut", "hauteur", "entre 300 et 3000 pixels"},
		{"yes in another word", "commune=Moissac&liste-seule=1", "liste-seule", "« oui »"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, "/integrer?"+tt.requete)
			faute := regexp.MustCompile(`id="faute-` + tt.champ + `">([^<]*)<`).FindStringSubmatch(corps)
			if rep.StatusCode != 400 || faute == nil || !strings.Contains(html.UnescapeString(faute[1]), tt.dit) {
				t.Fatalf("status %d, fault %q", rep.StatusCode, faute)
			}
			if !strings.Contains(corps, `aria-describedby="faute-`+tt.champ+`"`) || !strings.Contains(corps, `<a href="#`+tt.champ+`">`) {
				t.Error("the fault is not tied to its field")
			}
			if strings.Count(corps, `class="faute"`) != 1 {
				t.Errorf("%d faults", strings.Count(corps, `class="faute"`))
			}
		})
	}
}

// Every colour is either taken, or answered by one that is taken.
func TestIntegrerAccent(t *testing.T) {
	b := newBanc(t)
	demander := func(accent string) (pris, propose string) {
		_, corps := b.get(t, "/integrer?commune=82112&accent="+strings.ReplaceAll(accent, "#", "%23"))
		if m := regexp.MustCompile(`se lit bien est #([0-9a-f]{6})`).FindStringSubmatch(corps); m != nil {
			return "", m[1]
		}
		return attributsDe(t, champDe(t, corps, "ligne-script"), "script")["data-accent"], ""
	}
	for _, tt := range []struct{ name, accent, pris string }{
		{"dark", "0b4f8a", "0b4f8a"},
		{"with a hash and capitals", "#9B3524", "9b3524"},
		{"short", "#a30", "aa3300"},
		{"grey, just readable", "6d6d6d", "6d6d6d"},
		{"grey, just not", "747474", ""},
		{"yellow", "ffff00", ""},
		{"white", "fff", ""},
		{"black", "000", "000000"},
		{"pink", "ff99cc", ""},
		{"pink, on dark pages alone", "ff99cc&theme=sombre", "ff99cc"},
		{"dark, on dark pages alone", "0b4f8a&theme=sombre", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pris, propose := demander(tt.accent)
			if pris != tt.pris {
				t.Errorf("taken as %q, want %q", pris, tt.pris)
			}
			if tt.pris != "" {
				return
			}
			_, theme, _ := strings.Cut(tt.accent, "&")
			if encore, _ := demander(propose + "&" + theme); encore != propose {
				t.Errorf("%q is offered, then refused", propose)
			}
		})
	}
}

func TestIntegrerVide(t *testing.T) {
	b := newBanc(t)
	rep, corps := b.get(t, "/integrer")
	if rep.StatusCode != 200 || strings.Contains(corps, "faute-") || strings.Contains(corps, "<iframe") || !strings.Contains(corps, "Choisissez une commune ou une intercommunalité") {
		t.Error("the first state does not explain what to do")
	}
	if n := strings.Count(corps, `name="services"`); n != len(mednum.Vocabulaire(mednum.ChampServices)) {
		t.Errorf("%d services are offered", n)
	}
	if csp := rep.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "; frame-src 'self'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy %q", csp)
	}
	if autre, _ := b.get(t, "/donnees"); strings.Contains(autre.Header.Get("Content-Security-Policy"), "frame-src") {
		t.Error("another page may frame too")
	}
	for cle := range rep.Header {
		if cle == "Set-Cookie" {
			t.Error("a cookie")
		}
	}
}

// Under a path, the lines hold the whole public address, and the preview the
// path as a browser asks for it.
func TestIntegrerSousRacine(t *testing.T) {
	b := newBanc(t, sousAide)
	_, corps := b.get(t, "/aide/integrer?commune=82112")
	for _, want := range []string{`<iframe src="/aide/embarque/?commune=82112"`, `action="/aide/integrer"`, `src="/aide/integrer/qr.png?commune=82112"`} {
		if !strings.Contains(corps, want) {
			t.Errorf("no %s", want)
		}
	}
	if a := attributsDe(t, champDe(t, corps, "ligne-iframe"), "iframe"); a["src"] != publique+"/embarque/?commune=82112" {
		t.Errorf("frame of %q", a["src"])
	}
	if a := attributsDe(t, champDe(t, corps, "ligne-script"), "script"); a["src"] != publique+"/widget.v1.js" {
		t.Errorf("script of %q", a["src"])
	}
	if got := champDe(t, corps, "ligne-lien"); got != publique+"/communes/82112" {
		t.Errorf("link %q", got)
	}
}

// The code to scan is that of the page's address, module by module, with its
// quiet zone.
func TestIntegrerQR(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ requete, adresse string }{
		{"commune=82112", "https://exemple.fr/communes/82112"},
		{"epci=200066322", "https://exemple.fr/epci/200066322"},
	} {
		rep, corps := b.get(t, "/integrer/qr.png?"+tt.requete)
		if rep.StatusCode != 200 || rep.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("status %d, %s", rep.StatusCode, rep.Header.Get("Content-Type"))
		}
		image, err := png.Decode(bytes.NewReader([]byte(corps)))
		check(t, err)
		code, err := qr.Encode(tt.adresse, qr.M, qr.Auto)
		check(t, err)
		modules := code.Bounds().Dx()
		if got, want := image.Bounds().Dx(), (modules+8)*8; got != want || image.Bounds().Dy() != want {
			t.Fatalf("%d pixels wide, want %d", got, want)
		}
		noir := func(c color.Color) bool { r, _, _, _ := c.RGBA(); return r < 0x8000 }
		for y := -4; y < modules+4; y++ {
			for x := -4; x < modules+4; x++ {
				dedans := x >= 0 && y >= 0 && x < modules && y < modules
				if got := noir(image.At((x+4)*8+3, (y+4)*8+5)); got != (dedans && noir(code.At(x, y))) {
					t.Fatalf("%s: module %d, %d is wrong", tt.adresse, x, y)
				}
			}
		}
	}
	for _, requete := range []string{"", "commune=99999", "epci=1", "commune=" + url.QueryEscape("<b>")} {
		if rep, _ := b.get(t, "/integrer/qr.png?"+requete); rep.StatusCode != 404 {
			t.Errorf("%q answers %d", requete, rep.StatusCode)
		}
	}
}
