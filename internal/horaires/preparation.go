package horaires

// preparer computes once what every evaluation needs.
func (e *Expression) preparer() {
	for i := range e.regles {
		r := &e.regles[i]
		r.etat, r.commentaire = r.valeur()
		r.etendues = etendues(r.heures)
		for _, h := range r.etendues {
			r.deborde = r.deborde || h.fin > minutesJour
		}
		r.surFerme = r.sep == repli || r.sep == addition && e.regles[i-1].surFerme
		r.remplace = r.sep == normale && r.etat != Ferme &&
			(r.aDates() || i == 0 || r.etat == Ouvert && !e.regles[i-1].aDates())
		e.prevoitFeries = e.prevoitFeries || r.toujours && r.etat == Ouvert
		for _, f := range r.feries {
			e.prevoitFeries = e.prevoitFeries || !f.scolaire
		}
	}
	e.constante = len(e.regles) == 1 && !e.regles[0].aDates() && len(e.regles[0].heures) == 0
}

// valeur is what the rule says where it applies. A comment without a state
// settles nothing, and neither does a rule under a condition in words.
func (r *regle) valeur() (Etat, string) {
	switch {
	case r.condition != "" && r.mots != "":
		return Inconnu, r.condition + " : " + r.mots
	case r.condition != "":
		return Inconnu, r.condition
	case r.explicite:
		return r.ecrit, r.mots
	case r.mots != "":
		return Inconnu, r.mots
	default:
		return Ouvert, ""
	}
}

// etendues makes open ends plain: unknown from the written end to midnight,
// or for ten hours after 17:00 and eight after 22:00, but not past the next
// hours of the list. These lengths are those of the reference implementation;
// the specification leaves them open.
func etendues(heures []plageHeures) []etendue {
	var liste []etendue
	for i, h := range heures {
		if !h.sansFin {
			liste = append(liste, etendue{int16(h.debut), int16(h.fin), selonRegle})
		}
		if !h.libre {
			continue
		}
		fin := minutesJour
		switch {
		case h.fin >= 22*60:
			fin = h.fin + 8*60
		case h.fin >= 17*60:
			fin = h.fin + 10*60
		}
		if i+1 < len(heures) && heures[i+1].debut > h.fin {
			fin = min(fin, heures[i+1].debut)
		}
		liste = append(liste, etendue{int16(h.fin), int16(fin), selonFin})
	}
	return liste
}
