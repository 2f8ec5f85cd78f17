// Package ecoute is what people tell: that something is wrong with a place
// (signalement), that help is missing (besoin), and what the network keeps of it
// (fiche). What is free text is masked before it is stored; nothing here is part
// of what is published of places.
package ecoute
