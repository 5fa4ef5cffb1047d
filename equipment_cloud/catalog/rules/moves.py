"""States of an instrument (草稿 → 待审核 → 已上架 ⇄ 暂停 → 退役) and of a test service."""

from __future__ import annotations

from enum import StrEnum


class InstrumentState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    PUBLISHED = "published"
    PAUSED = "paused"
    RETIRED = "retired"


class ServiceState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_I, _S = InstrumentState, ServiceState

MOVES = {
    _I.DRAFT: {_I.SUBMITTED, _I.RETIRED},
    _I.SUBMITTED: {_I.VERIFIED, _I.DRAFT},
    _I.VERIFIED: {_I.PUBLISHED, _I.SUBMITTED, _I.DRAFT, _I.RETIRED},
    _I.PUBLISHED: {_I.PAUSED, _I.RETIRED},
    _I.PAUSED: {_I.PUBLISHED, _I.RETIRED},
    _I.RETIRED: set[InstrumentState](),
}
SERVICE_MOVES = {
    _S.DRAFT: {_S.PUBLISHED},
    _S.PUBLISHED: {_S.WITHDRAWN},
    _S.WITHDRAWN: {_S.PUBLISHED},
}
UNVERIFIED = frozenset({_I.DRAFT, _I.SUBMITTED})
"""States in which an import may still write the record."""
IN_CATALOGUE = frozenset({_I.PUBLISHED, _I.PAUSED})
