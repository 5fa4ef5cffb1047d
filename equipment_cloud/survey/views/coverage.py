"""How much of a campaign's list is covered, by township and industry; the board to take away."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, render_template, send_file, stream_with_context
from flask_babel import gettext as _

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, only
from equipment_cloud.foundation.state_words import state_word
from equipment_cloud.foundation.tabular import Column, Sheet, csv_lines, write_xlsx
from equipment_cloud.reference import queries as reference
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import Campaign
from equipment_cloud.survey.rules import Coverage, UnitOutcome, UnitState, totals_of
from equipment_cloud.survey.views.blueprint import bp
from equipment_cloud.survey.views.campaigns import asked_sight

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TALL = 14
"""Bars a chart of medium height can name."""


@bp.get("/survey/<string:code>/coverage")
@only(*policy.READERS)
def coverage(code: str) -> str:
    """Tables and charts by township and by industry, with what the rates are divided by."""
    campaign, towns = queries.campaign(code), policy.towns_of(current_actor())
    today = clock.today(clock.now())
    by_town = queries.coverage_by(campaign.id, "town", today=today, towns=towns)
    by_industry = queries.coverage_by(campaign.id, "industry", today=today, towns=towns)
    names = reference.region_names(by_town.keys())
    industries = dict(reference.industry_choices())
    tables = [
        ("town", _("By township"), by_town, names),
        ("industry", _("By industry"), by_industry, industries),
    ]
    return render_template(
        "survey/coverage.html", campaign=campaign, whole=totals_of(by_town.values()), tables=tables,
        charts={key: _chart(rows, words) for key, _title, rows, words in tables}, states=list(UnitState),
        outcomes=list(UnitOutcome), tall={key: len(rows) > _TALL for key, _title, rows, _words in tables},
    )  # fmt: skip


@bp.get("/survey/<string:code>/board.csv")
@only(*policy.READERS)
def board_csv(code: str) -> Response:
    """The board as it is looked at, all pages of it; no cell can start a formula."""
    campaign = queries.campaign(code)
    lines = csv_lines([column.heading for column in _columns()], _rows(campaign))
    headers = {"Content-Disposition": f'attachment; filename="survey-{campaign.id}.csv"'}
    return Response(stream_with_context(lines), mimetype="text/csv; charset=utf-8", headers=headers)


@bp.get("/survey/<string:code>/board.xlsx")
@only(*policy.READERS)
def board_xlsx(code: str) -> Response:
    """The same as a workbook."""
    campaign = queries.campaign(code)
    target = io.BytesIO()
    write_xlsx(target, [Sheet(_("Units"), _columns(), _rows(campaign))])
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"survey-{campaign.id}.xlsx")


def _columns() -> list[Column]:
    return [
        Column(_("Unit"), 36), Column(_("Credit code"), 22), Column(_("Township"), 14), Column(_("Industry"), 10),
        Column(_("State"), 14), Column(_("Outcome"), 18), Column(_("How this is known"), 30),
        Column(_("Due on"), 12, "date"), Column(_("Days late"), 10, "number"), Column(_("Handed in"), 18),
        Column(_("Contact"), 12), Column(_("Telephone"), 18), Column(_("Added later"), 10),
    ]  # fmt: skip


def _rows(campaign: Campaign) -> Iterator[list[Any]]:
    towns = dict(reference.town_choices())
    for row in queries.whole_board(campaign.id, asked_sight()):
        unit, owner = row.unit, row.organisation
        yield [
            owner.name, owner.credit_code, towns.get(owner.town_code or "", ""), owner.industry_code,
            state_word("campaign_unit", unit.state),
            state_word("campaign_unit", unit.outcome) if unit.outcome else "", unit.outcome_note, unit.due_on,
            row.days_late or None, f"{clock.local(unit.submitted_at):%Y-%m-%d %H:%M}" if unit.submitted_at else "",
            owner.contact_name, owner.phone, _("Yes") if unit.is_added_later else "",
        ]  # fmt: skip


def _chart(rows: Mapping[str, Coverage], names: Mapping[str, str]) -> dict[str, Any]:
    """Stacked bars: covered, handed in, the rest that ought to answer."""
    labels = [names.get(code, code or _("unknown")) for code in rows]
    parts = (
        (_("Covered"), [row.covered for row in rows.values()]),
        (_("Waits for the bureau"), [row.answered - row.covered for row in rows.values()]),
        (_("Owes an answer"), [row.liable - row.answered for row in rows.values()]),
    )
    return {
        "legend": {},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": labels, "inverse": True, "axisLabel": {"interval": 0}},
        "series": [{"type": "bar", "stack": "units", "name": name, "data": data} for name, data in parts],
    }
