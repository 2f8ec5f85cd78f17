// Package courriertest is an SMTP server for tests: it listens on this machine,
// keeps what it is sent, and refuses, is late or dies when told to.
package courriertest

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// Reglages of a server; the zero value takes any mail, in clear.
type Reglages struct {
	STARTTLS bool // offered, with the certificate of Autorite
	TLS      bool // from the start
	// Utilisateur and MotDePasse that are demanded (AUTH PLAIN), "" for none.
	Utilisateur, MotDePasse string
}

// Serveur is a running server.
type Serveur struct {
	reglages Reglages
	ecoute   net.Listener
	fin      context.CancelFunc

	mu       sync.Mutex
	messages []Message
	reponses map[string]string
	muet     bool
	arrive   chan struct{}
	fils     sync.WaitGroup
}

// Demarrer starts a server, which ends with the test.
func Demarrer(t testing.TB, r Reglages) *Serveur {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if r.TLS {
		l = tls.NewListener(l, certificat())
	}
	ctx, fin := context.WithCancel(context.Background())
	s := &Serveur{reglages: r, ecoute: l, fin: fin, reponses: map[string]string{}, arrive: make(chan struct{}, 1000)}
	s.fils.Go(func() { s.accepter(ctx) })
	t.Cleanup(func() {
		fin()
		_ = l.Close()
		s.fils.Wait()
	})
	return s
}

// URL is the address of the server, for --smtp.
func (s *Serveur) URL() string {
	schema, compte, suite := "smtp", "", ""
	if s.reglages.TLS {
		schema = "smtps"
	}
	if s.reglages.Utilisateur != "" {
		compte = s.reglages.Utilisateur + ":" + s.reglages.MotDePasse + "@"
	}
	if s.reglages.STARTTLS {
		suite = "?starttls=obligatoire"
	}
	return schema + "://" + compte + s.ecoute.Addr().String() + suite
}

// Repondre has the server answer a line of its own to a command, as "550 5.1.1
// unknown" to "RCPT"; "." is the end of a message and "CONNEXION" the greeting.
// An empty line cuts the connection; no line at all answers as usual again.
func (s *Serveur) Repondre(commande string, ligne ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reponses, commande)
	if len(ligne) > 0 {
		s.reponses[commande] = ligne[0]
	}
}

// Taire has the server accept connections and say nothing, or speak again.
func (s *Serveur) Taire(muet bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.muet = muet
}

// Messages are those that the server took.
func (s *Serveur) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Attendre waits until the server took n messages, ten seconds at most.
func (s *Serveur) Attendre(t testing.TB, n int) []Message {
	t.Helper()
	limite := time.After(10 * time.Second)
	for {
		if m := s.Messages(); len(m) >= n {
			return m
		}
		select {
		case <-s.arrive:
		case <-limite:
			t.Fatalf("the server took %d messages, want %d", len(s.Messages()), n)
		}
	}
}

func (s *Serveur) accepter(ctx context.Context) {
	for {
		conn, err := s.ecoute.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		s.fils.Go(func() {
			defer stop()
			defer conn.Close()
			e := &echange{serveur: s, conn: conn, texte: textproto.NewConn(conn), chiffre: s.reglages.TLS}
			e.tenir(ctx)
		})
	}
}

// echange is one connection.
type echange struct {
	serveur *Serveur
	conn    net.Conn
	texte   *textproto.Conn
	chiffre bool
	qui     string
	m       Message
}

var errFin = errors.New("the connection ends")

func (e *echange) tenir(ctx context.Context) {
	e.serveur.mu.Lock()
	muet := e.serveur.muet
	e.serveur.mu.Unlock()
	if muet {
		<-ctx.Done()
		return
	}
	if err := e.dire("CONNEXION", "220 essai ESMTP"); err != nil {
		return
	}
	for {
		ligne, err := e.texte.ReadLine()
		if err != nil {
			return
		}
		verbe, reste, _ := strings.Cut(ligne, " ")
		if err := e.traiter(strings.ToUpper(verbe), reste); err != nil {
			return
		}
	}
}

// dire answers a command, as usual or as told.
func (e *echange) dire(commande, usuelle string) error {
	e.serveur.mu.Lock()
	voulue, ok := e.serveur.reponses[commande]
	e.serveur.mu.Unlock()
	if !ok {
		return e.texte.PrintfLine("%s", usuelle)
	}
	if voulue == "" {
		return errFin
	}
	if err := e.texte.PrintfLine("%s", voulue); err != nil {
		return err
	}
	return fmt.Errorf("told: %s", voulue)
}

// suite lets the dialogue go on after an answer that was told.
func suite(err error) error {
	if err != nil && strings.HasPrefix(err.Error(), "told: ") {
		return nil
	}
	return err
}

func (e *echange) traiter(verbe, reste string) error {
	switch verbe {
	case "EHLO", "HELO":
		e.m.Salut = reste
		return suite(e.dire(verbe, e.extensions()))
	case "STARTTLS":
		return e.chiffrer()
	case "AUTH":
		return suite(e.reconnaitre(reste))
	case "MAIL":
		return suite(e.de(reste))
	case "RCPT":
		err := e.dire(verbe, "250 2.1.5 ok")
		if err == nil {
			e.m.A = append(e.m.A, entreChevrons(reste))
		}
		return suite(err)
	case "DATA":
		return e.recevoir()
	case "RSET", "NOOP":
		return suite(e.dire(verbe, "250 2.0.0 ok"))
	case "QUIT":
		_ = e.dire(verbe, "221 2.0.0 au revoir")
		return errFin
	}
	return e.texte.PrintfLine("502 5.5.1 unknown command")
}

func (e *echange) extensions() string {
	lignes := "250-essai\r\n250-8BITMIME\r\n"
	if e.serveur.reglages.STARTTLS && !e.chiffre {
		lignes += "250-STARTTLS\r\n"
	}
	if e.serveur.reglages.Utilisateur != "" && (e.chiffre || !e.serveur.reglages.STARTTLS) {
		lignes += "250-AUTH PLAIN\r\n"
	}
	return lignes + "250 ENHANCEDSTATUSCODES"
}

func (e *echange) chiffrer() error {
	if err := e.dire("STARTTLS", "220 2.0.0 ready"); err != nil {
		return suite(err)
	}
	conn := tls.Server(e.conn, certificat())
	e.conn, e.texte, e.chiffre = conn, textproto.NewConn(conn), true
	return conn.Handshake()
}

func (e *echange) reconnaitre(reste string) error {
	r := e.serveur.reglages
	_, code, _ := strings.Cut(reste, " ")
	clair, err := base64.StdEncoding.DecodeString(code)
	if err != nil || string(clair) != "\x00"+r.Utilisateur+"\x00"+r.MotDePasse {
		return e.texte.PrintfLine("535 5.7.8 bad credentials")
	}
	e.qui = r.Utilisateur
	return e.dire("AUTH", "235 2.7.0 ok")
}

func (e *echange) de(reste string) error {
	if e.serveur.reglages.Utilisateur != "" && e.qui == "" {
		return e.texte.PrintfLine("530 5.7.0 authentication required")
	}
	e.m = Message{De: entreChevrons(reste), Salut: e.m.Salut, Chiffre: e.chiffre, Utilisateur: e.qui}
	return e.dire("MAIL", "250 2.1.0 ok")
}

func (e *echange) recevoir() error {
	if len(e.m.A) == 0 {
		return e.texte.PrintfLine("503 5.5.1 no recipient")
	}
	if err := e.dire("DATA", "354 go on"); err != nil {
		return suite(err)
	}
	brut, err := e.texte.ReadDotBytes()
	if err != nil {
		return err
	}
	if err := e.dire(".", "250 2.0.0 taken"); err != nil {
		return suite(err)
	}
	e.m.Brut = brut
	e.serveur.mu.Lock()
	e.serveur.messages = append(e.serveur.messages, e.m)
	e.serveur.mu.Unlock()
	select {
	case e.serveur.arrive <- struct{}{}:
	default:
	}
	return nil
}

// entreChevrons is the address of "FROM:<a@b> BODY=8BITMIME".
func entreChevrons(reste string) string {
	_, reste, _ = strings.Cut(reste, "<")
	adresse, _, _ := strings.Cut(reste, ">")
	return adresse
}

// lignes are the lines of a text.
func lignes(texte string) (l []string) {
	for s := bufio.NewScanner(strings.NewReader(texte)); s.Scan(); {
		l = append(l, s.Text())
	}
	return l
}
