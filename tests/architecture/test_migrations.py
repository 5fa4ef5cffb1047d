"""One chain of migrations, and it makes what the models say."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, upgrade
from sqlalchemy import create_engine

from tests.architecture.sources import ROOT
from tests.databases import fresh_database, make_app


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_the_models_ask_for_nothing_that_migrations_do_not_make(tmp_path) -> None:
    with fresh_database() as url:
        app: Flask = make_app(url, tmp_path)
        with app.app_context():
            upgrade()
            check()  # exits with 1 where models and tables differ
            app.extensions["sqlalchemy"].engine.dispose()


def test_a_migrated_database_stands_at_the_head() -> None:
    with fresh_database() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_heads()
        engine.dispose()
    assert current == tuple(ScriptDirectory(str(ROOT / "migrations")).get_heads())
