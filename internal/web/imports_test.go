package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

const tableau = `Nom du lieu;Ville;Code postal;Adresse;Date de mise à jour;Remarque interne
Espace numérique d’essai;Moissac;82200;12 rue des Exemples;2026-11-01;Voir Paul
Atelier d’essai;Moissac;82200;14 rue des Exemples;2026-11-01;
;Moissac;82200;16 rue des Exemples;2026-11-01;
`

// deposer sends files as a browser does: names and contents in turn.
func (v *visiteur) deposer(t *testing.T, reglages map[string]string, fichiers ...string) *http.Response {
	t.Helper()
	var corps bytes.Buffer
	m := multipart.NewWriter(&corps)
	for nom, valeurs := range v.champs() {
		if nom == "sceau" || nom == "cle" {
			check(t, m.WriteField(nom, valeurs[0]))
		}
	}
	for nom, valeur := range reglages {
		check(t, m.WriteField(nom, valeur))
	}
	for i := 0; i+1 < len(fichiers); i += 2 {
		p, err := m.CreateFormFile("fichiers", fichiers[i])
		check(t, err)
		_, err = p.Write([]byte(fichiers[i+1]))
		check(t, err)
	}
	check(t, m.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/espace/imports", &corps)
	check(t, err)
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.AddCookie(&http.Cookie{Name: "__Host-adeuxpas", Value: v.cookie})
	rep, err := v.app.Test(req, -1)
	if err != nil && strings.Contains(err.Error(), "body size exceeds") { // cut off before any page
		return &http.Response{StatusCode: http.StatusRequestEntityTooLarge}
	}
	check(t, err)
	defer rep.Body.Close()
	var page bytes.Buffer
	_, err = page.ReadFrom(rep.Body)
	check(t, err)
	v.page = page.String()
	return rep
}

// besogner has the work that lasts done beside the test.
func (b banc) besogner(t *testing.T) (arreter func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	fini := make(chan struct{})
	go func() {
		b.bureau.Suivre(ctx)
		close(fini)
	}()
	arreter = func() {
		cancel()
		<-fini
	}
	t.Cleanup(arreter)
	return arreter
}

// arriver waits for the import to be where it is wanted.
func (v *visiteur) arriver(t *testing.T, etat collecte.EtatDepot) collecte.Depot {
	t.Helper()
	for range 300 {
		d, ok, err := v.bureau.Depot(t.Context())
		check(t, err)
		if ok && d.Etat == etat {
			return d
		}
		time.Sleep(20 * time.Millisecond)
	}
	d, _, _ := v.bureau.Depot(t.Context())
	t.Fatalf("the import is %s (%s), want %s", d.Etat, d.Raison, etat)
	return d
}

// A file is brought, its plan read, its columns named, then written as it was
// shown, and undone by what its page says.
func TestImports(t *testing.T) {
	b := newBanc(t)
	b.besogner(t)
	v := b.chef(t, "jeanne@exemple.fr")
	v.voir(t, "/espace/imports", "Voir ce qui changerait", "64", `enctype="multipart/form-data"`)
	if rep := v.deposer(t, map[string]string{"source": "CCAS d’essai"}, "essai.csv", tableau); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", rep.StatusCode, v.page)
	}
	d := v.arriver(t, collecte.DepotPret)
	v.voir(t, "/espace/imports", "rien n’est encore écrit", "3 fiches lues", "2 fiches nouvelles", "1 fiche écartée", "CCAS d’essai", "Remarque interne", "Déposé par vous", "Appliquer")
	v.voir(t, "/espace/imports/plan?etat=ecarte", "ligne 4", "Écartée")
	v.voir(t, "/espace/imports/reparations", "réparé")
	if l, err := b.base.Lieux(t.Context()); err != nil || len(l) != len(b.lieux.Lieux()) {
		t.Fatalf("%d places before it is accepted, %v", len(l), err)
	}

	v.voir(t, "/espace/imports/colonnes", "Remarque interne", "Voir Paul", "Ne pas garder cette colonne")
	noms := []string{"c-0-0", "nom", "c-0-1", "commune", "c-0-2", "code_postal", "c-0-3", "adresse", "c-0-4", "date_maj", "c-0-5", "ignorer"}
	if rep := v.envoyer(t, "/espace/imports/colonnes", noms...); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("columns: %d\n%s", rep.StatusCode, v.page)
	}
	d = v.arriver(t, collecte.DepotPret)
	v.voir(t, "/espace/imports", "Appliquer")
	if strings.Contains(v.page, "Colonnes que rien ne désigne") {
		t.Error("a column that is named is not known")
	}
	if rep := v.envoyer(t, "/espace/imports/appliquer", "operation", "import-0000000000000000"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("another plan: %d", rep.StatusCode)
	}
	v.exiger(t, "Ce n’est plus le plan")
	v.voir(t, "/espace/imports")
	if rep := v.envoyer(t, "/espace/imports/appliquer"); rep.StatusCode != http.StatusSeeOther {
		t.Fatalf("applied: %d\n%s", rep.StatusCode, v.page)
	}
	v.arriver(t, collecte.DepotFait)
	ops, err := b.base.Operations(t.Context())
	check(t, err)
	if i := slices.IndexFunc(ops, func(o mednum.Operation) bool { return o.ID == d.Operation }); i < 0 || !strings.HasPrefix(ops[i].Auteur, "compte:") {
		t.Errorf("the plan that was shown (%s) was not written", d.Operation)
	}
	v.voir(t, "/espace/imports", "L’import est écrit", "Jeanne Essai", "essai.csv", "par son histoire")
	rep := v.demander(t, http.MethodGet, "/espace/imports/rapport.json", nil)
	var rapport struct {
		Operation string
		Bilan     map[string]int
	}
	check(t, json.Unmarshal([]byte(v.page), &rapport))
	if rapport.Operation != d.Operation || rapport.Bilan["lus"] != 3 || !strings.Contains(rep.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("report %+v", rapport)
	}

	// The same file next month: its columns are known.
	v.voir(t, "/espace/imports")
	v.deposer(t, map[string]string{"source": "CCAS d’essai"}, "essai.csv", tableau)
	v.arriver(t, collecte.DepotPret)
	v.voir(t, "/espace/imports", "Rien n’est à écrire")
	if strings.Contains(v.page, "Colonnes que rien ne désigne") {
		t.Error("the columns are not remembered")
	}
	v.envoyer(t, "/espace/imports/abandonner")
	v.voir(t, "/espace/imports", "abandonné", "Voir ce qui changerait")
}

// What cannot be taken is said on its field, and nothing is kept.
func TestImportsRefus(t *testing.T) {
	b := newBanc(t)
	b.besogner(t)
	v := b.chef(t, "jeanne@exemple.fr")
	for _, tt := range []struct {
		name     string
		reglages map[string]string
		fichiers []string
		mot      string
	}{
		{"no file", nil, nil, "Choisissez au moins un fichier"},
		{"a date that is none", map[string]string{"date": "hier"}, []string{"a.csv", tableau}, "24/12/2026"},
		{"a licence of one's own", map[string]string{"licence": "à moi"}, []string{"a.csv", tableau}, "Choisissez une licence"},
		{"a zone that is none", map[string]string{"zone": "lune"}, []string{"a.csv", tableau}, "Choisissez une zone"},
		{"a source of many words", map[string]string{"source": strings.Repeat("x", 81)}, []string{"a.csv", tableau}, "80 caractères"},
		{"too many", nil, strings.Split(strings.Repeat("a.csv\x00x\x00", 21), "\x00")[:42], "20 au plus"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v.voir(t, "/espace/imports")
			if rep := v.deposer(t, tt.reglages, tt.fichiers...); rep.StatusCode != http.StatusBadRequest {
				t.Errorf("%d", rep.StatusCode)
			}
			v.exiger(t, "À corriger", tt.mot)
			if _, ok, err := b.bureau.Depot(t.Context()); ok || err != nil {
				t.Errorf("an import was begun, %v", err)
			}
		})
	}
	for _, tt := range []struct{ nom, contenu, mot string }{
		{"vide.csv", "", "vide"},
		{"image.png", "\x89PNG\r\n\x1a\n\x00\x00", "image.png"},
		{"coupe.json", `[{"nom":"x"`, "coupe.json"},
		{`C:\Users\Paul\..\<script>alert(1)</script>` + "\u202egnp.csv", "\x00\x01", "script&gt;gnp.csv"},
		{"sansdate.csv", "id;nom;commune\n1;Essai;Moissac\n", "champ « Date »"},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			v.voir(t, "/espace/imports")
			if rep := v.deposer(t, nil, tt.nom, tt.contenu); rep.StatusCode != http.StatusSeeOther {
				t.Fatalf("%d\n%s", rep.StatusCode, v.page)
			}
			d := v.arriver(t, collecte.DepotRefuse)
			v.voir(t, "/espace/imports", "refusé", "rien n’est écrit", tt.mot)
			for _, interdit := range []string{"<script>alert", "/tmp", "--date", "\u202e", `C:\`} {
				if strings.Contains(v.page, interdit) {
					t.Errorf("%q is on the page", interdit)
				}
			}
			if d.Raison == "" {
				t.Error("no reason")
			}
		})
	}
	v.voir(t, "/espace/imports")
	v.deposer(t, nil, "moi.csv", "Endroit;Ville\nEssai;Moissac\n")
	v.arriver(t, collecte.DepotColonnes)
	v.voir(t, "/espace/imports", "Dire ce que sont les colonnes")
	if strings.Contains(v.page, "--colonnes") {
		t.Error("the words of the command are on the page")
	}
}

// Only those who may import have a large body read; others are cut off at a form.
func TestImportsTropGros(t *testing.T) {
	b := newBanc(t)
	gros := strings.Repeat("x", 200<<10)
	v := b.chef(t, "jeanne@exemple.fr")
	v.voir(t, "/espace/imports")
	if rep := v.deposer(t, nil, "gros.csv", gros); rep.StatusCode != http.StatusSeeOther {
		t.Errorf("200 kB of a coordinator: %d", rep.StatusCode)
	}
	m := b.invite(t, "m@exemple.fr", droit(mednum.PorteeLieu, b.lieuDe(t, moissac).ID))
	m.voir(t, "/espace")
	if rep := m.deposer(t, nil, "gros.csv", gros); rep.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("200 kB of a mediator: %d", rep.StatusCode)
	}
	m.cookie = ""
	if rep := m.deposer(t, nil, "gros.csv", gros); rep.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("200 kB of nobody: %d", rep.StatusCode)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/espace/compte/nom", strings.NewReader(gros))
	check(t, err)
	req.AddCookie(&http.Cookie{Name: "__Host-adeuxpas", Value: v.cookie})
	if rep, err := v.app.Test(req, -1); err == nil {
		rep.Body.Close()
		t.Errorf("200 kB in another form: %d", rep.StatusCode)
	}
}

// Under a path, the form of files takes them too.
func TestImportsSousUnChemin(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.URLPublique = "https://exemple.fr/aide" })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/aide/espace/imports", strings.NewReader(strings.Repeat("x", 100<<10)))
	check(t, err)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if rep, err := b.app.Test(req, -1); err == nil {
		rep.Body.Close()
		t.Errorf("nobody's 100 kB: %d", rep.StatusCode)
	}
}

// One import at a time, and who makes it is said; a base that moved is said; a
// service that stops loses nothing that was written.
func TestImportsADeux(t *testing.T) {
	b := newBanc(t)
	arreter := b.besogner(t)
	un, deux := b.chef(t, "jeanne@exemple.fr"), b.chef(t, "paul@exemple.fr")
	un.voir(t, "/espace/imports")
	deux.voir(t, "/espace/imports")
	un.deposer(t, nil, "essai.csv", tableau)
	d := un.arriver(t, collecte.DepotPret)
	if rep := deux.deposer(t, nil, "autre.csv", tableau); rep.StatusCode != http.StatusConflict {
		t.Errorf("a second import: %d", rep.StatusCode)
	}
	deux.exiger(t, "Un import est déjà en cours")
	deux.voir(t, "/espace/imports", "Déposé par Jeanne Essai", "Appliquer")
	if strings.Contains(deux.page, `type="file"`) {
		t.Error("the form of files is offered meanwhile")
	}

	// Somebody else's records come in between: the plan that was shown is not written.
	l := b.lieux.Lieux()[0]
	fiches, err := b.base.FichesDe(t.Context(), l.ID)
	check(t, err)
	if len(fiches) > 0 {
		neuve := fiches[0]
		neuve.Cle, neuve.Lieu = "venue-entre-temps", "venue-1"
		lieu := l.Lieu
		lieu.ID, lieu.Version = "venue-1", 0
		rev, _ := mednum.Reviser(mednum.Lieu{}, lieu)
		rev.Lieu, rev.Auteur, rev.Voie = "venue-1", "cli", "cli"
		check(t, b.base.Apply(t.Context(), mednum.Operation{ID: "import-venue", Genre: "import", Auteur: "cli"}, []mednum.Fiche{neuve}, []mednum.Revision{rev}))
	}
	un.voir(t, "/espace/imports")
	un.envoyer(t, "/espace/imports/appliquer")
	un.arriver(t, collecte.DepotPerime)
	un.voir(t, "/espace/imports", "ont changé depuis que ce plan", "Refaire le plan")
	un.envoyer(t, "/espace/imports/refaire")
	refait := un.arriver(t, collecte.DepotPret)
	if refait.Operation == d.Operation {
		t.Error("the plan is the same")
	}

	// The service stops, and comes back without the files.
	arreter()
	autre := collecte.New(collecte.Pieces{Base: b.base, Territoire: b.ter, Now: func() time.Time { return mardi.Add(time.Hour) }})
	perdu, ok, err := autre.Depot(t.Context())
	if err != nil || !ok || perdu.Etat != collecte.DepotPerdu || perdu.Ouvert() {
		t.Errorf("after a stop: %+v, %v", perdu.Etat, err)
	}
	un.voir(t, "/espace/imports", "s’est arrêté", "Voir ce qui changerait")
}
