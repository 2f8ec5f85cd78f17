package norme

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// TestReelsSansSilence: in the real files, no column of a place differs from
// what its source wrote, spaces apart, without a remark on that column.
func TestReelsSansSilence(t *testing.T) {
	standard := map[string]mednum.Champ{
		"nom": mednum.ChampNom, "commune": mednum.ChampCommune, "code_postal": mednum.ChampCodePostal, "code_insee": mednum.ChampCodeInsee,
		"adresse": mednum.ChampAdresse, "complement_adresse": mednum.ChampComplementAdresse, "latitude": mednum.ChampLatitude, "longitude": mednum.ChampLongitude,
		"telephone": mednum.ChampTelephone, "courriel": mednum.ChampCourriels, "site_web": mednum.ChampSiteWeb, "horaires": mednum.ChampHoraires,
		"presentation_resume": mednum.ChampPresentationResume, "structure_parente": mednum.ChampStructureParente,
	}
	franceServices := map[string]mednum.Champ{
		"lib_fs": mednum.ChampNom, "lib_com": mednum.ChampCommune, "code_postal": mednum.ChampCodePostal, "insee_com": mednum.ChampCodeInsee,
		"adresse": mednum.ChampAdresse, "complement_adresse": mednum.ChampComplementAdresse, "latitude": mednum.ChampLatitude, "longitude": mednum.ChampLongitude,
		"telephone": mednum.ChampTelephone, "mail": mednum.ChampCourriels,
	}
	for chemin, colonnes := range map[string]map[string]mednum.Champ{reelFS: franceServices, reelFS2023: franceServices, reelConseiller: standard, reelInclusion: standard} {
		t.Run(filepath.Base(chemin), func(t *testing.T) {
			lecture := lireReel(t, chemin)
			brutes := lignesBrutes(t, chemin)
			compares := 0
			for i := range lecture.Fiches {
				f := &lecture.Fiches[i]
				brute, ok := brutes[f.Cle]
				if !ok {
					brute = brutes[strconv.Itoa(f.Ligne)]
				}
				for colonne, champ := range colonnes {
					ecrit, ok := brute[colonne]
					if !ok {
						continue
					}
					compares++
					if !memeTexte(ecrit, f.Champs[champ]) && !aRemarque(f, champ) {
						t.Errorf("%s: %s says %q, the place %q, and nothing tells it", f.Reference(), colonne, ecrit, f.Champs[champ])
					}
				}
			}
			if compares < 20_000 {
				t.Errorf("only %d values compared", compares)
			}
		})
	}
}

// memeTexte compares texts but for spaces and the separators of lists, and
// coordinates as numbers.
func memeTexte(a, b string) bool {
	propre := func(s string) string {
		s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u200b", "", "\u00ad", "", ";", "|", "' ", "'", " '", "'").Replace(s)
		return strings.Join(strings.Fields(s), " ")
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return propre(a) == propre(b) || errX == nil && errY == nil && x == y && strings.Contains(a, ".")
}

func aRemarque(f *mednum.Fiche, champ mednum.Champ) bool {
	for _, r := range f.Remarques {
		if r.Champ == champ || champ == mednum.ChampLongitude && r.Champ == mednum.ChampLatitude {
			return true
		}
	}
	return false
}

// lignesBrutes are the rows of a real file as they are written: a CSV by its
// ids, a JSON by the rank of the object from 1.
func lignesBrutes(t *testing.T, chemin string) map[string]map[string]string {
	t.Helper()
	octets, err := os.ReadFile(partage + chemin)
	if err != nil {
		t.Fatal(err)
	}
	lignes := map[string]map[string]string{}
	if filepath.Ext(chemin) == ".json" {
		var objets []map[string]any
		if err := json.Unmarshal(octets, &objets); err != nil {
			t.Fatal(err)
		}
		for i, o := range objets {
			l := map[string]string{}
			for nom, v := range o {
				if s, ok := v.(string); ok {
					l[nom] = s
				}
			}
			lignes[strconv.Itoa(i+1)] = l
		}
		return lignes
	}
	lues, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(octets), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lues[1:] {
		m := map[string]string{}
		for i, nom := range lues[0] {
			m[nom] = l[i]
		}
		lignes[m["id_fs"]] = m
	}
	return lignes
}
