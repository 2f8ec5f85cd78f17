package mednum

// DepartementDe is the code of the département that the first signs of an
// INSEE code name: two, or three overseas ("97", "98"); "" when the code is too
// short to tell.
func DepartementDe(codeInsee string) string {
	n := 2
	if len(codeInsee) >= 2 && (codeInsee[:2] == "97" || codeInsee[:2] == "98") {
		n = 3
	}
	if len(codeInsee) < n {
		return ""
	}
	return codeInsee[:n]
}
