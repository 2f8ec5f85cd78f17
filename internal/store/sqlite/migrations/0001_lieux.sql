-- Places, their records, the log of accepted writes, imports and settings.

-- One row: grows by one with every write, whoever writes.
CREATE TABLE sequence (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n  INTEGER NOT NULL
) STRICT;
INSERT INTO sequence (id, n) VALUES (1, 0);

-- The newest state of each place; json is mednum.Lieu.
CREATE TABLE lieux (
    id      TEXT PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version > 0),
    seq     INTEGER NOT NULL,
    statut  TEXT NOT NULL,
    json    TEXT NOT NULL
) STRICT;

-- The log, written before the place: json is the after-image (mednum.Lieu).
CREATE TABLE revisions (
    lieu        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version > 0),
    seq         INTEGER NOT NULL UNIQUE,
    json        TEXT NOT NULL,
    champs      TEXT NOT NULL,
    auteur      TEXT NOT NULL,
    voie        TEXT NOT NULL,
    operation   TEXT NOT NULL DEFAULT '',
    idempotence TEXT NOT NULL DEFAULT '',
    le          TEXT NOT NULL,
    PRIMARY KEY (lieu, version)
) STRICT;
CREATE UNIQUE INDEX revisions_idempotence ON revisions (idempotence) WHERE idempotence <> '';
CREATE INDEX revisions_operation ON revisions (operation) WHERE operation <> '';

-- The sources of records; json is mednum.Flux.
CREATE TABLE flux (
    id   TEXT PRIMARY KEY,
    json TEXT NOT NULL
) STRICT;

-- The records of the sources; json is mednum.Fiche.
CREATE TABLE fiches (
    flux TEXT NOT NULL,
    cle  TEXT NOT NULL,
    lieu TEXT REFERENCES lieux (id) DEFERRABLE INITIALLY DEFERRED,
    json TEXT NOT NULL,
    PRIMARY KEY (flux, cle)
) STRICT;
CREATE INDEX fiches_lieu ON fiches (lieu);

-- Imports, merges and separations: plan is what remains to be applied, NULL once done.
CREATE TABLE operations (
    id   TEXT PRIMARY KEY,
    etat TEXT NOT NULL,
    le   TEXT NOT NULL,
    json TEXT NOT NULL,
    plan TEXT
) STRICT;

CREATE TABLE reglages (
    cle    TEXT PRIMARY KEY,
    valeur TEXT NOT NULL
) STRICT;
