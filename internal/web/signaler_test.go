package web_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/web"
)

// signaler opens the form of a report as somebody without an account, waits for
// as long as one takes to fill it, and sends it.
func (v *visiteur) signaler(t *testing.T, lieu string, paires ...string) *http.Response {
	t.Helper()
	v.voir(t, "/lieux/"+lieu+"/signaler", "Signaler une erreur")
	v.attendre(3 * time.Second)
	return v.envoyer(t, "/lieux/"+lieu+"/signaler", paires...)
}

func (b banc) ouverts(t *testing.T) []ecoute.Signalement {
	t.Helper()
	liste, err := b.signale.Ouverts(t.Context())
	check(t, err)
	return liste
}

// Anybody says what is wrong, without an account; what leads to a person is
// masked before it is kept; the same thing said twice is counted.
func TestSignaler(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	v.voir(t, "/lieux/"+l.ID, `href="/lieux/`+l.ID+`/signaler"`)
	v.voir(t, "/embarque/lieux/"+l.ID, `href="/lieux/`+l.ID+`/signaler" rel="nofollow noopener" target="_blank"`)

	rep := v.signaler(t, l.ID, "nature", "ferme", "texte", "Rideau baissé. Rappelez-moi au 06 12 34 56 78 ou a@exemple.fr.")
	if rep.StatusCode != http.StatusSeeOther || len(rep.Cookies()) > 0 {
		t.Fatalf("%d %v\n%s", rep.StatusCode, rep.Cookies(), v.page)
	}
	v.voir(t, rep.Header.Get("Location"), "Merci", "vérifie", `<p class="actions"><a class="bouton" href="/"`)
	v.signaler(t, l.ID, "nature", "ferme")
	v.signaler(t, l.ID, "nature", "numero", "courriel", "Lea@Exemple.fr")
	liste := b.ouverts(t)
	if len(liste) != 2 || liste[0].N+liste[1].N != 3 {
		t.Fatalf("%+v", liste)
	}
	for _, x := range liste {
		if dit := fmt.Sprint(x); strings.Contains(dit, "06 12") || strings.Contains(strings.ToLower(dit), "exemple.fr") {
			t.Errorf("kept: %s", dit)
		}
		if x.Nature == ecoute.NatureFerme && (x.N != 2 || !strings.Contains(x.Textes[0].Texte, "Rideau baissé.")) {
			t.Errorf("%+v", x)
		}
	}
	if _, page := b.get(t, "/lieux/"+l.ID); strings.Contains(page, "Rideau") {
		t.Error("a report is public")
	}
}

// What is wrong is said on its field, what was typed stays, nothing is kept.
func TestSignalerFautes(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	for _, tt := range []struct {
		name   string
		attend time.Duration
		champs []string
		want   []string
	}{
		{"nothing chosen", time.Minute, nil, []string{`href="#nature"`, "Choisissez ce qui ne va pas"}},
		{"something else, without a word", time.Minute, []string{"nature", "autre"}, []string{`href="#texte"`, "Écrivez en quelques mots"}},
		{"a text too long", time.Minute, []string{"nature", "ferme", "texte", strings.Repeat("é", 501)}, []string{"500 caractères", "éé"}},
		{"an address that is none", time.Minute, []string{"nature", "ferme", "texte", "Volets clos", "courriel", "lea"}, []string{`href="#courriel"`, "nom@exemple.fr", `value="lea"`, "Volets clos", `value="ferme" required checked`, "<details class=\"autres\" open>"}},
		{"filled too fast", time.Second, []string{"nature", "ferme", "texte", "Volets clos"}, []string{"très vite", "Volets clos"}},
		{"a form kept too long", 25 * time.Hour, []string{"nature", "ferme"}, []string{"trop longtemps"}},
		{"a seal made up", time.Minute, []string{"nature", "ferme", "jeton", "x.y.z"}, []string{"trop longtemps"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v.voir(t, "/lieux/"+l.ID+"/signaler")
			b.attendre(tt.attend)
			if rep := v.envoyer(t, "/lieux/"+l.ID+"/signaler", tt.champs...); rep.StatusCode != http.StatusBadRequest {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			v.exiger(t, append(tt.want, "À corriger")...)
		})
	}
	t.Run("a field that no person sees", func(t *testing.T) {
		if rep := v.signaler(t, l.ID, "nature", "ferme", "site", "https://exemple.org"); rep.StatusCode != http.StatusSeeOther {
			t.Errorf("%d", rep.StatusCode)
		}
	})
	if n := len(b.ouverts(t)); n != 0 {
		t.Errorf("%d reports are kept", n)
	}
	t.Run("too fast, then sent again as it is", func(t *testing.T) {
		v.voir(t, "/lieux/"+l.ID+"/signaler")
		v.envoyer(t, "/lieux/"+l.ID+"/signaler", "nature", "ferme")
		b.attendre(3 * time.Second)
		page := v.page
		for range 2 { // and a form that is sent twice counts once
			v.page = page
			if rep := v.envoyer(t, "/lieux/"+l.ID+"/signaler", "nature", "ferme"); rep.StatusCode != http.StatusSeeOther {
				t.Errorf("%d", rep.StatusCode)
			}
		}
		if liste := b.ouverts(t); len(liste) != 1 || liste[0].N != 1 {
			t.Errorf("%+v", liste)
		}
	})
}

// Floods: by network, then by place and by day for all networks.
func TestSignalerFlots(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	passes := 0
	for range 14 {
		if v.signaler(t, l.ID, "nature", "ferme").StatusCode == http.StatusSeeOther {
			passes++
		}
	}
	if passes != 10 {
		t.Errorf("%d went through from one network, want 10", passes)
	}
	v.exiger(t, "Attendez dix minutes")
	for range 5 { // days go by, but the windows of ten minutes
		b.attendre(11 * time.Minute)
		for range 6 {
			if v.signaler(t, l.ID, "nature", "numero").StatusCode == http.StatusSeeOther {
				passes++
			}
		}
	}
	if passes != 20 {
		t.Errorf("%d went through for one place in a day, want 20", passes)
	}
	v.exiger(t, "Recommencez demain")
	b.attendre(24 * time.Hour)
	if rep := v.signaler(t, l.ID, "nature", "numero"); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("the next day: %d\n%s", rep.StatusCode, v.page)
	}
}

// A place that was closed says so instead of the form; nothing is kept of it.
func TestSignalerFerme(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	v.voir(t, "/lieux/"+l.ID+"/signaler")
	b.attendre(time.Minute)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	chef.voir(t, "/espace/lieux/"+l.ID+"/fin")
	chef.agir(t, "/espace/lieux/"+l.ID+"/fin", []string{"le", "2026-11-20"}, "marqué comme fermé")
	if rep := v.envoyer(t, "/lieux/"+l.ID+"/signaler", "nature", "ferme"); rep.StatusCode != http.StatusOK {
		t.Errorf("%d", rep.StatusCode)
	}
	v.exiger(t, "Ce lieu n’existe plus")
	v.voir(t, "/lieux/"+l.ID+"/signaler", "Ce lieu n’existe plus", "Les lieux les plus proches")
	if n := len(b.ouverts(t)); n != 0 {
		t.Errorf("%d reports are kept", n)
	}
	if rep, _ := b.get(t, "/lieux/inconnu/signaler"); rep.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown place: %d", rep.StatusCode)
	}
}

// signalement is the only report that waits.
func (b banc) signalement(t *testing.T) ecoute.Signalement {
	t.Helper()
	liste := b.ouverts(t)
	if len(liste) != 1 {
		t.Fatalf("%d reports wait", len(liste))
	}
	return liste[0]
}

// Each decision does to the place what it says, in one gesture, and one gesture
// takes it back.
func TestSignalementsDecisions(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	var lieux []mednum.Lieu
	for _, v := range b.lieux.Lieux() {
		if v.Champs.Telephone != "" && !v.HorsTerritoire {
			lieux = append(lieux, v.Lieu)
		}
	}
	for i, tt := range []struct {
		name, nature string
		champs       []string
		dit          string
		fait         func(l *mednum.Lieu) bool
		annule       bool // one gesture takes it back, the place too
	}{
		{"closed for good", "ferme", []string{"decision", "ferme"}, "Fermé pour toujours", func(l *mednum.Lieu) bool { return l.Statut == mednum.StatutFerme }, true},
		{"closed for a time", "ferme", []string{"decision", "pause", "au", "2026-12-31"}, "Fermé pour un temps", func(l *mednum.Lieu) bool {
			return len(l.Exceptions) == 1 && l.Exceptions[0].Du.String() == "2026-11-24" && l.Exceptions[0].Au.String() == "2026-12-31" && !l.Exceptions[0].Ouvert
		}, true},
		{"no number", "numero", []string{"decision", "numero"}, "Numéro changé", func(l *mednum.Lieu) bool { return l.Champs.Telephone == "" }, true},
		{"another number", "numero", []string{"decision", "numero", "telephone", "05 63 00 00 42"}, "Numéro changé", func(l *mednum.Lieu) bool { return l.Champs.Telephone == "+33563000042" }, false},
		{"all is right", "numero", []string{"decision", "verifie"}, "Vérifié, c’est juste", func(l *mednum.Lieu) bool { return l.VerifieLe.String() == "2026-11-24" }, false},
		{"corrected on its page", "autre", []string{"decision", "corrige"}, "Page corrigée", func(l *mednum.Lieu) bool { return l.Version == 1 }, false},
		{"nothing, for a reason", "autre", []string{"decision", "sans-suite", "motif", "Le lieu dit le contraire"}, "Sans suite", func(l *mednum.Lieu) bool { return l.Version == 1 }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lieux[i]
			(&visiteur{banc: b}).signaler(t, l.ID, "nature", tt.nature, "texte", "Vu ce matin")
			x := b.signalement(t)
			chef.voir(t, "/espace/signalements", l.Champs.Nom, "Vu ce matin", "Appelez le lieu", "aujourd’hui")
			chef.agir(t, "/espace/signalements/"+x.ID+"/decider", tt.champs, "Le signalement est clos", tt.dit, "Jeanne Essai", "Rien n’attend")
			apres, err := b.base.Lieu(t.Context(), l.ID)
			check(t, err)
			if !tt.fait(&apres) {
				t.Errorf("the place is %+v", apres.Champs)
			}
			if !tt.annule {
				return
			}
			chef.agir(t, "/espace/signalements/"+x.ID+"/annuler", nil, "La décision est annulée", "Vu ce matin")
			rendu, err := b.base.Lieu(t.Context(), l.ID)
			check(t, err)
			if tt.fait(&rendu) || rendu.Statut != l.Statut || rendu.Champs.Telephone != l.Champs.Telephone || len(rendu.Exceptions) != len(l.Exceptions) {
				t.Errorf("taken back, the place is %+v", rendu)
			}
			if b.signalement(t).ID != x.ID {
				t.Error("it does not wait again")
			}
			// And decided otherwise: the first key does not stand in the way.
			chef.agir(t, "/espace/signalements/"+x.ID+"/decider", []string{"decision", "corrige"}, "Page corrigée")
		})
	}
}

// Who may decide: those who keep the place, and nobody else; what is refused
// changes nothing and keeps what was typed; of two at once the second is told.
func TestSignalementsQui(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	v := &visiteur{banc: b}
	v.signaler(t, l.ID, "nature", "ferme")
	x := b.signalement(t)
	page := "/espace/signalements/" + x.ID
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	voisin := b.invite(t, "lea@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, "82121").ID))
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))

	voisin.voir(t, "/espace/signalements", "Rien n’attend")
	if strings.Contains(voisin.page, l.Champs.Nom) {
		t.Error("somebody else's report is shown")
	}
	for _, chemin := range []string{"/decider", "/annuler", "/repondre"} {
		if rep := voisin.envoyer(t, page+chemin, "decision", "ferme"); rep.StatusCode != http.StatusForbidden {
			t.Errorf("%s by somebody else: %d", chemin, rep.StatusCode)
		}
	}
	if rep := voisin.demander(t, http.MethodGet, page, nil); rep.StatusCode != http.StatusForbidden {
		t.Errorf("read by somebody else: %d", rep.StatusCode)
	}
	jeanne.voir(t, "/espace", "1 signalement attend", `href="/espace/signalements"`)
	jeanne.voir(t, "/espace/lieux/"+l.ID, "1 signalement attend")
	jeanne.voir(t, page, l.Champs.Nom)
	for _, faux := range []struct{ champs, mots []string }{
		{[]string{"decision", "sans-suite"}, []string{"Dites pourquoi"}},
		{[]string{"decision", "pause", "au", "bientôt"}, []string{"24/12/2026", `value="bientôt"`}},
		{[]string{"decision", "pause", "au", "2026-01-02"}, []string{"déjà passé"}},
		{[]string{"decision", "numero", "telephone", "12"}, []string{`href="#telephone-` + x.ID}},
		{[]string{"decision", "rien"}, []string{"Choisissez ce que vous décidez"}},
	} {
		if rep := jeanne.envoyer(t, page+"/decider", faux.champs...); rep.StatusCode != http.StatusBadRequest {
			t.Errorf("%v: %d", faux.champs, rep.StatusCode)
		}
		jeanne.exiger(t, faux.mots...)
	}
	chef.voir(t, "/espace/file", "1 signalement attend")
	chef.voir(t, "/espace/signalements")
	jeanne.agir(t, page+"/decider", []string{"decision", "verifie"}, "Vérifié")
	chef.agir(t, page+"/decider", []string{"decision", "ferme"}, "Quelqu’un d’autre avait déjà décidé", "Vérifié, c’est juste", "décidé par Jeanne Essai")
	if got := b.revisions(t, l.ID); len(got) != 2 || got[1].Apres.Statut != mednum.StatutPublie {
		t.Errorf("%d revisions", len(got))
	}
	// Somebody changed the place since: the decision is not taken back over them.
	chef.voir(t, "/espace/lieux/"+l.ID+"/partie/presentation")
	chef.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "Neuf."})
	chef.voir(t, page)
	chef.agir(t, page+"/annuler", nil, "elle ne s’annule plus d’ici")
}

// A place that changed since the page was shown is not changed blindly.
func TestSignalementsLieuChange(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	(&visiteur{banc: b}).signaler(t, l.ID, "nature", "numero")
	page := "/espace/signalements/" + b.signalement(t).ID
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	chef.voir(t, page)
	jeanne.voir(t, "/espace/lieux/"+l.ID+"/partie/contact")
	jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/contact", []string{"telephone", "05 63 00 00 42"})
	chef.agir(t, page+"/decider", []string{"decision", "numero"}, "Le lieu a changé entre-temps", "tel:&#43;33563000042")
	if apres, err := b.base.Lieu(t.Context(), l.ID); err != nil || apres.Champs.Telephone != "+33563000042" {
		t.Errorf("%q %v", apres.Champs.Telephone, err)
	}
}

// What is said of a place around the territory is read by those who coordinate
// it, who may not change the place.
func TestSignalementsAutour(t *testing.T) {
	b := newBanc(t)
	lieu := ""
	for _, v := range b.lieux.Lieux() {
		if v.HorsTerritoire {
			lieu = v.ID
		}
	}
	(&visiteur{banc: b}).signaler(t, lieu, "nature", "ferme")
	page := "/espace/signalements/" + b.signalement(t).ID + "/decider"
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	chef.voir(t, "/espace/signalements", "hors de votre territoire", "Sans suite")
	chef.voir(t, "/espace/reseau/lundi", "!On nous dit que ce lieu est fermé") // nothing of it can be mended from here
	if rep := chef.envoyer(t, page, "decision", "ferme"); rep.StatusCode != http.StatusForbidden {
		t.Errorf("closed from afar: %d", rep.StatusCode)
	}
	chef.voir(t, "/espace/signalements", "1 signalement attend")
	chef.agir(t, page, []string{"decision", "sans-suite", "motif", "Dit au Lot"}, "Le signalement est clos")
}

// Whoever left an address is answered once, with the decision and its reason; the
// address is then nowhere among the reports. Without a way to send mail it is
// kept, and the page offers to answer later.
func TestSignalementsReponse(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	for i, courriel := range []string{"Lea@Exemple.fr", "max@exemple.fr", ""} {
		v := &visiteur{banc: b}
		rep := v.signaler(t, l.ID, "nature", "autre", "texte", fmt.Sprint("Vu ", i), "courriel", courriel)
		v.voir(t, rep.Header.Get("Location"), "Merci")
		if got := strings.Contains(v.page, "Nous vous écrirons"); got != (courriel != "") {
			t.Errorf("%q: an answer is promised: %t", courriel, got)
		}
	}
	x := b.signalement(t)
	page := "/espace/signalements/" + x.ID
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
	chef.voir(t, page, "2 personnes attendent une réponse", "dit 3 fois", "Vu 2")
	if strings.Contains(strings.ToLower(chef.page), "lea@") {
		t.Error("an address is shown")
	}
	chef.agir(t, page+"/decider", []string{"decision", "sans-suite", "motif", "Le lieu est ouvert le matin"}, "2 réponses sont parties")
	lettres := b.lettres(t)
	var a []string
	for _, lettre := range lettres {
		if lettre.Genre != courrier.Signalement {
			continue
		}
		a = append(a, lettre.A)
		dit := strings.Join(lettre.Paragraphes, "\n")
		for _, mot := range []string{l.Champs.Nom, "« autre chose »", "ne change pas", "« Le lieu est ouvert le matin »"} {
			if !strings.Contains(dit, mot) {
				t.Errorf("%q absent of %s", mot, dit)
			}
		}
		if lettre.Boutons[0].URL != "https://exemple.fr/lieux/"+l.ID {
			t.Errorf("leads to %s", lettre.Boutons[0].URL)
		}
	}
	slices.Sort(a)
	if !slices.Equal(a, []string{"lea@exemple.fr", "max@exemple.fr"}) {
		t.Errorf("written to %v", a)
	}
	if n, err := b.signale.Attendus(t.Context()); err != nil || len(n) != 0 {
		t.Errorf("%v addresses are left, %v", n, err)
	}
	chef.agir(t, page+"/annuler", nil, "La décision est annulée")
	chef.agir(t, page+"/decider", []string{"decision", "verifie"}, "Le signalement est clos")
	chef.voir(t, "/espace/registre", "Signalement clos (autre chose)", "sans suite", "Décision annulée, signalement rouvert")
	if n := len(b.lettres(t)); n != len(lettres) {
		t.Errorf("%d letters, want %d: each is answered once", n, len(lettres))
	}
}

// Where no mail can leave, addresses wait, and the page offers to answer; where
// it can, it does.
func TestSignalementsSansCourrier(t *testing.T) {
	for _, avec := range []bool{false, true} {
		b := newBanc(t, func(c *web.Config) {
			if !avec {
				autre, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "courrier.db"), c.Now)
				check(t, err)
				t.Cleanup(func() { _ = autre.Close() })
				c.Courrier = courrier.New(autre, courrier.Reglages{}, c.Now, slog.New(slog.DiscardHandler))
			}
		})
		l := b.lieuDe(t, moissac)
		(&visiteur{banc: b}).signaler(t, l.ID, "nature", "numero", "courriel", "lea@exemple.fr")
		x := b.signalement(t)
		chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
		page := "/espace/signalements/" + x.ID
		_, err := b.signale.Decider(t.Context(), x.ID, ecoute.Choix{Decision: ecoute.DecisionVerifie}, catalogue.Edition{
			Auteur: "compte:x", Voie: "app", Droits: []mednum.Habilitation{role(mednum.RoleCoordinateur, mednum.PorteeTout, "")},
		})
		check(t, err)
		chef.voir(t, page, "1 personne attend une réponse", ">Répondre</button>")
		dit, reste := "Aucune réponse n’est partie", 1
		if avec {
			dit, reste = "La réponse part par courriel", 0
		}
		chef.agir(t, page+"/repondre", nil, dit)
		if n, err := b.signale.Attendus(t.Context()); err != nil || n[x.ID] != reste {
			t.Errorf("mail %t: %d addresses are left, %v", avec, n[x.ID], err)
		}
	}
}

// Several people who answer the same report at once write one letter to whoever
// waits, and count one.
func TestSignalementReponduADeux(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.invite(t, "chef@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	qui, err := b.comptes.CompteDe(t.Context(), "chef@exemple.fr")
	check(t, err)
	x, err := b.signale.Signaler(t.Context(), ecoute.Recu{Lieu: l.ID, Nature: ecoute.NatureNumero, Courriel: "lea@exemple.fr", Numero: "page"})
	check(t, err)
	_, err = b.signale.Decider(t.Context(), x.ID, ecoute.Choix{Decision: ecoute.DecisionCorrige}, catalogue.Edition{Auteur: qui.Auteur(), Voie: "app", Droits: qui.Habilitations})
	check(t, err)
	panne := errors.New("cut")
	b.base.panneOter.Store(&panne) // the first is cut before it forgets the address
	sceau := "sceau=" + chef.sceau(t)
	chef.requete(t, http.MethodPost, "/espace/signalements/"+x.ID+"/repondre", sceau)
	b.base.panneOter.Store(nil)
	var fils sync.WaitGroup
	for range 4 {
		fils.Go(func() { chef.requete(t, http.MethodPost, "/espace/signalements/"+x.ID+"/repondre", sceau) })
	}
	fils.Wait()
	if n := b.compterLettres(t, "Votre signalement"); n != 1 {
		t.Errorf("%d letters", n)
	}
	if n, err := b.signale.Attendus(t.Context()); err != nil || len(n) != 0 {
		t.Errorf("%v wait still, %v", n, err)
	}
}
