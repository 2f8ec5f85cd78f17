package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Demarche is an errand in the words of the person who has it ("Déclarer mes
// impôts"). A place serves it when any of its services, programmes or families
// is named here.
type Demarche struct {
	ID          string           `json:"id"`
	Titre       string           `json:"titre"`  // fits a button on a screen of 320 pixels
	Phrase      string           `json:"phrase"` // what a place does for you
	Icone       string           `json:"icone"`  // name of a drawing of the front end
	Services    []string         `json:"services"`
	Dispositifs []string         `json:"dispositifs"`
	Familles    []mednum.Famille `json:"familles"`
	Apporter    []string         `json:"apporter"` // what to bring, for the printed sheet
}

// Demarches are the errands in the order in which they are offered.
type Demarches []Demarche

// ReadDemarches reads the errands' data file. The error names the errand and
// the value when the file is not sound: unknown field, missing text, repeated
// id, value that the standard's vocabularies do not have.
func ReadDemarches(fichier []byte) (Demarches, error) {
	var d Demarches
	lecteur := json.NewDecoder(bytes.NewReader(fichier))
	lecteur.DisallowUnknownFields()
	if err := lecteur.Decode(&d); err != nil {
		return nil, fmt.Errorf("démarches : fichier illisible : %w", err)
	}
	vus := map[string]bool{}
	for i := range d {
		if err := d[i].validate(); err != nil {
			return nil, fmt.Errorf("démarche n° %d (%q) : %w", i+1, d[i].ID, err)
		}
		if vus[d[i].ID] {
			return nil, fmt.Errorf("démarche %q : écrite deux fois", d[i].ID)
		}
		vus[d[i].ID] = true
	}
	return d, nil
}

// Par finds an errand by its id, nil when there is none.
func (d Demarches) Par(id string) *Demarche {
	i := slices.IndexFunc(d, func(x Demarche) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &d[i]
}

// Sert tells whether the place serves the errand.
func (d *Demarche) Sert(l *mednum.Lieu) bool {
	return commun(d.Services, l.Champs.Services) || commun(d.Dispositifs, l.Champs.Dispositifs) || commun(d.Familles, l.Familles)
}

func commun[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

func (d *Demarche) validate() error {
	for nom, texte := range map[string]string{"id": d.ID, "titre": d.Titre, "phrase": d.Phrase, "icone": d.Icone} {
		if texte == "" {
			return fmt.Errorf("il manque « %s »", nom)
		}
	}
	if len(d.Services)+len(d.Dispositifs)+len(d.Familles) == 0 {
		return fmt.Errorf("aucun service, dispositif ni famille : aucun lieu ne répondrait")
	}
	for _, v := range d.Services {
		if !slices.Contains(mednum.Vocabulaire(mednum.ChampServices), v) {
			return fmt.Errorf("service inconnu du standard : %q", v)
		}
	}
	for _, v := range d.Dispositifs {
		if !slices.Contains(mednum.Vocabulaire(mednum.ChampDispositifs), v) {
			return fmt.Errorf("dispositif inconnu du standard : %q", v)
		}
	}
	for _, v := range d.Familles {
		if !slices.Contains(mednum.Familles, v) {
			return fmt.Errorf("famille inconnue : %q", v)
		}
	}
	return nil
}
