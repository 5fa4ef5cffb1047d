"""A consistent copy of everything while the platform runs: one tar with the database, the files and a manifest.

SQLite is copied by ``VACUUM INTO`` (a read snapshot, so writers go on), PostgreSQL by ``pg_dump``. Files are addressed
by their hash and never change, so those written while the copy is made do no harm.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.engine import URL

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.db import db, session
from equipment_cloud.foundation.job import Job, Outcome
from equipment_cloud.kernel.errors import N_, Refused

KEPT = 14
"""So many nightly copies are kept."""
_MANIFEST, _DATABASE, _FILES = "manifest.json", "database", "files"
_SHA256_LENGTH = 64


class BackupRefused(Refused):
    """The copy cannot be made or put back."""

    code = "backup-refused"
    message = N_("The copy cannot be made or put back.")


def make(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write the copy to ``target``; nothing stands there until it is whole. Returns the manifest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    storage = Path(current_app.config["STORAGE_DIR"])
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / _DATABASE
        _copy_database(db.engine.url, copy)
        manifest = {
            "made_at": clock.local(now).isoformat(),
            "engine": db.engine.dialect.name,
            "revision": session().scalar(text("SELECT version_num FROM alembic_version")),
            "sha256": _sha256(copy),
        }
        (Path(folder) / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        whole = Path(folder) / "whole.tar"
        with tarfile.open(whole, "w") as tar:
            tar.add(Path(folder) / _MANIFEST, _MANIFEST)
            tar.add(copy, _DATABASE)
            for path in sorted(storage.glob("??/*")):
                tar.add(path, f"{_FILES}/{path.parent.name}/{path.name}", recursive=False)
        whole.replace(target)
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Put a copy back over the present database and files. Stop web and clock first. Returns the manifest.

    Raises :class:`BackupRefused`, with nothing changed, when the copy is damaged or of another kind of database.
    """
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpacked(source, Path(folder))
        if manifest.get("engine") != db.engine.dialect.name:
            raise BackupRefused(N_("This copy is of %(engine)s, the present database is %(present)s."),
                                engine=manifest.get("engine"), present=db.engine.dialect.name)  # fmt: skip
        copy = Path(folder) / _DATABASE
        if not copy.is_file() or _sha256(copy) != manifest.get("sha256"):
            raise BackupRefused(N_("This copy is damaged: its database is not the one that was written."))
        url = db.engine.url
        db.session.remove()
        db.engine.dispose()
        _put_back_database(url, copy)
        _put_back_files(Path(folder) / _FILES)
    return manifest


def _copy_database(url: URL, target: Path) -> None:
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source:
            source.execute("VACUUM INTO ?", (str(target),))
        return
    _postgres("pg_dump", url, "--format=custom", f"--file={target}")


def _put_back_database(url: URL, copy: Path) -> None:
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(copy))) as source, closing(sqlite3.connect(str(url.database))) as target:
            source.backup(target)
        return
    _postgres("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(copy))


def _postgres(tool: str, url: URL, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise BackupRefused(N_("%(tool)s is not installed here."), remedy=N_("Install PostgreSQL's client programs."),
                            tool=tool)  # fmt: skip
    target = url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([program, f"--dbname={target}", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(N_("%(tool)s gave up: %(words)s"), tool=tool, words=done.stderr.strip()[-500:])


def _unpacked(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, ValueError):
        raise BackupRefused(N_("This is not a copy written by this platform, or it is damaged.")) from None
    return manifest if isinstance(manifest, dict) else {}


def _put_back_files(folder: Path) -> None:
    storage = Path(current_app.config["STORAGE_DIR"])
    for path in sorted(folder.glob("??/*")):
        target = storage / path.parent.name / path.name
        if len(path.name) == _SHA256_LENGTH and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder() -> Path:
    """Where the nightly copies lie: ``BACKUP_DIR``, else beside the files."""
    return Path(current_app.config.get("BACKUP_DIR") or Path(current_app.config["STORAGE_DIR"]).parent / "backups")


def _run(on: date, now: datetime) -> Outcome:
    """One copy a date, the newest fourteen kept; a date that has its copy is left alone."""
    target = folder() / f"equipment-cloud-{on}.tar"
    if target.exists():
        return Outcome()
    make(target, now=now)
    for old in sorted(folder().glob("equipment-cloud-????-??-??.tar"))[:-KEPT]:
        old.unlink()
    return Outcome(done=1)


JOB = Job("foundation.backup", "30 2 * * *", _run)
