package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

const ficheDouble = `id,pivot,nom,commune,code_postal,code_insee,adresse,telephone,courriels,horaires,source,date_maj,services
%ID%,00000000000000,%NOM%,Moissac,82200,82112,%ADRESSE%,+33563000001,accueil@example.org,%HORAIRES%,%SOURCE%,%DATE%,Aide aux démarches administratives
`

// fichierDouble writes a file of one place, and returns its path.
func fichierDouble(t *testing.T, dossier, nom string, valeurs ...string) string {
	t.Helper()
	chemin := filepath.Join(dossier, nom)
	defaut := []string{"%NOM%", "Espace numérique d’essai", "%ADRESSE%", "12 rue des Exemples", "%HORAIRES%", "Mo 09:00-12:00"}
	texte := strings.NewReplacer(append(valeurs, defaut...)...).Replace(ficheDouble)
	if err := os.WriteFile(chemin, []byte(texte), 0o600); err != nil {
		t.Fatal(err)
	}
	return chemin
}

func doublons(t *testing.T, dossier string, args ...string) string {
	t.Helper()
	return strings.ReplaceAll(commande(t, dossier, nil, append([]string{"doublons"}, args...)...), "\u00a0", " ")
}

var motifPaire = regexp.MustCompile(`le même lieu .* : ([2-9a-z]{8}) ([2-9a-z]{8})\n`)

// Two places come to say the same: they are listed with what each says, merged,
// given back, told apart; each decision can be taken back.
func TestDoublons(t *testing.T) {
	dossier := remplie(t)
	un := fichierDouble(t, dossier, "2026-01-01-un.csv", "%ID%", "un-1", "%SOURCE%", "Source Un", "%DATE%", "2026-01-01")
	loin := fichierDouble(t, dossier, "2026-01-02-deux.csv", "%ID%", "deux-1", "%SOURCE%", "Source Deux", "%DATE%", "2026-01-02",
		"%NOM%", "Tout autre", "%ADRESSE%", "1 impasse Lointaine", "+33563000001", "", "accueil@example.org", "")
	avant := doublons(t, dossier, "lister")
	commande(t, dossier, nil, "importer", un, loin)
	if doublons(t, dossier, "lister") != avant {
		t.Fatal("the two places are asked about before they look alike")
	}
	proche := fichierDouble(t, dossier, "2026-01-03-deux.csv", "%ID%", "deux-1", "%SOURCE%", "Source Deux", "%DATE%", "2026-01-03", "%HORAIRES%", "Tu 09:00-12:00")
	commande(t, dossier, nil, "importer", proche)

	liste := doublons(t, dossier, "lister")
	exigerTexte(t, liste, "à décider", "Sûrement le même lieu", ", depuis le ", "  pour : ", "Nom, des deux : Espace numérique d’essai", "09:00-12:00 | ", "\n  adeuxpas doublons fusionner A B     c’est le même lieu : A est gardé\n")
	var lue struct {
		Questions []struct {
			Sur     bool
			Score   float64
			Raisons []string
			Contre  []string
			Lieux   [2]struct {
				ID, Fiche string
				Champs    map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(commande(t, dossier, nil, "doublons", "lister", "--json")), &lue); err != nil || len(lue.Questions) == 0 {
		t.Fatalf("%v, %+v", err, lue)
	}
	q := lue.Questions[0]
	m := motifPaire.FindStringSubmatch(liste)
	if m == nil || q.Lieux[0].ID != m[1] || q.Lieux[1].ID != m[2] || !q.Sur || len(q.Raisons) == 0 || q.Lieux[1].Champs["commune"] != "Moissac" {
		t.Fatalf("%v\n%+v", m, q)
	}
	a, b := m[1], m[2]

	exigerTexte(t, doublons(t, dossier, "distinguer", a, b), "C’est noté : "+a+" et "+b+" sont deux lieux.")
	if strings.Contains(doublons(t, dossier, "lister"), a) {
		t.Error("asked again")
	}
	doublons(t, dossier, "oublier", a, b)
	fusion := doublons(t, dossier, "fusionner", a, b, "--auteur", "Jeanne")
	exigerTexte(t, fusion, "Le lieu "+b+" est maintenant "+a+".", "doublons defaire fusion-")
	operation := regexp.MustCompile(`fusion-[0-9a-f]+`).FindString(fusion)
	exigerTexte(t, doublons(t, dossier, "historique", "--nombre", "1"), operation, "réunit "+a+" "+b, "Jeanne", " : "+b+" → "+a)
	exigerTexte(t, lieu(t, dossier, "montrer", a), "Provenance :", "  telephone fiche ")
	exigerRefusContenant(t, lancer(t, dossier, nil, "doublons", "fusionner", a, b), 1, "prenez plutôt "+a)

	defaite := doublons(t, dossier, "defaire", operation)
	exigerTexte(t, defaite, "C’est défait. Les lieux concernés : "+a+", "+b+".", "doublons defaire separation-")
	exigerTexte(t, doublons(t, dossier, "historique"), "défait depuis par separation-", "défait "+operation)
	commande(t, dossier, nil, "importer", un, proche)
	exigerTexte(t, lieu(t, dossier, "montrer", b), "Espace numérique d’essai")

	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"defaire", operation}, 1, "Cette opération est déjà défaite."},
		{[]string{"defaire", "rien"}, 1, "Nous ne connaissons pas l’opération"},
		{[]string{"separer", "rien/1"}, 1, "La fiche « rien/1 » n’existe pas."},
		{[]string{"separer", q.Lieux[0].Fiche}, 1, "Cette fiche est la seule de son lieu"},
		{[]string{"fusionner", a}, 2, "Il manque B."},
		{[]string{"distinguer", a, a}, 1, "deux fois le même lieu"},
		{[]string{"fusionner", a, b, "--auteur", " "}, 1, "Dites qui décide."},
		{[]string{"lister", "--nombre=-1"}, 2, "--nombre : donnez un nombre, 0 pour toutes, et non -1."},
		{[]string{"historique", "--nombre", "0"}, 2, "--nombre : donnez un nombre de 1 à 200, et non 0."},
		{[]string{"lister", "--base", "absente.db"}, 3, "La base « absente.db » n’existe pas"},
	} {
		exigerRefusContenant(t, lancer(t, dossier, nil, append([]string{"doublons"}, tt.args...)...), tt.code, tt.want)
	}
}

// corrigerHoraires has a person write hours, as the pages do.
func corrigerHoraires(t *testing.T, dossier, id, regle string) {
	t.Helper()
	b, err := sqlite.Open(t.Context(), filepath.Join(dossier, "var", "adeuxpas.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	avant, err := b.Lieu(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	fiches, err := b.FichesDe(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	apres := avant
	if err := apres.CorrigerHoraires(regle, "compte:m", time.Now()); err != nil {
		t.Fatal(err)
	}
	rev, _ := mednum.Reviser(avant, mednum.Consolider(apres, fiches, nil))
	if err := b.Save(t.Context(), rev); err != nil {
		t.Fatal(err)
	}
}

// A value that a person wrote, and that its source changes: shown to who runs the
// base, kept or given back.
func TestLieuGarderSuivre(t *testing.T) {
	dossier := remplie(t)
	horaires := func(jour, heures string) {
		commande(t, dossier, nil, "importer", fichierDouble(t, dossier, jour+"-un.csv", "%ID%", "un-1", "%SOURCE%", "Source Un", "%DATE%", jour, "%HORAIRES%", heures))
	}
	horaires("2026-01-01", "Mo 09:00-12:00")
	id := regexp.MustCompile(`(?m)^([2-9a-z]{8}),.*Espace numérique d’essai`).FindStringSubmatch(exporter(t, dossier, "csv"))[1]
	exigerTexte(t, lieu(t, dossier, "montrer", id), "horaires fiche ", " du 2026-01-01")
	corrigerHoraires(t, dossier, id, "Fr 14:00-16:00")
	horaires("2026-02-01", "Tu 09:00-12:00")
	exigerTexte(t, lieu(t, dossier, "montrer", id), "Horaires : Fr 14:00-16:00", "À décider, par « adeuxpas lieu garder » ou « adeuxpas lieu suivre » :",
		"horaires  vous aviez écrit « Fr 14:00-16:00 », la source dit maintenant « Tu 09:00-12:00 », fiche ", " du 2026-02-01")
	exigerTexte(t, lieu(t, dossier, "garder", id, "horaires", "--auteur", "Jeanne"), "Horaires : la valeur écrite ici est gardée.", "version 4.")
	if montre := lieu(t, dossier, "montrer", id); strings.Contains(montre, "À décider") || !strings.Contains(montre, "Horaires : Fr 14:00-16:00") {
		t.Errorf("kept:\n%s", montre)
	}
	horaires("2026-03-01", "We 09:00-12:00")
	exigerTexte(t, lieu(t, dossier, "suivre", id, "horaires"), "Horaires : la valeur de la source est reprise.")
	exigerTexte(t, lieu(t, dossier, "montrer", id), "Horaires : We 09:00-12:00")
	exigerRefusContenant(t, lancer(t, dossier, nil, "lieu", "garder", id, "horaires"), 1, "Il n’y a rien à décider pour « Horaires »")
	exigerRefusContenant(t, lancer(t, dossier, nil, "lieu", "suivre", id, "couleur"), 2, "CHAMP : « couleur » n’est pas une colonne")
}
