package main

import (
	"context"
	"fmt"
	"net"
	"slices"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
)

// lieuxDemo is how many fixed places the mediator of the demonstration keeps,
// beside an itinerant service.
const lieuxDemo = 2

// verifierDemo keeps a demonstration on this machine: its page shows what signs
// in.
func (c commandeServir) verifierDemo() error {
	if !c.Demo {
		return nil
	}
	hote, _, err := net.SplitHostPort(c.Adresse)
	if ip := net.ParseIP(hote); err != nil || hote != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("--demo ne sert que sur cette machine : donnez --adresse 127.0.0.1:8080.")
	}
	if c.SMTP != "" || c.URLPublique != "" && !courrier.Local(c.URLPublique) {
		return usage("--demo montre les courriels à l’écran : retirez --smtp, et --url-publique.")
	}
	return nil
}

// preparerDemo opens the two accounts of a demonstration: one keeps a few
// places and the stops of an itinerant service, the other coordinates. It does
// nothing in a base where they are, and refuses one that people use: its page
// would let anybody at this machine in.
func (s *service) preparerDemo(ctx context.Context, comptes *compte.Comptes, t *territoire.Territoire) ([]web.CompteDemo, error) {
	liste := []web.CompteDemo{
		{Courriel: "mediation@demonstration.invalid", Nom: "Médiation (démonstration)", Quoi: "tient quelques lieux, et des permanences itinérantes"},
		{Courriel: "coordination@demonstration.invalid", Nom: "Coordination (démonstration)", Quoi: "accepte ce qui attend, invite, publie"},
	}
	if err := refuserPersonnes(ctx, comptes, liste); err != nil {
		return nil, err
	}
	tournee, lieux := s.lieuxDemo()
	droits := [][]mednum.Habilitation{nil, {{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: t.Code}}}
	for _, id := range lieux {
		droits[0] = append(droits[0], mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: id})
	}
	for i := range liste {
		qui, neuf, err := ouvrirDemo(ctx, comptes, &liste[i], droits[i])
		if err != nil {
			return nil, err
		}
		if i == 0 && neuf && tournee != "" {
			if err := s.confierDemo(ctx, tournee, &qui); err != nil {
				return nil, err
			}
		}
	}
	return liste, nil
}

// refuserPersonnes refuses a base that holds other accounts than those of a
// demonstration.
func refuserPersonnes(ctx context.Context, comptes *compte.Comptes, demo []web.CompteDemo) error {
	tous, err := comptes.Comptes(ctx)
	if err != nil {
		return err
	}
	for i := range tous {
		if !slices.ContainsFunc(demo, func(d web.CompteDemo) bool { return d.Courriel == tous[i].Courriel }) {
			return obstacle(nil, "Cette base a les comptes de vraies personnes : --demo n’y sert pas. Donnez-lui une base à part, avec --base demo.db.")
		}
	}
	return nil
}

// lieuxDemo chooses an itinerant service and some fixed places of the
// territory.
func (s *service) lieuxDemo() (tournee string, ids []string) {
	for _, v := range s.catalogue.Lieux() {
		switch {
		case v.HorsTerritoire:
		case v.Itinerant() && tournee == "" && datee(&v.Lieu):
			tournee = v.ID
		case !v.Itinerant() && len(ids) < lieuxDemo:
			ids = append(ids, v.ID)
		}
	}
	if tournee != "" {
		ids = append(ids, tournee)
	}
	return tournee, ids
}

// datee tells whether the days of some stops are known.
func datee(l *mednum.Lieu) bool {
	return slices.ContainsFunc(l.Permanences, func(p mednum.Permanence) bool { return p.Regle != "" })
}

// ouvrirDemo opens an account as an invitation would; neuf tells that it was
// not there.
func ouvrirDemo(ctx context.Context, comptes *compte.Comptes, d *web.CompteDemo, droits []mednum.Habilitation) (qui mednum.Compte, neuf bool, err error) {
	if qui, err = comptes.CompteDe(ctx, d.Courriel); err == nil {
		return qui, false, nil
	}
	e, err := comptes.Inviter(ctx, d.Courriel, d.Nom, "", droits)
	if err != nil {
		return qui, false, fmt.Errorf("demo: %w", err)
	}
	if _, qui, err = comptes.Entrer(ctx, e.Secret, d.Nom, "la démonstration"); err != nil {
		return qui, false, fmt.Errorf("demo: %w", err)
	}
	return qui, true, comptes.FermerTout(ctx, qui.ID, "")
}

// confierDemo has the mediator hold every stop, so that their week is not
// empty.
func (s *service) confierDemo(ctx context.Context, tournee string, qui *mednum.Compte) error {
	e := catalogue.Edition{Auteur: qui.Auteur(), Voie: "cli", Droits: qui.Habilitations}
	_, err := s.catalogue.Modifier(ctx, tournee, e, func(l *mednum.Lieu) error {
		for _, p := range l.Permanences {
			if err := l.ConfierPermanence(p.ID, qui.ID, e.Auteur, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
