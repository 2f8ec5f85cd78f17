package webhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/webhooks"
)

// bloc is the first block of docs/webhooks.md in a language.
func bloc(t *testing.T, langue string) string {
	t.Helper()
	texte, err := os.ReadFile(filepath.Join("..", "..", "docs", "webhooks.md"))
	check(t, err)
	m := regexp.MustCompile("(?s)```" + langue + "\n(.*?)```").FindSubmatch(texte)
	if m == nil {
		t.Fatalf("docs/webhooks.md has no %s", langue)
	}
	return string(m[1])
}

// epreuve is a message that a receiver is given, and whether it is to be believed.
type epreuve struct {
	Nom     string            `json:"nom"`
	Secret  string            `json:"secret"`
	Entetes map[string]string `json:"entetes"`
	Corps   string            `json:"corps"`
	Vrai    bool              `json:"vrai"`
}

// heure is the time on the clock of this machine, which the examples look at.
func heure(t *testing.T) time.Time {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "heure")
	check(t, err)
	defer f.Close()
	lu, err := f.Stat()
	check(t, err)
	return lu.ModTime()
}

// epreuves are messages as this room sends them, and forgeries of them.
func epreuves(t *testing.T) (liste []epreuve) {
	t.Helper()
	b := installer(t)
	b.horloge.t = heure(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Café « l’Été » <&>", moissac)
	b.passer(t, 1)
	neuf, err := b.Renouveler(t.Context(), h.ID, "x")
	check(t, err)
	b.telephone(t, b.lieu(t, "Deux", moissac), 1)
	b.passer(t, 1)
	lus := a.lus()
	if len(lus) != 2 {
		t.Fatalf("%d messages", len(lus))
	}
	ajouter := func(nom, secret string, r *recu, vrai bool, change ...func(*epreuve)) {
		e := epreuve{nom, secret, map[string]string{}, r.corps, vrai}
		for _, n := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
			e.Entetes[n] = r.entetes.Get(n)
		}
		for _, ch := range change {
			ch(&e)
		}
		liste = append(liste, e)
	}
	ajouter("as it was sent", h.Secret, &lus[0], true)
	ajouter("another secret", neuf.Secret, &lus[0], false)
	ajouter("renewed: the old secret", h.Secret, &lus[1], true)
	ajouter("renewed: the new one", neuf.Secret, &lus[1], true)
	ajouter("another body", h.Secret, &lus[0], false, func(e *epreuve) { e.Corps += " " })
	ajouter("another id", h.Secret, &lus[0], false, func(e *epreuve) { e.Entetes["webhook-id"] += "0" })
	ajouter("another timestamp", h.Secret, &lus[0], false, func(e *epreuve) {
		n, err := strconv.Atoi(e.Entetes["webhook-timestamp"])
		check(t, err)
		e.Entetes["webhook-timestamp"] = strconv.Itoa(n - 1)
	})
	ajouter("an empty signature", h.Secret, &lus[0], false, func(e *epreuve) { e.Entetes["webhook-signature"] = "" })
	ajouter("a cut signature", h.Secret, &lus[0], false, func(e *epreuve) { e.Entetes["webhook-signature"] = e.Entetes["webhook-signature"][:20] })
	for nom, ecart := range map[string]time.Duration{"an old message": -10 * time.Minute, "one of tomorrow": 24 * time.Hour} {
		ajouter(nom, h.Secret, &lus[0], false, func(e *epreuve) {
			e.Entetes["webhook-timestamp"] = strconv.FormatInt(heure(t).Add(ecart).Unix(), 10)
			cle, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(e.Secret, "whsec_"))
			check(t, err)
			m := hmac.New(sha256.New, cle)
			m.Write([]byte(e.Entetes["webhook-id"] + "." + e.Entetes["webhook-timestamp"] + "." + e.Corps))
			e.Entetes["webhook-signature"] = "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
		})
	}
	return liste
}

// Each way to verify a message that docs/webhooks.md gives believes what is sent
// and nothing else, where its language is installed.
func TestExemplesDeVerification(t *testing.T) {
	liste := epreuves(t)
	octets, err := json.Marshal(liste)
	check(t, err)
	for _, tt := range []struct {
		langue, programme, fichier, avant, apres string
	}{
		{"python", "/usr/bin/python3", "verifier.py", "", `
import json, sys
print(json.dumps([verifier(e["secret"], e["entetes"], e["corps"].encode()) for e in json.load(open(sys.argv[1]))]))
`},
		{"js", "node", "verifier.mjs", "", `
import { readFileSync } from 'node:fs'
console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2])).map((e) => verifier(e.secret, e.entetes, Buffer.from(e.corps)))))
`},
		{"php", "php", "verifier.php", "<?php\n", `
echo json_encode(array_map(fn ($e) => verifier($e['secret'], $e['entetes'], $e['corps']), json_decode(file_get_contents($argv[1]), true)));
`},
		{"go", "go", "verifier.go", "", `
func main() {
	var liste []struct {
		Secret, Corps string
		Entetes       map[string]string
	}
	octets, _ := os.ReadFile(os.Args[1])
	_ = json.Unmarshal(octets, &liste)
	vrais := []bool{}
	for _, e := range liste {
		h := http.Header{}
		for nom, valeur := range e.Entetes {
			h.Set(nom, valeur)
		}
		vrais = append(vrais, Verifier(e.Secret, h, []byte(e.Corps)))
	}
	_ = json.NewEncoder(os.Stdout).Encode(vrais)
}
`},
	} {
		t.Run(tt.langue, func(t *testing.T) {
			programme, err := exec.LookPath(tt.programme)
			if err != nil {
				t.Skipf("%s is not installed: its example was left out", tt.programme)
			}
			dossier := t.TempDir()
			code := tt.avant + bloc(t, tt.langue) + tt.apres
			args := []string{filepath.Join(dossier, tt.fichier), filepath.Join(dossier, "epreuves.json")}
			if tt.langue == "go" {
				code = strings.Replace(strings.Replace(code, "package reception", "package main", 1), "import (", "import (\n\t\"encoding/json\"\n\t\"os\"\n", 1)
				args = append([]string{"run"}, args...)
			}
			check(t, os.WriteFile(filepath.Join(dossier, tt.fichier), []byte(code), 0o600))
			check(t, os.WriteFile(filepath.Join(dossier, "epreuves.json"), octets, 0o600))
			sortie, err := exec.CommandContext(t.Context(), programme, args...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, sortie)
			}
			var vrais []bool
			if err := json.Unmarshal(sortie, &vrais); err != nil || len(vrais) != len(liste) {
				t.Fatalf("%v: %s", err, sortie)
			}
			for i, e := range liste {
				if vrais[i] != e.Vrai {
					t.Errorf("%s: %t", e.Nom, vrais[i])
				}
			}
		})
	}
}

// The example of docs/webhooks.md has the members of a message, and no other.
func TestExempleDeMessage(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	id := b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	b.telephone(t, id, 1)
	b.passer(t, 1)
	membres := func(texte string) (noms, faits []string) {
		t.Helper()
		var m map[string]json.RawMessage
		var evenements []map[string]json.RawMessage
		check(t, json.Unmarshal([]byte(texte), &m))
		check(t, json.Unmarshal(m["evenements"], &evenements))
		return slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Keys(evenements[0]))
	}
	noms, faits := membres(bloc(t, "json"))
	vraisNoms, vraisFaits := membres(a.lus()[1].corps)
	want(t, "message", vraisNoms, noms)
	want(t, "event", vraisFaits, faits)
}
