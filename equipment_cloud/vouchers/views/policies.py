"""Policies in force, their text, and an amount to try them on. For everyone."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import public
from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.form import fen_of
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.vouchers import queries
from equipment_cloud.vouchers.forms import TryForm
from equipment_cloud.vouchers.models import PolicyVersion
from equipment_cloud.vouchers.rules import SubsidyCase, plan_subsidy, terms_of
from equipment_cloud.vouchers.views.blueprint import bp
from equipment_cloud.vouchers.views.summaries import summary
from equipment_cloud.vouchers.wording import is_english, worded_calculation

EXAMPLE = MultiDict({"price_fen": "4000", "category": "instrument_use", "purpose": "rd", "region": "330281"})
"""The worked example a reader finds first."""


@bp.get("/policies")
@public
def policies() -> str:
    """The version in force of each policy."""
    versions = queries.policies_on(clock.today(clock.now()))
    return render_template("vouchers/policies.html", policies=[summary(version) for version in versions])


@bp.get("/policies/<string:code>")
@public
def policy(code: str) -> str:
    """The text of a version, today's unless another is asked for, with a worked example."""
    version, today = _version(code), clock.today(clock.now())
    in_force = queries.policy_version_on(version.policy_id, today)
    return render_template(
        "vouchers/policy.html",
        policy=summary(version),
        version=version,
        versions=queries.versions_of(version.policy_id),
        is_in_force=in_force is not None and in_force.id == version.id,
        clauses=_clauses(version),
        **_worked(version),
    )


@bp.get("/policies/<string:code>/try")
@public
def try_policy(code: str) -> str:
    """The arithmetic alone, for the part of the page that is replaced."""
    version = _version(code)
    return render_template("vouchers/_worked.html", policy=summary(version), **_worked(version))


def _version(code: str) -> PolicyVersion:
    """The published version asked for by number, else the one in force, else the newest."""
    found = queries.policy_named(code)
    asked = request.args.get("version", "")
    versions = queries.versions_of(found.id)
    if asked:
        chosen = next((each for each in versions if str(each.number) == asked), None)
    else:
        today = queries.policy_version_on(found.id, clock.today(clock.now()))
        chosen = today or next(iter(versions), None)
    if chosen is None:
        raise NotFound
    return chosen


def _worked(version: PolicyVersion) -> dict[str, Any]:
    """The form as asked, or the example, and its arithmetic when the form is in order."""
    form = TryForm(request.args if "price_fen" in request.args else EXAMPLE)
    if not form.validate():
        return {"form": form, "worked": None}
    case = SubsidyCase(
        price_fen=fen_of(form.price_fen),
        category=form.category.data,
        purpose=form.purpose.data,
        provider_region=form.region.data,
    )
    subsidy = plan_subsidy(terms_of(version.document), case)
    worked = {
        "price_fen": case.price_fen,
        "amount_fen": subsidy.amount_fen,
        "own_fen": case.price_fen - subsidy.amount_fen,
        "calculation": worded_calculation(subsidy.calculation),
        "reasons": [problem_values(reason) for reason in subsidy.reasons],
    }
    return {"form": form, "worked": worked}


def _clauses(version: PolicyVersion) -> list[tuple[str, str]]:
    name = "text_en" if is_english() else "text"
    return [(clause["clause"], clause[name]) for clause in version.document["rule_text"]]
