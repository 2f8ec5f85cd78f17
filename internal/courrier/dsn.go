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
	echecs  []echec // the recipients that will never have it
	message string  // id of the sending that it is about, "" when it does not say
}

type echec struct{ adresse, statut string }

// LireRebond reads a delivery status notification (RFC 3464), as a mail server
// pipes it, and writes down the addresses that it says will never have our
// mail. Only those that we wrote to in the last 30 days are: a notice that
// anybody can write must not silence an address of his choice. A notice of a
// mere delay gives none. What is not such a notice is "invalide".
func (c *Courrier) LireRebond(ctx context.Context, r io.Reader) ([]AdresseRebondie, error) {
	a, err := lireAvis(io.LimitReader(r, avisMax))
	if err != nil {
		return nil, err
	}
	var notes []AdresseRebondie
	for _, e := range a.echecs {
		adresse, err := c.destinataire(ctx, &a, e)
		if err != nil {
			return notes, err
		}
		if adresse == "" {
			continue
		}
		r, err := c.poserRebond(ctx, adresse, e.statut)
		if err != nil {
			return notes, err
		}
		notes = append(notes, r)
	}
	return notes, nil
}

// destinataire is the address that we wrote to, "" when there is none. The
// message names it better than the notice, which may give the address that a
// mail was forwarded to.
func (c *Courrier) destinataire(ctx context.Context, a *avis, e echec) (string, error) {
	if a.message != "" {
		envoi, o, err := store.Lire[Envoi](ctx, c.base, genreEnvoi, a.message)
		if err == nil {
			return envoi.A, c.refuserApres(ctx, envoi, o.Version, e.statut)
		}
		if err := sauf(err, mednum.Introuvable); err != nil {
			return "", err
		}
	}
	objets, err := c.base.Objets(ctx, store.Choix{Genre: genreEnvoi, Cle: cleDestinataire(e.adresse), Limite: 1})
	if err != nil || len(objets) == 0 {
		return "", err
	}
	return strings.ToLower(e.adresse), nil
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
func lireEchecs(r io.Reader) (echecs []echec) {
	t := textproto.NewReader(bufio.NewReader(r))
	if _, err := t.ReadMIMEHeader(); err != nil {
		return nil
	}
	for {
		champs, err := t.ReadMIMEHeader()
		if len(champs) > 0 {
			statut, _, _ := strings.Cut(strings.TrimSpace(champs.Get("Status")), " ")
			adresse := adresseDe(champs)
			if strings.EqualFold(strings.TrimSpace(champs.Get("Action")), "failed") && strings.HasPrefix(statut, "5.") && verifierAdresse(adresse) == nil {
				echecs = append(echecs, echec{adresse, statut})
			}
		}
		if err != nil {
			return echecs
		}
	}
}

// adresseDe is the recipient that we gave, otherwise the last one that a server
// tried.
func adresseDe(champs textproto.MIMEHeader) string {
	for _, nom := range []string{"Original-Recipient", "Final-Recipient"} {
		genre, adresse, _ := strings.Cut(champs.Get(nom), ";")
		if strings.EqualFold(strings.TrimSpace(genre), "rfc822") {
			return strings.Trim(strings.TrimSpace(adresse), "<>")
		}
	}
	return ""
}

// lireMessage is the id of the sending whose headers the notice returns.
func lireMessage(r io.Reader) string {
	champs, _ := textproto.NewReader(bufio.NewReader(r)).ReadMIMEHeader() // what could be read will do
	id, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(champs.Get("Message-Id")), "<>"), "@")
	return id
}
