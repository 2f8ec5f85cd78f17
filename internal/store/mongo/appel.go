package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// appel makes one call to the server, with its deadline, and once more when the
// connection was cut: a server without replica set gets no retry from the
// driver, and every write of this package may be done twice.
func (b *Base) appel(ctx context.Context, f func(ctx context.Context) error) error {
	return b.deuxFois(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, delai)
		defer cancel()
		return f(ctx)
	})
}

func (b *Base) deuxFois(ctx context.Context, f func() error) error {
	err := f()
	if coupee(err) && ctx.Err() == nil {
		err = f()
	}
	return b.traduire(ctx, err)
}

// tous reads what a filter finds; each batch has its own deadline.
func tous[T any](ctx context.Context, b *Base, coll string, filtre any, opts ...options.Lister[options.FindOptions]) (liste []T, err error) {
	err = b.deuxFois(ctx, func() error {
		liste = nil
		return parcourir(ctx, b.db.Collection(coll), filtre, opts, func(v T) { liste = append(liste, v) })
	})
	return liste, err
}

func parcourir[T any](ctx context.Context, coll *mongo.Collection, filtre any, opts []options.Lister[options.FindOptions], f func(T)) error {
	return lireBruts(ctx, coll, filtre, opts, func(brut bson.Raw) error {
		v, err := decoder[T](brut)
		if err != nil {
			return fmt.Errorf("collection %s: %w", coll.Name(), err)
		}
		f(v)
		return nil
	})
}

// lireBruts gives f each document that a filter finds.
func lireBruts(ctx context.Context, coll *mongo.Collection, filtre any, opts []options.Lister[options.FindOptions], f func(bson.Raw) error) (err error) {
	premier, cancel := context.WithTimeout(ctx, delai)
	defer cancel()
	cur, err := coll.Find(premier, filtre, append(opts, options.Find().SetBatchSize(1000))...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeCursor(cur)) }()
	for suite(ctx, cur) {
		if err := f(cur.Current); err != nil {
			return err
		}
	}
	return cur.Err()
}

func suite(ctx context.Context, cur *mongo.Cursor) bool {
	ctx, cancel := context.WithTimeout(ctx, delai)
	defer cancel()
	return cur.Next(ctx)
}

func closeCursor(cur *mongo.Cursor) error {
	ctx, cancel := context.WithTimeout(context.Background(), delai)
	defer cancel()
	return cur.Close(ctx)
}

// The server's codes: another member has to answer, a member is stopping, or
// it went away in the middle.
var codesDeBascule = []int{6, 7, 89, 91, 189, 9001, 10058, 10107, 11600, 11602, 13435, 13436}

// The server's codes of refused accounts.
const (
	codeDroit            = 13
	codeAuthentification = 18
)

func hasCode(err error, codes ...int) bool {
	var e mongo.ServerError
	return errors.As(err, &e) && slices.ContainsFunc(codes, e.HasErrorCode)
}

// coupee tells whether a call failed on the way, so that it may be done again.
func coupee(err error) bool {
	if err == nil || mongo.IsTimeout(err) {
		return false
	}
	var choix topology.ServerSelectionError
	if errors.As(err, &choix) { // the driver has already waited
		return false
	}
	var connexion topology.ConnectionError
	return mongo.IsNetworkError(err) || errors.As(err, &connexion) || videe(err) || hasCode(err, codesDeBascule...)
}

// videe tells whether a call never left, because another one had just found the
// connections cut: the driver closes them all.
func videe(err error) bool {
	var bassin driver.RetryablePoolError
	return errors.As(err, &bassin) && bassin.Retryable()
}

// traduire gives an error of the way to the server its plain words: an
// *mednum.Error with code "indisponible", the driver's error beneath it for the
// log. Other errors come back as they are.
func (b *Base) traduire(ctx context.Context, err error) error {
	var deja *mednum.Error
	if err == nil || errors.As(err, &deja) {
		return err
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	message := b.message(err)
	if message == "" {
		return err
	}
	return fmt.Errorf("%w: %w", &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: message}, err)
}

// message says in French what keeps the server from answering, "" when it did.
func (b *Base) message(err error) string {
	switch {
	case refuseCompte(err):
		return fmt.Sprintf("La base « %s » refuse ce compte : vérifiez l’utilisateur et le mot de passe.", b.nom)
	case hasCode(err, codeDroit):
		return fmt.Sprintf("Ce compte n’a pas le droit d’écrire dans la base « %s ».", b.nom)
	case hasCode(err, codesDeBascule...):
		return fmt.Sprintf("La base « %s » change de serveur principal : recommencez dans un instant.", b.nom)
	case sansReponse(err):
		return fmt.Sprintf("La base « %s » ne répond pas : recommencez dans un instant.", b.nom)
	}
	return ""
}

// refuseCompte tells whether the server answered that it does not know the
// user, or not with this password.
func refuseCompte(err error) bool {
	var compte *auth.Error
	return hasCode(err, codeAuthentification) || errors.As(err, &compte)
}

func sansReponse(err error) bool {
	var choix topology.ServerSelectionError
	var connexion topology.ConnectionError
	return errors.As(err, &choix) || errors.As(err, &connexion) || videe(err) || mongo.IsTimeout(err) || mongo.IsNetworkError(err) ||
		errors.Is(err, context.DeadlineExceeded) || attenteMajorite(err)
}

// Passager tells whether an error of this package is of the way to the server,
// so that the same may succeed later with nothing changed here: neither a
// refused account, nor a database that is not ours.
func Passager(err error) bool {
	return err != nil && !refuseCompte(err) && !hasCode(err, codeDroit) && (hasCode(err, codesDeBascule...) || sansReponse(err))
}

// attenteMajorite tells whether a write was not confirmed by most members.
func attenteMajorite(err error) bool {
	var lot mongo.BulkWriteException
	var un mongo.WriteException
	return errors.As(err, &lot) && lot.WriteConcernError != nil || errors.As(err, &un) && un.WriteConcernError != nil
}
