//go:build race

package rapproche_test

// course tells that the race detector slows everything down.
const course = true
