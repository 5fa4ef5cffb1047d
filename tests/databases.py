"""Databases for tests: fresh, migrated by Alembic, on the engine that ``TEST_DATABASE`` names."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from equipment_cloud.app import create_app
from equipment_cloud.foundation.db import db
from tests.embedded_postgres import url as postgres_url

ENGINE = os.environ.get("TEST_DATABASE", "sqlite")


def make_app(url: str, storage: Path, **overrides: Any) -> Flask:
    """An application on that database, as tests want it: no rate limits, no CSRF, nothing sent anywhere."""
    settings = {
        "TESTING": True,
        "SECRET_KEY": "tests-only",
        "SQLALCHEMY_DATABASE_URI": url,
        "STORAGE_DIR": str(storage),
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
        "DEMO": False,
        "SERVER_NAME": None,
        "PROPAGATE_EXCEPTIONS": False,
        "TIMEZONE": "Asia/Shanghai",
        "BABEL_DEFAULT_LOCALE": "zh_CN",
    }
    return create_app(settings | overrides)


@cache
def template() -> str:
    """One migrated database per test process, to copy from; returns its URL."""
    folder = Path(tempfile.mkdtemp(prefix="ec-test-"))
    target = _blank(folder / "template.db")
    app = make_app(target, folder / "files")
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return target


@contextmanager
def fresh_database() -> Iterator[str]:
    """The URL of a migrated database of one's own, for tests that start processes; dropped afterwards."""
    source = template()
    if ENGINE == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="ec-fresh-"))
        connection = sqlite3.connect(str(sa.make_url(source).database))
        connection.execute("VACUUM INTO ?", (str(folder / "fresh.db"),))
        connection.close()
        yield f"sqlite:///{folder / 'fresh.db'}"
        shutil.rmtree(folder, ignore_errors=True)
        return
    name = f"ec_{uuid.uuid4().hex[:12]}"
    template_name = sa.make_url(source).database
    _postgres(f'CREATE DATABASE "{name}" TEMPLATE "{template_name}"')
    try:
        yield sa.make_url(source).set(database=name).render_as_string(hide_password=False)
    finally:
        _postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _blank(path: Path) -> str:
    if ENGINE == "sqlite":
        return f"sqlite:///{path}"
    name = f"ec_template_{uuid.uuid4().hex[:12]}"
    _postgres(f'CREATE DATABASE "{name}"')
    return _server().set(database=name).render_as_string(hide_password=False)


def _server() -> sa.URL:
    url = sa.make_url(postgres_url())
    return url.set(drivername="postgresql+psycopg")


def _postgres(statement: str) -> None:
    engine = sa.create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
