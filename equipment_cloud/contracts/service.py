"""Writes of the contracts room."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from equipment_cloud.contracts import policy
from equipment_cloud.contracts.models import Contract
from equipment_cloud.contracts.rules import Terms, problems_with_terms
from equipment_cloud.foundation import audit, clock, stored_file
from equipment_cloud.foundation.access import Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.foundation.stored_file import PDF, StoredFile
from equipment_cloud.kernel.errors import N_, Invalid, Problem, raise_if
from equipment_cloud.organisations import queries as organisations


def record(
    terms: Terms,
    *,
    paper: tuple[BinaryIO, str] | None = None,
    file_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Contract:
    """Record a contract for one of its parties.

    ``paper`` is a stream and its file name, kept as PDF; ``file_id`` names a file the same person uploaded before.
    Raises :class:`Invalid` with every problem, :class:`Forbidden` when the person acts for neither party.
    """
    known = organisations.organisations_named([terms.buyer_id, terms.provider_id])
    if terms.provider_id not in known:
        terms = replace(terms, provider_id=None)
    problems = problems_with_terms(terms, today=clock.today(now))
    if paper is None and file_id is None:
        problems.append(Problem("file-missing", N_("Upload the signed contract as a PDF."), "file"))
    raise_if(problems)
    assert terms.provider_id is not None  # noqa: S101 - problems_with_terms refused it
    permit(policy.may_record(by, terms.buyer_id) or policy.may_record(by, terms.provider_id))
    contract = Contract(
        number=terms.number,
        title=terms.title,
        buyer_id=terms.buyer_id,
        provider_id=terms.provider_id,
        signed_on=terms.signed_on,
        amount_fen=terms.amount_fen,
        file_id=_file(paper, file_id, by=by, now=now),
        recorded_by=by.id,
        created_at=now,
    )
    session().add(contract)
    session().flush()
    audit.note("contracts.record", f"contract:{contract.id}", by=by, now=now, detail={"number": terms.number})
    return contract


def _file(paper: tuple[BinaryIO, str] | None, file_id: int | None, *, by: Actor, now: datetime) -> int:
    if paper is not None:
        stream, name = paper
        return stored_file.store(stream, name, by=by, now=now, allowed={PDF}).id
    found = session().get(StoredFile, file_id)
    if found is None or found.person_id != by.id or found.mime != PDF:
        raise Invalid.single("file-unknown", N_("There is no such PDF among the files you uploaded."), field="file_id")
    return found.id
