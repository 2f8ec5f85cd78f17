package web

import (
	"bytes"
	"net/url"
	"sync"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// exports are the files of the list, by format: each is encoded once for a
// snapshot and a day.
type exports struct {
	mu       sync.Mutex
	fichiers map[string]fichierExporte
}

type fichierExporte struct {
	version int64
	jour    mednum.Date
	corps   []byte
}

var genresExport = map[string]string{"csv": "text/csv; charset=utf-8", "json": fiber.MIMEApplicationJSONCharsetUTF8, "geojson": mimeGeoJSON}

// serveExport gives the whole list in a format of the standard v1.0.2.
func (s *site) serveExport(c *fiber.Ctx) error {
	format := c.Params("format")
	genre, ok := genresExport[format]
	if !ok {
		return fiber.ErrNotFound
	}
	corps, err := s.export(format)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, genre)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="lieux-`+url.PathEscape(s.Territoire.Code)+`.`+format+`"`)
	return s.sendCached(c, corps, cacheAPI)
}

func (s *site) export(format string) ([]byte, error) {
	version, _ := s.Catalogue.Instantane() // before the places are read: a newer list is encoded again
	jour := mednum.DateOf(s.Now().In(s.Territoire.Location()))
	s.exports.mu.Lock()
	defer s.exports.mu.Unlock()
	if f, ok := s.exports.fichiers[format]; ok && f.version == version && f.jour == jour {
		return f.corps, nil
	}
	var lieux []mednum.Lieu
	for _, v := range s.Catalogue.Lieux() {
		if !v.HorsTerritoire {
			lieux = append(lieux, v.Lieu)
		}
	}
	var b bytes.Buffer
	encoder := map[string]func(norme.Export) error{
		"csv":     func(x norme.Export) error { return x.EncodeCSV(&b, lieux) },
		"json":    func(x norme.Export) error { return x.EncodeJSON(&b, lieux) },
		"geojson": func(x norme.Export) error { return x.EncodeGeoJSON(&b, lieux) },
	}[format]
	if err := encoder(norme.Export{Jour: jour}); err != nil {
		return nil, err
	}
	if s.exports.fichiers == nil {
		s.exports.fichiers = map[string]fichierExporte{}
	}
	s.exports.fichiers[format] = fichierExporte{version, jour, b.Bytes()}
	return b.Bytes(), nil
}
