package web_test

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// chefReseau is somebody who coordinates the whole territory.
func (b banc) chefReseau(t *testing.T) *visiteur {
	t.Helper()
	return b.invite(t, "chef@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeDepartement, "82"))
}

// epciDe is who coordinates one intercommunality.
func (b banc) epciDe(t *testing.T, siren string) *visiteur {
	t.Helper()
	return b.invite(t, "epci@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, siren))
}

const lieuxReseau = "/espace/reseau/lieux"

var (
	motifStatut = regexp.MustCompile(`role="status"><strong>([^<]*)</strong>`)
	motifRangee = regexp.MustCompile(`(?s)<tr( class="hors")?><th scope="row">`)
)

func (v *visiteur) statut(t *testing.T) string {
	t.Helper()
	m := motifStatut.FindStringSubmatch(v.page)
	if m == nil {
		t.Fatalf("no count in\n%s", v.page)
	}
	return strings.ReplaceAll(m[1], "\u00a0", " ")
}

// A list filters, sorts and pages by its address, and says what it leaves aside.
func TestTableau(t *testing.T) {
	b := newBanc(t)
	chef := b.chefReseau(t)
	chef.voir(t, lieuxReseau, `aria-sort="ascending"`, "page 1 sur 2", `rel="next"`, `<caption class="invisible">Lieux du réseau`)
	if n := len(motifRangee.FindAllString(chef.page, -1)); n != 55 {
		t.Errorf("%d rows, those for paper included", n)
	}
	if n := strings.Count(chef.page, `<tr class="hors">`); n != 5 {
		t.Errorf("%d rows for paper only", n)
	}
	chef.voir(t, lieuxReseau+"?page=2", "page 2 sur 2", `rel="prev"`, "!"+`rel="next"`)
	if n := strings.Count(chef.page, `<tr class="hors">`); n != 50 {
		t.Errorf("second page: %d rows for paper only", n)
	}
	for _, tt := range []struct {
		name, query, statut string
		mots                []string
	}{
		{"a choice and words", "q=FRANCE+services&famille=france_services", "23 lieux sur 55", []string{"Enlever les filtres", `value="FRANCE services"`}},
		{"nothing passes", "q=zzz", "0 lieu sur 55", []string{"Rien ne correspond à ces filtres", "!<table"}},
		{"an unknown choice", "famille=zzz", "55 lieux", []string{"« zzz » n’est pas une valeur du filtre « Famille »"}},
		{"an unknown order", "tri=zzz", "55 lieux", []string{"ne se trie pas par « zzz »", `aria-sort="ascending"`}},
		{"a page that is none", "page=abc", "55 lieux", []string{"La page « abc » n’existe pas", "page 1 sur 2"}},
		{"a page too far", "page=99", "55 lieux", []string{"page 2 sur 2"}},
		{"a page before the first", "page=-3", "55 lieux", []string{"La page « -3 » n’existe pas"}},
		{"markup", "q=%3Cscript%3E&famille=%3Cb%3E", "0 lieu sur 55", []string{"!<script>alert", "&lt;b&gt;"}},
		{"the other way round", "tri=-commune", "55 lieux", []string{`aria-sort="descending"`, `href="/espace/reseau/lieux?tri=commune"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chef.voir(t, lieuxReseau+"?"+tt.query, tt.mots...)
			if got := chef.statut(t); got != tt.statut {
				t.Errorf("%q, want %q", got, tt.statut)
			}
		})
	}
	if rep := chef.demander(t, http.MethodGet, lieuxReseau+"?format=exe", nil); rep.StatusCode != http.StatusBadRequest || !strings.Contains(chef.page, "demandez csv ou xlsx") {
		t.Errorf("an unknown format: %d", rep.StatusCode)
	}
}

// A list is taken away as it is filtered and sorted, all its pages.
func TestTableauFichiers(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.chefReseau(t)
	_, err := b.comptes.Inviter(t.Context(), "x@exemple.fr", "=cmd|x", "", []mednum.Habilitation{droit(mednum.PorteeLieu, l.ID)})
	check(t, err)
	toutes := chef.lignesCSV(t, lieuxReseau+"?tri=-nom&page=2&format=csv")
	if len(toutes) != 56 {
		t.Fatalf("%d lines", len(toutes))
	}
	noms := make([]string, 0, len(toutes))
	for _, ligne := range toutes[1:] {
		noms = append(noms, mednum.Normaliser(ligne[0]))
	}
	if !slices.IsSortedFunc(noms, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("not sorted by name, the other way round: %q", noms)
	}
	entete := []string{"Nom", "Commune", "Intercommunalité", "Famille", "Dernière vérification", "Source", "Complétude", "Manque", "Téléphone", "Qui en répond", "État", "Identifiant", "Code INSEE"}
	if d := cmp.Diff(entete, toutes[0]); d != "" {
		t.Error(d)
	}
	rep := chef.demander(t, http.MethodGet, lieuxReseau+"?famille=france_services&q=secret&format=csv", nil)
	if got := rep.Header.Get("Content-Disposition"); got != `attachment; filename="lieux-82-q-famille-france-services-2026-11-24.csv"` {
		t.Errorf("name %s", got)
	}
	if got := rep.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %s", got)
	}

	rep = chef.demander(t, http.MethodGet, lieuxReseau+"?famille=france_services&tri=complet&format=xlsx", nil)
	if got := rep.Header.Get("Content-Type"); got != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" || rep.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("type %s", got)
	}
	classeur, err := excelize.OpenReader(bytes.NewReader([]byte(chef.page)))
	check(t, err)
	defer classeur.Close()
	rangees, err := classeur.GetRows("Lieux du réseau", excelize.Options{RawCellValue: true})
	check(t, err)
	parCSV := chef.lignesCSV(t, lieuxReseau+"?famille=france_services&tri=complet&format=csv")
	if len(rangees) != 24 || len(parCSV) != 24 {
		t.Fatalf("%d rows, %d lines", len(rangees), len(parCSV))
	}
	for i := range rangees {
		for len(rangees[i]) < len(parCSV[i]) {
			rangees[i] = append(rangees[i], "")
		}
	}
	if d := cmp.Diff(parCSV, rangees); d != "" {
		t.Errorf("the workbook is not the CSV:\n%s", d)
	}
	if genre, err := classeur.GetCellType("Lieux du réseau", "G2"); err != nil || genre != excelize.CellTypeUnset {
		t.Errorf("the completeness is no number: %v %v", genre, err)
	}
	chef.voir(t, "/espace/registre?genre=export", "Export de « Lieux du réseau » (xlsx), 23 lignes")
	notice, err := classeur.GetRows("Lisez-moi")
	check(t, err)
	if texte := strings.Join(slices.Concat(notice...), "|"); !strings.Contains(texte, "Famille : France Services") || !strings.Contains(texte, "Tri|Complétude") {
		t.Errorf("notice %s", texte)
	}
}

// What people write is no formula in a file.
func TestTableauFormules(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	chef := b.chefReseau(t)
	chef.voir(t, "/espace/lieux/"+l.ID+"/partie/adresse")
	chef.agir(t, "/espace/lieux/"+l.ID+"/partie/adresse", []string{"nom", "=1+1"}, "C’est enregistré")
	lignes := chef.lignesCSV(t, lieuxReseau+"?q=Moissac&format=csv")
	if !slices.ContainsFunc(lignes, func(ligne []string) bool { return ligne[0] == "'=1+1" }) {
		t.Errorf("lines %q", lignes)
	}
}
