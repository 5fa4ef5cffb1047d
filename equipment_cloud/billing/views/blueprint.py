"""The blueprint and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from equipment_cloud.billing import policy
from equipment_cloud.foundation.access import Actor
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations.models import Organisation

bp = Blueprint("billing", __name__)

READERS = (*policy.PARTY_ROLES, *policy.READER_ROLES)


def own_choices(actor: Actor) -> list[tuple[int, str]]:
    """The organisations a person may record papers for, by id."""
    mine = organisations.organisations_named(actor.organisations(*policy.BUYER_ROLES))
    return [(key, organisation.name) for key, organisation in sorted(mine.items())]


def named(text: str | None) -> Organisation | None:
    """The organisation a link names by id; ``None`` for anything else."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    found: Organisation | None = organisations.organisations_named([int(text)]).get(int(text))
    return found


def paper(form: Any, fallback: str) -> tuple[Any, str] | None:
    """The uploaded stream with its name, if there is one."""
    upload = form.file.data
    return (upload.stream, upload.filename or fallback) if upload else None
