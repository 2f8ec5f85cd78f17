package web

import (
	"net/url"
	"strconv"

	"82numerique.fr/adeuxpas/internal/textes"
)

// tableau is a list as {{template "tableau"}} shows it. Addresses hold the prefix
// of the site.
type tableau struct {
	Titre     string
	Chemin    string
	Phrase    string // "12 lieux sur 195"
	Vide      string // instead of the table, "" when it has rows
	Remarques []string
	Filtres   []filtreVu
	Filtre    bool   // a filter is set
	Sans      string // the list without filters
	Caches    []parametre
	Tris      []triVu // for small screens, on which headings are not shown
	Colonnes  []enteteVu
	Lignes    []ligneVue
	Hors      bool // rows of other pages are there too, for paper only
	Manquent  bool // they are too many for that
	Page      int
	Pages     int
	Avant     string
	Apres     string
	CSV, XLSX string
}

type filtreVu struct {
	Cle, Titre, Valeur string
	Choix              []choixVu
	Jour               bool
}

type choixVu struct {
	Valeur, Nom string
	Choisi      bool
}

type parametre struct{ Nom, Valeur string }

type triVu struct {
	Valeur, Nom string
	Choisi      bool
}

type enteteVu struct {
	Titre, Lien string
	Sens        string // aria-sort, "" where the list is not sorted by it
	Nombre      bool
	Geste       bool
}

type ligneVue struct {
	Cases []cellule
	Hors  bool // of another page: on paper only
}

// adresse is the list with its filters, and other parameters after them.
func (v *vueListe[T]) adresse(filtree bool, paires ...string) string {
	q := url.Values{}
	for nom, valeurs := range v.Fixes {
		q[nom] = valeurs
	}
	if filtree {
		for cle, valeur := range v.valeurs {
			q.Set(cle, valeur)
		}
	}
	for i := 0; i+1 < len(paires); i += 2 {
		if paires[i+1] != "" {
			q.Set(paires[i], paires[i+1])
		}
	}
	if len(q) == 0 {
		return v.racine + v.Chemin
	}
	return v.racine + v.Chemin + "?" + q.Encode()
}

// triActuel is the order as the address has it, "" for that of the list.
func (v *vueListe[T]) triActuel() string {
	tri := v.tri
	if v.inverse {
		tri = "-" + tri
	}
	if tri == v.Tri {
		return ""
	}
	return tri
}

// montrer is the page of the list that is asked for.
func (v *vueListe[T]) montrer(toutes, choisies []T) *tableau {
	pages := max(1, (len(choisies)+lignesParPage-1)/lignesParPage)
	page, tri := min(v.page, pages), v.triActuel()
	t := &tableau{
		Titre: v.Titre, Chemin: v.racine + v.Chemin, Phrase: textes.Pluriel(len(choisies), v.Un, v.Plusieurs),
		Filtre: len(v.valeurs) > 0, Sans: v.adresse(false, parametreTri, tri), Remarques: v.remarques, Page: page, Pages: pages,
		CSV:  v.adresse(true, parametreTri, tri, parametreFormat, "csv"),
		XLSX: v.adresse(true, parametreTri, tri, parametreFormat, "xlsx"),
	}
	if len(choisies) < len(toutes) {
		t.Phrase += " sur " + textes.Nombre(len(toutes))
	}
	switch {
	case len(toutes) == 0:
		t.Vide = v.Vide
	case len(choisies) == 0:
		t.Vide = "Rien ne correspond à ces filtres. Enlevez-en un, ou tous."
	}
	for nom, valeurs := range v.Fixes {
		for _, valeur := range valeurs {
			t.Caches = append(t.Caches, parametre{nom, valeur})
		}
	}
	if page > 1 {
		t.Avant = v.adresse(true, parametreTri, tri, parametrePage, strconv.Itoa(page-1))
	}
	if page < pages {
		t.Apres = v.adresse(true, parametreTri, tri, parametrePage, strconv.Itoa(page+1))
	}
	v.montrerFiltres(t)
	v.montrerColonnes(t)
	v.montrerLignes(t, choisies)
	return t
}

func (v *vueListe[T]) montrerFiltres(t *tableau) {
	for _, f := range v.Filtres {
		vu := filtreVu{Cle: f.Cle, Titre: f.Titre, Valeur: v.valeurs[f.Cle], Jour: f.Jour}
		for _, x := range f.Choix {
			vu.Choix = append(vu.Choix, choixVu{x.Valeur, x.Nom, x.Valeur == vu.Valeur})
		}
		t.Filtres = append(t.Filtres, vu)
	}
}

func (v *vueListe[T]) montrerColonnes(t *tableau) {
	for _, c := range v.Colonnes {
		if c.FichierSeul {
			continue
		}
		e := enteteVu{Titre: c.Titre, Geste: c.EcranSeul}
		if c.Cle != "" {
			vers := c.Cle
			t.Tris = append(t.Tris,
				triVu{c.Cle, c.Titre, v.tri == c.Cle && !v.inverse},
				triVu{"-" + c.Cle, c.Titre + ", à l’envers", v.tri == c.Cle && v.inverse})
			if v.tri == c.Cle {
				e.Sens = "descending"
				if !v.inverse {
					e.Sens, vers = "ascending", "-"+c.Cle
				}
			}
			e.Lien = v.adresse(true, parametreTri, vers)
		}
		t.Colonnes = append(t.Colonnes, e)
	}
}

// montrerLignes shows the rows of the page; those of the others stand beside
// them for paper, unless they are too many.
func (v *vueListe[T]) montrerLignes(t *tableau, choisies []T) {
	debut := (t.Page - 1) * lignesParPage
	fin := min(debut+lignesParPage, len(choisies))
	t.Hors = t.Pages > 1 && len(choisies) <= lignesPapier
	t.Manquent = t.Pages > 1 && !t.Hors
	for n, ligne := range choisies {
		dedans := n >= debut && n < fin
		if !dedans && !t.Hors {
			continue
		}
		l := ligneVue{Hors: !dedans}
		for _, c := range v.Colonnes {
			if !c.FichierSeul {
				l.Cases = append(l.Cases, c.Case(ligne))
			}
		}
		t.Lignes = append(t.Lignes, l)
	}
	if len(t.Lignes) > 0 {
		for i, c := range t.Lignes[0].Cases {
			t.Colonnes[i].Nombre = c.Nombre != nil
		}
	}
}
