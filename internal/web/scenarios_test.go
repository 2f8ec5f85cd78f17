package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
	"82numerique.fr/adeuxpas/internal/web"
)

// samedi is a question of the tests: four new places on Saturday.
const samedi = "genre=lieu&moment=samedi&objectif=couvrir&rayon=10&nombre=4&facteur=1,3"

// propose is the answer to a study, from the rooms themselves.
func (b banc) propose(t *testing.T, e couverture.Etude) *couverture.Proposition {
	t.Helper()
	i := couverture.Inventorier(func(yield func(*mednum.Lieu) bool) {
		for _, v := range b.lieux.Lieux() {
			if !yield(&v.Lieu) {
				return
			}
		}
	}, b.ter, mednum.DateOf(mardi))
	p, err := couverture.Proposer(t.Context(), b.ter, couverture.Mesurer(couverture.Communes(b.ter), i, e.Question(), nil), e)
	check(t, err)
	return p
}

func espaces(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// garde keeps the study of a page under a name; the path of the scenario.
func (v *visiteur) garde(t *testing.T, question, nom string) string {
	t.Helper()
	v.voir(t, "/espace/scenarios?"+question, "Garder ce scénario")
	rep := v.envoyer(t, "/espace/scenarios", "nom", nom)
	chemin, ok := strings.CutSuffix(rep.Header.Get("Location"), "?fait=scenario-garde")
	if rep.StatusCode != http.StatusSeeOther || !ok {
		t.Fatalf("%d to %q\n%s", rep.StatusCode, rep.Header.Get("Location"), v.page)
	}
	return chemin
}

// A question is answered with its gain, its gap and what is not known; its table
// adds up to what the page says.
func TestScenarios(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	e := couverture.Etude{Genre: couverture.GenreLieu, Moment: couverture.MomentSamedi, Facteur: 1.3, Objectif: couverture.Couvrir, Rayon: 10_000, Nombre: 4}
	p := b.propose(t, e)

	chef.voir(t, "/espace/reseau", "/espace/scenarios")
	chef.voir(t, "/espace/scenarios", "Que voulez-vous ajouter ?", "Aucun scénario n’est gardé", "!Ce que cela change", "!style=")
	gain := fmt.Sprintf("%s habitants de %d communes passent de %s à %s en moyenne", textes.Nombre(p.Couverts.Personnes), p.Couverts.Communes,
		textes.Kilometres(float64(p.Couverts.Avant)), textes.Kilometres(float64(p.Couverts.Apres)))
	chef.voir(t, "/espace/scenarios?"+samedi, espaces(gain), "C’est le meilleur choix possible", "Calculé en ", "multipliée par 1,3",
		fmt.Sprintf("%d sur %d ne sont pas vérifiés", p.Entree.NonVerifies, p.Entree.Offres), fmt.Sprintf("%d sur %d n’ont pas d’heures connues", p.Entree.HeuresInconnues, p.Entree.Offres),
		"au centre de cette commune", "!style=")
	for n := range p.Sites {
		chef.exiger(t, p.Sites[n].Nom, fmt.Sprintf(`dy="7">%d</text>`, n+1))
	}
	if n := strings.Count(chef.page, `fill="url(#motif-`); n < 195 {
		t.Errorf("%d communes are drawn", n)
	}
	table := chef.tableCSV(t, "/espace/scenarios?format=csv&effet=portee&"+samedi)
	gens := 0
	for _, l := range table {
		n, err := strconv.Atoi(l["Habitants"])
		check(t, err)
		gens += n
		if l["Facteur de route"] != "1,3" || l["Nombre"] != "4" || l["Données du"] != "2026-11-24" {
			t.Fatalf("the file does not say what was asked: %v", l)
		}
	}
	if gens != p.Couverts.Personnes || len(table) != p.Couverts.Communes {
		t.Errorf("%d people of %d communes, want %+v", gens, len(table), p.Couverts)
	}
	chef.voir(t, "/espace/scenarios?genre=bus&moment=matin&objectif=approcher&rayon=10&nombre=5&facteur=1.3", "Dans quel ordre", "La boucle fait environ", "indicatif", "Le bus passe une demi-journée par semaine")
	chef.voir(t, "/espace/scenarios?genre=horaires&moment=samedi&objectif=approcher&rayon=10&nombre=3&facteur=1.3", "3 lieux qui ouvriraient le samedi", `href="/lieux/`, "p-médiane")
	chef.voir(t, "/espace/scenarios?"+samedi+"&imposees=Moissac&exclues="+url.QueryEscape(p.Sites[0].Nom), "Imposé par vous", "!<h3>"+p.Sites[0].Nom)
}

// What is wrong is said by its field, and nothing that was typed is lost.
func TestScenariosRefus(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	for champ, valeurs := range map[string][]string{
		"genre": {"avion"}, "moment": {"hier"}, "objectif": {""}, "rayon": {"0", "61", "NaN", "dix"}, "nombre": {"", "0", "21", "3,5"},
		"facteur": {"0,9", "x"}, "perimetre": {"1"}, "service": {"<b>Coiffure"}, "imposees": {"Toulouse"}, "exclues": {"Paris", strings.Repeat("Moissa,", 100)},
	} {
		for _, valeur := range valeurs {
			q, err := url.ParseQuery(strings.ReplaceAll(samedi, "1,3", "1.3"))
			check(t, err)
			q.Set(champ, valeur)
			if rep := chef.demander(t, http.MethodGet, "/espace/scenarios?"+q.Encode(), nil); rep.StatusCode != http.StatusBadRequest {
				t.Errorf("%s=%q: %d", champ, valeur, rep.StatusCode)
			}
			chef.exiger(t, `id="faute-`+champ+`"`, "À corriger", "Rien n’est perdu", "!<b>Coiffure")
		}
	}
	chef.voir(t, "/espace/scenarios?"+samedi)
	if rep := chef.envoyer(t, "/espace/scenarios", "nom", strings.Repeat("n", 90)); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("a long name: %d", rep.StatusCode)
	}
	chef.exiger(t, `id="faute-nom"`, "90 caractères", "Ce que cela change")
	for _, q := range []string{"", "?s=a", "?s=a&s=b&s=c&s=d"} {
		if rep := chef.demander(t, http.MethodGet, "/espace/scenarios/comparer"+q, nil); rep.StatusCode != http.StatusBadRequest {
			t.Errorf("comparer%s: %d", q, rep.StatusCode)
		}
	}
	chef.exiger(t, "Cochez deux ou trois scénarios")
}

// A scenario stays as it was when the places change, until it is computed again;
// it is compared, printed, and taken away.
func TestScenariosGardes(t *testing.T) {
	var noter *registre.Registre
	b := newBanc(t, func(c *web.Config) { noter = c.Registre })
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	un, deux := chef.garde(t, samedi, "Quatre lieux <samedi>"), chef.garde(t, "genre=bus&moment=matin&objectif=couvrir&rayon=10&nombre=3&facteur=1,3", "Trois matins")
	chef.voir(t, "/espace/scenarios", "Quatre lieux &lt;samedi&gt;", "Trois matins", "Jeanne Essai", "Comparer les scénarios cochés")
	chef.voir(t, un, "Quatre lieux &lt;samedi&gt;", "Données du 24 novembre 2026", "!Les lieux ont changé")
	avant := gainDe(t, chef.page)

	ouvert := "Sa 09:00-12:00"
	b.reviser(t, b.lieuDe(t, "82121").ID, func(l *mednum.Lieu) { l.Champs.Horaires, l.Permanences = ouvert, nil })
	check(t, b.lieux.Actualiser(t.Context()))
	chef.voir(t, un, "Les lieux ont changé depuis ce calcul")
	if gainDe(t, chef.page) != avant {
		t.Error("what was kept has moved")
	}
	chef.faire(t, un+"/recalculer", un+"?fait=scenario-recalcule")
	chef.exiger(t, "!Les lieux ont changé", "recalculé aujourd’hui")
	if gainDe(t, chef.page) == avant {
		t.Error("computed again, it has not moved")
	}

	id := func(chemin string) string { return strings.TrimPrefix(chemin, "/espace/scenarios/") }
	chef.voir(t, "/espace/scenarios/comparer?s="+id(un)+"&s="+id(deux), "Quatre lieux &lt;samedi&gt;", "Trois matins", "Prudence", "l’aide ou le moment", "À 10 km ou moins", "Écart au meilleur possible")
	chef.voir(t, un+"/papier", "Les communes dont l’aide se rapproche", "imprimé le 24 novembre 2026", "!<nav class=\"bandeau", "ne sont pas vérifiés")
	if n := len(chef.tableCSV(t, un+"?format=csv")); n != 195 {
		t.Errorf("%d communes", n)
	}
	chef.voir(t, un+"/supprimer", "Supprimer ce scénario")
	chef.faire(t, un+"/supprimer", "/espace/scenarios?fait=scenario-ote")
	chef.exiger(t, "!Quatre lieux", "Trois matins")
	notes, err := noter.Lire(t.Context(), registre.Choix{Genre: registre.GenreScenario, N: 10})
	check(t, err)
	if len(notes.Lignes) != 1 || notes.Lignes[0].Acte == nil || notes.Lignes[0].Acte.Objet != "scenario:"+id(un) {
		t.Errorf("noted: %+v", notes.Lignes)
	}
	if rep := chef.demander(t, http.MethodGet, un, nil); rep.StatusCode != http.StatusNotFound {
		t.Errorf("taken away: %d", rep.StatusCode)
	}
}

var motifGain = regexp.MustCompile(`<p class="chapeau">(\d[^<]*)</p>`)

// gainDe is the first sentence of an answer.
func gainDe(t *testing.T, page string) string {
	t.Helper()
	for _, m := range motifGain.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[1], "habitants") {
			return m[1]
		}
	}
	t.Fatalf("no gain in %s", page)
	return ""
}

// Whoever coordinates an intercommunality asks for it alone, and sees no scenario
// of others.
func TestScenariosPerimetre(t *testing.T) {
	b := newBanc(t)
	epci, autre := b.ter.EPCIs[0], b.ter.EPCIs[1]
	tout := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	ines := b.invite(t, "ines@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epci.Code))
	lieu := b.invite(t, "luc@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeLieu, b.lieuDe(t, moissac).ID))
	lieu.voir(t, "/espace/scenarios", "Vous ne coordonnez aucune intercommunalité entière")

	question := "genre=lieu&moment=samedi&objectif=couvrir&rayon=5&nombre=2&facteur=1,3&perimetre="
	for _, p := range []string{"", autre.Code} {
		if rep := ines.demander(t, http.MethodGet, "/espace/scenarios?"+question+p, nil); rep.StatusCode != http.StatusBadRequest {
			t.Errorf("perimeter %q: %d", p, rep.StatusCode)
		}
		ines.exiger(t, "Choisissez un périmètre que vous coordonnez", "!Ce que cela change")
	}
	for _, l := range ines.tableCSV(t, "/espace/scenarios?format=csv&"+question+epci.Code) {
		if c, _ := b.ter.Commune(l["Code INSEE"]); c.EPCI != epci.Code {
			t.Fatalf("%v is not of %s", l, epci.Nom)
		}
	}
	elle, eux, leur := ines.garde(t, question+epci.Code, "Le nôtre"), tout.garde(t, question+autre.Code, "Le leur"), tout.garde(t, question, "Tout")
	ines.voir(t, "/espace/scenarios", "Le nôtre", "!Le leur", "!Tout<")
	tout.voir(t, "/espace/scenarios", "Le nôtre", "Le leur", "Tout<")
	for _, chemin := range []string{eux, leur} {
		for _, suite := range []string{"", "/papier", "/supprimer"} {
			if rep := ines.demander(t, http.MethodGet, chemin+suite, nil); rep.StatusCode != http.StatusNotFound {
				t.Errorf("%s%s: %d", chemin, suite, rep.StatusCode)
			}
		}
		for _, geste := range []string{"/recalculer", "/supprimer"} {
			ines.voir(t, elle)
			if rep := ines.envoyer(t, chemin+geste); rep.StatusCode != http.StatusNotFound {
				t.Errorf("%s%s: %d", chemin, geste, rep.StatusCode)
			}
		}
	}
	tout.voir(t, eux, "Le leur")
}
