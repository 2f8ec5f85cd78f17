//go:build !race

package rapproche_test

const course = false
