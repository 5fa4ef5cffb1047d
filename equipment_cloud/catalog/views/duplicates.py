"""Records that may be one machine: the list, two side by side, merge or keep both."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.catalog import policy, queries, service
from equipment_cloud.catalog.forms import PairForm
from equipment_cloud.catalog.models import DuplicatePair, Instrument, PairState
from equipment_cloud.catalog.rules import BY_NAME
from equipment_cloud.catalog.views import wording
from equipment_cloud.catalog.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.kernel.errors import Refused

READERS = ("surveyor", "auditor", "leader")
COMPARED = ("name", "model", "manufacturer", "serial_number", "original_value_fen", "in_service_on", "acquired_on",
            "class_code", "department", "town_code", "address", "run_hours", "service_hours")  # fmt: skip


@bp.get("/duplicates")
@only(*READERS)
def duplicates() -> str:
    """Pairs that wait for a decision, surest first; those decided."""
    number, size = asked_page(50)
    state = request.args.get("state", PairState.OPEN.value)
    state = state if state in set(PairState) else PairState.OPEN.value
    page = queries.pairs_page(number=number, size=size, state=state)
    return render_template("catalog/duplicates.html", page=page, state=state, counts=queries.pair_counts())


@bp.get("/duplicates/<int:pair_id>")
@only(*READERS)
def duplicate(pair_id: int) -> str:
    """Two records side by side."""
    return _page(queries.pair(pair_id), PairForm(formdata=None))


@bp.post("/duplicates/<int:pair_id>/merge")
@only("surveyor")
def merge_duplicate(pair_id: int) -> Response | tuple[str, int]:
    """They are one machine: the other record points to the one that is kept."""
    form = PairForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = service.merge(pair_id, _kept(form), by=current_actor(), now=clock.now(), note=form.note.data)
                code = kept.code
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("Merged; %(code)s stands for both now. Their owners are told.", code=code), "success")
            return redirect(url_for("catalog.duplicates"), 303)
    return _page(queries.pair(pair_id), form), 422


@bp.post("/duplicates/<int:pair_id>/keep")
@only("surveyor")
def keep_duplicate(pair_id: int) -> Response | tuple[str, int]:
    """They are two machines."""
    form = PairForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.keep_both(pair_id, form.note.data or "", by=current_actor(), now=clock.now())
        except Refused as refusal:
            form.show(refusal)
        else:
            flash(_("Both are kept; the pair is not shown again."), "success")
            return redirect(url_for("catalog.duplicates"), 303)
    return _page(queries.pair(pair_id), form), 422


def _kept(form: PairForm) -> int:
    text = form.keep.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _page(pair: DuplicatePair, form: PairForm) -> str:
    may_decide = pair.state is PairState.OPEN and policy.may_decide_pair(current_actor(), pair)
    return render_template(
        "catalog/duplicate.html", pair=pair, form=form, rows=_side_by_side(pair.first, pair.second),
        may_decide=may_decide,
    )  # fmt: skip


def _side_by_side(first: Instrument, second: Instrument) -> list[tuple[str, str | None, str | None, bool]]:
    """``(label, one, other, whether they differ)`` of what tells machines apart."""
    found: list[tuple[str, str | None, str | None, bool]] = []
    for name in COMPARED:
        one, other = wording.value_words(first, name), wording.value_words(second, name)
        found.append((_(BY_NAME[name].label), one, other, getattr(first, name) != getattr(second, name)))
    return found
