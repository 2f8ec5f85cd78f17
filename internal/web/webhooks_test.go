package web_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// recepteur is a program that is told of changes.
type recepteur struct {
	*httptest.Server
	mu    sync.Mutex
	code  int
	recus []string // bodies whose signature is good under secret
	faux  int
	cle   []byte
}

func ouvrirRecepteur(t *testing.T) *recepteur {
	t.Helper()
	r := &recepteur{code: http.StatusOK}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *recepteur) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	corps, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	m := hmac.New(sha256.New, r.cle)
	fmt.Fprintf(m, "%s.%s.%s", req.Header.Get("Webhook-Id"), req.Header.Get("Webhook-Timestamp"), corps)
	if strings.Contains(req.Header.Get("Webhook-Signature"), "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil))) {
		r.recus = append(r.recus, string(corps))
	} else {
		r.faux++
	}
	w.WriteHeader(r.code)
	_, _ = io.WriteString(w, "SECRETREPONSE")
}

var motifSecretMontre = regexp.MustCompile(`<code id="secret">(whsec_[A-Za-z0-9+/=]+|whsec_[^<]+)</code>`)

// secretMontre is the secret that the page shows.
func (v *visiteur) secretMontre(t *testing.T) string {
	t.Helper()
	m := motifSecretMontre.FindStringSubmatch(strings.ReplaceAll(v.page, "&#43;", "+"))
	if m == nil {
		t.Fatalf("no secret in\n%s", v.page)
	}
	return m[1]
}

func (r *recepteur) connaitre(t *testing.T, secret string) {
	t.Helper()
	cle, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	check(t, err)
	r.cle = cle
}

// livrer notes what changed and sends what is due.
func (b banc) livrer(t *testing.T) {
	t.Helper()
	_, err := b.prevenir.Noter(t.Context())
	check(t, err)
	check(t, b.prevenir.Livrer(t.Context()))
}

// From the page to the program that is told, and back to the page.
func TestWebhooks(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	r := ouvrirRecepteur(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code))
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))

	chef.voir(t, "/espace/comptes", "Prévenir un autre logiciel")
	chef.voir(t, "/espace/webhooks", "Aucun webhook")
	chef.voir(t, "/espace/webhooks/ajouter", "Tous les lieux", "Intercommunalités", "Moissac")
	page := chef.page
	if rep := chef.envoyer(t, "/espace/webhooks/ajouter", "url", r.URL+"/r", "portee", "commune:"+moissac, "nom", "Site de <Moissac>"); rep.StatusCode != http.StatusOK {
		t.Fatalf("%d\n%s", rep.StatusCode, chef.page)
	}
	chef.exiger(t, "Copiez ce secret maintenant", "Site de &lt;Moissac&gt;", "data-copier")
	secret := chef.secretMontre(t)
	r.connaitre(t, secret)
	chef.page = page // the same form, sent twice
	chef.envoyer(t, "/espace/webhooks/ajouter", "url", r.URL+"/r", "portee", "commune:"+moissac, "nom", "Site de <Moissac>")
	if chef.secretMontre(t) != secret {
		t.Error("a form sent twice draws two secrets")
	}
	tous, err := b.prevenir.Liste(t.Context())
	check(t, err)
	if len(tous) != 1 {
		t.Fatalf("%d webhooks", len(tous))
	}
	ici := "/espace/webhooks/" + tous[0].ID
	chef.voir(t, ici, "Site de &lt;Moissac&gt;", r.URL+"/r", "Les lieux de Moissac", "Prêt : rien n’a encore été envoyé", "Aucun pour l’instant", "!"+secret, "!whsec_")

	chef.agir(t, ici+"/essai", nil, "L’essai part", "Essai", "En attente", "1 envoi attend")
	b.livrer(t)
	chef.voir(t, ici, "Dernier envoi reçu à l’instant", "Reçu (200) à l’instant", "!SECRETREPONSE")

	jeanne.voir(t, "/espace/lieux/"+l.ID)
	jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "Du nouveau."})
	b.livrer(t)
	chef.voir(t, ici, "1 lieu modifié : "+l.Champs.Nom, "Reçu (200)")
	if len(r.recus) != 2 || r.faux != 0 || !strings.Contains(r.recus[1], "Du nouveau.") || strings.Contains(r.recus[1], "compte") || strings.Contains(r.recus[1], "Jeanne") {
		t.Fatalf("%d messages, %d with a wrong signature: %v", len(r.recus), r.faux, r.recus)
	}

	r.code = 500
	jeanne.voir(t, "/espace/lieux/"+l.ID)
	jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", "Encore."})
	b.livrer(t)
	chef.voir(t, "/espace/file", "!ne prévient plus")
	chef.voir(t, "/espace/webhooks", "1 échec : l’adresse a répondu 500. Prochain essai à 10 h 30", "1 envoi attend")
	chef.voir(t, ici, "1 échec : l’adresse a répondu 500", "!SECRETREPONSE")
	r.code = 200
	liste, err := b.prevenir.Livraisons(t.Context(), tous[0].ID, 20)
	check(t, err)
	attend := ""
	for i := range liste {
		if liste[i].Essais == 1 && liste[i].Etat == "a_envoyer" {
			attend = liste[i].ID
		}
	}
	chef.agir(t, ici+"/renvoyer", []string{"livraison", attend}, "L’envoi repart")
	b.livrer(t)
	chef.voir(t, ici, "au 2e essai", "Dernier envoi reçu")

	chef.voir(t, ici+"/secret", "24 heures")
	chef.envoyer(t, ici+"/secret")
	chef.exiger(t, "Copiez ce secret maintenant", "L’ancien secret signe encore jusqu’à mercredi 25 novembre à 10 h 30")
	if chef.secretMontre(t) == secret {
		t.Error("the same secret")
	}
	chef.voir(t, ici, "!whsec_", "L’ancien secret signe encore")

	chef.agir(t, ici+"/pause", nil, "est en pause", "Mis en pause à l’instant", "Reprendre")
	chef.agir(t, ici+"/reprendre", nil, "Le webhook reprend", "Mettre en pause")
	r.code = http.StatusGone
	chef.voir(t, ici)
	chef.agir(t, ici+"/essai", nil)
	b.livrer(t)
	chef.voir(t, ici, "Arrêté à l’instant : l’adresse a répondu qu’elle n’existe plus (410)", "Échec à l’instant : l’adresse a répondu 410")
	chef.voir(t, "/espace/file", "Le webhook « Site de &lt;Moissac&gt; » ne prévient plus personne. Arrêté à l’instant")
	chef.voir(t, ici+"/supprimer", "s’effacent")
	chef.faire(t, ici+"/supprimer", "/espace/webhooks?fait=webhook-ote")
	chef.exiger(t, "Aucun webhook")
	if rep := chef.demander(t, http.MethodGet, ici, nil); rep.StatusCode != http.StatusNotFound {
		t.Errorf("taken away: %d", rep.StatusCode)
	}
	if strings.Contains(b.journal.String(), "whsec_") || strings.Contains(b.journal.String(), r.URL) {
		t.Errorf("the log:\n%s", b.journal)
	}
}

// A webhook is the territory's: it goes on when whoever added it is gone, and
// those who stay have it in hand.
func TestWebhookApresUnDepart(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	r := ouvrirRecepteur(t)
	droitTout := role(mednum.RoleCoordinateur, mednum.PorteeTout, "")
	parti, reste := b.invite(t, "paul@exemple.fr", droitTout), b.invite(t, "marie@exemple.fr", droitTout)
	jeanne := b.invite(t, "jeanne@exemple.fr", droit(mednum.PorteeLieu, l.ID))
	parti.voir(t, "/espace/webhooks/ajouter")
	parti.envoyer(t, "/espace/webhooks/ajouter", "url", r.URL+"/r", "portee", "tout")
	r.connaitre(t, parti.secretMontre(t))
	x, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
	check(t, err)
	_, err = b.comptes.Deshabiliter(t.Context(), x.ID, droitTout)
	check(t, err)
	if rep := parti.demander(t, http.MethodGet, "/espace/webhooks", nil); rep.StatusCode != http.StatusForbidden {
		t.Errorf("who is gone still has the page: %d", rep.StatusCode)
	}
	changer := func(texte string) {
		jeanne.voir(t, "/espace/lieux/"+l.ID)
		jeanne.agir(t, "/espace/lieux/"+l.ID+"/partie/presentation", []string{"presentation_resume", texte})
		b.livrer(t)
	}
	changer("Un.")
	if len(r.recus) != 1 {
		t.Errorf("%d messages", len(r.recus))
	}
	tous, err := b.prevenir.Liste(t.Context())
	check(t, err)
	ici := "/espace/webhooks/" + tous[0].ID
	reste.voir(t, ici, r.URL+"/r")
	reste.agir(t, ici+"/pause", nil, "est en pause")
	changer("Deux.")
	if len(r.recus) != 1 {
		t.Errorf("%d messages after the pause", len(r.recus))
	}
}

// A webhook that was stopped is told to those who keep it, to no other
// coordinator; and nobody has messages sent without end.
func TestWebhookArreteEtEssais(t *testing.T) {
	b := newBanc(t)
	r := ouvrirRecepteur(t)
	r.code = http.StatusGone
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	voisin := b.invite(t, "marie@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, b.ter.EPCIs[0].Code))
	chef.voir(t, "/espace/webhooks/ajouter")
	chef.envoyer(t, "/espace/webhooks/ajouter", "url", r.URL+"/r", "portee", "tout", "nom", "Le site")
	tous, err := b.prevenir.Liste(t.Context())
	check(t, err)
	ici := "/espace/webhooks/" + tous[0].ID
	chef.voir(t, ici)
	for range 59 { // and the adding
		if rep := chef.envoyer(t, ici+"/essai"); rep.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d\n%.600s", rep.StatusCode, chef.page)
		}
		chef.voir(t, ici)
	}
	if rep := chef.envoyer(t, ici+"/essai"); rep.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%d after sixty", rep.StatusCode)
	}
	b.livrer(t)
	chef.voir(t, "/espace/file", "Le webhook « Le site » ne prévient plus personne")
	voisin.voir(t, "/espace/file", "!Le site", "!ne prévient plus")
}

// What is wrong is said on its field, and what was typed stays.
func TestWebhookFautes(t *testing.T) {
	b := newBanc(t)
	chef := b.invite(t, "paul@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeTout, ""))
	for _, tt := range []struct {
		name, url, portee, nom string
		mots                   []string
	}{
		{"no address", "", "tout", "", []string{`href="#url"`}},
		{"in clear", "http://exemple.fr/r", "tout", "Le nom", []string{`href="#url"`, "https://", `value="http://exemple.fr/r"`, `value="Le nom"`}},
		{"private", "https://192.168.1.1/", "tout", "", []string{`href="#url"`, "réseau privé"}},
		{"this machine's network", "https://169.254.169.254/", "tout", "", []string{`href="#url"`, "réseau privé"}},
		{"no scope", "https://93.184.215.14/", "", "", []string{`href="#portee"`, "Choisissez"}},
		{"another scope", "https://93.184.215.14/", "lieu:x", "", []string{`href="#portee"`}},
		{"a long name", "https://93.184.215.14/", "tout", strings.Repeat("a", 81), []string{`href="#nom"`, "80"}},
		{"all at once", "https://10.0.0.1/", "x", strings.Repeat("a", 81), []string{`href="#nom"`, `href="#url"`, `href="#portee"`, "3 choses"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chef.voir(t, "/espace/webhooks/ajouter")
			if rep := chef.envoyer(t, "/espace/webhooks/ajouter", "url", tt.url, "portee", tt.portee, "nom", tt.nom); rep.StatusCode != http.StatusBadRequest {
				t.Fatalf("%d\n%s", rep.StatusCode, chef.page)
			}
			chef.exiger(t, append(tt.mots, "À corriger")...)
		})
	}
	if tous, err := b.prevenir.Liste(t.Context()); err != nil || len(tous) != 0 {
		t.Errorf("%d webhooks, %v", len(tous), err)
	}
}

// Only who coordinates the whole territory has these pages.
func TestWebhooksDroits(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	epci := b.ter.EPCIs[0].Code
	for _, tt := range []struct {
		droit mednum.Habilitation
		want  bool
	}{
		{role(mednum.RoleMediateur, mednum.PorteeTout, ""), false},
		{role(mednum.RoleMediateur, mednum.PorteeDepartement, b.ter.Code), false},
		{role(mednum.RoleCoordinateur, mednum.PorteeLieu, l.ID), false},
		{role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epci), false},
		{role(mednum.RoleAdministrateur, mednum.PorteeEPCI, epci), false},
		{role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "46"), false},
		{role(mednum.RoleCoordinateur, mednum.PorteeDepartement, b.ter.Code), true},
		{role(mednum.RoleCoordinateur, mednum.PorteeTout, ""), true},
		{role(mednum.RoleAdministrateur, mednum.PorteeDepartement, b.ter.Code), true},
	} {
		v := b.invite(t, "paul@exemple.fr", tt.droit)
		for _, r := range b.routes(t, valeurs("x"), func(_, modele string) bool { return strings.HasPrefix(modele, "/espace/webhooks") }) {
			rep := v.requete(t, r.methode, r.chemin, "sceau="+v.sceau(t)+"&cle="+strings.Repeat("a", 26))
			if (rep.StatusCode != http.StatusForbidden) != tt.want || rep.StatusCode >= 500 {
				t.Errorf("%+v: %s %s: %d", tt.droit, r.methode, r.chemin, rep.StatusCode)
			}
		}
		if tt.droit.Role.Coordinates() {
			mot := "!Prévenir un autre logiciel"
			if tt.want {
				mot = mot[1:]
			}
			v.voir(t, "/espace/comptes", mot)
		}
		x, err := b.comptes.CompteDe(t.Context(), "paul@exemple.fr")
		check(t, err)
		_, err = b.comptes.Deshabiliter(t.Context(), x.ID, tt.droit)
		check(t, err)
	}
}
