package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/web"
)

const themeDemarches = "Aide aux démarches administratives"

var motifJeton = regexp.MustCompile(`name="jeton" value="([^"]+)"`)

// formeBesoin opens the page of a need as it was two minutes before.
func formeBesoin(t *testing.T, b banc, chemin string) (jeton, corps string) {
	t.Helper()
	rep, corps := b.get(t, chemin)
	m := motifJeton.FindStringSubmatch(corps)
	if rep.StatusCode != 200 || m == nil || rep.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s: %d, %s", chemin, rep.StatusCode, corps)
	}
	return m[1], corps
}

// horlogeBesoin is a clock of which each look takes five seconds.
type horlogeBesoin struct{ n atomic.Int64 }

func (h *horlogeBesoin) now() time.Time {
	return mardi.Add(time.Duration(h.n.Add(1)) * 5 * time.Second)
}

// besoinsDe are the needs that the base has.
func (b banc) besoinsDe(t *testing.T) []ecoute.Besoin {
	t.Helper()
	liste, err := b.besoins.De(t.Context(), []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")})
	check(t, err)
	return liste
}

// The page of a need has what the search knew; the token is too young in this
// bench, whose clock stands still: the form comes back with what was typed, and
// nothing is kept. TestFormulairePublic has the rest of the clock.
func TestBesoinFormulaire(t *testing.T) {
	b := newBanc(t)
	jeton, corps := formeBesoin(t, b, "/besoin?commune=Moissac&theme="+url.QueryEscape(themeDemarches))
	for _, want := range []string{`value="Moissac"`, `value="` + themeDemarches + `" checked`, `value="peu_importe" checked`, `data-completion`, "N’écrivez ni nom, ni numéro"} {
		if !strings.Contains(corps, want) {
			t.Errorf("no %q", want)
		}
	}
	v := &visiteur{banc: b}
	envoyer := func(paires ...string) (*http.Response, url.Values) {
		x := url.Values{"jeton": {jeton}, "theme": {themeDemarches}, "moment": {"soir"}, "commune": {"Moissac"}}
		for i := 0; i+1 < len(paires); i += 2 {
			x.Set(paires[i], paires[i+1])
		}
		return v.demander(t, http.MethodPost, "/besoin", x), x
	}
	if rep, _ := envoyer("texte", "à <relire>"); rep.StatusCode != 400 {
		t.Errorf("too fast: %d", rep.StatusCode)
	}
	v.exiger(t, "C’est allé très vite", "à &lt;relire&gt;", `value="`+jeton+`"`, `value="soir" checked`)
	if rep, _ := envoyer("jeton", "x"); rep.StatusCode != 400 {
		t.Errorf("no token: %d", rep.StatusCode)
	}
	v.exiger(t, "ouverte depuis trop longtemps", "!"+`value="`+jeton+`"`)
	if rep, _ := envoyer("site", "https://exemple.org"); rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != "/besoin/merci" {
		t.Errorf("a program: %d to %q", rep.StatusCode, rep.Header.Get("Location"))
	}
	if n := len(b.besoinsDe(t)); n != 0 {
		t.Errorf("%d needs were kept", n)
	}
}

// What is sent in its time is kept, masked, once; what is at fault is said by its
// field. The page afterwards shows who can help, and the phone.
func TestBesoinEnvoi(t *testing.T) {
	var h horlogeBesoin
	b := newBanc(t, func(c *web.Config) { c.Now = h.now })
	jeton, _ := formeBesoin(t, b, "/besoin")
	v := &visiteur{banc: b}
	bon := func() url.Values {
		return url.Values{"jeton": {jeton}, "theme": {themeDemarches}, "moment": {"soir"}, "commune": {"moissac"}, "texte": {"Mon numéro : 06 12 34 56 78"}}
	}
	for _, tt := range []struct{ champ, valeur, want string }{
		{"commune", "", "Indiquez la commune."},
		{"commune", "Toulouse", "indiquez une commune en Tarn-et-Garonne"},
		{"commune", "zzzzzz", "Nous ne connaissons pas de commune"},
		{"theme", "", "Choisissez l’aide qui manque."},
		{"moment", "x", "Choisissez un moment"},
		{"texte", strings.Repeat("a", 501), "trop long"},
	} {
		x := bon()
		x.Set(tt.champ, tt.valeur)
		if rep := v.demander(t, http.MethodPost, "/besoin", x); rep.StatusCode != 400 {
			t.Errorf("%s %q: %d", tt.champ, tt.valeur, rep.StatusCode)
		}
		v.exiger(t, tt.want, `id="faute-`+tt.champ+`"`, `value="`+jeton+`"`)
	}
	for range 2 {
		rep := v.demander(t, http.MethodPost, "/besoin", bon())
		if want := "/besoin/merci?commune=82112&theme=" + url.QueryEscape(themeDemarches); rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != want {
			t.Fatalf("%d to %q", rep.StatusCode, rep.Header.Get("Location"))
		}
	}
	lus := b.besoinsDe(t)
	if len(lus) != 1 || lus[0].Texte != "Mon numéro : [numéro masqué]" || lus[0].Commune != moissac || lus[0].Origine != ecoute.OriginePublic {
		t.Errorf("%+v", lus)
	}
	_, corps := b.get(t, "/besoin/merci?commune=82112&theme="+url.QueryEscape(themeDemarches))
	if n := strings.Count(corps, `<li class="lieu"`); n != 3 || !strings.Contains(corps, "tel:&#43;"+b.ter.Telephone[1:]) || !strings.Contains(corps, "à Moissac") {
		t.Errorf("%d places after it was sent", n)
	}
	if strings.Contains(b.journal.String(), "06 12") {
		t.Error("the log holds what was written")
	}
}

// The search leads to the page of a need with what it knows, and says when the
// nearest place is far.
func TestBesoinDepuisLaRecherche(t *testing.T) {
	b := newBanc(t)
	v := &visiteur{banc: b}
	lien := "/besoin?commune=Moissac&amp;theme=" + strings.ReplaceAll(url.QueryEscape(themeDemarches), "+", "&#43;")
	v.voir(t, "/?q=Moissac&pour=impots", lien, "Dites l’aide qui vous manque", "!Dites que l’aide manque ici")
	for _, chemin := range []string{"/", "/lieux", "/communes"} {
		v.voir(t, chemin, `href="/besoin"`)
	}
	loin, vide := "", ""
	for _, champ := range []mednum.Champ{mednum.ChampServices, mednum.ChampDispositifs} {
		for _, valeur := range mednum.Vocabulaire(champ) {
			for i := range b.ter.Communes {
				c := &b.ter.Communes[i]
				if !c.Dedans || loin != "" && vide != "" {
					continue
				}
				res, err := b.lieux.Chercher(t.Context(), catalogue.Recherche{Depart: &c.Centre, Pres: c.Code, Filtres: map[mednum.Champ][]string{champ: {valeur}}, SansComptes: true})
				check(t, err)
				adresse := "/?" + url.Values{"q": {b.ter.Suggestion(c).Requete}, string(champ): {valeur}}.Encode()
				switch {
				case len(res.Trouves) == 0:
					vide = adresse
				case res.Trouves[0].Distance > mesures.Loin && len(res.SansPosition) == 0:
					loin = adresse
				}
			}
		}
	}
	if loin == "" || vide == "" {
		t.Fatalf("far %q, empty %q", loin, vide)
	}
	v.voir(t, loin, "Le lieu le plus proche est à plus de 15 km.", "Dites que l’aide manque ici")
	v.voir(t, vide, "dites-nous ce qui manque", "/besoin?commune=", "!Le lieu le plus proche est à plus")
}

// What people tell is read by who coordinates their commune, and by nobody else.
func TestBesoinsEspace(t *testing.T) {
	b := newBanc(t)
	for i := range 6 {
		check(t, b.besoins.Dire(t.Context(), fmt.Sprint(i), ecoute.Besoin{Commune: moissac, Theme: themeDemarches, Moment: ecoute.MomentSoir, Texte: "Le soir <b>seulement</b>"}))
	}
	check(t, b.besoins.Dire(t.Context(), "loin", ecoute.Besoin{Commune: "82121", Theme: ecoute.ThemeAutre, Moment: ecoute.MomentMatin}))
	for range 7 {
		b.mesures.Compter(mesures.Lointaine, moissac)
	}
	check(t, b.mesures.Deposer(t.Context()))
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	chef.voir(t, "/espace/reseau", `href="/espace/besoins"`, `href="/espace/fiches"`, "/espace/besoins?tri=-dernier", "Besoins de la semaine", "!Fiches à relire")
	chef.voir(t, "/espace/besoins", "Moissac", "Faire une démarche en ligne avec vous", ">6<", ">7<", "Le soir, après 17 h", "!Montauban", "!seulement")
	chef.voir(t, "/espace/besoins?theme=autre", "!/espace/besoins/communes/82112")
	chef.voir(t, "/espace/besoins?format=csv", "Moissac,82112,", "!seulement", "!Montauban")
	chef.voir(t, "/espace/besoins/communes/82112", "Le soir &lt;b&gt;seulement&lt;/b&gt;", "6 besoins", "7 recherches", "En faire une fiche")
	id := b.besoinsDe(t)[0].ID
	for _, x := range b.besoinsDe(t) {
		if x.Commune == moissac {
			id = x.ID
		}
	}
	chef.voir(t, "/espace/besoins/"+id+"/effacer", "Le besoin reste compté")
	chef.faire(t, "/espace/besoins/"+id+"/effacer", "/espace/besoins/communes/82112?fait=texte-efface")
	chef.exiger(t, "6 besoins")
	chef.faire(t, "/espace/besoins/"+id+"/ecarter", "/espace/besoins/communes/82112?fait=besoin-ecarte", "ecarte", "oui")
	chef.exiger(t, "5 besoins", "Pas compté", "Compter de nouveau")
	chef.voir(t, "/espace/besoins", ">5<")
	chef.voir(t, "/espace/besoins/communes/82112")
	chef.faire(t, "/espace/besoins/"+id+"/ecarter", "/espace/besoins/communes/82112?fait=besoin-compte", "ecarte", "")
	chef.exiger(t, "6 besoins", "!Pas compté")
	loin := b.invite(t, "loin@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeCommune, "82121"))
	for _, chemin := range []string{"/espace/besoins/communes/82112", "/espace/besoins/" + id + "/effacer"} {
		if rep := loin.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != 404 {
			t.Errorf("another coordinator, %s: %d", chemin, rep.StatusCode)
		}
	}
	if rep := loin.envoyer(t, "/espace/besoins/"+id+"/ecarter", "ecarte", "oui", "sceau", loin.sceau(t)); rep.StatusCode != 404 {
		t.Errorf("another coordinator puts it aside: %d", rep.StatusCode)
	}
	loin.voir(t, "/espace/besoins", "!communes/82112", "Montauban")
	elu := b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	for _, chemin := range []string{"/espace/besoins", "/espace/besoins/communes/82112", "/espace/besoins/" + id + "/effacer", "/espace/reseau"} {
		if rep := elu.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != 403 {
			t.Errorf("an elected official, %s: %d", chemin, rep.StatusCode)
		}
	}
}

// An elected official and an agent tell the needs of their commune.
func TestNoterUnBesoin(t *testing.T) {
	b := newBanc(t)
	elu := b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	elu.voir(t, "/espace", "Ma commune")
	elu.voir(t, "/espace/fiches", `href="/espace/bilan"`)
	elu.voir(t, "/espace/bilan", `<option value="`+moissac+`">Moissac</option>`)
	elu.voir(t, "/espace/besoins/noter", `value="Moissac"`, `value="agent" checked`)
	forme := []string{"origine", "elu", "theme", themeDemarches, "moment", "samedi", "texte", "Écrire à jean@exemple.fr", "commune"}
	if rep := elu.envoyer(t, "/espace/besoins/noter", append(forme, "Montauban")...); rep.StatusCode != 400 {
		t.Errorf("another commune: %d", rep.StatusCode)
	}
	elu.exiger(t, "Vous pouvez dire les besoins de votre commune", `value="elu" checked`, `value="Montauban"`)
	if rep := elu.envoyer(t, "/espace/besoins/noter", append([]string{"origine", "roi"}, append(forme[2:], "Moissac")...)...); rep.StatusCode != 400 {
		t.Errorf("as somebody else: %d", rep.StatusCode)
	}
	elu.faire(t, "/espace/besoins/noter", "/espace/fiches?fait=besoin-note", append(forme, "Moissac")...)
	lus := b.besoinsDe(t)
	if len(lus) != 1 || lus[0].Origine != ecoute.OrigineElu || lus[0].Moment != ecoute.MomentSamedi || lus[0].Texte != "Écrire à [e-mail masqué]" {
		t.Errorf("%+v", lus)
	}
	sans := b.invite(t, "sans@exemple.fr", droit(mednum.PorteeLieu, "x"))
	c, err := b.comptes.CompteDe(t.Context(), "sans@exemple.fr")
	check(t, err)
	_, err = b.comptes.Deshabiliter(t.Context(), c.ID, c.Habilitations[0])
	check(t, err)
	for _, chemin := range []string{"/espace/besoins/noter", "/espace/fiches", "/espace/fiches/ecrire"} {
		if rep := sans.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != 403 {
			t.Errorf("without a right, %s: %d", chemin, rep.StatusCode)
		}
	}
}

// A fiche from the one who writes it to everybody, and back.
func TestFichesDuReseau(t *testing.T) {
	b := newBanc(t)
	elu := b.invite(t, "elu@exemple.fr", role(mednum.RoleContributeur, mednum.PorteeCommune, moissac))
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	public := &visiteur{banc: b}
	elu.voir(t, "/espace/fiches", `href="/espace/bilan"`, `href="/espace/competences"`)
	chef.voir(t, "/espace/fiches", "!Aussi pour votre commune")
	elu.voir(t, "/espace/fiches/ecrire", `value="Moissac"`, `value="initiative" checked`)
	forme := []string{"genre", "initiative", "titre", "Un atelier <le> samedi", "zone", "commune", "commune", "Moissac", "theme", themeDemarches, "statut", "en_cours", "reponse", "Appelez le 06 12 34 56 78", "appris", "Le matin convient."}
	for _, tt := range []struct{ champ, valeur, faute string }{
		{"titre", "", "titre"},
		{"theme", "x", "theme"},
		{"genre", "avis", "genre"},
		{"statut", "", "statut"},
		{"commune", "zzzz", "commune"},
		{"commune", "Montauban", "zone"},
		{"zone", "territoire", "zone"},
		{"reponse", strings.Repeat("a", 2001), "reponse"},
	} {
		elu.voir(t, "/espace/fiches/ecrire")
		if rep := elu.envoyer(t, "/espace/fiches/ecrire", append(forme, tt.champ, tt.valeur)...); rep.StatusCode != 400 {
			t.Errorf("%s %q: %d", tt.champ, tt.valeur, rep.StatusCode)
		}
		elu.exiger(t, `href="#`+tt.faute+`"`, "Le matin convient.")
	}
	rep := elu.envoyer(t, "/espace/fiches/ecrire", append(forme, "envoyer", "1")...)
	page, _, _ := strings.Cut(rep.Header.Get("Location"), "?")
	if rep.StatusCode != http.StatusSeeOther || !strings.HasSuffix(rep.Header.Get("Location"), "?fait=fiche-proposer") {
		t.Fatalf("%d to %q", rep.StatusCode, rep.Header.Get("Location"))
	}
	elu.voir(t, page, "à relire", "Un atelier &lt;le&gt; samedi", "Appelez le [numéro masqué]", "!Publier la fiche", "!Refuser")
	public.voir(t, "/fiches", "Aucune fiche n’est encore publiée")
	chef.voir(t, "/espace/reseau", "/espace/fiches?etat=proposee", "Fiches à relire")
	chef.voir(t, "/espace/fiches?etat=proposee", "Un atelier", "Moissac")
	chef.voir(t, page, "Publier la fiche", "Écrite par Jeanne Essai")
	if rep := chef.envoyer(t, page+"/revoir", "message", " "); rep.StatusCode != 400 {
		t.Errorf("without a word: %d", rep.StatusCode)
	}
	chef.exiger(t, `id="faute-message"`)
	chef.faire(t, page+"/revoir", page+"?fait=fiche-revoir", "message", "Combien de personnes ?")
	elu.voir(t, page, "Combien de personnes ?", "Envoyer à relire")
	elu.voir(t, page+"/modifier", `value="Un atelier &lt;le&gt; samedi"`, "[numéro masqué]")
	version := elu.champs().Get("version")
	rep = elu.envoyer(t, page+"/modifier", append(forme, "appris", "Douze personnes.", "envoyer", "1")...)
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, elu.page)
	}
	elu.voir(t, page+"/modifier")
	if rep := elu.envoyer(t, page+"/modifier", append(forme, "version", version, "appris", "Un autre texte")...); rep.StatusCode != 400 {
		t.Errorf("over what somebody wrote: %d", rep.StatusCode)
	}
	elu.exiger(t, "pendant que vous écriviez", "Un autre texte")
	chef.voir(t, page)
	chef.faire(t, page+"/accepter", page+"?fait=fiche-accepter")
	publique := strings.TrimPrefix(page, "/espace")
	public.voir(t, publique, "Un atelier &lt;le&gt; samedi", "Douze personnes.", "Moissac", "!Jeanne", "!06 12")
	public.voir(t, "/fiches", publique, "1 fiche")
	for q, want := range map[string]bool{
		"genre=initiative": true, "genre=besoin": false, "commune=82112": true, "commune=82121": false, "theme=autre": false, "genre=zz": false,
		"theme=" + url.QueryEscape(themeDemarches): true,
	} {
		if public.voir(t, "/fiches?"+q); strings.Contains(public.page, publique) != want {
			t.Errorf("%s: %t", q, !want)
		}
	}
	for format, want := range map[string]string{"csv": ",initiative,Un atelier <le> samedi,commune,82112,Moissac,", "json": `"zone": "Moissac"`} {
		rep, corps := b.get(t, "/donnees/fiches."+format)
		if rep.StatusCode != 200 || !strings.Contains(corps, want) || strings.Contains(corps, "compte:") || strings.Contains(corps, "Jeanne") || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %s", format, rep.StatusCode, corps)
		}
	}
	chef.voir(t, page)
	chef.faire(t, page+"/retirer", page+"?fait=fiche-retirer")
	if rep, _ := b.get(t, publique); rep.StatusCode != 404 {
		t.Errorf("withdrawn: %d", rep.StatusCode)
	}
	chef.faire(t, page+"/remettre", page+"?fait=fiche-remettre")
	public.voir(t, publique, "Douze personnes.")
	panne := errors.New("gone")
	b.base.panne.Store(&panne)
	public.voir(t, publique, "Douze personnes.")
	public.voir(t, "/fiches", publique)
	b.base.panne.Store(nil)
	actes, err := registre.New(b.base, func() time.Time { return mardi }).Lire(t.Context(), registre.Choix{Genre: registre.GenreFiche, N: 50})
	check(t, err)
	var dits []string
	for _, l := range actes.Lignes {
		a := l.Acte
		if a.Commune != moissac || !strings.HasPrefix(a.Qui, "compte:") {
			t.Errorf("%+v", a)
		}
		dits = append(dits, strings.TrimPrefix(a.Texte, "Fiche du réseau : "))
	}
	if got := strings.Join(dits, ", "); got != "l’a remise en ligne, l’a retirée, l’a publiée, l’a envoyée à relire, a changé le texte, a demandé un changement, l’a envoyée à relire, a commencé la fiche" {
		t.Errorf("acts: %s", got)
	}
	loin := b.invite(t, "loin@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeCommune, "82121"))
	if rep := loin.demander(t, http.MethodGet, page, nil); rep.StatusCode != 404 {
		t.Errorf("of another zone: %d", rep.StatusCode)
	}
	if rep := elu.envoyer(t, page+"/retirer", "version", "1", "sceau", elu.sceau(t)); rep.StatusCode != 403 {
		t.Errorf("the author withdraws it: %d", rep.StatusCode)
	}
	chef.voir(t, "/espace/fiches/ecrire")
	sienne := chef.envoyer(t, "/espace/fiches/ecrire", append(forme, "titre", "Du coordinateur", "envoyer", "1")...).Header.Get("Location")
	if !strings.HasSuffix(sienne, "?fait=fiche-a-publier") {
		t.Fatalf("%q\n%s", sienne, chef.page)
	}
	chef.voir(t, sienne, "La fiche est prête", "Publier la fiche", "!La personne qui coordonne la relira")
}

// Counts of 5 and more go out, of a quarter that is over; a fiche begun from them
// has their number, and nothing else tells it.
func TestBesoinsOuverts(t *testing.T) {
	b := newBanc(t)
	dire := func(commune string, n int, mois time.Month) {
		for i := range n {
			d := ecoute.Besoin{Commune: commune, Theme: themeDemarches, Moment: ecoute.MomentSoir, Texte: "rue des Lilas", Origine: ecoute.OriginePublic, Le: mednum.Date{Annee: 2026, Mois: mois, Jour: 3}}
			d.ID = fmt.Sprint(commune, mois, i)
			check(t, store.Poser(t.Context(), b.base, store.Objet{Genre: "besoin", ID: d.ID, Version: 1}, d))
		}
	}
	dire(moissac, 5, time.August)
	dire(moissac, 3, time.May)
	dire(moissac, 9, time.November)
	dire("82121", 4, time.August)
	check(t, b.besoins.Recharger(t.Context()))
	_, csv := b.get(t, "/donnees/besoins.csv")
	if want := "code_insee,commune,theme,trimestre,nombre\n82112,Moissac," + themeDemarches + ",2026-T3,5\n"; csv != want {
		t.Errorf("%q", csv)
	}
	rep, corps := b.get(t, "/donnees/besoins.json")
	var lus []map[string]any
	check(t, json.Unmarshal([]byte(corps), &lus))
	if len(lus) != 1 || lus[0]["nombre"] != 5.0 || lus[0]["code_insee"] != moissac || len(lus[0]) != 5 || rep.Header.Get("ETag") == "" {
		t.Errorf("%s", corps)
	}
	if rep, _ := b.get(t, "/donnees/besoins.xml"); rep.StatusCode != 404 {
		t.Errorf("another format: %d", rep.StatusCode)
	}
	(&visiteur{banc: b}).voir(t, "/donnees", "/donnees/besoins.csv", "/donnees/fiches.json")
	_, catalogue := b.get(t, "/donnees/catalogue.jsonld")
	for _, want := range []string{"/donnees/besoins.csv", "/donnees/fiches.json", "2026-07-01", "2026-09-30"} {
		if !strings.Contains(catalogue, want) {
			t.Errorf("the catalogue has no %s", want)
		}
	}
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, "200066322"))
	chef.voir(t, "/espace/besoins/communes/82112", "17 besoins")
	chef.voir(t, "/espace/fiches/ecrire?"+url.Values{"genre": {"besoin"}, "commune": {moissac}, "theme": {themeDemarches}}.Encode(),
		"5 besoins publiés", `value="Moissac"`, `value="besoin" checked`, "de l’aide manque à Moissac")
	rep = chef.envoyer(t, "/espace/fiches/ecrire", "genre", "besoin", "titre", "Le soir", "commune", "Moissac", "zone", "commune", "theme", themeDemarches, "statut", "a_etudier", "envoyer", "1")
	page, _, _ := strings.Cut(rep.Header.Get("Location"), "?")
	chef.voir(t, page, "Besoins comptés", "<dd>5</dd>")
	chef.faire(t, page+"/accepter", page+"?fait=fiche-accepter")
	_, csv = b.get(t, "/donnees/fiches.csv")
	if !strings.Contains(csv, ",a_etudier,,,5,2026-11-24,https://exemple.fr/fiches/") || strings.Contains(csv, "Lilas") {
		t.Errorf("%s", csv)
	}
	// Of another commune than the one that was counted, the number is left out.
	chef.voir(t, "/espace/fiches/ecrire?"+url.Values{"genre": {"besoin"}, "commune": {moissac}, "theme": {themeDemarches}}.Encode())
	rep = chef.envoyer(t, "/espace/fiches/ecrire", "genre", "besoin", "titre", "Ailleurs", "commune", "Malause", "zone", "commune", "theme", themeDemarches, "statut", "fait")
	page, _, _ = strings.Cut(rep.Header.Get("Location"), "?")
	chef.voir(t, page, "!Besoins comptés")
}
