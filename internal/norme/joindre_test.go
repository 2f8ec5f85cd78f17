package norme

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// resume says what a reading holds, and checks that every row is counted once.
func resume(t *testing.T, l *Lecture) (fiches, ecartes []string) {
	t.Helper()
	if l.Lus != len(l.Fiches)+len(l.Ecartes)+l.Joints {
		t.Errorf("%s: %d rows read, %d records, %d left out, %d joined", l.Fichier, l.Lus, len(l.Fiches), len(l.Ecartes), l.Joints)
	}
	for i := range l.Fiches {
		f := &l.Fiches[i]
		if f.Empreinte != empreinte(*f) || f.Flux != l.Flux.ID {
			t.Errorf("%s: not finished", f.Reference())
		}
		fiches = append(fiches, fmt.Sprintf("%d %s | %s | %s | %s", f.Ligne, f.Cle, f.Champs[mednum.ChampNom], f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampServices]))
	}
	for _, e := range l.Ecartes {
		ecartes = append(ecartes, fmt.Sprintf("%d %.30s", e.Ligne, e.Motif))
	}
	return fiches, ecartes
}

// TestJoindre: the two files of data·inclusion make one record a place.
func TestJoindre(t *testing.T) {
	structures, services := lireFichier(t, "inclusion-structures-2025-06.json"), lireFichier(t, "inclusion-services-2025-06.json")
	fs := lireFichier(t, "liste-fs-20240801.csv")
	avant := fmt.Sprintf("%+v", []Lecture{services, structures, fs})
	jointes := Joindre([]Lecture{services, fs, structures})
	if fmt.Sprintf("%+v", []Lecture{services, structures, fs}) != avant {
		t.Error("the readings given were changed")
	}
	if diff := cmp.Diff(fs, jointes[1]); diff != "" {
		t.Errorf("another file was changed:\n%s", diff)
	}

	fiches, ecartes := resume(t, &jointes[2])
	if diff := cmp.Diff([]string{
		"1 essai--s1 | Centre social le Cedre | Val | Maîtrise des outils numériques du quotidien",
		"2 essai--s2 | Espace public numérique de Haut | Haut | ",
		"5 hinaura--s5 | Cyber-espace | Loin | ",
	}, fiches); diff != "" {
		t.Errorf("structures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"3 Rien ne dit que cette structur", "4 Les services numériques de cet"}, ecartes); diff != "" {
		t.Errorf("structures left out (-want +got):\n%s", diff)
	}
	s1 := jointes[2].Fiches[0]
	got := map[string]string{
		"date": s1.DateMaj.String(), "frais": s1.Champs[mednum.ChampFraisACharge], "publics": s1.Champs[mednum.ChampPublics],
		"acces": s1.Champs[mednum.ChampModalitesAcces], "accompagnement": s1.Champs[mednum.ChampModalitesAccompagn],
		"horaires": s1.Champs[mednum.ChampHoraires], "detail": s1.Champs[mednum.ChampPresentationDetail], "typologie": s1.Champs[mednum.ChampTypologie],
		"permanence": s1.Permanences[0].Intitule + " " + s1.Permanences[0].Regle,
	}
	if diff := cmp.Diff(map[string]string{
		"date": "2025-03-01", "frais": "Gratuit", "publics": "Seniors", "acces": "Téléphoner|Se présenter", "accompagnement": "À distance",
		"horaires": "Mo-Fr 08:30-12:30; PH off", "detail": "Un centre social ouvert à tous.\nPublics : demandeurs emploi.", "typologie": "CS",
		"permanence": "Atelier ordinateur Tu 14:00-16:00",
	}, got); diff != "" {
		t.Errorf("the structure and its service (-want +got):\n%s", diff)
	}

	fiches, ecartes = resume(t, &jointes[0])
	if diff := cmp.Diff([]string{
		"3 essai--s1@82997 | Centre social le Cedre de Bas | Bas | Aide aux démarches administratives|Accès internet et matériel informatique",
		"5 essai--s4@82998 | Association Essai de Haut | Haut | Acquisition de matériel informatique à prix solidaire",
	}, fiches); diff != "" {
		t.Errorf("services elsewhere (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2 Ce service n’a pas de thématiq", "6 La structure « essai--s9 » de ", "7 Pas de structure_id : ce servi"}, ecartes); diff != "" {
		t.Errorf("services left out (-want +got):\n%s", diff)
	}
	if d := Joindre([]Lecture{fs, structures}); len(d[1].Fiches) != 2 || len(d[1].Ecartes) != 3 {
		t.Errorf("structures alone: %d records, %d left out", len(d[1].Fiches), len(d[1].Ecartes))
	}
}

// TestJoindreCSV: the same two files as CSV, lists in any of their writings.
func TestJoindreCSV(t *testing.T) {
	lire := func(nom, texte string) Lecture {
		l, err := Decode(nom, strings.NewReader(texte))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	structures := lire("structures.csv", "id,source,nom,date_maj,commune,code_insee,code_postal,adresse,reseaux_porteurs,horaires_accueil\n"+
		"s1,essai,Café,2025-01-01,Val,82999,82990,1 rue A,\"{fcsf,aidants-connect}\",\n")
	services := lire("services.csv", "id,structure_id,source,nom,date_maj,thematiques,frais\n"+
		"v1,s1,essai,Aide,2025-01-02,\"['numerique--acceder-a-des-services-en-ligne', 'mobilite']\",gratuit\n"+
		"v2,s1,essai,Aide,2025-01-02,\"numerique--prendre-en-main-un-ordinateur,numerique--creer-avec-le-numerique\",\n")
	jointes := Joindre([]Lecture{structures, services})
	if len(jointes[0].Fiches) != 1 || jointes[1].Joints != 2 || len(jointes[1].Ecartes) != 0 {
		t.Fatalf("%+v", jointes)
	}
	c := jointes[0].Fiches[0].Champs
	want := []string{"Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Loisirs et créations numériques"}
	if got := mednum.SplitListe(c[mednum.ChampServices]); !slices.Equal(got, want) || c[mednum.ChampDispositifs] != "Aidants Connect" {
		t.Errorf("services %q, %q", got, c[mednum.ChampDispositifs])
	}
}

// TestValeursInclusion: every value that the tables write is of the standard.
func TestValeursInclusion(t *testing.T) {
	verifier := func(d string, champ mednum.Champ, v string) {
		t.Helper()
		if v != "" && !mednum.EstValeur(champ, v) && (champ != mednum.ChampTypologie || mednum.Typologies[v] == "") {
			t.Errorf("%s: %s has no value %q", d, champ, v)
		}
	}
	for d, v := range themesInclusion {
		verifier(d, mednum.ChampServices, v)
	}
	for d, v := range reseauxInclusion {
		verifier(d, v.champ, v.valeur)
	}
	for d, v := range fraisInclusion {
		verifier(d, v.champ, v.valeur)
	}
	for d, v := range publicsInclusion {
		verifier(d, mednum.ChampPublics, v)
	}
	for d, v := range modesInclusion {
		verifier(d, mednum.ChampModalitesAcces, v)
	}
	for d, v := range motsCartes {
		verifier(d, v.champ, v.valeur)
	}
	for champ, mots := range motsLibres {
		for d, v := range mots {
			verifier(d, champ, v)
		}
	}
	for d, v := range codesDesLibelles {
		verifier(d, mednum.ChampTypologie, v)
	}
}
