package data

import _ "embed" // for Demarches

// Demarches is demarches.json: the errands that the home page offers, each
// with the services, programmes and families that serve it.
//
//go:embed demarches.json
var Demarches []byte
