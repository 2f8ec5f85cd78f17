package ecoute

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	elue  = Personne{"compte:elue", droitDe(mednum.RoleContributeur, mednum.PorteeCommune, moissac)}
	autre = Personne{"compte:autre", droitDe(mednum.RoleContributeur, mednum.PorteeCommune, moissac)}
	chef  = Personne{"compte:chef", droitDe(mednum.RoleCoordinateur, mednum.PorteeEPCI, epciMoissac)}
	loin  = Personne{"compte:loin", droitDe(mednum.RoleCoordinateur, mednum.PorteeCommune, montauban)}
	tous  = Personne{"compte:tous", droitDe(mednum.RoleAdministrateur, mednum.PorteeTout, "")}
)

func initiative() ContenuFiche {
	return ContenuFiche{Genre: FicheInitiative, Titre: "Un atelier le samedi", Portee: FicheCommune, Zone: moissac, Theme: demarche, Statut: StatutEnCours, Reponse: "À la médiathèque.", Appris: "Le soir, personne ne vient."}
}

// A fiche from its first words to its withdrawal, and back.
func TestFiche(t *testing.T) {
	e := ouvrirEcoute(t)
	ctx := t.Context()
	f := e.fiches
	c := initiative()
	c.Titre, c.Reponse = "Un  atelier le samedi, 06 12 34 56 78", "Écrire à jean@exemple.fr"
	v, err := f.Ecrire(ctx, elue, "1", c)
	reussi(t, err)
	if v.Contenu.Titre != "Un atelier le samedi, [numéro masqué]" || v.Contenu.Reponse != "Écrire à [e-mail masqué]" || v.Etat != EtatBrouillon {
		t.Errorf("%+v", v)
	}
	deux, err := f.Ecrire(ctx, elue, "1", c)
	if err != nil || deux.ID != v.ID || deux.Version != 1 {
		t.Errorf("sent twice: %+v, %v", deux, err)
	}
	if _, err := f.Fiche(ctx, chef, v.ID); !refuse(err, mednum.Introuvable, genreFiche) {
		t.Errorf("a draft is read: %v", err)
	}
	faire := func(p Personne, g GesteFiche, message string, etat EtatFiche, publics int) {
		t.Helper()
		if v, err = f.Suivre(ctx, p, v.ID, v.Version, g, message); err != nil {
			t.Fatalf("%s: %v", g, err)
		}
		if v.Etat != etat || len(f.Publiees()) != publics || v.Message != message {
			t.Errorf("%s: %s, %d published, %q", g, v.Etat, len(f.Publiees()), v.Message)
		}
	}
	faire(elue, GesteProposer, "", EtatProposee, 0)
	faire(chef, GesteRevoir, "Combien de personnes ?", EtatBrouillon, 0)
	v, err = f.Recrire(ctx, elue, v.ID, v.Version, initiative())
	reussi(t, err)
	faire(elue, GesteProposer, "", EtatProposee, 0)
	faire(chef, GesteAccepter, "", EtatPubliee, 1)
	want := []FichePubliee{{v.ID, initiative(), mednum.Date{Annee: 2026, Mois: 11, Jour: 24}}}
	if d := cmp.Diff(want, f.Publiees()); d != "" {
		t.Error(d)
	}
	// Another text waits, the accepted one stays.
	neuf := initiative()
	neuf.Statut, neuf.Appris = StatutFait, "Le samedi matin convient."
	v, err = f.Recrire(ctx, elue, v.ID, v.Version, neuf)
	reussi(t, err)
	faire(elue, GesteProposer, "", EtatProposee, 1)
	if d := cmp.Diff(initiative(), f.Publiees()[0].ContenuFiche); d != "" {
		t.Error(d)
	}
	faire(chef, GesteRefuser, "C’est trop tôt.", EtatPubliee, 1)
	if v.Contenu.Statut != StatutEnCours {
		t.Errorf("after a refusal: %+v", v.Contenu)
	}
	faire(chef, GesteRetirer, "Erreur de ma part.", EtatRetiree, 0)
	faire(chef, GesteRemettre, "", EtatPubliee, 1)
	faire(chef, GesteRetirer, "", EtatRetiree, 0)
	v, err = f.Recrire(ctx, elue, v.ID, v.Version, neuf)
	if reussi(t, err); v.Etat != EtatBrouillon || len(f.Publiees()) != 0 || v.Publie != nil {
		t.Errorf("written again after it was withdrawn: %+v", v)
	}
	var gestes []string
	for _, x := range v.Histoire {
		gestes = append(gestes, string(x.Geste))
	}
	if got := strings.Join(gestes, " "); got != "creer proposer revoir modifier proposer accepter modifier proposer refuser retirer remettre retirer modifier" || v.Histoire[6].Contenu.Statut != StatutFait {
		t.Errorf("history: %s", got)
	}
	autreProgramme := NewFiches(e.base, f.catalogue, e.ter, e.now)
	reussi(t, autreProgramme.Recharger(ctx))
	if n := len(autreProgramme.Publiees()); n != 0 {
		t.Errorf("another program publishes %d", n)
	}
}

// Who writes, who reads, who reviews.
func TestFicheDroits(t *testing.T) {
	e := ouvrirEcoute(t)
	ctx, f := t.Context(), e.fiches
	for _, tt := range []struct {
		name   string
		p      Personne
		portee PorteeFiche
		zone   string
		want   bool
	}{
		{"one’s commune", elue, FicheCommune, moissac, true},
		{"another", elue, FicheCommune, montauban, false},
		{"the EPCI of one’s commune", elue, FicheEPCI, epciMoissac, false},
		{"one’s EPCI", chef, FicheEPCI, epciMoissac, true},
		{"a commune of one’s EPCI", chef, FicheCommune, moissac, true},
		{"the territory", chef, FicheTerritoire, "", false},
		{"the territory, all of it", tous, FicheTerritoire, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := initiative()
			c.Portee, c.Zone = tt.portee, tt.zone
			_, err := f.Ecrire(ctx, tt.p, tt.name, c)
			if (err == nil) != tt.want || err != nil && !refuse(err, mednum.Interdit, "zone") {
				t.Error(err)
			}
		})
	}
	v, err := f.Ecrire(ctx, elue, "x", initiative())
	reussi(t, err)
	v, err = f.Suivre(ctx, elue, v.ID, v.Version, GesteProposer, "")
	reussi(t, err)
	for _, g := range []GesteFiche{GesteAccepter, GesteRevoir, GesteRefuser, GesteRetirer, GesteRemettre} {
		if _, err := f.Suivre(ctx, elue, v.ID, v.Version, g, "parce que"); !refuse(err, mednum.Interdit, "geste") {
			t.Errorf("the author may %s: %v", g, err)
		}
		for _, p := range []Personne{loin, autre} {
			if _, err := f.Suivre(ctx, p, v.ID, v.Version, g, "parce que"); !refuse(err, mednum.Introuvable, genreFiche) {
				t.Errorf("%s may %s: %v", p.Auteur, g, err)
			}
		}
	}
	// A fiche of the territory is reviewed by who coordinates all of it.
	c := initiative()
	c.Portee, c.Zone = FicheTerritoire, ""
	t2, err := f.Ecrire(ctx, tous, "y", c)
	reussi(t, err)
	if f.Coordonne(chef, &t2) || !f.Coordonne(tous, &t2) {
		t.Error("who coordinates an EPCI reviews what is of the territory")
	}
	vues := func(p Personne) int {
		liste, err := f.De(ctx, p)
		reussi(t, err)
		return len(liste)
	}
	if a, b, c := vues(elue), vues(autre), vues(loin); a != 2 || b != 0 || c != 0 {
		t.Errorf("they see %d, %d, %d", a, b, c)
	}
}

func TestFicheRefusee(t *testing.T) {
	e := ouvrirEcoute(t)
	ctx, f := t.Context(), e.fiches
	for champ, change := range map[string]func(*ContenuFiche){
		"genre": func(c *ContenuFiche) { c.Genre = "avis" }, "titre": func(c *ContenuFiche) { c.Titre = " " },
		"zone": func(c *ContenuFiche) { c.Zone = "99999" }, "theme": func(c *ContenuFiche) { c.Theme = "x" },
		"statut": func(c *ContenuFiche) { c.Statut = "" }, "reponse": func(c *ContenuFiche) { c.Reponse = strings.Repeat("a", 2001) },
		"appris": func(c *ContenuFiche) { c.Appris = strings.Repeat("é", 2001) },
	} {
		c := initiative()
		change(&c)
		if _, err := f.Ecrire(ctx, elue, champ, c); !refuse(err, mednum.Invalide, champ) {
			t.Errorf("%s: %v", champ, err)
		}
	}
	v, err := f.Ecrire(ctx, elue, "x", initiative())
	reussi(t, err)
	if _, err := f.Suivre(ctx, elue, v.ID, 7, GesteProposer, ""); !refuse(err, mednum.Perime, genreFiche) {
		t.Errorf("another version: %v", err)
	}
	v, err = f.Suivre(ctx, elue, v.ID, v.Version, GesteProposer, "")
	reussi(t, err)
	for _, g := range []GesteFiche{GesteRevoir, GesteRefuser} {
		if _, err := f.Suivre(ctx, chef, v.ID, v.Version, g, "  "); !refuse(err, mednum.Invalide, "message") {
			t.Errorf("%s without a word: %v", g, err)
		}
	}
	for _, g := range []GesteFiche{GesteRetirer, GesteRemettre, GesteProposer} {
		if _, err := f.Suivre(ctx, chef, v.ID, v.Version, g, ""); !refuse(err, mednum.Conflit, "etat") {
			t.Errorf("%s: %v", g, err)
		}
	}
	if _, err := f.Suivre(ctx, chef, v.ID, v.Version, "brûler", ""); !refuse(err, mednum.Invalide, "geste") {
		t.Errorf("an unknown gesture: %v", err)
	}
}

// A text that was withdrawn from one zone is not put back there by who coordinates
// another, to which its author moved the fiche meanwhile.
func TestFicheDeplacee(t *testing.T) {
	e := ouvrirEcoute(t)
	ctx, f := t.Context(), e.fiches
	deux := Personne{"compte:deux", append(droitDe(mednum.RoleContributeur, mednum.PorteeCommune, moissac), droitDe(mednum.RoleContributeur, mednum.PorteeCommune, montauban)...)}
	v, err := f.Ecrire(ctx, deux, "1", initiative())
	reussi(t, err)
	suivre := func(p Personne, g GesteFiche) error {
		t.Helper()
		var err error
		v, err = f.Suivre(ctx, p, v.ID, v.Version, g, "parce que")
		return err
	}
	reussi(t, suivre(deux, GesteProposer))
	reussi(t, suivre(chef, GesteAccepter))
	reussi(t, suivre(chef, GesteRetirer))
	c := initiative()
	c.Zone = montauban
	v, err = f.Recrire(ctx, deux, v.ID, v.Version, c)
	reussi(t, err)
	reussi(t, suivre(deux, GesteProposer))
	for _, g := range []GesteFiche{GesteRefuser, GesteRemettre} {
		if _, err := f.Suivre(ctx, loin, v.ID, v.Version, g, "parce que"); !refuse(err, mednum.Introuvable, genreFiche) {
			t.Errorf("who coordinates the other zone may %s: %v", g, err)
		}
	}
	if len(f.Publiees()) != 0 {
		t.Errorf("%+v is published", f.Publiees())
	}
	reussi(t, suivre(tous, GesteRefuser)) // who coordinates both decides
	reussi(t, suivre(tous, GesteRemettre))
}
