"""State machines are tables: ``MOVES = {State.A: {State.B, ...}}`` and this one function."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from equipment_cloud.kernel.errors import WrongState

S = TypeVar("S", bound=StrEnum)


def move(moves: Mapping[S, Collection[S]], current: S, target: S) -> S:
    """Return ``target`` when ``moves`` leads there from ``current``; else raise :class:`WrongState`."""
    if target not in moves.get(current, ()):
        raise WrongState(current=current.value, target=target.value)
    return target
