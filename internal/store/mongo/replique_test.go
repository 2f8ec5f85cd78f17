package mongo_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// replique stands before the server of the tests and passes for the primary of
// a replica set: it answers hello and everything about change streams itself,
// and lets the rest through. It knows one stream, that of the counter "vu".
type replique struct {
	uri, serveur, adresse string
	fin                   chan struct{}

	mu         sync.Mutex
	refus      int32         // the code with which streams are refused, 0 for none
	coupe      bool          // nobody may come in
	vus        int           // how often the counter grew
	grandit    chan struct{} // closed when it does
	curseurs   map[int64]int // what each cursor has told of
	ouvertures []string      // the tokens that streams were opened with, "" for none
	commandes  int           // those that went through
	ouvertes   map[net.Conn]struct{}
}

func neuveReplique(t *testing.T, uri string) *replique {
	t.Helper()
	l, serveur, autre := devant(t, uri, "change streams of a replica set of our own")
	if strings.Contains(autre, "@") {
		t.Skip("left out: change streams of a replica set of our own, MONGODB_URI has an account")
	}
	f := &replique{
		uri: strings.Replace(autre+"&replicaSet=essai", "?&", "?", 1), serveur: serveur, adresse: l.Addr().String(),
		fin: make(chan struct{}), grandit: make(chan struct{}), curseurs: map[int64]int{}, ouvertes: map[net.Conn]struct{}{},
	}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go f.servir(client)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		close(f.fin)
		f.couper()
	})
	return f
}

// couper ends the connections, and lets nobody in before rouvrir.
func (f *replique) couper() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coupe = true
	for c := range f.ouvertes {
		_ = c.Close()
	}
}

func (f *replique) rouvrir() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coupe = false
}

// grandir is what another process does to the counter.
func (f *replique) grandir() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.vus++
	close(f.grandit)
	f.grandit = make(chan struct{})
}

// vu are the openings of streams, and how many commands went through.
func (f *replique) vu() (ouvertures []string, commandes int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.ouvertures...), f.commandes
}

func (f *replique) entrer(client net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.coupe {
		f.ouvertes[client] = struct{}{}
	}
	return !f.coupe
}

// servir answers one connection. Its messages are read apart, so that a client
// who leaves is noticed while it waits.
func (f *replique) servir(client net.Conn) {
	defer client.Close()
	if !f.entrer(client) {
		return
	}
	serveur, err := net.Dial("tcp", f.serveur)
	if err != nil {
		return
	}
	defer serveur.Close()
	messages, parti := make(chan []byte), make(chan struct{})
	go func() {
		defer close(parti)
		for {
			m, err := lireMessage(client)
			if err != nil {
				return
			}
			select {
			case messages <- m:
			case <-f.fin:
				return
			}
		}
	}()
	for {
		select {
		case <-parti:
			return
		case m := <-messages:
			reponse, err := f.repondre(m, serveur, parti)
			if err != nil {
				return
			}
			if _, err := client.Write(reponse); err != nil {
				return
			}
		}
	}
}

// The operations of the wire protocol.
const (
	opReponse = 1
	opQuery   = 2004
	opMsg     = 2013
)

func (f *replique) repondre(message []byte, serveur net.Conn, parti <-chan struct{}) ([]byte, error) {
	id := binary.LittleEndian.Uint32(message[4:])
	if binary.LittleEndian.Uint32(message[12:]) == opQuery { // the first hello of a connection, always
		return enReply(id, f.hello()), nil
	}
	commande := bson.Raw(message[21:]) // after the header, the flags and the kind of the first section
	elements, err := commande.Elements()
	if err != nil || len(elements) == 0 {
		return nil, fmt.Errorf("command: %w", err)
	}
	switch nom := elements[0].Key(); nom {
	case "hello", "isMaster", "ismaster":
		return enMsg(id, f.hello()), nil
	case "aggregate":
		if flux, err := commande.LookupErr("pipeline", "0", "$changeStream"); err == nil {
			if !compteurSeul(commande) {
				return enMsg(id, refusDe(2)), nil // BadValue
			}
			return enMsg(id, f.ouvrir(flux.Document())), nil
		}
	case "getMore":
		if curseur := elements[0].Value().Int64(); f.connait(curseur) {
			return enMsg(id, f.suite(curseur, commande, parti)), nil
		}
	case "killCursors":
		if curseur := commande.Lookup("cursors", "0").Int64(); f.connait(curseur) {
			return enMsg(id, f.tuer(curseur)), nil
		}
	}
	return f.transmettre(message, commande, serveur)
}

// transmettre lets a command through; the counter has grown once it is
// answered.
func (f *replique) transmettre(message []byte, commande bson.Raw, serveur net.Conn) ([]byte, error) {
	f.mu.Lock()
	f.commandes++
	f.mu.Unlock()
	if _, err := serveur.Write(message); err != nil {
		return nil, err
	}
	reponse, err := lireMessage(serveur)
	if _, absent := commande.LookupErr("update", "$inc", "vu"); err == nil && absent == nil {
		f.grandir()
	}
	return reponse, err
}

func (f *replique) hello() bson.D {
	return bson.D{
		{Key: "helloOk", Value: true},
		{Key: "isWritablePrimary", Value: true},
		{Key: "ismaster", Value: true},
		{Key: "secondary", Value: false},
		{Key: "setName", Value: "essai"},
		{Key: "setVersion", Value: 1},
		{Key: "hosts", Value: bson.A{f.adresse}},
		{Key: "me", Value: f.adresse},
		{Key: "primary", Value: f.adresse},
		{Key: "maxBsonObjectSize", Value: 16 << 20},
		{Key: "maxMessageSizeBytes", Value: 48_000_000},
		{Key: "maxWriteBatchSize", Value: 25_000},
		{Key: "minWireVersion", Value: 0},
		{Key: "maxWireVersion", Value: 21},
		{Key: "readOnly", Value: false},
		{Key: "ok", Value: 1.0},
	}
}

// compteurSeul tells whether a stream is the one that replique plays: the
// changes of the counter "vu", as MongoDB describes them.
func compteurSeul(commande bson.Raw) bool {
	collection, _ := commande.Lookup("aggregate").StringValueOK()
	vu, _ := commande.Lookup("pipeline", "1", "$match", "updateDescription.updatedFields.vu", "$exists").BooleanOK()
	return collection == "sequence" && vu
}

func jetonDe(n int) bson.D { return bson.D{{Key: "_data", Value: strconv.Itoa(n)}} }

// ouvrir opens a stream, after a token where there is one.
func (f *replique) ouvrir(flux bson.Raw) bson.D {
	f.mu.Lock()
	defer f.mu.Unlock()
	jeton, _ := flux.Lookup("resumeAfter", "_data").StringValueOK()
	f.ouvertures = append(f.ouvertures, jeton)
	if f.refus != 0 {
		return refusDe(f.refus)
	}
	depuis := f.vus
	if jeton != "" {
		depuis, _ = strconv.Atoi(jeton)
	}
	curseur := int64(len(f.ouvertures)) << 32
	f.curseurs[curseur] = depuis
	return curseurDe(curseur, "firstBatch", nil, depuis)
}

func refusDe(code int32) bson.D {
	return bson.D{{Key: "ok", Value: 0.0}, {Key: "code", Value: code}, {Key: "errmsg", Value: "refused by the test"}}
}

func curseurDe(curseur int64, lot string, evenements bson.A, jeton int) bson.D {
	return bson.D{
		{Key: "cursor", Value: bson.D{
			{Key: "id", Value: curseur},
			{Key: "ns", Value: "essai.sequence"},
			{Key: lot, Value: append(bson.A{}, evenements...)},
			{Key: "postBatchResumeToken", Value: jetonDe(jeton)},
		}},
		{Key: "ok", Value: 1.0},
	}
}

func (f *replique) connait(curseur int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, connu := f.curseurs[curseur]
	return connu
}

// suite waits for changes as long as the client asks.
func (f *replique) suite(curseur int64, commande bson.Raw, parti <-chan struct{}) bson.D {
	ms, _ := commande.Lookup("maxTimeMS").AsInt64OK()
	patience := time.After(time.Duration(ms) * time.Millisecond)
	for {
		f.mu.Lock()
		depuis, connu := f.curseurs[curseur]
		vus, grandit := f.vus, f.grandit
		f.curseurs[curseur] = vus
		f.mu.Unlock()
		if !connu {
			return refusDe(43) // CursorNotFound
		}
		var evenements bson.A
		for n := depuis + 1; n <= vus; n++ {
			evenements = append(evenements, bson.D{{Key: "_id", Value: jetonDe(n)}})
		}
		if len(evenements) > 0 {
			return curseurDe(curseur, "nextBatch", evenements, vus)
		}
		select {
		case <-grandit:
		case <-patience:
			return curseurDe(curseur, "nextBatch", nil, vus)
		case <-parti:
			return f.tuer(curseur)
		case <-f.fin:
			return f.tuer(curseur)
		}
	}
}

func (f *replique) tuer(curseur int64) bson.D {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.curseurs, curseur)
	return bson.D{{Key: "cursorsKilled", Value: bson.A{curseur}}, {Key: "ok", Value: 1.0}}
}

// enMsg and enReply are a document as the answer to a request.
func enMsg(id uint32, d bson.D) []byte {
	return enMessage(id, opMsg, make([]byte, 5), d) // no flags, a section of kind 0
}

func enReply(id uint32, d bson.D) []byte {
	corps := make([]byte, 20)
	corps[0], corps[16] = 8, 1 // AwaitCapable; one document
	return enMessage(id, opReponse, corps, d)
}

func enMessage(id, op uint32, debut []byte, d bson.D) []byte {
	doc, err := bson.Marshal(d)
	if err != nil {
		panic(err) // documents of ours
	}
	m := make([]byte, 16, 16+len(debut)+len(doc))
	m = append(append(m, debut...), doc...)
	for i, v := range []uint32{uint32(len(m)), 0, id, op} {
		binary.LittleEndian.PutUint32(m[4*i:], v)
	}
	return m
}
