package collecte

// Construire is ConstruireLieux after its files are read.
var Construire = construire

// LireDistinctions is what the planner knows of the answers of people.
var LireDistinctions = lireDistinctions
