package sources

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/store"
)

// Demande is a source that somebody wants. What is empty takes the value of the
// known source of that name, or else the first of its kind: every day at 3, all
// places, DateAuto.
type Demande struct {
	Nom, URL string
	Chaque   Periode
	Heure    int // 0 to 23
	Zone     collecte.Zone
	Licence  string
	Date     RegleDate
	Colonnes norme.Correspondance // of a table of one's own

	format string
}

// licences are those that a record may bear (see docs/adr/0027 for what each lets
// do with it).
var licences = []string{"Licence Ouverte 2.0", "ODbL 1.0", "inconnue"}

// Ajouter keeps a new source, due at once. Without an address, its name is that
// of a known source. A refusal is *mednum.Error: "invalide" names the field (nom,
// url, chaque, heure, zone, licence, date), "conflit" is a name that is taken,
// "en_trop" one source too many.
func (s *Sources) Ajouter(ctx context.Context, d Demande) (Source, error) {
	if d.URL == "" {
		if err := s.completer(&d); err != nil {
			return Source{}, err
		}
	}
	src, err := s.creer(ctx, &d)
	if err != nil {
		return src, err
	}
	liste, err := s.Liste(ctx)
	if err != nil {
		return src, err
	}
	if len(liste) >= sourcesMax {
		return src, &mednum.Error{Code: mednum.EnTrop, Champ: "source", Message: fmt.Sprintf("Il y a déjà %d sources : retirez-en une.", sourcesMax)}
	}
	err = store.Poser(ctx, s.Base, store.Objet{Genre: genreSource, ID: src.ID, Version: 1}, src)
	if estCode(err, mednum.Perime) {
		err = &mednum.Error{Code: mednum.Conflit, Champ: "nom", Message: "Une source s’appelle déjà « " + src.ID + " ». Retirez-la d’abord : ses fiches restent."}
	}
	return src, err
}

// Modifier changes how a source is fetched; its name, and so its id, stay. What is
// empty takes the value of Ajouter, but the address, which stays, and Colonnes,
// which nil keeps. With another
// address nothing is known of its content any more: it is due at once, and what
// waited is forgotten. A run that is under way writes nothing more, unless its
// writing has begun. Refusals are those of Ajouter.
func (s *Sources) Modifier(ctx context.Context, id string, d Demande) (Source, error) {
	ancienne, err := s.Source(ctx, id)
	if err != nil {
		return ancienne, err
	}
	d.Nom, d.format = ancienne.Nom, ancienne.Format
	if d.URL == "" {
		d.URL = ancienne.URL
	}
	if d.Colonnes == nil {
		d.Colonnes = ancienne.Colonnes
	}
	neuve, err := s.creer(ctx, &d)
	if err != nil {
		return neuve, err
	}
	return s.changer(ctx, id, func(src *Source) error {
		ailleurs := src.URL != neuve.URL
		autrement := src.Rythme != neuve.Rythme
		src.URL, src.Rythme, src.Zone, src.Licence, src.Date, src.Colonnes = neuve.URL, neuve.Rythme, neuve.Zone, neuve.Licence, neuve.Date, neuve.Colonnes
		src.Prise, src.Lu = Prise{}, Edition{} // the same content may be read otherwise
		switch {
		case ailleurs:
			src.Attente, src.Essai, src.Echecs, src.Prochain = "", nil, 0, s.Now().UTC()
			if src.Etat == Attend || src.Etat == Echec {
				src.Etat, src.Cause, src.Raison = Nouvelle, "", ""
			}
		case autrement && src.Etat != Nouvelle && src.Etat != Echec:
			src.Prochain = src.Rythme.Suivant(s.Now(), s.Territoire.Location())
		}
		return nil
	})
}

// creer is the source that is asked for, when everything about it is right.
func (s *Sources) creer(ctx context.Context, d *Demande) (Source, error) {
	src := Source{
		Nom: strings.TrimSpace(d.Nom), URL: strings.TrimSpace(d.URL), Rythme: Rythme{ou(d.Chaque, Jour), d.Heure},
		Zone: ou(d.Zone, collecte.ZoneTout), Licence: d.Licence, Date: ou(d.Date, DateAuto), Format: d.format, Colonnes: d.Colonnes,
		Etat: Nouvelle, Cree: s.Now().UTC(), Prochain: s.Now().UTC(),
	}
	src.ID = identifiant(src.Nom)
	switch n := utf8.RuneCountInString(src.Nom); {
	case src.ID == "":
		return src, invalide("nom", "Donnez à la source un nom, avec des lettres ou des chiffres.")
	case n > nomMax:
		return src, invalide("nom", fmt.Sprintf("Ce nom a %d caractères : %d au plus.", n, nomMax))
	case strings.ContainsFunc(src.Nom, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u00a0' }):
		return src, invalide("nom", "Ce nom contient un caractère qui ne s’affiche pas.")
	case !slices.Contains([]Periode{Jour, Semaine, Mois}, src.Rythme.Chaque):
		return src, invalide("chaque", fmt.Sprintf("« %s » n’est pas possible : jour, semaine ou mois.", d.Chaque))
	case d.Heure < 0 || d.Heure > 23:
		return src, invalide("heure", fmt.Sprintf("« %d » n’est pas une heure : de 0 à 23.", d.Heure))
	case !slices.Contains([]collecte.Zone{collecte.ZoneDepartement, collecte.ZoneVoisinage, collecte.ZoneTout}, src.Zone):
		return src, invalide("zone", fmt.Sprintf("« %s » n’est pas possible : departement, voisinage ou tout.", d.Zone))
	case d.Licence != "" && !slices.Contains(licences, d.Licence):
		return src, invalide("licence", fmt.Sprintf("« %s » n’est pas une licence connue : %s.", d.Licence, enumerer(licences)))
	case !slices.Contains([]RegleDate{DateAuto, DateModification, DateLecture}, src.Date):
		return src, invalide("date", fmt.Sprintf("« %s » n’est pas possible : auto, modification ou lecture.", d.Date))
	}
	return src, s.verifier(ctx, src.URL)
}

// verifier refuses an address that would be refused when it is called.
func (s *Sources) verifier(ctx context.Context, adresse string) error {
	if len(adresse) > urlMax {
		return invalide("url", fmt.Sprintf("Cette adresse est trop longue : %d caractères au plus.", urlMax))
	}
	if _, err := http.NewRequest(http.MethodGet, adresse, nil); err != nil {
		return invalide("url", refus[sortie.Illisible])
	}
	err := s.Sortie.Verifier(ctx, adresse)
	var refuse *sortie.Refus
	switch {
	case !errors.As(err, &refuse):
		return err
	case refuse.Motif == sortie.Inconnu: // it may be known tomorrow, or by whoever calls
		return nil
	}
	return invalide("url", strings.Replace(refus[refuse.Motif], ", ou celle où elle renvoie,", "", 1))
}

// Suspendre keeps the service from fetching a source; a person still may.
func (s *Sources) Suspendre(ctx context.Context, id string) error {
	_, err := s.changer(ctx, id, func(src *Source) error {
		src.Suspendue = true
		return nil
	})
	return err
}

// Reprendre has the service fetch a source again, at once when its time has
// passed.
func (s *Sources) Reprendre(ctx context.Context, id string) error {
	_, err := s.changer(ctx, id, func(src *Source) error {
		src.Suspendue = false
		return nil
	})
	return err
}

// Retirer forgets a source; its records stay. A run that is under way writes
// nothing more, unless its writing has begun.
func (s *Sources) Retirer(ctx context.Context, id string) error {
	if _, err := s.Source(ctx, id); err != nil {
		return err
	}
	if err := s.Base.OterObjet(ctx, genreSource, id); err != nil {
		return err
	}
	return s.oterRapports(ctx, id, nil)
}

// identifiant is the slug of a name.
func identifiant(nom string) string { return strings.ReplaceAll(mednum.Normaliser(nom), " ", "-") }

func ou[T ~string](valeur, sinon T) T {
	if valeur == "" {
		return sinon
	}
	return valeur
}

// enumerer is "a, b ou c".
func enumerer(mots []string) string {
	dernier := len(mots) - 1
	return strings.Join(mots[:dernier], ", ") + " ou " + mots[dernier]
}
