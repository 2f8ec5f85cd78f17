package web

import (
	"net/url"
	"slices"
	"strconv"
)

// tableChiffres is one table of figures of the board.
type tableChiffres struct {
	ID, Titre, Phrase string
	Colonnes          []string // of the figures, after what each row is about
	Lignes            []ligneChiffres
}

// ligneChiffres is one row: its bar is as long as the share of its first figure.
type ligneChiffres struct {
	Nom      string
	Alerte   bool // it is drawn as something to mend
	Part     string
	Largeur  int // percent
	Chiffres []chiffre
}

// chiffre is a number of places, and the list that has exactly them.
type chiffre struct {
	N    int
	Lien string
	Nom  string // what it counts, for who hears the link alone
}

// lienLieux is the list of published places under more filters.
func lienLieux(paires ...string) string {
	q := url.Values{"etat": {tousPublies}}
	for i := 0; i+1 < len(paires); i += 2 {
		q.Set(paires[i], paires[i+1])
	}
	return cheminLieux + "?" + q.Encode()
}

// compterLieux is the figure of the places that pass, with the filters that say so.
func compterLieux(lieux []lieuReseau, nom string, passe func(*lieuReseau) bool, paires ...string) chiffre {
	k := chiffre{Nom: nom, Lien: lienLieux(paires...)}
	for i := range lieux {
		if passe(&lieux[i]) {
			k.N++
		}
	}
	return k
}

// ligneDe is a row whose first figure is shown as a share of total.
func ligneDe(nom string, total int, chiffres ...chiffre) ligneChiffres {
	l := ligneChiffres{Nom: nom, Chiffres: chiffres}
	l.Part, l.Largeur = part100(chiffres[0].N, total)
	return l
}

// part100 is a share in words and in percent, rounded; it is 0 or 100 only where
// it is so.
func part100(n, total int) (dite string, arrondie int) {
	if total == 0 {
		return "", 0
	}
	arrondie = (200*n + total) / (2 * total)
	if n > 0 && n < total {
		arrondie = min(max(arrondie, 1), 99)
	}
	return strconv.Itoa(arrondie) + "\u00a0%", arrondie
}

// tables are the tables of the board, of published places.
func (s *site) tables(lieux []lieuReseau) []tableChiffres {
	return []tableChiffres{tableFraicheur(lieux), tableManques(lieux), tableSortes(lieux), s.tableEPCI(lieux)}
}

func tableFraicheur(lieux []lieuReseau) tableChiffres {
	b := tableChiffres{ID: "fraicheur", Titre: "Fraîcheur", Phrase: "Âge de la dernière vérification ou, sans elle, de la date que donne la source.", Colonnes: []string{"Lieux"}}
	for _, f := range tranches {
		k := compterLieux(lieux, f.Nom, func(l *lieuReseau) bool { return l.Fraicheur == f.Cle }, "fraicheur", f.Cle)
		l := ligneDe(f.Nom, len(lieux), k)
		l.Alerte = f.Mois == 0
		b.Lignes = append(b.Lignes, l)
	}
	return b
}

// tableManques is what places do not say, what most of them miss first.
func tableManques(lieux []lieuReseau) tableChiffres {
	b := tableChiffres{ID: "completude", Titre: "Complétude", Phrase: "Lieux qui ne disent pas encore ceci.", Colonnes: []string{"Lieux"}}
	for _, r := range renseignements {
		k := compterLieux(lieux, r.Nom+" : manque", func(l *lieuReseau) bool { return slices.Contains(l.Manques, r.Cle) }, "manque", r.Cle)
		l := ligneDe(r.Nom, len(lieux), k)
		l.Alerte = true
		b.Lignes = append(b.Lignes, l)
	}
	slices.SortStableFunc(b.Lignes, func(x, y ligneChiffres) int { return y.Chiffres[0].N - x.Chiffres[0].N })
	k := compterLieux(lieux, "tout est dit", func(l *lieuReseau) bool { return len(l.Manques) == 0 }, "manque", rienManque)
	b.Lignes = append(b.Lignes, ligneDe("Rien : tout est dit", len(lieux), k))
	return b
}

func tableSortes(lieux []lieuReseau) tableChiffres {
	b := tableChiffres{ID: "familles", Titre: "Familles", Phrase: "Un lieu peut être de plusieurs familles.", Colonnes: []string{"Lieux", "À confirmer"}}
	ligne := func(cle, nom string, est func(*lieuReseau) bool) {
		tous := compterLieux(lieux, nom, est, "famille", cle)
		vieux := compterLieux(lieux, nom+", à confirmer", func(l *lieuReseau) bool { return est(l) && l.Etat == etatConfirmer }, "famille", cle, "etat", etatConfirmer)
		b.Lignes = append(b.Lignes, ligneDe(nom, len(lieux), tous, vieux))
	}
	for _, f := range sortes {
		ligne(f.Cle, f.Nom, func(l *lieuReseau) bool { return slices.Contains(l.Sortes, f.Cle) })
	}
	ligne(sansSorte, "Aucune de celles-là", func(l *lieuReseau) bool { return len(l.Sortes) == 0 })
	return b
}

func (s *site) tableEPCI(lieux []lieuReseau) tableChiffres {
	b := tableChiffres{ID: "epci", Titre: "Intercommunalités", Phrase: "Les lieux de chacune, ceux qui sont à confirmer, et ceux dont personne ne répond.", Colonnes: []string{"Lieux", "À confirmer", "Sans équipe"}}
	for _, e := range s.epciDes(lieux) {
		dedans := func(l *lieuReseau) bool { return l.EPCI == e.Valeur }
		b.Lignes = append(b.Lignes, ligneDe(e.Nom, len(lieux),
			compterLieux(lieux, e.Nom, dedans, "epci", e.Valeur),
			compterLieux(lieux, e.Nom+", à confirmer", func(l *lieuReseau) bool { return dedans(l) && l.Etat == etatConfirmer }, "epci", e.Valeur, "etat", etatConfirmer),
			compterLieux(lieux, e.Nom+", sans équipe", func(l *lieuReseau) bool { return dedans(l) && len(l.Equipe) == 0 }, "epci", e.Valeur, "equipe", sansEquipe)))
	}
	return b
}

// tetes are the figures that the board begins with.
func tetes(lieux []lieuReseau) []chiffre {
	return []chiffre{
		compterLieux(lieux, "publiés", func(*lieuReseau) bool { return true }),
		compterLieux(lieux, "à confirmer", func(l *lieuReseau) bool { return l.Etat == etatConfirmer }, "etat", etatConfirmer),
		compterLieux(lieux, "sans horaires", func(l *lieuReseau) bool { return slices.Contains(l.Manques, "horaires") }, "manque", "horaires"),
		compterLieux(lieux, "dont personne ne répond", func(l *lieuReseau) bool { return len(l.Equipe) == 0 }, "equipe", sansEquipe),
	}
}
