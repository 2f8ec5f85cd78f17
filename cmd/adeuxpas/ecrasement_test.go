package main_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// cyclesCourts is how many times a plain test kills the service; CYCLES says
// another number, GRAINE the seed of an earlier run.
const cyclesCourts = 25

func nombreEnv(t *testing.T, nom string, sinon uint64) uint64 {
	t.Helper()
	texte := os.Getenv(nom)
	if texte == "" {
		return sinon
	}
	n, err := strconv.ParseUint(texte, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", nom, err)
	}
	return n
}

// The service is killed at random moments while programs edit: no acknowledged
// edit is lost, no place is left half-edited, the history is whole.
func TestEcrasement(t *testing.T) {
	cycles := int(nombreEnv(t, "CYCLES", cyclesCourts))
	graine := nombreEnv(t, "GRAINE", rand.Uint64())
	t.Logf("%d kills on each store, GRAINE=%d", cycles, graine)
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			dossier := t.TempDir()
			ecraser(t, dossier, m.base(t, dossier), cycles, graine)
		})
	}
}

func ecraser(t *testing.T, dossier, base string, cycles int, graine uint64) {
	hasard := rand.New(rand.NewPCG(graine, 0))
	s := demarrer(t, dossier, "--base", base)
	var url atomic.Pointer[string]
	url.Store(&s.url)
	secret, _ := jeton(t, dossier, "--nom", "Essai", "--departement", "--base", base)
	lieux := quelquesLieux(t, s, 4)
	r := newRedacteur(secret, func() string { return *url.Load() })
	arreter := r.lancer(t, lieux, 4, graine)
	debut, rythme := time.Now(), max(1, cycles/40) // a whole check every so many kills
	for cycle := range cycles {
		if cycle%2 == 0 { // on a loaded machine too, some kills follow an edit
			r.attendreAcquises(r.acquises()+1+hasard.IntN(3), 10*time.Second)
		}
		time.Sleep(time.Duration(hasard.IntN(400)) * time.Millisecond)
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.stop()
		if cycle%rythme == 0 {
			exigerSansDefaut(t, r, base, lieux, cycle, graine)
		}
		s = demarrer(t, dossier, "--base", base)
		url.Store(&s.url)
	}
	arreter()
	s.stop()
	exigerSansDefaut(t, r, base, lieux, cycles, graine)
	acquises, refusees, reprises := r.bilan()
	t.Logf("%d kills in %v, seed %d: %d edits acknowledged, %d come too late, %d asked more than once",
		cycles, time.Since(debut).Round(time.Second), graine, acquises, refusees, reprises)
	if acquises < cycles/2 || reprises < cycles/4 {
		t.Errorf("%d edits, %d of them cut: too few to prove anything", acquises, reprises)
	}
}

// attendreAcquises waits until so many edits are acknowledged, or for delai.
func (r *redacteur) attendreAcquises(n int, delai time.Duration) {
	for fin := time.Now().Add(delai); r.acquises() < n && time.Now().Before(fin); {
		time.Sleep(time.Millisecond)
	}
}

func exigerSansDefaut(t *testing.T, r *redacteur, base string, lieux []string, cycle int, graine uint64) {
	t.Helper()
	for _, d := range r.verifier(t, base, lieux) {
		t.Errorf("kill %d, seed %d: %s", cycle, graine, d)
	}
	if t.Failed() {
		t.FailNow()
	}
}

// lancer has n programs edit the places without a pause, each edit under its
// own key, until arreter, which waits for the last answers.
func (r *redacteur) lancer(t *testing.T, lieux []string, n int, graine uint64) (arreter func()) {
	t.Helper()
	fin := make(chan struct{})
	var numero atomic.Int64
	var groupe sync.WaitGroup
	for i := range n {
		hasard := rand.New(rand.NewPCG(graine, uint64(i)+1))
		groupe.Go(func() {
			for {
				select {
				case <-fin:
					return
				default:
				}
				k := int(numero.Add(1))
				if err := r.modifier(lieux[hasard.IntN(len(lieux))], fmt.Sprintf("k%d", k), k); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	arreter = sync.OnceFunc(func() {
		close(fin)
		groupe.Wait()
	})
	t.Cleanup(func() {
		r.abandon.Store(true)
		arreter()
	})
	return arreter
}
