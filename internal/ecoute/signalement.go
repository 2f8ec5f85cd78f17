package ecoute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Nature is what a report says of a place.
type Nature string

// The natures of a report.
const (
	NatureFerme  Nature = "ferme"  // the place is closed
	NatureNumero Nature = "numero" // its number is wrong
	NatureAutre  Nature = "autre"  // anything else, in words
)

// Natures are those that the form offers, in its order.
var Natures = []Nature{NatureFerme, NatureNumero, NatureAutre}

// Etat is where a report is.
type Etat string

// The states of a report. One that is EnCours is being decided: it is decided
// within delaiDecision, or open again.
const (
	Ouvert  Etat = "ouvert"
	EnCours Etat = "encours"
	Clos    Etat = "clos"
)

// Signalement is what people say of one place, of one nature: those who say it
// again, while it is open, are counted with the first.
type Signalement struct {
	ID     string `json:"id"`
	Lieu   string `json:"lieu"` // as it was told: see Catalogue.Devenu
	Nature Nature `json:"nature"`
	Rang   int    `json:"rang"` // of those of that nature on that place
	// Le and Dernier are when it was told first, and last; N how many times.
	Le      time.Time `json:"le"`
	Dernier time.Time `json:"dernier"`
	N       int       `json:"n"`
	Textes  []Dit     `json:"textes,omitempty"` // the last textesMax
	Etat    Etat      `json:"etat"`

	// What was decided, by whom (author, as in revisions) and when. Version is
	// what the decision made of the place, 0 when it changed nothing; Attente,
	// what waits there for a coordinator; Repondu, how many people were answered.
	Decision Decision  `json:"decision,omitempty"`
	Motif    string    `json:"motif,omitempty"`
	Par      string    `json:"par,omitempty"`
	Decide   time.Time `json:"decide,omitzero"`
	Version  int       `json:"version,omitempty"`
	Attente  string    `json:"attente,omitempty"`
	Repondu  int       `json:"repondu,omitempty"`
	Tour     int       `json:"tour,omitempty"` // how many decisions were taken back
	// Numeros are those of the last pages that told it.
	Numeros []string `json:"numeros,omitempty"`
}

// Dit is a free text as it is kept: masked (see textes.Masquer).
type Dit struct {
	Texte string    `json:"texte"`
	Le    time.Time `json:"le"`
}

// Recu is a form that somebody sends.
type Recu struct {
	Lieu     string
	Nature   Nature
	Texte    string
	Courriel string // "" for no answer
	Numero   string // of the page that sends it: the same page twice is one
}

const (
	// TexteMax is the length of a free text, in characters.
	TexteMax   = 500
	motifMax   = 200
	textesMax  = 10
	numerosMax = 40
	// How long things are kept: an address that waits for an answer, a report.
	gardeAdresse = 90 * 24 * time.Hour
	gardeMois    = 24

	genreSignalement   = "signalement"
	genreCorrespondant = "correspondant"
)

// Signalements are the reports of a base. Safe for concurrent use, and for
// several programs on one base.
type Signalements struct {
	base  store.Magasin
	lieux *catalogue.Catalogue
	zone  *time.Location
	now   func() time.Time
}

// NewSignalements keeps reports of the catalogue's places; days are those of the
// zone.
func NewSignalements(base store.Magasin, lieux *catalogue.Catalogue, zone *time.Location, now func() time.Time) *Signalements {
	return &Signalements{base: base, lieux: lieux, zone: zone, now: now}
}

func (s *Signalements) jour() mednum.Date { return mednum.DateOf(s.now().In(s.zone)) }

func (s *Signalements) seconde() time.Time { return s.now().UTC().Truncate(time.Second) }

// Signaler keeps what somebody tells of a place. What cannot be read is
// "invalide", and names its field (nature, texte, courriel), errors joined; a
// place that is closed, or is no more, is "disparu"; what comes too often in a day
// is "en_trop".
func (s *Signalements) Signaler(ctx context.Context, r Recu) (Signalement, error) {
	if err := s.verifier(&r); err != nil {
		return Signalement{}, err
	}
	compte := false
	for range essais {
		x, o, err := s.courant(ctx, r.Lieu, r.Nature)
		if err != nil {
			return x, err
		}
		if slices.Contains(x.Numeros, r.Numero) {
			return x, nil
		}
		if !compte {
			if err := s.borner(ctx, r.Lieu); err != nil {
				return x, err
			}
			compte = true
		}
		x.ajouter(r.Texte, r.Numero, s.seconde())
		err = s.poser(ctx, &x, o.Version)
		if estCode(err, mednum.Perime) {
			continue // another told it at once
		}
		if err == nil && r.Courriel != "" {
			err = s.attendre(ctx, &x, r.Courriel, r.Numero)
		}
		return x, err
	}
	return Signalement{}, store.ObjetPerime(genreSignalement)
}

// Verifier refuses what Signaler would, but for how many came today: nothing is
// kept.
func (s *Signalements) Verifier(r Recu) error { return s.verifier(&r) }

// verifier cleans a form, and names the place that its own has become.
func (s *Signalements) verifier(r *Recu) error {
	r.Lieu = s.lieux.Devenu(r.Lieu)
	if err := s.signalable(r.Lieu); err != nil {
		return err
	}
	return r.verifier()
}

// essais is how many times a writing is made again on a newer object.
const essais = 10

// signalable refuses a place that has no page to be wrong.
func (s *Signalements) signalable(id string) error {
	v, err := s.lieux.Lieu(id)
	if err != nil {
		return err
	}
	if !v.Publie() {
		return &mednum.Error{Code: mednum.Disparu, Champ: "lieu", Message: "Ce lieu est déjà marqué comme fermé : nous n’y envoyons plus personne."}
	}
	return nil
}

// verifier cleans what was typed, and refuses what cannot be kept.
func (r *Recu) verifier() error {
	var fautes []error
	if !slices.Contains(Natures, r.Nature) {
		fautes = append(fautes, invalide("nature", "Choisissez ce qui ne va pas."))
	}
	r.Texte = propre(r.Texte)
	switch {
	case utf8.RuneCountInString(r.Texte) > TexteMax:
		fautes = append(fautes, invalide("texte", fmt.Sprintf("Ce texte est trop long : %d caractères au plus.", TexteMax)))
	case r.Nature == NatureAutre && r.Texte == "":
		fautes = append(fautes, invalide("texte", "Écrivez en quelques mots ce qui ne va pas."))
	}
	if strings.TrimSpace(r.Courriel) != "" {
		adresse, err := mednum.LireCourriel(r.Courriel)
		if err != nil {
			fautes = append(fautes, invalide("courriel", "Cette adresse ne se lit pas : écrivez-la comme nom@exemple.fr, ou laissez vide."))
		}
		r.Courriel = adresse
	} else {
		r.Courriel = ""
	}
	r.Texte = textes.Masquer(r.Texte) // never kept otherwise
	return errors.Join(fautes...)
}

// propre is a text without what no reader should see.
func propre(texte string) string {
	texte = strings.ReplaceAll(strings.ToValidUTF8(texte, ""), "\r\n", "\n")
	texte = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, texte)
	return strings.TrimSpace(texte)
}

// courant is the open report of that nature on a place, or a new one.
func (s *Signalements) courant(ctx context.Context, lieu string, nature Nature) (x Signalement, o store.Objet, err error) {
	objets, err := s.base.Objets(ctx, store.Choix{Genre: genreSignalement, Cle: cleLieu(lieu)})
	if err != nil {
		return x, o, err
	}
	rang := 0
	for i := range objets {
		autre, err := lireObjet(&objets[i])
		if err != nil {
			return x, o, err
		}
		if autre.Nature != nature {
			continue
		}
		if autre.Etat != Clos {
			return autre, objets[i], nil
		}
		rang = max(rang, autre.Rang+1)
	}
	return Signalement{
		ID: mednum.NouvelID(fmt.Sprintf("%s/signalement/%s/%d", lieu, nature, rang)), Lieu: lieu, Nature: nature, Rang: rang,
		Le: s.seconde(), Etat: Ouvert,
	}, store.Objet{}, nil
}

// ajouter counts one more person who says it.
func (x *Signalement) ajouter(texte, numero string, le time.Time) {
	x.N++
	x.Dernier = le
	if texte != "" {
		x.Textes = dernieres(append(x.Textes, Dit{texte, le}), textesMax)
	}
	x.Numeros = dernieres(append(x.Numeros, numero), numerosMax)
}

func dernieres[T any](liste []T, n int) []T { return liste[max(0, len(liste)-n):] }

func cleLieu(id string) string { return "lieu/" + id }

// poser writes a report over the version that was read.
func (s *Signalements) poser(ctx context.Context, x *Signalement, lue int) error {
	etat := Ouvert
	if x.Etat == Clos {
		etat = Clos
	}
	return store.Poser(ctx, s.base, store.Objet{
		Genre: genreSignalement, ID: x.ID, Version: lue + 1, Cles: []string{string(etat), cleLieu(x.Lieu)},
		Efface: x.Dernier.AddDate(0, gardeMois, 0),
	}, x)
}

// correspondant is somebody who waits for an answer to a report: it is kept
// apart from it, and erased with the answer or after gardeAdresse.
type correspondant struct {
	Courriel string `json:"courriel"`
}

func (s *Signalements) attendre(ctx context.Context, x *Signalement, courriel, numero string) error {
	err := store.Poser(ctx, s.base, store.Objet{
		Genre: genreCorrespondant, ID: x.ID + "-" + numero, Version: 1, Cles: []string{x.ID}, Efface: s.seconde().Add(gardeAdresse),
	}, correspondant{courriel})
	if estCode(err, mednum.Perime) {
		return nil
	}
	return err
}
