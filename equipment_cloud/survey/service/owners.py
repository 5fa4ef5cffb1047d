"""Whose instruments the rows are: the option given, else a column, else the mapping's constant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.errors import N_, Invalid, Problem
from equipment_cloud.kernel.identifiers import normalise_credit_code, problems_with_credit_code
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.organisations import service as organisations_service
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey.rules import Draft, Layout, warning

MOST_OWNERS = 1000
_COMPANY = ("公司", "厂", "集团", "个体", "ltd", "inc", "gmbh", "corp", "llc")


@dataclass(slots=True)
class Owner:
    """A unit named by rows; ``organisation_id`` is ``None`` until it is created."""

    name: str | None
    code: str | None
    organisation_id: int | None = None


def find_owners(drafts: Sequence[Draft], layout: Layout, organisation_code: str | None) -> dict[int, Owner]:
    """The owner of each row, by row number; rows whose owner cannot be told are refused.

    Raises :class:`Invalid` for a malformed ``organisation_code``, or when a table names more owners than one city has.
    """
    wanted = {draft.row: _wanted(draft, layout, organisation_code) for draft in drafts}
    names = {name for name, code in wanted.values() if name}
    codes = {code for name, code in wanted.values() if code}
    if len(names) + len(codes) > 2 * MOST_OWNERS:
        raise Invalid.single("too-many-owners", N_("The table names more than %(most)s organisations."), field="file",
                             most=MOST_OWNERS, remedy=N_("Is the right column mapped as organisation?"))  # fmt: skip
    by_code = organisations.by_credit_codes(codes)
    by_name = organisations.by_names(names)
    owners: dict[tuple[str | None, str | None], Owner] = {}
    found: dict[int, Owner] = {}
    for draft in drafts:
        name, code = wanted[draft.row]
        if not name and not code:
            message = N_("The row does not say whose instrument it is.")
            draft.say(
                Problem("no-owner", message, remedy=N_("Fill in the organisation, or name one for the whole table."))
            )
            continue
        key = (None, code) if code else (name, None)
        if key not in owners:
            known = by_code.get(code or "") if code else by_name.get(name or "")
            owners[key] = Owner(name, code, known.id if known else None)
        found[draft.row] = owners[key]
    return found


def create_missing(owners: Sequence[Owner], *, by: Actor, now: datetime) -> int:
    """Create the organisations that are not known yet, unverified; returns how many."""
    created = 0
    for owner in owners:
        if owner.organisation_id is None:
            name = owner.name or owner.code or ""
            record = organisations_service.register(
                _kind_of(name), name, owner.code, None, now=now, by=by, is_provider=True, is_verified=False
            )
            owner.organisation_id = record.id
            created += 1
    return created


def checked_code(text: str) -> str:
    """A credit code of the right form; a failing check digit alone is let through, as everywhere."""
    code = normalise_credit_code(text)
    errors = [problem for problem in problems_with_credit_code(code, field="organisation") if problem.level == "error"]
    if errors:
        raise Invalid(problems=errors, code=errors[0].code)
    return code


def _wanted(draft: Draft, layout: Layout, organisation_code: str | None) -> tuple[str | None, str | None]:
    """``(name, credit code)`` a row asks for."""
    name = " ".join(unicodedata.normalize("NFKC", draft.owner_name).split()) if draft.owner_name else None
    if organisation_code:
        return name, organisation_code
    code = normalise_credit_code(draft.owner_code) if draft.owner_code else None
    if code and any(problem.level == "error" for problem in problems_with_credit_code(code)):
        message = N_("“%(text)s” is no credit code; the organisation's name decides.")
        draft.say(warning("credit-code", message, text=code[:40]))
        code = None
    if name or code:
        return name, code
    constant = normalise_credit_code(layout.organisation_code) if layout.organisation_code else None
    return layout.organisation, constant


def _kind_of(name: str) -> Kind:
    plain = name.casefold()
    return Kind.ENTERPRISE if any(word in plain for word in _COMPANY) else Kind.INSTITUTION
