package mongo_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// coupure is a way to the server that can be cut: it counts the commands that
// go through, and cuts at one of them.
type coupure struct {
	uri   string
	cible string

	reste    atomic.Int64 // commands before the cut
	apres    atomic.Bool  // the server gets the command, its answer is lost
	durable  atomic.Bool  // nothing goes through any more
	coupe    atomic.Bool
	mu       sync.Mutex
	ouvertes []net.Conn
}

// devant opens an address before the server of the URI, which must be alone;
// autre is the URI through that address.
func devant(t *testing.T, uri, quoi string) (l net.Listener, serveur, autre string) {
	t.Helper()
	schema, reste, _ := strings.Cut(uri, "://")
	hotes, chemin, _ := strings.Cut(reste, "/")
	compte, serveur, avecCompte := strings.Cut(hotes, "@")
	if !avecCompte {
		compte, serveur = "", hotes
	} else {
		compte += "@"
	}
	if strings.Contains(serveur, ",") || schema != "mongodb" || strings.Contains(chemin, "tls=true") {
		t.Skipf("left out: %s, MONGODB_URI is not one server without TLS", quoi)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, serveur, "mongodb://" + compte + l.Addr().String() + "/" + chemin
}

// neuveCoupure stands before the server of the URI; it lets everything through
// until it is armed.
func neuveCoupure(t *testing.T, uri string) *coupure {
	t.Helper()
	l, hote, autre := devant(t, uri, "cut connections to the MongoDB store")
	c := &coupure{cible: hote, uri: strings.Replace(autre+"&directConnection=true", "?&", "?", 1)}
	c.reste.Store(1 << 60)
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go c.relayer(client)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		c.fermer()
	})
	return c
}

// armer cuts at the nth command from now on.
func (c *coupure) armer(n int, apres, durable bool) {
	c.apres.Store(apres)
	c.durable.Store(durable)
	c.coupe.Store(false)
	c.reste.Store(int64(n))
}

func (c *coupure) relayer(client net.Conn) {
	defer client.Close()
	serveur, err := net.Dial("tcp", c.cible)
	if err != nil {
		return
	}
	defer serveur.Close()
	c.mu.Lock()
	c.ouvertes = append(c.ouvertes, client, serveur)
	c.mu.Unlock()
	if c.durable.Load() && c.coupe.Load() {
		return
	}
	retour := &robinet{w: client, perdu: make(chan struct{})}
	go func() {
		_, _ = io.Copy(retour, serveur)
		_ = client.Close()
	}()
	for {
		message, err := lireMessage(client)
		if err != nil {
			return
		}
		ici := estCommande(message) && c.reste.Add(-1) == 0
		apres := c.apres.Load()
		if ici && apres {
			retour.ferme.Store(true)
		}
		if !ici || apres {
			if _, err := serveur.Write(message); err != nil {
				return
			}
		}
		if !ici {
			continue
		}
		if apres {
			<-retour.perdu
		}
		c.coupe.Store(true)
		if c.durable.Load() {
			c.fermer()
		}
		return
	}
}

func (c *coupure) fermer() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.ouvertes {
		_ = o.Close()
	}
}

// robinet lets the server's answers through until it is closed; it then tells
// when one was lost.
type robinet struct {
	w     io.Writer
	ferme atomic.Bool
	perdu chan struct{}
	une   sync.Once
}

func (r *robinet) Write(p []byte) (int, error) {
	if r.ferme.Load() {
		r.une.Do(func() { close(r.perdu) })
		return len(p), nil
	}
	return r.w.Write(p)
}

// lireMessage reads one message of the wire protocol: its length is its first
// four bytes.
func lireMessage(r io.Reader) ([]byte, error) {
	entete := make([]byte, 4)
	if _, err := io.ReadFull(r, entete); err != nil {
		return nil, err
	}
	message := append(entete, make([]byte, binary.LittleEndian.Uint32(entete)-4)...)
	_, err := io.ReadFull(r, message[4:])
	return message, err
}

// estCommande tells the store's commands from what the driver says by itself.
func estCommande(message []byte) bool {
	for _, mot := range []string{"\x10hello\x00", "\x01hello\x00", "helloOk\x00", "ismaster\x00", "isMaster\x00", "endSessions\x00", "saslStart\x00", "saslContinue\x00"} {
		if bytes.Contains(message, []byte(mot)) {
			return false
		}
	}
	return true
}
