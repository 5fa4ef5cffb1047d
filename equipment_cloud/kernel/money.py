"""Money is a whole number of fen (分) in names ending ``_fen``; rates are basis points (万分之一). No floats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from equipment_cloud.kernel.errors import N_, Invalid

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MAX_FEN = 10**15
"""No amount of this platform is above ten trillion yuan; whatever is, is a slip."""

_MOST_DIGITS = 40


def fen_from_yuan(text: str | Decimal | int, *, field: str | None = None) -> int:
    """Read an amount of yuan as typed (``1,234.50``, ``￥300``) into fen.

    Raises :class:`Invalid` for letters, more than two decimals, negative or absurd amounts.
    """
    amount = _decimal(text, field=field)
    fen = amount * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise Invalid.single("too-precise", N_("Amounts have at most two decimals."), field=field)
    return _bounded(int(fen), field=field)


def fen_from_wan(text: str | Decimal | int, *, field: str | None = None) -> int:
    """Read an amount in 万元 into fen, rounding half up to a fen (survey values have two decimals of 万元)."""
    amount = (_decimal(text, field=field) * FEN_PER_WAN).quantize(Decimal(1), ROUND_HALF_UP)
    return _bounded(int(amount), field=field)


def wan_from_fen(fen: int) -> Decimal:
    """Fen as 万元 with two decimals, half up: the unit of NRII's ``worth`` (原值)."""
    return (Decimal(fen) / FEN_PER_WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)


def yuan_from_fen(fen: int) -> Decimal:
    """Fen as yuan with two decimals, exact."""
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))


def share(fen: int, rate_bp: int) -> int:
    """``rate_bp`` basis points of an amount, cut down to a whole fen: public money is never rounded up."""
    return fen * rate_bp // 10_000


def floor_to(fen: int, unit_fen: int) -> int:
    """Cut down to a multiple of ``unit_fen`` (e.g. 100 for whole yuan)."""
    return fen // unit_fen * unit_fen


def allocate(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split ``total_fen`` by weights without losing a fen (largest remainder, earlier entry first on ties)."""
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must add up to more than zero")
    parts = [total_fen * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(total_fen * weights[index] % whole), index))
    for index in order[: total_fen - sum(parts)]:
        parts[index] += 1
    return parts


def price_for(quantity: Decimal, unit_price_fen: int) -> int:
    """Quantity times unit price, rounded half up to a fen."""
    return int((quantity * unit_price_fen).quantize(Decimal(1), ROUND_HALF_UP))


def _decimal(text: str | Decimal | int, *, field: str | None) -> Decimal:
    cleaned = str(text).strip().replace(",", "").replace("，", "").lstrip("¥￥").strip()
    try:
        if len(cleaned) > _MOST_DIGITS:
            raise InvalidOperation
        amount = Decimal(cleaned)
    except InvalidOperation:
        raise Invalid.single("not-a-number", N_("This is not an amount of money."), field=field) from None
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS:
        raise Invalid.single("not-a-number", N_("This is not an amount of money."), field=field)
    return amount


def _bounded(fen: int, *, field: str | None) -> int:
    if fen < 0:
        raise Invalid.single("negative", N_("Amounts cannot be negative."), field=field)
    if fen > MAX_FEN:
        raise Invalid.single("too-large", N_("This amount is too large to be true."), field=field)
    return fen
