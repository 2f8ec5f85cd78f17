// Package data holds the territory packs that ship with the program, in the
// project's own formats, and names the default one (the file "defaut").
// SOURCES.md says where their facts come from.
package data

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed */*
var paquets embed.FS

//go:embed defaut
var defaut string

// Defaut is the default territory pack, rooted at its folder.
var Defaut = sous(paquets, strings.TrimSpace(defaut))

func sous(f embed.FS, dossier string) fs.FS {
	s, err := fs.Sub(f, dossier)
	if err != nil {
		panic(err) // only for a malformed name in the file "defaut"
	}
	return s
}
