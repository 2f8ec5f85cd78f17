package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// refus is an error that a person can act on: one French sentence, its exit
// code, and the technical cause that only --detail shows.
type refus struct {
	code   int
	phrase string
	cause  error
}

func (r *refus) Error() string { return r.phrase }
func (r *refus) Unwrap() error { return r.cause }

func usage(format string, args ...any) *refus {
	return &refus{code: codeUsage, phrase: fmt.Sprintf(format, args...)}
}

func refuser(format string, args ...any) *refus {
	return &refus{code: codeEchec, phrase: fmt.Sprintf(format, args...)}
}

func obstacle(cause error, format string, args ...any) *refus {
	return &refus{code: codeObstacle, phrase: fmt.Sprintf(format, args...), cause: cause}
}

// signaler says on stderr what went wrong and returns the exit code.
func signaler(p *programme, err error, detail bool) int {
	phrase, code := expliquer(err)
	fmt.Fprintln(p.stderr, insecables.Replace("adeuxpas : "+phrase))
	if detail {
		cause := err
		if r, ok := errors.AsType[*refus](err); ok && r.cause != nil {
			cause = r.cause
		}
		fmt.Fprintf(p.stderr, "Cause technique : %v\n", cause)
	}
	return code
}

// expliquer turns any error into a French sentence without internal text.
func expliquer(err error) (phrase string, code int) {
	if r, ok := errors.AsType[*refus](err); ok {
		return r.phrase, r.code
	}
	if e, ok := errors.AsType[*mednum.Error](err); ok {
		if e.Code == mednum.Indisponible {
			return e.Message, codeObstacle
		}
		return e.Message, codeEchec
	}
	if errors.Is(err, context.Canceled) {
		return "Le travail est interrompu.", codeEchec
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return phraseFichier(e), codeEchec
	}
	return "Le travail a échoué. Recommencez avec --detail pour en voir la cause technique.", codeEchec
}

// phrase is the sentence alone.
func phrase(err error) string {
	texte, _ := expliquer(err)
	return texte
}

// phraseFichier says why a file cannot be used.
func phraseFichier(e *fs.PathError) string {
	switch {
	case errors.Is(e, fs.ErrNotExist):
		return fmt.Sprintf("« %s » n’existe pas.", e.Path)
	case errors.Is(e, fs.ErrPermission):
		return fmt.Sprintf("« %s » ne peut pas être ouvert : les droits manquent.", e.Path)
	case errors.Is(e, syscall.EISDIR):
		return fmt.Sprintf("« %s » est un dossier : donnez un fichier.", e.Path)
	case errors.Is(e, syscall.ENOTDIR):
		return fmt.Sprintf("« %s » n’est pas un dossier.", e.Path)
	case errors.Is(e, syscall.ENOSPC):
		return fmt.Sprintf("« %s » ne peut pas être écrit : le disque est plein.", e.Path)
	case errors.Is(e, syscall.EROFS):
		return fmt.Sprintf("« %s » ne peut pas être écrit : le disque est en lecture seule.", e.Path)
	}
	return fmt.Sprintf("« %s » ne peut pas être lu ou écrit. Recommencez avec --detail pour en voir la cause technique.", e.Path)
}

// motifs are the refusals of kong 1.17 that our command line can meet. A
// sentence of kong that is not among them becomes a general one: none is
// shown as it is.
var motifs = []struct {
	motif  *regexp.Regexp
	phrase func(c ligneRefusee, m []string) *refus
}{
	{regexp.MustCompile(`^unknown flag (--?[^\s,]+)`), optionInconnue},
	{regexp.MustCompile(`^unexpected argument ([^\s,]+)`), argumentEnTrop},
	{regexp.MustCompile(`^expected (?:one of )?"<?([\w-]+)`), commandeAbsente},
	{regexp.MustCompile(`^missing flags: (.+)$`), optionsAbsentes},
	{regexp.MustCompile(`^(--[\w-]+) must be one of (.+) but got "(.*)"$`), valeurImpossible},
	{regexp.MustCompile(`^<?([\w-]+)>? must be one of (.+) but got "(.*)"$`), valeurImpossible},
	{regexp.MustCompile(`^(--[\w-]+): expected an? .* int but got "(.*)"`), nombreImpossible},
	{regexp.MustCompile(`^(--[\w-]+): expected .* value`), valeurAbsente},
	{regexp.MustCompile(`^(--[\w-]+): expected duration but got "(.*?)"`), dureeImpossible},
	{regexp.MustCompile(`^unexpected flag argument "(.*)"$`), valeurEnTrop},
	{regexp.MustCompile(`^(--[\w-]+): bool value must be`), valeurEnTrop},
}

// ligneRefusee is a command line that kong refused, and the command that it
// had reached: the program itself when none.
type ligneRefusee struct {
	app      *kong.Application
	commande *kong.Node
	args     []string
}

// traduire says in French what kong refuses in a command line.
func traduire(app *kong.Application, args []string, err error) *refus {
	ligne := ligneRefusee{app: app, commande: app.Node, args: args}
	if e, ok := errors.AsType[*kong.ParseError](err); ok && e.Context != nil {
		if choisie := e.Context.Selected(); choisie != nil {
			ligne.commande = choisie
		}
	}
	for _, cas := range motifs {
		if m := cas.motif.FindStringSubmatch(err.Error()); m != nil {
			r := cas.phrase(ligne, m)
			r.cause = err
			return r
		}
	}
	r := usage("La commande n’est pas comprise. Voyez « %s --help ».", cheminDe(ligne.commande))
	r.cause = err
	return r
}

func optionInconnue(l ligneRefusee, m []string) *refus {
	nom := strings.TrimLeft(m[1], "-")
	candidats := optionsDe(l.commande)
	for _, feuille := range l.app.Leaves(true) {
		options := optionsDe(feuille)
		if slices.Contains(l.args, feuille.Name) && feuille != l.commande && slices.Contains(options, nom) {
			return usage("L’option --%s se place après la commande : « %s --%s ».", nom, cheminDe(feuille), nom)
		}
		if l.commande == l.app.Node {
			candidats = append(candidats, options...)
		}
	}
	if voulu := plusProche(nom, candidats); voulu != "" && voulu != nom {
		return usage("Option inconnue %s : vouliez-vous dire --%s ?", m[1], voulu)
	}
	return usage("Option inconnue %s. Voyez « %s --help ».", m[1], cheminDe(l.commande))
}

// optionsDe are the flags that may follow a command.
func optionsDe(commande *kong.Node) []string {
	var noms []string
	for n := commande; n != nil; n = n.Parent {
		for _, f := range n.Flags {
			noms = append(noms, f.Name)
			noms = append(noms, f.Aliases...)
		}
	}
	return noms
}

func argumentEnTrop(l ligneRefusee, m []string) *refus {
	if len(l.commande.Children) == 0 {
		return usage("« %s » est de trop. Voyez « %s --help ».", m[1], cheminDe(l.commande))
	}
	var noms []string
	for _, n := range l.commande.Children {
		noms = append(noms, n.Name)
	}
	if voulu := plusProche(m[1], noms); voulu != "" {
		return usage("Commande inconnue « %s » : vouliez-vous dire « %s » ?", m[1], voulu)
	}
	return usage("Commande inconnue « %s ». Les commandes sont : %s.", m[1], strings.Join(noms, ", "))
}

func commandeAbsente(l ligneRefusee, m []string) *refus {
	for _, p := range l.commande.Positional {
		if p.Name == m[1] {
			return usage("Il manque %s. Voyez « %s --help ».", strings.ToUpper(p.Name), cheminDe(l.commande))
		}
	}
	var noms []string
	for _, n := range l.commande.Children {
		noms = append(noms, n.Name)
	}
	return usage("Il manque la commande : %s.", enumerer(noms))
}

func optionsAbsentes(l ligneRefusee, m []string) *refus {
	var noms []string
	for o := range strings.SplitSeq(m[1], ", ") {
		nom, _, _ := strings.Cut(o, "=")
		noms = append(noms, nom)
	}
	return usage("Il manque %s. Voyez « %s --help ».", strings.Join(noms, " et "), cheminDe(l.commande))
}

func valeurImpossible(_ ligneRefusee, m []string) *refus {
	valeurs := strings.Split(strings.ReplaceAll(m[2], `"`, ""), ",")
	nom := m[1]
	if !strings.HasPrefix(nom, "--") {
		nom = strings.ToUpper(nom)
	}
	return usage("%s : « %s » n’est pas possible. Choisissez %s.", nom, m[3], enumerer(valeurs))
}

func nombreImpossible(_ ligneRefusee, m []string) *refus {
	return usage("%s : « %s » n’est pas un nombre entier.", m[1], m[2])
}

func valeurAbsente(l ligneRefusee, m []string) *refus {
	return usage("L’option %s attend une valeur. Voyez « %s --help ».", m[1], cheminDe(l.commande))
}

func dureeImpossible(_ ligneRefusee, m []string) *refus {
	return usage("%s : « %s » n’est pas une durée, comme 30s.", m[1], m[2])
}

func valeurEnTrop(l ligneRefusee, _ []string) *refus {
	return usage("Une option a reçu une valeur dont elle n’a pas besoin. Voyez « %s --help ».", cheminDe(l.commande))
}

// enumerer is "a, b ou c".
func enumerer(mots []string) string {
	if len(mots) < 2 {
		return strings.Join(mots, "")
	}
	dernier := len(mots) - 1
	return strings.Join(mots[:dernier], ", ") + " ou " + mots[dernier]
}

// plusProche is the candidate that differs least from what was typed, "" when
// none is near enough to have been meant.
func plusProche(mot string, candidats []string) string {
	meilleur, moindre := "", max(2, len([]rune(mot))/3)+1
	for _, c := range candidats {
		if d := ecart(strings.ToLower(mot), c); d < moindre {
			meilleur, moindre = c, d
		}
	}
	return meilleur
}

// ecart is the Levenshtein distance between two words, in characters.
func ecart(a, b string) int {
	lettres := []rune(b)
	rangee := make([]int, len(lettres)+1)
	for j := range rangee {
		rangee[j] = j
	}
	for i, x := range []rune(a) {
		diagonale := rangee[0]
		rangee[0] = i + 1
		for j, y := range lettres {
			cout := diagonale
			if x != y {
				cout = 1 + min(diagonale, rangee[j], rangee[j+1])
			}
			diagonale, rangee[j+1] = rangee[j+1], cout
		}
	}
	return rangee[len(lettres)]
}
