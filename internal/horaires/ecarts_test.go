package horaires

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dernierJourConnu is the last civil day whose school holidays the reference
// knows for Occitanie.
const dernierJourConnu = "2026-12-31 12:00"

// vacancesReference are the school holidays as the reference has them, so
// that both sides are asked about the same calendar.
func vacancesReference(t testing.TB) *Vacances {
	t.Helper()
	debut, fin := instant(t, "2022-01-01 12:00"), instant(t, dernierJourConnu)
	var jours []time.Time
	for d := debut; !d.After(fin); d = d.AddDate(0, 0, 1) {
		jours = append(jours, d)
	}
	var periodes []Periode
	for i, e := range interroger(t, []question{{Horaires: "SH", Instants: rfc3339(jours)}})[0].Etats {
		if e[0] == "open" {
			periodes = append(periodes, Periode{Nom: e[1], Du: jours[i], Au: jours[i]})
		}
	}
	if len(periodes) < 400 {
		t.Fatalf("the reference knows %d days of school holidays in five years", len(periodes))
	}
	return NewVacances(periodes, debut, fin)
}

// procheChangement is how far ahead next changes are compared.
const procheChangement = 369 * 24 * time.Hour

var noms = map[Etat]string{Ouvert: "open", Ferme: "closed", Inconnu: "unknown"}

// ditDe is what the expression says of the instant, in the reference's words.
// The comment is told where the text has one, and where elle differs in
// nothing else.
func ditDe(e *Expression, quand time.Time, c Calendrier, changement bool, elle string) string {
	if changement {
		r := e.A(quand, c)
		if limite := quand.Add(procheChangement); !r.HasChange || !r.Change.Before(limite) {
			return ""
		}
		return r.Change.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	etat, mots := e.Etat(quand, c)
	nous := noms[etat]
	if mots == "" || mots == FinOuverte {
		_, suite, _ := strings.Cut(elle, " ")
		return nous + " " + suite // the reference has comments of its own: names of holidays, open ends
	}
	return nous + " " + mots
}

// compte is what a comparison found.
type compte struct {
	paires, changements, lectures int
	genres                        map[string]int
	inexpliques                   []ecart
}

func (k *compte) ajouter(x ecart) {
	explications := x.expliquer()
	for _, nom := range explications {
		k.genres[nom]++
	}
	if len(explications) == 0 {
		k.inexpliques = append(k.inexpliques, x)
	}
}

// comparer sets our answers against those of the reference.
func comparer(k *compte, q question, instants []time.Time, r reponse, c Calendrier) {
	e, err := Parse(q.Horaires)
	k.lectures++
	if (err != nil) != (r.Erreur != "") {
		elle := r.Erreur
		if elle != "" {
			elle = "erreur " + elle
		}
		k.ajouter(ecart{texte: q.Horaires, e: e, c: c, nous: fmt.Sprint(err), elle: elle})
		return
	}
	if err != nil {
		return
	}
	for i, quand := range instants {
		if r.Etats[i][0] != "erreur" {
			k.paires++
		}
		elle := r.Etats[i][0] + " " + strings.TrimSpace(r.Etats[i][1])
		if nous := ditDe(e, quand, c, false, elle); nous != elle {
			k.ajouter(ecart{texte: q.Horaires, e: e, c: c, quand: quand, nous: nous, elle: elle})
		}
	}
	for i, elle := range r.Changements {
		k.changements++
		if nous := ditDe(e, instants[i], c, true, elle); nous != elle {
			k.ajouter(ecart{texte: q.Horaires, e: e, c: c, quand: instants[i], nous: nous, elle: elle, changement: true})
		}
	}
}

// instantsRemarquables are instants on which evaluators stumble.
func instantsRemarquables(t testing.TB) []time.Time {
	var instants []time.Time
	for _, texte := range []string{
		"2024-02-29 00:00", "2024-02-29 10:00", "2024-03-01 00:00", "2024-12-30 10:00", "2024-12-31 23:59", "2025-01-01 00:00",
		"2025-02-28 23:59", "2025-03-30 01:59", "2025-03-30 03:00", "2025-03-30 23:59", "2025-04-21 10:00", "2025-10-26 01:30",
		"2025-10-26 03:00", "2026-03-29 00:30", "2026-03-29 01:59", "2026-03-29 03:00", "2026-03-30 00:30", "2026-03-30 01:00",
		"2026-04-05 11:00", "2026-04-06 10:00", "2026-05-14 15:00", "2026-05-25 10:00", "2026-07-13 09:00", "2026-07-14 10:00",
		"2026-07-15 09:30", "2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 01:59", "2026-10-25 03:00", "2026-10-26 00:30",
		"2026-11-11 14:30", "2026-12-24 23:59", "2026-12-25 10:00", "2026-12-28 00:00", "2026-12-28 10:00", "2026-12-31 23:59",
		"2027-01-01 00:00", "2027-01-03 23:30", "2027-01-04 00:00", "2027-01-04 10:00", "2027-03-28 04:00", "2027-10-31 02:30",
		"2028-02-28 23:59", "2028-02-29 12:00", "2028-03-01 09:00", "2028-12-31 16:00",
	} {
		instants = append(instants, instant(t, texte))
	}
	seconde := instant(t, "2026-10-25 03:00").Add(-30 * time.Minute) // 02:30 for the second time
	return append(instants, seconde, seconde.Add(-time.Hour))
}

// instantsPour picks n instants for a text: remarkable ones, others at
// random, and around the edges of its own hours and dates. Where it names
// school holidays, few lie past what the reference knows of them.
func instantsPour(texte string, g generateur, remarquables []time.Time, n int) []time.Time {
	e, err := Parse(texte)
	if err != nil {
		return remarquables[:1]
	}
	jours, minutes := bords(e, g)
	annees := 5
	if e.nommeVacances() && g.chance(98) {
		annees = 3
	}
	instants := make([]time.Time, 0, n)
	for len(instants) < n {
		quand := choix(g, remarquables...)
		if g.chance(65) {
			j := jourN(choix(g, choix(g, jours...)+g.IntN(3)-1, numero(2024, 1, 1)+g.IntN(annees*365)))
			quand = time.Date(j.annee, time.Month(j.mois), j.quantieme, 0, choix(g, minutes...), 0, 0, quand.Location())
		}
		if quand.Year() < 2024+annees {
			instants = append(instants, quand)
		}
	}
	return instants
}

// bords lists the days at the edges of the dates of an expression, and the
// minutes at those of its hours: a minute before each start and end, and each.
func bords(e *Expression, g generateur) (jours, minutes []int) {
	jours, minutes = []int{numero(2024, 1, 1) + g.IntN(3*365)}, []int{0, minutesJour - 1}
	for i := range e.regles {
		r := &e.regles[i]
		for _, h := range r.etendues {
			minutes = append(minutes, int(h.debut)-1, int(h.debut), int(h.fin)-1, int(h.fin))
		}
		for j := range r.dates {
			annee := r.dates[j].de.annee
			if annee == 0 {
				annee = g.annee()
			}
			jours = append(jours, r.dates[j].de.premier(annee), r.dates[j].a.dernier(annee))
		}
	}
	return jours, minutes
}

// comparerTout compares the texts at n instants each.
func comparerTout(t testing.TB, k *compte, textes []string, n int, tous bool, c Calendrier) {
	t.Helper()
	g, remarquables := newGenerateur(82), instantsRemarquables(t)
	questions, instants := make([]question, len(textes)), make([][]time.Time, len(textes))
	for i, texte := range textes {
		instants[i] = instantsPour(texte, g, remarquables, n)
		questions[i] = question{Horaires: texte, Instants: rfc3339(instants[i])}
		if e, err := Parse(texte); err == nil && (tous || e.sansParticularite()) {
			questions[i].Changements = 3
		}
	}
	for i, r := range interroger(t, questions) {
		comparer(k, questions[i], instants[i], r, c)
	}
	for _, x := range k.inexpliques[:min(5, len(k.inexpliques))] {
		t.Errorf("%s\n at %v (change: %v)\n we say %s, the reference %s", x.texte, x.quand, x.changement, x.nous, x.elle)
	}
	t.Logf("%d texts, %d (expression, instant) pairs, %d next changes, %d unexplained; explained: %v",
		k.lectures, k.paires, k.changements, len(k.inexpliques), k.genres)
}

// Our states and next changes are those of the reference, over the real
// strings and over generated ones, but for the kinds of differences written
// down in docs/horaires-ecarts.md; and each of these does occur.
func TestEcarts(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82", Vacances: vacancesReference(t)}
	k := &compte{genres: map[string]int{}}
	t.Run("reels", func(t *testing.T) {
		comparerTout(t, k, colonne(t, "osm-distinct.tsv"), 25, true, c)
	})
	t.Run("exemples", func(t *testing.T) { comparerExemples(t, k, c) })
	var textes []string
	for g := newGenerateur(3); len(textes) < 4000; {
		textes = append(textes, g.expression())
	}
	textes = append(textes, imprimes(t, textes[:400], c)...)
	comparerTout(t, k, textes, 30, false, c)
	if k.paires < 100000 {
		t.Errorf("only %d pairs compared", k.paires)
	}
	for _, g := range genres {
		if k.genres[g.nom] == 0 {
			t.Errorf("%s never occurs: docs/horaires-ecarts.md is not true any more", g.nom)
		}
	}
}

// comparerExemples compares the example of each kind, which is to be of that
// kind and of no other.
func comparerExemples(t testing.TB, k *compte, c Calendrier) {
	t.Helper()
	questions, instants := make([]question, len(genres)), make([][]time.Time, len(genres))
	for i, g := range genres {
		if g.quand != "" {
			instants[i] = []time.Time{instant(t, g.quand)}
		}
		questions[i] = question{Horaires: g.exemple, Instants: rfc3339(instants[i])}
	}
	for i, r := range interroger(t, questions) {
		seul := &compte{genres: map[string]int{}}
		comparer(seul, questions[i], instants[i], r, c)
		if diff := cmp.Diff(map[string]int{genres[i].nom: 1}, seul.genres); diff != "" || len(seul.inexpliques) > 0 {
			t.Errorf("%s is not recognised: %s %+v", genres[i].nom, diff, seul.inexpliques)
		}
		k.genres[genres[i].nom] += seul.genres[genres[i].nom]
	}
}

// Of texts with a typing mistake we read nothing that the reference refuses,
// but for the known kinds, and read as it does what both do. That it corrects
// more than we do is its tolerance; the strict grammar has none.
func TestTextesAbimes(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82", Vacances: vacancesReference(t)}
	var textes []string
	tous, g, refuses := 0, newGenerateur(99), 0
	for ; tous < 6000; tous++ {
		texte := g.abimer(g.expression())
		if _, err := Parse(texte); err != nil {
			refuses++
			continue
		}
		textes = append(textes, texte)
	}
	k := &compte{genres: map[string]int{}}
	comparerTout(t, k, textes, 5, false, c)
	t.Logf("%d of %d broken texts are refused", refuses, tous)
	if refuses < tous/3 {
		t.Errorf("only %d of %d broken texts are refused", refuses, tous)
	}
}

// imprimes gives the canonical forms of the texts, and what they are as
// explicit dates over three months: the reference is to read both as we do.
func imprimes(t testing.TB, textes []string, c Calendrier) []string {
	var formes []string
	for _, texte := range textes {
		e, err := Parse(texte)
		if err != nil {
			continue
		}
		formes = append(formes, e.String())
		if datee := e.Dater(instant(t, "2026-09-20 12:00"), instant(t, "2026-12-10 12:00"), c); datee != "" {
			formes = append(formes, datee)
		}
	}
	return formes
}

// Each kind of difference is written down with its example.
func TestGenresEcrits(t *testing.T) {
	note, err := os.ReadFile("../../docs/horaires-ecarts.md")
	if err != nil {
		t.Fatal(err)
	}
	if titres := strings.Count(string(note), "\n## "); len(genres) > 10 || titres != len(genres) {
		t.Errorf("%d kinds of differences, %d written down, 10 at most", len(genres), titres)
	}
	for _, g := range genres {
		for _, mot := range []string{"## `" + g.nom + "`", "`" + g.exemple + "`", g.quand} {
			if !strings.Contains(string(note), mot) {
				t.Errorf("docs/horaires-ecarts.md does not tell %s", mot)
			}
		}
	}
}

// A wrong answer is seen: the comparison reports each answer of the reference
// that is changed for another, and a text that it would refuse.
func TestComparerVoit(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	instants := []time.Time{instant(t, "2026-07-13 10:00"), instant(t, "2026-07-13 13:00"), instant(t, "2026-07-15 10:00")}
	q := question{Horaires: `Mo-Fr 09:00-12:00; We 09:00-12:00 open "accueil"`}
	juste := func() reponse {
		return reponse{Etats: [][2]string{{"open", ""}, {"closed", ""}, {"open", "accueil"}}, Changements: []string{"2026-07-13T10:00:00.000Z"}}
	}
	cases := []struct {
		name    string
		fausser func(r *reponse)
		want    int
	}{
		{"right", func(*reponse) {}, 0},
		{"closed instead of open", func(r *reponse) { r.Etats[0][0] = "closed" }, 1},
		{"unknown instead of closed", func(r *reponse) { r.Etats[1][0] = "unknown" }, 1},
		{"another comment", func(r *reponse) { r.Etats[2][1] = "étage" }, 1},
		{"another change", func(r *reponse) { r.Changements[0] = "2026-07-13T10:01:00.000Z" }, 1},
		{"no change", func(r *reponse) { r.Changements[0] = "" }, 1},
		{"a breakdown", func(r *reponse) { r.Etats[0][0] = "erreur" }, 1},
		{"a refusal", func(r *reponse) { r.Erreur = "no" }, 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			r, k := juste(), &compte{genres: map[string]int{}}
			tc.fausser(&r)
			comparer(k, q, instants, r, c)
			if len(k.inexpliques) != tc.want || len(k.genres) > 0 {
				t.Errorf("got %+v, %v", k.inexpliques, k.genres)
			}
		})
	}
}
