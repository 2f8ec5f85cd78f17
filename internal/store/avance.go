package store

import "context"

type cleAvance struct{}

// AvecAvance is ctx with somebody to tell how far an operation is: how many of
// its places are written, and of how many, as Apply and Reprendre write them. An
// operation that Open resumes tells it too. f may be nil.
func AvecAvance(ctx context.Context, f func(fait, total int)) context.Context {
	if f == nil {
		return ctx
	}
	return context.WithValue(ctx, cleAvance{}, f)
}

// Avancer tells whoever AvecAvance put into ctx how far an operation is.
func Avancer(ctx context.Context, fait, total int) {
	if f, ok := ctx.Value(cleAvance{}).(func(fait, total int)); ok {
		f(fait, total)
	}
}
