package main_test

import (
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var secretSeul = regexp.MustCompile(`^adp_[0-9A-Za-z]{43}\n$`)

// jeton makes a token and returns its secret and its id.
func jeton(t *testing.T, dossier string, args ...string) (secret, id string) {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"compte", "jeton"}, args...)...)
	mots := strings.ReplaceAll(r.stderr, "\u00a0", " ")
	m := regexp.MustCompile(`^Jeton ([0-9a-f]{12}) créé pour`).FindStringSubmatch(mots)
	if r.code != 0 || !secretSeul.MatchString(r.stdout) || m == nil {
		t.Fatalf("compte jeton %v: code %d, %d characters on stdout, stderr %q", args, r.code, len(r.stdout), r.stderr)
	}
	secret = strings.TrimSpace(r.stdout)
	if strings.Contains(r.stderr, secret) {
		t.Error("the secret is on stderr too")
	}
	return secret, m[1]
}

func jetons(t *testing.T, dossier string, args ...string) string {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"compte", "jetons"}, args...)...)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("compte jetons: code %d, stderr %q", r.code, r.stderr)
	}
	return strings.ReplaceAll(r.stdout, "\u00a0", " ")
}

func TestCompteJetons(t *testing.T) {
	dossier := remplie(t)
	if got := jetons(t, dossier); got != "Aucun jeton.\n" {
		t.Errorf("%q", got)
	}
	secret, un := jeton(t, dossier, "--nom", "Site de Moissac", "--lieu", idEssai+","+idBus, "--epci", "200066322", "--jours", "30")
	_, deux := jeton(t, dossier, "--nom", "Agenda", "--departement", "--expire", demain(3))
	liste := jetons(t, dossier)
	exigerTexte(t, liste,
		un+"  « Site de Moissac » : le lieu "+idEssai+", le lieu "+idBus+", les lieux de l’intercommunalité 200066322 ; créé le "+demain(0)+", sert jusqu’au "+demain(30)+".\n",
		deux+"  « Agenda » : les lieux du département 82 ; créé le "+demain(0)+", sert jusqu’au "+demain(3)+".\n")
	if strings.Contains(liste, secret[4:]) {
		t.Error("the list shows the secret")
	}
	exigerTexte(t, jetons(t, dossier, "--base", filepath.Join("var", "adeuxpas.db")), un, deux)
	for range 2 { // revoking again changes nothing
		r := lancer(t, dossier, nil, "compte", "revoquer", un)
		if r.code != 0 || !strings.Contains(r.stdout, "révoqué") {
			t.Fatalf("code %d: %s%s", r.code, r.stdout, r.stderr)
		}
	}
	exigerTexte(t, jetons(t, dossier), "révoqué le "+demain(0)+".")
	apres := lancer(t, dossier, []string{"ADEUXPAS_HORLOGE=" + demain(4) + "T12:00:00Z"}, "compte", "jetons")
	exigerTexte(t, strings.ReplaceAll(apres.stdout, "\u00a0", " "), "expiré depuis le "+demain(4)+".")
}

func TestCompteRefused(t *testing.T) {
	dossier := remplie(t)
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no command", nil, 2, "Il manque la commande : inviter, lister, jeton, jetons ou revoquer."},
		{"no name", []string{"jeton", "--departement"}, 2, "Il manque --nom. Voyez « adeuxpas compte jeton --help »."},
		{"an empty name", []string{"jeton", "--nom", " ", "--departement"}, 1, "Donnez un nom à ce jeton : il signera ses modifications."},
		{"no right", []string{"jeton", "--nom", "x"}, 2, "Dites ce que ce jeton peut modifier : --lieu, --commune, --epci ou --departement."},
		{"an unknown place", []string{"jeton", "--nom", "x", "--lieu", "zzzzzzzz"}, 1, "--lieu : nous ne connaissons pas de lieu « zzzzzzzz »."},
		{"an unknown EPCI", []string{"jeton", "--nom", "x", "--epci", "1"}, 1, "--epci : l’intercommunalité « 1 » n’est pas de ce territoire. Donnez son numéro SIREN."},
		{"a day that does not exist", []string{"jeton", "--nom", "x", "--departement", "--expire", "demain"}, 2, "--expire : « demain » n’est pas une date qui existe, comme 2026-12-24."},
		{"a day that is over", []string{"jeton", "--nom", "x", "--departement", "--expire", demain(-1)}, 1, "Ce jeton serait déjà expiré : donnez un jour à venir."},
		{"a day too far", []string{"jeton", "--nom", "x", "--departement", "--expire", "2999-01-01"}, 2, "--expire : donnez un jour dans les dix ans."},
		{"no days", []string{"jeton", "--nom", "x", "--departement", "--jours", "0"}, 2, "--jours : donnez un nombre de 1 à 3650."},
		{"days in words", []string{"jeton", "--nom", "x", "--departement", "--jours", "dix"}, 2, "--jours : « dix » n’est pas un nombre entier."},
		{"both ends", []string{"jeton", "--nom", "x", "--departement", "--jours", "3", "--expire", demain(3)}, 2, "--expire et --jours disent la même chose : donnez l’une des deux."},
		{"no base", []string{"jeton", "--nom", "x", "--departement", "--base", "absente.db"}, 3, "La base « absente.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no token to revoke", []string{"revoquer"}, 2, "Il manque ID. Voyez « adeuxpas compte revoquer --help »."},
		{"neither a token nor an account", []string{"revoquer", "abc"}, 1, "Ni jeton ni compte ne répond à « abc » : « adeuxpas compte jetons » et « adeuxpas compte lister » les donnent."},
		{"nobody's address", []string{"revoquer", "abc@exemple.fr"}, 1, "Ni jeton ni compte ne répond à « abc@exemple.fr » : « adeuxpas compte jetons » et « adeuxpas compte lister » les donnent."},
		{"nobody to invite", []string{"inviter", "--role", "mediateur"}, 2, "Il manque COURRIEL. Voyez « adeuxpas compte inviter --help »."},
		{"no role", []string{"inviter", "a@exemple.fr"}, 2, "Il manque --role. Voyez « adeuxpas compte inviter --help »."},
		{"another role", []string{"inviter", "a@exemple.fr", "--role", "chef"}, 2, "--role : « chef » n’est pas possible. Choisissez contributeur, mediateur, coordinateur ou administrateur."},
		{"no place to change", []string{"inviter", "a@exemple.fr", "--role", "coordinateur"}, 2, "Dites sur quels lieux : --lieu, --commune, --epci ou --departement."},
		{"needs of no place", []string{"inviter", "a@exemple.fr", "--role", "contributeur", "--lieu", "x"}, 2, "Un contributeur ne parle pas pour un lieu : donnez --commune, --epci ou --departement."},
		{"needs of no commune", []string{"inviter", "a@exemple.fr", "--role", "contributeur", "--commune", "moissac"}, 1, "--commune : la commune « moissac » n’est pas de ce territoire. Donnez son code INSEE."},
		{"an unknown place to invite to", []string{"inviter", "a@exemple.fr", "--role", "administrateur", "--lieu", "zzzzzzzz"}, 1, "--lieu : nous ne connaissons pas de lieu « zzzzzzzz »."},
		{"not an address", []string{"inviter", "a@exemple", "--role", "administrateur"}, 1, "Cette adresse n’est pas complète : écrivez-la sans accent ni espace, comme prenom.nom@mairie-exemple.fr."},
		{"a name on two lines", []string{"inviter", "a@exemple.fr", "--role", "administrateur", "--nom", "A\nBcc: b@exemple.fr"}, 1, "Le nom tient sur une ligne, sans guillemets ni chevrons."},
		{"no public address", []string{"inviter", "a@exemple.fr", "--role", "administrateur", "--url-publique", "exemple.fr"}, 2, "--url-publique : « exemple.fr » n’est pas une adresse, comme https://exemple.fr ou https://exemple.fr/aide."},
		{"no base for a mediator", []string{"inviter", "a@exemple.fr", "--role", "mediateur", "--departement", "--base", "absente.db"}, 3, "La base « absente.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no base to list", []string{"lister", "--base", "absente.db"}, 3, "La base « absente.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, dossier, nil, append([]string{"compte"}, tt.args...)...), tt.code, tt.want)
		})
	}
	if got := jetons(t, dossier); got != "Aucun jeton.\n" {
		t.Errorf("a refused command left %q", got)
	}
	if r := lancer(t, dossier, nil, "compte", "lister"); r.stdout != "Aucun compte.\n" {
		t.Errorf("a refused command left %q", r.stdout)
	}
}

// put changes the hours of a place over HTTP.
func (s *serveur) put(t *testing.T, id, corps string, entetes map[string]string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+"/api/v1/lieux/"+id+"/horaires", strings.NewReader(corps))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for nom, v := range entetes {
		r.Header.Set(nom, v)
	}
	rep, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	texte, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rep, string(texte)
}

// A program with a token changes the hours of a running service: everyone sees
// them at once, the export has them, and the same source read again leaves them.
func TestPUTHoraires(t *testing.T) {
	dossier := t.TempDir()
	s := demarrer(t, dossier)
	exporter(t, dossier, "csv", "--sortie", "source.csv")
	// The source of the place, from now on, is a file that gives its own hours.
	if r := lancer(t, dossier, nil, "importer", "--zone", "tout", "source.csv"); r.code != 0 {
		t.Fatal(r.stderr)
	}
	secret, id := jeton(t, dossier, "--nom", "Site de la commune", "--lieu", idEssai)
	lu, _ := s.lire(t, "/api/v1/lieux/"+idEssai)
	entetes := map[string]string{"Authorization": "Bearer " + secret, "If-Match": lu.Header.Get("ETag"), "Idempotency-Key": "2026-11-24/1"}
	const corps = `{"horaires":"Mo 07:15-11:45; PH off"}`
	un, texte := s.put(t, idEssai, corps, entetes)
	if un.StatusCode != 200 || un.Header.Get("ETag") == lu.Header.Get("ETag") {
		t.Fatalf("%d %s", un.StatusCode, texte)
	}
	if _, page := s.lire(t, "/lieux/"+idEssai); !strings.Contains(page, "7\u00a0h\u00a015") {
		t.Error("the page does not show the new hours")
	}
	if deux, encore := s.put(t, idEssai, corps, entetes); deux.StatusCode != 200 || encore != texte {
		t.Errorf("the same key: %d", deux.StatusCode)
	}
	if trop, _ := s.put(t, idEssai, `{"horaires":"`+strings.Repeat("a", 60_000)+`"}`, entetes); trop.StatusCode != 413 {
		t.Errorf("too long: %d", trop.StatusCode)
	}
	t.Run("the export and the same source again", func(t *testing.T) {
		if r := lancer(t, dossier, nil, "importer", "--zone", "tout", "source.csv"); r.code != 0 {
			t.Fatal(r.stderr)
		}
		exigerTexte(t, exporter(t, dossier, "csv"), "Mo 07:15-11:45; PH off")
		exigerTexte(t, lieu(t, dossier, "montrer", idEssai), "Horaires : Mo 07:15-11:45; PH off", "par Site de la commune.")
	})
	s.stop()
	if strings.Contains(s.stderr.String(), secret[4:]) {
		t.Error("the secret is in the log")
	}
	s = demarrer(t, dossier)
	if rep, encore := s.put(t, idEssai, corps, entetes); rep.StatusCode != 200 || encore != texte {
		t.Errorf("the same key after a restart: %d %s", rep.StatusCode, encore)
	}
	t.Run("revoked while the service runs", func(t *testing.T) {
		if r := lancer(t, dossier, nil, "compte", "revoquer", id); r.code != 0 {
			t.Fatal(r.stderr)
		}
		if rep, _ := s.put(t, idEssai, corps, entetes); rep.StatusCode != 401 {
			t.Errorf("%d", rep.StatusCode)
		}
	})
}
