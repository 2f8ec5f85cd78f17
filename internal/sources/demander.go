package sources

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Demander has the service run a source at its next look (see Suivre), on behalf
// of par: also one that is suspended. With Appliquer, one where nothing waits is
// "conflit".
func (s *Sources) Demander(ctx context.Context, id string, mode Mode, par string) error {
	_, err := s.changer(ctx, id, func(src *Source) error {
		if mode == Appliquer && src.Attente == "" {
			return &mednum.Error{Code: mednum.Conflit, Champ: "source", Message: "Cette source n’attend plus de décision : quelqu’un d’autre a déjà répondu."}
		}
		src.Demande = &Commande{Mode: mode, Par: par, Le: s.Now().UTC()}
		if mode == Simulation {
			src.Essai = nil
		}
		return nil
	})
	return err
}

func (s *Sources) oterDemande(ctx context.Context, id string, d *Commande) error {
	_, err := s.changer(ctx, id, func(src *Source) error {
		if src.Demande != nil && src.Demande.Le.Equal(d.Le) && src.Demande.Mode == d.Mode {
			src.Demande = nil
		}
		return nil
	})
	return err
}

// simulerPour simulates a run for whoever asked, and keeps what it would do. The
// source is held meanwhile: a simulation lasts as long as a run.
func (s *Sources) simulerPour(ctx context.Context, id string, d *Commande) error {
	jeton := rand.Text()
	_, err := s.changer(ctx, id, func(src *Source) error {
		if src.Prise.Jusqua.After(s.Now()) {
			return &mednum.Error{Code: mednum.Conflit, Champ: "source", Message: "Cette source est déjà en cours de lecture : attendez un instant."}
		}
		if src.Prise.Par != "" { // who held it died: what the base holds is not known
			src.Lu = Edition{}
		}
		src.Prise = Prise{Par: jeton, Jusqua: s.Now().UTC().Add(priseMax)}
		return nil
	})
	if err != nil {
		return err
	}
	dedans, cancel := context.WithTimeout(ctx, priseMax-delaiNote)
	p, err := s.Simuler(dedans, id)
	cancel()
	p.Par = d.Par
	noter, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiNote)
	defer cancel()
	arrete := ctx.Err() != nil
	_, ecrit := s.changer(noter, id, func(src *Source) error {
		if src.Prise.Par == jeton {
			src.Prise = Prise{}
		}
		if !arrete {
			src.Demande, src.Essai = nil, &p
		}
		return nil
	})
	if ecrit != nil || arrete {
		return ecrit
	}
	if err == nil && p.Plan != nil {
		err = s.poserRapport(noter, id, rapportEssai, p.Plan.Dire(parRapport))
	}
	return err
}

// The summaries of runs are kept beside their source, as text: the source itself
// is read every few seconds.
const (
	genreRapport = "rapport"
	rapportEssai = "essai"
	parRapport   = 20 // things of a kind that a summary names
)

// rapport is what a run says of its plan.
type rapport struct {
	Source string `json:"source"`
	Cle    string `json:"cle"`
	Dit    string `json:"dit"`
}

// Cle names the summary of a run.
func (p *Passage) Cle() string { return p.Le.UTC().Format("20060102T150405.000000000") }

// Rapport is what the run of a source said of its plan, in French, "" when it made
// none. The run is Passage.Cle, or "essai" for the last simulation.
func (s *Sources) Rapport(ctx context.Context, id, passage string) (string, error) {
	r, _, err := store.Lire[rapport](ctx, s.Base, genreRapport, id+"/"+passage)
	if estCode(err, mednum.Introuvable) {
		return "", nil
	}
	return r.Dit, err
}

func (s *Sources) poserRapport(ctx context.Context, id, passage, dit string) error {
	o := store.Objet{Genre: genreRapport, ID: id + "/" + passage, Version: 1, Cles: []string{id}}
	if ancien, err := s.Base.Objet(ctx, genreRapport, o.ID); err == nil {
		o.Version = ancien.Version + 1
	}
	return store.Poser(ctx, s.Base, o, rapport{id, passage, dit})
}

// oterRapports takes away the summaries of a source but those kept.
func (s *Sources) oterRapports(ctx context.Context, id string, gardes []string) error {
	liste, err := store.LireTous[rapport](ctx, s.Base, store.Choix{Genre: genreRapport, Cle: id})
	if err != nil {
		return err
	}
	for _, r := range liste {
		if slices.Contains(gardes, r.Cle) {
			continue
		}
		if err := s.Base.OterObjet(ctx, genreRapport, id+"/"+r.Cle); err != nil {
			return err
		}
	}
	return nil
}

// garderRapport keeps what a run said of its plan, and lets go those of runs that
// the source no longer lists.
func (c *course) garderRapport(ctx context.Context) error {
	if c.p.Plan == nil {
		return nil
	}
	if err := c.poserRapport(ctx, c.src.ID, c.p.Cle(), c.p.Plan.Dire(parRapport)); err != nil {
		return err
	}
	src, err := c.Source(ctx, c.src.ID)
	if err != nil {
		return err
	}
	gardes := []string{rapportEssai}
	for i := range src.Passages {
		gardes = append(gardes, src.Passages[i].Cle())
	}
	return c.oterRapports(ctx, src.ID, gardes)
}

// Lue tells since when a source is being read, the zero time when it is not.
func (src *Source) Lue(now time.Time) time.Time {
	if !src.Prise.Jusqua.After(now) {
		return time.Time{}
	}
	return src.Prise.Jusqua.Add(-priseMax)
}

// Connue is a source that is offered by its name alone; Adresse is where it is for
// this territory, "" where it says nothing of it.
type Connue struct{ ID, Nom, Adresse, Licence string }

// Offertes are the known sources that say something of the territory and that
// nobody has added.
func (s *Sources) Offertes(ctx context.Context) ([]Connue, error) {
	liste, err := s.Liste(ctx)
	if err != nil {
		return nil, err
	}
	var offertes []Connue
	for _, c := range connues {
		adresse := c.adresse(s.Territoire)
		prise := slices.ContainsFunc(liste, func(src Source) bool { return src.ID == identifiant(c.nom) || src.URL == adresse })
		if adresse != "" && !prise {
			offertes = append(offertes, Connue{c.id, c.nom, adresse, c.licence})
		}
	}
	return offertes, nil
}
