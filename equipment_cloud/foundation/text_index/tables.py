"""The tables of the index on both engines, and the key that keeps kinds of records apart."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, text

TIERS = 5
"""Texts of a record by weight: its name, what it is akin to, its methods, its content, who stands behind it."""
COLUMNS = tuple(f"tier{number}" for number in range(1, TIERS + 1))

_ID_BITS = 40
ID_MASK = (1 << _ID_BITS) - 1

_VOCABULARY = [
    """CREATE TABLE search_word (
        word varchar(32) {collate} NOT NULL, records integer NOT NULL, CONSTRAINT pk_search_word PRIMARY KEY (word))""",
    """CREATE TABLE search_slip (
        variant varchar(8) {collate} NOT NULL, stem varchar(8) {collate} NOT NULL,
        CONSTRAINT pk_search_slip PRIMARY KEY (variant, stem))""",
]
_INSTALL = {
    "sqlite": [
        # The ascii tokenizer takes every character beyond ASCII for a letter: our terms come through as they are.
        f"CREATE VIRTUAL TABLE search_text USING fts5({', '.join(COLUMNS)}, tokenize = 'ascii')",
        "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_text', 'row')",
        *(statement.format(collate="") for statement in _VOCABULARY),
    ],
    "postgresql": [
        f"""CREATE TABLE search_text (
            key bigint NOT NULL, {", ".join(f"{name} tsvector NOT NULL" for name in COLUMNS)},
            CONSTRAINT pk_search_text PRIMARY KEY (key))""",
        *(f"CREATE INDEX ix_search_text_{name} ON search_text USING gin ({name})" for name in COLUMNS),
        *(statement.format(collate='COLLATE "C"') for statement in _VOCABULARY),
    ],
}
_REMOVE = ("search_vocabulary", "search_text", "search_word", "search_slip")


def install(connection: Connection) -> None:
    """Create the tables; for migrations."""
    for statement in _INSTALL[connection.dialect.name]:
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Drop the tables; for migrations."""
    for name in _REMOVE:
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))


def key_range(kind: str) -> tuple[int, int]:
    """The first and the last key of a kind: its hash in the upper bits, the record's id in the lower 40."""
    low = (zlib.crc32(kind.encode()) & 0x3FFFFF) << _ID_BITS
    return low, low | ID_MASK
