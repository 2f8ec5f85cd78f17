package norme

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// lignesDe are the rows of a table as "line:id:name", and those that cannot be
// read as "line!".
func lignesDe(t *testing.T, texte string) (lignes []string) {
	t.Helper()
	doc, err := ouvrir([]byte(texte))
	if err != nil {
		t.Fatal(err)
	}
	for l := range doc.lignes {
		if l.motif != "" {
			lignes = append(lignes, fmt.Sprintf("%d!", l.num))
			continue
		}
		lignes = append(lignes, fmt.Sprintf("%d:%s:%s", l.num, l.v["id"], l.v["nom"]))
	}
	return lignes
}

// TestCSVHostile: no row is lost in silence, and a row is numbered by its line.
func TestCSVHostile(t *testing.T) {
	tests := []struct {
		name, texte string
		want        []string
	}{
		{"comma", "id,nom,commune\n1,A,V\n", []string{"2:1:A"}},
		{"semicolon, commas within", "id;nom;commune\n1;A,B,C,D;V\n", []string{"2:1:A,B,C,D"}},
		{"tab", "id\tnom\tcommune\n1\tA\tV\n", []string{"2:1:A"}},
		{"bar", "id|nom|commune\n1|A|V\n", []string{"2:1:A"}},
		{"sep line", "sep=;\nid;nom\n1;A\n", []string{"3:1:A"}},
		{"mark and sep line", "\xef\xbb\xbfsep=\t\r\nid\tnom\r\n1\tA\r\n", []string{"3:1:A"}},
		{"titles before the header", "Nos lieux\n\nMis à jour en 2024;\nid;nom;commune\n1;A;V\n", []string{"5:1:A"}},
		{"old Mac", "id,nom\r1,A\r2,B\r", []string{"2:1:A", "3:2:B"}},
		{"line break in a cell", "id,nom,commune\n1,\"A\nB\",V\n2,C,V\n", []string{"2:1:A\nB", "4:2:C"}},
		{"doubled quotes", "id,nom\n1,\"dit \"\"A\"\"\"\n", []string{`2:1:dit "A"`}},
		{"quotes not doubled", "id,nom,commune\n1,\"dit \"A\" ici\",V\n2,B,V\n", []string{`2:1:dit "A" ici`, "3:2:B"}},
		{"quotes not doubled over lines", "id,nom,commune\n1,\"dit \"A\" et\nici\",V\n2,B,V\n", []string{"2:1:dit \"A\" et\nici", "4:2:B"}},
		{"quote never closed", "id,nom,commune\n1,\"A,V\n2,B,V\n3,C,V\n", []string{"2!", "3:2:B", "4:3:C"}},
		{"quote never closed, then good quotes", "id,nom,commune\n1,\"A,V\n2,\"B\",V\n3,C,V\n", []string{"2!", "3:2:B", "4:3:C"}},
		{"quote never closed in the last cell", "id,nom,commune\n1,A,\"V\n2,B,\"V\"\n3,C,V\n", []string{"2!", "3:2:B", "4:3:C"}},
		{"quote never closed in the last row", "id,nom,commune\n1,A,V\n2,B,\"V", []string{"2:1:A", "3!"}},
		{"empty rows", "id,nom,commune\n,,\n\n1,A,V\n;;\n,,\n", []string{"4:1:A", "5:;;:"}},
		{"trailing empty columns", "id,nom,,,\n1,A,,,,,\n", []string{"2:1:A"}},
		{"a cell too many", "id,nom\n1,A,B\n2,C\n", []string{"2!", "3:2:C"}},
		{"a cell missing", "id,nom,commune\n1,A\n", []string{"2:1:A"}},
		{"two columns of one name", "id,nom,nom\n1,A,B\n", []string{"2:1:A"}},
		{"spreadsheet form", "id,nom\n'=1+1,'+33\n'A','B\n'@x,'-2\n", []string{"2:=1+1:+33", "3:'A':'B", "4:@x:-2"}},
		{"an entity cut by the separator", "id;nom;commune\n1;CCAS &amp; PIJ;V\n2;Caf&eacute; l&#39;&#x41;;V\n", []string{"2:1:CCAS &amp; PIJ", "3:2:Caf&eacute; l&#39;&#x41;"}},
		{"an entity cut, encoded twice", "id;nom;commune\n1;CCAS &amp;amp; PIJ &amp;lt;;V\n", []string{"2:1:CCAS &amp;amp; PIJ &amp;lt;"}},
		{"an entity cut, in a row too short or too long", "id;nom;commune\n1;A &amp; B\n2;A &amp; B;V;W\n3;C\n", []string{"2!", "3!", "4:3:C"}},
		{"no entity before the separator", "id;nom;commune\n1;R&D;V\n2;Dupont &Fils;V\n3;A&nbsp;V\n4;B &#;V;W\n", []string{"2:1:R&D", "3:2:Dupont &Fils", "4:3:A&nbsp", "5!"}},
		{"an entity where another sign separates", "id,nom,commune\n1,A &amp; B,V\n2,A &amp,V\n", []string{"2:1:A &amp; B", "3:2:A &amp"}},
		{"no line break at the end", "id,nom\n1,A", []string{"2:1:A"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lignesDe(t, tt.texte)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEncodagesMelanges: a line of Windows-1252 in a file of UTF-8, and UTF-16
// as spreadsheets save it.
func TestEncodagesMelanges(t *testing.T) {
	const texte = "id,nom,commune\n1,Médiathèque,V\n2,Été,V\n"
	want := []string{"2:1:Médiathèque", "3:2:Été"}
	melange := strings.Replace(texte, "Médiathèque", "M\xe9diath\xe8que", 1)
	if diff := cmp.Diff(want, lignesDe(t, melange)); diff != "" {
		t.Errorf("mixed (-want +got):\n%s", diff)
	}
	for name, ordre := range map[string][2]int{"little endian": {0, 8}, "big endian": {8, 0}} {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(texte, ",", "\t"))) {
			b.WriteByte(byte(u >> ordre[0]))
			b.WriteByte(byte(u >> ordre[1]))
		}
		if diff := cmp.Diff(want, lignesDe(t, b.String())); diff != "" {
			t.Errorf("UTF-16 %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestJSONFormes(t *testing.T) {
	tests := []struct {
		name, texte, genre string
		want               []string
	}{
		{"list", `[{"id":"1","nom":"A"},{"id":2,"nom":null}]`, "JSON", []string{"1:1:A", "2:2:"}},
		{"lines", "{\"id\":\"1\",\"nom\":\"A\"}\n{\"id\":\"2\",\"nom\":\"B\"}\n", "JSON", []string{"1:1:A", "2:2:B"}},
		{"wrapped", `{"total":1,"items":[{"id":"1","nom":"A"}],"page":1}`, "JSON", []string{"1:1:A"}},
		{"type after the features", `{"features":[{"id":7,"properties":{"nom":"A"}}],"type":"FeatureCollection"}`, "GeoJSON", []string{"1:7:A"}},
		{"what is no object among them", `[null,{"id":"1","nom":"A"},7,[{}]]`, "JSON", []string{"1!", "2:1:A", "3!", "4!"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := ouvrir([]byte(tt.texte))
			if err != nil {
				t.Fatal(err)
			}
			if doc.genre != tt.genre {
				t.Errorf("genre %s", doc.genre)
			}
			if diff := cmp.Diff(tt.want, lignesDe(t, tt.texte)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAplatir: what is nested is named with dots, and two keys that give one
// name always give the same text.
func TestAplatir(t *testing.T) {
	texte := `[{"a":{"b":[{"c":1},{"c":true}],"d":["x","y"]},"a.d":"z","e":{"f":{"g":{"h":{"i":{"j":"too deep"}}}}}}]`
	for range 20 {
		doc, err := ouvrir([]byte(texte))
		if err != nil {
			t.Fatal(err)
		}
		got := doc.premiere.v
		if got["a.b.0.c"] != "1" || got["a.b.1.c"] != "Oui" || got["a.d"] != "z" || len(got) != 4 {
			t.Fatalf("flattened %q", got)
		}
	}
}

func TestOuvrirRefuse(t *testing.T) {
	tests := map[string]string{
		"an old workbook":    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 reste",
		"a zip":              "PK\x03\x04 reste",
		"an image":           "\x89PNG\r\n\x1a\n\x00\x00\x00",
		"a page":             "\n<!DOCTYPE html><html><body>nom,commune</body></html>",
		"two lists":          `[{"id":1}] suite`,
		"a header of blanks": " , , \n1,2,3\n",
	}
	for name, texte := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode("essai", strings.NewReader(texte))
			var refus *mednum.Error
			if !errors.As(err, &refus) || refus.Code != mednum.Invalide || !strings.HasSuffix(refus.Message, ".") {
				t.Errorf("err = %v", err)
			}
		})
	}
}
