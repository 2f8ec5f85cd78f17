package web

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/textes"
)

// routesImports are the pages where people bring files.
func (s *site) routesImports(e fiber.Router) {
	i := e.Group("/imports", s.withToutCoordonne)
	i.Get("/", s.serveImports)
	i.Post("/", s.postDeposer)
	i.Get("/plan", s.servePlanImport)
	i.Get("/reparations", s.serveReparations)
	i.Get("/rapport.json", s.serveRapport)
	i.Get("/colonnes", s.serveColonnes)
	i.Post("/colonnes", s.postColonnes)
	i.Post("/appliquer", s.postAppliquer)
	i.Post("/refaire", s.postRefaire)
	i.Post("/abandonner", s.postAbandonner)
}

// fileImports is what waits of imports and sources, as the board shows it: files
// that somebody has to decide on, sources that wait or fail.
func (s *site) fileImports(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Imports et sources", Phrase: "Des fichiers lus qui attendent une décision, et des sources en échec.", Lien: "/espace/sources"}
	if !s.coordonneTout(c) {
		return f, nil
	}
	compter := func(depuis time.Time) {
		f.Combien++
		if f.Depuis.IsZero() || depuis.Before(f.Depuis) {
			f.Depuis = depuis
		}
	}
	d, ok, err := s.Collecte.Depot(c.UserContext())
	if err != nil {
		return f, err
	}
	if ok && d.Ouvert() && !d.EnCours() {
		f.Lien = cheminImports
		compter(d.Le)
	}
	liste, err := s.Sources.Liste(c.UserContext())
	for i := range liste {
		if src := &liste[i]; !src.Suspendue && (src.Etat == sources.Attend || src.Etat == sources.Echec) {
			f.Lien = "/espace/sources"
			compter(src.Dernier)
		}
	}
	return f, err
}

// corpsImports is the page of imports.
type corpsImports struct {
	*saisie
	Depot    *depotVue // nil when none was ever made
	Licences []string
	Octets   int // the most that is taken, in Mo
	Nombre   int // of files
	Tableau  *tableau
}

// depotVue is the import at hand, in words.
type depotVue struct {
	*collecte.Depot
	Qui, Quand, Mien string
	Titre            string
	Raison           string
	Etape            string
	Pourcent         int // of the step, -1 when it is not known
	Fichiers         []fichierVu
	Bilan            []string
	Ailleurs         bool // another program holds it
	Ecrit            bool // the plan writes something
	Questions        int
	Ecartees         int
	Reparees         int
	ParColonnes      bool // somebody's own table is among the files
}

// fichierVu is a file of an import, in words.
type fichierVu struct {
	Nom, Format, Source, Edition, Licence string
	Remarques                             []string
}

func (s *site) serveImports(c *fiber.Ctx) error {
	return s.rendreImports(c, newSaisie("zone", string(collecte.ZoneTout)))
}

func (s *site) rendreImports(c *fiber.Ctx, f *saisie) error {
	faits, err := s.Collecte.Imports(c.UserContext())
	if err != nil {
		return err
	}
	var qui []string
	for i := range faits {
		qui = append(qui, faits[i].Auteur)
	}
	noms, err := s.nomsDecideurs(c, qui)
	if err != nil {
		return err
	}
	corps := corpsImports{saisie: f, Licences: licencesPossibles, Octets: collecte.OctetsMax >> 20, Nombre: collecte.FichiersMax}
	if corps.Depot, err = s.depotVu(c); err != nil {
		return err
	}
	return rendreListe(s, c, s.listeImports(noms), faits, func(t *tableau) error {
		corps.Tableau = t
		titre := "Les imports"
		switch {
		case len(f.Fautes) > 0:
			c.Status(fiber.StatusBadRequest)
			titre = "À corriger : importer des fichiers"
		case corps.Depot != nil && corps.Depot.EnCours():
			c.Set("Refresh", "3") // the page says how far it is, without a script
		}
		return s.rendreLarge(c, "imports", titre, "reseau", corps)
	})
}

// licencesPossibles are those that a file may be given.
var licencesPossibles = []string{mednum.LicenceOuverte, mednum.LicenceODbL, mednum.LicenceInconnue}

// depotVu is the import at hand, nil when there never was one.
func (s *site) depotVu(c *fiber.Ctx) (*depotVue, error) {
	d, ok, err := s.Collecte.Depot(c.UserContext())
	if err != nil || !ok {
		return nil, err
	}
	noms, err := s.nomsDecideurs(c, []string{d.Par})
	if err != nil {
		return nil, err
	}
	v := &depotVue{
		Depot: &d, Qui: s.direQui(d.Par, noms), Quand: s.direMoment(d.Le), Titre: titresDepot[d.Etat], Raison: sansOptions(d.Raison), Pourcent: -1,
		Ailleurs: d.Ouvert() && !d.Ici, ParColonnes: len(d.Colonnes) > 0,
	}
	if d.Par == connexion(c).Compte.Auteur() {
		v.Qui = "vous"
	}
	if v.Etape = etapesDites[d.Etape]; d.Total > 0 {
		v.Pourcent = min(100, d.Fait*100/d.Total)
	}
	if d.Bilan != nil {
		v.Bilan = phrasesDe(d.Bilan.String())
	}
	if d.Plan != nil {
		v.compter(d.Plan)
	}
	return v, nil
}

var titresDepot = map[collecte.EtatDepot]string{
	collecte.DepotLecture: "Le plan se prépare", collecte.DepotColonnes: "Des colonnes restent à nommer", collecte.DepotPret: "Le plan est prêt : rien n’est encore écrit",
	collecte.DepotEcriture: "L’import s’écrit", collecte.DepotPerime: "Le plan est à refaire", collecte.DepotFait: "L’import est écrit",
	collecte.DepotRefuse: "L’import est refusé : rien n’est écrit", collecte.DepotPerdu: "L’import s’est arrêté", collecte.DepotAbandon: "L’import est abandonné",
}

var etapesDites = map[collecte.Etape]string{
	"": "Les fichiers sont lus", collecte.EtapeSituer: "Chaque fiche trouve sa commune", collecte.EtapeRapprocher: "Les fiches sont comparées",
	collecte.EtapeConsolider: "Les lieux sont refaits", collecte.EtapeEcrire: "Les lieux sont écrits",
}

func phrasesDe(texte string) []string { return strings.Split(strings.TrimSpace(texte), "\n") }

// compter adds what the plan says.
func (v *depotVue) compter(p *collecte.Plan) {
	v.Ecrit = p.Ecrit()
	for i := range p.Lignes {
		l := &p.Lignes[i]
		v.Questions += len(l.Questions)
		v.Reparees += len(l.Reparations)
		if l.Etat == collecte.EtatEcarte {
			v.Ecartees++
		}
	}
	for i := range p.Fichiers {
		f := &p.Fichiers[i]
		vu := fichierVu{Nom: f.Fichier, Format: f.Format, Source: f.Source, Licence: f.Licence}
		if !f.Edition.IsZero() {
			vu.Edition = direDates(f.Edition.String())
		}
		if f.Supposee {
			vu.Remarques = append(vu.Remarques, "Rien ne dit sa licence : "+f.Licence+" est supposée. Si c’en est une autre, recommencez en la choisissant.")
		} else if f.Licence == mednum.LicenceInconnue {
			vu.Remarques = append(vu.Remarques, "Licence inconnue : ces lieux ne seront pas dans les fichiers ouverts.")
		}
		if !f.Derniere.IsZero() {
			vu.Remarques = append(vu.Remarques, "Il est plus ancien que le dernier lu de cette source ("+direDates(f.Derniere.String())+") : il ne remplace rien.")
		}
		if len(f.NonLues) > 0 {
			vu.Remarques = append(vu.Remarques, "Colonnes que rien ne désigne, non gardées : "+strings.Join(f.NonLues, ", ")+".")
		}
		v.Fichiers = append(v.Fichiers, vu)
	}
	if p.Geocodage.Phrase != "" {
		v.Bilan = append(v.Bilan, p.Geocodage.Phrase)
	}
	v.Bilan = append(v.Bilan, textes.Pluriel(p.LieuxNouveaux, "lieu créé.", "lieux créés."), textes.Pluriel(len(p.Lieux), "lieu modifié.", "lieux modifiés."))
}

// motifOption is what the words of the commands say to type.
var motifOption = regexp.MustCompile(`(?i)(,? par exemple)?\s*:? ?(avec )?--colonnes "[^"]*"`)

// sansOptions says in the words of the pages what the commands say in theirs.
func sansOptions(phrase string) string {
	phrase = motifOption.ReplaceAllString(phrase, " plus bas")
	return strings.NewReplacer(
		"avec --date AAAA-MM-JJ", "avec le champ « Date »", ": --date AAAA-MM-JJ", "avec le champ « Date »", "--date AAAA-MM-JJ", "avec le champ « Date »",
		": --licence", "avec le champ « Licence »",
	).Replace(phrase)
}

func (s *site) postDeposer(c *fiber.Ctx) error {
	f, fichiers, fermer, err := lireEnvoi(c)
	defer fermer()
	if err != nil {
		return err
	}
	r := collecte.Reglages{Source: f.V("source"), Licence: f.V("licence"), Zone: collecte.Zone(cmp.Or(f.V("zone"), string(collecte.ZoneTout)))}
	lireReglages(f, &r)
	if len(f.Fautes) == 0 {
		_, err = s.Collecte.Deposer(c.UserContext(), connexion(c).Compte.Auteur(), r, fichiers)
		if err == nil {
			return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
		}
		if !f.fauter(err, "fichiers") {
			return err
		}
	}
	return s.rendreImports(c, f)
}

const sourceMax = 80 // characters

// lireReglages reads what a form says of the files; what is wrong is noted on it.
func lireReglages(f *saisie, r *collecte.Reglages) {
	if f.V("date") != "" {
		r.Date = lireDateDe(f, "date")
	}
	if len([]rune(r.Source)) > sourceMax || strings.ContainsFunc(r.Source, func(x rune) bool { return x < ' ' }) {
		f.Fautes["source"] = fmt.Sprintf("Ce nom est trop long, ou contient un signe invisible : %d caractères au plus.", sourceMax)
	}
	if r.Licence != "" && !slices.Contains(licencesPossibles, r.Licence) {
		f.Fautes["licence"] = "Choisissez une licence de la liste."
	}
	if !slices.Contains([]collecte.Zone{collecte.ZoneTout, collecte.ZoneDepartement, collecte.ZoneVoisinage}, r.Zone) {
		f.Fautes["zone"] = "Choisissez une zone de la liste."
	}
}

func (s *site) postAppliquer(c *fiber.Ctx) error {
	if err := s.Collecte.Valider(c.UserContext(), c.FormValue("jeton"), c.FormValue("operation")); err != nil {
		return s.refuserDepot(c, err)
	}
	return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
}

func (s *site) postRefaire(c *fiber.Ctx) error {
	if err := s.Collecte.Refaire(c.UserContext(), c.FormValue("jeton"), nil); err != nil {
		return s.refuserDepot(c, err)
	}
	return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
}

func (s *site) postAbandonner(c *fiber.Ctx) error {
	if err := s.Collecte.Abandonner(c.UserContext(), c.FormValue("jeton")); err != nil {
		return s.refuserDepot(c, err)
	}
	s.noter(c, registre.Acte{Genre: registre.GenreImport, Texte: "Import abandonné avant d’être écrit"})
	return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
}

// refuserDepot goes back to the page, which shows where the import is; other errors
// are what they are.
func (s *site) refuserDepot(c *fiber.Ctx, err error) error {
	if !estCode(err, mednum.Perime) && !estCode(err, mednum.Conflit) {
		return err
	}
	f := newSaisie("zone", string(collecte.ZoneTout))
	f.Fautes["import"] = messageDe(err)
	return s.rendreImports(c, f)
}

// listeImports are the imports that were written.
func (s *site) listeImports(noms auteurs) liste[collecte.Importe] {
	compte := func(f func(*collecte.Bilan) int) func(collecte.Importe) cellule {
		return func(m collecte.Importe) cellule {
			if m.Bilan == nil {
				return cellule{}
			}
			return nombre(f(m.Bilan))
		}
	}
	return liste[collecte.Importe]{
		Chemin: cheminImports, Nom: "imports", Titre: "Les imports déjà écrits", Un: "import", Plusieurs: "imports",
		Vide: "Aucun import n’a encore été écrit.",
		Colonnes: []colonne[collecte.Importe]{
			{Cle: "quand", Titre: "Quand", Case: func(m collecte.Importe) cellule {
				return cellule{Texte: s.momentDit(m.Le), Ordre: m.Le.UTC().Format(time.RFC3339), Detail: textes.Couper(strings.Join(m.Fichiers, ", "), 80)}
			}},
			{Cle: "qui", Titre: "Par", Case: func(m collecte.Importe) cellule { return texte(textes.Majuscule(s.direQui(m.Auteur, noms))) }},
			{Titre: "Fiches lues", Case: compte(func(b *collecte.Bilan) int { return b.Lus })},
			{Titre: "Nouvelles", Case: compte(func(b *collecte.Bilan) int { return b.Nouveaux })},
			{Titre: "Modifiées", Case: compte(func(b *collecte.Bilan) int { return b.Modifies })},
			{Titre: "Rattachées", Case: func(m collecte.Importe) cellule { return nombre(m.Joints) }},
			{Titre: "À décider", Case: compte(func(b *collecte.Bilan) int { return b.ADecider })},
			{Titre: "Écartées", Case: compte(func(b *collecte.Bilan) int { return b.Ecartes })},
			{Titre: "Ce qui se défait", EcranSeul: true, Case: func(m collecte.Importe) cellule {
				switch {
				case m.Defaite != "":
					return texte("Ses rattachements sont défaits.")
				case m.Joints > 0:
					return lie("Rendre à chaque fiche rattachée un lieu à elle…", cheminDoublons+"/defaire/"+m.ID)
				}
				return texte("Chaque lieu revient à une version d’avant, par son histoire.")
			}},
		},
	}
}

// corpsColonnes is the page that says what the columns of tables are.
type corpsColonnes struct {
	*depotVue
	Fautes   map[string]string
	Fichiers []tableDe
}

// tableDe is a table of one's own, and what may be said of its columns.
type tableDe struct {
	Nom      string
	Colonnes []colonneDe
}

type colonneDe struct {
	Champ, Nom, Exemples string
	Choix                []optionDroit
	Choisi               string
}

// ciblesDites are what a column may be, in words.
func ciblesDites() []optionDroit {
	autres := map[string]string{
		"adresse_complete": "Adresse complète (rue, code postal et commune)", "numero_voie": "Numéro dans la voie", "coordonnees": "Coordonnées (latitude, longitude)", "ignorer": "Ne pas garder cette colonne",
	}
	var liste []optionDroit
	for _, cible := range norme.Cibles() {
		dit := autres[cible]
		switch {
		case dit != "":
		case slices.Contains(textes.Jours(), cible):
			dit = "Horaires du " + cible
		default:
			dit = mednum.Champ(cible).Libelle()
		}
		liste = append(liste, optionDroit{cible, dit})
	}
	return liste
}

func (s *site) serveColonnes(c *fiber.Ctx) error {
	v, err := s.depotVu(c)
	if err != nil {
		return err
	}
	if v == nil || v.Ailleurs || !v.Ouvert() || v.EnCours() || len(v.Colonnes) == 0 {
		return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
	}
	corps := corpsColonnes{depotVue: v}
	choix := ciblesDites()
	for i, t := range v.Colonnes {
		table := tableDe{Nom: t.Fichier}
		for j, col := range t.Colonnes {
			d := colonneDe{fmt.Sprintf("c-%d-%d", i, j), col.Nom, textes.Couper(strings.Join(col.Exemples, " ; "), 120), choix, col.Cible}
			if _, valeur, ouiNon := strings.Cut(col.Cible, ":"); ouiNon {
				d.Choix = append(slices.Clone(choix), optionDroit{col.Cible, "Oui ou non : " + valeur})
			}
			table.Colonnes = append(table.Colonnes, d)
		}
		corps.Fichiers = append(corps.Fichiers, table)
	}
	return s.rendreEspace(c, "imports-colonnes", "Ce que sont les colonnes", "reseau", corps)
}

func (s *site) postColonnes(c *fiber.Ctx) error {
	v, err := s.depotVu(c)
	if err != nil {
		return err
	}
	jeton := c.FormValue("jeton")
	if v == nil || v.Jeton != jeton {
		return s.refuserDepot(c, &mednum.Error{Code: mednum.Perime, Champ: "jeton", Message: "Cet import n’est plus celui qui est en cours."})
	}
	f := lireSaisie(c)
	dites := map[string]norme.Correspondance{}
	for i, t := range v.Colonnes {
		dites[t.Fichier] = norme.Correspondance{}
		for j, col := range t.Colonnes {
			if cible := f.V(fmt.Sprintf("c-%d-%d", i, j)); cible != "" {
				dites[t.Fichier][col.Nom] = cible
			}
		}
	}
	if err := s.Collecte.Refaire(c.UserContext(), jeton, dites); err != nil {
		return s.refuserDepot(c, err)
	}
	return c.Redirect(s.chemin(cheminImports), fiber.StatusSeeOther)
}
