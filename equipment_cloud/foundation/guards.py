"""The database's own word against rewriting history: audit notes, audit blocks and ledger transfers are append-only.

Migrations call :func:`install`, and call it again after every later ``batch_alter_table`` of one of these tables,
because SQLite drops triggers silently with the old table. Only ``audit_note.block_id`` may be set, once, by the sealing
job.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

FROZEN = "this record is append-only"
_WHOLE = ("audit_block", "transfer")
_NOTE_COLUMNS = "id, at, person_id, person_name, action, reference, detail"
_RESEALED = "OLD.block_id IS NOT NULL OR NEW.block_id IS NULL"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{FROZEN}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _triggers() -> dict[str, tuple[str, str, str]]:
    """Name of each trigger -> event, table, condition."""
    found = {
        "audit_note_no_delete": ("DELETE", "audit_note", ""),
        "audit_note_no_update": (f"UPDATE OF {_NOTE_COLUMNS}", "audit_note", ""),
        "audit_note_sealed_once": ("UPDATE OF block_id", "audit_note", _RESEALED),
    }
    for table in _WHOLE:
        found[f"{table}_no_delete"] = ("DELETE", table, "")
        found[f"{table}_no_update"] = ("UPDATE", table, "")
    return found


def install(connection: Connection) -> None:
    """Put the guards in place; harmless when they already stand."""
    remove(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_FUNCTION.replace("%", "%%"))
        for table in ("audit_note", *_WHOLE):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_rewriting()"
            )
    for name, (event, table, condition) in _triggers().items():
        when = f"WHEN ({condition})" if condition else ""
        act = f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END" if is_sqlite else "EXECUTE FUNCTION refuse_rewriting()"
        connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} {act}")


def remove(connection: Connection) -> None:
    """Take the guards away (for a downgrade)."""
    is_sqlite = connection.dialect.name == "sqlite"
    for name, (_event, table, _condition) in _triggers().items():
        place = "" if is_sqlite else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{place}")
    if not is_sqlite:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_rewriting() CASCADE")
