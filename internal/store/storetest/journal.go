package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// ecrireJournal writes versions of places in turn, and returns the whole log,
// newest first.
func ecrireJournal(t *testing.T, b store.Magasin, lieux, versions int) (journal []mednum.Revision) {
	t.Helper()
	for v := 1; v <= versions; v++ {
		for i := range lieux {
			Save(t, b, Revision(Lieu(fmt.Sprintf("l%d", i), fmt.Sprintf("v%d", v)), v))
		}
	}
	for i := range lieux {
		histoire, err := b.Revisions(t.Context(), fmt.Sprintf("l%d", i))
		if err != nil {
			t.Fatal(err)
		}
		journal = append(journal, histoire...)
	}
	slices.SortFunc(journal, func(x, y mednum.Revision) int { return int(y.Apres.Seq - x.Apres.Seq) })
	return journal
}

// page is one page of the journal, of n writes at most.
func page(t *testing.T, b store.Magasin, avant int64, n int) []mednum.Revision {
	t.Helper()
	p, err := b.Journal(t.Context(), avant, n)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) > n {
		t.Fatalf("a page of %d writes, want %d at most", len(p), n)
	}
	return p
}

// pages is the whole journal below a number, page by page; entre is called
// between two pages.
func pages(t *testing.T, b store.Magasin, avant int64, n int, entre func()) (lues []mednum.Revision) {
	t.Helper()
	for {
		p := page(t, b, avant, n)
		lues = append(lues, p...)
		if len(p) < n {
			return lues
		}
		avant = p[len(p)-1].Apres.Seq
		entre()
	}
}

// contratJournal: pages of any size hold each write once, newest first.
func contratJournal(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	if p := page(t, b, 0, store.PageMax); len(p) != 0 {
		t.Errorf("the journal of an empty base has %d writes", len(p))
	}
	want := ecrireJournal(t, b, 8, 15)
	for _, n := range []int{1, 7, 50, 120, store.PageMax} {
		t.Run(fmt.Sprintf("pages of %d", n), func(t *testing.T) {
			if d := cmp.Diff(want, pages(t, b, 0, n, func() {})); d != "" {
				t.Errorf("Journal (-want +got):\n%s", d)
			}
		})
	}
	for _, tt := range []struct {
		name  string
		avant int64
		n     int
	}{
		{"no write", 0, 0},
		{"less than none", 0, -1},
		{"too many", 0, store.PageMax + 1},
		{"before no number", -1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.Journal(t.Context(), tt.avant, tt.n)
			WantCode(t, err, mednum.Invalide)
		})
	}
	if p := page(t, b, want[len(want)-1].Apres.Seq, 1); len(p) != 0 {
		t.Errorf("before the first write: %d, want none", len(p))
	}
}

// contratJournalChaud: who reads page after page while others write has each
// write that was there once, and none twice.
func contratJournalChaud(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	want := ecrireJournal(t, ici, 6, 5)
	ctx, cancel := context.WithCancel(t.Context())
	fin := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			id := fmt.Sprintf("n%d", n)
			if err := ailleurs.Save(context.Background(), Revision(Lieu(id, "v1"), 1)); err != nil {
				t.Error(err)
				break
			}
		}
		fin <- n
	}()
	var lues []mednum.Revision
	for range 3 {
		v := Version(t, ici)
		lues = pages(t, ici, 0, 7, func() {
			for v == Version(t, ici) && ctx.Err() == nil { // something is written between two pages
				if err := ici.Attendre(ctx); err != nil {
					return
				}
			}
		})
		for i := 1; i < len(lues); i++ {
			if lues[i].Apres.Seq >= lues[i-1].Apres.Seq {
				t.Fatalf("write %d after write %d", lues[i].Apres.Seq, lues[i-1].Apres.Seq)
			}
		}
		anciennes := lues[max(0, len(lues)-len(want)):]
		if d := cmp.Diff(want, anciennes); d != "" {
			t.Fatalf("the writes that were there (-want +got):\n%s", d)
		}
	}
	cancel()
	if n := <-fin; n == 0 || len(lues) == len(want) {
		t.Errorf("%d writes meanwhile, %d seen", n, len(lues)-len(want))
	}
}
