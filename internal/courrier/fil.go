package courrier

import (
	"context"
	"crypto/tls"
	"net"
	"sync"

	"github.com/wneessen/go-mail"
)

// fil is the connection of one sending, which ends with it: go-mail leaves it
// open when the server says no before the message.
type fil struct {
	mu    sync.Mutex
	conn  net.Conn
	coupe bool
}

func (f *fil) dial(s *Serveur) mail.DialContextFunc {
	return func(ctx context.Context, reseau, adresse string) (conn net.Conn, err error) {
		if s.tls == tlsImmediat {
			conn, err = (&tls.Dialer{Config: &tls.Config{ServerName: s.hote, MinVersion: tls.VersionTLS12}}).DialContext(ctx, reseau, adresse)
		} else {
			conn, err = new(net.Dialer).DialContext(ctx, reseau, adresse)
		}
		if err != nil {
			return nil, err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.conn = conn
		if f.coupe {
			_ = conn.Close()
		}
		return conn, nil
	}
}

// couper ends the connection, now and from now on.
func (f *fil) couper() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coupe = true
	if f.conn != nil {
		_ = f.conn.Close()
	}
}
