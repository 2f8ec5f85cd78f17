package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
)

// Whoever coordinates one intercommunality reads and changes nothing of what
// another has: its reports, needs, fiches, campaigns, scenarios and pairs, by any
// address, in a page or in a file.
func TestPerimetreVoisin(t *testing.T) {
	const secret = "Zinzolin"
	b := newBanc(t)
	ctx, l := t.Context(), b.lieuDe(t, moissac)
	b.invite(t, "zinzolin@exemple.fr", role(mednum.RoleCoordinateur, mednum.PorteeEPCI, epciMoissac))
	chef, err := b.comptes.CompteDe(ctx, "zinzolin@exemple.fr")
	check(t, err)
	x, err := b.signale.Signaler(ctx, ecoute.Recu{Lieu: l.ID, Nature: ecoute.NatureAutre, Texte: secret, Courriel: "lea.zinzolin@exemple.fr", Numero: "page"})
	check(t, err)
	check(t, b.besoins.Dire(ctx, "page", ecoute.Besoin{Commune: moissac, Theme: ecoute.ThemeAutre, Moment: ecoute.MomentSoir, Texte: secret}))
	dits, err := b.besoins.De(ctx, chef.Habilitations)
	check(t, err)
	p := ecoute.Personne{Auteur: chef.Auteur(), Droits: chef.Habilitations}
	f, err := b.fiches.Ecrire(ctx, p, "cle", ecoute.ContenuFiche{Genre: ecoute.FicheInitiative, Titre: secret, Portee: ecoute.FicheCommune, Zone: moissac, Theme: ecoute.ThemeAutre, Statut: ecoute.StatutFait})
	check(t, err)
	f, err = b.fiches.Suivre(ctx, p, f.ID, f.Version, ecoute.GesteProposer, "")
	check(t, err)
	k, err := b.reseau.Preparer(ctx, "cle", reseau.Campagne{Titre: secret, Auteur: chef.ID, Lieux: []string{l.ID}, Relance: 10})
	check(t, err)
	etude := couverture.Etude{Genre: couverture.GenresEtude[0], Moment: couverture.MomentTous, Facteur: 1.3, Objectif: couverture.Couvrir, Rayon: 10_000, Nombre: 1, EPCI: epciMoissac}
	s, err := couverture.NewScenarios(b.base, func() time.Time { return mardi }).Garder(ctx, secret, chef.Auteur(), "cle", etude, &couverture.Proposition{})
	check(t, err)
	v := b.invite(t, "voisin@exemple.fr", role(mednum.RoleAdministrateur, mednum.PorteeEPCI, "248200099"))
	noms := valeurs(l.ID)
	for nom, id := range map[string]string{":signalement": x.ID, ":besoin": dits[0].ID, ":fiche": f.ID, ":campagne": k.ID, ":scenario": s.ID, ":compte": chef.ID, ":autre": b.lieuDe(t, "82033").ID, ":geste": "accepter"} {
		noms[nom] = id
	}
	corps := url.Values{
		"sceau": {v.sceau(t)}, "cle": {strings.Repeat("a", 26)}, "version": {"1"}, "decision": {"verifie"}, "message": {"non"}, "garde": {l.ID}, "va": {"1"}, "vb": {"1"},
		"compte": {chef.ID}, "lieu": {l.ID}, "titre": {"T"}, "relance": {"10"}, "commune": {"Moissac"}, "theme": {"autre"}, "moment": {"soir"}, "origine": {"elu"},
	}
	garde := func(_, modele string) bool {
		return strings.HasPrefix(modele, "/espace/") && modele != "/espace/demandes" && modele != "/espace/deconnexion" && !strings.HasPrefix(modele, "/espace/compte/")
	}
	avant := b.etats(t)
	for _, r := range b.routes(t, noms, garde) {
		for _, suite := range []string{"", "?format=csv&lieu=" + l.ID + "&commune=" + moissac + "&epci=" + epciMoissac + "&s=" + s.ID + "&s=" + s.ID} {
			if r.methode == http.MethodPost {
				v.demander(t, r.methode, r.chemin, corps)
			} else {
				v.demander(t, r.methode, r.chemin+suite, nil)
			}
			if i := strings.Index(strings.ToLower(v.page), "zinzolin"); i >= 0 {
				t.Errorf("%s %s%s: %.200s", r.methode, r.chemin, suite, v.page[max(0, i-80):])
			}
		}
	}
	if apres := b.etats(t); apres != avant {
		t.Errorf("something has changed: %s, then %s", avant, apres)
	}
}

// etats are the versions of what desks keep, and how many places were changed.
func (b banc) etats(t *testing.T) string {
	t.Helper()
	var dit strings.Builder
	for _, genre := range []string{"signalement", "correspondant", "besoin", "fichereseau", "campagne", "enquete", "scenario", "referent", "appel", "depot", "source"} {
		liste, err := b.base.Objets(t.Context(), choixDe(genre))
		check(t, err)
		for _, o := range liste {
			dit.WriteString(genre + "/" + o.ID + " " + strings.Repeat("+", o.Version) + "\n")
		}
	}
	v, err := b.base.Lieux(t.Context())
	check(t, err)
	n := 0
	for i := range v {
		n += v[i].Version
	}
	return dit.String() + strings.Repeat(".", n-len(v))
}
