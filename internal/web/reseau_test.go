package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

var motifChiffre = regexp.MustCompile(`(?s)<a class="chiffre[^"]*" href="([^"]+)">(?:<strong>)?([\d ]+)`)

// verifierChiffres follows every figure of the board to its list, and tells how many
// there were and the greatest.
func (v *visiteur) verifierChiffres(t *testing.T) (nombre, plusGrand int) {
	t.Helper()
	v.voir(t, "/espace/reseau")
	for _, m := range motifChiffre.FindAllStringSubmatch(v.page, -1) {
		want, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(m[2]), "\u202f", ""))
		check(t, err)
		adresse := html.UnescapeString(m[1])
		lignes := v.lignesCSV(t, adresse+"&format=csv")
		if len(lignes)-1 != want {
			t.Errorf("%s: %d places, the board says %d", adresse, len(lignes)-1, want)
		}
		nombre, plusGrand = nombre+1, max(plusGrand, want)
	}
	return nombre, plusGrand
}

// Each figure of the board leads to a list that has exactly as many places, in
// every perimeter, whatever the state of places.
func TestReseauChiffres(t *testing.T) {
	b := newBanc(t)
	ferme, verifie := b.lieuDe(t, moissac), b.lieuDe(t, "82033")
	chef := b.chefReseau(t)
	b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, verifie.ID))
	check2 := func(_ any, err error) { t.Helper(); check(t, err) }
	tous := []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")}
	check2(b.lieux.Modifier(t.Context(), ferme.ID, catalogue.Edition{Auteur: "x", Voie: "cli", Droits: tous}, func(l *mednum.Lieu) error {
		return l.FermerDefinitivement(mednum.Fermeture{Le: mednum.DateOf(mardi)}, mednum.DateOf(mardi))
	}))
	check2(b.lieux.Modifier(t.Context(), verifie.ID, catalogue.Edition{Auteur: "x", Voie: "cli", Droits: tous}, func(l *mednum.Lieu) error {
		return l.Verifier(mednum.DateOf(mardi).AddMois(-7), "x", mednum.DateOf(mardi))
	}))
	check2(b.lieux.Proposer(t.Context(), catalogue.Edition{Auteur: "public", Voie: "app"}, map[mednum.Champ]string{
		mednum.ChampNom: "Café du pont", mednum.ChampAdresse: "1 rue du Pont", mednum.ChampCommune: "Moissac", mednum.ChampServices: mednum.Vocabulaire(mednum.ChampServices)[0],
	}))

	nombre, plusGrand := chef.verifierChiffres(t)
	if nombre < 50 || plusGrand != 54 {
		t.Errorf("%d figures, %d places; want 54 published", nombre, plusGrand)
	}
	chef.voir(t, "/espace/reseau", "Lieux proposés", "Ce qui attend", "En bref")
	commune, _ := b.ter.Commune(moissac)
	voisin := b.epciDe(t, commune.EPCI)
	nombre, plusGrand = voisin.verifierChiffres(t)
	if nombre < 30 || plusGrand == 0 || plusGrand >= 54 {
		t.Errorf("of one EPCI: %d figures, %d places", nombre, plusGrand)
	}
}

// Who coordinates an EPCI sees nothing of another, and acts on nothing of it.
func TestReseauPerimetre(t *testing.T) {
	b := newBanc(t)
	commune, _ := b.ter.Commune(moissac)
	v := b.epciDe(t, commune.EPCI)
	var autre *catalogue.Vue
	for _, l := range b.lieux.Lieux() {
		if l.Commune != nil && l.Commune.EPCI != commune.EPCI && l.Champs.Telephone != "" && b.lieux.Perime(l) {
			autre = l
		}
	}
	for _, page := range []string{"/espace/reseau", lieuxReseau, "/espace/reseau/lundi", "/espace/reseau/appeler"} {
		v.voir(t, page, "!"+html.EscapeString(autre.Champs.Nom))
	}
	for _, ligne := range v.lignesCSV(t, lieuxReseau+"?format=csv")[1:] {
		if e, _ := b.ter.EPCI(commune.EPCI); ligne[2] != e.Nom {
			t.Errorf("a place of %s", ligne[2])
		}
	}
	for _, geste := range []string{"verifie", "sans-reponse", "reprendre"} {
		v.voir(t, "/espace/reseau/appeler")
		if rep := v.envoyer(t, "/espace/reseau/appeler/"+autre.ID+"/"+geste, "version", strconv.Itoa(autre.Version)); rep.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", geste, rep.StatusCode)
		}
	}
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, autre.ID))
	for _, page := range []string{"/espace/reseau", lieuxReseau, lieuxReseau + "?format=csv", "/espace/reseau/lundi", "/espace/reseau/appeler"} {
		if rep := jeanne.demander(t, http.MethodGet, page, nil); rep.StatusCode != http.StatusForbidden {
			t.Errorf("%s for who keeps one place: %d", page, rep.StatusCode)
		}
	}
}

var motifLundi = regexp.MustCompile(`(?s)<ol class="lundi">\s*<li><h2>([^<]*)<`)

var motifAppel = regexp.MustCompile(`<li class="appel" id="appel-([^"]+)">`)

// The first list of calls is the records of 2022 that have a number, oldest first.
func TestAppelerPremiers(t *testing.T) {
	b := newBanc(t)
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau/appeler", "15 lieux sont à appeler", "Le lieu est-il toujours ouvert", "Ce que nous savons de ses horaires", `href="tel:`)
	avant := mednum.Date{}
	appels := motifAppel.FindAllStringSubmatch(chef.page, -1)
	if len(appels) != 15 {
		t.Fatalf("%d calls", len(appels))
	}
	for _, m := range appels {
		l, err := b.lieux.Lieu(m[1])
		check(t, err)
		if l.Preuve.Date.Annee != 2022 || l.Champs.Telephone == "" || l.Preuve.Date.Compare(avant) < 0 {
			t.Errorf("%s, of %s after %s, phone %q", l.Champs.Nom, l.Preuve.Date, avant, l.Champs.Telephone)
		}
		avant = l.Preuve.Date
	}
	l, err := b.lieux.Lieu(appels[3][1])
	check(t, err)
	chef.voir(t, "/espace/reseau/appeler?epci="+l.Commune.EPCI, html.EscapeString(l.Champs.Nom), `value="`+l.Commune.EPCI+`" selected`)
	for _, m := range motifAppel.FindAllStringSubmatch(chef.page, -1) {
		if autre, _ := b.lieux.Lieu(m[1]); autre.Commune.EPCI != l.Commune.EPCI {
			t.Errorf("%s is of another EPCI", autre.Champs.Nom)
		}
	}
	chef.voir(t, "/espace/reseau/appeler?epci=zzz&rang=-5&fait=zzz&remis=zzz", "15 lieux sont à appeler")
}

// A call is noted in one click, as a check by phone; it is undone in another, and the
// next place stands where the last one was.
func TestAppelerVerifie(t *testing.T) {
	b := newBanc(t)
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau/appeler")
	appels := motifAppel.FindAllStringSubmatch(chef.page, -1)
	id := appels[2][1]
	v, err := b.lieux.Lieu(id)
	check(t, err)
	rep := chef.envoyer(t, "/espace/reseau/appeler/"+id+"/verifie", "version", strconv.Itoa(v.Version), "rang", "2", "epci", "")
	ou := rep.Header.Get("Location")
	if rep.StatusCode != http.StatusSeeOther || !strings.HasSuffix(ou, "#suite") {
		t.Fatalf("%d %s", rep.StatusCode, ou)
	}
	chef.voir(t, strings.TrimSuffix(ou, "#suite"), "vérifié par téléphone, aujourd’hui", "14 lieux sont à appeler", "Annuler")
	if suite, prochain := strings.Index(chef.page, `id="suite"`), strings.Index(chef.page, `id="appel-`+appels[3][1]); suite < strings.Index(chef.page, `id="appel-`+appels[1][1]) || suite > prochain {
		t.Error("what was done is not said where the place was")
	}
	revisions := b.revisions(t, id)
	derniere := revisions[len(revisions)-1]
	if derniere.Voie != "telephone" || !strings.HasPrefix(derniere.Auteur, "compte:") || derniere.Apres.VerifieLe != mednum.DateOf(mardi) {
		t.Errorf("revision by %q, %s, checked %s", derniere.Auteur, derniere.Voie, derniere.Apres.VerifieLe)
	}
	chef.voir(t, "/espace/lieux/"+id+"/histoire", "vérifié par téléphone", "Jeanne Essai")
	chef.voir(t, strings.TrimSuffix(ou, "#suite"))
	chef.agir(t, "/espace/lieux/"+id+"/annuler", []string{"version", strconv.Itoa(derniere.Version), "retour", "/espace/reseau/appeler"}, "C’est annulé", "15 lieux sont à appeler")

	// Somebody else wrote meanwhile: nothing is written over it.
	if rep := chef.envoyer(t, "/espace/reseau/appeler/"+id+"/verifie", "version", strconv.Itoa(v.Version)); rep.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("over a newer version: %d", rep.StatusCode)
	}
}

// A place that does not answer comes back three days later; how many times, when and
// by whom is remembered, and may be taken back.
func TestAppelerSansReponse(t *testing.T) {
	jour := mardi
	b := newBanc(t, func(c *web.Config) { c.Now = func() time.Time { return jour } })
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau/appeler")
	id := motifAppel.FindAllStringSubmatch(chef.page, -1)[0][1]
	page := "/espace/reseau/appeler/" + id
	suivre := func(rep *http.Response, mots ...string) {
		t.Helper()
		ou, _ := url.Parse(rep.Header.Get("Location"))
		chef.voir(t, ou.Path+"?"+ou.RawQuery, mots...)
	}
	suivre(chef.envoyer(t, page+"/sans-reponse", "rang", "0"), "pas de réponse. Ce lieu reviendra", "14 lieux sont à appeler", "Remis à plus tard",
		"1 appel sans réponse, le dernier le 24 novembre 2026", "par Jeanne Essai", "À rappeler vendredi 27 novembre", "Annuler")
	suivre(chef.envoyer(t, page+"/reprendre"), "15 lieux sont à appeler", "!Remis à plus tard", "!sans réponse, le dernier")
	for range 2 {
		suivre(chef.envoyer(t, page+"/sans-reponse", "rang", "0"))
	}
	chef.exiger(t, "2 appels sans réponse")
	jour = mardi.AddDate(0, 0, 3)
	chef.voir(t, "/espace/reseau/appeler", "15 lieux sont à appeler", "2 appels sans réponse", "!Remis à plus tard")
}

// The Monday page has ten things at most, worst first; where nothing is old, it
// says so.
func TestLundi(t *testing.T) {
	jour := mardi
	b := newBanc(t, func(c *web.Config) { c.Relecture, c.Now = true, func() time.Time { return jour } })
	l := b.lieuDe(t, moissac)
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau/lundi", "10 choses à faire", "Pourquoi cet ordre", "autres choses attendent")
	if n := strings.Count(chef.page, `class="lundi-geste"`); n != 10 {
		t.Errorf("%d things", n)
	}
	// A name that waits comes after a week, before all that is only old.
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	jeanne.voir(t, "/espace/lieux/"+l.ID+"/partie/adresse")
	jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/adresse", []string{"nom", "Maison du numérique"}, "attend l’accord")
	jour = mardi.AddDate(0, 0, 7)
	chef.voir(t, "/espace/reseau/lundi", "!Une modification attend votre accord")
	chef.voir(t, "/espace/reseau", "Modifications à relire", "Depuis 7 jours")
	jour = mardi.AddDate(0, 0, 8)
	chef.voir(t, "/espace/reseau/lundi", "Une modification attend votre accord depuis 8 jours")
	if m := motifLundi.FindStringSubmatch(chef.page); m == nil || html.UnescapeString(m[1]) != l.Champs.Nom {
		t.Errorf("first %q, want %q", m, l.Champs.Nom)
	}
	jour = mardi

	anciens := map[string]int{}
	for _, v := range b.lieux.Lieux() {
		if v.Commune != nil && v.Commune.EPCI != "" {
			anciens[v.Commune.EPCI] += 0
			if b.lieux.Perime(v) {
				anciens[v.Commune.EPCI]++
			}
		}
	}
	for epci, n := range anciens {
		if n == 0 {
			tenu := b.epciDe(t, epci)
			tenu.voir(t, "/espace/reseau/lundi", "Rien d’urgent cette semaine", "!class=\"lundi\"")
			tenu.voir(t, "/espace/reseau/appeler", "Personne à appeler")
			tenu.voir(t, "/espace/reseau", "Rien n’attend")
			return
		}
	}
	t.Error("no EPCI is well kept: the empty page is not read")
}

// The board says who did what in seven days, within one's perimeter.
func TestReseauRecents(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	commune, _ := b.ter.Commune(moissac)
	v := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	v.voir(t, "/espace")
	v.agir(t, "/espace/lieux/"+l.ID+"/verifier", nil, "C’est noté")
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau", "Ce qui a changé en sept jours", "Un import</a> 107 lieux ajoutés", "Jeanne Essai</a> 1 lieu vérifié")
	m := regexp.MustCompile(`<a class="seul" href="([^"]*)">Jeanne Essai</a>`).FindStringSubmatch(chef.page)
	if m == nil {
		t.Fatal("no link to the register")
	}
	chef.voir(t, html.UnescapeString(m[1]), html.EscapeString(l.Champs.Nom))
	b.epciDe(t, commune.EPCI).voir(t, "/espace/reseau", "Jeanne Essai</a> 1 lieu vérifié")
	for i := range b.ter.EPCIs {
		if e := b.ter.EPCIs[i].Code; e != commune.EPCI {
			autre := b.invite(t, "autre@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, e))
			autre.voir(t, "/espace/reseau", "!1 lieu vérifié")
			break
		}
	}
}

// What a citizen says of a place is the first call and the first thing on Monday,
// until somebody called.
func TestReseauSignalement(t *testing.T) {
	b := newBanc(t)
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/reseau/appeler")
	id := motifAppel.FindAllStringSubmatch(chef.page, -1)[7][1]
	l, err := b.lieux.Lieu(id)
	check(t, err)
	_, err = b.signale.Signaler(t.Context(), ecoute.Recu{Lieu: id, Nature: ecoute.NatureFerme, Numero: "page"})
	check(t, err)
	chef.voir(t, "/espace/reseau", "Signalements", "Ce que des personnes disent de faux")
	chef.voir(t, "/espace/reseau/lundi", "On nous dit que ce lieu est fermé, depuis aujourd’hui.", `/espace/signalements/`)
	if m := motifLundi.FindStringSubmatch(chef.page); m == nil || html.UnescapeString(m[1]) != l.Champs.Nom {
		t.Errorf("first on Monday %q, want %q", m, l.Champs.Nom)
	}
	chef.voir(t, "/espace/reseau/appeler", "On nous dit que c’est fermé")
	if got := motifAppel.FindAllStringSubmatch(chef.page, -1)[0][1]; got != id {
		t.Errorf("first call %s, want %s", got, id)
	}
	rep := chef.envoyer(t, "/espace/reseau/appeler/"+id+"/verifie", "version", strconv.Itoa(l.Version), "rang", "0")
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", rep.StatusCode)
	}
	chef.voir(t, "/espace/reseau/appeler", "14 lieux sont à appeler", "!On nous dit que c’est fermé")

	// A fresh place is called too when somebody says that it is closed.
	frais := b.lieuDe(t, "82112")
	_, err = b.signale.Signaler(t.Context(), ecoute.Recu{Lieu: frais.ID, Nature: ecoute.NatureNumero, Numero: "page2"})
	check(t, err)
	chef.voir(t, "/espace/reseau/appeler", "15 lieux sont à appeler", "On nous dit que ce numéro est faux", "Est-ce bien le numéro de ce lieu")
	if got := motifAppel.FindAllStringSubmatch(chef.page, -1)[0][1]; got != frais.ID {
		t.Errorf("first call %s, want %s", got, frais.ID)
	}
	// A closed door before a wrong number, whatever the age.
	autre := motifAppel.FindAllStringSubmatch(chef.page, -1)[14][1]
	_, err = b.signale.Signaler(t.Context(), ecoute.Recu{Lieu: autre, Nature: ecoute.NatureFerme, Numero: "page3"})
	check(t, err)
	chef.voir(t, "/espace/reseau/appeler")
	if got := motifAppel.FindAllStringSubmatch(chef.page, -1); got[0][1] != autre || got[1][1] != frais.ID {
		t.Errorf("calls %s and %s, want %s and %s", got[0][1], got[1][1], autre, frais.ID)
	}
}

// A need that comes back in one commune is on the Monday page, and in the queue.
func TestReseauBesoins(t *testing.T) {
	b := newBanc(t)
	chef := b.chefReseau(t)
	dire := func(n int) {
		t.Helper()
		for i := range n {
			check(t, b.besoins.Dire(t.Context(), "essai"+strconv.Itoa(n)+"-"+strconv.Itoa(i), ecoute.Besoin{Commune: moissac, Theme: ecoute.Themes()[0], Moment: ecoute.MomentPeuImporte}))
		}
	}
	dire(2)
	chef.voir(t, "/espace/reseau", "Besoins", "Des personnes n’ont pas trouvé d’aide : lisez leurs mots.")
	chef.voir(t, "/espace/reseau/lundi", "!Voir ce besoin")
	dire(3)
	commune, _ := b.ter.Commune(moissac)
	vide := b.ter.EPCIs[0].Code
	for i := range b.ter.EPCIs {
		if e := b.ter.EPCIs[i].Code; e != commune.EPCI {
			vide = e
		}
	}
	local := b.epciDe(t, commune.EPCI)
	local.voir(t, "/espace/reseau/lundi", "Voir ce besoin", "5 personnes ne l’ont pas trouvé en trois mois.", "/espace/besoins/communes/"+moissac)
	// What somebody took for no need is no reason to act.
	droits := []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")}
	dits, err := b.besoins.De(t.Context(), droits)
	check(t, err)
	for i, want := range []string{"4 personnes ne l’ont pas trouvé", "3 personnes ne l’ont pas trouvé", "!Voir ce besoin"} {
		_, err := b.besoins.Ecarter(t.Context(), droits, dits[i].ID, true)
		check(t, err)
		local.voir(t, "/espace/reseau/lundi", want)
	}
	ailleurs := b.invite(t, "ailleurs@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, vide))
	ailleurs.voir(t, "/espace/reseau", "!Des personnes n’ont pas trouvé d’aide : lisez leurs mots.")
}

// The board leads to every desk, each within a group, and to none that would
// turn the session away.
func TestReseauBureaux(t *testing.T) {
	b := newBanc(t)
	commune, _ := b.ter.Commune(moissac)
	bureau := regexp.MustCompile(`<li><a class="seul" href="([^"]+)">`)
	for _, c := range []struct {
		name   string
		v      *visiteur
		bureau int
	}{{"whole territory", b.chefReseau(t), 19}, {"one intercommunality", b.epciDe(t, commune.EPCI), 16}} {
		t.Run(c.name, func(t *testing.T) {
			c.v.voir(t, "/espace/reseau", `<a class="seul" href="#bureaux">`, "<h3>Tenir la carte à jour</h3>", "<h3>Les données</h3>")
			_, index, _ := strings.Cut(c.v.page, `id="bureaux"`)
			chemins := bureau.FindAllStringSubmatch(index, -1)
			if len(chemins) != c.bureau {
				t.Errorf("%d desks, want %d", len(chemins), c.bureau)
			}
			for _, m := range chemins {
				if rep := c.v.demander(t, http.MethodGet, m[1], nil); rep.StatusCode != http.StatusOK {
					t.Errorf("%s: %d", m[1], rep.StatusCode)
				}
			}
		})
	}
}
