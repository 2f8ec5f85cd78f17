package ecoute

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

const genreFiche = "fichereseau"

// Fiches keeps the memory of the network. It is safe for concurrent use, by
// several programs on one base. What is published of it is read in memory.
type Fiches struct {
	base       store.Magasin
	catalogue  *catalogue.Catalogue
	territoire *territoire.Territoire
	now        func() time.Time
	publiees   atomic.Pointer[[]FichePubliee]
}

// FichePubliee is what everybody reads of a fiche. It has no author.
type FichePubliee struct {
	ID string
	ContenuFiche
	Le mednum.Date // when it was accepted
}

// Personne is who acts on fiches: the author as in a revision, and their rights.
type Personne struct {
	Auteur string
	Droits []mednum.Habilitation
}

// NewFiches is the room over a store; Recharger fills what it publishes.
func NewFiches(base store.Magasin, lieux *catalogue.Catalogue, t *territoire.Territoire, now func() time.Time) *Fiches {
	f := &Fiches{base: base, catalogue: lieux, territoire: t, now: now}
	f.publiees.Store(new([]FichePubliee))
	return f
}

// Publiees are the published fiches, the last first: as of the last Recharger,
// or of the last gesture of this program. They ask nothing of the base, and are
// not to be changed.
func (f *Fiches) Publiees() []FichePubliee { return *f.publiees.Load() }

// Recharger reads again what is published.
func (f *Fiches) Recharger(ctx context.Context) error {
	toutes, err := f.lire(ctx)
	if err != nil {
		return err
	}
	publiees := []FichePubliee{}
	for i := range toutes {
		if v := &toutes[i]; v.Publie != nil {
			publiees = append(publiees, FichePubliee{v.ID, *v.Publie, mednum.DateOf(v.PublieLe.In(f.territoire.Location()))})
		}
	}
	slices.SortStableFunc(publiees, func(a, b FichePubliee) int { return cmp.Or(b.Le.Compare(a.Le), cmp.Compare(a.ID, b.ID)) })
	f.publiees.Store(&publiees)
	return nil
}

// lire are all the fiches, the last touched first.
func (f *Fiches) lire(ctx context.Context) ([]FicheReseau, error) {
	objets, err := f.base.Objets(ctx, store.Choix{Genre: genreFiche})
	if err != nil {
		return nil, err
	}
	toutes := make([]FicheReseau, len(objets))
	for i := range objets {
		if err := json.Unmarshal(objets[i].Corps, &toutes[i]); err != nil {
			return nil, fmt.Errorf("%s %s: %w", genreFiche, objets[i].ID, err)
		}
		toutes[i].Version = objets[i].Version
	}
	slices.SortFunc(toutes, func(a, b FicheReseau) int { return cmp.Or(b.Modifie.Compare(a.Modifie), cmp.Compare(a.ID, b.ID)) })
	return toutes, nil
}

// Voit tells whether somebody may read a fiche before it is published: its author
// does, and who coordinates its zone, but for another's draft that nobody has
// sent.
func (f *Fiches) Voit(p Personne, v *FicheReseau) bool {
	jamaisEnvoyee := !slices.ContainsFunc(v.Histoire, func(e EtapeFiche) bool { return e.Geste == GesteProposer })
	return v.Auteur == p.Auteur || f.Coordonne(p, v) && !jamaisEnvoyee
}

// Coordonne tells whether somebody reviews a fiche: who coordinates the zone that
// it says, the one that it is published for, and the one that it was withdrawn
// from: its text may be put back there.
func (f *Fiches) Coordonne(p Personne, v *FicheReseau) bool {
	return f.coordonneZone(p, &v.Contenu) && (v.Publie == nil || f.coordonneZone(p, v.Publie)) && (v.Ancien == nil || f.coordonneZone(p, v.Ancien))
}

func (f *Fiches) coordonneZone(p Personne, c *ContenuFiche) bool {
	switch c.Portee {
	case FicheCommune:
		return f.catalogue.CoordonneCommune(p.Droits, c.Zone)
	case FicheEPCI:
		return f.catalogue.CoordonneEPCI(p.Droits, c.Zone)
	}
	return f.catalogue.CoordonneTout(p.Droits)
}

// Parle tells whether somebody may write a fiche for a zone.
func (f *Fiches) Parle(p Personne, portee PorteeFiche, zone string) bool {
	switch portee {
	case FicheCommune:
		return f.catalogue.ParlePour(p.Droits, zone)
	case FicheEPCI:
		return f.catalogue.ParlePourEPCI(p.Droits, zone)
	}
	return portee == FicheTerritoire && zone == "" && f.catalogue.ParlePourTout(p.Droits)
}

// connue tells whether there is such a zone in the territory.
func (f *Fiches) connue(portee PorteeFiche, zone string) bool {
	switch portee {
	case FicheCommune:
		c, ok := f.territoire.Commune(zone)
		return ok && c.Dedans && c.Code == zone
	case FicheEPCI:
		_, ok := f.territoire.EPCI(zone)
		return ok
	}
	return portee == FicheTerritoire && zone == ""
}

// De are the fiches that somebody sees, the last touched first.
func (f *Fiches) De(ctx context.Context, p Personne) ([]FicheReseau, error) {
	toutes, err := f.lire(ctx)
	return slices.DeleteFunc(toutes, func(v FicheReseau) bool { return !f.Voit(p, &v) }), err
}

// Fiche is one that somebody sees; any other is "introuvable".
func (f *Fiches) Fiche(ctx context.Context, p Personne, id string) (FicheReseau, error) {
	v, o, err := store.Lire[FicheReseau](ctx, f.base, genreFiche, id)
	if err == nil && !f.Voit(p, &v) {
		err = store.ObjetAbsent(genreFiche)
	}
	if err != nil {
		return FicheReseau{}, err
	}
	v.Version = o.Version
	return v, nil
}

// Ecrire begins a fiche under the key of its form: sent twice it is one. It is a
// draft of its author. A zone for which they do not speak is "interdit".
func (f *Fiches) Ecrire(ctx context.Context, p Personne, cle string, c ContenuFiche) (FicheReseau, error) {
	if err := f.preparer(p, &c); err != nil {
		return FicheReseau{}, err
	}
	somme := sha256.Sum256([]byte(cle))
	le := f.seconde()
	v := FicheReseau{
		ID: hex.EncodeToString(somme[:6]), Contenu: c, Etat: EtatBrouillon, Auteur: p.Auteur, Cree: le, Modifie: le,
		Histoire: []EtapeFiche{{Le: le, Qui: p.Auteur, Geste: GesteCreer, Contenu: &c}},
	}
	err := f.poser(ctx, &v)
	if estCode(err, mednum.Perime) {
		return f.Fiche(ctx, p, v.ID)
	}
	return v, err
}

// Recrire changes what a fiche says: its author does, and who coordinates it. The
// version is the one that they read: another is "perime". What was sent, or
// published, is a draft again, and what everybody reads stays.
func (f *Fiches) Recrire(ctx context.Context, p Personne, id string, version int, c ContenuFiche) (FicheReseau, error) {
	v, err := f.Fiche(ctx, p, id)
	if err != nil {
		return v, err
	}
	c.Vus = v.Contenu.Vus
	if err := f.preparer(p, &c); err != nil {
		return v, err
	}
	v.Contenu = c
	return f.suivre(ctx, v, version, GesteModifier, p, "")
}

func (f *Fiches) preparer(p Personne, c *ContenuFiche) error {
	c.nettoyer()
	if err := c.verifier(f.connue); err != nil {
		return err
	}
	if !f.Parle(p, c.Portee, c.Zone) {
		return &mednum.Error{Code: mednum.Interdit, Champ: "zone", Message: "Vous pouvez écrire pour votre commune ou votre intercommunalité, pas pour celle-ci."}
	}
	return nil
}

// Suivre does a gesture on a fiche. Its author sends it; who coordinates its zone
// accepts it, asks for a change or refuses it (both with a message), withdraws it
// and puts it back.
func (f *Fiches) Suivre(ctx context.Context, p Personne, id string, version int, g GesteFiche, message string) (FicheReseau, error) {
	v, err := f.Fiche(ctx, p, id)
	if err != nil {
		return v, err
	}
	if g == GesteModifier || permis[g] == nil {
		return v, invalide("geste", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	if g != GesteProposer && !f.Coordonne(p, &v) {
		return v, &mednum.Error{Code: mednum.Interdit, Champ: "geste", Message: "Seule une personne qui coordonne cette zone peut faire cela."}
	}
	message = textes.Masquer(strings.TrimSpace(message))
	if (g == GesteRevoir || g == GesteRefuser) && message == "" {
		return v, invalide("message", "Écrivez pourquoi : la personne qui a écrit la fiche le lira.")
	}
	if err := verifierTexte("message", message, MessageMax); err != nil {
		return v, err
	}
	return f.suivre(ctx, v, version, g, p, message)
}

func (f *Fiches) suivre(ctx context.Context, v FicheReseau, version int, g GesteFiche, p Personne, message string) (FicheReseau, error) {
	if version != v.Version {
		return v, store.ObjetPerime(genreFiche)
	}
	if err := v.suivre(g, p.Auteur, message, f.seconde()); err != nil {
		return v, err
	}
	if err := f.poser(ctx, &v); err != nil {
		return v, err
	}
	if g == GesteModifier || g == GesteProposer {
		return v, nil // what everybody reads is the same
	}
	return v, f.Recharger(ctx)
}

// poser writes the next version of a fiche. A fiche is kept: it is the memory of
// the network, and names nobody but its author, by their account.
func (f *Fiches) poser(ctx context.Context, v *FicheReseau) error {
	err := store.Poser(ctx, f.base, store.Objet{Genre: genreFiche, ID: v.ID, Version: v.Version + 1, Cles: []string{string(v.Etat)}}, v)
	if err == nil {
		v.Version++
	}
	return err
}

func (f *Fiches) seconde() time.Time { return f.now().UTC().Truncate(time.Second) }
