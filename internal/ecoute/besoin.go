package ecoute

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Besoin is help that somebody did not find: what, where, when. It names nobody:
// there is no account, no address, no hour in it.
type Besoin struct {
	ID      string      `json:"id"`
	Commune string      `json:"commune"`         // INSEE code, of the territory
	Theme   string      `json:"theme"`           // a service of the national vocabulary, or ThemeAutre
	Moment  Moment      `json:"moment"`          // when they could come
	Texte   string      `json:"texte,omitempty"` // masked; TexteBesoinMax characters at most
	Origine Origine     `json:"origine"`
	Le      mednum.Date `json:"le"`
	// Ecarte tells that a coordinator took it for no need: it is not counted.
	Ecarte bool `json:"ecarte,omitempty"`
}

// ThemeAutre is a need of none of the services of the national vocabulary.
const ThemeAutre = "autre"

// Moment is when somebody could come.
type Moment string

// The moments.
const (
	MomentPeuImporte Moment = "peu_importe"
	MomentMatin      Moment = "matin"
	MomentApresMidi  Moment = "apres_midi"
	MomentSoir       Moment = "soir"
	MomentSamedi     Moment = "samedi"
)

// Origine is who tells a need.
type Origine string

// The origins.
const (
	OriginePublic Origine = "public" // somebody, without an account
	OrigineAgent  Origine = "agent"  // an agent, who was told by somebody
	OrigineElu    Origine = "elu"    // an elected official, for their commune
)

const (
	// TexteBesoinMax is the length of a free text, in characters.
	TexteBesoinMax = 500
	// GardeBesoins is how many months a need is kept.
	GardeBesoins = 24

	genreBesoin         = "besoin"
	genreCompteurBesoin = "compteurbesoin"

	// What people without an account may tell in a day, of one commune and in all,
	// for every program on the base: what is published of it is worth no more than
	// that.
	parCommune     = 50
	besoinsParJour = 500
)

// Themes are what a need may be about, in the order in which it is asked.
func Themes() []string { return append(mednum.Vocabulaire(mednum.ChampServices), ThemeAutre) }

// Moments are when help may be wanted, in the order in which it is asked.
func Moments() []Moment {
	return []Moment{MomentPeuImporte, MomentMatin, MomentApresMidi, MomentSoir, MomentSamedi}
}

// Besoins keeps needs and counts them. It is safe for concurrent use, by several
// programs on one base. What is published of it is read in memory.
type Besoins struct {
	base       store.Magasin
	catalogue  *catalogue.Catalogue
	territoire *territoire.Territoire
	now        func() time.Time
	publies    atomic.Pointer[[]Compte]
}

// NewBesoins is the room over a store; Recharger fills what it publishes.
func NewBesoins(base store.Magasin, lieux *catalogue.Catalogue, t *territoire.Territoire, now func() time.Time) *Besoins {
	b := &Besoins{base: base, catalogue: lieux, territoire: t, now: now}
	b.publies.Store(new([]Compte))
	return b
}

// Dire keeps what somebody without an account tells, under the number of the
// form: sent twice it is kept once. What is at fault is "invalide", one error a
// field: commune, theme, moment, texte; what comes too often in a day, of one
// commune or of all of them, is "en_trop".
func (b *Besoins) Dire(ctx context.Context, numero string, d Besoin) error {
	d.Origine = OriginePublic
	return b.garder(ctx, numero, d)
}

func (b *Besoins) borner(ctx context.Context, d *Besoin) error {
	if _, err := b.base.Objet(ctx, genreBesoin, d.ID); err == nil {
		return nil // the same form, sent twice
	}
	du := compteurs{b.base, genreCompteurBesoin, func() time.Time { return b.now().UTC().Truncate(time.Hour) }} // no minute of a need is kept
	ok, err := du.prendre(ctx, "commune/"+d.Commune, parCommune)
	if err == nil && ok {
		ok, err = du.prendre(ctx, "tous", besoinsParJour)
	}
	if err == nil && !ok {
		return &mednum.Error{Code: mednum.EnTrop, Champ: "besoin", Message: "Nous avons déjà reçu beaucoup de messages aujourd’hui. Recommencez demain : ce que vous avez écrit n’a pas été envoyé."}
	}
	return err
}

// DirePour keeps what somebody who is signed in tells for their commune; another
// commune is "interdit".
func (b *Besoins) DirePour(ctx context.Context, droits []mednum.Habilitation, numero string, d Besoin) error {
	if d.Origine != OrigineAgent && d.Origine != OrigineElu {
		return invalide("origine", "Dites si vous parlez comme agent ou comme élu.")
	}
	if b.connue(d.Commune) && !b.catalogue.ParlePour(droits, d.Commune) {
		return &mednum.Error{Code: mednum.Interdit, Champ: "commune", Message: "Vous pouvez dire les besoins de votre commune, pas de celle-ci."}
	}
	return b.garder(ctx, numero, d)
}

func (b *Besoins) garder(ctx context.Context, numero string, d Besoin) error {
	if numero == "" {
		return invalide("cle", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	somme := sha256.Sum256([]byte(numero))
	d.ID = hex.EncodeToString(somme[:12])
	d.Le = mednum.DateOf(b.now().In(b.territoire.Location()))
	if err := b.Verifier(d); err != nil {
		return err
	}
	d.Texte = textes.Masquer(strings.TrimSpace(d.Texte))
	if d.Origine == OriginePublic {
		if err := b.borner(ctx, &d); err != nil {
			return err
		}
	}
	err := store.Poser(ctx, b.base, b.objet(&d, 1), d)
	if estCode(err, mednum.Perime) {
		return nil // the same form, sent twice
	}
	return err
}

func (b *Besoins) objet(d *Besoin, version int) store.Objet {
	return store.Objet{Genre: genreBesoin, ID: d.ID, Version: version, Cles: []string{d.Commune}, Efface: d.Le.AddMois(GardeBesoins).In(b.territoire.Location())}
}

// Verifier refuses what cannot be kept, as Dire does.
func (b *Besoins) Verifier(d Besoin) error {
	var fautes []error
	if !b.connue(d.Commune) {
		fautes = append(fautes, invalide("commune", "Indiquez une commune du territoire."))
	}
	if !slices.Contains(Themes(), d.Theme) {
		fautes = append(fautes, invalide("theme", "Choisissez l’aide qui manque."))
	}
	if !slices.Contains(Moments(), d.Moment) {
		fautes = append(fautes, invalide("moment", "Choisissez un moment, ou « Peu importe »."))
	}
	if err := verifierTexte("texte", textes.Masquer(strings.TrimSpace(d.Texte)), TexteBesoinMax); err != nil {
		fautes = append(fautes, err)
	}
	return errors.Join(fautes...)
}

// connue tells whether a commune is one of the territory, by its own code.
func (b *Besoins) connue(code string) bool {
	c, ok := b.territoire.Commune(code)
	return ok && c.Dedans && c.Code == code
}

// verifierTexte refuses what is too long, or holds signs that no keyboard types.
func verifierTexte(champ, texte string, maximum int) error {
	if n := utf8.RuneCountInString(texte); n > maximum {
		return invalide(champ, "Ce texte est trop long : "+textes.Nombre(maximum)+" caractères au plus, il en a "+textes.Nombre(n)+".")
	}
	if !utf8.ValidString(texte) || strings.ContainsFunc(texte, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
		return invalide(champ, "Ce texte contient des signes que nous ne savons pas lire : récrivez-le.")
	}
	return nil
}

// De are the needs of the communes that the rights coordinate, the last first,
// free texts included.
func (b *Besoins) De(ctx context.Context, droits []mednum.Habilitation) ([]Besoin, error) {
	tous, err := b.lire(ctx)
	return slices.DeleteFunc(tous, func(d Besoin) bool { return !b.catalogue.CoordonneCommune(droits, d.Commune) }), err
}

// lire are the needs that are kept: those past their term are not, swept or not.
func (b *Besoins) lire(ctx context.Context) ([]Besoin, error) {
	tous, err := store.LireTous[Besoin](ctx, b.base, store.Choix{Genre: genreBesoin})
	tous = slices.DeleteFunc(tous, b.passe)
	slices.SortFunc(tous, func(x, y Besoin) int { return cmp.Or(y.Le.Compare(x.Le), cmp.Compare(x.ID, y.ID)) })
	return tous, err
}

// passe tells whether a need is past its term.
func (b *Besoins) passe(d Besoin) bool {
	return !b.now().Before(d.Le.AddMois(GardeBesoins).In(b.territoire.Location()))
}

// Besoin is one need of a commune that the rights coordinate; any other is
// "introuvable".
func (b *Besoins) Besoin(ctx context.Context, droits []mednum.Habilitation, id string) (Besoin, error) {
	d, _, err := store.Lire[Besoin](ctx, b.base, genreBesoin, id)
	if err == nil && (b.passe(d) || !b.catalogue.CoordonneCommune(droits, d.Commune)) {
		err = store.ObjetAbsent(genreBesoin)
	}
	if err != nil {
		return Besoin{}, err
	}
	return d, nil
}

// EffacerTexte takes the free text of a need away for good: it may name somebody.
// The need still counts.
func (b *Besoins) EffacerTexte(ctx context.Context, droits []mednum.Habilitation, id string) (Besoin, error) {
	return b.changer(ctx, droits, id, func(d *Besoin) { d.Texte = "" })
}

// Ecarter has a need of a commune that the rights coordinate not count, or count
// again.
func (b *Besoins) Ecarter(ctx context.Context, droits []mednum.Habilitation, id string, ecarte bool) (Besoin, error) {
	d, err := b.changer(ctx, droits, id, func(d *Besoin) { d.Ecarte = ecarte })
	if err != nil {
		return d, err
	}
	return d, b.Recharger(ctx)
}

func (b *Besoins) changer(ctx context.Context, droits []mednum.Habilitation, id string, change func(*Besoin)) (Besoin, error) {
	if _, err := b.Besoin(ctx, droits, id); err != nil {
		return Besoin{}, err
	}
	d, o, err := store.Lire[Besoin](ctx, b.base, genreBesoin, id)
	if err != nil {
		return d, err
	}
	change(&d)
	return d, store.Poser(ctx, b.base, b.objet(&d, o.Version+1), d)
}

// Oublier takes away the needs past their term, with their texts. It is a task of
// every day: the store sweeps only when it writes.
func (b *Besoins) Oublier(ctx context.Context) error {
	tous, err := store.LireTous[Besoin](ctx, b.base, store.Choix{Genre: genreBesoin})
	for _, d := range tous {
		if b.passe(d) {
			err = errors.Join(err, b.base.OterObjet(ctx, genreBesoin, d.ID))
		}
	}
	return err
}
