"""Policy and case documents: checked by their JSON Schemas in ``docs/policies/``, compared by checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from equipment_cloud.kernel.errors import N_, Problem, raise_if
from equipment_cloud.vouchers.rules import PolicyTerms, SubsidyCase, problems_with_terms, terms_of

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "policies"


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document in canonical JSON: the order of names does not matter, anything else does."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def problems_with_policy(document: object) -> list[Problem]:
    """Everything wrong with a policy document, by schema and by what a schema cannot say."""
    found = _problems("policy", document)
    if found or not isinstance(document, dict):
        return found
    return [*_wrong_dates(document), *problems_with_terms(terms_of(document))]


def read_policy(document: object) -> PolicyTerms:
    """The terms of a policy document. Raises :class:`Invalid` with all problems."""
    raise_if(problems_with_policy(document))
    assert isinstance(document, dict)  # noqa: S101 - the schema said so
    return terms_of(document)


def read_case(document: object) -> SubsidyCase:
    """The case of a case document. Raises :class:`Invalid` with all problems."""
    raise_if(_problems("case", document))
    assert isinstance(document, dict)  # noqa: S101 - the schema said so
    return SubsidyCase(
        price_fen=document["price_fen"],
        category=document.get("category", "instrument_use"),
        purpose=document.get("purpose", "rd"),
        provider_region=document.get("provider_region"),
        is_own_service=document.get("own_service", False),
        is_related=document.get("related", False),
        service_on=_day(document.get("service_on")),
        valid_from=_day(document.get("valid_from")),
        expires_on=_day(document.get("expires_on")),
        available_fen=document.get("available_fen"),
        year_committed_fen=document.get("year_committed_fen", 0),
        held_fen=document.get("held_fen"),
    )


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _problems(name: str, document: object) -> list[Problem]:
    errors = sorted(
        _validator(name).iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path]
    )
    return [_problem(error) for error in errors]


def _problem(error: ValidationError) -> Problem:
    where = ".".join(str(part) for part in error.absolute_path) or "document"
    values = {"where": where, "what": error.message[:300]}
    return Problem(
        "schema", N_("%(where)s: %(what)s"), where, values, N_("See docs/policies/ for what may stand there.")
    )


def _wrong_dates(document: Mapping[str, Any]) -> list[Problem]:
    last = document.get("valid_to")
    if last is not None and last < document["valid_from"]:
        words = N_("The last day lies before the first.")
        return [Problem("dates", words, "valid_to", remedy=N_("Correct one of the two dates."))]
    return []


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
