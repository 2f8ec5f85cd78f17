package collecte

import (
	"context"
	"io"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
)

// EtatDepot is how far the files that somebody brought have come.
type EtatDepot string

// The states. In the first three somebody works; after the last four, other files
// may be brought.
const (
	DepotLecture  EtatDepot = "lecture"  // files are read, and compared with the base
	DepotColonnes EtatDepot = "colonnes" // somebody has to say what the columns of a table are
	DepotPret     EtatDepot = "pret"     // the plan is there: somebody decides
	DepotEcriture EtatDepot = "ecriture" // it is being written
	DepotPerime   EtatDepot = "perime"   // the base moved: the plan is to be made again
	DepotFait     EtatDepot = "fait"     // it is written
	DepotRefuse   EtatDepot = "refuse"   // a file cannot be read
	DepotPerdu    EtatDepot = "perdu"    // the service stopped before it was written
	DepotAbandon  EtatDepot = "abandon"  // somebody gave it up
)

// Reglages are what somebody says of the files that they bring.
type Reglages struct {
	Source  string      `json:"source,omitempty"` // who keeps them, when they do not say
	Date    mednum.Date `json:"date,omitzero"`    // of those that bear none
	Licence string      `json:"licence,omitempty"`
	Zone    Zone        `json:"zone,omitempty"`
}

// Depot is the one import that is made from the pages: files that somebody
// brought, what they would change, and what became of it.
type Depot struct {
	Jeton    string    `json:"jeton"` // names it
	Par      string    `json:"par"`   // author, "compte:…"
	Le       time.Time `json:"le"`
	Fichiers []string  `json:"fichiers"`
	Reglages Reglages  `json:"reglages"`

	Etat EtatDepot `json:"etat"`
	// Raison says in French why it is refused or to be made again; Fichier and
	// Champ what is at fault, "" for none.
	Raison    string    `json:"raison,omitempty"`
	Fichier   string    `json:"fichier,omitempty"`
	Champ     string    `json:"champ,omitempty"`
	Operation string    `json:"operation,omitempty"` // of the plan, "" when it writes nothing
	Bilan     *Bilan    `json:"bilan,omitempty"`
	Fini      time.Time `json:"fini,omitzero"`
	// Jusqua is until when the program that holds the files lives, at least.
	Jusqua time.Time `json:"jusqua,omitzero"`

	// What is below is known to the program that holds the files: Ici.
	Ici      bool              `json:"-"`
	Etape    Etape             `json:"-"` // "" while files are read
	Fait     int               `json:"-"` // of Total
	Total    int               `json:"-"`
	Plan     *Plan             `json:"-"` // nil until it is made
	Colonnes []ColonnesFichier `json:"-"`
}

// ColonnesFichier are the columns of a table of one's own.
type ColonnesFichier struct {
	Fichier  string
	Colonnes []norme.Colonne
}

// Ouvert tells whether somebody works on it, or has to decide: no other file may
// be brought meanwhile.
func (d *Depot) Ouvert() bool {
	return slices.Contains([]EtatDepot{DepotLecture, DepotColonnes, DepotPret, DepotEcriture, DepotPerime}, d.Etat)
}

// EnCours tells whether the program is at work on it.
func (d *Depot) EnCours() bool { return d.Etat == DepotLecture || d.Etat == DepotEcriture }

// Apporte is a file that somebody brings.
type Apporte struct {
	Nom     string
	Contenu io.Reader
}

// The limits of what is brought at once.
const (
	FichiersMax = 20
	OctetsMax   = 64 << 20 // of all files together
)

const (
	genreDepot = "depot"
	idDepot    = "courant"
	// tenueDepot is how long a program that died keeps others from bringing files.
	tenueDepot = 2 * time.Minute
)

// Depot is the import that is being made, or the last one; ok is false when there
// was none.
func (c *Collecte) Depot(ctx context.Context) (d Depot, ok bool, err error) {
	d, _, err = store.Lire[Depot](ctx, c.Base, genreDepot, idDepot)
	if estCode(err, mednum.Introuvable) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	c.depot.montrer(&d)
	if d.Ouvert() && !d.Ici && c.Now().After(d.Jusqua) {
		return c.retrouver(ctx, d)
	}
	return d, true, nil
}

// retrouver says what became of an import whose program stopped: what it had
// begun to write was finished when a program opened the base again.
func (c *Collecte) retrouver(ctx context.Context, d Depot) (Depot, bool, error) {
	ecrit := false
	if d.Etat == DepotEcriture && d.Operation != "" {
		operations, err := c.Base.Operations(ctx)
		if err != nil {
			return d, false, err
		}
		ecrit = slices.ContainsFunc(operations, func(o mednum.Operation) bool { return o.ID == d.Operation && o.Etat == "finie" })
	}
	d, err := c.noterDepot(ctx, d.Jeton, func(d *Depot) {
		if ecrit {
			d.Etat, d.Raison, d.Fini = DepotFait, "Le service s’est arrêté pendant l’écriture, et l’a finie en revenant.", c.Now().UTC()
			return
		}
		d.Etat, d.Fini = DepotPerdu, c.Now().UTC()
		d.Raison = "Le service s’est arrêté avant que l’import soit écrit : rien n’est changé. Déposez de nouveau les fichiers."
	})
	return d, true, err
}

// noterDepot changes what is kept of the import that jeton names. Another one in
// its place is "perime".
func (c *Collecte) noterDepot(ctx context.Context, jeton string, f func(*Depot)) (Depot, error) {
	for essai := 1; ; essai++ {
		d, o, err := store.Lire[Depot](ctx, c.Base, genreDepot, idDepot)
		if err != nil {
			return d, err
		}
		if d.Jeton != jeton {
			return d, depotChange()
		}
		f(&d)
		d.Jusqua = c.Now().UTC().Add(tenueDepot)
		err = store.Poser(ctx, c.Base, store.Objet{Genre: genreDepot, ID: idDepot, Version: o.Version + 1}, d)
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return d, err
		}
	}
}

func depotChange() error {
	return &mednum.Error{Code: mednum.Perime, Champ: "jeton", Message: "Cet import n’est plus celui qui est en cours : revenez à la page des imports."}
}

// prendreDepot keeps a new import, unless one is being made ("conflit").
func (c *Collecte) prendreDepot(ctx context.Context, d Depot) error {
	ancien, ok, err := c.Depot(ctx)
	if err != nil {
		return err
	}
	if ok && ancien.Ouvert() {
		return conflit("import", "Un import est déjà en cours : finissez-le, ou abandonnez-le, avant d’en commencer un autre.")
	}
	version := 1
	if ok {
		o, err := c.Base.Objet(ctx, genreDepot, idDepot)
		if err != nil {
			return err
		}
		version = o.Version + 1
	}
	d.Jusqua = c.Now().UTC().Add(tenueDepot)
	err = store.Poser(ctx, c.Base, store.Objet{Genre: genreDepot, ID: idDepot, Version: version}, d)
	if estCode(err, mednum.Perime) {
		return conflit("import", "Quelqu’un d’autre vient de commencer un import : attendez qu’il finisse.")
	}
	return err
}
