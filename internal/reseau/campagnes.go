package reseau

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// The genres of campaigns among the store's objects: a campaign by its id, and
// each of its places by "campaign/place", found by the campaign.
const (
	genreCampagne = "campagne"
	genreEnquete  = "enquete"
)

// The bounds of a campaign: how many places, the length of its title and of its
// own paragraph, in characters, and after how many days it may ask again.
const (
	LieuxCampagneMax = 500
	TitreMax         = 80
	MotMax           = 600
	RelanceMin       = 7
	RelanceMax       = 30
)

// EtatCampagne is where a campaign is in its life.
type EtatCampagne string

// The states of a campaign. Once it is over nothing of it is sent nor noted.
const (
	Preparee EtatCampagne = "preparee"
	EnCours  EtatCampagne = "en_cours"
	Arretee  EtatCampagne = "arretee" // by a person, or because its author may not any more
	Finie    EtatCampagne = "finie"   // its links are over
)

// Campagne asks many places at once whether they are right, in the name of the
// account that prepared it (Auteur is its id). Relance is after how many days
// those that did not answer are asked again, once; 0 for never. Recents tells
// that places asked less than a month ago are asked too.
type Campagne struct {
	ID      string       `json:"id"`
	Titre   string       `json:"titre"`
	Mot     string       `json:"mot,omitempty"` // its own paragraph
	Auteur  string       `json:"auteur"`
	Lieux   []string     `json:"lieux"`
	Relance int          `json:"relance,omitempty"`
	Recents bool         `json:"recents,omitempty"`
	Etat    EtatCampagne `json:"etat"`
	Cree    time.Time    `json:"cree"`
	Lancee  time.Time    `json:"lancee,omitzero"`
	Finie   time.Time    `json:"finie,omitzero"`
	// Prochain is when it is looked at again, where there is nothing to send now.
	Prochain time.Time `json:"prochain,omitzero"`
}

// EtatEnquete is what became of one place of a campaign.
type EtatEnquete string

// The states of a place in a campaign: it waits, it was written to, or why not.
const (
	AEcrire     EtatEnquete = "a_ecrire"
	Ecrite      EtatEnquete = "ecrite"
	SansAdresse EtatEnquete = "sans_adresse" // nobody to write to
	Rebondie    EtatEnquete = "rebond"       // no address of theirs works
	Refusee     EtatEnquete = "refus"        // they want no such mail
	Recente     EtatEnquete = "recente"      // asked less than a month ago
	Partie      EtatEnquete = "partie"       // not listed any more, or not the author's any more
)

// Enquete is one place of a campaign. Reponse is one of the choices of a reminder,
// "" while nobody answered. Envois are its mails in the outbox.
type Enquete struct {
	Campagne string      `json:"campagne"`
	Lieu     string      `json:"lieu"`
	Etat     EtatEnquete `json:"etat"`
	Ecrite   time.Time   `json:"ecrite,omitzero"`
	Relancee time.Time   `json:"relancee,omitzero"`
	Envois   []string    `json:"envois,omitempty"`
	Reponse  string      `json:"reponse,omitempty"`
	Repondu  time.Time   `json:"repondu,omitzero"`
}

// idEnquete is the object of a place in a campaign.
func idEnquete(campagne, lieu string) string { return campagne + "/" + lieu }

// Preparer keeps a campaign that is not sent yet, under a key of whoever prepares
// it: the same form twice is one. What cannot be kept is "invalide" (field "titre",
// "mot", "relance" or "lieux").
func (r *Reseau) Preparer(ctx context.Context, cle string, c Campagne) (Campagne, error) {
	if err := r.verifierCampagne(&c); err != nil {
		return c, err
	}
	c.ID, c.Etat, c.Cree = empreinte("campagne/" + cle)[:12], Preparee, r.Now().UTC().Truncate(time.Second)
	err := r.poserCampagne(ctx, &c, 1)
	if estCode(err, mednum.Perime) {
		return r.Campagne(ctx, c.ID)
	}
	return c, err
}

func (r *Reseau) poserCampagne(ctx context.Context, c *Campagne, version int) error {
	return store.Poser(ctx, r.Base, store.Objet{
		Genre: genreCampagne, ID: c.ID, Version: version, Cles: []string{string(c.Etat)}, Efface: c.Cree.Add(gardeRappele),
	}, c)
}

func (r *Reseau) verifierCampagne(c *Campagne) (err error) {
	c.Titre = strings.Join(strings.FieldsFunc(c.Titre, unicode.IsSpace), " ")
	switch n := utf8.RuneCountInString(c.Titre); {
	case n == 0:
		return invalide("titre", "Donnez un nom à cette campagne : vos collègues le verront, pas les lieux.")
	case n > TitreMax || !imprimable(c.Titre):
		return invalide("titre", fmt.Sprintf("Le nom d’une campagne tient sur une ligne de %d caractères au plus.", TitreMax))
	}
	if c.Mot, err = r.lireMot(c.Mot); err != nil {
		return err
	}
	if c.Relance != 0 && (c.Relance < RelanceMin || c.Relance > RelanceMax) {
		return invalide("relance", fmt.Sprintf("Donnez un nombre de jours entre %d et %d, ou rien pour ne pas relancer.", RelanceMin, RelanceMax))
	}
	c.Lieux = slices.Compact(slices.Sorted(slices.Values(c.Lieux)))
	switch {
	case len(c.Lieux) == 0:
		return invalide("lieux", "Cochez au moins un lieu à qui écrire.")
	case len(c.Lieux) > LieuxCampagneMax:
		return invalide("lieux", fmt.Sprintf("Une campagne a %d lieux au plus : filtrez, et faites-en plusieurs.", LieuxCampagneMax))
	}
	return nil
}

func imprimable(texte string) bool {
	return utf8.ValidString(texte) && !strings.ContainsFunc(texte, func(r rune) bool {
		return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
	})
}

// adresses finds what mail programs make a link of: also a domain of any end that
// a path follows.
var adresses = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|(?:^|[^\pL\pN@.-])((?:[\pL\pN-]+\.)+(?:(?:fr|com|org|net|eu|info|io|be|ch|gouv|me|ly|link|app|site|online|xyz|top|click|dev|biz|ru|cn|tk|shop|page|web)\b\S*|\pL{2,}/\S*))`)

// lireMot reads the paragraph of a campaign: plain text, with no address of the
// web but of this site. Whoever gets the mail trusts its links: none leads
// elsewhere, whoever wrote the paragraph.
func (r *Reseau) lireMot(mot string) (string, error) {
	mot = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(mot, "\r\n", "\n"), "\r", "\n"))
	switch {
	case utf8.RuneCountInString(mot) > MotMax:
		return "", invalide("mot", fmt.Sprintf("Ce texte est trop long : %d caractères au plus.", MotMax))
	case !imprimable(mot):
		return "", invalide("mot", "Ce texte a des signes qui ne s’impriment pas : retapez-le.")
	}
	for _, a := range adresses.FindAllString(mot, -1) {
		a = strings.TrimLeftFunc(a, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		reste, ici := strings.CutPrefix(strings.TrimRight(a, ".,;:!?)»"), r.reglages.URLPublique)
		if !ici || reste != "" && reste[0] != '/' {
			return "", invalide("mot", fmt.Sprintf("« %s » mène hors de ce site : un courriel de vérification n’a de liens que vers %s. Enlevez cette adresse.", a, r.reglages.URLPublique))
		}
	}
	return mot, nil
}

// Campagne is one campaign; an unknown one is "introuvable".
func (r *Reseau) Campagne(ctx context.Context, id string) (Campagne, error) {
	c, _, err := r.lireCampagne(ctx, id)
	return c, err
}

func (r *Reseau) lireCampagne(ctx context.Context, id string) (Campagne, store.Objet, error) {
	c, o, err := store.Lire[Campagne](ctx, r.Base, genreCampagne, id)
	if estCode(err, mednum.Introuvable) {
		err = &mednum.Error{Code: mednum.Introuvable, Champ: "campagne", Message: "Cette campagne n’existe pas, ou n’existe plus."}
	}
	return c, o, err
}

// Campagnes are all of them, the newest first.
func (r *Reseau) Campagnes(ctx context.Context) ([]Campagne, error) {
	liste, err := store.LireTous[Campagne](ctx, r.Base, store.Choix{Genre: genreCampagne})
	slices.SortFunc(liste, func(a, b Campagne) int { return cmp.Or(b.Cree.Compare(a.Cree), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

// Enquetes are the places of a campaign that was sent, by their id.
func (r *Reseau) Enquetes(ctx context.Context, campagne string) ([]Enquete, error) {
	return store.LireTous[Enquete](ctx, r.Base, store.Choix{Genre: genreEnquete, Cle: campagne})
}

// Lancer has a campaign sent, from the next minute at which people may be written
// to. One that is sent already stays as it is; one that was stopped is "conflit".
func (r *Reseau) Lancer(ctx context.Context, id string) (Campagne, error) {
	c, err := r.Campagne(ctx, id)
	if err != nil || c.Etat == EnCours {
		return c, err
	}
	if c.Etat != Preparee {
		return c, &mednum.Error{Code: mednum.Conflit, Champ: "campagne", Message: "Cette campagne est finie, ou arrêtée : préparez-en une autre."}
	}
	for _, lieu := range c.Lieux {
		err := r.poserEnquete(ctx, &c, &Enquete{Campagne: c.ID, Lieu: lieu, Etat: AEcrire}, 1)
		if err := sauf(err, mednum.Perime); err != nil {
			return c, err
		}
	}
	return r.changerCampagne(ctx, id, func(c *Campagne) bool {
		if c.Etat != Preparee {
			return false
		}
		c.Etat, c.Lancee = EnCours, r.Now().UTC().Truncate(time.Second)
		return true
	})
}

func (r *Reseau) poserEnquete(ctx context.Context, c *Campagne, e *Enquete, version int) error {
	return store.Poser(ctx, r.Base, store.Objet{
		Genre: genreEnquete, ID: idEnquete(e.Campagne, e.Lieu), Version: version, Cles: []string{e.Campagne}, Efface: c.Cree.Add(gardeRappele),
	}, e)
}

// ArreterCampagne has nothing more of a campaign leave; answers to what left are
// noted still. One that is over already stays as it is.
func (r *Reseau) ArreterCampagne(ctx context.Context, id string) (Campagne, error) {
	return r.changerCampagne(ctx, id, func(c *Campagne) bool {
		if c.Etat != EnCours {
			return false
		}
		c.Etat, c.Finie = Arretee, r.Now().UTC().Truncate(time.Second)
		return true
	})
}

// OublierCampagne takes away a campaign that was never sent; another is
// "conflit".
func (r *Reseau) OublierCampagne(ctx context.Context, id string) error {
	c, err := r.Campagne(ctx, id)
	if err != nil {
		return err
	}
	if c.Etat != Preparee {
		return &mednum.Error{Code: mednum.Conflit, Champ: "campagne", Message: "Des courriels de cette campagne sont partis : elle reste dans la liste."}
	}
	return r.Base.OterObjet(ctx, genreCampagne, id)
}

// changerCampagne writes what change makes of a campaign, unless it returns false,
// again when somebody else was first.
func (r *Reseau) changerCampagne(ctx context.Context, id string, change func(*Campagne) bool) (Campagne, error) {
	for essai := 1; ; essai++ {
		c, o, err := r.lireCampagne(ctx, id)
		if err != nil || !change(&c) {
			return c, err
		}
		if err = r.poserCampagne(ctx, &c, o.Version+1); err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return c, err
		}
	}
}
