package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/textes"
	"82numerique.fr/adeuxpas/internal/web"
)

// tableCSV is a list taken away, by heading.
func (v *visiteur) tableCSV(t *testing.T, chemin string) []map[string]string {
	t.Helper()
	rep := v.demander(t, http.MethodGet, chemin, nil)
	if rep.StatusCode != http.StatusOK || !strings.HasPrefix(rep.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%s: %d, %s", chemin, rep.StatusCode, rep.Header.Get("Content-Type"))
	}
	lignes, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.page, "\ufeff"))).ReadAll()
	check(t, err)
	var table []map[string]string
	for _, l := range lignes[1:] {
		m := map[string]string{}
		for i, titre := range lignes[0] {
			m[titre] = l[i]
		}
		table = append(table, m)
	}
	return table
}

var motifForme = regexp.MustCompile(`<path fill="url\(#motif-([0-9a-z]+)\)" d="[^"]*"><title>([^<]*)</title>`)

// carteEPCI draws the communes of each intercommunality with the pattern of its
// average distance.
func carteEPCI(t *testing.T, chef *visiteur, table []map[string]string) {
	t.Helper()
	chef.voir(t, "/espace/couverture?par=epci&moment=samedi", "Distance moyenne des habitants de chaque intercommunalité")
	formes := motifForme.FindAllStringSubmatch(chef.page, -1)
	classes := map[string]bool{}
	for _, l := range table {
		km, err := strconv.ParseFloat(l["Distance moyenne (km)"], 64)
		check(t, err)
		classe := "4"
		for k, seuil := range []float64{5, 10, 15, 20} {
			if km <= seuil && classe == "4" {
				classe = strconv.Itoa(k)
			}
		}
		classes[classe] = true
		dessinees := 0
		for _, f := range formes {
			if strings.HasPrefix(html.UnescapeString(f[2]), l["Intercommunalité"]+"\u00a0: ") && f[1] == classe {
				dessinees++
			}
		}
		if strconv.Itoa(dessinees) != l["Communes"] {
			t.Errorf("%s, %g km: %d communes of class %s are drawn, want %s", l["Intercommunalité"], km, dessinees, classe, l["Communes"])
		}
	}
	if len(table) != 10 || len(classes) < 2 {
		t.Errorf("%d rows of %d classes: the check saw too little", len(table), len(classes))
	}
}

// What the page says is what the room measures, for the question that is asked.
func TestCouverture(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	r := couverture.Mesurer(couverture.Communes(b.ter), couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for _, v := range b.lieux.Lieux() {
			if !yield(&v.Lieu) {
				return
			}
		}
	}, b.ter, mednum.DateOf(mardi)), couverture.Question{Service: mednum.Vocabulaire(mednum.ChampServices)[0], Moment: couverture.MomentSamedi, Facteur: 1.5}, nil)
	loin, communes := r.AuDela(10_000)

	chef.voir(t, "/espace/reseau", "/espace/couverture")
	chef.voir(t, "/espace/couverture", "Qui est loin de l’aide ?", "multipliée par 1,3", "au centre de cette commune", "Aucun serveur d’itinéraires n’est réglé", "n’ont pas été vérifiés", "n’ont pas d’heures connues", "!style=", "Appeler les lieux à vérifier")
	question := "service=Aide+aux+d%C3%A9marches+administratives&moment=samedi&facteur=1%2C5&seuil=10"
	chef.voir(t, "/espace/couverture?"+question, fmt.Sprintf("%d communes sont dans ce cas", communes), "multipliée par 1,5", "ouvre le samedi",
		fmt.Sprintf("%d sur %d n’ont pas été vérifiés", r.NonVerifies, len(r.Offres)), fmt.Sprintf("%d répondent à la demande", r.Servent))
	if n := strings.Count(chef.page, `<path fill="url(#motif-`); n != 195 {
		t.Errorf("%d communes are drawn", n)
	}
	if vus := regexp.MustCompile(`id="(motif-[0-9a-z]+)"`).FindAllStringSubmatch(chef.page, -1); len(vus) != 6 {
		t.Errorf("%d patterns: %v", len(vus), vus)
	}

	table := chef.tableCSV(t, "/espace/couverture?format=csv&"+question)
	somme := 0
	for _, l := range table {
		m, ok := r.De(l["Code INSEE"])
		if !ok || l["Distance (km)"] != strconv.FormatFloat(float64(int(m.Distance/100+0.5))/10, 'f', -1, 64) || l["Habitants"] != strconv.Itoa(m.Commune.Population) {
			t.Fatalf("%v, want %+v", l, m)
		}
		if l["Facteur de route"] != "1.5" || l["Moment"] != "Le samedi" || l["Service"] != r.Service || l["Dont non vérifiés"] != strconv.Itoa(r.NonVerifies) || l["Dont sans heures connues"] != strconv.Itoa(r.HeuresInconnues) {
			t.Fatalf("the file does not say what was asked: %v", l)
		}
		if m.Distance > 10_000 {
			somme += m.Commune.Population
		}
	}
	if len(table) != 195 || somme != loin {
		t.Errorf("%d communes, %d people further than 10 km, want 195 and %d", len(table), somme, loin)
	}

	epcis := chef.tableCSV(t, "/espace/couverture?par=epci&format=csv&"+question)
	gens := 0
	for _, l := range epcis {
		n, err := strconv.Atoi(l["À moins de 20\u00a0km"])
		check(t, err)
		gens += n
	}
	if total := r.Total(nil); len(epcis) != 10 || gens != total.Dans[3] {
		t.Errorf("%d EPCI, %d people within 20 km, want %d", len(epcis), gens, total.Dans[3])
	}
	chef.voir(t, "/espace/couverture?par=epci", "Par intercommunalité", "Distance moyenne", "à cheval sur deux départements")
	carteEPCI(t, chef, chef.tableCSV(t, "/espace/couverture?par=epci&format=csv&moment=samedi"))
	if n := len(chef.tableCSV(t, "/espace/couverture?format=csv&plus=10&"+question)); n != communes {
		t.Errorf("%d rows further than 10 km, want %d", n, communes)
	}
}

// Each person sees the communes that they coordinate, and no other.
func TestCouverturePerimetre(t *testing.T) {
	b := newBanc(t)
	epci := b.ter.EPCIs[0]
	chef := b.invite(t, "ines@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epci.Code))
	mediatrice := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeDepartement, b.ter.Code))
	for _, chemin := range []string{"/espace/couverture", "/espace/couverture/comparer"} {
		if rep := mediatrice.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d for who coordinates nothing", chemin, rep.StatusCode)
		}
	}
	b.passe(t)
	for _, chemin := range []string{"/espace/couverture?format=csv", "/espace/couverture/comparer?format=csv&du=2026-11-23"} {
		table := chef.tableCSV(t, chemin)
		for _, l := range table {
			if c, _ := b.ter.Commune(l["Code INSEE"]); c.EPCI != epci.Code {
				t.Fatalf("%s: %v is not of %s", chemin, l, epci.Nom)
			}
		}
		if len(table) == 0 {
			t.Errorf("%s: nothing", chemin)
		}
	}
	if table := chef.tableCSV(t, "/espace/couverture?par=epci&format=csv"); len(table) != 1 || table[0]["SIREN"] != epci.Code {
		t.Errorf("%v", table)
	}
	chef.voir(t, "/espace/couverture", "hors de votre périmètre")
	maire := b.invite(t, "maire@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeCommune, moissac))
	if table := maire.tableCSV(t, "/espace/couverture?format=csv"); len(table) != 1 || table[0]["Code INSEE"] != moissac {
		t.Errorf("who coordinates one commune: %v", table)
	}
}

// passe writes a place to the journal, five days before the bench's clock, that
// closed an hour before it.
func (b banc) passe(t *testing.T) {
	t.Helper()
	montauban, _ := b.ter.Commune("82121")
	l := mednum.Lieu{ID: "ancien", Statut: mednum.StatutPublie, Champs: mednum.Champs{Nom: "Lieu d’avant", Commune: "Montauban", CodeInsee: "82121", Latitude: &montauban.Centre.Lat, Longitude: &montauban.Centre.Lon}}
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: "ancien", Version: 1, Apres: l, Auteur: "essai", Voie: "cli", Le: mardi.AddDate(0, 0, -5)}))
	l.Statut = mednum.StatutFerme
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: "ancien", Version: 2, Apres: l, Auteur: "essai", Voie: "cli", Le: mardi.Add(-time.Hour)}))
	check(t, b.lieux.Actualiser(t.Context()))
}

// Two dates: what opened, what closed, who gained and who lost; a past that the
// journal does not have is said.
func TestCouvertureComparer(t *testing.T) {
	b := newBanc(t)
	b.passe(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	chef.voir(t, "/espace/couverture/comparer", "Première date", `max="2026-11-24"`, "!En bref")
	chef.voir(t, "/espace/couverture/comparer?du=2026-11-01", "Nous ne connaissions aucun lieu le 1er novembre 2026", "le journal des changements commence le 19 novembre 2026")
	chef.voir(t, "/espace/couverture/comparer?du=2026-11-19&au=2026-11-23", "Entre le 19 novembre 2026 et le 23 novembre 2026, 0 habitant est maintenant plus près d’un lieu d’aide, et 0 habitant est plus loin")
	chef.voir(t, "/espace/couverture/comparer?du=2026-11-20&seuil=5", "Lieu d’avant, Montauban", "Et 104 de plus.", "habitants gagnés", "0 habitant perdu", "vol d’oiseau multiplié par 1,3")
	table := chef.tableCSV(t, "/espace/couverture/comparer?du=2026-11-20&format=csv")
	for _, l := range table {
		avant, err := strconv.ParseFloat(l["Le 20 novembre 2026 (km)"], 64)
		check(t, err)
		apres, err := strconv.ParseFloat(l["Le 24 novembre 2026 (km)"], 64)
		check(t, err)
		change, err := strconv.ParseFloat(l["Ce qui change (km)"], 64)
		check(t, err)
		if d := apres - avant - change; d > 0.11 || d < -0.11 {
			t.Fatalf("%v", l)
		}
	}
	if len(table) != 195 {
		t.Errorf("%d communes", len(table))
	}
	somme := 0
	for _, l := range chef.tableCSV(t, "/espace/couverture/comparer?du=2026-11-20&par=epci&seuil=5&format=csv") {
		n, err := strconv.Atoi(l["Gagnés à 5\u00a0km"])
		check(t, err)
		somme += n
	}
	chef.voir(t, "/espace/couverture/comparer?du=2026-11-20&seuil=5&par=epci", "Par intercommunalité", "Plus près")
	if dits := regexp.MustCompile(`À moins de 5\D+([\d\x{a0}]+)\x{a0}habitants gagnés`).FindStringSubmatch(strings.ReplaceAll(chef.page, "&nbsp;", "\u00a0")); dits == nil || strings.ReplaceAll(dits[1], "\u00a0", "") != strconv.Itoa(somme) {
		t.Errorf("%v gained in all, %d by EPCI", dits, somme)
	}
	if pres, loin := chef.tableCSV(t, "/espace/couverture/comparer?du=2026-11-20&format=csv&sens=pres"), chef.tableCSV(t, "/espace/couverture/comparer?du=2026-11-20&format=csv&sens=loin"); len(pres) < 150 || len(loin) > 1 {
		t.Errorf("%d communes are nearer, %d further", len(pres), len(loin))
	}
}

// Under a path, every address of the pages is under it, and answers.
func TestCouvertureSousRacine(t *testing.T) {
	b := newBanc(t, sousAide)
	b.passe(t)
	x, err := b.comptes.Inviter(t.Context(), "paul@exemple.fr", "Paul Essai", "", []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")})
	check(t, err)
	v := &visiteur{banc: b}
	v.demander(t, http.MethodGet, "/aide/connexion/lien/"+x.Secret, nil)
	v.demander(t, http.MethodPost, "/aide/connexion/lien/"+x.Secret, url.Values{"nom": {"Paul Essai"}, "sceau": {champCache(v.page, "sceau")}, "cle": {champCache(v.page, "cle")}})
	for _, chemin := range []string{"/aide/espace/couverture", "/aide/espace/couverture?par=epci", "/aide/espace/couverture/comparer?du=2026-11-20", "/aide/espace/couverture/comparer?du=2026-11-20&par=epci"} {
		if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", chemin, rep.StatusCode)
		}
		siennes := 0
		for _, m := range adressesDe.FindAllStringSubmatch(v.page, -1) {
			adresse := html.UnescapeString(m[1])
			if strings.HasPrefix(adresse, "/") && !strings.HasPrefix(adresse, "/aide/") {
				t.Errorf("%s: %q leaves the prefix", chemin, adresse)
			}
			if strings.HasPrefix(adresse, "/aide/espace/couverture") {
				siennes++
				u := &visiteur{banc: b, cookie: v.cookie}
				if rep := u.demander(t, http.MethodGet, adresse, nil); rep.StatusCode != http.StatusOK {
					t.Errorf("%s: %q answers %d", chemin, adresse, rep.StatusCode)
				}
			}
		}
		if siennes < 8 {
			t.Errorf("%s: %d addresses", chemin, siennes)
		}
	}
}

// champCache is the value of a hidden field, "" where there is none.
func champCache(page, nom string) string {
	for _, m := range motifCache.FindAllStringSubmatch(page, -1) {
		if m[1] == nom {
			return m[2]
		}
	}
	return ""
}

// What cannot be read is refused, in French, by its name.
func TestCouvertureRefuse(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	for _, c := range []struct{ suite, want string }{
		{"?service=Coiffure", "Le service « Coiffure » n’est pas dans la liste nationale"},
		{"?moment=minuit", "Le moment « minuit » n’existe pas"},
		{"?facteur=3", "donnez un nombre entre 1 et 2"},
		{"?seuil=12", "choisissez 5, 10, 15 ou 20 km"},
		{"?par=canton", "choisissez communes ou epci"},
		{"/comparer?par=canton", "choisissez communes ou epci"},
		{"?format=pdf", "demandez csv ou xlsx"},
		{"/comparer?du=hier", "La date « hier » n’existe pas : écrivez-la comme 2026-11-24"},
		{"/comparer?du=2026-11-25", "n’est pas encore venue"},
		{"/comparer?du=2026-11-24&au=2026-11-20", "La première date doit venir avant la seconde"},
		{"/comparer?du=2026-11-20&moment=%00", "n’existe pas"},
	} {
		rep := chef.demander(t, http.MethodGet, "/espace/couverture"+c.suite, nil)
		texte := strings.NewReplacer("&nbsp;", " ", "\u00a0", " ").Replace(chef.page)
		if rep.StatusCode != http.StatusBadRequest || !strings.Contains(texte, c.want) {
			t.Errorf("%s: %d, %q is not in\n%s", c.suite, rep.StatusCode, c.want, texte)
		}
	}
}

// The page says which itineraries it used, and of when; without an answer it
// falls back on the great circle, and says so.
func TestCouvertureItineraires(t *testing.T) {
	panne := true
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if panne {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		var distances, durees []string
		points := strings.Split(strings.TrimPrefix(r.URL.Path, "/table/v1/driving/"), ";")
		for _, p := range points[1:] { // a road of 1.25 times the great circle, at 60 km/h
			d := geo.Distance(pointDe(points[0]), pointDe(p)) * 1.25
			distances, durees = append(distances, fmt.Sprint(d)), append(durees, fmt.Sprint(d/1000*60))
		}
		fmt.Fprintf(w, `{"code":"Ok","distances":[[%s]],"durations":[[%s]]}`, strings.Join(distances, ","), strings.Join(durees, ","))
	}))
	t.Cleanup(serveur.Close)
	heure := mardi
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "trajets.db"), func() time.Time { return heure })
	check(t, err)
	t.Cleanup(func() { base.Close() })
	itineraires, err := couverture.NewItineraires(base, couverture.Reglages{URL: serveur.URL, Genre: couverture.GenreOSRM}, func() time.Time { return heure })
	check(t, err)
	b := newBanc(t, func(c *web.Config) {
		c.Itineraires, c.Now = itineraires, func() time.Time { return heure }
	})
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	remplir := func() error {
		_, err := itineraires.Remplir(context.Background(), couverture.Communes(b.ter), couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
			for _, v := range b.lieux.Lieux() {
				if !yield(&v.Lieu) {
					return
				}
			}
		}, b.ter, mednum.DateOf(mardi)))
		return err
	}
	if err := remplir(); err == nil {
		t.Error("a server that fails is no error")
	}
	chef.voir(t, "/espace/couverture", "mais aucun de ses trajets n’est connu pour l’instant", "!En voiture (min)")
	panne = false
	check(t, remplir())
	heure = heure.Add(2 * time.Minute)
	chef.voir(t, "/espace/couverture", "Pour 195 communes sur 195, la distance et le temps sont ceux d’un trajet en voiture donné par 127.0.0.1", "le plus récent le 24 novembre 2026", "min en voiture.", "0 habitant est à plus de 20 min en voiture", "En voiture (min)")
	loin := 0
	for _, l := range chef.tableCSV(t, "/espace/couverture?moment=samedi&format=csv") {
		if minutes, err := strconv.ParseFloat(l["En voiture (min)"], 64); err == nil && minutes > 20 {
			n, err := strconv.Atoi(l["Habitants"])
			check(t, err)
			loin += n
		}
	}
	chef.voir(t, "/espace/couverture?moment=samedi", strings.ReplaceAll(textes.Pluriel(loin, "habitant", "habitants"), "\u00a0", " ")+" sont à plus de 20 min en voiture")
	for _, l := range chef.tableCSV(t, "/espace/couverture?format=csv") {
		km, err := strconv.ParseFloat(l["Distance (km)"], 64)
		check(t, err)
		minutes, err := strconv.ParseFloat(l["En voiture (min)"], 64)
		check(t, err)
		if minutes < km-0.06 || minutes > km+1.06 || !strings.HasPrefix(l["Mesure"], "trajet de 127.0.0.1") {
			t.Errorf("%v", l)
		}
	}
}

// pointDe reads "longitude,latitude".
func pointDe(texte string) (p geo.Point) {
	_, _ = fmt.Sscanf(texte, "%f,%f", &p.Lon, &p.Lat)
	return p
}
