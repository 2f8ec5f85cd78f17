package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What is asked at each write, or of a long log, follows an index.
func TestPlans(t *testing.T) {
	b, err := Open(t.Context(), filepath.Join(t.TempDir(), "essai.db"), func() time.Time { return time.Time{} })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	for _, tt := range []struct {
		name, requete string
		valeurs       []any
		want          string
	}{
		{"a key", `SELECT lieu FROM revisions WHERE ` + parCle, []any{"cle"}, "SEARCH revisions USING INDEX revisions_idempotence (idempotence=?)"},
		{"a page of the journal", `SELECT ` + colonnesRevision + ` FROM revisions ` + parPage, []any{9, 20}, "SEARCH revisions USING INDEX sqlite_autoindex_revisions_1 (seq<?)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := b.lecture.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+tt.requete, tt.valeurs...)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var etapes []string
			for rows.Next() {
				var id, parent, rien int
				var etape string
				if err := rows.Scan(&id, &parent, &rien, &etape); err != nil {
					t.Fatal(err)
				}
				etapes = append(etapes, etape)
			}
			if got := strings.Join(etapes, "; "); rows.Err() != nil || got != tt.want {
				t.Errorf("%q, %v, want %q", got, rows.Err(), tt.want)
			}
		})
	}
}
