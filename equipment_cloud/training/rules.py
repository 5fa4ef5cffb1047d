"""States of requests, sessions and qualifications, as pure values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from equipment_cloud.kernel.errors import N_, Problem


class RequestState(StrEnum):
    """What became of a request for training."""

    ASKED = "asked"
    INVITED = "invited"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SessionState(StrEnum):
    """A session is held once its result is entered."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


R = RequestState
REQUEST_MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    R.ASKED: frozenset({R.INVITED, R.GRANTED, R.DECLINED, R.WITHDRAWN}),
    R.INVITED: frozenset({R.ASKED, R.GRANTED, R.DECLINED, R.WITHDRAWN}),
}
"""An invitation falls back to a request when the session is cancelled."""
LIVE = (R.ASKED, R.INVITED)
SESSION_MOVES: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset({SessionState.HELD, SessionState.CANCELLED}),
}
REMIND_FOR = timedelta(days=30)
"""So long before a qualification ends its holder is told."""
LONGEST = timedelta(days=3660)


class Standing(StrEnum):
    """How a qualification stands on a day."""

    VALID = "valid"
    ENDING = "ending"
    ENDED = "ended"
    REVOKED = "revoked"


def standing(*, valid_from: date, valid_until: date | None, is_revoked: bool, on: date) -> Standing:
    """Ending: within thirty days. ``valid_until`` is the last day on which it holds."""
    if is_revoked:
        return Standing.REVOKED
    if on < valid_from or (valid_until is not None and on > valid_until):
        return Standing.ENDED
    return Standing.ENDING if valid_until is not None and on > valid_until - REMIND_FOR else Standing.VALID


def problems_with_grant(*, valid_until: date | None, on: date, is_own: bool) -> list[Problem]:
    """What speaks against granting somebody a qualification."""
    problems = []
    if is_own:
        message = N_("Nobody grants themselves the right to operate an instrument.")
        problems.append(Problem("own-grant", message, "person", remedy=N_("Ask a colleague to enter it.")))
    if valid_until is not None and not on <= valid_until <= on + LONGEST:
        message = N_("The last day lies in the future, at most ten years ahead.")
        problems.append(Problem("valid-until", message, "valid_until", remedy=N_("Choose another last day.")))
    return problems
