package ecoute

import (
	"errors"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// FicheReseau is what the network remembers: a need, an initiative or a good
// practice, what was answered and what was learnt. It is not mednum.Fiche, the
// record of a source.
//
// Contenu is as its author last wrote it. Publie, as a coordinator last accepted
// it, is what everybody reads; once withdrawn it is Ancien, to be put back.
type FicheReseau struct {
	ID      string        `json:"id"`
	Version int           `json:"-"` // of the object: what a writing compares
	Contenu ContenuFiche  `json:"contenu"`
	Publie  *ContenuFiche `json:"publie,omitempty"`
	Ancien  *ContenuFiche `json:"ancien,omitempty"`
	Etat    EtatFiche     `json:"etat"`
	Message string        `json:"message,omitempty"` // of the coordinator to the author: what to change, why it is refused
	Auteur  string        `json:"auteur"`            // as in a revision; never published
	Cree    time.Time     `json:"cree"`
	Modifie time.Time     `json:"modifie"`
	// PublieLe is when the text that everybody reads was accepted.
	PublieLe time.Time    `json:"publie_le,omitzero"`
	Histoire []EtapeFiche `json:"histoire"` // oldest first
}

// ContenuFiche is what a fiche says. Its texts are masked, and read by a
// coordinator before anybody else sees them.
type ContenuFiche struct {
	Genre   GenreFiche  `json:"genre"`
	Titre   string      `json:"titre"`
	Portee  PorteeFiche `json:"portee"`
	Zone    string      `json:"zone,omitempty"` // INSEE code or SIREN, "" for the whole territory
	Theme   string      `json:"theme"`          // one of Themes
	Statut  StatutFiche `json:"statut"`
	Reponse string      `json:"reponse,omitempty"` // what is, or could be, answered
	Appris  string      `json:"appris,omitempty"`  // what was learnt
	// Vus is how many needs the published counts told when the fiche was begun
	// from them, 0 for none (see Besoins.Vus).
	Vus int `json:"vus,omitempty"`
}

// GenreFiche is a kind of fiche.
type GenreFiche string

// The kinds.
const (
	FicheBesoin        GenreFiche = "besoin"
	FicheInitiative    GenreFiche = "initiative"
	FicheBonnePratique GenreFiche = "bonne_pratique"
)

// Genres are the kinds of fiches, in the order in which they are shown.
func Genres() []GenreFiche { return []GenreFiche{FicheBesoin, FicheInitiative, FicheBonnePratique} }

// PorteeFiche is how far a fiche holds.
type PorteeFiche string

// The extents.
const (
	FicheCommune    PorteeFiche = "commune"
	FicheEPCI       PorteeFiche = "epci"
	FicheTerritoire PorteeFiche = "territoire"
)

// StatutFiche is how far the answer is.
type StatutFiche string

// How far an answer may be.
const (
	StatutAEtudier  StatutFiche = "a_etudier"
	StatutEnCours   StatutFiche = "en_cours"
	StatutFait      StatutFiche = "fait"
	StatutAbandonne StatutFiche = "abandonne"
)

// Statuts are how far an answer may be, in order.
func Statuts() []StatutFiche {
	return []StatutFiche{StatutAEtudier, StatutEnCours, StatutFait, StatutAbandonne}
}

// EtatFiche is where the review of a fiche is.
type EtatFiche string

// The states. A fiche whose text changes after it was published waits again; the
// published text stays until the new one is accepted.
const (
	EtatBrouillon EtatFiche = "brouillon"
	EtatProposee  EtatFiche = "proposee"
	EtatPubliee   EtatFiche = "publiee"
	EtatRetiree   EtatFiche = "retiree" // refused, or withdrawn
)

// GesteFiche is what was done to a fiche.
type GesteFiche string

// The gestures.
const (
	GesteCreer    GesteFiche = "creer"
	GesteModifier GesteFiche = "modifier"
	GesteProposer GesteFiche = "proposer"
	GesteAccepter GesteFiche = "accepter"
	GesteRevoir   GesteFiche = "revoir"  // ask for a change
	GesteRefuser  GesteFiche = "refuser" // with the reason
	GesteRetirer  GesteFiche = "retirer" // undo the publication
	GesteRemettre GesteFiche = "remettre"
)

// EtapeFiche is one gesture, by whom and when; Texte is its message, Contenu what
// the fiche said then, where the gesture changed that.
type EtapeFiche struct {
	Le      time.Time     `json:"le"`
	Qui     string        `json:"qui"`
	Geste   GesteFiche    `json:"geste"`
	Texte   string        `json:"texte,omitempty"`
	Contenu *ContenuFiche `json:"contenu,omitempty"`
}

// The lengths of what a fiche says, in characters.
const (
	TitreMax   = 120
	ReponseMax = 2000
	MessageMax = 500
)

// nettoyer masks what is free text, and takes the ends off.
func (c *ContenuFiche) nettoyer() {
	for _, t := range []*string{&c.Titre, &c.Reponse, &c.Appris} {
		*t = textes.Masquer(strings.TrimSpace(*t))
	}
	c.Titre = strings.Join(strings.Fields(c.Titre), " ")
}

// verifier refuses what a fiche cannot say, one error a field; connue tells
// whether there is such a zone.
func (c *ContenuFiche) verifier(connue func(PorteeFiche, string) bool) error {
	var fautes []error
	refuser := func(ok bool, champ, message string) {
		if !ok {
			fautes = append(fautes, invalide(champ, message))
		}
	}
	refuser(slices.Contains(Genres(), c.Genre), "genre", "Choisissez : un besoin, une initiative ou une bonne pratique.")
	refuser(c.Titre != "", "titre", "Donnez un titre, en une phrase.")
	refuser(connue(c.Portee, c.Zone), "zone", "Choisissez une commune, une intercommunalité ou le territoire.")
	refuser(slices.Contains(Themes(), c.Theme), "theme", "Choisissez un thème.")
	refuser(slices.Contains(Statuts(), c.Statut), "statut", "Dites où en est la réponse.")
	for _, t := range []struct {
		champ, texte string
		maximum      int
	}{{"titre", c.Titre, TitreMax}, {"reponse", c.Reponse, ReponseMax}, {"appris", c.Appris, ReponseMax}} {
		if err := verifierTexte(t.champ, t.texte, t.maximum); err != nil {
			fautes = append(fautes, err)
		}
	}
	return errors.Join(fautes...)
}

// permis are the states that a gesture may start from.
var permis = map[GesteFiche][]EtatFiche{
	GesteModifier: {EtatBrouillon, EtatProposee, EtatPubliee, EtatRetiree},
	GesteProposer: {EtatBrouillon},
	GesteAccepter: {EtatProposee},
	GesteRevoir:   {EtatProposee},
	GesteRefuser:  {EtatProposee},
	GesteRetirer:  {EtatBrouillon, EtatProposee, EtatPubliee},
	GesteRemettre: {EtatRetiree},
}

// etapesMax is how much of its history a fiche keeps.
const etapesMax = 100

// Peut tells whether the state of the fiche allows a gesture.
func (f *FicheReseau) Peut(g GesteFiche) bool {
	return slices.Contains(permis[g], f.Etat) && (g != GesteRetirer || f.Publie != nil) && (g != GesteRemettre || f.Ancien != nil)
}

// suivre moves the fiche by a gesture; one that its state does not allow is
// "conflit".
func (f *FicheReseau) suivre(g GesteFiche, qui, message string, le time.Time) error {
	if !f.Peut(g) {
		return &mednum.Error{Code: mednum.Conflit, Champ: "etat", Message: "Cette fiche a changé entre-temps : relisez-la, puis recommencez."}
	}
	f.Message = message
	etape := EtapeFiche{Le: le, Qui: qui, Geste: g, Texte: message}
	switch g {
	case GesteModifier:
		ecrit := f.Contenu
		etape.Contenu = &ecrit
		f.Etat = EtatBrouillon
	case GesteProposer:
		f.Etat = EtatProposee
	case GesteAccepter:
		accepte := f.Contenu
		f.Publie, f.PublieLe, f.Ancien, f.Etat = &accepte, le, nil, EtatPubliee
	case GesteRevoir:
		f.Etat = EtatBrouillon
	case GesteRefuser:
		f.refuser()
	case GesteRetirer:
		f.Publie, f.Ancien, f.Etat = nil, f.Publie, EtatRetiree
	case GesteRemettre:
		f.Publie, f.Ancien, f.Contenu, f.Etat = f.Ancien, nil, *f.Ancien, EtatPubliee
	}
	f.Modifie = le
	f.Histoire = append(f.Histoire, etape)
	if n := len(f.Histoire); n > etapesMax {
		f.Histoire = f.Histoire[n-etapesMax:]
	}
	return nil
}

// refuser leaves a published fiche as everybody reads it; another is put aside.
func (f *FicheReseau) refuser() {
	if f.Publie != nil {
		f.Contenu, f.Etat = *f.Publie, EtatPubliee
		return
	}
	f.Etat = EtatRetiree
}
