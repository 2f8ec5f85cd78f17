package main_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// idEssai is a shipped place whose help comes from a record; the bus is an
// itinerant service.
const idEssai, idBus = "8p7whtxt", "h97dxn5d"

// demain is a day to come, n days from now in the territory's zone.
func demain(n int) string {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // tzdata is linked
	}
	return time.Now().In(paris).AddDate(0, 0, n).Format(time.DateOnly)
}

// lieu runs a command on a place and returns what it says.
func lieu(t *testing.T, dossier string, args ...string) string {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"lieu"}, args...)...)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("lieu %v: code %d, stderr %q", args, r.code, r.stderr)
	}
	return strings.ReplaceAll(r.stdout, "\u00a0", " ")
}

var idDit = regexp.MustCompile(`(?:Exception|Permanence) ([2-9a-z]{8}) : `)

// elementDit is the id that a command says it added.
func elementDit(t *testing.T, sortie string) string {
	t.Helper()
	m := idDit.FindStringSubmatch(sortie)
	if m == nil {
		t.Fatalf("no id in %q", sortie)
	}
	return m[1]
}

func exigerTexte(t *testing.T, texte string, mots ...string) {
	t.Helper()
	for _, m := range mots {
		if !strings.Contains(texte, m) {
			t.Errorf("%q is not in:\n%s", m, texte)
		}
	}
}

func TestLieu(t *testing.T) {
	dossier := remplie(t)
	avant := exporter(t, dossier, "csv")
	exigerTexte(t, lieu(t, dossier, "montrer", idEssai), "Version : 1", "Permanences : 2", "[fiche france-services/", "Exceptions : aucune")

	fermeture := []string{"fermer", idEssai, "--du", demain(10), "--au", demain(12), "--motif", "congés"}
	sortie := lieu(t, dossier, fermeture...)
	exception := elementDit(t, sortie)
	exigerTexte(t, sortie, "fermé du "+demain(10)+" au "+demain(12)+" (congés)", "version 2.")
	exigerTexte(t, lieu(t, dossier, fermeture...), "version 2 : c’était déjà fait, rien n’a changé.")

	sortie = lieu(t, dossier, "permanence", idEssai, "--regle", "Tu 10:00-12:00", "--depuis", demain(7), "--tous-les", "2", "--intitule", "Atelier", "--rendez-vous")
	permanence := elementDit(t, sortie)
	exigerTexte(t, sortie, "une semaine sur 2, depuis le "+demain(7)+", sur rendez-vous, Atelier", "version 3.")
	lieu(t, dossier, "fermer", idEssai, "--du", demain(14), "--permanence", permanence)
	lieu(t, dossier, "ouvrir", idEssai, "--du", demain(20), "--plages", "09:00-12:00")
	lieu(t, dossier, "horaires-disent", idEssai, "aide")
	exigerTexte(t, lieu(t, dossier, "verifier", idEssai, "--auteur", "Jeanne"), "Vérifié le", "par Jeanne", "version 7.")
	exigerTexte(t, lieu(t, dossier, "montrer", idEssai), "Version : 7", "Permanences : 3", permanence, "[saisie]", "Exceptions : 3", exception,
		"Ces horaires sont ceux de l’aide numérique.", "Vérifié le "+demain(0)+" par Jeanne.")
	exigerTexte(t, strings.ReplaceAll(exporter(t, dossier, "csv"), "\u00a0", " "),
		` off ""congés""; `, " 09:00-12:00 open", "Aide numérique (Atelier), une semaine sur deux à partir du")

	t.Run("an import keeps all that", func(t *testing.T) {
		fichier := filepath.Join(dossier, "relu.csv")
		exporter(t, dossier, "csv", "--sortie", fichier)
		if r := lancer(t, dossier, nil, "importer", fichier); r.code != 0 {
			t.Fatal(r.stderr)
		}
		exigerTexte(t, lieu(t, dossier, "montrer", idEssai), permanence, exception, "Ces horaires sont ceux de l’aide numérique.", "par Jeanne.")
	})

	for _, element := range []string{exception, permanence} {
		lieu(t, dossier, "retirer", idEssai, element)
	}
	if montre := lieu(t, dossier, "montrer", idEssai); strings.Contains(montre, exception) || strings.Contains(montre, permanence) {
		t.Errorf("still there:\n%s", montre)
	}
	if avant == exporter(t, dossier, "csv") {
		t.Error("the check and the opening left no trace")
	}
}

var dateDite = regexp.MustCompile(`20\d\d [A-Z][a-z]{2} \d\d`)

// A stop that somebody adds is a row of the export, and comes back as a stop.
func TestLieuArret(t *testing.T) {
	dossier := remplie(t)
	lieu(t, dossier, "permanence", idBus, "--regle", "Sa 09:30-12:00", "--depuis", demain(3), "--tous-les", "2",
		"--arret", "Salle des fêtes", "--adresse", "2 place du Marché", "--commune", "82112", "--lat", "44.1", "--lon=1.09")
	var lieux []map[string]any
	if err := json.Unmarshal([]byte(exporter(t, dossier, "json")), &lieux); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(lieux, func(l map[string]any) bool { return l["id"] == idBus+"-salle-des-fetes" })
	if i < 0 {
		t.Fatal("the stop is no row of the export")
	}
	want := map[string]any{
		"nom": "France services itinérante Moissac-Confluences – Salle des fêtes", "structure_parente": "France services itinérante Moissac-Confluences",
		"commune": "Moissac", "code_insee": "82112", "code_postal": "82200", "adresse": "2 place du Marché", "latitude": 44.1, "longitude": 1.09,
	}
	for champ, valeur := range want {
		if lieux[i][champ] != valeur {
			t.Errorf("%s = %v, want %v", champ, lieux[i][champ], valeur)
		}
	}
	h, _ := lieux[i]["horaires"].(string)
	if n := len(dateDite.FindAllString(h, -1)); n < 25 || n > 27 || !strings.HasSuffix(h, " 09:30-12:00") || lieux[i]["itinerance"] != "Itinérant" {
		t.Errorf("horaires %q, itinerance %v", h, lieux[i]["itinerance"])
	}
}

func TestLieuRefused(t *testing.T) {
	dossier := remplie(t)
	fiche := regexp.MustCompile(`(?m)^  ([2-9a-z]{8})  .*\[fiche (\S+)\]$`).FindStringSubmatch(lieu(t, dossier, "montrer", idEssai))
	if fiche == nil {
		t.Fatal("the place has no permanence of a record")
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no command", nil, 2, "Il manque la commande : montrer, fermer, ouvrir, permanence, horaires-disent, verifier, garder, suivre ou retirer."},
		{"no place", []string{"montrer"}, 2, "Il manque ID. Voyez « adeuxpas lieu montrer --help »."},
		{"unknown place", []string{"fermer", "zzzzzzzz", "--du", demain(1)}, 1, "Nous ne connaissons pas ce lieu."},
		{"no base", []string{"montrer", idEssai, "--base", "absente.db"}, 3, "La base « absente.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no day", []string{"fermer", idEssai}, 2, "Il manque --du. Voyez « adeuxpas lieu fermer --help »."},
		{"a day that does not exist", []string{"fermer", idEssai, "--du", "2026-02-30"}, 2, "--du : « 2026-02-30 » n’est pas une date qui existe, comme 2026-12-24."},
		{"end before start", []string{"fermer", idEssai, "--du", "2090-12-24", "--au", "2090-12-20"}, 1, "Le dernier jour (2090-12-20) est avant le premier (2090-12-24) : corrigez l’une des deux dates."},
		{"over", []string{"fermer", idEssai, "--du", "2020-01-01"}, 1, "Le 2020-01-01 est déjà passé : une exception doit finir aujourd’hui ou plus tard."},
		{"an opening without hours", []string{"ouvrir", idEssai, "--du", demain(1)}, 2, "Il manque --plages. Voyez « adeuxpas lieu ouvrir --help »."},
		{"hours that cannot be read", []string{"ouvrir", idEssai, "--du", demain(1), "--plages", "9h"}, 1, "La plage « 9h » ne se lit pas : écrivez-la comme 09:00-12:00, et plusieurs avec des virgules."},
		{"a rule that cannot be read", []string{"permanence", idEssai, "--regle", "Tu 10h"}, 1, "La règle « Tu 10h » n’est pas comprise à partir du caractère 6 : il faut deux points et les minutes, comme 09:00. Écrivez-la comme Tu 10:00-12:00."},
		{"a cadence from no day", []string{"permanence", idEssai, "--regle", "Tu 10:00-12:00", "--tous-les", "2"}, 1, "Une semaine sur 2, mais à compter de quand ? Donnez un jour de la première semaine, comme 2026-11-30."},
		{"a cadence in words", []string{"permanence", idEssai, "--regle", "Tu 10:00-12:00", "--tous-les", "deux"}, 2, "--tous-les : « deux » n’est pas un nombre entier."},
		{"an address without a stop", []string{"permanence", idEssai, "--regle", "Tu 10:00-12:00", "--adresse", "1 rue"}, 2, "--arret : donnez le nom de l’arrêt dont vous dites l’adresse, la commune ou la position."},
		{"an unknown commune", []string{"permanence", idEssai, "--regle", "Tu 10:00-12:00", "--arret", "Mairie", "--commune", "99999"}, 1, "La commune de code INSEE « 99999 » n’est pas connue de ce territoire : vérifiez ce code, qui n’est pas le code postal."},
		{"a position in words", []string{"permanence", idEssai, "--regle", "Tu 10:00-12:00", "--arret", "Mairie", "--commune", "82112", "--lat", "nord", "--lon", "1"}, 1, "« nord » n’est pas un nombre de degrés, comme 44.0221."},
		{"no sense", []string{"horaires-disent", idEssai}, 2, "Il manque SENS. Voyez « adeuxpas lieu horaires-disent --help »."},
		{"another sense", []string{"horaires-disent", idEssai, "oui"}, 2, "SENS : « oui » n’est pas possible. Choisissez lieu, aide ou non-dit."},
		{"an author without a name", []string{"horaires-disent", idEssai, "aide", "--auteur", " "}, 2, "--auteur : dites qui fait ce changement."},
		{"a version that is over", []string{"horaires-disent", idEssai, "aide", "--si-version", "9"}, 1, "Ce lieu en est à la version 1, et non 9 : quelqu’un l’a modifié entre-temps. Relisez-le, puis recommencez."},
		{"a check to come", []string{"verifier", idEssai, "--le", "2090-01-01"}, 1, "Une vérification ne peut pas être datée d’un jour à venir (2090-01-01)."},
		{"nothing to take away", []string{"retirer", idEssai, "zzz"}, 1, "Ce lieu n’a ni exception ni permanence « zzz »."},
		{
			"a permanence of a record",
			[]string{"retirer", idEssai, fiche[1]},
			1, "La permanence « " + fiche[1] + " » vient d’une source (fiche " + fiche[2] + ") : retirée ici, elle reviendrait au prochain import. " +
				"Fermez-la plutôt par une exception, ou faites corriger la source.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, dossier, nil, append([]string{"lieu"}, tt.args...)...), tt.code, tt.want)
		})
	}
	exigerTexte(t, lieu(t, dossier, "montrer", idEssai), "Version : 1")
}

// A running service shows a change within a second or so, and two writers at
// once lose nothing.
func TestLieuWhileServing(t *testing.T) {
	dossier := t.TempDir()
	s := demarrer(t, dossier)
	fins := make(chan resultat)
	for i := range 4 {
		go func() {
			fins <- lancer(t, dossier, nil, "lieu", "fermer", idEssai, "--du", demain(30+i), "--motif", fmt.Sprintf("essai %d", i))
		}()
	}
	for range 4 {
		if r := <-fins; r.code != 0 {
			t.Errorf("code %d: %s", r.code, r.stderr)
		}
	}
	debut := time.Now()
	for {
		if _, corps := s.lire(t, "/donnees/lieux.csv"); strings.Count(corps, `off ""essai `) == 4 {
			break
		}
		if time.Since(debut) > 5*time.Second {
			t.Fatal("the running service does not show the closings")
		}
		time.Sleep(50 * time.Millisecond)
	}
	exigerTexte(t, lieu(t, dossier, "montrer", idEssai), "Version : 5", "Exceptions : 4")
}
