package courrier

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"
)

// chiffrement is how a connection to the server is encrypted.
type chiffrement string

const (
	tlsObligatoire chiffrement = "obligatoire" // STARTTLS, or nothing is sent
	tlsPossible    chiffrement = "possible"    // STARTTLS where the server has it
	tlsJamais      chiffrement = "jamais"
	tlsImmediat    chiffrement = "immediat" // TLS from the start (RFC 8314)
)

// Serveur is the SMTP server that mail is handed to.
type Serveur struct {
	hote        string
	port        int
	utilisateur string
	motDePasse  string
	tls         chiffrement
}

// LireSMTP reads the address of an SMTP server:
//
//	smtp://user:secret@host:587?starttls=obligatoire|possible|jamais
//	smtps://user:secret@host:465
//
// The port is 587 or 465 unless given. STARTTLS is demanded unless told
// otherwise, but of this machine, where it is not used. A refusal is
// "invalide", and never repeats the address, which may hold a password.
func LireSMTP(texte string) (*Serveur, error) {
	u, err := url.Parse(texte)
	if err != nil || u.Hostname() == "" || (u.Path != "" && u.Path != "/") || u.Fragment != "" {
		return nil, invalide("smtp", "L’adresse du serveur d’envoi est de la forme smtp://utilisateur:motdepasse@hote:587 ; dans le mot de passe, les signes : / ? # @ % s’écrivent en %XX.")
	}
	s := &Serveur{hote: u.Hostname(), utilisateur: u.User.Username()}
	s.motDePasse, _ = u.User.Password()
	if (s.utilisateur == "") != (s.motDePasse == "") {
		return nil, invalide("smtp", "L’adresse du serveur d’envoi demande un utilisateur et son mot de passe, ou ni l’un ni l’autre.")
	}
	if err := s.lireTLS(u); err != nil {
		return nil, err
	}
	if u.Port() != "" {
		s.port, err = strconv.Atoi(u.Port())
		if err != nil || s.port < 1 || s.port > 65535 {
			return nil, invalide("smtp", "Le port du serveur d’envoi est un nombre de 1 à 65535.")
		}
	}
	return s, nil
}

// lireTLS reads how the connection is encrypted, and sets the usual port.
func (s *Serveur) lireTLS(u *url.URL) error {
	v := u.Query()
	demande := chiffrement(v.Get("starttls"))
	v.Del("starttls")
	if len(v) > 0 {
		return invalide("smtp", "L’adresse du serveur d’envoi n’a qu’un réglage après le « ? » : starttls.")
	}
	switch {
	case u.Scheme == "smtps" && demande == "":
		s.port, s.tls = 465, tlsImmediat
	case u.Scheme == "smtps":
		return invalide("smtp", "smtps:// chiffre d’emblée : ôtez starttls de l’adresse du serveur d’envoi.")
	case u.Scheme != "smtp":
		return invalide("smtp", "L’adresse du serveur d’envoi commence par smtp:// ou smtps://.")
	case demande == "" && estBoucle(s.hote):
		s.port, s.tls = 587, tlsJamais
	case demande == "":
		s.port, s.tls = 587, tlsObligatoire
	case demande == tlsObligatoire || demande == tlsPossible || demande == tlsJamais:
		s.port, s.tls = 587, demande
	default:
		return invalide("smtp", "starttls vaut obligatoire, possible ou jamais.")
	}
	if s.utilisateur != "" && !estBoucle(s.hote) && (s.tls == tlsPossible || s.tls == tlsJamais) {
		return invalide("smtp", "Le mot de passe du serveur d’envoi partirait en clair : ôtez starttls de son adresse, ou prenez smtps://.")
	}
	return nil
}

// String is the server without its password, for people.
func (s *Serveur) String() string {
	texte := net.JoinHostPort(s.hote, strconv.Itoa(s.port))
	switch s.tls {
	case tlsImmediat:
		texte += ", TLS"
	case tlsJamais:
		texte += ", sans chiffrement"
	default:
		texte += ", starttls=" + string(s.tls)
	}
	if s.utilisateur != "" {
		texte += ", avec mot de passe"
	}
	return texte
}

// estBoucle tells whether a host is this machine.
func estBoucle(hote string) bool {
	ip := net.ParseIP(hote)
	return hote == "localhost" || ip != nil && ip.IsLoopback()
}

// Expediteur is who mail comes from.
type Expediteur struct{ Nom, Adresse string }

// LireExpediteur reads « À deux pas <ne-pas-repondre@exemple.fr> », or an address
// alone. A refusal is "invalide".
func LireExpediteur(texte string) (Expediteur, error) {
	a, err := netmail.ParseAddress(texte)
	if err != nil || !surUneLigne(texte) || verifierAdresse(a.Address) != nil {
		return Expediteur{}, invalide("expediteur", "L’expéditeur s’écrit comme « À deux pas <ne-pas-repondre@exemple.fr> ».")
	}
	return Expediteur{Nom: a.Name, Adresse: a.Address}, nil
}

// message is a mail ready to leave. Its Message-ID is that of the sending, the
// same at each try.
func (c *Courrier) message(e *Envoi) (*mail.Msg, error) {
	texte, html, err := c.reglages.composer(e.Corps)
	if err != nil {
		return nil, err
	}
	de := c.reglages.Expediteur
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: de.Nom, Address: de.Adresse})
	m.ToMailAddress(&netmail.Address{Address: e.A})
	m.Subject(ecrire(e.Corps.Sujet))
	m.SetDateWithValue(e.Poste)
	m.SetMessageIDWithValue(e.ID + "@" + domaine(de.Adresse))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answer from a machine
	if fin := e.Corps.Desabonnement; fin != "" {
		m.SetListUnsubscribe(fin)
		if strings.HasPrefix(fin, "https://") {
			m.SetListUnsubscribePost()
		}
	}
	m.SetBodyString(mail.TypeTextPlain, texte)
	m.AddAlternativeString(mail.TypeTextHTML, html)
	return m, nil
}

func domaine(adresse string) string { return adresse[strings.LastIndexByte(adresse, '@')+1:] }

// expedier hands a mail over to the server; the error is a *reponse. Once the
// server took it, nothing that follows is a failure.
func (c *Courrier) expedier(ctx context.Context, e *Envoi) error {
	m, err := c.message(e)
	if err != nil {
		return err
	}
	fil := new(fil)
	client, err := c.client(fil)
	if err != nil {
		return err
	}
	defer fil.couper()
	defer context.AfterFunc(ctx, fil.couper)()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	if err := client.SendWithSMTPClient(session, m); err != nil {
		return err
	}
	_ = client.CloseWithSMTPClient(session)
	return nil
}

// client is the way to the server, for one mail.
func (c *Courrier) client(f *fil) (*mail.Client, error) {
	s := c.reglages.SMTP
	options := []mail.Option{
		mail.WithPort(s.port), mail.WithTimeout(c.reglages.Delai), mail.WithHELO(c.helo()),
		mail.WithoutNoop(), mail.WithoutRset(), mail.WithDialContextFunc(f.dial(s)),
	}
	switch s.tls {
	case tlsObligatoire:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case tlsPossible:
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case tlsJamais, tlsImmediat:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.utilisateur != "" {
		options = append(options, mail.WithUsername(s.utilisateur), mail.WithPassword(s.motDePasse),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return mail.NewClient(s.hote, options...)
}

// helo is how this program greets the server: as the host of the site.
func (c *Courrier) helo() string {
	if u, err := url.Parse(c.reglages.URLPublique); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}

// reponse is what a server answered to a mail; code is 0 when it did not.
type reponse struct {
	code         int
	etendu       string // RFC 3463, "" when the server gives none
	destinataire bool   // it answered about the recipient or the message
}

func lireReponse(err error) reponse {
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return reponse{}
	}
	return reponse{
		code: e.ErrorCode(), etendu: e.EnhancedStatusCode(),
		destinataire: e.Reason == mail.ErrSMTPRcptTo || e.Reason == mail.ErrSMTPData || e.Reason == mail.ErrSMTPDataClose,
	}
}

// definitive tells whether trying again would be of no use. What a server
// refuses before it knows the recipient (a password, our own address) is for
// us to repair: the mail waits.
func (r reponse) definitive() bool { return r.destinataire && r.code >= 500 }

// accuseAdresse tells whether the refusal is about the address: not about our
// being allowed to send (5.7, RFC 3463, 3.8).
func (r reponse) accuseAdresse() bool { return r.definitive() && !strings.HasPrefix(r.etendu, "5.7.") }

func (r reponse) String() string {
	if r.code == 0 {
		return "injoignable"
	}
	return strings.TrimSpace(strconv.Itoa(r.code) + " " + r.etendu)
}

// causeJournal is why a mail did not leave, without the words of a server about
// its recipient: they hold the address.
func causeJournal(err error) string {
	if r := lireReponse(err); r.code != 0 {
		return r.String()
	}
	if e, ok := errors.AsType[*mail.SendError](err); ok {
		return e.Reason.String()
	}
	return err.Error()
}
