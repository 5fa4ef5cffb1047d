"""Wording of values in templates: the only place where money, times and lengths become text."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from equipment_cloud.foundation import clock, mask
from equipment_cloud.kernel.errors import Words
from equipment_cloud.kernel.money import wan_from_fen, yuan_from_fen

_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def weekday(day: date) -> str:
    """``周一`` or ``Mon``."""
    locale = get_locale()
    return _WEEKDAYS["en" if locale is not None and locale.language == "en" else "zh"][day.weekday()]


def money(fen: int | None) -> str:
    """``¥1,234.50``; an em dash for nothing."""
    if fen is None:
        return "—"
    amount = yuan_from_fen(abs(fen))
    return f"{'-' if fen < 0 else ''}¥{amount:,}"


def yuan_wan(fen: int | None) -> str:
    """Amount in 万元 with two decimals, without the unit."""
    return "—" if fen is None else f"{wan_from_fen(fen):,}"


def day(value: date | datetime | None) -> str:
    """``2026-11-23 周一``."""
    if value is None:
        return "—"
    on = clock.today(value) if isinstance(value, datetime) else value
    return f"{on:%Y-%m-%d} {weekday(on)}"


def instant(moment: datetime | None) -> str:
    """``2026-11-23 周一 14:00`` on local clocks."""
    return "—" if moment is None else f"{day(moment)} {clock.local(moment):%H:%M}"


def deadline(moment: date | datetime | None) -> str:
    """The last moment that still counts: a deadline at midnight is the whole day before, ``2026-11-23 周一``."""
    if not isinstance(moment, datetime):
        return day(moment)
    local = clock.local(moment)
    return day(local.date() - timedelta(days=1)) if f"{local:%H:%M}" == "00:00" else instant(moment)


def period(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """``2026-11-23 周一 14:00–17:00``; the end's date too when it is another day (midnight itself is 24:00)."""
    if starts_at is None:
        return "—"
    if ends_at is None:
        return f"{instant(starts_at)}–"
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.date() == end.date():
        return f"{instant(starts_at)}–{end:%H:%M}"
    if f"{end:%H:%M}" == "00:00" and (end.date() - start.date()).days == 1:
        return f"{instant(starts_at)}–24:00"
    return f"{instant(starts_at)}–{end:%m-%d} {end:%H:%M}"


def clock_time(moment: datetime) -> str:
    """``14:00`` on local clocks."""
    return f"{clock.local(moment):%H:%M}"


def hours(value: Decimal | int | float | None, minutes: bool = False) -> str:  # noqa: FBT001,FBT002 - a filter's flag
    """Hours with one decimal; ``minutes`` says the value is in minutes."""
    if value is None:
        return "—"
    amount = Decimal(value) / 60 if minutes else Decimal(value)
    return f"{amount:,.1f}"


def percent(rate_bp: int | None) -> str:
    """Basis points as ``50 %``."""
    if rate_bp is None:
        return "—"
    return f"{(Decimal(rate_bp) / 100).normalize():f} %"


def worded(message_id: str, values: dict[str, object] | None = None) -> str:
    """A message id of a rule or message, translated and filled; a missing value never breaks a page.

    Values that are :class:`Words` are message ids themselves and are translated too.
    """
    text = str(gettext(message_id))
    try:
        return text % {key: _worded_value(value) for key, value in values.items()} if values else text
    except (KeyError, TypeError, ValueError):
        return text


def _worded_value(value: object) -> object:
    if isinstance(value, Words):
        return gettext(str(value))
    if isinstance(value, dict) and "words" in value:  # Words that went through JSON
        return gettext(str(value["words"]))
    if isinstance(value, list | tuple):
        return "、".join(str(_worded_value(item)) for item in value)
    return value


def thousands(count: int) -> str:
    """``61,240``."""
    return f"{count:,}"


def lines(text: str | None) -> Markup:
    """Plain text with its line breaks kept."""
    return Markup("<br>").join(escape(part) for part in (text or "").splitlines())


def register(app: Flask) -> None:
    """Make the filters known to Jinja."""
    values = (
        money, yuan_wan, day, deadline, instant, period, clock_time, hours, percent, worded, weekday, thousands, lines,
    )  # fmt: skip
    for function in values:
        app.jinja_env.filters[function.__name__] = function
    for hide in (mask.mobile, mask.email, mask.account):
        app.jinja_env.filters[f"masked_{hide.__name__}"] = hide
