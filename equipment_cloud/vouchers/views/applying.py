"""Applying for a voucher, mending an application, handing it in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only, permit
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.form import fen_of
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.organisations import queries as organisations
from equipment_cloud.vouchers import policy, queries, service
from equipment_cloud.vouchers.forms import ApplicationForm, ChangeForm
from equipment_cloud.vouchers.models import PolicyVersion, Voucher
from equipment_cloud.vouchers.views.blueprint import bp
from equipment_cloud.vouchers.views.summaries import summary


@bp.get("/vouchers/apply")
@only(*policy.APPLICANTS)
def apply() -> str:
    """The form, beside what the policy in force says."""
    versions = queries.policies_on(clock.today(clock.now()))
    return _apply_page(_application_form(versions), versions)


@bp.post("/vouchers/apply")
@only(*policy.APPLICANTS)
def send_application() -> Response | tuple[str, int]:
    """Keep the application as a draft; handing it in is the next page's button."""
    actor, now = current_actor(), clock.now()
    versions = queries.policies_on(clock.today(now))
    form = _application_form(versions)
    if not form.validate_on_submit():
        return _apply_page(form, versions), 422
    permit(policy.may_apply(actor, form.organisation_id.data))
    try:
        with transaction():
            voucher = service.apply(
                form.organisation_id.data, form.policy_id.data, fen_of(form.requested_fen), form.purpose.data or "",
                by=actor, now=now,
            )  # fmt: skip
            voucher_id = voucher.id
    except Refused as refusal:
        form.show(refusal)
        return _apply_page(form, queries.policies_on(clock.today(now))), refusal.status
    flash(_("The application is kept as a draft. Read it once more and hand it in."), "success")
    return redirect(url_for("vouchers.show", voucher_id=voucher_id), 303)


@bp.get("/vouchers/<int:voucher_id>/edit")
@only(*policy.APPLICANTS)
def edit(voucher_id: int) -> str:
    """Mend a draft or what was sent back."""
    voucher = _own(voucher_id)
    return _edit_page(voucher, ChangeForm(None, requested_fen=voucher.requested_fen, purpose=voucher.purpose))


@bp.post("/vouchers/<int:voucher_id>/edit")
@only(*policy.APPLICANTS)
def change(voucher_id: int) -> Response | tuple[str, int]:
    """Keep what was mended."""
    voucher, form = _own(voucher_id), ChangeForm()
    if not form.validate_on_submit():
        return _edit_page(voucher, form), 422
    try:
        with transaction():
            service.change(
                voucher_id, requested_fen=fen_of(form.requested_fen), purpose=form.purpose.data or "",
                by=current_actor(), now=clock.now(),
            )  # fmt: skip
    except Refused as refusal:
        form.show(refusal)
        return _edit_page(_own(voucher_id), form), refusal.status
    flash(_("The application is changed."), "success")
    return redirect(url_for("vouchers.show", voucher_id=voucher_id), 303)


@bp.post("/vouchers/<int:voucher_id>/submit")
@only(*policy.APPLICANTS)
def submit(voucher_id: int) -> Response:
    """Hand the application in."""
    _own(voucher_id)
    with transaction():
        service.submit(voucher_id, by=current_actor(), now=clock.now())
    flash(_("The application is handed in; two people of the bureau decide on it."), "success")
    return redirect(url_for("vouchers.show", voucher_id=voucher_id), 303)


def _own(voucher_id: int) -> Voucher:
    actor = current_actor()
    voucher = queries.voucher_for(actor, voucher_id)
    permit(policy.may_change(actor, voucher))
    return voucher


def _application_form(versions: list[PolicyVersion], **values: Any) -> ApplicationForm:
    form = ApplicationForm(**values)
    mine = organisations.organisations_named(current_actor().organisations(*policy.APPLICANTS))
    form.organisation_id.choices = [(each.id, each.name) for each in mine.values()]
    form.policy_id.choices = [(each.policy_id, summary(each).name) for each in versions]
    return form


def _apply_page(form: ApplicationForm, versions: list[PolicyVersion]) -> str:
    return render_template("vouchers/apply.html", form=form, policies=[summary(version) for version in versions])


def _edit_page(voucher: Voucher, form: ChangeForm) -> str:
    return render_template("vouchers/edit.html", voucher=voucher, form=form, policy=summary(voucher.policy_version))
