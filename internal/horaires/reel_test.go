package horaires

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
)

const dossierHoraires = "../../../shared/data/horaires/"

// colonne reads the second column of a file of distinct strings.
func colonne(t testing.TB, nom string) []string {
	t.Helper()
	f, err := os.Open(dossierHoraires + nom)
	if err != nil {
		t.Skipf("left out: real strings, %s is absent", nom)
	}
	defer f.Close()
	var valeurs []string
	lignes := bufio.NewScanner(f)
	lignes.Buffer(nil, 1<<20)
	for lignes.Scan() {
		if champs := strings.Split(lignes.Text(), "\t"); len(champs) > 1 && champs[1] != "valeur" {
			valeurs = append(valeurs, champs[1])
		}
	}
	if err := lignes.Err(); err != nil {
		t.Fatal(err)
	}
	return valeurs
}

// echantillon spreads instants over three years, at odd minutes, with the
// hours around both clock changes.
func echantillon(t testing.TB) []time.Time {
	instants := []time.Time{instant(t, "2026-03-29 01:59"), instant(t, "2026-03-29 03:00"), instant(t, "2026-10-25 02:30"), instant(t, "2026-07-14 10:00")}
	debut := instant(t, "2025-01-01 00:07")
	for i := range 60 {
		instants = append(instants, debut.Add(time.Duration(i)*(437*time.Hour+23*time.Minute)))
	}
	return instants
}

// The share of real strings that parse strictly: the others are free text or
// break the grammar, and must be refused rather than guessed.
func TestPartReelle(t *testing.T) {
	textes := colonne(t, "osm-distinct.tsv")
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	instants := echantillon(t)
	lues := 0
	for _, texte := range textes {
		e, err := Parse(texte)
		if err != nil {
			continue
		}
		lues++
		encore, err := Parse(e.String())
		if err != nil {
			t.Fatalf("%q prints as %q: %v", texte, e, err)
		}
		for _, quand := range instants {
			if got, want := decrire(encore.A(quand, c)), decrire(e.A(quand, c)); got != want {
				t.Fatalf("%q at %v: %s, its print %q: %s", texte, quand, want, e, got)
			}
		}
	}
	part := float64(lues) / float64(len(textes))
	t.Logf("%d of %d distinct strings parse strictly (%.1f %%)", lues, len(textes), 100*part)
	if part < 0.96 {
		t.Errorf("only %.1f %% of real strings parse", 100*part)
	}
}

// The next change is what a minute-by-minute scan finds.
func TestChangeParBalayage(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	textes := []string{
		"Mo-Fr 09:00-12:00,14:00-17:00; We off; PH off", "Sa-Mo 22:00-02:30", "Su 01:15-02:45,03:10-03:20",
		`Mo-Fr 09:00-12:00 || "rdv"`, `Mo 09:00-10:00 open "a", Mo 10:00-11:00 open "b"; Tu off "c"`, "We[1],Fr[-1] 18:00+",
		"week 01-53/2 Th 10:00-10:07; Oct 25 02:00-03:00", "Mar 29 00:00-02:00,02:20-03:30", "24/7; Su 02:30-02:31 off",
	}
	for _, texte := range textes {
		e, err := Parse(texte)
		if err != nil {
			t.Fatal(err)
		}
		for _, depart := range []string{"2026-03-28 23:50", "2026-10-24 23:50", "2026-07-13 08:30", "2026-12-30 12:00"} {
			quand := instant(t, depart)
			for range 8 { // follow the changes
				r := e.A(quand, c)
				want, ok := balayer(e, quand, c)
				if !r.HasChange || !ok {
					break // too far for the scan
				}
				if !r.Change.Equal(want) {
					t.Fatalf("%s at %v: change at %v, want %v", texte, quand, r.Change, want)
				}
				if etat, mots := e.Etat(r.Change, c); etat != r.Suivante.Etat || mots != r.Suivante.Commentaire {
					t.Fatalf("%s: %v announced at %v, %v found", texte, r.Suivante, r.Change, etat)
				}
				quand = r.Change
			}
		}
	}
}

func balayer(e *Expression, t time.Time, c Calendrier) (time.Time, bool) {
	etat, mots := e.Etat(t, c)
	for q := t.Add(time.Minute); q.Sub(t) < 12*24*time.Hour; q = q.Add(time.Minute) {
		if autre, dits := e.Etat(q, c); autre != etat || dits != mots {
			return q, true
		}
	}
	return time.Time{}, false
}

// Open intervals agree with states, minute by minute, over both clock changes.
func TestEntreParBalayage(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82"}
	for _, texte := range []string{"Mo-Su 22:00-02:30", "Su 01:15-02:45; Mo off", `Mo-Fr 09:00-12:00 "rdv"; PH off`, "24/7", "off", "Sa 00:00-24:00"} {
		e, err := Parse(texte)
		if err != nil {
			t.Fatal(err)
		}
		for _, depart := range []string{"2026-03-28 12:10", "2026-10-24 12:10", "2026-07-13 12:10"} {
			debut := instant(t, depart)
			fin := debut.Add(60 * time.Hour)
			intervalles := e.Entre(debut, fin, c)
			for q := debut; q.Before(fin); q = q.Add(time.Minute) {
				want, _ := e.Etat(q, c)
				if got := dans(intervalles, q); got != want {
					t.Fatalf("%s at %v: intervals say %v, state is %v", texte, q, got, want)
				}
			}
			for i, v := range intervalles {
				if !v.Debut.Before(v.Fin) || v.Debut.Before(debut) || v.Fin.After(fin) || i > 0 && v.Debut.Before(intervalles[i-1].Fin) {
					t.Fatalf("%s: intervals out of order: %v", texte, intervalles)
				}
			}
		}
	}
}

func dans(intervalles []Intervalle, t time.Time) Etat {
	for _, v := range intervalles {
		if !t.Before(v.Debut) && t.Before(v.Fin) {
			return v.Etat
		}
	}
	return Ferme
}

func BenchmarkA(b *testing.B) {
	c := Calendrier{Lieu: paris(b), Departement: "82"}
	instants := echantillon(b)
	for nom, texte := range map[string]string{
		"ordinary": "Mo-Fr 09:00-12:00,14:00-17:00; We off; PH off", "long": "Jul-Aug Mo-Fr 09:00-12:00; Sep-Jun Mo-Sa 09:00-12:00,14:00-18:00; Dec 24-Jan 02 off; PH off; week 02-52/2 Sa off",
	} {
		e, err := Parse(texte)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(nom+"/state", func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				e.Etat(instants[i%len(instants)], c)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "states/s")
		})
		b.Run(nom+"/state-and-change", func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				e.A(instants[i%len(instants)], c)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "states/s")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Parse("Mo-Fr 09:00-12:00,14:00-17:00; We off; PH off"); err != nil {
			b.Fatal(err)
		}
	}
}
