package courrier

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// avisMax is how much of a notice is read, in bytes.
const avisMax = 1 << 20

// avis is what a delivery status notification says (RFC 3464).
type avis struct {
	echecs  []string // the status of each recipient that will never have it
	message string   // id of the sending that it is about, "" when it does not say
}

// LireRebond reads a delivery status notification (RFC 3464), as a mail server
// pipes it, and writes down the address that it says will never have our mail:
// the one of the sending whose Message-ID it returns, whatever address the
// notice names (a mail may have been forwarded). A notice that names no mail of
// the last 30 days gives none: anybody can write one, and must not silence an
// address of his choice; nor does one of a mere delay. What is not such a notice
// is "invalide".
func (c *Courrier) LireRebond(ctx context.Context, r io.Reader) ([]AdresseRebondie, error) {
	a, err := lireAvis(io.LimitReader(r, avisMax))
	if err != nil || len(a.echecs) == 0 || a.message == "" {
		return nil, err
	}
	envoi, o, err := store.Lire[Envoi](ctx, c.base, genreEnvoi, a.message)
	if err != nil || envoi.leurre() {
		return nil, sauf(err, mednum.Introuvable)
	}
	if err := c.refuserApres(ctx, envoi, o.Version, a.echecs[0]); err != nil {
		return nil, err
	}
	note, err := c.poserRebond(ctx, envoi.A, a.echecs[0])
	if err != nil {
		return nil, err
	}
	return []AdresseRebondie{note}, nil
}

// refuserApres is for a mail that a server took, and another refused later.
func (c *Courrier) refuserApres(ctx context.Context, e Envoi, version int, statut string) error {
	if e.Etat != Envoye {
		return nil
	}
	e.Cause = statut
	e.finir(Refuse, c.now())
	return sauf(c.poser(ctx, &e, version+1), mednum.Perime)
}

func lireAvis(r io.Reader) (a avis, err error) {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return a, pasAvis()
	}
	genre, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return a, pasAvis()
	}
	parties, lu := multipart.NewReader(m.Body, params["boundary"]), false
	for {
		p, err := parties.NextRawPart()
		if errors.Is(err, io.EOF) || err != nil && lu {
			break
		}
		if err != nil {
			return a, pasAvis()
		}
		genre, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		switch genre {
		case "message/delivery-status", "message/global-delivery-status":
			a.echecs, lu = lireEchecs(decoder(p)), true
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			a.message = lireMessage(decoder(p))
		}
	}
	if !lu {
		return a, pasAvis()
	}
	return a, nil
}

func pasAvis() error {
	return invalide("message", "Ce message n’est pas un avis de non-remise : donnez-le entier, avec ses en-têtes (multipart/report).")
}

// decoder is the content of a part, whatever it is encoded in.
func decoder(p *multipart.Part) io.Reader {
	switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, p)
	case "quoted-printable":
		return quotedprintable.NewReader(p)
	}
	return p
}

// lireEchecs reads the groups of fields after the first one, which is about the
// message: one a recipient.
func lireEchecs(r io.Reader) (statuts []string) {
	t := textproto.NewReader(bufio.NewReader(r))
	if _, err := t.ReadMIMEHeader(); err != nil {
		return nil
	}
	for {
		champs, err := t.ReadMIMEHeader()
		statut, _, _ := strings.Cut(strings.TrimSpace(champs.Get("Status")), " ")
		if strings.EqualFold(strings.TrimSpace(champs.Get("Action")), "failed") && strings.HasPrefix(statut, "5.") {
			statuts = append(statuts, statut)
		}
		if err != nil {
			return statuts
		}
	}
}

// lireMessage is the id of the sending whose headers the notice returns.
func lireMessage(r io.Reader) string {
	champs, _ := textproto.NewReader(bufio.NewReader(r)).ReadMIMEHeader() // what could be read will do
	id, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(champs.Get("Message-Id")), "<>"), "@")
	return id
}
