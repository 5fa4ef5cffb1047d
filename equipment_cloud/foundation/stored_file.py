"""Uploaded files: addressed by hash, sniffed by content, bounded; each room serves its own under its own policy."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import puremagic
from flask import Response, current_app, send_file
from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import Id, Line, Model, Short, session
from equipment_cloud.kernel.errors import N_, Invalid

PDF = "application/pdf"
IMAGES = frozenset({"image/jpeg", "image/png"})
EVIDENCE = frozenset({PDF}) | IMAGES
MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 1 << 16


class StoredFile(Model):
    """A file as it came: name as given, type as its content says, SHA-256 of its bytes."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_sha256", "sha256"),)

    id: Mapped[Id]
    sha256: Mapped[Short]
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[Line]
    name: Mapped[Line]
    person_id: Mapped[int]
    created_at: Mapped[datetime]


def store(
    stream: BinaryIO,
    name: str,
    *,
    by: Actor,
    now: datetime,
    allowed: Collection[str] | None = EVIDENCE,
    most: int = MAX_BYTES,
) -> StoredFile:
    """Keep the bytes and add the row.

    Raises :class:`Invalid` (field ``file``) when empty, too large or of a kind not allowed.

    ``allowed`` lists media types; ``None`` keeps anything (an import's original, kept as evidence).
    """
    folder = Path(current_app.config["STORAGE_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                _check_size(size, most)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            mime = _checked_type(Path(target.name), size, allowed)
        except BaseException:
            Path(target.name).unlink()
            raise
    path = path_of(digest.hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    Path(target.name).replace(path)
    record = StoredFile(
        sha256=digest.hexdigest(), size=size, mime=mime, name=_clean_name(name), person_id=by.id, created_at=now
    )
    session().add(record)
    session().flush()
    return record


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return Path(current_app.config["STORAGE_DIR"]) / sha256[:2] / sha256


def send(record: StoredFile, *, inline: bool = False) -> Response:
    """The file as a download (or in the page, for kinds that cannot run script)."""
    show = inline and record.mime in EVIDENCE
    response = send_file(
        path_of(record.sha256), mimetype=record.mime, as_attachment=not show, download_name=record.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise Invalid.single(
            "too-large",
            N_("The file is larger than %(most)s MB."),
            field="file",
            most=most // 1024 // 1024,
            remedy=N_("Make it smaller or split it, then upload again."),
        )


def _checked_type(path: Path, size: int, allowed: Collection[str] | None) -> str:
    if size == 0:
        raise Invalid.single("empty", N_("The file is empty."), field="file", remedy=N_("Choose the file again."))
    try:
        mime = puremagic.from_file(str(path), mime=True) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        mime = "application/octet-stream"
    if allowed is not None and mime not in allowed:
        raise Invalid.single(
            "wrong-kind",
            N_("This kind of file is not accepted; the content decides, not the name."),
            field="file",
            remedy=N_("Upload a PDF, or a JPG or PNG picture."),
        )
    return mime


def _clean_name(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in base if letter.isprintable())[:200] or "file"
