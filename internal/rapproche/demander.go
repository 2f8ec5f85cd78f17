package rapproche

// appuis counts what speaks for one place beside the names and the address, and
// comes from several hands: the phone, the e-mail or page, the label, the hours.
func (f *faits) appuis() int {
	n := 0
	for _, vrai := range []bool{f.telephone, f.courriel || f.domaine || f.indice, f.label, f.semaine == singuliers} {
		if vrai {
			n++
		}
	}
	return n
}

// tenuIci: who is at the address of a France services, and may run one, runs
// it when the label, the hours or the e-mail domain say so too; an association,
// or one of no kind, when two things do. A label follows an employer, a domain is
// all of a town hall's: neither is enough where phones (and hours) differ. Nor is
// it run by one kind when its name tells another.
func (f *faits) tenuIci() bool {
	switch {
	case !f.avecFS || f.deuxFS || f.hote || f.genre == opposes || f.adresse != identique && f.adresse != sansNumero:
		return false
	case f.appuis() > 1 && (f.adresse == identique || f.telephone || f.semaine == singuliers), f.telephone && f.semaine == communes && f.adresse == identique:
		return !f.autreHote || f.telephone || f.courriel
	case f.genre != porteur || !f.organise || f.autreHote || f.adresse != identique: // a square without a number has a town hall and its neighbours
		return false
	}
	return f.label && !f.telephones || f.semaine == singuliers || (f.courriel || f.domaine) && (!f.telephones || f.semaine != discordants)
}

// aDemander tells what a person must be asked, however low the score: a few
// things that seldom agree by chance, and nothing that forbids.
func (f *faits) aDemander() bool {
	proches := f.memeAdresse() || f.adresse == memeRue || f.adresse == vague
	telephone := f.telephone && !f.standard
	switch {
	case f.itinerant, f.commune == communesVoisines && !f.voisins(), f.avecFS && f.autreHote && !f.telephone && !f.courriel:
		return false
	case f.nom >= contenus && f.genre <= accueil && (f.courriel && !f.memeFlux || f.nom >= generiques && f.semaine == singuliers || f.metres >= 0 && f.metres < 60):
		return true // one name, and something else
	case f.adresse == differente && f.telephones && !f.courriel && f.semaine == discordants && !f.deuxRFS && !f.batiment && (f.metres < 0 || f.metres > 60):
		return false // the label and the domain are the employer's, wherever it is
	case f.avecFS:
		return telephone || f.courriel || f.genre == porteur && (f.adresse == identique || f.adresse == voisine && f.metres >= 0 && f.metres < 30 && !f.telephones) || f.appuis() > 1 || f.semaine == singuliers && proches ||
			f.seule && (f.memeAdresse() || f.adresse == vague || f.adresse == absente || f.deuxRFS) || f.label && (f.memeAdresse() || f.adresse == vague || f.batiment || f.voisinDeRue())
	case f.fabrique:
		return telephone || f.courriel || f.motRare || f.genre == memes && f.guichet && (f.nom != autres || f.motDit)
	case f.adresse == differente:
		deuxGuichets := f.guichet && f.nom == autres // two libraries, each with its name
		organisme := f.domaine || f.siret || f.siren || f.courriel || f.guichet
		return f.metres >= 0 && f.metres < 30 && organisme || telephone && !deuxGuichets && (f.metres >= 0 && f.metres < 300 || f.nom >= contenus) && (!f.memeFlux || f.semaine == singuliers)
	}
	return proches && (f.courriel || telephone || f.siret && (f.nom > autres || f.adresse == identique)) || f.memeAdresse() && f.semaine == singuliers
}

// voisinDeRue tells whether two numbers of one street are a few doors away, and
// no phone contradicts that they are one.
func (f *faits) voisinDeRue() bool {
	return f.adresse == memeRue && (f.metres >= 0 && f.metres < 30 || f.metres < 150 && !f.telephones)
}

// plancher is the score of what aDemander finds: the more agrees, the higher.
func (f *faits) plancher() float64 {
	p := SeuilDoute + 0.05*float64(f.appuis())
	if f.nom >= partiels {
		p += 0.05
	}
	return p
}

// porteLabel: at the address of a France services, whoever says that it has the
// label, and writes from the same organisation, runs it.
func (f *faits) porteLabel() bool {
	return f.label && f.domaine && f.adresse == identique && !f.telephones
}

// numeriqueFS: a point numérique without a name of its own is held in the France
// services of its address.
func (f *faits) numeriqueFS() bool {
	return f.avecFS && f.duNUM && f.genre == accueil && f.nom != autres
}

// memeGuichet: one address has one library, one post office, one point
// information jeunesse, when one of the names says no more.
func (f *faits) memeGuichet() bool {
	return f.guichet && f.adresse == identique && f.nom == neutres
}

// voisins tells whether two positions are those of one village.
func (f *faits) voisins() bool { return f.metres >= 0 && f.metres < 500 }
