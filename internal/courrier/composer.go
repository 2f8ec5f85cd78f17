package courrier

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// largeur is the longest line of a mail in text, in characters (RFC 5322,
// 2.1.1); a link is never cut.
const largeur = 78

//go:embed lettre.html
var sourceHTML string

var modeleHTML = template.Must(template.New("lettre").Parse(sourceHTML))

// page is a letter as both forms show it.
type page struct {
	Lettre
	NomService, URLPublique string
}

// composer puts a letter in its two forms: plain text, and HTML that says the
// same.
func (r *Reglages) composer(l *Lettre) (texte, html string, err error) {
	p := page{Lettre: l.typographie(), NomService: r.NomService, URLPublique: r.URLPublique}
	var b strings.Builder
	if err := modeleHTML.Execute(&b, p); err != nil {
		return "", "", fmt.Errorf("mail in HTML: %w", err)
	}
	return p.texte(), b.String(), nil
}

// texte is the letter in plain text.
func (p *page) texte() string {
	blocs := make([]string, 0, len(p.Paragraphes)+len(p.Boutons)+4)
	for _, paragraphe := range p.Paragraphes {
		blocs = append(blocs, plier(paragraphe))
	}
	for _, b := range p.Boutons {
		blocs = append(blocs, plier(b.Texte+"\u00a0:")+"\n"+b.URL)
	}
	if p.Code != "" {
		blocs = append(blocs, "Le code à taper\u00a0:\n"+p.Code)
	}
	if p.Fin != "" {
		blocs = append(blocs, plier(p.Fin))
	}
	blocs = append(blocs, "-- \n"+plier(p.NomService)+"\n"+p.URLPublique)
	if p.Desabonnement != "" {
		blocs = append(blocs, "Ne plus recevoir ces courriels\u00a0:\n"+p.Desabonnement)
	}
	return strings.Join(blocs, "\n\n") + "\n"
}

// insecables keeps French double punctuation with its word.
var insecables = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")

// typographie is the letter with its non-breaking spaces, and without the
// control characters that someone's words could hold.
func (l *Lettre) typographie() Lettre {
	t := *l
	t.Sujet, t.Fin = ecrire(l.Sujet), ecrire(l.Fin)
	t.Paragraphes = make([]string, 0, len(l.Paragraphes))
	for _, p := range l.Paragraphes {
		t.Paragraphes = append(t.Paragraphes, ecrire(p))
	}
	t.Boutons = make([]Bouton, 0, len(l.Boutons))
	for _, b := range l.Boutons {
		t.Boutons = append(t.Boutons, Bouton{Texte: ecrire(b.Texte), URL: b.URL})
	}
	return t
}

func ecrire(texte string) string {
	texte = strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Bidi_Control):
			return -1
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(texte, "\ufffd"))
	return insecables.Replace(strings.TrimSpace(texte))
}

// plier cuts a text into lines of largeur characters at most, between words
// only. A no-break space is never a place to cut.
func plier(texte string) string {
	var b strings.Builder
	place := 0
	for mot := range strings.SplitSeq(texte, " ") {
		if mot == "" {
			continue
		}
		n := utf8.RuneCountInString(mot)
		switch {
		case place == 0:
		case place+1+n > largeur:
			b.WriteByte('\n')
			place = 0
		default:
			b.WriteByte(' ')
			place++
		}
		b.WriteString(mot)
		place += n
	}
	return b.String()
}
