"""What the style guide shows: one sample of everything a component takes. No database, no rules of any room."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FileField, RadioField, SelectField
from wtforms.validators import InputRequired

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.form import Form, LocalDateTimeField, MoneyField, text_field
from equipment_cloud.foundation.page import Page

KINDS = ("instrument", "booking", "usage", "voucher", "claim", "batch", "notice", "survey_row", "job_run")
PURPOSES = [("rd", lazy_gettext("Research and development")), ("trial", lazy_gettext("Trial production"))]
INSTRUMENTS = [("1", "三坐标测量机 CONTURA"), ("2", "盐雾试验箱 CCT1100")]
WAYS = [("self", lazy_gettext("I operate")), ("assisted", lazy_gettext("They operate"))]


class SampleForm(Form):
    """One field of every kind."""

    starts_at = LocalDateTimeField(lazy_gettext("Starts at"), validators=[InputRequired()])
    ends_at = LocalDateTimeField(lazy_gettext("Ends at"), validators=[InputRequired()])
    purpose = SelectField(lazy_gettext("Purpose"), validators=[InputRequired()])
    instrument = SelectField(lazy_gettext("Instrument"))
    amount = MoneyField(lazy_gettext("Amount"))
    way = RadioField(lazy_gettext("Operation"), default="self")
    note = text_field(lazy_gettext("Note"), area=True, most=500)
    paper = FileField(lazy_gettext("Contract"))
    agreed = BooleanField(lazy_gettext("I have read the terms of use"), validators=[InputRequired()])


def sample_form(now: datetime) -> SampleForm:
    """The form as it comes back with two things wrong."""
    form = SampleForm(formdata=None)
    form.purpose.choices, form.instrument.choices, form.way.choices = PURPOSES, INSTRUMENTS, WAYS
    form.starts_at.data, form.ends_at.data = _morning(now)
    form.amount.errors = [gettext("This is not an amount of money.")]
    form.agreed.errors = [gettext("This must be filled in.")]
    return form


def sample(now: datetime) -> dict[str, Any]:
    """Values for ``templates/portal/style_guide.html``."""
    starts_at, ends_at = _morning(now)
    return {
        "kinds": KINDS, "on": clock.today(now), "starts_at": starts_at, "ends_at": ends_at,
        "problems": _problems(), "history": _history(now), "rows": _rows(starts_at, ends_at),
        "page": Page([], 3, 20, 196),
        "price_lines": _price_lines(), "calculation": _calculation(), "week": _week(now), **_charts(),
    }  # fmt: skip


def _morning(now: datetime) -> tuple[datetime, datetime]:
    starts_at = clock.at(clock.today(now) + timedelta(days=1), time(9))
    return starts_at, starts_at + timedelta(hours=3)


def _problems() -> list[dict[str, Any]]:
    pairs = (
        (gettext("The instrument is closed at this time."), gettext("Choose a time from Monday to Friday.")),
        (gettext("The voucher ends before the booking."), gettext("Choose another voucher or an earlier day.")),
    )
    return [{"message": message, "remedy": remedy} for message, remedy in pairs]


def _history(now: datetime) -> list[dict[str, Any]]:
    return [
        {"at": now, "who": "李**", "what": gettext("Passed by the owner"), "note": gettext("Papers are complete.")},
        {"at": now - timedelta(days=1), "who": "王**", "what": gettext("Submitted"), "note": None},
    ]


def _rows(starts_at: datetime, ends_at: datetime) -> list[dict[str, Any]]:
    states = ("requested", "approved", "completed", "no_show")
    same = {"name": "三坐标测量机 CONTURA 9/12/8", "starts_at": starts_at, "ends_at": ends_at}
    return [
        {**same, "number": f"B2026-{index:06}", "state": state, "price_fen": 90_000 * index}
        for index, state in enumerate(states, start=1)
    ]


def _price_lines() -> list[dict[str, Any]]:
    return [{"label": gettext("Machine time"), "quantity": Decimal("3.0"), "unit": "h", "unit_price_fen": 30_000,
             "amount_fen": 90_000}]  # fmt: skip


def _calculation() -> list[dict[str, Any]]:
    lines = (
        (gettext("Invoice, tax included"), None, 400_000, False),
        (gettext("Rate 50 %"), None, 200_000, False),
        (gettext("Cap of one claim"), 2_000_000, 200_000, False),
        (gettext("Left this year"), 160_000, 160_000, True),
    )
    return [
        {"label": label, "limit_fen": limit, "amount_fen": fen, "binding": binding}
        for label, limit, fen, binding in lines
    ]


def _week(now: datetime) -> dict[str, Any]:
    today = clock.today(now)
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=index) for index in range(7)]
    starts = [time(8 + half // 2, 30 * (half % 2)) for half in range(20)]
    rows = [{"label": f"{start:%H:%M}", "cells": [_cell(on, start) for on in days]} for start in starts]
    return {"days": days, "rows": rows, "previous": "?week=previous", "next": "?week=next", "today": today}


def _cell(on: date, start: time) -> dict[str, Any]:
    starts_at = clock.at(on, start)
    kind = _kind(on.weekday(), start.hour)
    reason = gettext("Laser service by the maker") if kind == "maintenance" else None
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30), "kind": kind, "reason": reason,
            "free_positions": 1, "now": on.weekday() == 1 and start == time(10, 30)}  # fmt: skip


def _kind(weekday: int, hour: int) -> str:
    """A pattern that shows every kind of cell once."""
    if weekday >= 5 or hour == 12:
        return "closed"
    busy = {(1, 9): "booked", (1, 10): "booked", (2, 14): "pending", (2, 15): "hold", (4, 13): "mine", (4, 14): "mine"}
    busy |= {(0, hour): "past" for hour in (8, 9)} | {(3, hour): "maintenance" for hour in (9, 10, 11)}
    return busy.get((weekday, hour), "free")


def _charts() -> dict[str, Any]:
    towns = ["阳明街道", "低塘街道", "泗门镇", "陆埠镇", "兰江街道"]
    months = [f"{month} 月" for month in range(1, 7)]
    return {
        "bars": {"xAxis": {"type": "value"}, "yAxis": {"type": "category", "data": towns},
                 "series": [{"type": "bar", "data": [62, 48, 39, 31, 22]}]},
        "lines": {"legend": {}, "xAxis": {"type": "category", "data": months}, "yAxis": {"type": "value"},
                  "series": [{"type": "line", "name": "2025", "data": [820, 930, 900, 1210, 1180, 1320]},
                             {"type": "line", "name": "2026", "data": [990, 1120, 1080, 1400, 1510, 1620]}]},
    }  # fmt: skip
