"""The database's own word against changing the rules afterwards: a published policy version stays as it is.

Migrations call :func:`install`, and call it again after every later ``batch_alter_table`` of ``policy_version``,
because SQLite drops triggers silently with the old table.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

PUBLISHED = "a published policy version never changes"
_EVENTS = {"policy_version_no_update": "UPDATE", "policy_version_no_delete": "DELETE"}

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: Connection) -> None:
    """Put the guards in place; harmless when they already stand."""
    remove(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_FUNCTION)
    act = f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED}'); END" if is_sqlite else "EXECUTE FUNCTION refuse_policy_change()"
    for name, event in _EVENTS.items():
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON policy_version FOR EACH ROW WHEN (OLD.state = 'published') {act}"
        )


def remove(connection: Connection) -> None:
    """Take the guards away (for a downgrade)."""
    is_sqlite = connection.dialect.name == "sqlite"
    for name in _EVENTS:
        place = "" if is_sqlite else " ON policy_version"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{place}")
    if not is_sqlite:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_policy_change()")
