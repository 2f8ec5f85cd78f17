-- Small documents of the rooms above, by genre and id: accounts, sessions, links, mail. efface is when the
-- document may be swept, in seconds since 1970, NULL for never.
CREATE TABLE objets (
    genre   TEXT NOT NULL CHECK (genre <> ''),
    id      TEXT NOT NULL CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    cles    TEXT NOT NULL, -- a JSON array
    efface  INTEGER,
    corps   TEXT NOT NULL,
    PRIMARY KEY (genre, id)
) STRICT;
CREATE INDEX objets_efface ON objets (efface) WHERE efface IS NOT NULL;

-- What objects are found by.
CREATE TABLE cles (
    genre TEXT NOT NULL,
    cle   TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (genre, cle, id),
    FOREIGN KEY (genre, id) REFERENCES objets (genre, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX cles_objet ON cles (genre, id);

-- Machine tokens become objects, kept 30 days after their end.
INSERT INTO objets (genre, id, version, cles, efface, corps)
    SELECT 'jeton', hash, 1, '[]', unixepoch(json ->> '$.expire') + 30 * 86400, json FROM jetons;
DROP TABLE jetons;
