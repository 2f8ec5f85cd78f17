package ecoute

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

func lireObjet(o *store.Objet) (x Signalement, err error) {
	if err := json.Unmarshal(o.Corps, &x); err != nil {
		return x, fmt.Errorf("%s %s: %w", genreSignalement, o.ID, err)
	}
	return x, nil
}

func (s *Signalements) lire(ctx context.Context, id string) (Signalement, store.Objet, error) {
	x, o, err := store.Lire[Signalement](ctx, s.base, genreSignalement, id)
	if estCode(err, mednum.Introuvable) || err == nil && o.Balayable(s.now()) {
		return x, o, &mednum.Error{Code: mednum.Introuvable, Champ: "signalement", Message: "Ce signalement n’existe pas, ou plus : ils sont gardés deux ans."}
	}
	return x, o, err
}

// sien is the place of a report, "interdit" to whom may not change it. Those who
// coordinate the territory read what is said of the places around it too, which
// they may not change: it would be lost otherwise.
func (s *Signalements) sien(x *Signalement, droits []mednum.Habilitation) (*catalogue.Vue, error) {
	v, err := s.lieux.LieuPour(s.lieux.Devenu(x.Lieu), droits)
	if err != nil {
		return nil, err
	}
	autour := v.HorsTerritoire && slices.ContainsFunc(droits, func(h mednum.Habilitation) bool {
		return h.Role.Coordinates() && h.Portee == mednum.PorteeDepartement
	})
	if !autour && !s.lieux.Couvre(droits, &v.Lieu) {
		return nil, &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Ce signalement est d’un lieu qui n’est pas dans votre liste."}
	}
	return v, nil
}

// Ouverts are the reports that wait, of every place, oldest first. One whose
// decision was cut short waits too.
func (s *Signalements) Ouverts(ctx context.Context) ([]Signalement, error) {
	return s.tous(ctx, Ouvert)
}

// Cloturees are those that were decided, the last first.
func (s *Signalements) Cloturees(ctx context.Context) ([]Signalement, error) {
	liste, err := s.tous(ctx, Clos)
	slices.SortFunc(liste, func(a, b Signalement) int { return cmp.Or(b.Decide.Compare(a.Decide), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

func (s *Signalements) tous(ctx context.Context, etat Etat) ([]Signalement, error) {
	objets, err := s.base.Objets(ctx, store.Choix{Genre: genreSignalement, Cle: string(etat)})
	if err != nil {
		return nil, err
	}
	liste := make([]Signalement, 0, len(objets))
	for i := range objets {
		if objets[i].Balayable(s.now()) {
			continue
		}
		x, err := lireObjet(&objets[i])
		if err != nil {
			return nil, err
		}
		liste = append(liste, x)
	}
	slices.SortFunc(liste, func(a, b Signalement) int { return cmp.Or(a.Le.Compare(b.Le), cmp.Compare(a.ID, b.ID)) })
	return liste, nil
}

// Lu is a report with the place that it is of, as it is now.
type Lu struct {
	Signalement
	Vue *catalogue.Vue
}

// De keeps the reports of the places that the rights cover, in the same order.
func (s *Signalements) De(droits []mednum.Habilitation, liste []Signalement) []Lu {
	lus := make([]Lu, 0, len(liste))
	for i := range liste {
		if v, err := s.sien(&liste[i], droits); err == nil {
			lus = append(lus, Lu{liste[i], v})
		}
	}
	return lus
}

// Un is one report; "introuvable" when there is none, "interdit" to whom may not
// change its place.
func (s *Signalements) Un(ctx context.Context, id string, droits []mednum.Habilitation) (Lu, error) {
	x, _, err := s.lire(ctx, id)
	if err != nil {
		return Lu{}, err
	}
	v, err := s.sien(&x, droits)
	return Lu{x, v}, err
}

// Attendus tells which of these reports somebody waits for an answer to, and how
// many do.
func (s *Signalements) Attendus(ctx context.Context) (map[string]int, error) {
	objets, err := s.base.Objets(ctx, store.Choix{Genre: genreCorrespondant})
	n := map[string]int{}
	for i := range objets {
		if !objets[i].Balayable(s.now()) {
			for _, id := range objets[i].Cles {
				n[id]++
			}
		}
	}
	return n, err
}
