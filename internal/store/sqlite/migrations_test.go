package sqlite_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"82numerique.fr/adeuxpas/internal/store/storetest"
)

// A file of the second schema, with machine tokens, keeps them: they become
// objects.
func TestJetonsDeviennentObjets(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "ancienne.db")
	for _, nom := range []string{"0001_lieux.sql", "0002_jetons.sql"} {
		texte, err := os.ReadFile(filepath.Join("migrations", nom))
		if err != nil {
			t.Fatal(err)
		}
		sqlDans(t, chemin, string(texte))
	}
	sqlDans(t, chemin, `PRAGMA application_id = 0x32706173; PRAGMA user_version = 2`)
	for _, j := range storetest.Jetons() {
		corps, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		sqlDans(t, chemin, `INSERT INTO jetons (hash, json) VALUES (?, ?)`, j.Hash, string(corps))
	}
	storetest.WantJetons(t, ouvrir(t, chemin))
	if n := nombre(t, chemin, `SELECT count(*) FROM sqlite_schema WHERE name = 'jetons'`); n != 0 {
		t.Error("the table of tokens is still there")
	}
}

// nombre is the one number that a query gives.
func nombre(t *testing.T, chemin, requete string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", chemin)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(requete).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
