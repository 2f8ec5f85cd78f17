package sources

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// contenu is what an address gave, whole.
type contenu struct {
	code     int  // of HTTP, 0 when nothing was answered
	inchange bool // the server has nothing newer (304): no bytes
	octets   []byte
	nom      string // of the file
	etag     string
	modifie  string
}

func (c *contenu) empreinte() string {
	somme := sha256.Sum256(c.octets)
	return hex.EncodeToString(somme[:])
}

// motifETag is an entity tag (RFC 9110, 8.8.3), in ASCII.
var motifETag = regexp.MustCompile(`^(?:W/)?"[!#-~]*"$`)

// telecharger reads the file of a source to its end, or says why not (*echec).
// With an edition, it asks only for what is newer.
func (s *Sources) telecharger(ctx context.Context, src *Source, connue Edition) (contenu, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, src.URL, nil)
	if err != nil {
		return contenu{}, echouer(Refusee, "Cette adresse n’en est pas une.")
	}
	r.Header.Set("User-Agent", s.agent())
	r.Header.Set("Accept", "*/*")
	if connue.ETag != "" {
		r.Header.Set("If-None-Match", connue.ETag)
	}
	if connue.Modifie != "" {
		r.Header.Set("If-Modified-Since", connue.Modifie)
	}
	rep, err := s.Sortie.Do(r)
	if err != nil {
		return contenu{}, echecAppel(err)
	}
	defer rep.Body.Close()
	c := contenu{code: rep.StatusCode, nom: nomFichier(rep), etag: rep.Header.Get("ETag"), modifie: rep.Header.Get("Last-Modified")}
	if !motifETag.MatchString(c.etag) || len(c.etag) > etagMax { // it would be sent back
		c.etag = ""
	}
	if _, err := http.ParseTime(c.modifie); err != nil {
		c.modifie = ""
	}
	switch conditionnelle := connue.ETag != "" || connue.Modifie != ""; {
	case c.code == http.StatusNotModified && conditionnelle:
		c.inchange = true
		return c, nil
	case c.code != http.StatusOK:
		e := echecCode(c.code)
		if c.code == http.StatusTooManyRequests || c.code == http.StatusServiceUnavailable {
			e.apres = retryAfter(rep.Header.Get("Retry-After"), s.Now())
		}
		return c, e
	}
	c.octets, err = lireTout(rep)
	return c, err
}

// lireTout is the body of an answer, never a part of it.
func lireTout(rep *http.Response) ([]byte, error) {
	if e := rep.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, echouer(Compression, "Le serveur a compressé le fichier d’une façon que nous ne lisons pas.")
	}
	if rep.ContentLength > octetsMax {
		return nil, tropGros()
	}
	var b bytes.Buffer
	if rep.ContentLength > 0 {
		b.Grow(int(rep.ContentLength) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(rep.Body); err != nil {
		return nil, echecLecture(err)
	}
	if estPage(b.Bytes()) {
		return nil, echouer(PageWeb, "Cette adresse donne une page web, pas des données.")
	}
	return b.Bytes(), nil
}

// agent says who asks.
func (s *Sources) agent() string {
	if s.URLPublique == "" {
		return "A-deux-pas/" + s.Version
	}
	return "A-deux-pas/" + s.Version + " (+" + s.URLPublique + ")"
}

// pageMax is how far the beginning of a page is looked for, in bytes.
const pageMax = 4 << 10

// estPage tells a page for people from data, whatever its Content-Type says.
func estPage(octets []byte) bool {
	debut := bytes.TrimLeft(bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf")), " \t\r\n")
	debut = bytes.ToLower(debut[:min(len(debut), pageMax)])
	if !bytes.HasPrefix(debut, []byte("<")) {
		return false
	}
	for _, signe := range []string{"<!doctype html", "<html", "<head", "<body", "<title"} {
		if bytes.Contains(debut, []byte(signe)) {
			return true
		}
	}
	return false
}

// nomMaxFichier bounds the name of a file, in bytes.
const nomMaxFichier = 120

// nomFichier is what the file is called by its server, otherwise by its address:
// norme reads a date there.
func nomFichier(rep *http.Response) string {
	nom := ""
	if _, p, err := mime.ParseMediaType(rep.Header.Get("Content-Disposition")); err == nil {
		nom = p["filename"]
	}
	if nom == "" && rep.Request != nil {
		nom = rep.Request.URL.Path
	}
	nom = path.Base("/" + strings.ReplaceAll(nom, `\`, "/"))
	nom = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, nom)
	for len(nom) > nomMaxFichier {
		_, n := utf8.DecodeLastRuneInString(nom)
		nom = nom[:len(nom)-n]
	}
	if nom == "" || nom == "/" || nom == "." {
		return "fichier"
	}
	return nom
}

// attenteMax bounds what a server may ask to wait.
const attenteMax = 24 * time.Hour

// retryAfter is how long a server asks to wait (RFC 9110, 10.2.3).
func retryAfter(texte string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(texte, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, attenteMax)
	}
	if t, err := http.ParseTime(texte); err == nil {
		return min(max(t.Sub(now), 0), attenteMax)
	}
	return 0
}
