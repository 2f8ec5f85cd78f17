package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/web"
)

// The base is tried again after 1, 2, 4, 8, then every 10 seconds.
const (
	premierEssai = time.Second
	dernierEssai = 10 * time.Second
)

// attendre is open, again and again while a base elsewhere does not answer: the
// service may start before its base. Meanwhile the address answers that it is
// not ready. What time does not mend is an error at once.
func (c commandeServir) attendre(p *programme, ecoute net.Listener, journal *slog.Logger) (*service, error) {
	s, err := c.open(p, ecoute.Addr(), journal)
	if !mongo.Passager(err) {
		return s, err
	}
	fmt.Fprintln(p.stderr, insecables.Replace(fmt.Sprintf("adeuxpas : %s Le service l’attend sur http://%s/", sansConseil(err), affichable(ecoute.Addr()))))
	fermer, err := serveAttente(ecoute)
	if err != nil {
		return nil, err
	}
	for delai := premierEssai; ; delai = min(2*delai, dernierEssai) {
		select {
		case <-p.ctx.Done():
			return nil, errors.Join(p.ctx.Err(), fermer())
		case <-time.After(delai):
		}
		if s, err = c.open(p, ecoute.Addr(), journal); !mongo.Passager(err) {
			return s, errors.Join(err, fermer())
		}
	}
}

// sansConseil is why the base does not open, without what a person would do:
// here the service does it.
func sansConseil(err error) string {
	pourquoi, _ := strings.CutSuffix(phrase(err), " : recommencez dans un instant.")
	return strings.TrimSuffix(pourquoi, ".") + "."
}

// serveAttente answers on the listener until fermer, which leaves it open.
func serveAttente(ecoute net.Listener) (fermer func() error, err error) {
	tcp, ok := ecoute.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("a TCP listener is needed, not %T", ecoute)
	}
	app, fin := web.NewAttente(), make(chan error, 1)
	go func() { fin <- app.Listener(&passage{TCPListener: tcp}) }()
	return func() error {
		err := app.ShutdownWithTimeout(delaiArret)
		return errors.Join(err, <-fin, tcp.SetDeadline(time.Time{}))
	}, nil
}

// passage lends a listener: closed, it accepts nothing more, and the listener
// serves again. Connections that come in between wait in its queue.
type passage struct{ *net.TCPListener }

// Accept is io.EOF once closed, as the server expects.
func (p *passage) Accept() (net.Conn, error) {
	conn, err := p.TCPListener.Accept()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, io.EOF
	}
	return conn, err
}

// Close wakes whoever accepts.
func (p *passage) Close() error { return p.SetDeadline(time.Unix(1, 0)) }
