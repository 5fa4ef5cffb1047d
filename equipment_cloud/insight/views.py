"""The public figures: a table and charts, their rows, an export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import current_actor, public, signed_in
from equipment_cloud.foundation.navigation import NavItem
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.foundation.tabular import csv_lines
from equipment_cloud.insight import exports, labels, queries
from equipment_cloud.insight.rules import FULL_YEAR_HOURS, Summary, year_asked
from equipment_cloud.kernel.errors import N_, NotFound
from equipment_cloud.reference import queries as reference

bp = Blueprint("insight", __name__)

NAV: tuple[NavItem, ...] = (NavItem(label=N_("Figures"), endpoint="insight.figures", place="public", order=40),)
YEARS_SHOWN = 5


@bp.get("/figures")
@public
def figures() -> str:
    """The year's figures of the city, by town and by month."""
    now = clock.now()
    found = queries.summary(_year())
    this_year = clock.today(now).year
    return render_template(
        "insight/figures.html",
        summary=found,
        stock=queries.stock_by_month(found.year),
        city=found.city,
        as_of=now,
        full_year=FULL_YEAR_HOURS,
        years=[(str(year), str(year)) for year in range(this_year, this_year - YEARS_SHOWN, -1)],
        by_town=_town_chart(found),
        by_month=_month_chart(found),
    )


@bp.get("/figures/instruments")
@public
def instruments() -> str:
    """The rows behind the hours, one instrument a line."""
    number, size = asked_page()
    year, town = _year(), _town()
    page = queries.by_instrument(year, town, number=number, size=size)
    name = reference.region_name(town) if town else None
    return render_template("insight/instruments.html", page=page, year=year, town=name)


@bp.get("/figures.csv")
@public
def export() -> Response:
    """The table by town; no cell can start a formula."""
    found = queries.summary(_year())
    headings = [
        _("Town"), _("Instruments"), _("Shared instruments"), _("Effective hours"), _("Hours for others"),
        _("Sharing rate"), _("Utilisation"),
    ]  # fmt: skip
    rows = [
        [
            found.names.get(code, code or _("Town unknown")), each.instruments, each.shared, round(each.hours, 2),
            round(each.outside_hours, 2), _rate(each.sharing_rate), _rate(each.utilisation),
        ]
        for code, each in found.towns.items()
    ]  # fmt: skip
    attachment = {"Content-Disposition": f'attachment; filename="figures-{found.year}.csv"'}
    return Response(b"".join(csv_lines(headings, rows)), mimetype="text/csv", headers=attachment)


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Where the site map is; desks need no visitors."""
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /at/", f"Sitemap: {_base()}/sitemap.xml", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The parts of the site map."""
    parts = (f"<sitemap><loc>{_base()}/sitemaps/{part}.xml</loc></sitemap>" for part in _parts())
    return _xml("sitemapindex", parts)


@bp.get("/sitemaps/<int:number>.xml")
@public
def sitemap_part(number: int) -> Response:
    """Addresses of the published instruments of a part."""
    if number not in _parts():
        raise NotFound
    rows = (
        f"<url><loc>{_base()}/instruments/{found}</loc><lastmod>{changed.isoformat()}</lastmod></url>"
        for found, changed in exports.sitemap_part(number)
    )
    return _xml("urlset", rows)


@bp.get("/labels.pdf")
@signed_in
def label_sheet() -> Response:
    """Labels of the instruments named by ``?id=1&id=2``; of all that the person's own organisations have, if none."""
    wanted = [number for number in request.args.getlist("id", type=int) if 0 < number < 2**31][: labels.MOST]
    actor = current_actor()
    found = exports.labelled(actor, wanted, most=labels.MOST)
    if not found:
        raise NotFound
    rows = [
        labels.Label(record.code or "", record.name, record.model or "", record.organisation.name,
                     f"{current_app.config['PUBLIC_URL']}/at/{record.code}")
        for record in found
    ]  # fmt: skip
    return Response(labels.sheet(rows), mimetype="application/pdf")


def _parts() -> range:
    return range(1, exports.sitemap_parts() + 1)


def _base() -> str:
    return escape(str(current_app.config["PUBLIC_URL"]))


def _xml(root: str, rows: Iterable[str]) -> Response:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    lines = [head, *rows, f"</{root}>\n"]
    return Response("\n".join(lines), mimetype="application/xml")


def _year() -> int:
    return year_asked(request.args.get("year"), this_year=clock.today(clock.now()).year)


def _town() -> str | None:
    text = request.args.get("town")
    return text[:12] if text is not None and text.isprintable() else None


def _rate(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f} %"


def _town_chart(found: Summary) -> dict[str, Any]:
    return {
        "xAxis": {"type": "category", "data": [found.names.get(code, _("Town unknown")) for code in found.towns]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "name": _("Instruments"),
                "data": [each.instruments for each in found.towns.values()],
            }
        ],
    }


def _month_chart(found: Summary) -> dict[str, Any]:
    months = range(1, 13)
    both = [found.months.get(month, (0, 0)) for month in months]
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{found.year}-{month:02d}" for month in months]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "line", "name": _("Effective hours"), "data": [round(pair[0] / 3600, 2) for pair in both]},
            {"type": "line", "name": _("Hours for others"), "data": [round(pair[1] / 3600, 2) for pair in both]},
        ],
    }
