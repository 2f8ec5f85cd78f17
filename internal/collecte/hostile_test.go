package collecte_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// A row of a day to come would be newer than all others for years: it takes the
// date of its file, is reviewed, and a later edition changes it.
func TestDateAVenir(t *testing.T) {
	b := baseNeuve(t)
	futur := mednum.Date{Annee: 2099, Mois: 1, Jour: 1}
	lue := func(telephone string) mednum.Fiche {
		f := fiche(fluxA, "1", "telephone", telephone, "date_maj", futur.String())
		f.DateMaj, f.Ligne = futur, 2
		return f
	}
	l := lecture(fluxA, lue("+33563000001"))
	p := planifier(t, b, l)
	if got := ligne(t, p, "1"); got.Etat != collecte.EtatEcarte || !strings.Contains(got.Raison, "2099-01-01") || !strings.Contains(got.Raison, "--date") {
		t.Errorf("nothing dates the file: %+v", got)
	}

	l.Date = mednum.Date{Annee: 2026, Mois: 1, Jour: 1}
	p = planifier(t, b, l)
	got := ligne(t, p, "1")
	if got.Etat != collecte.EtatNouveau || len(got.Reparations) == 0 {
		t.Fatalf("got %+v", got)
	}
	want := mednum.Remarque{Champ: mednum.ChampDateMaj, Avant: "2099-01-01", Apres: "2026-01-01", Motif: "date à venir : celle du fichier est prise", ARevoir: true}
	if d := cmp.Diff(want, got.Reparations[len(got.Reparations)-1]); d != "" && d != cmp.Diff(want, got.Reparations[0]) {
		t.Errorf("the repair (-want +got):\n%s", d)
	}
	appliquer(t, b, p)
	wantBilan(t, planifier(t, b, l), collecte.Bilan{Lus: 1, Identiques: 1}, 0, 0)
	if d := lieuxDe(t, b)[0].Champs.DateMaj; d != l.Date {
		t.Errorf("date_maj %v, want %v", d, l.Date)
	}
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000002"))))
	if n := lieuxDe(t, b)[0].Champs.Telephone; n != "+33563000002" {
		t.Errorf("telephone %s: the row of 2099 still wins", n)
	}
}

// Our own export names the producer of its rows; it is no edition of that
// producer's all the same: none of its records is absent, its next file is not
// older, and nothing is written.
func TestExportNEstPasUneEdition(t *testing.T) {
	b := baseNeuve(t)
	flux := mednum.Flux{ID: "source-a", Nom: "Source A", Confiance: 20, AgeMax: 18, Licence: mednum.LicenceOuverte}
	appliquer(t, b, planifier(t, b, edition(flux, "2026-01-01", fiche(flux, "1"), fiche(flux, "2"))))
	l, err := b.Lieu(t.Context(), mednum.NouvelID("source-a/1"))
	check(t, err)
	fiches, err := b.FichesDe(t.Context(), l.ID)
	check(t, err)
	verifie := l
	check(t, verifie.Corriger(mednum.ChampTelephone, "+33563000009", "compte:a", maintenant))
	rev, _ := mednum.Reviser(l, mednum.Consolider(verifie, fiches, map[string]mednum.Flux{flux.ID: flux}))
	rev.Auteur, rev.Voie = "cli", "cli"
	check(t, b.Save(t.Context(), rev))

	avant := version(t, b)
	export := lireExport(t, "csv", exporter(t, exportEssai, "csv", lieuxDe(t, b)))
	if export.Flux.ID != flux.ID {
		t.Fatalf("the flow of the export is %q: this test proves nothing", export.Flux.ID)
	}
	p := planifier(t, b, export)
	wantBilan(t, p, collecte.Bilan{Lus: 2, Identiques: 2}, 0, 0)
	appliquer(t, b, p)
	if v := version(t, b); v != avant {
		t.Errorf("version %d, want %d: nothing is to write", v, avant)
	}
	connus, err := b.Flux(t.Context())
	check(t, err)
	if len(connus) != 1 {
		t.Errorf("sources %v: an export that says nothing new is none", connus)
	}
	suite := planifier(t, b, edition(flux, "2026-02-01", fiche(flux, "1"), fiche(flux, "3")))
	wantBilan(t, suite, collecte.Bilan{Lus: 2, Nouveaux: 1, Identiques: 1, Absents: 1}, 1, 1)
}

// Two places that an export tells apart stay two in an empty base, whatever
// makes them alike: a person is asked.
func TestExportTientSesLieux(t *testing.T) {
	flux := mednum.Flux{ID: "export", Nom: "Export", Confiance: 20, AgeMax: 18}
	p := planifier(t, baseNeuve(t), lecture(flux, guichet(flux, "3k7xcdfh"), guichet(flux, "4m8pcdfh")))
	wantBilan(t, p, collecte.Bilan{Lus: 2, Nouveaux: 1, ADecider: 1}, 2, 0)
	p = planifier(t, baseNeuve(t), lecture(flux, guichet(flux, "un"), guichet(fluxA, "deux")))
	wantBilan(t, p, collecte.Bilan{Lus: 2, Nouveaux: 1, Fusionnes: 1}, 1, 0)
	p = planifier(t, baseNeuve(t), lecture(flux, guichet(flux, "3k7xcdfh")), lecture(fluxA, guichet(fluxA, "deux")))
	wantBilan(t, p, collecte.Bilan{Lus: 2, Nouveaux: 1, Fusionnes: 1}, 1, 0)
}
