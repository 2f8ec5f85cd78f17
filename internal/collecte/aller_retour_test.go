package collecte_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// enrichie is a base of the shipped places on which people have worked, all
// their gestures drawn at random: hours, permanences, stops, closings, openings,
// checks, corrections of every kind.
func enrichie(t *testing.T, graine uint64) *sqlite.Base {
	t.Helper()
	lieux, b := livres(t)
	h := rand.New(rand.NewPCG(graine, 7))
	flux, err := b.Flux(t.Context())
	check(t, err)
	for i := range lieux {
		l := &lieux[i]
		fiches, err := b.FichesDe(t.Context(), l.ID)
		check(t, err)
		avant := *l
		for range h.IntN(4) {
			gestes[h.IntN(len(gestes))](t, h, l)
		}
		if rev, change := mednum.Reviser(avant, mednum.Consolider(*l, fiches, flux)); change {
			rev.Auteur, rev.Voie = "cli", "cli"
			check(t, b.Save(t.Context(), rev))
		}
	}
	return b
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	aujourdhui = exportEssai.Jour
	quand      = time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC)
	reglesLues = []string{"Mo 09:00-12:00", "Tu,Th 14:00-17:00", "Mo-Fr 09:00-12:00,13:30-17:00; Sa 10:00-12:00", `We 10:00-12:00 "sur rendez-vous"`, "Mo[1] 09:00-12:00; PH off"}
	villages   = []*mednum.Arret{
		{Nom: "Mairie", CodeInsee: "82112", Commune: "Moissac", CodePostal: "82200", Latitude: degre(44.1041), Longitude: degre(1.0851)},
		{Nom: "Place de l’Église", Adresse: "2 place de l’Église", CodeInsee: "82033", Commune: "Castelsarrasin", CodePostal: "82100", Latitude: degre(44.0401), Longitude: degre(1.1072)},
	}
)

func degre(v float64) *float64 { return &v }

func une[T any](h *rand.Rand, liste ...T) T { return liste[h.IntN(len(liste))] }

// gestes are what people do to a place.
var gestes = []func(*testing.T, *rand.Rand, *mednum.Lieu){
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		check(t, l.Corriger(mednum.ChampHoraires, une(h, reglesLues...), "compte:a", quand))
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		check(t, l.Corriger(mednum.ChampPresentationDetail, une(h, "Deux\nlignes.", "=1+1", "- un tiret\n+ un plus", "« guillemets » \"droits\" ; point-virgule, virgule"), "compte:a", quand))
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		check(t, l.Corriger(mednum.ChampServices, strings.Join(mednum.Vocabulaire(mednum.ChampServices)[:1+h.IntN(9)], "|"), "compte:a", quand))
		check(t, l.Corriger(mednum.ChampFormationsLabels, strings.Join(mednum.Vocabulaire(mednum.ChampFormationsLabels), "|"), "compte:a", quand))
	},
	func(t *testing.T, _ *rand.Rand, l *mednum.Lieu) {
		check(t, l.Corriger(mednum.ChampNom, "@ "+l.Champs.Nom, "compte:a", quand))
	},
	func(t *testing.T, _ *rand.Rand, l *mednum.Lieu) {
		if c := l.Champs; c.Latitude != nil && c.Longitude != nil { // within its commune: a reader doubts another one
			check(t, l.Deplacer(*c.Latitude+0.0002, *c.Longitude-0.0002, "compte:a", quand))
		}
	},
	func(t *testing.T, _ *rand.Rand, l *mednum.Lieu) {
		check(t, l.Verifier(aujourdhui, "compte:a", aujourdhui))
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		check(t, l.DireHoraires(une(h, mednum.SensLieu, mednum.SensAide)))
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		p := mednum.Permanence{Regle: une(h, reglesLues...), Intitule: une(h, "", "Atelier", "Sur rendez-vous"), RendezVous: h.IntN(2) == 0, Compte: "a"}
		if h.IntN(3) == 0 {
			p.Regle, p.Depuis, p.TousLes = "Mo 09:30-12:00", mednum.Date{Annee: 2026, Mois: 11, Jour: 30}, 2
		}
		_, err := l.AjouterPermanence(p)
		check(t, err)
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		_, err := l.AjouterPermanence(mednum.Permanence{Regle: une(h, reglesLues...), Services: une(h, nil, mednum.Vocabulaire(mednum.ChampServices)[:2]), Arret: une(h, villages...)})
		check(t, err)
	},
	func(t *testing.T, h *rand.Rand, l *mednum.Lieu) {
		e := mednum.Exception{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 1 + h.IntN(20)}, Motif: une(h, "", "congés", "panne; chaudière")}
		if e.Au = e.Du; h.IntN(2) == 0 {
			e.Au = mednum.Date{Annee: 2027, Mois: 1, Jour: 2}
		}
		if len(l.Permanences) > 0 && h.IntN(2) == 0 {
			e.Permanence = l.Permanences[h.IntN(len(l.Permanences))].ID
		}
		_, err := l.AjouterException(e, aujourdhui)
		check(t, err)
	},
	func(_ *testing.T, h *rand.Rand, l *mednum.Lieu) {
		_, _ = l.AjouterException(mednum.Exception{Du: mednum.Date{Annee: 2026, Mois: 12, Jour: 21 + h.IntN(7)}, Ouvert: true, Plages: "09:00-12:00"}, aujourdhui) // two on a day are refused
	},
}

// lireExport reads an export back, whatever its format.
func lireExport(t *testing.T, format string, octets []byte) norme.Lecture {
	t.Helper()
	lue, err := norme.Decode("lieux."+format, bytes.NewReader(octets))
	check(t, err)
	if len(lue.Ecartes) > 0 {
		t.Fatalf("left out: %+v", lue.Ecartes)
	}
	return lue
}

func exporter(t *testing.T, x norme.Export, format string, lieux []mednum.Lieu) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, x.Encode(format, &b, lieux))
	return b.Bytes()
}

// formatsDe are all formats for the first draw; one for the next ones, which say
// no more of formats.
func formatsDe(graine uint64) []string {
	if graine == 0 {
		return norme.Formats
	}
	return norme.Formats[:1]
}

// An export, of today or of another day, that comes back into the base that it
// left changes nothing at all: no place, no record, whatever its format.
func TestExportRelu(t *testing.T) {
	for graine := range uint64(3) {
		b := enrichie(t, graine)
		lieux := lieuxDe(t, b)
		fiches, err := b.Fiches(t.Context())
		check(t, err)
		for _, format := range formatsDe(graine) {
			for _, jour := range []mednum.Date{aujourdhui, {Annee: 2026, Mois: 12, Jour: 15}} {
				t.Run(fmt.Sprint(graine, format, jour), func(t *testing.T) {
					octets := exporter(t, norme.Export{Jour: jour}, format, lieux)
					for range 2 {
						importer(t, b, "tout", lireExport(t, format, octets))
					}
					if diff := cmp.Diff(lieux, lieuxDe(t, b)); diff != "" {
						t.Errorf("places (-before +after):\n%.3000s", diff)
					}
					apres, err := b.Fiches(t.Context())
					check(t, err)
					if diff := cmp.Diff(fiches, apres); diff != "" {
						t.Errorf("records (-before +after):\n%.3000s", diff)
					}
				})
			}
		}
	}
}

// The rows of a commune alone, without those of the services that stop there,
// change nothing either.
func TestExportDeCommuneRelu(t *testing.T) {
	b := enrichie(t, 1)
	lieux := lieuxDe(t, b)
	octets := exporter(t, norme.Export{Jour: aujourdhui, Communes: map[string]bool{"82112": true, "82033": true}}, "csv", lieux)
	if n := bytes.Count(octets, []byte("-mairie,")) + bytes.Count(octets, []byte("-place-de-l-eglise,")); n < 2 {
		t.Fatalf("only %d stops", n)
	}
	importer(t, b, "tout", lireExport(t, "csv", octets))
	if diff := cmp.Diff(lieux, lieuxDe(t, b)); diff != "" {
		t.Errorf("places (-before +after):\n%.3000s", diff)
	}
}

// An export read into an empty base gives the same rows again, in each format;
// closings and openings to come are exceptions again, not hours.
func TestExportDansUneBaseVide(t *testing.T) {
	for graine := range uint64(3) {
		lieux := lieuxDe(t, enrichie(t, graine))
		want := string(exporter(t, exportEssai, "csv", lieux))
		for _, c := range champsCSV(t, want) {
			for _, faute := range c.Validate() {
				t.Errorf("%s: %v", c.ID, faute)
			}
		}
		for _, format := range formatsDe(graine) {
			t.Run(fmt.Sprint(graine, format), func(t *testing.T) {
				copie := baseNeuve(t)
				importer(t, copie, "tout", lireExport(t, format, exporter(t, exportEssai, format, lieux)))
				lus := lieuxDe(t, copie)
				if diff := cmp.Diff(want, string(exporter(t, exportEssai, "csv", lus))); diff != "" {
					t.Errorf("rows (-first +second):\n%.3000s", diff)
				}
				for _, l := range lus {
					if m := regexp.MustCompile(`; 2026 Dec \d\d(-2027 Jan 02)? (off|09:00-12:00 open)`).FindString(l.Champs.Horaires); m != "" {
						t.Errorf("%s: %q is in the hours", l.ID, m)
					}
				}
				importer(t, copie, "tout", lireExport(t, format, exporter(t, exportEssai, format, lus)))
				if diff := cmp.Diff(lus, lieuxDe(t, copie)); diff != "" {
					t.Errorf("its own export, read again (-before +after):\n%.3000s", diff)
				}
			})
		}
	}
}

// What a file of the standard has no column for does not travel as data: this is
// the whole list, that of docs/publier.md. All else is the same in the copy.
func TestCeQuiNeVoyagePas(t *testing.T) {
	avant := lieuxDe(t, enrichie(t, 2))
	avant[0].Langues = []string{"ar", "fsl"}
	copie := baseNeuve(t)
	importer(t, copie, "tout", lireExport(t, "csv", exporter(t, exportEssai, "csv", avant)))
	apres := lieuxDe(t, copie)
	if d := cmp.Diff(idsDe(avant), idsDe(apres)); d != "" {
		t.Fatal(d)
	}
	perdus := map[string]bool{}
	for i := range avant {
		a, b := avant[i], apres[i]
		noter := func(nom string, meme bool) {
			if !meme {
				perdus[nom] = true
			}
		}
		noter("corrections", len(a.Corrections) == len(b.Corrections))
		noter("vérification", a.VerifieLe == b.VerifieLe)
		noter("sens des horaires", a.SensHoraires == b.SensHoraires)
		noter("langues", cmp.Equal(a.Langues, b.Langues))
		noter("permanences du lieu", len(fixes(a)) == len(fixes(b)))
		noter("fermetures de permanences", !slices.ContainsFunc(a.Exceptions, func(e mednum.Exception) bool { return e.Permanence != "" }))
		noter("provenance", cmp.Equal(a.Provenance, b.Provenance))
		noter("précision de la position", a.Precision == b.Precision)
		a.Champs.PresentationDetail, b.Champs.PresentationDetail = "", "" // holds in words what has no column
		a.Champs.Typologie, b.Champs.Typologie = nil, nil
		if d := cmp.Diff(a.Champs, b.Champs); d != "" {
			t.Errorf("%s (-sent +read):\n%s", a.ID, d)
		}
	}
	want := []string{"corrections", "fermetures de permanences", "langues", "permanences du lieu", "provenance", "précision de la position", "sens des horaires", "vérification"}
	var got []string
	for nom := range perdus {
		got = append(got, nom)
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("does not travel (-want +got):\n%s", d)
	}
}

func fixes(l mednum.Lieu) []mednum.Permanence {
	return slices.DeleteFunc(slices.Clone(l.Permanences), func(p mednum.Permanence) bool { return p.Arret != nil })
}
