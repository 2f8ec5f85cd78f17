// Package frontend holds the browser's side: templates beside their styles,
// and what the build makes of the TypeScript (dist/, never committed).
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed pages/*.html pages/*/*.html
var pages embed.FS

// Dist is the built front end: manifest.json, static/… and
// communes-france.tsv; empty before the first build.
func Dist() fs.FS { return sous(dist, "dist") }

// Pages are the templates, one folder a page.
func Pages() fs.FS { return sous(pages, "pages") }

func sous(f embed.FS, dossier string) fs.FS {
	s, err := fs.Sub(f, dossier)
	if err != nil {
		panic(err) // only for a malformed constant
	}
	return s
}
