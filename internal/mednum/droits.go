package mednum

import (
	"slices"
	"time"
)

// Role is what a person or a program may do within a scope.
type Role string

// The roles, each with what the ones before it may do.
const (
	RoleContributeur   Role = "contributeur"   // tells needs and initiatives of its scope, changes no place
	RoleMediateur      Role = "mediateur"      // changes the places of its scope
	RoleCoordinateur   Role = "coordinateur"   // and accepts what waits there, publishes proposals, invites
	RoleAdministrateur Role = "administrateur" // and keeps the accounts
)

// Rang orders the roles, 0 for one that is not known.
func (r Role) Rang() int {
	return slices.Index([]Role{RoleContributeur, RoleMediateur, RoleCoordinateur, RoleAdministrateur}, r) + 1
}

// Edits tells whether the role changes the places of its scope; one that is not
// known may nothing.
func (r Role) Edits() bool { return r.Rang() >= RoleMediateur.Rang() }

// Tells tells whether the role records needs and initiatives of its scope: every
// role that is known does.
func (r Role) Tells() bool { return r.Rang() > 0 }

// Coordinates tells whether the role accepts what others propose.
func (r Role) Coordinates() bool { return r.Rang() >= RoleCoordinateur.Rang() }

// Portee is the extent of a right: what Habilitation.ID names.
type Portee string

// The scopes.
const (
	PorteeLieu        Portee = "lieu"        // one place, by its public id
	PorteeCommune     Portee = "commune"     // the places of a commune, by INSEE code
	PorteeEPCI        Portee = "epci"        // the places of an intercommunality, by SIREN
	PorteeDepartement Portee = "departement" // the places of the territory, by its code; not its neighbours'
	PorteeTout        Portee = "tout"        // every place: whoever holds the base
)

// Habilitation is one right. Rights add up; no right is no access.
type Habilitation struct {
	Role   Role   `json:"role"`
	Portee Portee `json:"portee"`
	ID     string `json:"id,omitempty"`
}

// UsageAPI is the use of a token with which a program changes places.
const UsageAPI = "api"

// Jeton is a token, known by the SHA-256 of its secret alone. Nom signs what is
// done with it. Times are UTC, to the second.
type Jeton struct {
	Hash          string         `json:"hash"` // 64 hexadecimal digits
	Usage         string         `json:"usage"`
	Nom           string         `json:"nom"`
	Habilitations []Habilitation `json:"habilitations"`
	Cree          time.Time      `json:"cree"`
	Expire        time.Time      `json:"expire"`
	RevoqueLe     time.Time      `json:"revoque_le,omitzero"`
}

// chiffresID of the hash name a token: enough to tell tokens apart, of no use
// to guess one.
const chiffresID = 12

// ID names the token to people, in lists and in the history.
func (j *Jeton) ID() string { return j.Hash[:min(chiffresID, len(j.Hash))] }

// Expired tells whether the token is over at an instant.
func (j *Jeton) Expired(t time.Time) bool { return !t.Before(j.Expire) }

// Revoked tells whether somebody took the token back.
func (j *Jeton) Revoked() bool { return !j.RevoqueLe.IsZero() }
