// Package mongotest gives tests a server of MongoDB's protocol: the one that
// they are given, otherwise the mongod of this machine, otherwise FerretDB in
// front of PostgreSQL with DocumentDB, as .ci/mongo leaves it in the user's
// cache folder. The server is started once for a test program and dies with
// it.
package mongotest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// errAbsent is for a machine where no server can be had.
var errAbsent = errors.New("left out: the MongoDB store, no server (MONGODB_URI, mongod, or make mongo)")

// demarrage is how long a server may take to answer.
const demarrage = 60 * time.Second

// serveur is the server of this test program.
var serveur struct {
	sync.Mutex
	demarre bool
	uri     string
	err     error
	stop    []func() // the last one started first
}

// Neuf is the URI of a database that does not exist yet, on the server that
// donne names (MONGODB_URI) or on one that is started. It is dropped when the
// test ends. Where there is no server, the test is left out and says so.
func Neuf(t testing.TB, donne string) string {
	t.Helper()
	uri, err := URI(donne)
	if errors.Is(err, errAbsent) {
		t.Skip(err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	nom := "adeuxpas_essai_" + strings.ToLower(rand.Text())
	base, err := avecBase(uri, nom)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client, ctx := Client(t, uri), context.WithoutCancel(t.Context())
		if err := client.Database(nom).Drop(ctx); err != nil {
			t.Errorf("dropping %s: %v", nom, err)
		}
	})
	return base
}

// Client is the driver's own client, for a test that looks behind the store.
func Client(t testing.TB, uri string) *mongo.Client {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client
}

// URI is the server's, without a database.
func URI(donne string) (string, error) {
	serveur.Lock()
	defer serveur.Unlock()
	if !serveur.demarre {
		serveur.demarre = true
		serveur.uri, serveur.err = start(donne)
	}
	return serveur.uri, serveur.err
}

// Stop ends the server, if this test program started one; for TestMain.
func Stop() {
	serveur.Lock()
	defer serveur.Unlock()
	for i := len(serveur.stop) - 1; i >= 0; i-- {
		serveur.stop[i]()
	}
	serveur.stop = nil
}

func start(donne string) (uri string, err error) {
	if donne != "" {
		return donne, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), demarrage)
	defer cancel()
	if mongod, err := exec.LookPath("mongod"); err == nil {
		return startMongod(ctx, mongod)
	}
	return startFerret(ctx)
}

// avecBase is the URI with another database. The accounts of the server are
// still looked for where they were.
func avecBase(uri, base string) (string, error) {
	c, err := connstring.Parse(uri)
	if err != nil {
		return "", errors.New("MONGODB_URI cannot be read")
	}
	schema, reste, _ := strings.Cut(uri, "://")
	debut, reglages, _ := strings.Cut(reste, "?")
	hotes, _, _ := strings.Cut(debut, "/")
	if c.UsernameSet && !c.AuthSourceSet {
		reglages += "&authSource=" + c.AuthSource
	}
	return schema + "://" + hotes + "/" + base + "?" + strings.Trim(reglages, "&"), nil
}

// libre is a loopback address that nobody uses.
func libre() (adresse, port string, err error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	adresse = l.Addr().String()
	_, port, err = net.SplitHostPort(adresse)
	return adresse, port, errors.Join(err, l.Close())
}

// attendre asks until it is answered, the time is over or the child is dead.
func attendre(ctx context.Context, e *enfant, demander func(context.Context) error) error {
	for {
		err := demander(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w\n%s", e.nom, err, e.sortie.String())
		case <-e.mort:
			return fmt.Errorf("%s ended: %s", e.nom, e.sortie.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func ping(uri string) func(context.Context) error {
	return func(ctx context.Context) error {
		client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(time.Second))
		if err != nil {
			return err
		}
		defer func() { _ = client.Disconnect(ctx) }()
		return client.Database("admin").RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err()
	}
}

func joindre(adresse string) func(context.Context) error {
	return func(ctx context.Context) error {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", adresse)
		if err != nil {
			return err
		}
		return c.Close()
	}
}
