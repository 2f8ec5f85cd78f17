package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// magasins are the bases on which what does not depend on the store is tried.
var magasins = []struct {
	name string
	base func(t *testing.T, dossier string) string
}{
	{"sqlite", func(_ *testing.T, dossier string) string { return dossier + "/essai.db" }},
	{"mongo", func(t *testing.T, _ string) string { return mongotest.Neuf(t, os.Getenv("MONGODB_URI")) }},
}

// ouvrir opens a base beside the service, as one more process would.
func ouvrir(t *testing.T, base string) store.Magasin {
	t.Helper()
	var m store.Magasin
	var err error
	if strings.HasPrefix(base, "mongodb://") {
		m, err = mongo.Open(t.Context(), base, time.Now)
	} else {
		m, err = sqlite.Open(t.Context(), base, time.Now)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// modification is one edit and what became of it.
type modification struct {
	lieu, cle, horaires string
	status              int // of the answer that ended it: 200 or 412
	essais              int
}

// redacteur is a program that edits over HTTP, and asks again under the same
// key until it knows.
type redacteur struct {
	jeton   string
	url     func() string // of the service, which may move
	client  http.Client
	abandon atomic.Bool // the test has failed: nothing more is asked
	mu      sync.Mutex
	faites  []modification
}

func newRedacteur(secret string, url func() string) *redacteur {
	return &redacteur{jeton: secret, url: url, client: http.Client{Timeout: 20 * time.Second}}
}

// delaiEdition is how long an edit may take, outages included.
const delaiEdition = 90 * time.Second

// horairesNumero are hours that no other number gives.
func horairesNumero(n int) string {
	debut, fin := 6*60+n%600, 16*60+n/600
	return fmt.Sprintf("Mo %02d:%02d-%02d:%02d; PH off", debut/60, debut%60, fin/60, fin%60)
}

// modifier edits a place and waits for an answer that settles it: done, or come
// too late.
func (r *redacteur) modifier(lieu, cle string, n int) error {
	m := modification{lieu: lieu, cle: cle, horaires: horairesNumero(n)}
	var etag string
	for limite := time.Now().Add(delaiEdition); !r.abandon.Load(); m.essais++ {
		if time.Now().After(limite) {
			return fmt.Errorf("key %s: no answer in %v", cle, delaiEdition)
		}
		if etag == "" {
			etag = r.lire(lieu)
		}
		if etag != "" {
			status, texte := r.put(&m, etag)
			if status == 200 || status == 412 {
				m.status = status
				r.mu.Lock()
				defer r.mu.Unlock()
				r.faites = append(r.faites, m)
				return nil
			}
			if status != 0 && status != 503 {
				return fmt.Errorf("key %s: %d %s", cle, status, texte)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

// lire is the ETag of a place, "" when the service does not answer.
func (r *redacteur) lire(lieu string) string {
	rep, err := r.client.Get(r.url() + "/api/v1/lieux/" + lieu)
	if err != nil {
		return ""
	}
	defer rep.Body.Close()
	_, _ = io.Copy(io.Discard, rep.Body)
	return rep.Header.Get("ETag")
}

// put asks once; 0 is no answer, or half of one.
func (r *redacteur) put(m *modification, etag string) (status int, texte string) {
	req, err := http.NewRequest(http.MethodPut, r.url()+"/api/v1/lieux/"+m.lieu+"/horaires", strings.NewReader(`{"horaires":"`+m.horaires+`"}`))
	if err != nil {
		return 0, err.Error()
	}
	for nom, valeur := range map[string]string{
		"Authorization": "Bearer " + r.jeton, "Content-Type": "application/json", "If-Match": etag, "Idempotency-Key": m.cle,
	} {
		req.Header.Set(nom, valeur)
	}
	rep, err := r.client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err != nil {
		return 0, err.Error()
	}
	return rep.StatusCode, string(corps)
}

// bilan counts what was asked: acknowledged, come too late, asked more than
// once.
func (r *redacteur) bilan() (acquises, refusees, reprises int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.faites {
		if m.status == 200 {
			acquises++
		} else {
			refusees++
		}
		if m.essais > 0 {
			reprises++
		}
	}
	return acquises, refusees, reprises
}

func (r *redacteur) acquises() int {
	n, _, _ := r.bilan()
	return n
}

// verifier says what is wrong in a base that the edits were made in.
func (r *redacteur) verifier(t *testing.T, base string, lieux []string) []string {
	t.Helper()
	m := ouvrir(t, base)
	defer m.Close()
	var histoires []histoire
	for _, id := range lieux {
		l, err := m.Lieu(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		revisions, err := m.Revisions(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		histoires = append(histoires, histoire{l, revisions})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return defauts(histoires, r.faites)
}

// histoire is a place and its accepted writes, oldest first.
type histoire struct {
	lieu      mednum.Lieu
	revisions []mednum.Revision
}

// defauts are what contradicts the contract of edits: a history that is not
// whole, a place that is not what its newest revision says, an acknowledged
// edit that is not there, one that is there twice, or one that was refused and
// is there.
func defauts(histoires []histoire, faites []modification) (liste []string) {
	parCle := map[string][]mednum.Revision{}
	for _, h := range histoires {
		for i, rev := range h.revisions {
			if rev.Version != i+1 || rev.Lieu != h.lieu.ID {
				liste = append(liste, fmt.Sprintf("place %s: revision %d of %s stands at rank %d", h.lieu.ID, rev.Version, rev.Lieu, i+1))
			}
			_, cle, _ := strings.Cut(strings.TrimPrefix(rev.Idempotence, "api/"), "/") // api/token/key
			parCle[cle] = append(parCle[cle], rev)
		}
		if n := len(h.revisions); n == 0 {
			liste = append(liste, fmt.Sprintf("place %s: no revision", h.lieu.ID))
		} else if diff := cmp.Diff(h.revisions[n-1].Apres, h.lieu); diff != "" {
			liste = append(liste, fmt.Sprintf("place %s is not its newest revision (-revision +place):\n%s", h.lieu.ID, diff))
		}
	}
	for _, m := range faites {
		revs := parCle[m.cle]
		switch {
		case m.status != 200 && len(revs) > 0:
			liste = append(liste, fmt.Sprintf("key %s was refused, and is written", m.cle))
		case m.status == 200 && len(revs) != 1:
			liste = append(liste, fmt.Sprintf("key %s was acknowledged, and is written %d times", m.cle, len(revs)))
		case m.status == 200 && (revs[0].Lieu != m.lieu || revs[0].Apres.Champs.Horaires != m.horaires):
			liste = append(liste, fmt.Sprintf("key %s wrote %q to %s, want %q to %s", m.cle, revs[0].Apres.Champs.Horaires, revs[0].Lieu, m.horaires, m.lieu))
		}
	}
	return liste
}

// What the crashes and the cut connections are judged by can fail.
func TestDefauts(t *testing.T) {
	rev := func(version int, cle, horaires string) mednum.Revision {
		return mednum.Revision{Lieu: "a", Version: version, Idempotence: cle, Apres: mednum.Lieu{ID: "a", Version: version, Champs: mednum.Champs{Horaires: horaires}}}
	}
	bonnes := []mednum.Revision{rev(1, "operation/a", ""), rev(2, "api/jeton/x", "Mo 08:00-09:00"), rev(3, "api/jeton/y", "Mo 08:00-10:00")}
	x := modification{lieu: "a", cle: "x", horaires: "Mo 08:00-09:00", status: 200}
	for _, tt := range []struct {
		name, want string
		lieu       mednum.Lieu
		revisions  []mednum.Revision
		faites     []modification
	}{
		{"whole", "", bonnes[2].Apres, bonnes, []modification{x, {lieu: "a", cle: "z", status: 412}}},
		{"a lost edit", "written 0 times", bonnes[2].Apres, bonnes, []modification{{lieu: "a", cle: "perdue", status: 200}}},
		{"an edit made twice", "written 2 times", bonnes[1].Apres, []mednum.Revision{rev(1, "api/jeton/x", "Mo 08:00-09:00"), bonnes[1]}, []modification{x}},
		{"an edit that says something else", "want", bonnes[2].Apres, bonnes, []modification{{lieu: "a", cle: "x", horaires: "24/7", status: 200}}},
		{"a refused edit that is there", "was refused", bonnes[2].Apres, bonnes, []modification{{lieu: "a", cle: "x", status: 412}}},
		{"a half-edited place", "newest revision", bonnes[1].Apres, bonnes, nil},
		{"a gap", "stands at rank 2", bonnes[2].Apres, []mednum.Revision{bonnes[0], bonnes[2]}, nil},
		{"no history", "no revision", bonnes[2].Apres, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(defauts([]histoire{{tt.lieu, tt.revisions}}, tt.faites), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// quelquesLieux are the first n places of Moissac that the service lists.
func quelquesLieux(t *testing.T, s *serveur, n int) (ids []string) {
	t.Helper()
	_, corps := s.lire(t, fmt.Sprintf("/api/v1/lieux?commune=82112&limite=%d", n))
	var liste struct{ Resultats []struct{ ID string } }
	if err := json.Unmarshal([]byte(corps), &liste); err != nil || len(liste.Resultats) != n {
		t.Fatalf("%d places, want %d: %v %.200s", len(liste.Resultats), n, err, corps)
	}
	for _, l := range liste.Resultats {
		ids = append(ids, l.ID)
	}
	return ids
}
