package registre

import (
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Genre is what an act is about.
type Genre string

// The genres. GenreLieu is that of the revisions of places, which are no acts.
const (
	GenreLieu        Genre = "lieu"
	GenreAcces       Genre = "acces"  // rights, invitations, requests
	GenreCompte      Genre = "compte" // names, erasures
	GenreJeton       Genre = "jeton"
	GenreWebhook     Genre = "webhook"
	GenreSource      Genre = "source"
	GenreDoublon     Genre = "doublon" // places that are told apart, or not any more
	GenreImport      Genre = "import"  // what the operations do not tell: a file put aside, a mapping kept
	GenreSignalement Genre = "signalement"
	GenreBesoin      Genre = "besoin"
	GenreFiche       Genre = "fiche"
	GenreCampagne    Genre = "campagne"
	GenreCompetence  Genre = "competence"
	GenreScenario    Genre = "scenario"
	GenreExport      Genre = "export" // of a list that is not public
	GenreGarde       Genre = "garde"  // what retention erased
)

// NomGenre is a genre and its name in French.
type NomGenre struct {
	Genre Genre
	Nom   string
}

// Genres are all of them, in the order of lists.
var Genres = []NomGenre{
	{GenreLieu, "lieux"},
	{GenreDoublon, "doublons"},
	{GenreImport, "imports"},
	{GenreSource, "sources"},
	{GenreSignalement, "signalements"},
	{GenreBesoin, "besoins"},
	{GenreFiche, "fiches du réseau"},
	{GenreCampagne, "campagnes"},
	{GenreCompetence, "annuaire"},
	{GenreScenario, "scénarios"},
	{GenreAcces, "droits et invitations"},
	{GenreCompte, "comptes"},
	{GenreJeton, "jetons des programmes"},
	{GenreWebhook, "webhooks"},
	{GenreExport, "exports de listes"},
	{GenreGarde, "conservation"},
}

// The ways by which something is done: those of mednum.Revision, and VoieTache
// for what the service does by itself at its hour.
const (
	VoieApp    = "app"
	VoieImport = "import"
	VoieLien   = "lien"
	VoieAPI    = "api"
	VoieCLI    = "cli"
	VoieTache  = "tache"
	// VoieTelephone is a check that somebody made by calling the place.
	VoieTelephone = "telephone"
)

// AuteurTache signs what the service does by itself.
const AuteurTache = "tache"

// Acte is one gesture. Texte tells it in one French sentence without a final
// stop, and names nobody: neither name, nor address, nor phone. Who did it, and
// to whom, are ids, put into words when they are read; somebody who was erased
// is named no more.
type Acte struct {
	ID    string    `json:"-"`
	Le    time.Time `json:"le"`            // UTC, to the millisecond
	Qui   string    `json:"qui,omitempty"` // author, as in a revision
	Voie  string    `json:"voie"`
	Genre Genre     `json:"genre"`
	// Objet is what was touched: "compte:ID", "jeton:ID", "webhook:ID"…, "" for
	// what has no id. An account is named by the page.
	Objet string `json:"objet,omitempty"`
	// Lieu is the id of the place that it concerns, and Commune an INSEE code: who
	// coordinates a part of the territory sees the acts of that part alone. Both
	// are "" for what concerns the whole.
	Lieu    string `json:"lieu,omitempty"`
	Commune string `json:"commune,omitempty"`
	Texte   string `json:"texte"`
	Avant   string `json:"avant,omitempty"`
	Apres   string `json:"apres,omitempty"`
}

// Compte is the account that the act touched, "" for none.
func (a *Acte) Compte() string {
	id, _ := mednum.CompteDe(a.Objet)
	return id
}

func cleLieu(id string) string { return "lieu:" + id }

func (a *Acte) cles() []string {
	if a.Lieu == "" {
		return nil
	}
	return []string{cleLieu(a.Lieu)}
}

// sansAdresse is a text where no e-mail address is left, should one have been put
// there by mistake: the log is kept longer than accounts are.
func sansAdresse(texte string) string {
	if !strings.Contains(texte, "@") {
		return texte
	}
	mots := strings.Fields(texte)
	for i, m := range mots {
		if strings.Contains(m, "@") {
			mots[i] = "[adresse]"
		}
	}
	return strings.Join(mots, " ")
}
