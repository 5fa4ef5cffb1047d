"""Alembic's environment: one chain of migrations for SQLite and PostgreSQL."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app

import equipment_cloud
from equipment_cloud.foundation.db import db

for room in sorted(Path(equipment_cloud.__file__).parent.glob("*/models*")):
    importlib.import_module(f"equipment_cloud.{room.parent.name}.models")
for glue in ("audit", "idempotency", "job", "outbox", "stored_file"):
    importlib.import_module(f"equipment_cloud.foundation.{glue}")


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:  # noqa: FBT001
    """Search tables are made by hand for each engine, and the exclusion constraint's own index is no index of ours."""
    return not (name or "").startswith(("search_", "ex_")) and kind != "search"


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Our column types as the plain types they are: a migration imports nothing of the application."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "JSON":
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    return False


def compare_type(
    _context: Any, _inspected: Any, _metadata: Any, inspected_type: Any, metadata_type: Any
) -> bool | None:
    """JSON and JSONB, and SQLite's untyped columns, are the same to us."""
    names = {type(inspected_type).__name__, type(metadata_type).__name__}
    if names & {"JSON", "JSONB"} or "Enum" in names:
        return False
    return None


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, include_object=include_object, render_item=render_item,
            compare_type=compare_type, transaction_per_migration=True,
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()


run()
