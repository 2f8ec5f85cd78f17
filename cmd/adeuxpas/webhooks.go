package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/taches"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// rythmeWebhooks is how often it is looked whether places changed.
const rythmeWebhooks = 2 * time.Second

// reseauxPermis are the private networks that may be called.
type reseauxPermis struct {
	Permis []string `name:"reseaux-permis" placeholder:"LISTE" env:"ADEUXPAS_RESEAUX_PERMIS" help:"Réseaux privés que le service peut appeler lui-même (webhooks, sources), comme 10.0.0.0/8, séparés par des virgules ; aucun si rien n’est dit."`
}

func (c reseauxPermis) verifierPermis() error {
	for _, r := range c.Permis {
		if _, err := sortie.LireReseau(r); err != nil {
			return usage("--reseaux-permis : « %s » n’est ni un réseau ni une adresse IP, comme 10.0.0.0/8 ou 10.0.0.5.", r)
		}
	}
	return nil
}

func (c reseauxPermis) reseaux() ([]netip.Prefix, error) { return sortie.LireReseaux(c.Permis) }

// cetteMachine is what a demonstration may call, which only this machine sees.
var cetteMachine = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// sortie is the way out to addresses that people of the service choose.
func (c commandeServir) sortie() (*sortie.Sortie, error) {
	permis, err := c.reseaux()
	if c.Demo {
		permis = append(permis, cetteMachine...)
	}
	return sortie.New(sortie.Reglages{Permis: permis, Mandataire: http.ProxyFromEnvironment}), err
}

// openWebhooks is what tells other programs, and the job that looks for what
// there is to tell.
func (c commandeServir) openWebhooks(p *programme, s *service, t *territoire.Territoire, publique string, journal *slog.Logger) error {
	vers, err := c.sortie()
	if err != nil {
		return err
	}
	s.webhooks = webhooks.New(webhooks.Pieces{
		Base: s.base, Catalogue: s.catalogue, Territoire: t, Sortie: vers, Now: p.now, Journal: journal, URLPublique: publique, Version: version,
	})
	s.taches = append(s.taches, taches.Tache{Nom: "webhooks", Chaque: rythmeWebhooks, Si: s.webhooks.ANoter, Faire: func(ctx context.Context) error {
		_, err := s.webhooks.Noter(ctx)
		return err
	}})
	return nil
}
