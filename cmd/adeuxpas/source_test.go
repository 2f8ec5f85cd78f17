package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fichierServi serves a file of places under an ETag, and counts who asks.
type fichierServi struct {
	*httptest.Server
	texte  atomic.Pointer[string]
	appels atomic.Int32
}

func servirFichier(t *testing.T, texte string) *fichierServi {
	t.Helper()
	f := &fichierServi{}
	f.texte.Store(&texte)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.appels.Add(1)
		texte := *f.texte.Load()
		etag := fmt.Sprintf(`"%d"`, len(texte))
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, texte)
	}))
	t.Cleanup(f.Close)
	return f
}

func lieuEssai(t *testing.T) string {
	t.Helper()
	octets, err := os.ReadFile("testdata/lieu-essai.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

// A place of a file at an address comes to the site by itself, whichever store
// keeps it, also after a first start; a service that may not call the address
// says so, and shows the rest.
func TestSourceEnService(t *testing.T) {
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			dossier := t.TempDir()
			base := m.base(t, dossier)
			f := servirFichier(t, lieuEssai(t))
			exiger0 := func(args ...string) resultat {
				t.Helper()
				r := lancer(t, dossier, []string{"ADEUXPAS_BASE=" + base, "ADEUXPAS_RESEAUX_PERMIS=127.0.0.0/8"}, args...)
				if r.code != 0 || r.stderr != "" {
					t.Fatalf("%v: code %d, %s", args, r.code, r.stderr)
				}
				return r
			}
			exiger0("source", "ajouter", "Essai", f.URL+"/lieux.csv?cle=SECRET", "--licence", "Licence Ouverte 2.0")
			un := demarrer(t, dossier, "--base", base, "--reseaux-permis", "127.0.0.0/8")
			for fin := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
				if _, corps := un.lire(t, "/donnees/lieux.csv"); strings.Contains(corps, "Atelier numérique d’essai") {
					break
				}
				if time.Now().After(fin) {
					t.Fatal("the place of the source is not on the site")
				}
			}
			if _, corps := un.lire(t, "/donnees/lieux.csv"); strings.Count(corps, "\n") < 50 {
				t.Error("the places of the territory are not there any more")
			}
			texte := exiger0("source", "lister").stdout
			for _, want := range []string{"essai  «\u00a0Essai\u00a0», chaque jour à 3 h, écrite", "1 lues, 1 nouvelles", "prochaine lecture\u00a0: le "} {
				if !strings.Contains(texte, want) {
					t.Errorf("lister: %q in\n%s", want, texte)
				}
			}
			un.stop()
			if log := un.stderr.String(); !strings.Contains(log, "source lue") || strings.Contains(log, "SECRET") {
				t.Errorf("log:\n%s", log)
			}
			if n := f.appels.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// Without the permission of the operator, a source of the machine is not called.
func TestSourcePrivee(t *testing.T) {
	dossier := t.TempDir()
	f := servirFichier(t, lieuEssai(t))
	exigerRefus(t, lancer(t, dossier, nil, "source", "ajouter", "Essai", f.URL), 2,
		"URL : cette adresse mène dans un réseau privé. L’équipe technique peut le permettre (--reseaux-permis).")
	if r := lancer(t, dossier, nil, "source", "ajouter", "Essai", f.URL, "--reseaux-permis", "127.0.0.1"); r.code != 0 {
		t.Fatal(r.stderr)
	}
	exigerRefus(t, lancer(t, dossier, nil, "source", "lancer", "essai"), 1,
		"essai : Cette adresse, ou celle où elle renvoie, mène dans un réseau privé. L’équipe technique peut le permettre (--reseaux-permis).")
	s := demarrer(t, dossier)
	for fin := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if r := lancer(t, dossier, nil, "source", "lister"); strings.Contains(r.stdout, "en échec") {
			break
		}
		if time.Now().After(fin) {
			t.Fatal("the service does not say that it may not call the address")
		}
	}
	s.stop()
	if n := f.appels.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Behind an outgoing proxy, a source of the Internet is asked of it.
func TestSourceMandataire(t *testing.T) {
	internet := chiffrer(t, lieuEssai(t))
	r := newRelais(t, internet)
	if _, err := url.Parse(r.url); err != nil {
		t.Fatal(err)
	}
	dossier := t.TempDir()
	env := []string{"HTTPS_PROXY=" + r.url, "HTTP_PROXY=" + r.url, "SSL_CERT_FILE=" + autorite(t, internet)}
	if r := lancer(t, dossier, env, "source", "ajouter", "Essai", "https://example.com/lieux.csv"); r.code != 0 {
		t.Fatal(r.stderr)
	}
	if r := lancer(t, dossier, env, "source", "lancer", "essai"); r.code != 0 || !strings.Contains(r.stdout, "C’est écrit.") {
		t.Fatalf("code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if hotes := r.hotes(); !slices.Equal(hotes, []string{"CONNECT example.com:443"}) {
		t.Errorf("the proxy saw %v", hotes)
	}
}

func racineTest(t *testing.T) string {
	t.Helper()
	dossier, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dossier
}

// The life of a source, from the command line.
func TestSourceCommandes(t *testing.T) {
	dossier := t.TempDir()
	f := servirFichier(t, lieuEssai(t))
	env := []string{"ADEUXPAS_RESEAUX_PERMIS=127.0.0.0/8"}
	dire := func(want string, args ...string) {
		t.Helper()
		r := lancer(t, dossier, env, append([]string{"source"}, args...)...)
		if r.code != 0 || !strings.Contains(strings.ReplaceAll(r.stdout, "\u00a0", " "), want) {
			t.Errorf("%v: code %d, %q not in\n%s%s", args, r.code, want, r.stdout, r.stderr)
		}
	}
	non := func(code int, want string, args ...string) {
		t.Helper()
		exigerRefus(t, lancer(t, dossier, env, append([]string{"source"}, args...)...), code, want)
	}
	non(3, "La base « var/adeuxpas.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée.", "lister")
	dire("Source « rhinocc » ajoutée, lue chaque lundi à 4 h (heure du territoire).\nLicence : celle que dit son format", "ajouter", "rhinocc", "--heure", "4")
	dire("Source « essai » ajoutée, lue le 1er du mois à 3 h", "ajouter", "Essai", f.URL+"/lieux.csv", "--chaque", "mois")
	non(1, "NOM : une source s’appelle déjà « essai ». Retirez-la d’abord : ses fiches restent.", "ajouter", "essai", f.URL)
	non(2, "URL : il manque l’adresse du fichier. Sans elle, le nom doit être celui d’une source connue : france-services, rhinocc ou carte-nationale.", "ajouter", "autre")
	non(2, "--chaque : « heure » n’est pas possible : jour, semaine ou mois.", "ajouter", "autre", f.URL, "--chaque", "heure")
	non(2, "--heure : « 25 » n’est pas une heure : de 0 à 23.", "ajouter", "autre", f.URL, "--heure", "25")
	non(2, "--zone : « ici » n’est pas possible : departement, voisinage ou tout.", "ajouter", "autre", f.URL, "--zone", "ici")
	non(2, "--licence : « libre » n’est pas une licence connue : Licence Ouverte 2.0, ODbL 1.0 ou inconnue.", "ajouter", "autre", f.URL, "--licence", "libre")
	non(2, "--date : « hier » n’est pas possible : auto, modification ou lecture.", "ajouter", "autre", f.URL, "--date", "hier")
	non(2, "--colonnes : « Titre » ne dit pas ce qu’est une colonne : écrivez « Colonne du fichier=colonne du standard ».", "ajouter", "autre", f.URL, "--colonnes", "Titre")
	non(2, "--reseaux-permis : « local » n’est ni un réseau ni une adresse IP, comme 10.0.0.0/8 ou 10.0.0.5.", "ajouter", "autre", f.URL, "--reseaux-permis", "local")
	non(2, "Il manque la commande : ajouter, lister, lancer, appliquer, modifier, suspendre, reprendre ou retirer.")
	non(1, "Aucune source ne s’appelle « absente ». Voyez « adeuxpas source lister ».", "lancer", "absente")

	// The summary is that of a file.
	resume := lancer(t, t.TempDir(), nil, "importer", filepath.Join(racineTest(t), "testdata", "lieu-essai.csv"))
	premiere, _, _ := strings.Cut(strings.ReplaceAll(resume.stdout, "\u00a0", " "), "\n")
	if resume.code != 0 || len(premiere) < 5 {
		t.Fatal(resume.stdout, resume.stderr)
	}
	dire(premiere+"\n", "lancer", "essai", "--simulation")
	dire("Simulation : rien n’est écrit dans la base.\n", "lancer", "essai", "--simulation", "--rapport", "plan.json")
	if r := lireRapport(t, filepath.Join(dossier, "plan.json")); !r.Simulation || r.Bilan["nouveaux"] != 1 {
		t.Errorf("report: %+v", r)
	}
	dire("essai  « Essai », le 1er du mois à 3 h, jamais lue", "lister")
	dire("C’est écrit.\n", "lancer", "essai")
	dire("Le fichier n’a pas changé : il n’y a pas de rapport.\nÀ jour : rien à écrire.\n", "lancer", "essai", "--rapport", "plan.json")
	non(1, "Cette source n’attend aucune décision : « adeuxpas source lancer essai » la lit maintenant.", "appliquer", "essai")
	dire("Source « essai » suspendue", "suspendre", "essai")
	dire("à jour, suspendue", "lister")
	dire("À jour", "lancer", "essai")
	dire("Source « essai » reprise.", "reprendre", "essai")
	dire("Source « essai » changée, lue chaque lundi à 5 h (heure du territoire).", "modifier", "essai", "--chaque", "semaine", "--heure", "5")
	non(2, "--chaque : « an » n’est pas possible : jour, semaine ou mois.", "modifier", "essai", "--chaque", "an")
	dire("Source « essai » changée, lue le 1er du mois à 3 h", "modifier", "essai", "--chaque", "mois", "--heure", "3")

	// An edition of another place: the only one that was there would be lost.
	autre := strings.NewReplacer("essai-1", "essai-2", "Atelier numérique d’essai", "Fablab du Pont", "1 place d’Essai", "8 rue du Pont", "563000000", "563999999").Replace(lieuEssai(t))
	f.texte.Store(&autre)
	dire("Rien n’est écrit : cette édition n’a plus 1 des 1 fiches de la source : plus de 30 % disparaîtraient. Si c’est voulu : adeuxpas source appliquer essai\n", "lancer", "essai")
	dire("attend une décision", "lister")
	dire("C’est écrit.\n", "appliquer", "essai")
	page := "<!doctype html><title>Panne</title>"
	f.texte.Store(&page)
	non(1, "essai : Cette adresse donne une page web, pas des données.", "lancer", "essai")

	r := lancer(t, dossier, env, "source", "lister", "--json")
	var liste []struct {
		ID, Etat, Cause, URL string
		Passages             []struct {
			Par, Etat string
			Bilan     *struct{ Lus, Nouveaux int }
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &liste); err != nil || len(liste) != 2 {
		t.Fatalf("%v in %s", err, r.stdout)
	}
	etats := []string{}
	for _, p := range liste[0].Passages {
		etats = append(etats, p.Par+" "+p.Etat)
	}
	if want := []string{"cli echec", "cli applique", "cli attend", "cli a_jour", "cli a_jour", "cli applique"}; liste[0].ID != "essai" || liste[0].Cause != "page_web" || !slices.Equal(etats, want) {
		t.Errorf("%+v", liste[0])
	}
	dire("Source « essai » retirée. Ses fiches restent.", "retirer", "essai")
	dire("Source « rhinocc » retirée.", "retirer", "rhinocc")
	dire("Aucune source. Les sources connues : france-services, rhinocc ou carte-nationale.", "lister")
	r = lancer(t, dossier, nil, "exporter", "--format", "csv", "--base", filepath.Join("var", "adeuxpas.db"))
	if r.code != 0 || !strings.Contains(r.stdout, "Fablab du Pont") || !strings.Contains(r.stdout, "Atelier numérique d’essai") {
		t.Errorf("places after the source is gone: %s%s", r.stdout, r.stderr)
	}
}
