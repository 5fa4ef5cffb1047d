"""Amounts of money as people write them, ranges of them, and the usual slip: yuan written where 万元 is asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from equipment_cloud.kernel.errors import N_, Problem
from equipment_cloud.kernel.money import FEN_PER_WAN, FEN_PER_YUAN, MAX_FEN

UNITS = {"yuan": FEN_PER_YUAN, "wan": FEN_PER_WAN}
LARGEST_FEN = 10_000 * FEN_PER_WAN
"""One instrument above 10,000 万元 (100 million yuan) is more likely a slip than a fact (domain rules 6.8)."""
SMALLEST_FEN = FEN_PER_WAN // 10
"""Below 0.1 万元 (1,000 yuan) nobody surveys an instrument."""

_WRITTEN = {
    "亿元": 10**10,
    "亿": 10**10,
    "万元": FEN_PER_WAN,
    "万": FEN_PER_WAN,
    "元": FEN_PER_YUAN,
    "圆": FEN_PER_YUAN,
}
_AMOUNT = re.compile(
    r"(?:[¥￥$€]|rmb|cny|usd)?(-?[\d,]*\.?\d+(?:e[+-]?\d{1,2})?)(亿元|亿|万元|万|元|圆)?(?:rmb|cny|usd)?"
)
_PART = r"([\d.,]+(?:亿元|亿|万元|万|元)?)"
_RANGE = re.compile(_PART + "(?:-|~|—|–|至|到)" + _PART)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in fen, and the factor it was read with."""

    fen: int
    factor: int
    was_written: bool
    """The cell itself named the unit."""


def read_amount(text: str, *, unit: str) -> Amount | Problem:
    """``412376.14万``, ``￥1,100,000.00 元``, ``86.5`` in the column's unit."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
    found = _AMOUNT.fullmatch(plain) if len(plain) <= 60 else None
    if found is None:
        return Problem(
            "not-a-number",
            N_("“%(text)s” is not an amount of money."),
            values={"text": text[:60]},
            remedy=N_("Write a number such as 86.50, without words."),
        )
    number, written = found.groups()
    factor = _WRITTEN[written] if written else UNITS[unit]
    exact = Decimal(number.replace(",", "")) * factor
    if exact < 0:
        return Problem("negative", N_("An original value cannot be negative."), remedy=N_("Write the amount booked."))
    if exact > MAX_FEN:
        return Problem(
            "too-large",
            N_("“%(text)s” is too large to be an amount of money."),
            values={"text": text[:60]},
            remedy=N_("Write the amount booked."),
        )
    fen = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return Amount(fen, factor, was_written=bool(written))


def read_range(text: str) -> tuple[int, int] | None:
    """``20万-50万`` in fen, or ``None``."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
    found = _RANGE.fullmatch(plain) if len(plain) <= 60 else None
    if found is None:
        return None
    low, high = (read_amount(part, unit="yuan") for part in found.groups())
    if isinstance(low, Problem) or isinstance(high, Problem) or low.fen > high.fen:
        return None
    return low.fen, high.fen


def judge(amount: Amount, limits: tuple[int, int] | None) -> tuple[int, Problem | None]:
    """What to store, and the warning if the unit looks wrong.

    Where a range column stands beside it and the amount fits that range only in the other unit, the range decides and
    the corrected amount is stored. Without such evidence the amount is stored as written, and flagged.
    """
    if limits is not None and not limits[0] <= amount.fen <= limits[1]:
        return _against_range(amount, limits)
    if amount.fen > LARGEST_FEN:
        return amount.fen, Problem(
            "unit-slip",
            N_("%(wan)s 万元 is more than 10,000 万元: was yuan (元) meant? Stored as written, ¥%(yuan)s."),
            values=_worded(amount.fen),
            remedy=N_("Compare with the asset ledger and correct the record."),
            level="warning",
        )
    if amount.fen < SMALLEST_FEN:
        return amount.fen, Problem(
            "unit-slip",
            N_("%(wan)s 万元 is less than 0.1 万元: was 万元 meant? Stored as written, ¥%(yuan)s."),
            values=_worded(amount.fen),
            remedy=N_("Compare with the asset ledger and correct the record."),
            level="warning",
        )
    return amount.fen, None


def _against_range(amount: Amount, limits: tuple[int, int]) -> tuple[int, Problem]:
    other = amount.fen // 10_000 if amount.factor == FEN_PER_WAN else amount.fen * 10_000
    values = {**_worded(amount.fen), "low": _wan(limits[0]), "high": _wan(limits[1]), "stored": _yuan(other)}
    if limits[0] <= other <= limits[1]:
        return other, Problem(
            "unit-slip",
            N_(
                "%(wan)s 万元 contradicts the range %(low)s to %(high)s 万元 beside it; "
                "in the other unit it fits. Stored as ¥%(stored)s."
            ),
            values=values,
            remedy=N_("Compare with the asset ledger; correct the record if this is wrong."),
            level="warning",
        )
    return amount.fen, Problem(
        "outside-range",
        N_("%(wan)s 万元 lies outside the range %(low)s to %(high)s 万元 beside it. Stored as written, ¥%(yuan)s."),
        values=values,
        remedy=N_("Compare with the asset ledger and correct the record."),
        level="warning",
    )


def _worded(fen: int) -> dict[str, object]:
    return {"wan": _wan(fen), "yuan": _yuan(fen)}


def _wan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_PER_WAN:,.4f}".rstrip("0").rstrip(".")


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_PER_YUAN:,.2f}"
