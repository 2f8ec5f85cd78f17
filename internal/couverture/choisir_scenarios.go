package couverture

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Limits of scenarios.
const (
	scenariosMax   = 200
	nomScenarioMax = 80 // characters
	genreScenario  = "scenario"
	essaisEcriture = 5
	octetsID       = 12
)

// Scenario is a study that was kept, with its answer as it was: what Entree says
// of the data is of that day. Times are UTC.
type Scenario struct {
	ID          string      `json:"id"`
	Nom         string      `json:"nom"`
	Etude       Etude       `json:"etude"`
	Proposition Proposition `json:"proposition"`
	Par         string      `json:"par"` // author, as in a revision
	Cree        time.Time   `json:"cree"`
	Recalcule   time.Time   `json:"recalcule,omitzero"` // the last time, the zero time for never
}

// Scenarios keeps studies in the base. Every method is safe for concurrent use.
type Scenarios struct {
	base store.Magasin
	now  func() time.Time
}

// NewScenarios is the room over a base.
func NewScenarios(base store.Magasin, now func() time.Time) *Scenarios {
	return &Scenarios{base: base, now: now}
}

// Garder keeps a study and its answer under a name. cle names the form: sent
// twice, it keeps one. Without a name it is "invalide"; one too many is "conflit".
func (s *Scenarios) Garder(ctx context.Context, nom, par, cle string, e Etude, p *Proposition) (Scenario, error) {
	nom = strings.Join(strings.Fields(strings.ToValidUTF8(nom, "")), " ")
	switch n := utf8.RuneCountInString(nom); {
	case n == 0:
		return Scenario{}, invalide("nom", "Donnez un nom à ce scénario, pour le retrouver.")
	case n > nomScenarioMax:
		return Scenario{}, invalide("nom", "Ce nom a %d caractères : donnez-en %d au plus.", n, nomScenarioMax)
	}
	h := sha256.Sum256([]byte(par + "\x00" + cle + "\x00" + nom))
	v := Scenario{ID: hex.EncodeToString(h[:])[:2*octetsID], Nom: nom, Etude: e, Proposition: *p, Par: par, Cree: s.now().UTC().Truncate(time.Second)}
	if deja, err := s.Scenario(ctx, v.ID); err == nil {
		return deja, nil
	}
	tous, err := s.Liste(ctx)
	if err != nil {
		return v, err
	}
	if len(tous) >= scenariosMax {
		return v, &mednum.Error{Code: mednum.Conflit, Champ: "nom", Message: fmt.Sprintf("Il y a déjà %d scénarios gardés : supprimez-en un d’abord.", len(tous))}
	}
	err = store.Poser(ctx, s.base, store.Objet{Genre: genreScenario, ID: v.ID, Version: 1}, v)
	if estPerime(err) { // the same form, at the same time
		return s.Scenario(ctx, v.ID)
	}
	return v, err
}

func estPerime(err error) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == mednum.Perime
}

// Liste are all scenarios, newest first.
func (s *Scenarios) Liste(ctx context.Context) ([]Scenario, error) {
	liste, err := store.LireTous[Scenario](ctx, s.base, store.Choix{Genre: genreScenario})
	slices.SortFunc(liste, func(a, b Scenario) int { return cmp.Or(b.Cree.Compare(a.Cree), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

// Scenario is one of them; an unknown one is "introuvable".
func (s *Scenarios) Scenario(ctx context.Context, id string) (Scenario, error) {
	v, _, err := store.Lire[Scenario](ctx, s.base, genreScenario, id)
	var e *mednum.Error
	if errors.As(err, &e) && e.Code == mednum.Introuvable {
		err = &mednum.Error{Code: mednum.Introuvable, Champ: "scenario", Message: "Ce scénario n’existe pas, ou a été supprimé."}
	}
	return v, err
}

// Recalculer keeps a newer answer in place of the one of a scenario.
func (s *Scenarios) Recalculer(ctx context.Context, id string, p *Proposition) (v Scenario, err error) {
	for range essaisEcriture {
		var o store.Objet
		if v, o, err = store.Lire[Scenario](ctx, s.base, genreScenario, id); err != nil {
			return v, err
		}
		v.Proposition, v.Recalcule = *p, s.now().UTC().Truncate(time.Second)
		err = store.Poser(ctx, s.base, store.Objet{Genre: genreScenario, ID: id, Version: o.Version + 1}, v)
		if !estPerime(err) {
			return v, err
		}
	}
	return v, err
}

// Oter takes a scenario away; an absent one is no error.
func (s *Scenarios) Oter(ctx context.Context, id string) error {
	return s.base.OterObjet(ctx, genreScenario, id)
}
