"""Opening and closing campaigns."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from equipment_cloud.foundation import audit, clock
from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Conflict, Invalid, Problem, WrongState
from equipment_cloud.survey import policy, queries
from equipment_cloud.survey.models import Campaign, CampaignState
from equipment_cloud.survey.rules import FORMS

USUAL_DAYS = 60
RESERVED = frozenset({"new", "imports", "mappings", "template", "units", "returns", "records", "registration"})
_CODE = re.compile(r"[\w\-.]{1,64}")


def open_campaign(
    code: str, name: str, due_on: date, *, by: Actor, now: datetime, form: str = "needed", note: str | None = None
) -> Campaign:
    """A new campaign, open at once. ``form`` is a key of ``rules.FORMS``, ``note`` what the units are told.

    Raises Invalid with all that is wrong, Conflict when the code is taken.
    """
    permit(by is SYSTEM or policy.may_run(by))
    _check(code, name, due_on, form, today=clock.today(now))
    if queries.find_campaign(code) is not None:
        raise Conflict(
            N_("There is a campaign with the code %(campaign)s already."),
            code="code-taken",
            remedy=N_("Choose another code."),
            campaign=code,
        )
    record = Campaign(
        code=code, name=name.strip(), state=CampaignState.OPEN, opens_on=clock.today(now), due_on=due_on,
        form=form, note=note, frozen_at=None, created_by=by.id, created_at=now,
    )  # fmt: skip
    session().add(record)
    session().flush()
    audit.note("survey.open-campaign", f"campaign:{record.id}", by=by, now=now, detail={"code": code})
    return record


def find_or_open_campaign(code: str, *, by: Actor, now: datetime) -> Campaign:
    """The campaign of that code; an unknown code opens one that is due in 60 days."""
    found = queries.find_campaign(code)
    return found or open_campaign(code, code, clock.today(now) + timedelta(days=USUAL_DAYS), by=by, now=now)


def close_campaign(code: str, *, by: Actor, now: datetime) -> Campaign:
    """No more imports into it."""
    permit(policy.may_run(by))
    record = queries.campaign(code)
    check_open(record)
    record.state = CampaignState.CLOSED
    audit.note("survey.close-campaign", f"campaign:{record.id}", by=by, now=now)
    session().flush()
    return record


def check_open(record: Campaign) -> None:
    """Raise WrongState for a closed campaign."""
    if record.state is not CampaignState.OPEN:
        raise WrongState(N_("This campaign is closed; nothing more can be imported into it."),
                         remedy=N_("Import into an open campaign."))  # fmt: skip


def _check(code: str, name: str, due_on: date, form: str, *, today: date) -> None:
    found = []
    if form not in FORMS:
        found.append(Problem("unknown-form", N_("There is no such form."), "form"))
    if not _CODE.fullmatch(code) or code in RESERVED:
        found.append(
            Problem("campaign-code", N_("A code has 1 to 64 letters, digits, points, dashes or underscores."), "code")
        )
    if not name.strip() or len(name) > 255 or not name.isprintable():
        found.append(Problem("text", N_("This needs a text of at most %(most)s characters."), "name", {"most": 255}))
    if not today <= due_on <= today + timedelta(days=3660):
        found.append(Problem("due-date", N_("The due date lies between today and ten years ahead."), "due_on"))
    if found:
        raise Invalid(problems=found)
