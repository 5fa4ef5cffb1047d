"""``Idempotency-Key``: the same key and body answers the first result again, with another body it is refused.

The key is claimed by an insert in the very transaction of the act, and the answer is stored there too: both stand or
neither does. A rival with the same key waits for that transaction and then finds the answer. A refused call leaves
no trace, so it may be repeated after mending what was wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, make_response, request
from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import actor_or_none
from equipment_cloud.foundation.bulk import insert_one_missing
from equipment_cloud.foundation.db import Document, Id, Line, Model, Short, joined_transaction, session
from equipment_cloud.kernel.errors import N_, Invalid, Refused

KEPT_FOR = timedelta(days=7)
_KEPT_HEADERS = ("ETag", "Location")


class IdempotentAnswer(Model):
    """The first answer to a key of a person, kept for repetition."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[Id]
    person_id: Mapped[int]
    key: Mapped[Line]
    fingerprint: Mapped[Short]
    status: Mapped[int | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(Document)
    created_at: Mapped[datetime]


class KeyReused(Refused):
    """The key was used with another request before (422)."""

    code = "idempotency-key-reused"
    message = N_("This Idempotency-Key was already used for another request.")
    remedy = N_("Use a new key for a new request; repeat a request with its key and body unchanged.")


def answer_once(view: Callable[[], Any]) -> Any:
    """Run the view, or give back the answer its key already has. Without a key or without a person: just run it."""
    key, actor = request.headers.get("Idempotency-Key"), actor_or_none()
    if key is None or actor is None:
        return view()
    _check_key(key)
    mark = _fingerprint()
    try:
        with joined_transaction():
            if not _claim(actor.id, key, mark, now=clock.now()):
                return _first_answer(actor.id, key, mark)
            response = make_response(view())
            if response.status_code >= 400:
                raise _Unfinished(response)
            _keep(actor.id, key, response)
            return response
    except _Unfinished as unfinished:
        return unfinished.response


class _Unfinished(Exception):  # noqa: N818 - never seen outside
    """A view that answered an error without raising: its answer goes out, its transaction does not stand."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status)


def _check_key(key: str) -> None:
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Invalid.single("idempotency-key", N_("An Idempotency-Key has 1 to 255 printable ASCII characters."),
                             field="Idempotency-Key")  # fmt: skip


def _fingerprint() -> str:
    """What was asked: verb, address and body; of an upload its fields and the content of its files."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(f"{name}={value}\n".encode())
        for name, upload in sorted(request.files.items(multi=True), key=lambda item: item[0]):
            digest.update(f"{name}={upload.filename}\n".encode())
            while chunk := upload.stream.read(1 << 16):
                digest.update(chunk)
            upload.stream.seek(0)
    else:
        digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def _claim(person_id: int, key: str, mark: str, *, now: datetime) -> bool:
    """Insert the key; false if it stands already. A rival's uncommitted insert is waited for."""
    session().execute(
        delete(IdempotentAnswer).where(
            IdempotentAnswer.person_id == person_id,
            IdempotentAnswer.created_at < now - KEPT_FOR,
        )
    )
    values = {"person_id": person_id, "key": key, "fingerprint": mark, "created_at": now}
    return insert_one_missing(IdempotentAnswer, values)


def _first_answer(person_id: int, key: str, mark: str) -> Response:
    found = session().scalars(
        select(IdempotentAnswer).where(IdempotentAnswer.person_id == person_id, IdempotentAnswer.key == key)
    ).one()  # fmt: skip
    if found.fingerprint != mark:
        raise KeyReused
    kept = found.body or {}
    response = current_app.response_class(
        kept.get("text", ""), status=found.status or 200, mimetype=kept.get("mimetype")
    )
    response.headers.update(kept.get("headers", {}))
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _keep(person_id: int, key: str, response: Response) -> None:
    row = session().scalars(
        select(IdempotentAnswer).where(IdempotentAnswer.person_id == person_id, IdempotentAnswer.key == key)
    ).one()  # fmt: skip
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    row.status = response.status_code
    row.body = {"text": response.get_data(as_text=True), "mimetype": response.mimetype, "headers": headers}
