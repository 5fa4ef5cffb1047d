"""Words the bureau groups organisations by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete

from equipment_cloud.foundation.access import SYSTEM, Actor, permit
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid
from equipment_cloud.organisations import policy, queries
from equipment_cloud.organisations.models import OrganisationTag
from equipment_cloud.organisations.service.record import locked, note

MOST_TAGS, LONGEST_TAG = 20, 40


def set_tags(organisation_id: int, tags: Iterable[str], *, by: Actor, now: datetime) -> list[str]:
    """Have exactly these tags (blanks cut, repeats once). Raises :class:`Invalid` when one is too long or too many."""
    organisation = locked(organisation_id)
    permit(by is SYSTEM or policy.may_tag(by, organisation))
    wanted = list(dict.fromkeys(tag for text in tags if (tag := " ".join(text.split()))))
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG or not tag.isprintable() for tag in wanted):
        raise Invalid.single("tags", N_("At most %(most)s tags of at most %(letters)s characters each."), field="tags",
                             most=MOST_TAGS, letters=LONGEST_TAG)  # fmt: skip
    before = queries.tags_of(organisation_id)
    gone = [tag for tag in before if tag not in wanted]
    mine = OrganisationTag.organisation_id == organisation_id
    session().execute(delete(OrganisationTag).where(mine, OrganisationTag.tag.in_(gone)))
    session().add_all(OrganisationTag(organisation_id=organisation_id, tag=tag) for tag in wanted if tag not in before)
    if set(before) != set(wanted):
        note("set-tags", organisation_id, by=by, now=now, before=before, after=wanted)
    session().flush()
    return wanted
