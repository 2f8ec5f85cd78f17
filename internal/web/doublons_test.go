package web_test

import (
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// chefDe is somebody who coordinates the whole territory.
func (b banc) chef(t *testing.T, courriel string) *visiteur {
	t.Helper()
	return b.invite(t, courriel, role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
}

// paires are the pairs that the shipped places raise.
func (b banc) paires(t *testing.T) []collecte.Question {
	t.Helper()
	liste, err := b.bureau.Questions(t.Context())
	check(t, err)
	if len(liste) < 2 {
		t.Fatalf("%d pairs: the shipped places raise two", len(liste))
	}
	return liste
}

func cheminDe(q *collecte.Question) string {
	return "/espace/doublons/" + q.Lieux[0].ID + "/" + q.Lieux[1].ID
}

// fusions are the merges that were written.
func (b banc) fusions(t *testing.T) []mednum.Operation {
	t.Helper()
	ops, err := b.base.Operations(t.Context())
	check(t, err)
	return slices.DeleteFunc(ops, func(o mednum.Operation) bool { return o.Genre != "fusion" })
}

// From the queue to one place, by a choice of one's own, and back.
func TestDoublonsReunir(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	liste := b.paires(t)
	q := liste[0]
	for i := range liste { // one whose names differ: there is something to choose
		if liste[i].Lieux[0].Champs.Nom != liste[i].Lieux[1].Champs.Nom {
			q = liste[i]
			break
		}
	}
	garde, autre := q.Lieux[0], q.Lieux[1]
	v.voir(t, "/espace/doublons", garde.Champs.Nom, autre.Champs.Nom, q.Raisons[0], "2 paires")
	v.voir(t, "/espace/doublons?commune="+garde.Champs.CodeInsee, garde.Champs.Nom, "1 paire")
	v.voir(t, cheminDe(&q), "Un lieu, ou deux", q.Raisons[0], q.Contre[0], "différent", "Leurs points sont à", "placé d’après son adresse, "+autre.Champs.Adresse, "Champ par champ", "Plus tard", `name="garde" value="`+garde.ID+`" checked`)
	if strings.Contains(v.page, "Mo 08:30") || strings.Contains(v.page, "Mo-We") {
		t.Error("hours are not in French")
	}
	rep := v.envoyer(t, cheminDe(&q)+"/reunir", "garde", garde.ID, "c_nom", autre.ID)
	if rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	suite := rep.Header.Get("Location")
	if !strings.HasPrefix(suite, "/espace/doublons/") {
		t.Errorf("the next pair is not %q", suite)
	}
	v.voir(t, suite, "n’en font plus qu’un", "Défaire")
	l, err := b.base.Lieu(t.Context(), garde.ID)
	check(t, err)
	c := l.Corrections[mednum.ChampNom]
	if l.Champs.Nom != autre.Champs.Nom || !strings.HasPrefix(c.Auteur, "compte:") || len(l.Corrections) != 1 {
		t.Errorf("name %q, corrections %+v", l.Champs.Nom, l.Corrections)
	}
	if parti, err := b.base.Lieu(t.Context(), autre.ID); err != nil || parti.Statut != mednum.StatutFusionne || parti.Vers != garde.ID {
		t.Errorf("the other one: %s %s, %v", parti.Statut, parti.Vers, err)
	}
	ops := b.fusions(t)
	if len(ops) != 1 {
		t.Fatalf("%d operations", len(ops))
	}
	op := ops[0]

	v.voir(t, "/espace/doublons/historique", "Réunion", html.EscapeString(garde.Champs.Nom)+" / "+html.EscapeString(autre.Champs.Nom), "Jeanne Essai", "Défaire…")
	v.voir(t, "/espace/doublons/defaire/"+op.ID, "redeviennent deux lieux", html.EscapeString(garde.Champs.Nom), html.EscapeString(autre.Champs.Nom), "fiche change de lieu")
	v.agir(t, "/espace/doublons/defaire/"+op.ID, nil, "C’est défait", "défait depuis")
	l, err = b.base.Lieu(t.Context(), garde.ID)
	check(t, err)
	if l.Champs.Nom != garde.Champs.Nom || len(l.Corrections) != 0 {
		t.Errorf("given back: %q, %+v", l.Champs.Nom, l.Corrections)
	}
	v.voir(t, "/espace/compte")
	if rep := v.envoyer(t, "/espace/doublons/defaire/"+op.ID); rep.StatusCode != http.StatusConflict {
		t.Errorf("undone twice: %d", rep.StatusCode)
	}
}

// Told apart, the pair goes, and comes back when the answer is forgotten.
func TestDoublonsDistinguer(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	q := b.paires(t)[0]
	v.voir(t, cheminDe(&q))
	v.agir(t, cheminDe(&q)+"/distinguer", nil, "ce sont deux lieux", "Oublier cette réponse")
	v.voir(t, "/espace/doublons", "1 paire")
	v.voir(t, "/espace/doublons/distincts", q.Lieux[0].Champs.Nom, "Jeanne Essai")
	v.voir(t, cheminDe(&q), "Quelqu’un a dit que ce sont deux lieux")
	v.agir(t, cheminDe(&q)+"/oublier", nil, "C’est oublié")
	v.voir(t, "/espace/doublons", "2 paires")
}

// Two people at once: the second is told, and nothing of theirs is written.
func TestDoublonsADeux(t *testing.T) {
	b := newBanc(t)
	un, deux := b.chef(t, "jeanne@exemple.fr"), b.chef(t, "paul@exemple.fr")
	q := b.paires(t)[0]
	deux.voir(t, cheminDe(&q))
	page := deux.page
	un.voir(t, "/espace/lieux/"+q.Lieux[0].ID+"/partie/presentation")
	un.agir(t, "/espace/lieux/"+q.Lieux[0].ID+"/partie/presentation", []string{"presentation_resume", "Un mot de Jeanne."})
	if rep := deux.envoyer(t, cheminDe(&q)+"/reunir", "garde", q.Lieux[0].ID); rep.StatusCode != http.StatusPreconditionFailed {
		t.Fatalf("a place that moved: %d", rep.StatusCode)
	}
	deux.exiger(t, "Rien n’est écrit", "a changé depuis que vous avez ouvert cette page")
	un.voir(t, cheminDe(&q))
	un.agir(t, cheminDe(&q)+"/reunir", []string{"garde", q.Lieux[0].ID}, "n’en font plus qu’un")
	ops, err := b.base.Operations(t.Context())
	check(t, err)
	deux.page = page
	for _, geste := range []string{"/reunir", "/distinguer", "/oublier"} {
		deux.page = page
		deux.agir(t, cheminDe(&q)+geste, []string{"garde", q.Lieux[0].ID}, "Quelqu’un d’autre a déjà répondu")
	}
	if apres, err := b.base.Operations(t.Context()); err != nil || len(apres) != len(ops) {
		t.Errorf("%d operations after %d, %v", len(apres), len(ops), err)
	}
}

// What the form of a pair must say.
func TestDoublonsFormulaires(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	q := b.paires(t)[0]
	for _, tt := range []struct {
		name   string
		paires []string
		code   int
		mot    string
	}{
		{"no place stays", nil, 400, "lequel des deux lieux reste"},
		{"another place stays", []string{"garde", "inconnu"}, 400, "lequel des deux lieux reste"},
		{"a value of a third place", []string{"garde", q.Lieux[0].ID, "c_nom", b.lieuDe(t, moissac).ID}, 400, "de l’un des deux lieux"},
		{"no version", []string{"garde", q.Lieux[0].ID, "va", "<script>"}, 400, "rechargez-la"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v.voir(t, cheminDe(&q))
			if rep := v.envoyer(t, cheminDe(&q)+"/reunir", tt.paires...); rep.StatusCode != tt.code {
				t.Errorf("%d, want %d", rep.StatusCode, tt.code)
			}
			v.exiger(t, tt.mot)
		})
	}
	if l, err := b.base.Lieu(t.Context(), q.Lieux[1].ID); err != nil || l.Statut != mednum.StatutPublie {
		t.Errorf("something was written: %s, %v", l.Statut, err)
	}
	for chemin, code := range map[string]int{
		"/espace/doublons/inconnu/" + q.Lieux[0].ID: 404, "/espace/doublons/defaire/fusion-0000000000000000": 404, "/espace/doublons?commune=%00&tri=x&epci=%3Cscript%3E": 200,
		"/espace/doublons?decide=reuni&op=%3Cscript%3E&de=a~b&lieu=..%2F..": 200,
	} {
		if rep := v.demander(t, http.MethodGet, chemin, nil); rep.StatusCode != code || strings.Contains(v.page, "<script>") {
			t.Errorf("%s: %d, want %d", chemin, rep.StatusCode, code)
		}
	}
}

// Those who coordinate some communes answer for the pairs that are theirs; nobody
// else for any.
func TestDoublonsDroits(t *testing.T) {
	b := newBanc(t)
	liste := b.paires(t)
	q := liste[0]
	commune, ok := b.ter.Commune(q.Lieux[0].Champs.CodeInsee)
	if !ok || commune.EPCI == "" {
		t.Fatal("the pair has no group of communes")
	}
	ailleurs := ""
	for i := range b.ter.EPCIs {
		if b.ter.EPCIs[i].Code != commune.EPCI {
			ailleurs = b.ter.EPCIs[i].Code
		}
	}
	ici := b.invite(t, "ici@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, commune.EPCI))
	loin := b.invite(t, "loin@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, ailleurs))
	mediateur := b.invite(t, "m@exemple.fr", droit(mednum.PorteeLieu, q.Lieux[0].ID))
	ici.voir(t, "/espace/doublons", q.Lieux[0].Champs.Nom)
	ici.voir(t, cheminDe(&q), "Champ par champ")
	loin.demander(t, http.MethodGet, "/espace/doublons", nil)
	if strings.Contains(loin.page, cheminDe(&q)) {
		t.Error("a pair of another group of communes is listed")
	}
	for nom, v := range map[string]*visiteur{"elsewhere": loin, "a mediator": mediateur} {
		corps := "sceau=" + v.sceau(t) + "&garde=" + q.Lieux[0].ID + "&va=1&vb=1"
		for _, geste := range []string{"/reunir", "/distinguer", "/oublier"} {
			if rep := v.requete(t, http.MethodPost, cheminDe(&q)+geste, corps); rep.StatusCode != 403 {
				t.Errorf("%s, %s: %d", nom, geste, rep.StatusCode)
			}
		}
	}
	for _, v := range []*visiteur{ici, mediateur} {
		for _, r := range b.routes(t, valeurs(q.Lieux[0].ID), func(_, modele string) bool {
			return strings.HasPrefix(modele, "/espace/imports") || strings.HasPrefix(modele, "/espace/sources")
		}) {
			if rep := v.requete(t, r.methode, r.chemin, "sceau="+v.sceau(t)); rep.StatusCode != 403 {
				t.Errorf("%s %s: %d", r.methode, r.chemin, rep.StatusCode)
			}
		}
	}
	for _, page := range []string{"/double", "/fiches", "/separer"} {
		if rep := mediateur.requete(t, http.MethodGet, "/espace/lieux/"+q.Lieux[0].ID+page, ""); rep.StatusCode != 403 {
			t.Errorf("a mediator, %s: %d", page, rep.StatusCode)
		}
	}
	ops, err := b.base.Operations(t.Context())
	check(t, err)
	for _, op := range ops {
		if op.Genre == "fusion" {
			t.Error("something was joined")
		}
	}
}

// From a place: another one looked for by hand, and a record that leaves it.
func TestDoublonsDUnLieu(t *testing.T) {
	b := newBanc(t)
	v := b.chef(t, "jeanne@exemple.fr")
	l := b.lieuDe(t, moissac)
	q := b.paires(t)[0]
	base := "/espace/lieux/" + l.ID
	v.voir(t, base, base+"/fiches")
	v.voir(t, base+"/fiches", "n’en font qu’un")
	v.voir(t, base+"/double?q="+strings.ReplaceAll(strings.ToLower(q.Lieux[0].Champs.Nom), " ", "+"), "/espace/doublons/"+l.ID+"/"+q.Lieux[0].ID, "Les plus proches")
	v.voir(t, "/espace/doublons/"+l.ID+"/"+q.Lieux[0].ID, "Champ par champ")
	if v.requete(t, http.MethodGet, "/espace/doublons/"+l.ID+"/"+l.ID, "").StatusCode == http.StatusOK {
		t.Error("a place beside itself")
	}

	deux := "" // a place that two records make
	for _, vue := range b.lieux.Lieux() {
		fiches, err := b.base.FichesDe(t.Context(), vue.ID)
		check(t, err)
		if len(fiches) == 2 && !vue.HorsTerritoire {
			deux = vue.ID
			v.voir(t, "/espace/lieux/"+deux+"/separer?fiche="+fiches[1].Reference(), "quitte ce lieu")
			v.agir(t, "/espace/lieux/"+deux+"/separer", []string{"fiche", fiches[1].Reference()}, "un lieu à elle")
			if fiches, err := b.base.FichesDe(t.Context(), deux); err != nil || len(fiches) != 1 {
				t.Errorf("%d records stay, %v", len(fiches), err)
			}
			break
		}
	}
	if deux == "" {
		t.Fatal("no place of two records")
	}
	v.voir(t, "/espace/doublons/historique", "Séparation")
	if rep := v.requete(t, http.MethodGet, base+"/separer?fiche=x/"+strconv.Itoa(1), ""); rep.StatusCode != 404 {
		t.Errorf("a record of nobody: %d", rep.StatusCode)
	}
}
