package web

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
)

// etagLieu is the strong ETag of one place, "v12-<hash of the body>": the
// version is what If-Match compares, the hash tells JSON from GeoJSON, and an
// answer from that of a program that wrote it otherwise.
func etagLieu(v *catalogue.Vue, corps []byte) string {
	return fmt.Sprintf(`"v%d-%s"`, v.Version, empreinte(corps))
}

// estUnLieu tells the answers that carry a strong ETag. They are not compressed
// here: a strong tag is of one sequence of bytes (RFC 9110, 8.8.1).
func estUnLieu(c *fiber.Ctx) bool {
	reste, ok := strings.CutPrefix(strings.ToLower(c.Path()), "/api/v1/lieux/")
	return ok && reste != "proches" && reste != ""
}

var (
	motifETag    = regexp.MustCompile(`^(?:W/)?"([^"]*)"$`)
	motifVersion = regexp.MustCompile(`^v([1-9][0-9]{0,8})-`)
)

// autreVersion is the version of an ETag that is none of ours: no place has it.
const autreVersion = -1

// versionLue is the version that If-Match names, 1 or more, or autreVersion.
// A tag that a compressing proxy made weak is taken as it was: it is the version
// that is compared, and a weak tag keeps it.
func versionLue(c *fiber.Ctx) (int, error) {
	var lignes []string
	for _, l := range c.Context().Request.Header.PeekAll(fiber.HeaderIfMatch) {
		lignes = append(lignes, string(l))
	}
	demande := strings.TrimSpace(strings.Join(lignes, ","))
	switch demande {
	case "":
		return 0, &refus{fiber.StatusPreconditionRequired, "If-Match", "Lisez d’abord le lieu, puis renvoyez son ETag dans If-Match : rien ne sera écrasé sans avoir été lu."}
	case "*":
		return 0, &refus{fiber.StatusPreconditionRequired, "If-Match", "« * » ne dit pas ce que vous avez lu : lisez le lieu, puis renvoyez son ETag dans If-Match."}
	}
	m := motifETag.FindStringSubmatch(demande)
	if m == nil {
		return 0, &refus{fiber.StatusBadRequest, "If-Match", "Donnez un seul ETag, entre guillemets, tel que le lieu l’a donné."}
	}
	v := motifVersion.FindStringSubmatch(m[1])
	if v == nil {
		return autreVersion, nil
	}
	return strconv.Atoi(v[1])
}
