"""The synonyms of the search, for those who keep them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from equipment_cloud.discovery import policy, queries, service
from equipment_cloud.discovery.forms import SynonymForm
from equipment_cloud.discovery.models import Synonym
from equipment_cloud.discovery.views.blueprint import bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.page import asked_page, asked_words
from equipment_cloud.kernel.errors import Refused

Answer = Response | tuple[str, int]


@bp.get("/synonyms")
@only(*policy.KEEPERS)
def synonyms() -> Answer:
    """All of them, and the form for one more."""
    return _list(SynonymForm(formdata=None), 200)


@bp.post("/synonyms")
@only(*policy.KEEPERS)
def add_synonym() -> Answer:
    """One more."""
    form = SynonymForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    try:
        with transaction():
            service.add_synonym(
                form.word.data or "", form.meaning.data or "", both_ways=form.both_ways.data, by=current_actor(),
                now=clock.now(),
            )  # fmt: skip
    except Refused as refusal:
        form.show(refusal)
        return _list(form, refusal.status)
    flash(_("Searches know these words from now on."), "success")
    return redirect(url_for("discovery.synonyms", q=form.word.data), 303)


@bp.get("/synonyms/<int:synonym_id>")
@only(*policy.KEEPERS)
def synonym(synonym_id: int) -> Answer:
    """One pair, to change or to remove."""
    record = queries.synonym(synonym_id)
    return _one(record, SynonymForm(formdata=None, obj=record), 200)


@bp.post("/synonyms/<int:synonym_id>")
@only(*policy.KEEPERS)
def change_synonym(synonym_id: int) -> Answer:
    """Change it."""
    form, record = SynonymForm(), queries.synonym(synonym_id)
    if not form.validate_on_submit():
        return _one(record, form, 422)
    try:
        with transaction():
            service.change_synonym(
                synonym_id, form.word.data or "", form.meaning.data or "", both_ways=form.both_ways.data,
                by=current_actor(), now=clock.now(),
            )  # fmt: skip
    except Refused as refusal:
        form.show(refusal)
        return _one(queries.synonym(synonym_id), form, refusal.status)
    flash(_("The synonym is changed."), "success")
    return redirect(url_for("discovery.synonyms", q=form.word.data), 303)


@bp.post("/synonyms/<int:synonym_id>/remove")
@only(*policy.KEEPERS)
def remove_synonym(synonym_id: int) -> Response:
    """Forget it."""
    with transaction():
        service.remove_synonym(synonym_id, by=current_actor(), now=clock.now())
    flash(_("The synonym is removed."), "success")
    return redirect(url_for("discovery.synonyms"), 303)


def _list(form: SynonymForm, status: int) -> tuple[str, int]:
    number, size = asked_page(50)
    text = asked_words()
    page = queries.synonyms(text, number=number, size=size)
    return render_template("discovery/synonyms.html", form=form, page=page, text=text), status


def _one(record: Synonym, form: SynonymForm, status: int) -> tuple[str, int]:
    return render_template("discovery/synonym.html", form=form, synonym=record), status
