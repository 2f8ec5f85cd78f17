package norme

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// EncodeTableur writes places in a CSV for spreadsheets, apart from the strict
// one: semicolon, rows ended by CRLF (LF inside a cell, as spreadsheets have it),
// the mark of UTF-8, the same columns and the same texts, but that a cell which a
// spreadsheet would take for a formula begins with an apostrophe (see desarmer).
func (x Export) EncodeTableur(w io.Writer, lieux []mednum.Lieu) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString("\ufeff") // bufio keeps the first error for Flush
	err := x.ecrireTable(func(ligne []string) error {
		for i, v := range ligne {
			if i > 0 {
				_ = b.WriteByte(';')
			}
			_, _ = b.WriteString(entreGuillemets(desarmer(v)))
		}
		_, err := b.WriteString("\r\n")
		return err
	}, lieux)
	if err = errors.Join(err, b.Flush()); err != nil {
		return fmt.Errorf("écriture du CSV pour tableur: %w", err)
	}
	return nil
}

// entreGuillemets puts a text between quotes where a reader would cut it otherwise.
func entreGuillemets(texte string) string {
	if !strings.ContainsAny(texte, ";,\"\t\r\n ") {
		return texte
	}
	return `"` + strings.ReplaceAll(texte, `"`, `""`) + `"`
}

// ecrireTable gives the header, then each row, in the order of the standard's
// columns. The slice is the same each time.
func (x Export) ecrireTable(ecrire func([]string) error, lieux []mednum.Lieu) error {
	ligne := make([]string, len(mednum.ChampsNorme))
	for i, champ := range mednum.ChampsNorme {
		ligne[i] = string(champ)
	}
	if err := ecrire(ligne); err != nil {
		return err
	}
	for i := range lieux {
		for _, champs := range x.choisies(&lieux[i]) {
			for j, champ := range mednum.ChampsNorme {
				ligne[j] = champs.Valeur(champ)
			}
			if err := ecrire(ligne); err != nil {
				return err
			}
		}
	}
	return nil
}

// motifFormule is how a formula begins for a spreadsheet (OWASP, "CSV
// Injection"), behind the apostrophes that keep it from running.
var motifFormule = regexp.MustCompile("^'*[=+\\-@\t\r]")

// desarmer puts an apostrophe before a text that a spreadsheet would run;
// rearmer takes it away. A text that already begins so gets one more, so that
// each comes back as it was.
func desarmer(texte string) string {
	if motifFormule.MatchString(texte) {
		return "'" + texte
	}
	return texte
}

func rearmer(texte string) string {
	if sans, ok := strings.CutPrefix(texte, "'"); ok && motifFormule.MatchString(texte) {
		return sans
	}
	return texte
}
