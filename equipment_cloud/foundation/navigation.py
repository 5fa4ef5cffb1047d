"""What a room offers for menus and desks; the roof collects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from equipment_cloud.foundation.access import Actor


@dataclass(frozen=True, slots=True)
class NavItem:
    """``label`` is a message id; ``roles`` empty means everyone signed in.

    ``place`` is ``public``, ``desk`` or ``account``.
    """

    label: str
    endpoint: str
    roles: tuple[str, ...] = ()
    place: str = "desk"
    order: int = 50
    phone: bool = False
    """One of the role's four main places on a phone."""


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One thing that waits for a person (待我办理).

    ``label``, ``note`` and ``act`` are message ids, filled with ``values``.
    """

    label: str
    url: str
    values: Mapping[str, object] = field(default_factory=dict)
    kind: str | None = None
    state: str | None = None
    """``kind`` and ``state`` are worded by the badge, such as ``claim`` and ``returned``."""
    due_at: datetime | None = None
    note: str | None = None
    act: str | None = None
    """What the button says, such as "Decide"."""
    urgent: bool = False
    count: int | None = None
    """How many such things wait in all, when the row stands for several."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of a desk for holders of any of ``roles`` (everyone signed in if empty): a few, in one or two statements."""

    roles: tuple[str, ...]
    rows: Callable[[Actor, datetime], Sequence[TodoRow]]
    order: int = 50
    place: str = "todo"
    """Part of the desk: ``todo`` (待我办理), ``running`` (进行中) or ``coming`` (即将到来)."""
