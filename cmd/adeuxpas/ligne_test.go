package main_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAide(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"aide", []string{"--help"}},
		{"aide-servir", []string{"servir", "--help"}},
		{"aide-importer", []string{"importer", "-h"}},
		{"aide-source", []string{"source", "--help"}},
		{"aide-source-ajouter", []string{"source", "ajouter", "--help"}},
		{"aide-source-lister", []string{"source", "lister", "--help"}},
		{"aide-source-lancer", []string{"source", "lancer", "--help"}},
		{"aide-source-appliquer", []string{"source", "appliquer", "--help"}},
		{"aide-source-suspendre", []string{"source", "suspendre", "--help"}},
		{"aide-source-reprendre", []string{"source", "reprendre", "--help"}},
		{"aide-source-retirer", []string{"source", "retirer", "--help"}},
		{"aide-rapprocher", []string{"rapprocher", "--help"}},
		{"aide-exporter", []string{"exporter", "--help"}},
		{"aide-couverture", []string{"couverture", "--help"}},
		{"aide-couverture-choisir", []string{"couverture", "choisir", "--help"}},
		{"aide-lieu", []string{"lieu", "--help"}},
		{"aide-lieu-fermer", []string{"lieu", "fermer", "--help"}},
		{"aide-lieu-permanence", []string{"lieu", "permanence", "--help"}},
		{"aide-territoire-centres", []string{"territoire", "centres", "--help"}},
		{"aide-doublons", []string{"doublons", "--help"}},
		{"aide-doublons-lister", []string{"doublons", "lister", "--help"}},
		{"aide-doublons-fusionner", []string{"doublons", "fusionner", "--help"}},
		{"aide-doublons-defaire", []string{"doublons", "defaire", "--help"}},
		{"aide-lieu-garder", []string{"lieu", "garder", "--help"}},
		{"aide-territoire-centres", []string{"territoire", "centres", "--help"}},
		{"aide-compte", []string{"compte", "--help"}},
		{"aide-compte-inviter", []string{"compte", "inviter", "--help"}},
		{"aide-compte-lister", []string{"compte", "lister", "--help"}},
		{"aide-compte-jeton", []string{"compte", "jeton", "--help"}},
		{"aide-compte-jetons", []string{"compte", "jetons", "--help"}},
		{"aide-compte-revoquer", []string{"compte", "revoquer", "--help"}},
		{"aide-courrier", []string{"courrier", "--help"}},
		{"aide-courrier-liste", []string{"courrier", "liste", "--help"}},
		{"aide-courrier-rebond", []string{"courrier", "rebond", "--help"}},
		{"aide-rappels", []string{"rappels", "--help"}},
		{"aide-journal", []string{"journal", "--help"}},
		{"aide-sauvegarder", []string{"sauvegarder", "--help"}},
		{"aide-restaurer", []string{"restaurer", "--help"}},
		{"aide-migrer", []string{"migrer", "--help"}},
		{"aide-territoire", []string{"territoire", "--help"}},
		{"aide-territoire-construire", []string{"territoire", "construire", "--help"}},
		{"aide-horaires", []string{"horaires", "--help"}},
		{"aide-vacances", []string{"vacances", "--help"}},
		{"aide-vacances-renouveler", []string{"vacances", "renouveler", "--help"}},
		{"aide-sante", []string{"sante", "--help"}},
		{"aide-version", []string{"version", "--aide"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lancer(t, t.TempDir(), nil, tt.args...)
			if r.code != 0 || r.stderr != "" {
				t.Fatalf("code %d, stderr %q", r.code, r.stderr)
			}
			comparer(t, tt.name, r.stdout)
			for ligne := range strings.Lines(r.stdout) {
				if n := utf8.RuneCountInString(strings.TrimRight(ligne, "\n")); n > 80 {
					t.Errorf("line of %d characters: %q", n, ligne)
				}
			}
			for _, anglais := range []string{"Usage", "Flags", "Show", "Commands", "default", "required"} {
				if strings.Contains(r.stdout, anglais) {
					t.Errorf("the help says %q in English", anglais)
				}
			}
		})
	}
	t.Run("no command shows the help", func(t *testing.T) {
		r := lancer(t, t.TempDir(), nil)
		if want := lancer(t, t.TempDir(), nil, "--help").stdout; r.code != 0 || r.stdout != want {
			t.Errorf("code %d, stdout %q", r.code, r.stdout)
		}
	})
}

func TestRefus(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"wrong flag", []string{"sante", "--adrese", "x"}, 2, "Option inconnue --adrese : vouliez-vous dire --adresse ?"},
		{"wrong flag with a value", []string{"sante", "--adrese=x"}, 2, "Option inconnue --adrese : vouliez-vous dire --adresse ?"},
		{"wrong short flag", []string{"sante", "-x"}, 2, "Option inconnue -x. Voyez « adeuxpas sante --help »."},
		{"flag like no other", []string{"sante", "--chaussettes"}, 2, "Option inconnue --chaussettes. Voyez « adeuxpas sante --help »."},
		{"flag before its command", []string{"--adresse", "x", "sante"}, 2, "L’option --adresse se place après la commande : « adeuxpas sante --adresse »."},
		{"flag before no command", []string{"--adresse", "x"}, 2, "Option inconnue --adresse. Voyez « adeuxpas --help »."},
		{"wrong global flag", []string{"--hepl"}, 2, "Option inconnue --hepl : vouliez-vous dire --help ?"},
		{"wrong command", []string{"snate"}, 2, "Commande inconnue « snate » : vouliez-vous dire « sante » ?"},
		{"flag without its value", []string{"sante", "--adresse"}, 2, "L’option --adresse attend une valeur. Voyez « adeuxpas sante --help »."},
		{"value of a switch", []string{"sante", "--detail=oui-oui"}, 2, "Une option a reçu une valeur dont elle n’a pas besoin. Voyez « adeuxpas sante --help »."},
		{"one argument too many", []string{"version", "x"}, 2, "« x » est de trop. Voyez « adeuxpas version --help »."},
		{"nobody answers", []string{"sante", "--adresse", "127.0.0.1:1"}, 1, "Le service ne répond pas sur 127.0.0.1:1."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lancer(t, t.TempDir(), nil, tt.args...)
			exigerRefus(t, r, tt.code, tt.want)
		})
	}
}

// exigerRefus asserts one French sentence on stderr, nothing on stdout and the
// exit code.
func exigerRefus(t *testing.T, r resultat, code int, phrase string) {
	t.Helper()
	got := strings.ReplaceAll(strings.TrimSpace(r.stderr), "\u00a0", " ")
	if want := "adeuxpas : " + phrase; got != want {
		t.Errorf("stderr:\n got %q\nwant %q", got, want)
	}
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	if r.stdout != "" {
		t.Errorf("stdout %q, want none", r.stdout)
	}
}

func TestDetail(t *testing.T) {
	r := lancer(t, t.TempDir(), []string{"ADEUXPAS_DETAIL=1"}, "sante", "--adresse", "127.0.0.1:1")
	if !strings.Contains(r.stderr, "Cause technique") || !strings.Contains(r.stderr, "refused") {
		t.Errorf("stderr %q does not tell the cause", r.stderr)
	}
}

func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if r := lancer(t, t.TempDir(), nil, args...); r.code != 0 || r.stdout != "adeuxpas dev\n" {
			t.Errorf("%v: code %d, stdout %q", args, r.code, r.stdout)
		}
	}
}
