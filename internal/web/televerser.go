package web

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"82numerique.fr/adeuxpas/internal/collecte"
)

const (
	cheminImports = "/espace/imports"
	// enveloppeMax is what a form of files weighs beside them, in bytes.
	enveloppeMax = 1 << 20
	// delaiEnvoi is how long files may take to come.
	delaiEnvoi = 10 * time.Minute
)

// estEnvoiDeFichiers tells whether a request is the one form of ours that has
// parts.
func estEnvoiDeFichiers(methode, chemin string) bool {
	return methode == fiber.MethodPost && strings.TrimSuffix(chemin, "/") == cheminImports
}

// limiterCorps says how much of a request is read, once its header is: files are
// taken only from somebody who is signed in and may import. Anybody else is cut
// off at the size of a form.
func (s *site) limiterCorps(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	var c fasthttp.RequestConfig
	chemin, _, _ := strings.Cut(string(h.RequestURI()), "?")
	chemin, dedans := strings.CutPrefix(chemin, s.racine)
	if !dedans || !estEnvoiDeFichiers(string(h.Method()), chemin) {
		return c
	}
	ctx, cancel := context.WithTimeout(context.Background(), delaiRequete)
	defer cancel()
	x, err := s.Comptes.Reprendre(ctx, string(h.Cookie(cookieSession)))
	if err != nil || !s.Catalogue.CoordonneTout(x.Compte.Habilitations) {
		return c
	}
	c.MaxRequestBodySize, c.ReadTimeout = collecte.OctetsMax+enveloppeMax, delaiEnvoi
	return c
}

// lireEnvoi is the form of files as it was sent: what it says, and the files,
// which last as long as fermer is not called.
func lireEnvoi(c *fiber.Ctx) (f *saisie, fichiers []collecte.Apporte, fermer func(), err error) {
	f = newSaisie()
	fermer = func() {}
	envoi, err := c.MultipartForm()
	if err != nil {
		return f, nil, fermer, &refus{fiber.StatusUnsupportedMediaType, "fichiers", "Envoyez ces fichiers par le formulaire de la page."}
	}
	for nom, valeurs := range envoi.Value {
		for _, v := range valeurs {
			f.Valeurs.Add(nom, strings.ToValidUTF8(strings.TrimSpace(v), ""))
		}
	}
	var ouverts []interface{ Close() error }
	fermer = func() {
		for _, o := range ouverts {
			_ = o.Close()
		}
	}
	for _, h := range envoi.File["fichiers"] {
		if h.Filename == "" && h.Size == 0 { // what a browser sends for none
			continue
		}
		o, err := h.Open()
		if err != nil {
			return f, nil, fermer, err
		}
		ouverts = append(ouverts, o)
		fichiers = append(fichiers, collecte.Apporte{Nom: nomDeFichier(h.Filename), Contenu: o})
	}
	return f, fichiers, fermer, nil
}

// nomDeFichier is the name of a file as it may be shown: without the folders that
// some browsers add, nor what does not print.
func nomDeFichier(nom string) string {
	if i := strings.LastIndexAny(nom, `/\`); i >= 0 {
		nom = nom[i+1:]
	}
	nom = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != '\u00a0' { // direction marks do not print
			return -1
		}
		return r
	}, strings.ToValidUTF8(nom, ""))
	if r := []rune(nom); len(r) > nomEnvoyeMax {
		nom = string(r[len(r)-nomEnvoyeMax:])
	}
	if nom = strings.TrimSpace(strings.TrimLeft(nom, ".")); nom == "" {
		return "fichier"
	}
	return nom
}

// nomEnvoyeMax is the length of the name of a file, in characters: its end is
// kept, which says what it is.
const nomEnvoyeMax = 120
