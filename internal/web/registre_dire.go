package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// jourRegistre is what was done on one day, newest first.
type jourRegistre struct {
	Jour  string
	Blocs []blocRegistre
}

// blocRegistre is one line, or the lines of one operation that follow each
// other: those of an import are many.
type blocRegistre struct {
	Operation string // in words, "" for lines of their own
	Qui       string // who decided it, "" for an import by itself
	Nombre    int
	Lignes    []ligneRegistre
	operation string // its id
}

// ligneRegistre is one thing that was done, in words.
type ligneRegistre struct {
	Heure       string
	Qui, Voie   string
	Quoi        string // of an act; of a revision what became of the place
	Lieu        string // name of the place, "" for none
	Ville       string
	Histoire    string // path of its history, "" when the place has none to show
	SurLieu     string // path of the register of this place
	Differences []difference
	Avant       string
	Apres       string
	jour        mednum.Date
}

// replie is how many differences a line shows at once.
const replie = 4

// Plie tells whether the differences of a line are many.
func (l *ligneRegistre) Plie() bool { return len(l.Differences) > replie }

// direJours groups lines by day, and by operation.
func (s *site) direJours(lignes []registre.Ligne, noms auteurs) (jours []jourRegistre) {
	var dernier mednum.Date
	for i := range lignes {
		l := &lignes[i]
		dite := s.direLigne(l, noms)
		if len(jours) == 0 || dite.jour != dernier {
			dernier = dite.jour
			jours = append(jours, jourRegistre{Jour: s.direJour(l.Le)})
		}
		jour := &jours[len(jours)-1]
		operation := ""
		if l.Revision != nil {
			operation = l.Revision.Operation
		}
		if n := len(jour.Blocs); operation == "" || n == 0 || jour.Blocs[n-1].operation != operation {
			jour.Blocs = append(jour.Blocs, blocRegistre{operation: operation})
		}
		bloc := &jour.Blocs[len(jour.Blocs)-1]
		bloc.Lignes = append(bloc.Lignes, dite)
		if bloc.Nombre++; bloc.Nombre > 1 {
			bloc.Operation = direOperation(operation)
			if l.Auteur() != "" {
				bloc.Qui = dite.Qui
			}
		}
	}
	return jours
}

func (s *site) direJour(t time.Time) string {
	t = t.In(s.Territoire.Location())
	return textes.DateLongue(t.Year(), t.Month(), t.Day())
}

// direOperation names an operation by its id, which begins with its genre.
func direOperation(id string) string {
	genre, _, _ := strings.Cut(id, "-")
	switch genre {
	case "fusion":
		return "deux lieux réunis"
	case "separation":
		return "des lieux séparés"
	case "restauration":
		return "un retour en arrière"
	}
	return "un import"
}

// direLigne puts a line into words.
func (s *site) direLigne(l *registre.Ligne, noms auteurs) ligneRegistre {
	t := l.Le.In(s.Territoire.Location())
	dite := ligneRegistre{Heure: textes.Heure(t.Hour(), t.Minute()), Qui: direAuteur(l.Auteur(), noms), Voie: voies[l.Voie()], jour: mednum.DateOf(t)}
	if l.Revision != nil {
		s.direRevision(&dite, l, noms)
		return dite
	}
	a := l.Acte
	dite.Quoi, dite.Avant, dite.Apres = a.Texte, a.Avant, a.Apres
	if id := a.Compte(); id != "" && mednum.PrefixeCompte+id != a.Qui {
		dite.Quoi += " (" + noms[id] + ")"
	}
	if a.Lieu != "" {
		dite.placer(s, a.Lieu)
	}
	return dite
}

// placer names the place of an act.
func (l *ligneRegistre) placer(s *site, id string) {
	if v, err := s.Catalogue.Lieu(id); err == nil {
		l.Lieu, l.Ville = v.Champs.Nom, v.Champs.Commune
		l.Histoire, l.SurLieu = "/espace/lieux/"+id+"/histoire", "/espace/registre?lieu="+id
	}
}

func (s *site) direRevision(dite *ligneRegistre, l *registre.Ligne, noms auteurs) {
	rev := l.Revision
	dite.Lieu, dite.Ville = rev.Apres.Champs.Nom, rev.Apres.Champs.Commune
	dite.SurLieu = "/espace/registre?lieu=" + rev.Lieu
	if rev.Apres.Statut != mednum.StatutFusionne && rev.Apres.Statut != mednum.StatutRetire {
		dite.Histoire = "/espace/lieux/" + rev.Lieu + "/histoire"
	}
	switch {
	case rev.Version == 1 && rev.Apres.Statut == mednum.StatutPropose:
		dite.Quoi = "Lieu proposé"
	case rev.Version == 1:
		dite.Quoi = "Lieu ajouté"
	default:
		dite.Differences = direDifferences(mednum.Differences(l.Avant, &rev.Apres), noms)
		if len(dite.Differences) == 0 {
			dite.Quoi = "Enregistré sans rien changer à l’écran"
		}
	}
}

// direAuteur names who did something; an account that was erased is "compte
// supprimé".
func direAuteur(auteur string, noms auteurs) string {
	if auteur == registre.AuteurTache {
		return "le service"
	}
	return catalogue.DireAuteur(auteur, noms)
}

// nomsLignes looks up the names of the accounts that lines name.
func (s *site) nomsLignes(c *fiber.Ctx, lignes []registre.Ligne) (auteurs, error) {
	var ids []string
	noter := func(id string) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	for i := range lignes {
		l := &lignes[i]
		id, _ := mednum.CompteDe(l.Auteur())
		noter(id)
		if l.Acte != nil {
			noter(l.Acte.Compte())
			continue
		}
		if l.Revision.Version == 1 {
			continue
		}
		for _, d := range mednum.Differences(l.Avant, &l.Revision.Apres) {
			if d.Champ == champTenue {
				noter(d.Avant)
				noter(d.Apres)
			}
		}
	}
	return s.Comptes.Noms(c.UserContext(), ids)
}

// gardeDite says how long the register is kept.
const gardeDite = "L’histoire des lieux est gardée tant que la carte vit ; le reste, trois ans."
