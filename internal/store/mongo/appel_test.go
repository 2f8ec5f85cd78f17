package mongo_test

import (
	"context"
	"fmt"
	"net"
	"testing"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo"
)

// bassinVide is what the driver says, by a type that it keeps to itself, of a
// call that finds the connections just closed because another one was cut.
type bassinVide struct{}

func (bassinVide) Error() string   { return "connection pool was cleared" }
func (bassinVide) Retryable() bool { return true }

func TestPassager(t *testing.T) {
	choix := topology.ServerSelectionError{Wrapped: &net.OpError{Op: "dial"}}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"no error", nil, false},
		{"no server", choix, true},
		{"no server, told in French", fmt.Errorf("%w: %w", &mednum.Error{Code: mednum.Indisponible}, choix), true},
		{"connections closed by another call's cut", fmt.Errorf("lieu: %w", bassinVide{}), true},
		{"no answer in time", context.DeadlineExceeded, true},
		{"another member answers now", driver.CommandError{Code: 10107}, true},
		{"stopped by its caller", context.Canceled, false},
		{"a refused password", driver.CommandError{Code: 18}, false},
		{"a refused password, at the first connection", topology.ServerSelectionError{Wrapped: &auth.Error{}}, false},
		{"a refused right", driver.CommandError{Code: 13}, false},
		{"the base of another program", &mednum.Error{Code: mednum.Indisponible}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := mongo.Passager(tt.err); got != tt.want {
				t.Errorf("%v", got)
			}
		})
	}
}
