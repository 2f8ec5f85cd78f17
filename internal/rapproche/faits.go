package rapproche

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
)

// faits are what two records have in common, and not.
type faits struct {
	commune rapportCommune
	adresse rapport
	nom     parente
	genre   accord
	metres  float64 // between two positions; -1 when one proves nothing

	cle       bool // one key of one flow, in two editions
	joint     bool // an id that a national file joined
	memeFlux  bool // two keys of one flow
	deuxFS    bool // two rows of the France Services list
	itinerant bool // one moves, the other does not
	batiment  bool // the name of one is that of the building of the other
	telephone bool
	courriel  bool
	domaine   bool
	label     bool // one is on the France Services list, the other says it has the label
	siret     bool
	siren     bool // the same legal unit, another establishment
	telephones, sirens,
	fabrique bool // phones differ; legal units differ; a source without addresses
	avecFS    bool // one is a France services
	duNUM     bool // one is a point numérique
	hote      bool // a France services, and a place of a kind that does not run any, of one address and one contact
	semaine   concert
	indice    bool // the name of one is in the e-mail address of the other, or in the name of who runs it
	seule     bool // one has the label, or the name, and the other is the only fixed France services of the commune
	sites     bool // two sites of one organisation, by their names
	motRare   bool // their names have a word in common that few communes have
	motDit    bool // a word of the name of one is in the e-mail address of the other
	deuxRFS   bool // both say that they are a France services
	standard  bool // their phone is a switchboard, that many addresses have
	autreHote bool // the name of the France services tells another kind than that of the other
	organise  bool // the kind of both is more than that of an association
	ailleurs  bool // the complement of one gives another street
	guichet   bool // both are of one kind that one address has once: not an authority with many services
}

func observer(a, b *signature) faits {
	f := faits{commune: comparerCommunes(&a.commune, &b.commune), metres: -1}
	f.cle = a.flux == b.flux && a.cle == b.cle
	f.joint = partagentCle(a, b)
	f.memeFlux = a.flux == b.flux && a.cle != b.cle
	f.telephone = a.telephone != "" && a.telephone == b.telephone
	f.courriel = partagent(a.courriels, b.courriels)
	if f.commune == communesDifferentes && !f.cle && !f.joint {
		return f
	}
	f.adresse = comparerVoies(&a.voie, &b.voie)
	f.nom = comparerNoms(&a.nom, &b.nom)
	f.genre = accorder(a.genre, b.genre)
	f.deuxFS = a.listeFS && b.listeFS && a.cle != b.cle
	f.itinerant = a.itinerant != b.itinerant
	f.domaine = partagent(a.domaines, b.domaines)
	f.label = a.listeFS && b.labelFS || b.listeFS && a.labelFS
	f.siret = a.siret != "" && a.siret == b.siret
	f.siren = !f.siret && a.siren != "" && a.siren == b.siren
	f.sirens = a.siren != "" && b.siren != "" && a.siren != b.siren
	f.telephones = a.telephone != "" && b.telephone != "" && !f.telephone
	f.fabrique = a.sansVoie || b.sansVoie
	f.avecFS = (a.genre|b.genre)&genreRFS != 0
	f.duNUM = (a.genre|b.genre)&genreNUM != 0
	f.observerIndices(a, b)
	if f.genre == opposes && f.avecFS && f.memeAdresse() && (f.telephone || f.courriel) { // who is host to a France services may be of any kind
		f.genre, f.hote = porteur, true
	}
	f.guichet = a.genre&b.genre&^(genreASSO|genreCC|genreCD) != 0
	f.batiment = nommeBatiment(a, b) || nommeBatiment(b, a)
	if a.situe && b.situe {
		f.metres = geo.Distance(a.point, b.point)
	}
	if f.commune == communesVoisines && f.nom == generiques && !f.voisins() {
		f.nom = neutres // each of the two communes has its mairie
	}
	return f
}

// observerIndices sets what the rest of the two records tells.
func (f *faits) observerIndices(a, b *signature) {
	f.semaine = comparerSemaines(&a.semaine, &b.semaine)
	f.indice = f.nom < contenus && (nommeAilleurs(a, b) || nommeAilleurs(b, a)) // else the e-mail address says no more than the name
	f.deuxRFS = a.genre&b.genre&genreRFS != 0
	f.seule = (a.seule || b.seule) && (f.label || f.deuxRFS)
	f.motRare = partagentMot(a.rares, b.rares)
	f.motDit = ditMot(a.rares, b.dits) || ditMot(b.rares, a.dits)
	f.standard = a.standard || b.standard
	x, y := a.genre&^(mous|genreRFS), b.genre&^(mous|genreRFS)
	f.autreHote = x != 0 && y != 0 && x&y == 0
	f.organise = x|y != 0
	f.sites = autresSites(&a.nom, &b.nom)
	f.ailleurs = (autreVoie(&a.autreRue, &b.voie) || autreVoie(&b.autreRue, &a.voie)) && !memeVoie(a.autreRue.mots, b.autreRue.mots)
	if f.avecFS {
		f.domaine = f.domaine || partagent(a.domaines, b.sites) || partagent(b.domaines, a.sites)
	}
	if f.adresse == differente && (dansComplement(&a.voie, b.batiment) || dansComplement(&b.voie, a.batiment)) {
		f.adresse = vague
	}
}

// autreVoie tells whether the street of a complement is another than that of
// the other record.
func autreVoie(complement, v *voie) bool {
	return len(v.mots) > 0 && len(complement.mots) > 0 && comparerVoies(complement, v) == differente
}

// dansComplement tells whether an address without a street is in the complement
// of another: "Terres Hautes", and "18 rue Basse (Terres Hautes)".
func dansComplement(v *voie, complement []string) bool {
	if v.debut > 0 || v.genre != "" || len(v.mots) == 0 {
		return false
	}
	return !slices.ContainsFunc(v.mots, func(mot string) bool { return !slices.Contains(complement, mot) })
}

// memeAdresse tells whether the two addresses are one, as far as they tell.
func (f *faits) memeAdresse() bool {
	return f.adresse == identique || f.adresse == voisine || f.adresse == sansNumero
}

// nommeBatiment tells whether the own words of the name of a, two or one long,
// are all in the complement of the address of b.
func nommeBatiment(a, b *signature) bool {
	if len(b.batiment) == 0 || len(a.nom.texte) < 6 {
		return false
	}
	for _, mot := range a.nom.mots {
		trouve := false
		for _, autre := range b.batiment {
			trouve = trouve || memeMot(mot, autre)
		}
		if !trouve {
			return false
		}
	}
	return true
}
