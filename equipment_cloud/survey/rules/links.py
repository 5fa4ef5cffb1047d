"""How long an answer link opens a return, and how its secret is kept."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from equipment_cloud.kernel.errors import N_, NotFound, Problem
from equipment_cloud.kernel.identifiers import is_email

MOST_DAYS = 60
USUAL_DAYS = 14
MOST_LIVE = 5
"""Links of one unit that may be open at a time."""
_MOBILE = re.compile(r"1\d{10}", re.ASCII)


class LinkGone(NotFound):
    """The link is unknown, over, or was revoked; which of these, nobody is told (404)."""

    code = "link-gone"
    message = N_("This link is not valid, or no longer.")
    remedy = N_("Ask whoever gave it to you for a new one, or call the bureau.")


def hashed(token: str) -> str:
    """What is kept of a secret: 192 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_live(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether the link opens anything at this moment."""
    return revoked_at is None and now < expires_at


def problems_with_link(addressee: str, address: str | None, days: int, live: int) -> list[Problem]:
    """All that speaks against making a link."""
    found = []
    if not addressee.strip() or len(addressee) > 64:
        found.append(Problem("addressee", N_("Say for whom of the unit the link is."), "addressee"))
    if address and not (_MOBILE.fullmatch(address) or is_email(address)):
        found.append(Problem("address", N_("This is neither a mobile number nor an e-mail address."), "address"))
    if not 1 <= days <= MOST_DAYS:
        found.append(Problem("days", N_("Between 1 and %(most)s days."), "days", {"most": MOST_DAYS}))
    if live >= MOST_LIVE:
        found.append(
            Problem("too-many", N_("This unit has %(most)s open links already."), None, {"most": MOST_LIVE},
                    N_("Revoke one that is not used."))
        )  # fmt: skip
    return found
