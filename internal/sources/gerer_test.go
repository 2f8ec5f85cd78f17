package sources_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/territoire"
)

func TestAjouterRefuse(t *testing.T) {
	b := installer(t)
	bonne := sources.Demande{Nom: "Ville", URL: "https://93.184.215.14/lieux.csv"}
	for _, tt := range []struct {
		champ, message string
		change         func(*sources.Demande)
	}{
		{"nom", "Donnez à la source un nom", func(d *sources.Demande) { d.Nom = " !? " }},
		{"nom", "81 caractères : 80 au plus", func(d *sources.Demande) { d.Nom = strings.Repeat("é", 81) }},
		{"nom", "ne s’affiche pas", func(d *sources.Demande) { d.Nom = "Ville\x1b[2J" }},
		{"nom", "ne s’affiche pas", func(d *sources.Demande) { d.Nom = "Ville\u202eerutcurts" }},
		{"url", "France", func(d *sources.Demande) { d.URL = "" }},
		{"url", "n’en est pas une", func(d *sources.Demande) { d.URL = "https://%zz/" }},
		{"url", "trop longue : 1000", func(d *sources.Demande) { d.URL = "https://93.184.215.14/" + strings.Repeat("a", 1000) }},
		{"url", "Cette adresse n’est pas en https.", func(d *sources.Demande) { d.URL = "http://93.184.215.14/" }},
		{"url", "Cette adresse n’est pas en https.", func(d *sources.Demande) { d.URL = "lieux.csv" }},
		{"url", "n’est pas en https", func(d *sources.Demande) { d.URL = "file:///etc/passwd" }},
		{"url", "mène dans un réseau privé", func(d *sources.Demande) { d.URL = "https://10.0.0.1/" }},
		{"url", "mène dans un réseau privé", func(d *sources.Demande) { d.URL = "https://[::ffff:169.254.169.254]/" }},
		{"url", "porte un nom d’utilisateur", func(d *sources.Demande) { d.URL = "https://a:b@93.184.215.14/" }},
		{"url", "qui commence par xn--", func(d *sources.Demande) { d.URL = "https://forêt.exemple/" }},
		{"url", "un port qui n’est pas", func(d *sources.Demande) { d.URL = "https://93.184.215.14:25/" }},
		{"chaque", "« heure » n’est pas possible : jour, semaine ou mois.", func(d *sources.Demande) { d.Chaque = "heure" }},
		{"heure", "« 24 » n’est pas une heure : de 0 à 23.", func(d *sources.Demande) { d.Heure = 24 }},
		{"heure", "« -1 »", func(d *sources.Demande) { d.Heure = -1 }},
		{"zone", "departement, voisinage ou tout", func(d *sources.Demande) { d.Zone = "82" }},
		{"licence", "« MIT » n’est pas une licence connue", func(d *sources.Demande) { d.Licence = "MIT" }},
		{"date", "auto, modification ou lecture", func(d *sources.Demande) { d.Date = "2024-01-01" }},
	} {
		d := bonne
		tt.change(&d)
		_, err := b.Ajouter(t.Context(), d)
		if tt.message == "France" {
			tt.message = "france-services, rhinocc ou carte-nationale"
		}
		wantCode(t, err, mednum.Invalide, tt.champ)
		if err == nil || !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%s: %v, want %q", tt.champ, err, tt.message)
		}
	}
	if liste, err := b.Liste(t.Context()); err != nil || len(liste) > 0 {
		t.Errorf("%d sources kept, %v", len(liste), err)
	}
	src, err := b.Ajouter(t.Context(), bonne)
	check(t, err)
	want(t, "defaults", sources.Source{
		ID: "ville", Nom: "Ville", URL: bonne.URL, Rythme: sources.Rythme{Chaque: sources.Jour}, Zone: collecte.ZoneTout, Date: sources.DateAuto,
		Cree: mardi, Prochain: mardi, Etat: sources.Nouvelle,
	}, src)
	d := bonne
	d.Nom = "VILLE !"
	_, err = b.Ajouter(t.Context(), d)
	wantCode(t, err, mednum.Conflit, "nom")
	for i := range 49 {
		d.Nom = fmt.Sprint("n", i)
		_, err = b.Ajouter(t.Context(), d)
		check(t, err)
	}
	d.Nom = "une de trop"
	_, err = b.Ajouter(t.Context(), d)
	wantCode(t, err, mednum.EnTrop, "source")
}

// The known sources need but their name, where they say something of the
// territory; one of its own name and address is one like others.
func TestConnues(t *testing.T) {
	for _, tt := range []struct{ nom, code, territoire, id, adresse, licence, format string }{
		{"france-services", "82", "Tarn-et-Garonne", "france-services", "https://www.data.gouv.fr/fr/datasets/r/31576dff-fd61-4de9-819f-32c2f880b142", "Licence Ouverte 2.0", "France services"},
		{"France Services", "22", "Côtes-d’Armor", "france-services", "https://www.data.gouv.fr/fr/datasets/r/31576dff-fd61-4de9-819f-32c2f880b142", "Licence Ouverte 2.0", "France services"},
		{"rhinocc", "82", "Tarn-et-Garonne", "rhinocc", "https://rhinoccc.gogocarto.fr/api/elements.json?categories=&excludeExternal=true", "", "GoGoCarto"},
		{"rhinocc", "33", "Gironde", "", "", "", ""},
		{"carte-nationale", "82", "Tarn-et-Garonne", "carte-nationale", "https://cartographie.societenumerique.gouv.fr/occitanie/tarn-et-garonne/lieux/exporter", "", "standard v1"},
		{"carte nationale", "22", "Côtes-d’Armor", "carte-nationale", "https://cartographie.societenumerique.gouv.fr/bretagne/cotes-d-armor/lieux/exporter", "", "standard v1"},
		{"carte-nationale", "06", "Alpes-Maritimes", "carte-nationale", "https://cartographie.societenumerique.gouv.fr/provence-alpes-cote-d-azur/alpes-maritimes/lieux/exporter", "", "standard v1"},
		{"carte-nationale", "", "Pays d’Essai", "", "", "", ""},
	} {
		t.Run(tt.nom+" "+tt.code, func(t *testing.T) {
			b := installer(t)
			b.sansNoms()
			b.Territoire = territoireDe(t, tt.code, tt.territoire)
			src, err := b.Ajouter(t.Context(), sources.Demande{Nom: tt.nom, Heure: 3})
			if tt.id == "" {
				wantCode(t, err, mednum.Invalide, "nom")
				return
			}
			check(t, err)
			want(t, "source", []string{tt.id, tt.adresse, tt.licence, tt.format, "chaque lundi à 3 h"}, []string{src.ID, src.URL, src.Licence, src.Format, src.Rythme.String()})
		})
	}
	b := installer(t)
	b.sansNoms()
	src, err := b.Ajouter(t.Context(), sources.Demande{Nom: "rhinocc", URL: "https://93.184.215.14/", Chaque: sources.Mois, Licence: "ODbL 1.0"})
	check(t, err)
	want(t, "with an address", []string{"https://93.184.215.14/", "le 1er du mois à 0 h", "ODbL 1.0"}, []string{src.URL, src.Rythme.String(), src.Licence})
}

// The regions cover every département once.
func TestRegions(t *testing.T) {
	b := installer(t)
	b.sansNoms()
	vus := map[string]string{}
	codes := []string{"2A", "2B", "971", "972", "973", "974", "976"}
	for n := 1; n <= 95; n++ {
		if n != 20 {
			codes = append(codes, fmt.Sprintf("%02d", n))
		}
	}
	for _, code := range codes {
		b.Territoire.Code = code
		src, err := b.Ajouter(t.Context(), sources.Demande{Nom: "carte-nationale"})
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		vus[strings.Split(src.URL, "/")[3]] += code + " "
		check(t, b.Retirer(t.Context(), src.ID))
	}
	if len(vus) != 18 || len(codes) != 101 {
		t.Errorf("%d regions of %d départements: %v", len(vus), len(codes), vus)
	}
	want(t, "Bretagne", "22 29 35 56 ", vus["bretagne"])
	want(t, "Corse", "2A 2B ", vus["corse"])
}

// sansNoms has the program know no name: nobody is asked.
func (b *banc) sansNoms() {
	b.sortir(func(r *sortie.Reglages) {
		r.Noms = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no name") }}
	})
}

// territoireDe is the pack of the program under another code and name.
func territoireDe(t *testing.T, code, nom string) *territoire.Territoire {
	t.Helper()
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	ter.Code, ter.Nom = code, nom
	return ter
}

// The limits that docs/sources.md states are the program's own.
func TestLimitesDites(t *testing.T) {
	texte, err := os.ReadFile(filepath.Join("..", "..", "docs", "sources.md"))
	check(t, err)
	for _, limite := range []string{
		"64 Mio", "2 minutes", "5 renvois", "50 sources", "30 %", "30 dernières lectures", "15 minutes", "1 heure", "4 heures", "12 heures", "24 heures",
		"france-services", "rhinocc", "carte-nationale", "--reseaux-permis", "le lundi", "le 1er du mois",
	} {
		if !strings.Contains(string(texte), limite) {
			t.Errorf("docs/sources.md does not say %q", limite)
		}
	}
	for _, c := range sources.Connues() {
		if !strings.Contains(string(texte), "`"+c+"`") {
			t.Errorf("docs/sources.md does not name %s", c)
		}
	}
}

// The settings of a source change in place; with another address it begins again,
// and what waited is forgotten.
func TestModifier(t *testing.T) {
	b := installer(t)
	s := servir(t, edition(lieux(4)))
	src := b.ajouter(t, s.URL+"/lieux.csv")
	b.passer(t)
	neuve, err := b.Modifier(t.Context(), src.ID, sources.Demande{Chaque: sources.Mois, Heure: 5, Zone: collecte.ZoneDepartement, Licence: "ODbL 1.0", Date: sources.DateLecture})
	check(t, err)
	if neuve.URL != src.URL || neuve.Nom != src.Nom || neuve.Rythme != (sources.Rythme{Chaque: sources.Mois, Heure: 5}) || neuve.Zone != collecte.ZoneDepartement || neuve.Licence != "ODbL 1.0" || neuve.Date != sources.DateLecture {
		t.Errorf("changed: %+v", neuve)
	}
	if neuve.Etat != sources.Applique || !neuve.Prochain.Equal(neuve.Rythme.Suivant(b.horloge.now(), b.Territoire.Location())) {
		t.Errorf("state %s, next %s", neuve.Etat, neuve.Prochain)
	}
	if p := b.passer(t); p.Bilan == nil {
		t.Error("the same content was not read again under other settings")
	}
	s.repondre(edition(lieux(1)))
	if p := b.passer(t); p.Etat != sources.Attend {
		t.Fatalf("%s %s", p.Etat, p.Raison)
	}
	autre, err := b.Modifier(t.Context(), src.ID, sources.Demande{URL: s.URL + "/autre.csv", Heure: 3})
	check(t, err)
	if autre.Attente != "" || autre.Etat != sources.Nouvelle || autre.Raison != "" || autre.Prochain.After(b.horloge.now()) {
		t.Errorf("at another address: %+v", autre)
	}
	_, err = b.Modifier(t.Context(), src.ID, sources.Demande{URL: "https://10.0.0.1/x.csv"})
	wantCode(t, err, mednum.Invalide, "url")
	_, err = b.Modifier(t.Context(), "inconnue", sources.Demande{})
	wantCode(t, err, mednum.Introuvable, "source")
	if garde := b.source(t); garde.URL != autre.URL {
		t.Error("a refusal changed the source")
	}
}

// What people ask the service for is done at its next look, once, also of a source
// that is suspended; a simulation writes nothing, and what each says is kept.
func TestDemander(t *testing.T) {
	b := installer(t)
	s := servir(t, edition(lieux(4)))
	src := b.ajouter(t, s.URL+"/lieux.csv")
	check(t, b.Suspendre(t.Context(), src.ID))
	due, err := b.Dues(t.Context())
	if due || err != nil {
		t.Fatalf("a suspended source is due: %v", err)
	}
	wantCode(t, b.Demander(t.Context(), src.ID, sources.Appliquer, "compte:x"), mednum.Conflit, "source")
	check(t, b.Demander(t.Context(), src.ID, sources.Simulation, "compte:x"))
	version := b.version(t)
	check(t, b.Suivre(t.Context()))
	src = b.source(t)
	if b.version(t) != version || len(src.Passages) != 0 || src.Etat != sources.Nouvelle || src.Essai == nil || src.Essai.Bilan.Nouveaux != 4 || src.Essai.Par != "compte:x" || src.Demande != nil || src.Prise.Par != "" {
		t.Errorf("simulated: %+v", src)
	}
	if dit, err := b.Rapport(t.Context(), src.ID, "essai"); err != nil || !strings.Contains(dit, "4 lieux créés") {
		t.Errorf("it says %q, %v", dit, err)
	}
	check(t, b.Demander(t.Context(), src.ID, sources.Lancer, "compte:x"))
	for range 2 {
		check(t, b.Suivre(t.Context()))
	}
	src = b.source(t)
	if len(src.Passages) != 1 || src.Passages[0].Par != "compte:x" || src.Etat != sources.Applique || src.Demande != nil {
		t.Errorf("run: %+v", src.Passages)
	}
	cle := src.Passages[0].Cle()
	if dit, err := b.Rapport(t.Context(), src.ID, cle); err != nil || !strings.Contains(dit, "4 lieux créés") {
		t.Errorf("it says %q, %v", dit, err)
	}
	check(t, b.Retirer(t.Context(), src.ID))
	if dit, err := b.Rapport(t.Context(), src.ID, cle); err != nil || dit != "" {
		t.Errorf("the summary outlives its source: %q, %v", dit, err)
	}
}
