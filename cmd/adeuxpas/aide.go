package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// largeurAide is the width of the help in characters, that of a terminal
// which nobody has widened.
const largeurAide = 80

const piedAide = `Les réglages en majuscules sont des variables d’environnement ; une option
écrite l’emporte sur elles.

Codes de sortie :
  0  le travail est fait
  1  le travail est refusé ou a échoué
  2  la commande n’est pas comprise
  3  quelque chose manque autour : adresse déjà prise, base ou territoire
     illisibles
`

// aide is the help of a command, or of the program when none is chosen.
func aide(app *kong.Application, commande *kong.Node) string {
	if commande == nil {
		commande = app.Node
	}
	var b strings.Builder
	titre := "adeuxpas"
	if commande != app.Node {
		titre = cheminDe(commande)
	}
	fmt.Fprintf(&b, "%s : %s\n\n", titre, debutMinuscule(commande.Help))
	utilisation := strings.Join(plier(titre+arguments(commande), largeurAide-6), "\n      ")
	fmt.Fprintf(&b, "Utilisation :\n  %s\n\n", utilisation)
	if commande.Detail != "" {
		b.WriteString(strings.TrimRight(commande.Detail, "\n") + "\n\n")
	}
	ecrireCommandes(&b, commande)
	ecrireOptions(&b, commande)
	if len(commande.Children) > 0 {
		fmt.Fprintf(&b, "« %s COMMANDE --help » dit tout d’une commande.\n\n", titre)
	}
	b.WriteString(piedAide)
	return insecables.Replace(b.String())
}

// insecables keeps French double punctuation with its word.
var insecables = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")

// cheminDe is how a command is typed, without its arguments:
// "adeuxpas territoire construire".
func cheminDe(n *kong.Node) string {
	if n.Parent == nil {
		return "adeuxpas"
	}
	return cheminDe(n.Parent) + " " + n.Name
}

func arguments(n *kong.Node) string {
	var b strings.Builder
	if len(n.Children) > 0 {
		b.WriteString(" COMMANDE")
	}
	for _, f := range n.Flags {
		if f.Required {
			fmt.Fprintf(&b, " --%s\u00a0%s", f.Name, f.FormatPlaceHolder())
		}
	}
	b.WriteString(" [OPTIONS]")
	for _, p := range n.Positional {
		nom := strings.ToUpper(p.Name)
		if p.IsCumulative() {
			nom += "…"
		}
		if !p.Required {
			nom = "[" + nom + "]"
		}
		b.WriteString(" " + nom)
	}
	return b.String()
}

func ecrireCommandes(b *strings.Builder, n *kong.Node) {
	if len(n.Children) == 0 {
		return
	}
	b.WriteString("Commandes :\n")
	for _, feuille := range n.Leaves(true) {
		nom := strings.TrimPrefix(cheminDe(feuille), cheminDe(n)+" ")
		ecrireEntree(b, nom, feuille.Help)
	}
	b.WriteString("\n")
}

// ecrireOptions lists the flags of a command, then those of the commands
// above it.
func ecrireOptions(b *strings.Builder, n *kong.Node) {
	b.WriteString("Options :\n")
	for ; n != nil; n = n.Parent {
		for _, f := range n.Flags {
			if !f.Hidden {
				ecrireEntree(b, nomOption(f), texteOption(f))
			}
		}
	}
	b.WriteString("\n")
}

func nomOption(f *kong.Flag) string {
	nom := "--" + f.Name
	for _, autre := range f.Aliases {
		nom += ", --" + autre
	}
	if f.Short != 0 {
		nom = "-" + string(f.Short) + ", " + nom
	}
	if !f.IsBool() {
		nom += " " + f.FormatPlaceHolder()
	}
	return nom
}

func texteOption(f *kong.Flag) string {
	texte := f.Help
	if f.HasDefault && f.Default != "" && !strings.Contains(f.Help, "Par défaut") {
		texte += " Par défaut : " + f.Default + "."
	}
	if f.Required {
		texte += " Obligatoire."
	}
	if len(f.Envs) > 0 {
		texte += " (" + strings.Join(f.Envs, ", ") + ")"
	}
	return texte
}

// ecrireEntree writes a name and what it does: beside it where the name is
// short, below where it is long.
func ecrireEntree(b *strings.Builder, nom, texte string) {
	const marge = 26
	b.WriteString("  " + nom)
	place := utf8.RuneCountInString(nom) + 2
	if place > marge-2 {
		b.WriteString("\n")
		place = 0
	}
	for _, l := range plier(texte, largeurAide-marge) {
		b.WriteString(strings.Repeat(" ", marge-place) + l + "\n")
		place = 0
	}
}

// plier cuts a text into lines of at most n characters. A no-break space is
// never a place to cut.
func plier(texte string, n int) []string {
	var lignes []string
	courante := ""
	for mot := range strings.SplitSeq(insecables.Replace(texte), " ") {
		switch {
		case courante == "":
			courante = mot
		case utf8.RuneCountInString(courante)+1+utf8.RuneCountInString(mot) > n:
			lignes = append(lignes, courante)
			courante = mot
		default:
			courante += " " + mot
		}
	}
	return append(lignes, courante)
}

func debutMinuscule(texte string) string {
	r, n := utf8.DecodeRuneInString(texte)
	return strings.ToLower(string(r)) + texte[n:]
}
