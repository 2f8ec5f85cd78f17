package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsBilanAnnee is the picture of the network over a year.
type corpsBilanAnnee struct {
	socleBilan
	Annee      int
	EnCours    bool
	Debut, Fin string // the days that are compared
	Etats      []ligneAnnee
	Faits      []ligneAnnee
	Couverture []couvertureAnnee
	Remarque   string // why there is nothing to say of the beginning, "" otherwise
}

// ligneAnnee is one figure, at the beginning and at the end of the year; of what
// was done in the year, Fin alone.
type ligneAnnee struct{ Quoi, Debut, Fin string }

// couvertureAnnee is one moment, at the beginning and at the end.
type couvertureAnnee struct {
	Moment       string
	Avant, Apres ligneCouverture
}

func (s *site) serveBilanCetteAnnee(c *fiber.Ctx) error {
	return c.Redirect(s.chemin("/espace/bilan/annee/"+strconv.Itoa(s.maintenant().Year())), fiber.StatusSeeOther)
}

func (s *site) serveBilanAnnee(c *fiber.Ctx) error {
	annee, err := s.anneeDe(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	auj := mednum.DateOf(s.maintenant())
	du := mednum.Date{Annee: annee, Mois: 1, Jour: 1}
	fin := mednum.Date{Annee: annee, Mois: 12, Jour: 31}
	corps := corpsBilanAnnee{socleBilan: s.socleBilan("L’aide numérique "+s.Territoire.NomEn+" en "+strconv.Itoa(annee), "Bilan du réseau", "/communes"), Annee: annee}
	if fin.Compare(auj) > 0 {
		fin, corps.EnCours = auj, true
	}
	veille := mednum.DateOf(du.In(s.Territoire.Location()).AddDate(0, 0, -1))
	corps.Debut, corps.Fin = dateDite(veille), dateDite(fin)
	avant, premier, err := s.photo(ctx, veille)
	if err != nil {
		return err
	}
	apres, _, err := s.photo(ctx, fin)
	if err != nil {
		return err
	}
	if avant == nil {
		corps.Remarque = "Le début est inconnu\u00a0: le journal des changements commence " + leJour(premier) + "."
	}
	corps.Etats, corps.Couverture = etatsAnnee(avant, apres), couverturesAnnee(avant, apres)
	if corps.Faits, err = s.faitsAnnee(ctx, connexion(c).Compte.Habilitations, du, fin, apres); err != nil {
		return err
	}
	corps.Calcul = calculBilan(s.mesureBilan(ctx, couverture.MomentTous))
	return s.rendrePapier(c, "bilan-annee", corps.Titre, corps)
}

// photo is the network as it was at the end of a day.
type photo struct {
	jour       mednum.Date
	publies    int // places of the territory
	verifies   int // those that somebody checked in the year of that day
	familles   map[mednum.Famille]int
	ages       [5]int // under 6 months, 6 to 12, 12 to 18, older, without a date
	avecHeures int
	heures     float64 // of help a week
	heuresDe   int     // places and stops whose hours are known
	resultats  map[couverture.Moment]couverture.Total
}

// photos keep what was read of past days, which do not change, until the snapshot
// does: it may hold places whose history was not there.
type photos struct {
	mu      sync.Mutex
	version int64
	de      map[mednum.Date]*photo
	vides   map[mednum.Date]mednum.Date // days before the journal, and where it begins
}

// videAu is where the journal begins, of a day that is known to be before it.
func (s *site) videAu(jour mednum.Date) (premier mednum.Date, vide bool) {
	g := &s.photos
	g.mu.Lock()
	defer g.mu.Unlock()
	g.renouveler(s)
	premier, vide = g.vides[jour]
	return premier, vide
}

func (s *site) noterVide(jour, premier mednum.Date) {
	g := &s.photos
	g.mu.Lock()
	defer g.mu.Unlock()
	g.renouveler(s)
	g.vides[jour] = premier
}

// renouveler forgets what is of another snapshot. The lock is held.
func (g *photos) renouveler(s *site) {
	version, _ := s.Catalogue.Instantane()
	if g.de == nil || g.version != version || len(g.de) >= photosMax || len(g.vides) >= photosMax {
		g.version, g.de, g.vides = version, map[mednum.Date]*photo{}, map[mednum.Date]mednum.Date{}
	}
}

// photosMax is how many days are kept.
const photosMax = 12

// photo is nil, with the day on which the journal begins, for a day before it.
func (s *site) photo(ctx context.Context, jour mednum.Date) (*photo, mednum.Date, error) {
	if premier, vide := s.videAu(jour); vide {
		return nil, premier, nil
	}
	version, _ := s.Catalogue.Instantane()
	g := &s.photos
	g.mu.Lock()
	p := g.de[jour]
	g.mu.Unlock()
	if p != nil {
		return p, mednum.Date{}, nil
	}
	lieux, premier, err := s.Catalogue.LieuxAu(ctx, jour)
	if err == nil && len(lieux) == 0 {
		s.noterVide(jour, premier)
	}
	if err != nil || len(lieux) == 0 {
		return nil, premier, err
	}
	inventaire, _, err := s.inventaireAu(ctx, jour)
	if err != nil {
		return nil, premier, err
	}
	p = s.tirerPhoto(jour, lieux, inventaire)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.version == version {
		g.de[jour] = p
	}
	return p, premier, nil
}

func (s *site) tirerPhoto(jour mednum.Date, lieux []mednum.Lieu, inventaire *couverture.Inventaire) *photo {
	p := &photo{jour: jour, familles: map[mednum.Famille]int{}, resultats: map[couverture.Moment]couverture.Total{}}
	for i := range lieux {
		l := &lieux[i]
		if l.Statut != mednum.StatutPublie || l.HorsTerritoire {
			continue
		}
		p.publies++
		if l.VerifieLe.Annee == jour.Annee {
			p.verifies++
		}
		for _, f := range l.Familles {
			p.familles[f]++
		}
		p.ages[trancheAge(l.Preuve.Date, jour)]++
		if aHeures(l) {
			p.avecHeures++
		}
	}
	for i := range inventaire.Offres {
		o := &inventaire.Offres[i]
		if commune, ok := s.Territoire.Commune(o.Insee); !ok || !commune.Dedans {
			continue
		}
		if h, connues := o.Heures(questionBilan(couverture.MomentTous)); connues {
			p.heures += h
			p.heuresDe++
		}
	}
	communes := couverture.Communes(s.Territoire)
	for _, m := range momentsBilan {
		p.resultats[m] = couverture.Mesurer(communes, inventaire, questionBilan(m), nil).Total(nil)
	}
	return p
}

// trancheAge is the rank of the age of a proof on a day, in photo.ages: the spans
// are those of the board.
func trancheAge(preuve, jour mednum.Date) int {
	cle := fraicheurDe(preuve, jour)
	return slices.IndexFunc(tranches, func(f tranche) bool { return f.Cle == cle })
}

var nomsAges = [...]string{"dernière preuve\u00a0: moins de 6 mois", "dernière preuve\u00a0: 6 à 12 mois", "dernière preuve\u00a0: 12 à 18 mois", "dernière preuve\u00a0: plus de 18 mois", "sans date"}

// etatsAnnee are the figures that are of a day.
func etatsAnnee(avant, apres *photo) (lignes []ligneAnnee) {
	ajouter := func(quoi string, f func(*photo) string) {
		l := ligneAnnee{Quoi: quoi, Debut: inconnu, Fin: inconnu}
		if avant != nil {
			l.Debut = f(avant)
		}
		if apres != nil {
			l.Fin = f(apres)
		}
		lignes = append(lignes, l)
	}
	ajouter("Lieux publiés", func(p *photo) string { return textes.Nombre(p.publies) })
	for _, f := range mednum.Familles {
		ajouter("dont "+textes.Famille(string(f)), func(p *photo) string { return textes.Nombre(p.familles[f]) })
	}
	for i, nom := range nomsAges {
		ajouter(textes.Majuscule(nom), func(p *photo) string { return textes.Nombre(p.ages[i]) })
	}
	ajouter("Avec des heures connues", func(p *photo) string { return textes.Nombre(p.avecHeures) })
	ajouter("Heures d’aide par semaine, là où elles sont connues", func(p *photo) string {
		if p.heuresDe == 0 {
			return inconnu
		}
		return heuresDites(p.heures) + " (" + textes.Pluriel(p.heuresDe, "lieu ou arrêt", "lieux ou arrêts") + ")"
	})
	return lignes
}

func couverturesAnnee(avant, apres *photo) (lignes []couvertureAnnee) {
	dire := func(p *photo, m couverture.Moment) ligneCouverture {
		if p == nil {
			return ligneCouverture{Distance: inconnu, Dans: inconnu, Heures: inconnu}
		}
		return ligneTotal(m, p.resultats[m])
	}
	for _, m := range momentsBilan {
		lignes = append(lignes, couvertureAnnee{m.Nom(), dire(avant, m), dire(apres, m)})
	}
	return lignes
}

// faitsAnnee are what was done in the year to the places of the territory, and told
// in it; unknown of a year that was over before the journal.
func (s *site) faitsAnnee(ctx context.Context, droits []mednum.Habilitation, du, fin mednum.Date, apres *photo) ([]ligneAnnee, error) {
	zone := s.Territoire.Location()
	n, err := s.Registre.Compter(ctx, du.In(zone), fin.In(zone).AddDate(0, 0, 1), func(v *mednum.Revision) bool { return !v.Apres.HorsTerritoire })
	if err != nil {
		return nil, err
	}
	auMoins := ""
	if n.Coupe {
		auMoins = "au moins "
	}
	dire := func(k int) string { return auMoins + textes.Nombre(k) }
	verifies := inconnu
	if apres != nil {
		verifies = fmt.Sprintf("%s sur %s", textes.Nombre(apres.verifies), textes.Nombre(apres.publies))
	}
	lignes := []ligneAnnee{
		{Quoi: "Lieux ajoutés à la carte", Fin: dire(n.Nouveaux)},
		{Quoi: "Lieux vérifiés par une personne", Fin: verifies},
		{Quoi: "Lieux dont quelque chose a changé", Fin: dire(n.Lieux)},
	}
	for _, v := range []string{registre.VoieApp, registre.VoieLien, registre.VoieAPI, registre.VoieImport, registre.VoieCLI} {
		lignes = append(lignes, ligneAnnee{Quoi: "Changements " + voies[v], Fin: dire(n.Revisions[v])})
	}
	lignes = append(lignes, ligneAnnee{Quoi: "Vérifications par téléphone", Fin: dire(n.Revisions[registre.VoieTelephone])})
	signalements, err := s.signalementsAnnee(ctx, du, fin)
	if err != nil {
		return nil, err
	}
	besoins, err := s.besoinsAnnee(ctx, droits, du, fin)
	lignes = append(lignes, ligneAnnee{Quoi: "Signalements reçus", Fin: signalements}, ligneAnnee{Quoi: "Besoins dits", Fin: besoins})
	if apres == nil {
		for i := range lignes {
			lignes[i].Fin = inconnu
		}
	}
	return lignes, err
}
