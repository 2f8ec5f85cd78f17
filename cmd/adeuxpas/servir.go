package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/frontend"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/taches"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

type commandeServir struct {
	adresse
	base
	paquet
	vacances
	envoi
	rappels
	proconnect
	urlPublique
	Recherche   string   `default:"memoire" placeholder:"OÙ" env:"ADEUXPAS_RECHERCHE" help:"Ce qui répond aux recherches : memoire, ou base (MongoDB seulement, pour un territoire qui ne tiendrait pas en mémoire)."`
	Relecture   string   `default:"oui" placeholder:"OUI" env:"ADEUXPAS_RELECTURE" help:"oui : le nom, l’adresse, la position et la fermeture définitive d’un lieu attendent l’accord d’un coordinateur ; non : ils changent tout de suite."`
	Demo        bool     `help:"Démonstration, sur cette machine seulement : deux comptes prêts, et les courriels à l’écran, sur /demo."`
	Mandataires []string `placeholder:"LISTE" env:"ADEUXPAS_MANDATAIRES" help:"Mandataires (reverse proxies) de confiance : adresses IP ou réseaux, séparés par des virgules."`
	Geocodage   string   `default:"${geocodage}" placeholder:"URL" env:"ADEUXPAS_GEOCODAGE" help:"Service qui situe les adresses postales ; vide pour s’en passer."`
	Integration []string `default:"*" placeholder:"LISTE" env:"ADEUXPAS_INTEGRATION" help:"Sites qui peuvent montrer la carte dans leurs pages : * pour tous, ou leurs adresses (https://www.exemple.fr), séparées par des virgules."`
	Debit       int      `default:"3000" placeholder:"NOMBRE" env:"ADEUXPAS_DEBIT" help:"Lectures de l’API et des données qu’une adresse peut faire en une minute ; 0 pour ne pas compter."`
	reseauxPermis
	itineraires
	Tuiles string `default:"${tuiles}" placeholder:"URL" env:"ADEUXPAS_TUILES" help:"Fond de carte en ligne, avec {z}, {x} et {y} ; vide pour s’en passer. Par défaut : le Plan IGN de la Géoplateforme."`
}

// urlPublique is the address of the site.
type urlPublique struct {
	URLPublique string `name:"url-publique" placeholder:"URL" env:"ADEUXPAS_URL_PUBLIQUE" help:"Adresse publique du site, que portent les liens, les affiches et les codes QR. Avec un chemin (https://exemple.fr/aide), tout le site vit sous ce chemin."`
}

// adresse is the address that was given, without a slash at its end.
func (u urlPublique) adresse() string { return strings.TrimRight(u.URLPublique, "/") }

func (u urlPublique) verifier() error {
	if _, err := web.Racine(u.URLPublique); u.URLPublique != "" && err != nil {
		return refuserURL(u.URLPublique, err)
	}
	return nil
}

// refuserURL says why an address cannot be that of the site.
func refuserURL(publique string, err error) error {
	if errors.Is(err, web.ErrAccents) {
		return usage("--url-publique : « %s » a un nom de domaine avec des accents. Donnez sa forme technique, qui commence par xn--.", publique)
	}
	return usage("--url-publique : « %s » n’est pas une adresse, comme https://exemple.fr ou https://exemple.fr/aide.", publique)
}

// tuilesIGN is the Plan IGN of Géoplateforme, over WMTS, without a key.
const tuilesIGN = "https://data.geopf.fr/wmts?REQUEST=GetTile&SERVICE=WMTS&VERSION=1.0.0&STYLE=normal&TILEMATRIXSET=PM" +
	"&FORMAT=image/png&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"

// delaiArret is how long requests under way may take once asked to stop.
const delaiArret = 10 * time.Second

// Help is the second half of the command's help.
func (commandeServir) Help() string {
	return `Ouvre la base, ou la crée et la remplit des lieux du territoire, puis répond
aux navigateurs jusqu’à ce qu’on l’arrête (Ctrl+C ou SIGTERM ; dix secondes au
plus). L’adresse du site s’affiche dès qu’il répond. « /livez » répond alors
« ok ». Si une base MongoDB ne répond pas encore, le service l’attend.

Exemples :
  adeuxpas servir
  adeuxpas servir --adresse 0.0.0.0:8080 --base /srv/adeuxpas.db \
    --url-publique https://aide-numerique.exemple.fr --mandataires 10.0.0.1`
}

// service is all that servir opened.
type service struct {
	base      store.Magasin
	catalogue *catalogue.Catalogue
	courrier  *courrier.Courrier
	webhooks  *webhooks.Webhooks
	collecte  *collecte.Collecte
	sources   *sources.Sources
	registre  *registre.Registre
	mesures   *mesures.Mesures
	besoins   *ecoute.Besoins
	fiches    *ecoute.Fiches
	taches    []taches.Tache
	app       *fiber.App
	racine    string // path of the site, "" for the root of its host
	demo      *web.Demo
	now       func() time.Time
}

// Run serves until it is told to stop.
func (c commandeServir) Run(p *programme) error {
	if err := c.verifier(); err != nil {
		return err
	}
	journal := slog.New(slog.NewTextHandler(p.stderr, nil))
	slog.SetDefault(journal)
	// The address is taken first: one already in use is known before the base
	// is touched.
	ecoute, err := new(net.ListenConfig).Listen(p.ctx, "tcp", c.Adresse)
	if err != nil {
		return refuserEcoute(err, c.Adresse)
	}
	defer ecoute.Close()
	s, err := c.attendre(p, ecoute, journal)
	if errors.Is(err, context.Canceled) && p.ctx.Err() != nil {
		return nil // told to stop before the base answered
	}
	if err != nil {
		return err
	}
	defer s.base.Close()
	return s.servir(p, ecoute, journal)
}

// open fills an empty base, publishes its places and builds the site.
func (c commandeServir) open(p *programme, a net.Addr, journal *slog.Logger) (*service, error) {
	t, err := c.paquet.open()
	if err != nil {
		return nil, err
	}
	if err := c.poser(t); err != nil {
		return nil, err
	}
	b, err := c.base.open(p)
	if err != nil {
		return nil, err
	}
	prevenirVacances(journal, t, mednum.DateOf(p.now().In(t.Location())))
	s := &service{base: b, now: p.now}
	if err := c.build(p, s, t, a, journal); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return s, nil
}

func (c commandeServir) build(p *programme, s *service, t *territoire.Territoire, a net.Addr, journal *slog.Logger) error {
	if err := c.remplir(p, s.base, t, journal); err != nil {
		return err
	}
	lieux, demarches, err := openCatalogue(p, s.base, t)
	if err != nil {
		return err
	}
	if c.Recherche == rechercheBase {
		index, ok := s.base.(catalogue.Index)
		if !ok {
			return sansRecherche()
		}
		lieux.RechercherEnBase(index)
	}
	var geocodeur *territoire.Geocodeur
	if c.Geocodage != "" {
		geocodeur = territoire.NewGeocodeur(c.Geocodage, nil, p.now)
	}
	publique := c.publique(a)
	if s.racine, err = web.Racine(publique); err != nil {
		return err
	}
	prevenirHTTP(journal, publique)
	mail, err := c.reglagesEcoute(publique, a)
	if err != nil {
		return err
	}
	comptes := compte.New(s.base, p.now)
	s.catalogue = lieux
	s.registre = registre.New(s.base, p.now)
	if c.Demo {
		s.demo = &web.Demo{Boite: &courrier.Boite{}}
		if s.demo.Comptes, err = s.preparerDemo(p.ctx, comptes, t); err != nil {
			return err
		}
		mail.Boite = s.demo.Boite
	}
	annoncer(journal, &mail)
	s.courrier = courrier.New(s.base, mail, p.now, journal)
	go t.France.Prepare() // 0.1 s that the first visitor need not wait
	r := reseau.New(reseau.Pieces{
		Base: s.base, Catalogue: lieux, Comptes: comptes, Courrier: s.courrier, Territoire: t, Now: p.now, Journal: journal,
	}, c.reglagesReseau(publique))
	s.taches = append(tachesReseau(r, mail.SMTP != nil), s.tacheConservation(r))
	s.mesures = newMesures(s.base, t, p.now)
	if err := errors.Join(c.openWebhooks(p, s, t, publique, journal), c.openSources(p, s, t, publique, journal)); err != nil {
		return err
	}
	formulaires, err := s.openBesoins(p.ctx, t)
	if err != nil {
		return err
	}
	c.openCollecte(p, s, t, journal)
	trajets, err := c.openItineraires(s, t)
	if err != nil {
		return err
	}
	s.app, err = web.New(web.Config{
		Appels:         reseau.NewAppels(s.base, p.now),
		CleFormulaires: formulaires,
		Itineraires:    trajets, Collecte: s.collecte, Sources: s.sources, Catalogue: lieux, Comptes: comptes, Courrier: s.courrier, Reseau: r, Webhooks: s.webhooks, Registre: s.registre, Mesures: s.mesures, Signales: ecoute.NewSignalements(s.base, lieux, t.Location(), p.now), Demo: s.demo, Relecture: c.Relecture == "oui", ProConnect: c.ouvrir(p.ctx, comptes, publique), Territoire: t, Demarches: demarches, Geocodeur: geocodeur, Scenarios: couverture.NewScenarios(s.base, p.now), Besoins: s.besoins, Fiches: s.fiches,
		Statique: frontend.Dist(), Pages: frontend.Pages(), URLPublique: publique,
		Mandataires: c.Mandataires, Integration: c.Integration, Debit: c.Debit, Tuiles: c.Tuiles, Version: version, Now: p.now, Journal: journal,
	})
	return err
}

// reglagesEcoute are the settings of mail where the service listens: links go
// to the log only when nobody but this machine can ask for them.
func (e envoi) reglagesEcoute(publique string, a net.Addr) (courrier.Reglages, error) {
	r, err := e.reglages(publique)
	tcp, ok := a.(*net.TCPAddr)
	r.AuJournal = r.AuJournal && ok && tcp.IP.IsLoopback()
	return r, err
}

// prevenirHTTP warns of a public address where nobody can sign in: browsers keep
// a cookie of that name (__Host-) over https only, or on this machine.
func prevenirHTTP(journal *slog.Logger, publique string) {
	if strings.HasPrefix(strings.ToLower(publique), "http://") && !courrier.Local(publique) {
		journal.Warn("l’adresse publique est en http : les navigateurs n’y gardent pas la connexion, personne ne pourra corriger un lieu", "adresse", publique, "remède", "une adresse en https (--url-publique)")
	}
}

// publique is the address of the site, without a slash at its end.
func (c commandeServir) publique(a net.Addr) string {
	if c.URLPublique == "" {
		return "http://" + affichable(a)
	}
	return c.urlPublique.adresse()
}

// preavisVacances is how long before its end a calendar of school holidays is
// worth a warning.
const preavisVacances = 90 // days

// prevenirVacances warns when the school holidays of the territory are about to
// be unknown, or already are.
func prevenirVacances(journal *slog.Logger, t *territoire.Territoire, aujourdhui mednum.Date) {
	if t.ZoneScolaire == "" {
		return
	}
	const remede = "adeuxpas vacances renouveler, puis --vacances"
	fin, ok := t.Scolaire.Jusqua(t.ZoneScolaire)
	bientot := mednum.DateOf(aujourdhui.In(time.UTC).AddDate(0, 0, preavisVacances))
	switch {
	case !ok:
		journal.Warn("les vacances scolaires de la zone ne sont pas connues", "zone", t.ZoneScolaire, "remède", remede)
	case fin.Compare(aujourdhui) < 0:
		journal.Warn("le calendrier des vacances scolaires est terminé", "zone", t.ZoneScolaire, "fin", fin, "remède", remede)
	case fin.Compare(bientot) < 0:
		journal.Warn("le calendrier des vacances scolaires se termine bientôt", "zone", t.ZoneScolaire, "fin", fin, "remède", remede)
	}
}

// remplir fills an empty base with the places of the pack.
func (c commandeServir) remplir(p *programme, b store.Magasin, t *territoire.Territoire, journal *slog.Logger) error {
	f, err := c.fichiers().Open(territoire.FichierLieux)
	if err != nil {
		journal.Warn("le territoire n’a pas de lieux à lui", "fichier", territoire.FichierLieux)
		return nil
	}
	defer f.Close()
	n, err := collecte.Remplir(p.ctx, b, t, f)
	if err == nil && n > 0 {
		journal.Info("base remplie des lieux du territoire", "lieux", n)
	}
	return err
}

// servir answers on the listener until the program is told to stop.
func (s *service) servir(p *programme, ecoute net.Listener, journal *slog.Logger) error {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	defer s.deposerFin(ctx, journal)
	var veille sync.WaitGroup
	defer veille.Wait() // the base closes after its last reader
	veille.Go(func() { s.travailler(ctx, p, journal) })
	veille.Go(func() { s.courrier.Suivre(ctx) })
	veille.Go(func() { s.webhooks.Suivre(ctx) })
	veille.Go(func() { s.collecte.Suivre(ctx) })
	veille.Go(func() { s.registre.Suivre(ctx) })
	veille.Go(func() { s.mesures.Suivre(ctx, journal) })
	veille.Go(func() { s.suivreBesoins(ctx, journal) })
	veille.Go(func() { s.catalogue.Watch(ctx) })
	fin := make(chan error, 1)
	go func() { fin <- s.app.Listener(ecoute) }()
	if err := interroger(ctx, joignable(ecoute.Addr().String())); err != nil && ctx.Err() == nil {
		cancel()
		return errors.Join(err, s.app.Shutdown())
	}
	if ctx.Err() == nil {
		fmt.Fprintf(p.stdout, "À deux pas est prêt : http://%s%s/\n", affichable(ecoute.Addr()), s.racine)
		if s.demo != nil {
			fmt.Fprintf(p.stdout, "Ses comptes et ses courriels : http://%s%s/demo\n", affichable(ecoute.Addr()), s.racine)
		}
	}
	select {
	case err := <-fin:
		cancel()
		return err
	case <-ctx.Done():
	}
	if err := s.app.ShutdownWithTimeout(delaiArret); err != nil {
		journal.Warn("des requêtes ont été coupées à l’arrêt", "cause", err)
	}
	return nil
}

// What answers searches.
const (
	rechercheMemoire = "memoire"
	rechercheBase    = "base"
)

func (c commandeServir) verifierRecherche() error {
	switch {
	case c.Recherche != rechercheMemoire && c.Recherche != rechercheBase:
		return usage("--recherche : « %s » n’existe pas. Choisissez memoire ou base.", c.Recherche)
	case c.Recherche == rechercheBase && !c.estMongo():
		return sansRecherche()
	}
	return nil
}

// sansRecherche refuses to ask searches of a base that has no index for them.
func sansRecherche() error {
	return usage("--recherche=base demande une base MongoDB (--base mongodb://…) : une base dans un fichier répond toujours de mémoire, avec --recherche=memoire.")
}

func (c commandeServir) verifierRelecture() error {
	if c.Relecture != "oui" && c.Relecture != "non" {
		return usage("--relecture : « %s » n’existe pas. Choisissez oui ou non.", c.Relecture)
	}
	return nil
}

// verifier refuses settings that could not work, before anything is opened.
func (c commandeServir) verifier() error {
	if err := errors.Join(c.verifierRecherche(), c.verifierRelecture(), c.verifierDemo(), c.verifierPermis(), c.itineraires.verifier()); err != nil {
		return err
	}
	if err := c.proconnect.verifier(c.URLPublique); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(c.Adresse); err != nil {
		return usage("--adresse : « %s » n’est pas de la forme HÔTE:PORT, comme 127.0.0.1:8080.", c.Adresse)
	}
	if err := c.urlPublique.verifier(); err != nil {
		return err
	}
	if err := c.verifierRappels(); err != nil {
		return err
	}
	if _, err := c.reglages(c.URLPublique); err != nil {
		return err
	}
	if c.Geocodage != "" && !estURL(c.Geocodage) {
		return usage("--geocodage : « %s » n’est pas une adresse, comme %s.", c.Geocodage, territoire.URLGeocodage)
	}
	if c.Tuiles != "" && !estTuiles(c.Tuiles) {
		return usage("--tuiles : « %s » n’est pas une adresse avec {z}, {x} et {y}.", c.Tuiles)
	}
	for _, i := range c.Integration {
		if _, err := web.Integration(strings.TrimSpace(i)); strings.TrimSpace(i) != "" && err != nil {
			return refuserIntegration(i, err)
		}
	}
	for _, m := range c.Mandataires {
		if _, err := web.Mandataire(m); err != nil {
			return usage("--mandataires : « %s » n’est ni une adresse IP ni un réseau, comme 10.0.0.1 ou 10.0.0.0/8.", m)
		}
	}
	return nil
}

// refuserIntegration says why a site cannot be allowed to show the map.
func refuserIntegration(site string, err error) error {
	if errors.Is(err, web.ErrAccents) {
		return usage("--integration : « %s » a un nom de domaine avec des accents. Donnez sa forme technique, qui commence par xn--.", site)
	}
	return usage("--integration : « %s » n’est pas l’adresse d’un site, comme https://www.exemple.fr ou https://*.exemple.fr, ni *.", site)
}

func estURL(texte string) bool {
	u, err := url.Parse(texte)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func estTuiles(modele string) bool {
	for _, place := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(modele, place) {
			return false
		}
	}
	return estURL(modele)
}

// refuserEcoute says why an address cannot be listened on.
func refuserEcoute(err error, a string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return obstacle(err, "L’adresse %s est déjà prise par un autre programme : arrêtez-le, ou choisissez un autre port avec --adresse.", a)
	case errors.Is(err, syscall.EACCES):
		return obstacle(err, "L’adresse %s est réservée à l’administrateur : choisissez un port au-dessus de 1023 avec --adresse.", a)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return obstacle(err, "L’adresse %s n’est pas une adresse de cette machine.", a)
	}
	return obstacle(err, "L’adresse %s ne peut pas être écoutée.", a)
}

// affichable is the listener's address as a person types it: "localhost" for
// this machine and for all its addresses.
func affichable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	if tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return tcp.String()
}
