package data

import _ "embed" // for VacancesScolaires

// VacancesScolaires is vacances-scolaires.json: the school holidays of all of
// France by zone, and the zone of each département.
//
//go:embed vacances-scolaires.json
var VacancesScolaires []byte
