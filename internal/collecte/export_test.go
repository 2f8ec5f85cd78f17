package collecte

// Construire is ConstruireLieux after its files are read.
var Construire = construire
