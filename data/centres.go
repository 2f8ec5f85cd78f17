package data

import _ "embed" // for CentresFrance

// CentresFrance is centres-france.txt: the centre of each commune of France
// (see territoire.OpenCentres).
//
//go:embed centres-france.txt
var CentresFrance []byte
