"""Pools: a year's money of a policy, planned and withdrawn by document."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import fen_of
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.vouchers import policy, queries, service
from equipment_cloud.vouchers.forms import PlanForm, WithdrawForm
from equipment_cloud.vouchers.models import Pool
from equipment_cloud.vouchers.queries import LedgerEntry
from equipment_cloud.vouchers.views.blueprint import bp
from equipment_cloud.vouchers.views.summaries import summary
from equipment_cloud.vouchers.wording import is_english, reference_words


@bp.get("/vouchers/pools")
@only(*policy.POOL_READERS)
def pools() -> str:
    """All pools with where their money stands."""
    return _pools_page(_plan_form())


@bp.post("/vouchers/pools")
@only(*policy.KEEPERS)
def plan() -> Response | tuple[str, int]:
    """Plan money, or add to it."""
    form = _plan_form()
    if not form.validate_on_submit():
        return _pools_page(form), 422
    try:
        with transaction():
            service.plan_pool(
                form.policy_id.data, int(form.year.data or 0), fen_of(form.amount_fen),
                form.document_number.data or "", by=current_actor(), now=clock.now(),
            )  # fmt: skip
    except Refused as refusal:
        form.show(refusal)
        return _pools_page(_filled(form)), refusal.status
    flash(_("The money is planned."), "success")
    return redirect(url_for("vouchers.pools"), 303)


@bp.get("/vouchers/pools/<int:pool_id>")
@only(*policy.POOL_READERS)
def pool(pool_id: int) -> str:
    """One pool, entry by entry."""
    return _pool_page(queries.pool(pool_id), WithdrawForm(None))


@bp.post("/vouchers/pools/<int:pool_id>/withdraw")
@only(*policy.KEEPERS)
def withdraw(pool_id: int) -> Response | tuple[str, int]:
    """Free money back to the treasury."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _pool_page(queries.pool(pool_id), form), 422
    try:
        with transaction():
            service.withdraw_from_pool(
                pool_id, fen_of(form.amount_fen), form.document_number.data or "", by=current_actor(), now=clock.now()
            )
    except Refused as refusal:
        form.show(refusal)
        return _pool_page(queries.pool(pool_id), form), refusal.status
    flash(_("The money is withdrawn."), "success")
    return redirect(url_for("vouchers.pool", pool_id=pool_id), 303)


def _plan_form() -> PlanForm:
    return _filled(PlanForm(year=clock.today(clock.now()).year))


def _filled(form: PlanForm) -> PlanForm:
    versions = queries.policies_on(clock.today(clock.now()))
    form.policy_id.choices = [(version.policy_id, summary(version).name) for version in versions]
    return form


def _pools_page(form: PlanForm) -> str:
    number, size = asked_page()
    page = queries.pools_page(number=number, size=size)
    return render_template(
        "vouchers/pools.html",
        page=page,
        figures=queries.pool_figures([each.id for each in page.items]),
        form=form,
        may_plan=policy.may_plan(current_actor()) and bool(form.policy_id.choices),
        names={each.id: _name(each) for each in page.items},
        is_example=any(each.policy.is_example for each in page.items),
    )


def _pool_page(found: Pool, form: WithdrawForm) -> str:
    number, size = asked_page(default_size=50)
    entries = queries.pool_entries(found.id, number=number, size=size)
    return render_template(
        "vouchers/pool.html",
        pool=found,
        name=_name(found),
        figures=queries.pool_figures([found.id])[found.id],
        entries=entries,
        vouchers=_vouchers(entries.items),
        record_words=reference_words,
        form=form,
        may_withdraw=policy.may_plan(current_actor()),
    )


def _vouchers(lines: Sequence[LedgerEntry]) -> dict[str, tuple[int, str]]:
    """``voucher:12`` -> its id and number, for the entries that came from a voucher."""
    ids = {int(line.reference.removeprefix("voucher:")) for line in lines if line.reference.startswith("voucher:")}
    return {f"voucher:{voucher_id}": (voucher_id, number) for voucher_id, number in queries.numbers_of(ids).items()}


def _name(found: Pool) -> str:
    return found.policy.name_en if is_english() else found.policy.name
