"""The database's own word against double booking: an exclusion constraint on PostgreSQL, triggers on SQLite.

The lock on the position's calendar row decides first; these are the last line. Migrations call :func:`install`, and
call it again after every later ``batch_alter_table`` of ``occupation``, because SQLite drops the triggers silently with
the old table.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

NO_OVERLAP = "ex_occupation_no_overlap"
BOUNDED = "ck_occupation_bounded"
LONGEST_DAYS = 31
"""No occupation is longer: every search for what overlaps a moment looks back this far and no further."""
OVERLAPS = "occupation overlaps"
TOO_LONG = "occupation too long"

_POSTGRESQL = (
    f"""
    ALTER TABLE occupation ADD CONSTRAINT {NO_OVERLAP} EXCLUDE USING gist (
        int8range(position_id, position_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    )
    """,
    f"ALTER TABLE occupation ADD CONSTRAINT {BOUNDED} CHECK (ends_at - starts_at <= interval '{LONGEST_DAYS} days')",
)
_POSTGRESQL_REMOVE = tuple(f"ALTER TABLE occupation DROP CONSTRAINT IF EXISTS {name}" for name in (NO_OVERLAP, BOUNDED))

_EVENTS = {"insert": "INSERT", "update": "UPDATE OF position_id, starts_at, ends_at"}
# Among rows that do not overlap, only the last to start before the new end can reach into the new period.
_LAST_BEFORE = """
    SELECT ends_at FROM occupation
    WHERE position_id = NEW.position_id AND starts_at < NEW.ends_at AND id IS NOT NEW.id
    ORDER BY starts_at DESC LIMIT 1
"""


def _sqlite_trigger(name: str, event: str) -> str:
    return f"""
    CREATE TRIGGER occupation_no_overlap_{name} BEFORE {event} ON occupation
    BEGIN
        SELECT RAISE(ABORT, '{TOO_LONG}') WHERE julianday(NEW.ends_at) - julianday(NEW.starts_at) > {LONGEST_DAYS}.001;
        SELECT RAISE(ABORT, '{OVERLAPS}') WHERE ({_LAST_BEFORE}) > NEW.starts_at;
    END
    """


def install(connection: Connection) -> None:
    """Put the guards in place; harmless when they already stand."""
    remove(connection)
    statements: tuple[str, ...] = _POSTGRESQL
    if connection.dialect.name == "sqlite":
        statements = tuple(_sqlite_trigger(name, event) for name, event in _EVENTS.items())
    for statement in statements:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take the guards away (for a downgrade)."""
    statements = _POSTGRESQL_REMOVE
    if connection.dialect.name == "sqlite":
        statements = tuple(f"DROP TRIGGER IF EXISTS occupation_no_overlap_{name}" for name in _EVENTS)
    for statement in statements:
        connection.exec_driver_sql(statement)
