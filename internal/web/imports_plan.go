package web

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// ligneDePlan is a row of a plan as its page lists it: a row of a file, or a record
// that its source no longer has.
type ligneDePlan struct {
	Fichier, Nom, Etat, Lieu, Dit string
	Ligne                         int
}

var etatsDits = []choixFiltre{
	{string(collecte.EtatNouveau), "Nouvelle"}, {string(collecte.EtatModifie), "Modifiée"}, {string(collecte.EtatFusionne), "Rattachée"},
	{string(collecte.EtatADecider), "À décider"}, {string(collecte.EtatEcarte), "Écartée"}, {string(collecte.EtatIdentique), "Sans changement"}, {"absente", "Absente de la source"},
}

func etatDit(etat string) string {
	for _, e := range etatsDits {
		if e.Valeur == etat {
			return e.Nom
		}
	}
	return etat
}

// corpsPlan is a list of what a plan says.
type corpsPlan struct {
	Titre, Phrase string
	Tableau       *tableau
}

// planVu is the plan at hand; one that is not here is said so.
func (s *site) planVu(c *fiber.Ctx) (*collecte.Plan, error) {
	d, ok, err := s.Collecte.Depot(c.UserContext())
	if err != nil {
		return nil, err
	}
	if !ok || d.Plan == nil {
		return nil, &mednum.Error{Code: mednum.Introuvable, Champ: "plan", Message: "Il n’y a pas de plan à lire : il n’est pas encore prêt, ou ses fichiers ne sont plus là. Revenez à la page des imports."}
	}
	return d.Plan, nil
}

func (s *site) servePlanImport(c *fiber.Ctx) error {
	p, err := s.planVu(c)
	if err != nil {
		return err
	}
	var lignes []ligneDePlan
	for i := range p.Lignes {
		l := &p.Lignes[i]
		lignes = append(lignes, ligneDePlan{Fichier: l.Fichier, Ligne: l.Ligne, Nom: cmp.Or(l.Nom, l.ID), Etat: string(l.Etat), Lieu: l.Lieu, Dit: s.direLignePlan(l)})
	}
	for _, a := range p.Absents {
		lignes = append(lignes, ligneDePlan{Nom: a.Nom, Etat: "absente", Lieu: a.Lieu, Dit: "La source « " + cmp.Or(s.Catalogue.NomFlux(a.Source), a.Source) + " » ne l’a plus. Son lieu reste."})
	}
	l := liste[ligneDePlan]{
		Chemin: cheminImports + "/plan", Nom: "plan-import", Titre: "Les fiches du plan", Un: "fiche", Plusieurs: "fiches",
		Vide: "Rien à dire : toutes les fiches lues sont sans changement.",
		Colonnes: []colonne[ligneDePlan]{
			{Cle: "nom", Titre: "Fiche", Case: func(l ligneDePlan) cellule { return texte(l.Nom) }},
			{Cle: "etat", Titre: "Ce qu’elle devient", Case: func(l ligneDePlan) cellule { return texte(etatDit(l.Etat)) }},
			{Titre: "Pourquoi, et ce qui change", Case: func(l ligneDePlan) cellule { return texte(l.Dit) }},
			{Cle: "ou", Titre: "Fichier, ligne", Case: func(l ligneDePlan) cellule {
				if l.Ligne == 0 {
					return texte(l.Fichier)
				}
				return cellule{Texte: fmt.Sprintf("%s, ligne %d", l.Fichier, l.Ligne), Ordre: fmt.Sprintf("%s %08d", l.Fichier, l.Ligne)}
			}},
		},
		Filtres: []filtre[ligneDePlan]{
			{Cle: "q", Titre: "Chercher", Passe: func(l ligneDePlan, v string) bool { return tousLesMots(l.Nom+" "+l.Dit, v) }},
			{Cle: "etat", Titre: "Ce qu’elle devient", Choix: etatsDits, Passe: func(l ligneDePlan, v string) bool { return l.Etat == v }},
		},
	}
	return rendreListe(s, c, l, lignes, func(t *tableau) error {
		return s.rendreLarge(c, "imports-lignes", "Le plan, fiche par fiche", "reseau", corpsPlan{"Le plan, fiche par fiche", "Les fiches sans changement et sans réparation sont comptées, mais pas listées.", t})
	})
}

// direLignePlan says why a row becomes what it does, and what changes.
func (s *site) direLignePlan(l *collecte.Ligne) string {
	var dits []string
	if l.Raison != "" {
		raison := sansOptions(l.Raison)
		if l.Champ != "" {
			raison = l.Champ.Libelle() + " : " + textes.Minuscule(raison)
		}
		dits = append(dits, raison)
	}
	if len(l.Raisons) > 0 {
		dits = append(dits, "C’est le lieu d’une autre fiche : "+strings.Join(l.Raisons, " ; ")+".")
	}
	for _, ch := range l.Changements {
		if ch.Champ == string(mednum.ChampDateMaj) && len(l.Changements) > 1 {
			continue
		}
		d := catalogue.EnMots(mednum.Difference{Champ: mednum.Champ(ch.Champ), Avant: ch.Avant, Apres: ch.Apres}, func(string) string { return "" })
		dits = append(dits, fmt.Sprintf("%s : %s → %s.", mednum.Champ(ch.Champ).Libelle(), d.Avant, d.Apres))
	}
	for i := range l.Questions {
		q := &l.Questions[i]
		if q.Genre == collecte.GenreCorrection {
			dits = append(dits, fmt.Sprintf("Une correction faite à la main que la source contredit (%s) : elle reste montrée, qui tient le lieu décidera.", q.Champ.Libelle()))
			continue
		}
		dits = append(dits, fmt.Sprintf("Est-ce le même lieu que « %s », %s ? Pour : %s.", q.Nom, textes.A(q.Commune), strings.Join(q.Raisons, " ; ")))
	}
	return strings.Join(dits, " ")
}

// reparee is what was mended of a row while it was read.
type reparee struct {
	Fichier, Nom string
	Ligne        int
	mednum.Remarque
}

func (s *site) serveReparations(c *fiber.Ctx) error {
	p, err := s.planVu(c)
	if err != nil {
		return err
	}
	var lignes []reparee
	for i := range p.Lignes {
		for _, r := range p.Lignes[i].Reparations {
			lignes = append(lignes, reparee{p.Lignes[i].Fichier, cmp.Or(p.Lignes[i].Nom, p.Lignes[i].ID), p.Lignes[i].Ligne, r})
		}
	}
	l := liste[reparee]{
		Chemin: cheminImports + "/reparations", Nom: "reparations", Titre: "Ce qui a été réparé en lisant", Un: "réparation", Plusieurs: "réparations", Vide: "Rien n’a été réparé.",
		Colonnes: []colonne[reparee]{
			{Cle: "ligne", Titre: "Fiche", Case: func(r reparee) cellule {
				return cellule{Texte: r.Nom, Detail: fmt.Sprintf("%s, ligne %d", r.Fichier, r.Ligne), Ordre: fmt.Sprintf("%s %08d", r.Fichier, r.Ligne)}
			}},
			{Cle: "champ", Titre: "Champ", Case: func(r reparee) cellule { return texte(r.Champ.Libelle()) }},
			{Titre: "Avant", Case: func(r reparee) cellule { return texte(r.Avant) }},
			{Titre: "Après", Case: func(r reparee) cellule { return texte(cmp.Or(r.Apres, "rien")) }},
			{Titre: "Pourquoi", Case: func(r reparee) cellule { return texte(textes.Majuscule(r.Motif)) }},
			{Cle: "revoir", Titre: "À revoir", Case: func(r reparee) cellule {
				if r.ARevoir {
					return cellule{Texte: "À revoir", Signe: "confirmer"}
				}
				return cellule{}
			}},
		},
		Filtres: []filtre[reparee]{
			{Cle: "q", Titre: "Chercher", Passe: func(r reparee, v string) bool {
				return tousLesMots(r.Nom+" "+r.Champ.Libelle()+" "+r.Avant+" "+r.Apres+" "+r.Motif, v)
			}},
			{Cle: "revoir", Titre: "Demande un regard", Choix: []choixFiltre{{"oui", "Oui"}, {"non", "Non"}}, Passe: func(r reparee, v string) bool { return r.ARevoir == (v == "oui") }},
		},
	}
	return rendreListe(s, c, l, lignes, func(t *tableau) error {
		return s.rendreLarge(c, "imports-lignes", "Ce qui a été réparé en lisant", "reseau", corpsPlan{"Ce qui a été réparé en lisant", "Les fichiers ne sont pas changés : c’est ce que nous gardons qui est réparé.", t})
	})
}

// serveRapport is the report of the plan, as the command writes it.
func (s *site) serveRapport(c *fiber.Ctx) error {
	d, ok, err := s.Collecte.Depot(c.UserContext())
	if err != nil {
		return err
	}
	p, err := s.planVu(c)
	if err != nil || !ok {
		return err
	}
	var b bytes.Buffer
	if err := p.EcrireRapport(&b, d.Etat != collecte.DepotFait, d.Le); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="rapport-import-`+mednum.DateOf(d.Le.In(s.Territoire.Location())).String()+`.json"`)
	return c.Send(b.Bytes())
}
