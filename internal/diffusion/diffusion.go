// Package diffusion encodes what others subscribe to or harvest: the catalogue
// of the open data, the plan of the site, feeds and calendars. It is pure: it
// is given what to say, and returns the bytes.
package diffusion
