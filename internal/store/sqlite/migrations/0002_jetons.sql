-- Tokens, by the SHA-256 of their secret: the secret itself is kept nowhere. json is mednum.Jeton.
CREATE TABLE jetons (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    json TEXT NOT NULL
) STRICT;
