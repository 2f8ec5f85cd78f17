package web

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/textes"
)

const cheminSources = "/espace/sources"

// routesSources are the pages of the files that come back by themselves.
func (s *site) routesSources(e fiber.Router) {
	r := e.Group("/sources", s.withToutCoordonne)
	r.Get("/", s.serveSources)
	r.Get("/ajouter", s.serveAjouterSource)
	r.Post("/ajouter", s.postAjouterSource)
	r.Get("/:source", s.serveSource)
	r.Get("/:source/reglages", s.serveReglages)
	r.Post("/:source/reglages", s.postReglages)
	r.Post("/:source/lire", s.postLire)
	r.Post("/:source/simuler", s.postSimuler)
	r.Post("/:source/appliquer", s.postAppliquerSource)
	r.Post("/:source/pause", s.postPauseSource)
	r.Post("/:source/reprendre", s.postReprendreSource)
	r.Get("/:source/retirer", s.serveRetirerSource)
	r.Post("/:source/retirer", s.postRetirerSource)
}

// sourceVue is a source in words.
type sourceVue struct {
	sources.Source
	EtatDit   string
	Souci     bool // it waits, or fails
	Lue       string
	Prochaine string
	Lecture   bool // it is being read, or will be in a moment
}

var etatsSource = map[sources.Etat]string{
	sources.Nouvelle: "Jamais lue", sources.AJour: "À jour", sources.Applique: "Lue, et écrite", sources.Attend: "Attend une décision", sources.Echec: "En échec",
}

func (s *site) sourceVue(src *sources.Source) sourceVue {
	v := sourceVue{Source: *src, EtatDit: etatsSource[src.Etat], Souci: src.Etat == sources.Attend || src.Etat == sources.Echec}
	v.Raison = sansCommandes(src.Raison)
	if src.Echecs > 1 {
		v.EtatDit += fmt.Sprintf(" (%d fois de suite)", src.Echecs)
	}
	if src.Suspendue {
		v.EtatDit += ", en pause"
	}
	if !src.Dernier.IsZero() {
		v.Lue = s.direMoment(src.Dernier)
	}
	switch {
	case src.Suspendue:
		v.Prochaine = "aucune : la source est en pause"
	case !src.Prochain.After(s.Now()):
		v.Prochaine = "dans un instant"
	default:
		v.Prochaine = s.momentDit(src.Prochain)
	}
	v.Lecture = src.Demande != nil || !src.Lue(s.Now()).IsZero()
	return v
}

// sansCommandes says in the words of the pages what refusals say of commands.
func sansCommandes(phrase string) string {
	return strings.NewReplacer(" Voyez « adeuxpas source lister ».", "", " Retirez-la d’abord : ses fiches restent.", " Choisissez un autre nom, ou changez ses réglages.").Replace(sansOptions(phrase))
}

// corpsSources is the list of sources.
type corpsSources struct {
	Sources  []sourceVue
	Offertes []sources.Connue
	Fait     string
}

func (s *site) serveSources(c *fiber.Ctx) error {
	liste, err := s.Sources.Liste(c.UserContext())
	if err != nil {
		return err
	}
	corps := corpsSources{Fait: faitsSources[c.Query("fait")]}
	for i := range liste {
		corps.Sources = append(corps.Sources, s.sourceVue(&liste[i]))
	}
	if corps.Offertes, err = s.Sources.Offertes(c.UserContext()); err != nil {
		return err
	}
	return s.rendreEspace(c, "sources", "Les sources", "reseau", corps)
}

// faitsSources are what an address may say was done to a source.
var faitsSources = map[string]string{
	"source-ajoutee":    "La source est ajoutée. Sa première lecture commence dans un instant.",
	"source-lire":       "La lecture est demandée. Elle commence dans un instant.",
	"source-simuler":    "L’essai est demandé. Il commence dans un instant, et n’écrit rien.",
	"source-appliquer":  "L’écriture est demandée. Le fichier est relu d’abord : s’il a changé, il attendra de nouveau.",
	"source-pause":      "La source est en pause : le service ne la lit plus.",
	"source-reprise":    "La source est de nouveau lue à son heure.",
	"source-reglages":   "Les réglages sont enregistrés.",
	"source-retiree":    "La source est retirée. Ses fiches restent.",
	"source-deja-prise": "Cette source n’attend plus de décision : quelqu’un d’autre a déjà répondu.",
}

// corpsSource is the page of one source.
type corpsSource struct {
	sourceVue
	Fait      string
	Reglages  [][2]string // name, value
	Essai     *passageVu
	EssaiDit  []string
	AttendDit []string // what the edition that waits would do
	Passages  []passageVu
	Montre    *passageVu // the run whose summary is asked for
	MontreDit []string
	Questions string // path of the pairs of its records, "" for none
}

// passageVu is a run in words.
type passageVu struct {
	Cle, Quand, Par, Etat, Raison, Bilan, Poids string
	Souci                                       bool
}

func (s *site) passageVu(p *sources.Passage, noms auteurs) passageVu {
	v := passageVu{Cle: p.Cle(), Quand: s.momentDit(p.Le), Par: s.direQui(p.Par, noms), Etat: etatsSource[p.Etat], Raison: sansCommandes(p.Raison), Souci: p.Etat == sources.Attend || p.Etat == sources.Echec}
	if p.Bilan != nil {
		v.Bilan = strings.Join(phrasesDe(p.Bilan.String()), " ")
	}
	if p.Octets > 0 {
		v.Poids = fmt.Sprintf("%s ko en %s s", textes.Nombre(int(p.Octets+1023)/1024), strings.Replace(strconv.FormatFloat(p.Duree.Seconds(), 'f', 1, 64), ".", ",", 1))
	}
	return v
}

func (s *site) serveSource(c *fiber.Ctx) error {
	src, err := s.Sources.Source(c.UserContext(), c.Params("source"))
	if err != nil {
		return s.sourceInconnue(err)
	}
	corps := corpsSource{sourceVue: s.sourceVue(&src), Fait: faitsSources[c.Query("fait")], Reglages: s.direReglages(&src)}
	var qui []string
	for i := range src.Passages {
		qui = append(qui, src.Passages[i].Par)
	}
	if src.Essai != nil {
		qui = append(qui, src.Essai.Par)
	}
	noms, err := s.nomsDecideurs(c, qui)
	if err != nil {
		return err
	}
	for i := range src.Passages {
		corps.Passages = append(corps.Passages, s.passageVu(&src.Passages[i], noms))
	}
	if err := s.rapports(c, &src, &corps, noms); err != nil {
		return err
	}
	if src.Flux != "" {
		if corps.Questions, err = s.questionsDe(c, src.Flux); err != nil {
			return err
		}
	}
	if corps.Lecture {
		c.Set("Refresh", "3")
	}
	return s.rendreEspace(c, "sources-une", src.Nom, "reseau", corps)
}

// rapports adds the summaries that the page of a source shows.
func (s *site) rapports(c *fiber.Ctx, src *sources.Source, corps *corpsSource, noms auteurs) error {
	lire := func(cle string) ([]string, error) {
		dit, err := s.Sources.Rapport(c.UserContext(), src.ID, cle)
		if err != nil || dit == "" {
			return nil, err
		}
		return phrasesDe(sansCommandes(dit)), nil
	}
	var err error
	if src.Essai != nil {
		vu := s.passageVu(src.Essai, noms)
		corps.Essai = &vu
		if corps.EssaiDit, err = lire("essai"); err != nil {
			return err
		}
	}
	for i := range src.Passages {
		p := &src.Passages[i]
		if src.Etat == sources.Attend && i == 0 {
			if corps.AttendDit, err = lire(p.Cle()); err != nil {
				return err
			}
		}
		if c.Query("lecture") == p.Cle() {
			corps.Montre = &corps.Passages[i]
			if corps.MontreDit, err = lire(p.Cle()); err != nil {
				return err
			}
		}
	}
	return nil
}

// questionsDe is where the pairs of the records of a flow are decided, "" when
// there is none.
func (s *site) questionsDe(c *fiber.Ctx, flux string) (string, error) {
	liste, err := s.questions(c)
	for i := range liste {
		if fluxDe(liste[i].Fiches[0]) == flux || fluxDe(liste[i].Fiches[1]) == flux {
			return cheminDoublons + "?source=" + flux, err
		}
	}
	return "", err
}

func (s *site) direReglages(src *sources.Source) [][2]string {
	zones := map[collecte.Zone]string{collecte.ZoneTout: "toutes les fiches", collecte.ZoneDepartement: "celles du département", collecte.ZoneVoisinage: "celles du département et de 30 km autour"}
	dates := map[sources.RegleDate]string{
		sources.DateAuto: "celle du nom du fichier, ou sa dernière modification", sources.DateModification: "la dernière modification du fichier", sources.DateLecture: "celle de la lecture",
	}
	return [][2]string{
		{"Adresse", src.URL}, {"Lue", src.Rythme.String() + ", à l’heure du territoire"}, {"Fiches prises", zones[src.Zone]},
		{"Licence", cmp.Or(src.Licence, "ce que dit son format")}, {"Date des fiches qui n’en portent pas", dates[src.Date]}, {"Ajoutée", s.direQuand(src.Cree)},
	}
}

// sourceInconnue says it in the words of the pages.
func (s *site) sourceInconnue(err error) error {
	var e *mednum.Error
	if errors.As(err, &e) && e.Code == mednum.Introuvable {
		return &mednum.Error{Code: e.Code, Champ: e.Champ, Message: sansCommandes(e.Message)}
	}
	return err
}

// corpsReglages is the form of a source, a new one or not.
type corpsReglages struct {
	*saisie
	Neuve    bool
	ID, Nom  string
	Heures   []int
	Licences []string
}

var champsSource = []string{"nom", "url", "chaque", "heure", "zone", "licence", "date", "colonnes"}

func (s *site) rendreReglages(c *fiber.Ctx, f *saisie, id, nom string) error {
	corps := corpsReglages{saisie: f, Neuve: id == "", ID: id, Nom: nom, Licences: licencesPossibles}
	for h := range 24 {
		corps.Heures = append(corps.Heures, h)
	}
	titre := "Ajouter une source"
	if id != "" {
		titre = "Les réglages de " + nom
	}
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
		titre = "À corriger : " + textes.Minuscule(titre)
	}
	return s.rendreEspace(c, "sources-reglages", titre, "reseau", corps)
}

func (s *site) serveAjouterSource(c *fiber.Ctx) error {
	return s.rendreReglages(c, newSaisie("chaque", "semaine", "heure", "3", "zone", "tout", "date", "auto"), "", "")
}

// demandeDe is what a form says of a source.
func demandeDe(f *saisie) (sources.Demande, error) {
	colonnes, err := norme.ParseCorrespondance(f.V("colonnes"))
	if err != nil {
		return sources.Demande{}, invalide("colonnes", messageDe(err))
	}
	heure := -1
	if n, err := strconv.Atoi(f.V("heure")); err == nil {
		heure = n
	}
	return sources.Demande{
		Nom: f.V("nom"), URL: f.V("url"), Chaque: sources.Periode(f.V("chaque")), Heure: heure, Zone: collecte.Zone(f.V("zone")),
		Licence: f.V("licence"), Date: sources.RegleDate(f.V("date")), Colonnes: colonnes,
	}, nil
}

// fauterSource notes a refusal on the form of a source.
func fauterSource(f *saisie, err error) bool {
	var e *mednum.Error
	if !errors.As(err, &e) {
		return false
	}
	champ := e.Champ
	switch e.Code {
	case mednum.EnTrop:
		champ = "nom"
	case mednum.Invalide, mednum.Conflit:
	default:
		return false
	}
	for _, connu := range champsSource {
		if connu == champ {
			f.Fautes[champ] = sansCommandes(e.Message)
			return true
		}
	}
	return false
}

func (s *site) postAjouterSource(c *fiber.Ctx) error {
	f := lireSaisie(c)
	var d sources.Demande
	var err error
	if connue := f.V("connue"); connue != "" {
		d = sources.Demande{Nom: connue, Heure: 3}
	} else if d, err = demandeDe(f); err == nil && d.URL == "" {
		err = invalide("url", "Donnez l’adresse du fichier.")
	}
	var src sources.Source
	if err == nil {
		src, err = s.Sources.Ajouter(c.UserContext(), d)
	}
	if err != nil {
		if fauterSource(f, err) {
			return s.rendreReglages(c, f, "", "")
		}
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreSource, Objet: "source:" + src.ID, Texte: "Source ajoutée"})
	return s.fait(c, cheminSources+"/"+src.ID, "source-ajoutee")
}

func (s *site) serveReglages(c *fiber.Ctx) error {
	src, err := s.Sources.Source(c.UserContext(), c.Params("source"))
	if err != nil {
		return s.sourceInconnue(err)
	}
	f := newSaisie("url", src.URL, "chaque", string(src.Rythme.Chaque), "heure", strconv.Itoa(src.Rythme.Heure), "zone", string(src.Zone),
		"licence", src.Licence, "date", string(src.Date), "colonnes", src.Colonnes.String())
	return s.rendreReglages(c, f, src.ID, src.Nom)
}

func (s *site) postReglages(c *fiber.Ctx) error {
	src, err := s.Sources.Source(c.UserContext(), c.Params("source"))
	if err != nil {
		return s.sourceInconnue(err)
	}
	f := lireSaisie(c)
	d, err := demandeDe(f)
	if err == nil && d.URL == "" {
		err = invalide("url", "Donnez l’adresse du fichier.")
	}
	if err == nil {
		_, err = s.Sources.Modifier(c.UserContext(), src.ID, d)
	}
	if err != nil {
		if fauterSource(f, err) {
			return s.rendreReglages(c, f, src.ID, src.Nom)
		}
		return err
	}
	return s.noterSource(c, src.ID, "Réglages de la source changés", "source-reglages")
}

// noterSource notes what was done to a source, and goes back to its page.
func (s *site) noterSource(c *fiber.Ctx, id, acte, fait string) error {
	s.noter(c, registre.Acte{Genre: registre.GenreSource, Objet: "source:" + id, Texte: acte})
	return s.fait(c, cheminSources+"/"+id, fait)
}

// demander has the service run the source of the address.
func (s *site) demander(c *fiber.Ctx, mode sources.Mode, acte, fait string) error {
	id := c.Params("source")
	err := s.Sources.Demander(c.UserContext(), id, mode, connexion(c).Compte.Auteur())
	if estCode(err, mednum.Conflit) {
		return s.fait(c, cheminSources+"/"+id, "source-deja-prise")
	}
	if err != nil {
		return s.sourceInconnue(err)
	}
	return s.noterSource(c, id, acte, fait)
}

func (s *site) postLire(c *fiber.Ctx) error {
	return s.demander(c, sources.Lancer, "Lecture de la source demandée", "source-lire")
}

func (s *site) postSimuler(c *fiber.Ctx) error {
	return s.demander(c, sources.Simulation, "Essai de la source demandé", "source-simuler")
}

func (s *site) postAppliquerSource(c *fiber.Ctx) error {
	return s.demander(c, sources.Appliquer, "Édition en attente acceptée", "source-appliquer")
}

func (s *site) postPauseSource(c *fiber.Ctx) error {
	if err := s.Sources.Suspendre(c.UserContext(), c.Params("source")); err != nil {
		return s.sourceInconnue(err)
	}
	return s.noterSource(c, c.Params("source"), "Source mise en pause", "source-pause")
}

func (s *site) postReprendreSource(c *fiber.Ctx) error {
	if err := s.Sources.Reprendre(c.UserContext(), c.Params("source")); err != nil {
		return s.sourceInconnue(err)
	}
	return s.noterSource(c, c.Params("source"), "Source reprise", "source-reprise")
}

func (s *site) serveRetirerSource(c *fiber.Ctx) error {
	src, err := s.Sources.Source(c.UserContext(), c.Params("source"))
	if err != nil {
		return s.sourceInconnue(err)
	}
	return s.confirmer(c, "Retirer cette source ?", "reseau", corpsConfirmer{
		Phrases: []string{
			"« " + src.Nom + " » ne sera plus lue. Ses fiches et leurs lieux restent comme ils sont.",
			"L’histoire de ses lectures s’efface. Pour ne plus la lire quelque temps, mettez-la plutôt en pause.",
		},
		Action: cheminSources + "/" + src.ID + "/retirer", Bouton: "Retirer cette source", Retour: cheminSources + "/" + src.ID,
	})
}

func (s *site) postRetirerSource(c *fiber.Ctx) error {
	id := c.Params("source")
	if err := s.Sources.Retirer(c.UserContext(), id); err != nil {
		return s.sourceInconnue(err)
	}
	s.noter(c, registre.Acte{Genre: registre.GenreSource, Objet: "source:" + id, Texte: "Source retirée"})
	return s.fait(c, cheminSources, "source-retiree")
}
