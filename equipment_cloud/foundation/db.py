"""SQLAlchemy glue: one declarative base, one transaction, two engines that behave alike.

SQLite runs in WAL mode with foreign keys, ``synchronous=FULL`` and explicit ``BEGIN``; a write transaction begins with
``BEGIN IMMEDIATE``, because a read followed by a write after another's commit fails at once whatever the busy timeout.
PostgreSQL runs at READ COMMITTED with row locks taken in the stated order.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum as PyEnum
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Date, DateTime, Enum, MetaData, String, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

SQLITE_BUSY_SECONDS = 20


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. A naive value is refused before it reaches the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; JSONB where the engine has it. ``None`` is NULL, not JSON null."""


def _values(enum: type[PyEnum]) -> list[str]:
    return [str(member.value) for member in enum]


Id = Annotated[int, mapped_column(primary_key=True)]
Fen = Annotated[int, mapped_column(BigInteger)]
Short = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(String(255))]
Prose = Annotated[str, mapped_column(Text)]

_registry = registry(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    ),
    type_annotation_map={
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: Document,
        list[Any]: Document,
        list[str]: Document,
        StrEnum: Enum(StrEnum, values_callable=_values, native_enum=False, length=32),
    },
)


class Base(DeclarativeBase):
    """The declarative base under :data:`Model`."""

    registry = _registry
    metadata = _registry.metadata


db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

migrate = Migrate(db=db)


def session() -> Session:
    """The session of the present request, command or job."""
    return db.session()


def settled() -> Session:
    """The session with pending rows written: for statements built once, which do not do so by themselves."""
    current = session()
    current.flush()
    return current


def is_sqlite() -> bool:
    """Whether the present database is SQLite (else PostgreSQL)."""
    return session().get_bind().dialect.name == "sqlite"


@contextmanager
def transaction() -> Iterator[Session]:
    """The one write transaction of an edge: all of it or nothing.

    Ends the read transaction first, so that whatever is read inside is read anew under the locks taken inside.
    Raises ``RuntimeError`` when changes were made outside of it: they would be lost.
    """
    current = session()
    if current.info.get("joined"):
        current.expire_all()
        with current.begin_nested():
            yield current
        return
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("records were changed outside of transaction()")
    current.rollback()
    current.connection(execution_options={"immediate": True})
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise


@contextmanager
def joined_transaction() -> Iterator[Session]:
    """A :func:`transaction` that every ``transaction()`` inside joins as a savepoint: one commit, at its end."""
    with transaction() as current:
        current.info["joined"] = True
        try:
            yield current
        finally:
            current.info.pop("joined", None)


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")
    _use_wal(connection)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Put the file into WAL mode unless it is.

    A restored backup is not, and SQLite answers "locked" at once, whatever the busy timeout, to all but one of the
    processes that turn it at the same time.
    """
    until = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
