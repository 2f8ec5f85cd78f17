package ecoute

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const demarche = "Aide aux démarches administratives"

func besoinA(commune string) Besoin {
	return Besoin{Commune: commune, Theme: demarche, Moment: MomentSoir, Texte: "Pour la CAF, le soir."}
}

func TestDire(t *testing.T) {
	e := ouvrirEcoute(t)
	chef := droitDe(mednum.RoleCoordinateur, mednum.PorteeCommune, moissac)
	d := besoinA(moissac)
	d.Texte = "  Appelez le 06 12 34 56 78 ou jean@exemple.fr, n° fiscal 30 12 345 678 901.  "
	d.Origine = OrigineElu // somebody without an account says nothing of themselves
	for range 2 {          // the same form, sent twice
		reussi(t, e.besoins.Dire(t.Context(), "form 1", d))
	}
	reussi(t, e.besoins.Dire(t.Context(), "form 2", besoinA(montauban)))
	lus, err := e.besoins.De(t.Context(), chef)
	reussi(t, err)
	want := []Besoin{{
		ID: lus[0].ID, Commune: moissac, Theme: demarche, Moment: MomentSoir, Origine: OriginePublic, Le: mednum.Date{Annee: 2026, Mois: 11, Jour: 24},
		Texte: "Appelez le [numéro masqué] ou [e-mail masqué], n° fiscal [numéro masqué].",
	}}
	if d := cmp.Diff(want, lus); d != "" {
		t.Error(d)
	}
	objets, err := e.base.Objets(t.Context(), store.Choix{Genre: genreBesoin})
	reussi(t, err)
	for _, o := range objets {
		if strings.Contains(string(o.Corps), "34 56") || strings.Contains(string(o.Corps), "jean") || strings.Contains(string(o.Corps), "09:30") {
			t.Errorf("the base has %s", o.Corps)
		}
	}
	for _, droits := range [][]mednum.Habilitation{nil, droitDe(mednum.RoleContributeur, mednum.PorteeTout, ""), droitDe(mednum.RoleMediateur, mednum.PorteeTout, ""), droitDe(mednum.RoleCoordinateur, mednum.PorteeCommune, montauban)} {
		if _, err := e.besoins.Besoin(t.Context(), droits, lus[0].ID); !refuse(err, mednum.Introuvable, genreBesoin) {
			t.Errorf("%v reads it: %v", droits, err)
		}
		if _, err := e.besoins.EffacerTexte(t.Context(), droits, lus[0].ID); err == nil {
			t.Errorf("%v erases it", droits)
		}
	}
	if _, err := e.besoins.EffacerTexte(t.Context(), chef, lus[0].ID); err != nil {
		t.Error(err)
	}
	if lus, err = e.besoins.De(t.Context(), chef); err != nil || len(lus) != 1 || lus[0].Texte != "" {
		t.Errorf("%v, %v", lus, err)
	}
}

func TestDireRefuse(t *testing.T) {
	e := ouvrirEcoute(t)
	for _, tt := range []struct {
		name   string
		change func(*Besoin)
		champ  string
	}{
		{"no commune", func(d *Besoin) { d.Commune = "" }, "commune"},
		{"a commune of elsewhere", func(d *Besoin) { d.Commune = "31555" }, "commune"},
		{"no theme", func(d *Besoin) { d.Theme = "" }, "theme"},
		{"an unknown theme", func(d *Besoin) { d.Theme = "coiffure" }, "theme"},
		{"an unknown moment", func(d *Besoin) { d.Moment = "minuit" }, "moment"},
		{"too long", func(d *Besoin) { d.Texte = strings.Repeat("é", 501) }, "texte"},
		{"signs that nobody types", func(d *Besoin) { d.Texte = "a\x00b" }, "texte"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := besoinA(moissac)
			tt.change(&d)
			if err := e.besoins.Dire(t.Context(), tt.name, d); !refuse(err, mednum.Invalide, tt.champ) {
				t.Error(err)
			}
		})
	}
	if err := e.besoins.Dire(t.Context(), "", besoinA(moissac)); !refuse(err, mednum.Invalide, "cle") {
		t.Errorf("a form without a number: %v", err)
	}
	long := besoinA(moissac)
	long.Texte = strings.Repeat("é", 500)
	reussi(t, e.besoins.Dire(t.Context(), "long", long))
}

func TestDirePour(t *testing.T) {
	e := ouvrirEcoute(t)
	elu := droitDe(mednum.RoleContributeur, mednum.PorteeCommune, moissac)
	d := besoinA(moissac)
	d.Origine = OrigineElu
	reussi(t, e.besoins.DirePour(t.Context(), elu, "1", d))
	d.Commune = montauban
	if err := e.besoins.DirePour(t.Context(), elu, "2", d); !refuse(err, mednum.Interdit, "commune") {
		t.Errorf("for another commune: %v", err)
	}
	d.Commune, d.Origine = moissac, OriginePublic
	if err := e.besoins.DirePour(t.Context(), elu, "3", d); !refuse(err, mednum.Invalide, "origine") {
		t.Errorf("as somebody else: %v", err)
	}
	lus, err := e.besoins.De(t.Context(), droitDe(mednum.RoleCoordinateur, mednum.PorteeTout, ""))
	reussi(t, err)
	if len(lus) != 1 || lus[0].Origine != OrigineElu {
		t.Errorf("%+v", lus)
	}
}

// After 24 months a need is neither read nor counted, and the task takes it away.
func TestOublier(t *testing.T) {
	e := ouvrirEcoute(t)
	chef := droitDe(mednum.RoleCoordinateur, mednum.PorteeTout, "")
	reussi(t, e.besoins.Dire(t.Context(), "vieux", besoinA(moissac)))
	e.a(time.Date(2028, 11, 23, 22, 59, 0, 0, time.UTC)) // 23:59 in Paris
	reussi(t, e.besoins.Dire(t.Context(), "neuf", besoinA(moissac)))
	if lus, err := e.besoins.De(t.Context(), chef); err != nil || len(lus) != 2 {
		t.Fatalf("the last day: %d, %v", len(lus), err)
	}
	e.a(time.Date(2028, 11, 23, 23, 0, 0, 0, time.UTC))
	if lus, err := e.besoins.De(t.Context(), chef); err != nil || len(lus) != 1 {
		t.Fatalf("the day after: %d, %v", len(lus), err)
	}
	objets := func() int {
		liste, err := e.base.Objets(t.Context(), store.Choix{Genre: genreBesoin})
		reussi(t, err)
		return len(liste)
	}
	avant := objets()
	reussi(t, e.besoins.Oublier(t.Context()))
	if avant != 2 || objets() != 1 {
		t.Errorf("%d objects, then %d", avant, objets())
	}
}

func TestTrimestre(t *testing.T) {
	for jour, want := range map[string]string{"2026-01-01": "2026-T1", "2026-03-31": "2026-T1", "2026-04-01": "2026-T2", "2026-09-30": "2026-T3", "2026-12-31": "2026-T4"} {
		d, err := mednum.ParseDate(jour)
		reussi(t, err)
		q := TrimestreDe(d)
		if q.String() != want || TrimestreDe(q.Premier()) != q {
			t.Errorf("%s is %s, which begins on %s", jour, q, q.Premier())
		}
	}
}

// What is published is read again from the base: counts of a quarter that is
// over.
func TestPublies(t *testing.T) {
	e := ouvrirEcoute(t)
	e.a(time.Date(2026, 9, 30, 10, 0, 0, 0, time.UTC))
	for i := range 6 {
		reussi(t, e.besoins.Dire(t.Context(), fmt.Sprint("m", i), besoinA(moissac)))
	}
	for i := range 4 {
		reussi(t, e.besoins.Dire(t.Context(), fmt.Sprint("n", i), besoinA(montauban)))
	}
	reussi(t, e.besoins.Recharger(t.Context()))
	if got := e.besoins.Publies(); len(got) != 0 {
		t.Errorf("before the end of the quarter: %v", got)
	}
	e.a(time.Date(2026, 10, 1, 10, 0, 0, 0, time.UTC))
	reussi(t, e.besoins.Recharger(t.Context()))
	want := []Compte{{moissac, demarche, Trimestre{2026, 3}, 6}}
	if d := cmp.Diff(want, e.besoins.Publies()); d != "" {
		t.Error(d)
	}
	chef := droitDe(mednum.RoleCoordinateur, mednum.PorteeCommune, moissac)
	lus, err := e.besoins.De(t.Context(), chef)
	reussi(t, err)
	ecarter := func(i int, ecarte bool, want int) {
		t.Helper()
		_, err := e.besoins.Ecarter(t.Context(), chef, lus[i].ID, ecarte)
		if reussi(t, err); e.besoins.Vus(moissac, demarche) != want {
			t.Errorf("put aside %t: %v", ecarte, e.besoins.Publies())
		}
	}
	ecarter(0, true, 5)
	ecarter(1, true, 0)
	ecarter(1, false, 5)
	ecarter(0, false, 6)
	if _, err := e.besoins.Ecarter(t.Context(), droitDe(mednum.RoleCoordinateur, mednum.PorteeCommune, montauban), lus[0].ID, true); !refuse(err, mednum.Introuvable, genreBesoin) {
		t.Errorf("another commune's: %v", err)
	}
	if a, b := e.besoins.Vus(moissac, demarche), e.besoins.Vus(montauban, demarche); a != 6 || b != 0 {
		t.Errorf("%d and %d", a, b)
	}
}

// Nobody finds a count below 5: whatever those counts are, what is published is
// the same; and what is published is true. On random needs.
func TestSecret(t *testing.T) {
	alea := rand.New(rand.NewPCG(8, 2026))
	aujourdhui := mednum.Date{Annee: 2026, Mois: 11, Jour: 24}
	petits := 0
	for range 120 {
		var besoins []Besoin
		for range alea.IntN(400) {
			le := mednum.DateOf(time.Date(2024, 9, 1+alea.IntN(815), 0, 0, 0, 0, time.UTC))
			besoins = append(besoins, Besoin{Commune: fmt.Sprint(82001 + alea.IntN(4)), Theme: Themes()[alea.IntN(3)], Le: le})
		}
		comptes := compter(besoins)
		publies := publiables(comptes, aujourdhui)
		for _, c := range publies {
			n := 0
			for _, b := range besoins {
				if b.Commune == c.Commune && b.Theme == c.Theme && TrimestreDe(b.Le) == c.Trimestre {
					n++
				}
			}
			if n != c.N || n < Seuil || c.Trimestre == (Trimestre{2026, 4}) || c.Trimestre.Compare(Trimestre{2025, 1}) < 0 {
				t.Fatalf("published %+v, there are %d", c, n)
			}
		}
		for i := range comptes {
			if comptes[i].N >= Seuil {
				continue
			}
			petits++
			for n := range Seuil {
				autres := slices.Clone(comptes)
				autres[i].N = n
				if autre := publiables(autres, aujourdhui); !slices.Equal(publies, autre) {
					t.Fatalf("%+v shows: %v, then %v", comptes[i], publies, autre)
				}
			}
		}
	}
	if petits < 1000 {
		t.Errorf("only %d counts to hide", petits)
	}
}

// However many programs are on the base, no flood fills it: so much a day of one
// commune, and in all; a form sent twice is one, an agent is not counted.
func TestBesoinsEnTrop(t *testing.T) {
	e := ouvrirEcoute(t)
	ctx := t.Context()
	autre := NewBesoins(e.base, e.besoins.catalogue, e.ter, e.now) // another program
	d := Besoin{Commune: moissac, Theme: demarche, Moment: MomentSoir}
	for i := range parCommune {
		reussi(t, []*Besoins{e.besoins, autre}[i%2].Dire(ctx, fmt.Sprint(i), d))
		reussi(t, autre.Dire(ctx, fmt.Sprint(i), d))
	}
	if err := autre.Dire(ctx, "trop", d); !refuse(err, mednum.EnTrop, "besoin") {
		t.Errorf("one more of the commune: %v", err)
	}
	reussi(t, autre.Dire(ctx, "0", d)) // kept already
	reussi(t, autre.DirePour(ctx, elue.Droits, "agent", Besoin{Commune: moissac, Theme: demarche, Moment: MomentSoir, Origine: OrigineAgent}))
	d.Commune = montauban
	reussi(t, autre.Dire(ctx, "ailleurs", d))
	reussi(t, store.Poser(ctx, e.base, store.Objet{Genre: genreCompteurBesoin, ID: "tous", Version: parCommune + 2}, compteur{Debut: e.now().UTC().Truncate(time.Hour), N: besoinsParJour}))
	if err := e.besoins.Dire(ctx, "trop", d); !refuse(err, mednum.EnTrop, "besoin") {
		t.Errorf("one more in all: %v", err)
	}
	e.a(e.now().Add(24 * time.Hour))
	reussi(t, e.besoins.Dire(ctx, "demain", d))
}
