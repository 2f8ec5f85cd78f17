// Package data holds the default territory pack, in the project's own
// formats. SOURCES.md says where its facts come from.
package data

import (
	"embed"
	"io/fs"
)

//go:embed 82
var paquets embed.FS

// Defaut is the default territory pack, rooted at its folder.
var Defaut = sous(paquets, "82")

func sous(f embed.FS, dossier string) fs.FS {
	s, err := fs.Sub(f, dossier)
	if err != nil {
		panic(err) // only for a malformed constant
	}
	return s
}
