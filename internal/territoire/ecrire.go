package territoire

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// write puts the built files into the folder, each by a rename, so that a
// reader never sees half a file; then opens the whole as a check.
func (c *chantier) write(sortie string) error {
	if err := os.MkdirAll(sortie, 0o755); err != nil { // public data
		return fmt.Errorf("dossier %s : %w", sortie, err)
	}
	fichiers := []struct {
		nom  string
		make func() ([]byte, error)
	}{
		{FichierCommunes, c.csvCommunes},
		{FichierEPCI, c.csvEPCI},
		{FichierDepartements, c.csvDepartements},
		{FichierContours, func() ([]byte, error) { return lignesJSON(c.contours) }},
		{FichierRivieres, func() ([]byte, error) { return lignesJSON(c.rivieres) }},
	}
	for _, f := range fichiers {
		octets, err := f.make()
		if err != nil {
			return fmt.Errorf("%s : %w", f.nom, err)
		}
		if err := writeFile(filepath.Join(sortie, f.nom), octets); err != nil {
			return err
		}
		c.bilan.Octets[f.nom] = len(octets)
	}
	if err := c.begin(sortie); err != nil {
		return err
	}
	if _, err := Open(os.DirFS(sortie)); err != nil {
		c.remarque("le dossier est écrit, mais reste à finir : %v", err)
	}
	return nil
}

// begin writes the hand-written files that are missing.
func (c *chantier) begin(sortie string) error {
	reglages := Reglages{
		Code: c.sources.Departement, Nom: c.nom, NomAvecArticle: c.nom, NomEn: c.nom, Fuseau: "Europe/Paris",
		Couleur: "#9b3524", AgeMax: map[string]int{"": 18}, Attributions: []Attribution{},
	}
	octets, err := json.MarshalIndent(reglages, "", "  ")
	if err != nil {
		return fmt.Errorf("%s : %w", FichierReglages, err)
	}
	for _, f := range []struct {
		nom    string
		octets []byte
		quoi   string
	}{
		{FichierReglages, append(octets, '\n'), "noms avec article, zone scolaire, téléphone, éditeur, attributions"},
		{FichierNomsUsuels, []byte("code_insee,nom_usuel\n"), "une ligne par nom usuel"},
	} {
		chemin := filepath.Join(sortie, f.nom)
		if _, err := os.Stat(chemin); err == nil {
			continue
		}
		if err := writeFile(chemin, f.octets); err != nil {
			return err
		}
		c.remarque("%s est commencé : complétez-le (%s)", chemin, f.quoi)
	}
	return nil
}

func writeFile(chemin string, octets []byte) error {
	provisoire := chemin + ".nouveau"
	if err := os.WriteFile(provisoire, octets, 0o644); err != nil { // public data
		return fmt.Errorf("écriture de %s : %w", chemin, err)
	}
	if err := os.Rename(provisoire, chemin); err != nil {
		return fmt.Errorf("écriture de %s : %w", chemin, err)
	}
	return nil
}

func lignesCSV(entete []string, lignes [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{entete}, lignes...)); err != nil {
		return nil, fmt.Errorf("CSV : %w", err)
	}
	return b.Bytes(), nil
}

func degres(v float64) string { return strconv.FormatFloat(arrondi(v), 'f', -1, 64) }

func (c *chantier) csvCommunes() ([]byte, error) {
	var lignes [][]string
	for _, m := range c.communes {
		lignes = append(lignes, []string{
			m.Code, m.Nom, strings.Join(m.CodesPostaux, "|"), m.Departement, degres(m.Centre.Lat), degres(m.Centre.Lon),
			strconv.Itoa(m.Population), m.EPCI, strings.Join(m.AutresCodes, "|"),
		})
	}
	return lignesCSV(colonnesPack, lignes)
}

func (c *chantier) csvEPCI() ([]byte, error) {
	var lignes [][]string
	for _, e := range c.epci {
		lignes = append(lignes, []string{e.Code, e.Nom, e.Nature})
	}
	return lignesCSV([]string{"siren_epci", "nom_epci", "nature"}, lignes)
}

func (c *chantier) csvDepartements() ([]byte, error) {
	var lignes [][]string
	for _, d := range c.departement {
		lignes = append(lignes, []string{d.Code, d.Nom, degres(d.Etiquette.Lat), degres(d.Etiquette.Lon)})
	}
	return lignesCSV([]string{"code_departement", "nom", "latitude", "longitude"}, lignes)
}

// lignesJSON writes a document with one line for each element of its lists,
// so that a change shows as a few lines.
func lignesJSON(document any) ([]byte, error) {
	var b bytes.Buffer
	v := reflect.ValueOf(document)
	b.WriteString("{")
	for i := range v.NumField() {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%q:", v.Type().Field(i).Tag.Get("json"))
		if err := writeValeur(&b, v.Field(i)); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

func writeValeur(b *bytes.Buffer, v reflect.Value) error {
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() == reflect.Int {
		octets, err := json.Marshal(v.Interface())
		b.Write(octets)
		return err
	}
	b.WriteString("[")
	for i := range v.Len() {
		if i > 0 {
			b.WriteString(",")
		}
		octets, err := json.Marshal(v.Index(i).Interface())
		if err != nil {
			return err
		}
		b.WriteString("\n")
		b.Write(octets)
	}
	b.WriteString("]")
	return nil
}
