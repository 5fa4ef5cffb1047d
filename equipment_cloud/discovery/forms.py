"""The query string of the catalogue, read with mercy: what cannot be understood is told, not a crash. And forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from equipment_cloud.catalog.models import Mode
from equipment_cloud.discovery.rules import KINDS, LONGEST_WORD, Asked, Sort, asked_period
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.form import Form, text_field
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.kernel.money import fen_from_yuan
from equipment_cloud.kernel.period import Period

MOST_WORDS = 100
LONGEST = timedelta(days=31)


def asked_of(query: MultiDict[str, str], *, now: datetime, customer: int | None = None) -> Asked:
    """A search from a page's query string. Raises :class:`Invalid` for times and prices that cannot be read."""
    return Asked(
        q=words_of(query),
        **facets_of(query),
        service=next(iter(ids_of(query, "service")), None),
        voucher=_ticked(query, "voucher"),
        accredited=_ticked(query, "accredited"),
        calibrated=_ticked(query, "calibrated"),
        min_price_fen=_price(query, "min_price"),
        max_price_fen=_price(query, "max_price"),
        customer=customer,
        free=asked_period(_local(query, "free_from"), _local(query, "free_to"), now=now),
        sort=Sort(query["sort"]) if query.get("sort") in set(Sort) else Sort.RELEVANCE,
    )


def facets_of(query: MultiDict[str, str]) -> dict[str, Any]:
    """The chosen values of the facets that instruments and test services share."""
    return {
        "category": tuple(query.getlist("category"))[:20],
        "town": tuple(query.getlist("town"))[:30],
        "owner": ids_of(query, "owner"),
        "mode": tuple(value for value in query.getlist("mode") if value in set(Mode)),
    }


def kind_of(query: MultiDict[str, str]) -> list[str]:
    """Instruments, test services, or both."""
    return [value for value in query.getlist("kind") if value in KINDS][: len(KINDS)]


def words_of(query: Mapping[str, Any]) -> str:
    """The words, without control characters and not endless."""
    return "".join(letter for letter in query.get("q", "") if letter.isprintable())[:MOST_WORDS].strip()


def ids_of(query: MultiDict[str, str], name: str) -> tuple[int, ...]:
    """Ids of a repeated parameter; what is no id finds nothing and is left out."""
    return tuple(int(text) for text in query.getlist(name)[:50] if text.isascii() and text.isdigit() and len(text) <= 9)


def period_of(query: Mapping[str, str]) -> Period | None:
    """The wanted period of a list, or none where there is none that can be read."""
    try:
        begins, ends = _local(query, "free_from"), _local(query, "free_to")
    except Invalid:
        return None
    return Period(begins, ends) if begins and ends and timedelta() < ends - begins <= LONGEST else None


def _ticked(query: Mapping[str, str], name: str) -> bool:
    return query.get(name) in {"1", "true", "on"}


def _price(query: Mapping[str, str], name: str) -> int | None:
    text = (query.get(name) or "").strip()
    return fen_from_yuan(text, field=name) if text else None


def _local(query: Mapping[str, str], name: str) -> datetime | None:
    text = (query.get(name) or "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid.single("not-a-time", N_("This is not a date and time."), field=name) from None


class SynonymForm(Form):
    """Two words that mean the same."""

    word = text_field(_l("What people type"), required=True, most=LONGEST_WORD)
    meaning = text_field(_l("What the catalogue calls it"), required=True, most=LONGEST_WORD)
    both_ways = BooleanField(_l("The other way round as well"), default=True)
