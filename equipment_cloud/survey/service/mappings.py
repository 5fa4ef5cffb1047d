"""Saving mappings for foreign layouts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.survey import policy
from equipment_cloud.survey.models import SavedMapping
from equipment_cloud.survey.rules import FORM_LAYOUTS, STANDARD, layout_from

LARGEST = 100_000
_NAME = re.compile(r"[\w\-.]{1,60}")


def save_mapping(name: str, text: str, *, by: Actor, now: datetime) -> SavedMapping:
    """Keep a mapping written as TOML under a name; a later one of the same name replaces it.

    Raises :class:`Invalid` with every mistake.
    """
    permit(policy.may_run(by))
    _check_name(name)
    try:
        document = tomllib.loads(text[:LARGEST])
    except tomllib.TOMLDecodeError as error:
        raise Invalid.single(
            "not-toml", N_("This is no TOML document: %(why)s"), field="text", why=str(error)[:200]
        ) from None
    return save_document(name, document, by=by, now=now)


def save_document(name: str, document: Mapping[str, Any], *, by: Actor, now: datetime) -> SavedMapping:
    """Keep a mapping under a name, as :func:`save_mapping`; one shipped with the platform keeps its own name."""
    permit(policy.may_run(by))
    _check_name(name)
    layout_from(name, document)
    record = session().scalar(select(SavedMapping).where(SavedMapping.name == name))
    if record is None:
        record = SavedMapping(name=name, document=dict(document), created_by=by.id, created_at=now)
        session().add(record)
    else:
        record.document = dict(document)
    session().flush()
    audit.note("survey.save-mapping", f"mapping:{record.id}", by=by, now=now, detail={"name": name})
    return record


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name == STANDARD or name in FORM_LAYOUTS:
        raise Invalid.single(
            "mapping-name", N_("A name has 1 to 60 letters, digits, points, dashes or underscores."), field="name"
        )
