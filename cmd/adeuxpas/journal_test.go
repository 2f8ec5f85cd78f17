package main_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// ecrireChangements writes one change of each kind, an hour apart from
// 2026-11-25 09:00 in France.
func ecrireChangements(t *testing.T, b store.Magasin) {
	t.Helper()
	le := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	for _, r := range []mednum.Revision{
		{Lieu: "aaaaaaaa", Version: 1, Auteur: "cli", Voie: "import", Champs: []mednum.Champ{mednum.ChampNom}},
		{Lieu: "bbbbbbbb", Version: 1, Auteur: "cli", Voie: "cli"},
		{Lieu: "aaaaaaaa", Version: 2, Auteur: "Agenda", Voie: "api", Champs: []mednum.Champ{mednum.ChampTelephone, mednum.ChampHoraires}},
		{Lieu: "aaaaaaaa", Version: 3, Auteur: "Jeanne", Voie: "cli"},
		{Lieu: "bbbbbbbb", Version: 2, Voie: "app", Apres: mednum.Lieu{Statut: mednum.StatutFusionne, Vers: "aaaaaaaa"}},
		{Lieu: "aaaaaaaa", Version: 4, Auteur: "Jeanne", Apres: mednum.Lieu{Statut: mednum.StatutRetire}},
	} {
		r.Apres.ID, r.Apres.Champs.Nom, r.Le = r.Lieu, "Mairie "+r.Lieu[:1], le
		if r.Voie == "app" {
			r.Apres.Champs.Nom = ""
		}
		if err := b.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		le = le.Add(time.Hour)
	}
}

func TestJournal(t *testing.T) {
	lignes := []string{
		"6  2026-11-25 14:00  aaaaaaaa « Mairie a » version 4 : retiré ; Jeanne.\n",
		"5  2026-11-25 13:00  bbbbbbbb « sans nom » version 2 : réuni avec aaaaaaaa ; auteur inconnu, par le site.\n",
		"4  2026-11-25 12:00  aaaaaaaa « Mairie a » version 3 : permanences, exceptions, vérification ou statut ; Jeanne, par une commande.\n",
		"3  2026-11-25 11:00  aaaaaaaa « Mairie a » version 2 : telephone, horaires ; Agenda, par l’API.\n",
		"2  2026-11-25 10:00  bbbbbbbb « Mairie b » version 1 : nouveau lieu ; cli, par une commande.\n",
		"1  2026-11-25 09:00  aaaaaaaa « Mairie a » version 1 : nouveau lieu ; cli, par un import.\n",
	}
	suite := func(n int) string { return fmt.Sprintf("La suite : la même commande, avec --avant %d.\n", n) }
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			dossier := t.TempDir()
			base := m.base(t, dossier)
			b := ouvrir(t, base)
			journal := func(args ...string) string {
				t.Helper()
				r := lancer(t, dossier, nil, append([]string{"journal", "--base", base}, args...)...)
				if r.code != 0 || r.stderr != "" {
					t.Fatalf("journal %v: code %d, stderr %q", args, r.code, r.stderr)
				}
				return strings.ReplaceAll(r.stdout, "\u00a0", " ")
			}
			if got := journal(); got != "Aucun changement.\n" {
				t.Errorf("an empty base: %q", got)
			}
			ecrireChangements(t, b)
			for _, tt := range []struct {
				name string
				args []string
				want string
			}{
				{"all", nil, strings.Join(lignes, "")},
				{"the first page", []string{"--nombre", "4"}, strings.Join(lignes[:4], "") + suite(3)},
				{"the next one", []string{"--nombre", "4", "--avant", "3"}, strings.Join(lignes[4:], "")},
				{"nothing before the first", []string{"--avant", "1"}, "Aucun changement avant le numéro 1.\n"},
				{"one place", []string{"--lieu", "bbbbbbbb"}, lignes[1] + lignes[4]},
				{"a page of one place", []string{"--lieu", "aaaaaaaa", "--nombre", "2", "--avant", "6"}, lignes[2] + lignes[3] + suite(3)},
			} {
				t.Run(tt.name, func(t *testing.T) {
					if d := cmp.Diff(tt.want, journal(tt.args...)); d != "" {
						t.Errorf("(-want +got):\n%s", d)
					}
				})
			}
			for _, tt := range []struct {
				name string
				args []string
				code int
				want string
			}{
				{"an unknown place", []string{"--lieu", "zzzzzzzz"}, 1, "--lieu : nous ne connaissons pas de lieu « zzzzzzzz »."},
				{"no change", []string{"--nombre", "0"}, 1, "Le journal se lit par pages de 1 à 200 changements, et non de 0."},
				{"too many", []string{"--nombre", "201"}, 1, "Le journal se lit par pages de 1 à 200 changements, et non de 201."},
				{"before no number", []string{"--avant=-1"}, 1, "Le numéro -1 n’est celui d’aucun changement : donnez un numéro du journal, ou 0 pour commencer par le plus récent."},
				{"a number in words", []string{"--nombre", "dix"}, 2, "--nombre : « dix » n’est pas un nombre entier."},
			} {
				t.Run(tt.name, func(t *testing.T) {
					exigerRefus(t, lancer(t, dossier, nil, append([]string{"journal", "--base", base}, tt.args...)...), tt.code, tt.want)
				})
			}
		})
	}
}
