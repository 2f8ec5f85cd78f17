-- The plan of an operation in parts, so that a great one is never one text: json is a place with its records, or
-- records whose place does not change. They go when the operation ends. operations.plan is of older programs only.
CREATE TABLE etapes (
    operation TEXT NOT NULL REFERENCES operations (id),
    n         INTEGER NOT NULL,
    json      TEXT NOT NULL,
    PRIMARY KEY (operation, n)
) STRICT, WITHOUT ROWID;
