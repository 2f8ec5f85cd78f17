package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/frontend"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// mardi is a Tuesday morning in Paris at which offices are open and the
// records of 2022 are past their limit.
var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

type banc struct {
	app     *fiber.App
	ter     *territoire.Territoire
	lieux   *catalogue.Catalogue
	journal *bytes.Buffer
	base    *magasin
	comptes *compte.Comptes
	boite   *courrier.Courrier
	reseau  *reseau.Reseau

	prevenir *webhooks.Webhooks
	bureau   *collecte.Collecte
	venues   *sources.Sources
	mesures  *mesures.Mesures

	signale *ecoute.Signalements
	plus    *atomic.Int64 // how long the test has waited
	besoins *ecoute.Besoins
	fiches  *ecoute.Fiches
}

// attendre has the clock of the bench go by.
func (b banc) attendre(d time.Duration) { b.plus.Add(int64(d)) }

// magasin is a store that fails as it is told to, where a change first asks it
// and where it writes.
type magasin struct {
	store.Magasin
	panne     atomic.Pointer[error]
	panneOter atomic.Pointer[error] // of what is taken away
	panneActe atomic.Pointer[error] // of the register
}

func (m *magasin) SetObjet(ctx context.Context, o store.Objet) error {
	if err := m.panneActe.Load(); err != nil && o.Genre == "acte" {
		return fmt.Errorf("disk: %w", *err)
	}
	return m.Magasin.SetObjet(ctx, o)
}

func (m *magasin) OterObjet(ctx context.Context, genre, id string) error {
	if err := m.panneOter.Load(); err != nil {
		return fmt.Errorf("disk: %w", *err)
	}
	return m.Magasin.OterObjet(ctx, genre, id)
}

func (m *magasin) etat() error {
	if err := m.panne.Load(); err != nil {
		return fmt.Errorf("disk: %w", *err)
	}
	return nil
}

func (m *magasin) Save(ctx context.Context, rev mednum.Revision) error {
	if err := m.etat(); err != nil {
		return err
	}
	return m.Magasin.Save(ctx, rev)
}

func (m *magasin) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	if err := m.etat(); err != nil {
		return store.Objet{}, err
	}
	return m.Magasin.Objet(ctx, genre, id)
}

// baseRemplie is a base that holds the places of the territory, filled once: each
// bench has a copy of it.
var baseRemplie = sync.OnceValues(func() (octets []byte, err error) {
	dossier, err := os.MkdirTemp("", "adeuxpas-web-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dossier)
	chemin := filepath.Join(dossier, "a.db")
	base, err := sqlite.Open(context.Background(), chemin, func() time.Time { return mardi })
	if err != nil {
		return nil, err
	}
	defer base.Close()
	ter, err := territoire.Open(data.Defaut)
	if err != nil {
		return nil, err
	}
	lieux, err := data.Defaut.Open("lieux.json")
	if err != nil {
		return nil, err
	}
	defer lieux.Close()
	if _, err := collecte.Remplir(context.Background(), base, ter, lieux); err != nil {
		return nil, err
	}
	if err := base.Close(); err != nil { // what its journal holds is in the file then
		return nil, err
	}
	return os.ReadFile(chemin)
})

// newBanc builds the site over the default pack, with a store of its own.
func newBanc(t testing.TB, change ...func(*web.Config)) banc {
	t.Helper()
	plus := new(atomic.Int64)
	now := func() time.Time { return mardi.Add(time.Duration(plus.Load())) }
	ter, err := territoire.Open(data.Defaut)
	check(t, err)
	france, err := territoire.OpenFrance(strings.NewReader("75056\tParis\t75\t75001\n31555\tToulouse\t31\t31000\n33063\tBordeaux\t33\t33000\n"))
	check(t, err)
	ter.France = france
	octets, err := baseRemplie()
	check(t, err)
	chemin := filepath.Join(t.TempDir(), "a.db")
	check(t, os.WriteFile(chemin, octets, 0o600))
	fichier, err := sqlite.Open(t.Context(), chemin, now)
	check(t, err)
	t.Cleanup(func() { fichier.Close() })
	base := &magasin{Magasin: fichier}
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	lieux, err := catalogue.Open(t.Context(), base, ter, demarches, now)
	check(t, err)
	journal := &bytes.Buffer{}
	comptes := compte.New(base, now)
	lignes := slog.New(slog.NewTextHandler(journal, nil))
	boite := courrier.New(base, courrier.Reglages{NomService: "À deux pas", URLPublique: "https://exemple.fr", AuJournal: true}, now, slog.New(slog.DiscardHandler))
	r := reseau.New(reseau.Pieces{
		Base: base, Catalogue: lieux, Comptes: comptes, Courrier: boite, Territoire: ter, Now: now, Journal: lignes,
	}, reseau.Reglages{URLPublique: "https://exemple.fr", Mois: 6, ParJour: 1000})
	prevenir := webhooks.New(webhooks.Pieces{
		Base: base, Catalogue: lieux, Territoire: ter, Now: now, Journal: lignes, URLPublique: "https://exemple.fr", Version: "essai",
		Sortie: sortie.New(sortie.Reglages{Permis: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}),
	})
	bureau := collecte.New(collecte.Pieces{Base: base, Territoire: ter, Now: now, Journal: lignes})
	venues := sources.New(sources.Pieces{
		Base: base, Territoire: ter, Sortie: sources.NewSortie([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, nil), Now: now, Journal: lignes, Version: "essai",
	})
	codes := make([]string, len(ter.Communes))
	for i := range ter.Communes {
		codes[i] = ter.Communes[i].Code
	}
	usages := mesures.New(base, ter.Location(), codes, now)
	signale := ecoute.NewSignalements(base, lieux, ter.Location(), now)
	c := web.Config{
		Collecte: bureau, Sources: venues,
		Besoins: ecoute.NewBesoins(base, lieux, ter, now), Fiches: ecoute.NewFiches(base, lieux, ter, now),
		Scenarios: couverture.NewScenarios(base, now),
		Appels:    reseau.NewAppels(base, now),
		Mesures:   usages, Registre: registre.New(base, now), Webhooks: prevenir, Catalogue: lieux, Comptes: comptes, Courrier: boite, Reseau: r, Territoire: ter, Demarches: demarches, Signales: signale,
		Statique: fstest.MapFS{
			"manifest.json":         {Data: []byte(`{"app.css":"static/app-1.css"}`)},
			"static/app-1.css":      {Data: []byte("body{}")},
			"static/app-1.css.gz":   {Data: []byte("gz")},
			"static/app-1.css.br":   {Data: []byte("br")},
			"static/police-1.woff2": {Data: []byte("w")},
		},
		Pages: frontend.Pages(), URLPublique: "https://exemple.fr", Tuiles: "https://tuiles.exemple.fr/{z}/{x}/{y}.png",
		Version: "essai", Now: now, Journal: lignes,
	}
	for _, ch := range change {
		ch(&c)
	}
	app, err := web.New(c)
	check(t, err)
	return banc{app, ter, lieux, journal, base, comptes, boite, r, prevenir, bureau, venues, usages, signale, plus, c.Besoins, c.Fiches}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// get asks for a path; headers are name, value, name, value…
func (b banc) get(t *testing.T, chemin string, entetes ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, chemin, nil)
	for i := 0; i+1 < len(entetes); i += 2 {
		r.Header.Set(entetes[i], entetes[i+1])
	}
	rep, err := b.app.Test(r, 5000)
	check(t, err)
	corps, err := io.ReadAll(rep.Body)
	check(t, err)
	return rep, string(corps)
}

func TestPages(t *testing.T) {
	b := newBanc(t)
	tests := []struct {
		name, chemin string
		statut       int
		contient     []string
		absent       []string
	}{
		{"home asks two questions", "/", 200, []string{"Pour quoi", "Où êtes-vous", "Déclarer mes impôts", "Je ne sais pas"}, nil},
		{"an errand asks where", "/?pour=impots", 200, []string{"<h1>Déclarer mes impôts</h1>", `name="pour" value="impots"`}, nil},
		{"not knowing is an answer", "/?pour=tout", 200, []string{"On vous aide à trouver"}, nil},
		{"a commune without accents", "/?q=la+francaise", 200, []string{"près de Lafrançaise", "France services de Lafrançaise", "à 500\u00a0m"}, nil},
		{"a commune by its usual name", "/?q=valence+d%27agen", 200, []string{"France services de Valence"}, nil},
		{"a saint cut short", "/?q=St+Antonin", 200, []string{"près de Saint-Antonin-Noble-Val"}, nil},
		{"a postal code of several communes", "/?q=82200", 200, []string{"Ce code postal est aussi celui de", "Boudou"}, nil},
		{"an address without a geocoder", "/?q=3+rue+des+Lilas+82100+Castelsarrasin", 200, []string{"Nous n’avons pas pu situer la rue", "Castelsarrasin"}, nil},
		{"a place by its name and commune", "/?q=mediatheque+castelmayran", 303, nil, nil},
		{"a commune elsewhere in France", "/?q=Bordeaux", 200, []string{"est hors du territoire", "cartographie.societenumerique.gouv.fr"}, nil},
		{"a neighbour's commune", "/?q=Agen", 200, []string{"Agen (Lot-et-Garonne) n’est pas en Tarn-et-Garonne", "les plus proches"}, nil},
		{"nothing known", "/?q=xyzzyx", 200, []string{"Nous ne connaissons pas", "choisir votre commune dans la liste"}, nil},
		{"a position", "/?lat=44.0181234&lon=1.3559876", 200, []string{"près de vous", `data-lat="44.018"`, `data-lon="1.356"`}, []string{"44.0181234"}},
		{"a position far away grows the radius", "/?lat=45.5&lon=1.5", 200, []string{"moins de trois lieux", "Nous avons cherché jusqu’à"}, nil},
		{"half a position", "/?lat=44", 400, []string{"lon", "degrés"}, nil},
		{"an impossible position", "/?lat=95&lon=1", 400, []string{"lat"}, nil},
		{"an unknown errand", "/?pour=rien", 400, []string{"pas dans notre liste"}, nil},
		{"an unknown family", "/?q=Moissac&famille=x", 400, []string{"france_services"}, nil},
		{"an unknown value of a filter", "/?q=Moissac&services=x", 400, []string{"services"}, nil},
		{"a text too long", "/?q=" + strings.Repeat("a", 201), 400, []string{"200 caractères"}, nil},
		{"a filter is shown and can be removed", "/?q=Moissac&famille=france_services", 200, []string{"Retirer France Services", "France services de Moissac"}, []string{"Mairie de Moissac"}},
		{"the errand is shown and can be removed", "/?q=Moissac&pour=impots", 200, []string{"Retirer Déclarer mes impôts", `href="/?q=Moissac"`}, nil},
		{"open now", "/?q=Moissac&quand=maintenant", 200, []string{"ouverts maintenant", "Ouvert peut-être", "Retirer Maintenant"}, []string{"Prochain passage"}},
		{"open on Saturday, wherever it is", "/?q=Moissac&quand=samedi", 200, []string{"ouverts samedi 28 novembre", "Samedi\u00a0: ", "à confirmer", "jusqu’à 40\u00a0km"}, []string{"France services de Moissac"}},
		{"open at a day and an hour", "/?q=Moissac&quand=mercredi&heure=17:00-19:00", 200, []string{"mercredi 25 novembre de 17\u00a0h à 19\u00a0h", `<option value="17:00-19:00" selected>`, `<option value="mercredi" selected>`}, nil},
		{"nothing is open on Sunday: the nearest, and when they open", "/?q=Moissac&quand=dimanche", 200, []string{"Aucun lieu n’est ouvert à coup sûr dimanche 29 novembre", "Les plus proches, et quand ils ouvrent", "France services de Moissac", "sans horaires connus"}, nil},
		{"the time asked and the others are removed apart", "/?q=Moissac&quand=samedi&heure=matin&famille=france_services", 200, []string{`href="/?famille=france_services&amp;q=Moissac"`, `href="/?heure=matin&amp;q=Moissac&amp;quand=samedi"`}, nil},
		{"a card answers of the day asked, not of today", "/?q=Moissac&quand=2026-12-25", 200, []string{"Jour férié (Noël)"}, []string{"Ouvert · ferme", "Ouvre à", "Prochain passage"}},
		{"of what is not open then, open is said of now", "/?q=Lafrançaise&quand=dimanche", 200, []string{"Maintenant\u00a0: ouvert · ferme à"}, nil},
		{"an hour alone is of today", "/?q=Moissac&heure=18:30", 200, []string{"aujourd’hui à 18\u00a0h\u00a030", `<option value="aujourdhui" selected>`}, nil},
		{"the time asked is kept for the next commune", "/?q=Moissac&quand=samedi&heure=matin", 200, []string{`<input type="hidden" name="quand" value="samedi"><input type="hidden" name="heure" value="matin">`}, nil},
		{"a time refused is not", "/?q=Moissac&quand=samdi", 200, nil, []string{`value="samdi"`}},
		{"a date", "/?q=Moissac&quand=2026-12-05", 200, []string{"samedi 5 décembre", `<option value="2026-12-05" selected>`}, nil},
		{"a time that is over is said, and the list stays", "/?q=Moissac&quand=aujourdhui&heure=08:00", 200, []string{"Cette heure est passée", "France services de Moissac"}, []string{"Ouvert peut-être"}},
		{"a time that is no time is said, and the list stays", "/?q=Moissac&quand=demain-peut-etre", 200, []string{"Écrivez un jour", "France services de Moissac"}, nil},
		{"shortcuts to the times at which one could go", "/?q=Moissac", 200, []string{"Ouvert maintenant (", `href="/?q=Moissac&amp;quand=maintenant"`}, nil},
		{"all places", "/lieux", 200, []string{"Mairie de Caumont", "Mairie de Saint-Loup"}, []string{"COMMUNE DE CAUMONT"}},
		{"the whole territory", "/?q=Tarn-et-Garonne", 303, nil, nil},
		{"far away, the national map is offered", "/?lat=48.85&lon=2.35", 200, []string{"Vous cherchez loin d’ici", "cartographie.societenumerique.gouv.fr"}, nil},
		{"an appointment is said for the day it is for", "/?q=La+Ville-Dieu-du-Temple", 200, []string{"Sur rendez-vous"}, nil},
		{"communes", "/communes", 200, []string{"Moissac", "Grand Montauban"}, nil},
		{"a commune's page", "/communes/82112", 200, []string{"Aide numérique à Moissac", "Affiche à imprimer"}, nil},
		{"a commune without a place", "/communes/82003", 200, []string{"Nous ne connaissons aucun lieu", "Autour"}, nil},
		{"an unknown commune", "/communes/99999", 404, []string{"n’existe pas"}, nil},
		{"a poster", "/communes/82112/affiche", 200, []string{"data:image/png;base64,", "https://exemple.fr/communes/82112"}, nil},
		{"an EPCI", "/epci/200066322", 200, []string{"Terres des Confluences", "Moissac"}, nil},
		{"an EPCI's poster", "/epci/200066322/affiche", 200, []string{"https://exemple.fr/epci/200066322"}, nil},
		{"an unknown place", "/lieux/xxxxxxxx", 404, []string{"Nous ne connaissons pas ce lieu"}, nil},
		{"a sheet of nothing", "/feuille", 400, []string{"Choisissez"}, nil},
		{"about", "/a-propos", 200, []string{"À confirmer", "36"}, nil},
		{"accessibility", "/accessibilite", 200, []string{"non conforme"}, nil},
		{"legal notice says what is missing", "/mentions-legales", 200, []string{"editeur.nom", "editeur.hebergeur", "editeur.delegue"}, nil},
		{"data and licences", "/donnees", 200, []string{"Licence Ouverte", "lieux.csv", "Natural Earth"}, nil},
		{"no such page", "/nulle-part", 404, []string{"n’existe pas"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, tt.chemin)
			if rep.StatusCode != tt.statut {
				t.Fatalf("status %d, want %d\n%s", rep.StatusCode, tt.statut, corps)
			}
			for _, m := range tt.contient {
				if !strings.Contains(corps, m) {
					t.Errorf("%q is missing", m)
				}
			}
			for _, m := range tt.absent {
				if strings.Contains(corps, m) {
					t.Errorf("%q should not be there", m)
				}
			}
		})
	}
	if b.journal.Len() > 0 {
		t.Errorf("something was logged: %s", b.journal)
	}
}

// Every page ends with the territory's number, forbids what is inline, sets no
// cookie and names no third party but the tiles.
func TestEntetes(t *testing.T) {
	b := newBanc(t)
	for _, chemin := range []string{"/", "/?q=Moissac", "/lieux", "/communes/82112", "/a-propos", "/nulle-part"} {
		rep, corps := b.get(t, chemin)
		csp := rep.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "img-src 'self' data: https://tuiles.exemple.fr;") {
			t.Errorf("%s: policy %q", chemin, csp)
		}
		if rep.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: a cookie", chemin)
		}
		if rep.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: the address, which may hold a position, would go to others", chemin)
		}
		if !strings.Contains(corps, `href="tel:&#43;33563918200"`) {
			t.Errorf("%s: no number to call", chemin)
		}
		if strings.Contains(corps, " style=") || strings.Contains(corps, "<style") || strings.Contains(corps, "onclick") {
			t.Errorf("%s: something inline", chemin)
		}
	}
	if rep, _ := b.get(t, "/?q=Moissac"); !strings.Contains(rep.Header.Get("Cache-Control"), "private") {
		t.Error("a search may not stay in a shared cache")
	}
}

func TestCacheETag(t *testing.T) {
	b := newBanc(t)
	for _, chemin := range []string{"/", "/api/v1/lieux?limite=3", "/carte/fond.json", "/donnees/lieux.csv"} {
		rep, _ := b.get(t, chemin)
		etag := rep.Header.Get("ETag")
		if etag == "" || rep.Header.Get("Cache-Control") == "" {
			t.Errorf("%s: no ETag or Cache-Control", chemin)
			continue
		}
		if rep, corps := b.get(t, chemin, "If-None-Match", etag); rep.StatusCode != http.StatusNotModified || corps != "" {
			t.Errorf("%s: %d for the same ETag", chemin, rep.StatusCode)
		}
		if rep, _ := b.get(t, chemin, "If-None-Match", `"autre"`); rep.StatusCode != http.StatusOK {
			t.Errorf("%s: %d for another ETag", chemin, rep.StatusCode)
		}
	}
}

func TestStatique(t *testing.T) {
	b := newBanc(t)
	tests := []struct{ name, chemin, accepte, encodage, corps string }{
		{"brotli first", "/static/app-1.css", "gzip, br", "br", "br"},
		{"gzip", "/static/app-1.css", "gzip", "gzip", "gz"},
		{"as it is", "/static/app-1.css", "", "", "body{}"},
		{"a font is not compressed twice", "/static/police-1.woff2", "gzip, br", "", "w"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, tt.chemin, "Accept-Encoding", tt.accepte)
			if rep.Header.Get("Content-Encoding") != tt.encodage || corps != tt.corps {
				t.Errorf("encoding %q, body %q", rep.Header.Get("Content-Encoding"), corps)
			}
			if !strings.Contains(rep.Header.Get("Cache-Control"), "immutable") {
				t.Error("a hashed file is for good")
			}
		})
	}
	if rep, _ := b.get(t, "/static/../manifest.json"); rep.StatusCode != http.StatusNotFound {
		t.Errorf("%d outside static/", rep.StatusCode)
	}
}

func TestFeuille(t *testing.T) {
	b := newBanc(t)
	var ids []string
	for _, v := range b.lieux.Lieux() {
		ids = append(ids, v.ID)
	}
	_, corps := b.get(t, "/feuille?pour=impots&lieu="+ids[0]+"&lieu="+ids[1]+"&lieu="+ids[2]+"&lieu="+ids[3])
	if n := strings.Count(corps, `class="feuillet-qr"`); n != 3 {
		t.Errorf("%d places on the sheet, want 3", n)
	}
	for _, m := range []string{"La feuille tient trois lieux", "Votre dernier avis d’impôt", `href="sms:?&amp;body=`, "https://exemple.fr/lieux/" + ids[0]} {
		if !strings.Contains(corps, m) {
			t.Errorf("%q is missing", m)
		}
	}
	if _, corps := b.get(t, "/feuille?lieu="+ids[0]+"&lieu="+ids[0]); strings.Count(corps, `class="feuillet-qr"`) != 1 || !strings.Contains(corps, "Ajouter un lieu proche") {
		t.Error("one place twice is one place, and others are offered")
	}
	if rep, _ := b.get(t, "/feuille?lieu=xxxxxxxx"); rep.StatusCode != http.StatusNotFound {
		t.Errorf("%d for an unknown place", rep.StatusCode)
	}
}

// Days that nobody knows are asked for; they are no old information, and no
// sentence is left empty for them, on the sheet nor in the message.
func TestFeuilleSansJour(t *testing.T) {
	b := newBanc(t)
	res, err := b.lieux.Chercher(t.Context(), catalogue.Recherche{Commune: "82112", Limite: 50})
	check(t, err)
	i := slices.IndexFunc(res.Trouves, func(tr catalogue.Trouve) bool { return tr.Arret != nil && tr.Vue.Regle(tr.Arret.ID) == nil })
	if i < 0 {
		t.Fatal("no stop without days in Moissac")
	}
	_, corps := b.get(t, "/feuille?lieu="+res.Trouves[i].Vue.ID+"~"+res.Trouves[i].Arret.ID)
	if !strings.Contains(corps, "Demandez les jours de passage") {
		t.Error("the days are not asked for")
	}
	for _, vide := range []string{"<strong>.</strong>", "\n.\n"} {
		if strings.Contains(corps, vide) {
			t.Errorf("an empty sentence: %q", vide)
		}
	}
}

// A stop that was chosen is alone on the sheet, with its next dates, and the
// message says hours without internet.
func TestFeuilleArret(t *testing.T) {
	b := newBanc(t)
	res, err := b.lieux.Chercher(t.Context(), catalogue.Recherche{Commune: "82035", Limite: 50})
	check(t, err)
	for _, tr := range res.Trouves {
		if tr.Arret == nil || tr.Vue.Regle(tr.Arret.ID) == nil {
			continue
		}
		_, corps := b.get(t, "/feuille?lieu="+tr.Vue.ID+"~"+tr.Arret.ID)
		for _, m := range []string{"Caumont", "Prochaines dates", "mercredi 2 décembre, mercredi 16 décembre", "Caumont : un mercredi sur deux", "Prochaines dates : mercredi 2 décembre"} {
			if !strings.Contains(strings.ReplaceAll(corps, "\u00a0", " "), m) {
				t.Errorf("%q is missing", m)
			}
		}
		if strings.Contains(corps, "Garganvillar") {
			t.Error("a stop that was not chosen is on the sheet")
		}
		return
	}
	t.Fatal("no stop at Caumont")
}

func TestSMS(t *testing.T) {
	b := newBanc(t)
	for _, v := range b.lieux.Lieux() {
		if v.Champs.Nom != "France services de Moissac" {
			continue
		}
		_, corps := b.get(t, "/lieux/"+v.ID)
		_, apres, _ := strings.Cut(corps, `<p id="sms" class="sms">`)
		sms, _, _ := strings.Cut(apres, "</p>")
		want := "France services de Moissac\n18ter Avenue du Docteur Rouanet, Moissac\nTél. 09 70 21 44 82\n" +
			"Le lundi et le mercredi : 14 h à 17 h ; le mardi : 8 h 30 à 12 h ; le jeudi : 8 h 30 à 16 h 30 ; " +
			"le vendredi : 8 h 30 à 12 h et 14 h à 17 h\nhttps://exemple.fr/lieux/" + v.ID
		if sms != want {
			t.Errorf("message:\n%s\nwant:\n%s", sms, want)
		}
		return
	}
	t.Fatal("France services de Moissac is not there")
}

// Every place has a page, and none whose proof is past its limit says "Ouvert".
func TestChaqueLieu(t *testing.T) {
	b := newBanc(t)
	ouverts, anciens := 0, 0
	for _, v := range b.lieux.Lieux() {
		rep, corps := b.get(t, "/lieux/"+v.ID)
		if rep.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", v.Champs.Nom, rep.StatusCode)
			continue
		}
		haut, _, _ := strings.Cut(corps, "Ce qu’on fait pour vous")
		if strings.Contains(haut, "etat-ouvert") {
			ouverts++
			if b.lieux.Perime(v) || v.Itinerant() {
				t.Errorf("%s: says open", v.Champs.Nom)
			}
		}
		if b.lieux.Perime(v) {
			anciens++
			if !strings.Contains(haut, "À confirmer") || !strings.Contains(haut, "appelez avant de venir") || !strings.Contains(haut, `href="tel:`) {
				t.Errorf("%s: no warning or no number to call", v.Champs.Nom)
			}
		}
		var ld map[string]any
		_, apres, _ := strings.Cut(corps, `<script type="application/ld+json">`)
		bloc, _, _ := strings.Cut(apres, "</script>")
		if err := json.Unmarshal([]byte(bloc), &ld); err != nil || ld["name"] != v.Champs.Nom {
			t.Errorf("%s: JSON-LD %v: %s", v.Champs.Nom, err, bloc)
		}
	}
	if ouverts < 10 || anciens < 10 {
		t.Errorf("%d open and %d old places: the check saw nothing", ouverts, anciens)
	}
}

func TestGabaritsLisibles(t *testing.T) {
	fichiers, err := fs.Glob(frontend.Pages(), "*/*.html")
	check(t, err)
	if len(fichiers) < 15 {
		t.Errorf("only %d templates", len(fichiers))
	}
	for _, f := range fichiers {
		texte, err := fs.ReadFile(frontend.Pages(), f)
		check(t, err)
		if strings.Contains(string(texte), "style=") {
			t.Errorf("%s: an inline style, which the policy forbids", f)
		}
	}
}

// From 14 communes of the territory the nearest France Services office lies in
// another département: the neighbours' places are there, and marked.
func TestVoisinage(t *testing.T) {
	b := newBanc(t)
	dehors := 0
	for i := range b.ter.Communes {
		commune := &b.ter.Communes[i]
		if !commune.Dedans {
			continue
		}
		res, err := b.lieux.Chercher(t.Context(), catalogue.Recherche{
			Depart: &commune.Centre, Familles: []mednum.Famille{mednum.FamilleFranceServices}, Limite: 20,
		})
		check(t, err)
		for _, tr := range res.Trouves {
			if tr.Arret == nil {
				if tr.Vue.HorsTerritoire {
					dehors++
				}
				break
			}
		}
	}
	if dehors != 14 {
		t.Errorf("%d communes, want 14", dehors)
	}
}
