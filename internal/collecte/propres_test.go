package collecte_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// A cell that somebody changed in our export comes back alone: the record holds
// it and nothing else, the hours keep their exceptions apart, source does not
// grow, and the same file again changes nothing.
func TestLigneChangee(t *testing.T) {
	b := enrichie(t, 0)
	const id = "tc662xwp" // France services de Moissac
	l, err := b.Lieu(t.Context(), id)
	check(t, err)
	check(t, l.Corriger(mednum.ChampHoraires, "Mo-Fr 09:00-12:00", "compte:a", quand))
	_, err = l.AjouterException(mednum.Exception{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 28}, Motif: "inventaire"}, aujourdhui)
	check(t, err)
	fiches, err := b.FichesDe(t.Context(), id)
	check(t, err)
	flux, err := b.Flux(t.Context())
	check(t, err)
	avant, err := b.Lieu(t.Context(), id)
	check(t, err)
	rev, _ := mednum.Reviser(avant, mednum.Consolider(l, fiches, flux))
	rev.Auteur, rev.Voie = "cli", "cli"
	check(t, b.Save(t.Context(), rev))
	avant = rev.Apres

	texte := string(exporter(t, exportEssai, "csv", lieuxDe(t, b)))
	ligne := regexp.MustCompile(`(?m)^` + id + `,.*$`).FindString(texte)
	if !strings.Contains(ligne, `2026 Dec 28 off ""inventaire""`) {
		t.Fatalf("the export does not tell the closing: %s", ligne)
	}
	changee := strings.Replace(ligne, ",82200,82112,", ",82200,82112,Ancienne adresse puis ", 1)
	changee = strings.Replace(changee, "Ancienne adresse puis ", "", 1)
	changee = regexp.MustCompile(`\+33\d{9}`).ReplaceAllString(changee, "+33563000099")
	changee = strings.Replace(changee, avant.Champs.DateMaj.String(), "2026-11-26", 1)
	if changee == ligne {
		t.Fatal("nothing was changed")
	}
	texte = strings.Replace(texte, ligne, changee, 1)
	var fois [2]mednum.Lieu
	for i := range fois {
		importer(t, b, "tout", lireExport(t, "csv", []byte(texte)))
		fois[i], err = b.Lieu(t.Context(), id)
		check(t, err)
	}
	if d := cmp.Diff(fois[0], fois[1]); d != "" {
		t.Errorf("the second time changes something:\n%s", d)
	}
	siennes, err := b.FichesDe(t.Context(), id)
	check(t, err)
	var nouvelle *mednum.Fiche
	for i := range siennes {
		if siennes[i].Cle == id {
			nouvelle = &siennes[i]
		}
	}
	if nouvelle == nil || len(siennes) != len(fiches)+1 {
		t.Fatalf("%d records, %d before", len(siennes), len(fiches))
	}
	if d := cmp.Diff(map[mednum.Champ]string{mednum.ChampTelephone: "+33563000099"}, nouvelle.Champs); d != "" {
		t.Errorf("the record (-want +got):\n%s", d)
	}
	got := fois[1]
	if got.Champs.Horaires != "Mo-Fr 09:00-12:00" || got.Champs.Source != avant.Champs.Source || !cmp.Equal(got.Exceptions, avant.Exceptions) ||
		got.Champs.PresentationDetail != avant.Champs.PresentationDetail {
		t.Errorf("got %+v\nexceptions %+v", got.Champs, got.Exceptions)
	}
	for _, autre := range lieuxDe(t, b) {
		if strings.Count(autre.Champs.Source, "(ANCT)") > 3 {
			t.Errorf("%s: source grows: %q", autre.ID, autre.Champs.Source)
		}
	}
}

// An export of before, in which a closing was still told that people took away
// since, does not bring it back; one of after brings a new closing.
func TestExceptionsRevenues(t *testing.T) {
	_, b := livres(t)
	const id = "tc662xwp"
	l, err := b.Lieu(t.Context(), id)
	check(t, err)
	rows := exporter(t, exportEssai, "csv", []mednum.Lieu{l})
	for _, tt := range []struct {
		name, date string
		want       int
	}{
		{"of before", "2020-01-01", 0},
		{"of after", "2026-11-26", 1},
		{"of after, again", "2026-11-26", 1},
	} {
		texte := bytes.Replace(rows, []byte(l.Champs.Horaires), []byte(l.Champs.Horaires+"; 2026 Dec 24-2026 Dec 31 off"), 1)
		texte = bytes.Replace(texte, []byte(l.Champs.DateMaj.String()), []byte(tt.date), 1)
		importer(t, b, "tout", lireExport(t, "csv", texte))
		got, err := b.Lieu(t.Context(), id)
		check(t, err)
		if len(got.Exceptions) != tt.want || got.Champs.Horaires != l.Champs.Horaires {
			t.Errorf("%s: %+v, hours %q", tt.name, got.Exceptions, got.Champs.Horaires)
		}
	}
}
