"""How far a unit (单位) of a campaign is, what may come of it, and how much of the list is covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem


class UnitState(StrEnum):
    """Where a unit's return (填报表) stands."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class UnitOutcome(StrEnum):
    """What came of a unit that gives no list: 无设备, 停业/注销, 拒报, 联系不上 (domain 6.11 item 15)."""

    NO_EQUIPMENT = "no_equipment"
    CLOSED_DOWN = "closed_down"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


_U = UnitState
UNIT_MOVES: Mapping[UnitState, frozenset[UnitState]] = {
    _U.NOT_STARTED: frozenset({_U.DRAFT, _U.SUBMITTED}),
    _U.DRAFT: frozenset({_U.DRAFT, _U.SUBMITTED}),
    _U.SUBMITTED: frozenset({_U.RETURNED, _U.ACCEPTED}),
    _U.RETURNED: frozenset({_U.RETURNED, _U.SUBMITTED}),
    _U.ACCEPTED: frozenset({_U.RETURNED}),
}
"""A returned unit stays returned while it corrects, so that the board keeps showing whose turn it is."""
WITH_UNIT = frozenset({_U.NOT_STARTED, _U.DRAFT, _U.RETURNED})
"""States in which the next step is the unit's."""
ANSWERED = frozenset({_U.SUBMITTED, _U.ACCEPTED})

FORMS = {
    "short": N_("Six fields, as on the nameplate"),
    "needed": N_("All that the catalogue needs"),
    "full": N_("All fields of the national form"),
}
"""Which fields a campaign asks for."""
ANSWERERS = ("manager", "owner")
"""Roles that speak for a unit."""
CONTACT_FIRST = frozenset({UnitOutcome.REFUSED, UnitOutcome.UNREACHABLE})
"""Outcomes that only count when somebody tried: they need at least one contact in the log."""
LEAST_TRIES = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Which organisations a campaign asks: any of each list that is not empty; all lists must fit."""

    towns: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.towns, self.industries, self.sizes, self.tags, self.kinds))


@dataclass(slots=True)
class Coverage:
    """Units of a list by state and by outcome; the rates say what they are divided by.

    ``listed`` is every unit not removed. A unit that closed down (停业/注销) leaves the denominator (``liable``);
    one that refuses (拒报) or cannot be reached (联系不上) stays in it, uncovered. No equipment (无设备) is an answer.
    """

    states: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    answered: int = 0
    covered: int = 0
    late: int = 0

    def add(self, state: str, outcome: str | None, count: int, *, is_late: bool = False) -> None:
        """Count units that are alike."""
        self.listed += count
        self.states[state] = self.states.get(state, 0) + count
        if outcome:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + count
        if outcome == UnitOutcome.CLOSED_DOWN:
            return
        settled = outcome == UnitOutcome.NO_EQUIPMENT
        self.answered += count if settled or state in ANSWERED else 0
        self.covered += count if settled or state == UnitState.ACCEPTED else 0
        self.late += count if is_late else 0

    @property
    def liable(self) -> int:
        """Units that ought to answer: listed less closed down."""
        return self.listed - self.outcomes.get(UnitOutcome.CLOSED_DOWN, 0)

    @property
    def answered_bp(self) -> int | None:
        """Answered of liable, in basis points; none where nobody ought to answer."""
        return self.answered * 10_000 // self.liable if self.liable else None

    @property
    def covered_bp(self) -> int | None:
        """Covered of liable, in basis points."""
        return self.covered * 10_000 // self.liable if self.liable else None


def is_late(state: str, outcome: str | None, due_on: date, today: date) -> bool:
    """Whether a unit owes an answer: its day is over, the next step is its own, and nothing else came of it."""
    return outcome is None and state in WITH_UNIT and due_on < today


def problems_with_outcome(outcome: UnitOutcome, note: str, state: UnitState, tries: int) -> list[Problem]:
    """All that speaks against writing a unit off."""
    found = []
    if state is UnitState.ACCEPTED:
        found.append(Problem("has-answered", N_("This unit's return is accepted already."), "outcome",
                             remedy=N_("Return it first if it was wrong.")))  # fmt: skip
    if not note.strip():
        found.append(Problem("note", N_("Say how this is known: who said it, or what was found."), "note"))
    if outcome in CONTACT_FIRST and tries < LEAST_TRIES:
        found.append(
            Problem(
                "no-contact",
                N_("Nobody has tried to reach this unit yet."),
                "outcome",
                remedy=N_("Write down a call or a visit first."),
            )
        )
    return found


def totals_of(rows: Iterable[Coverage]) -> Coverage:
    """One coverage over several."""
    whole = Coverage()
    for row in rows:
        whole.listed += row.listed
        whole.answered += row.answered
        whole.covered += row.covered
        whole.late += row.late
        for mine, theirs in ((whole.states, row.states), (whole.outcomes, row.outcomes)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
    return whole
