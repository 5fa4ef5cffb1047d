"""Policy versions: written as drafts, checked by schema, published once and for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from equipment_cloud.foundation import audit
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import N_, Invalid, NotFound, raise_if
from equipment_cloud.vouchers import documents
from equipment_cloud.vouchers.models import Policy, PolicyVersion, VersionState
from equipment_cloud.vouchers.refusals import PublishedVersion


def add_version(document: Mapping[str, Any], *, by: Actor, now: datetime) -> PolicyVersion:
    """Keep a policy document as a draft version of the policy its code names (made if it is new).

    Raises :class:`Invalid` with every problem of the document, a version number that does not follow included.
    """
    raise_if(documents.problems_with_policy(document))
    policy = session().scalar(select(Policy).where(Policy.code == document["code"]).with_for_update())
    if policy is None:
        policy = Policy(code=document["code"], name=document["name"], name_en=document["name_en"],
                        is_example=document["example"])  # fmt: skip
        session().add(policy)
        session().flush()
    last = session().scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.policy_id == policy.id)) or 0
    if document["version"] != last + 1:
        words, remedy = N_("The next version of this policy is %(next)s."), N_("Correct the number of the version.")
        raise Invalid.single("version", words, field="version", remedy=remedy, next=last + 1)
    last_day = document.get("valid_to")
    version = PolicyVersion(
        policy_id=policy.id, number=document["version"], state=VersionState.DRAFT,
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_to=None if last_day is None else date.fromisoformat(last_day), document=dict(document),
        checksum=documents.checksum(document), created_by=by.id, created_at=now, published_by=None, published_at=None,
    )  # fmt: skip
    session().add(version)
    session().flush()
    _note("add-version", version, by=by, now=now)
    return version


def publish_version(version_id: int, *, by: Actor, now: datetime) -> PolicyVersion:
    """Publish a draft; from here on it never changes. It must begin after the version before it.

    Raises :class:`PublishedVersion` for one that is published, :class:`Invalid` for a wrong order.
    """
    version = session().get(PolicyVersion, version_id, with_for_update=True, populate_existing=True)
    if version is None:
        raise NotFound
    if version.state is VersionState.PUBLISHED:
        raise PublishedVersion
    latest = session().scalar(
        select(func.max(PolicyVersion.valid_from))
        .where(PolicyVersion.policy_id == version.policy_id, PolicyVersion.state == VersionState.PUBLISHED)
    )  # fmt: skip
    if latest is not None and version.valid_from <= latest:
        words, remedy = N_("A version begins after the one before it (%(latest)s)."), N_("Choose a later first day.")
        raise Invalid.single("dates", words, field="valid_from", remedy=remedy, latest=latest.isoformat())
    version.checksum = documents.checksum(version.document)
    version.state, version.published_by, version.published_at = VersionState.PUBLISHED, by.id, now
    session().flush()
    _note("publish-version", version, by=by, now=now)
    return version


def publish_document(document: Mapping[str, Any], *, by: Actor, now: datetime) -> PolicyVersion:
    """Add a version and publish it at once."""
    return publish_version(add_version(document, by=by, now=now).id, by=by, now=now)


def _note(verb: str, version: PolicyVersion, *, by: Actor, now: datetime) -> None:
    detail = {"number": version.number, "checksum": version.checksum}
    audit.note(f"vouchers.{verb}", f"policy-version:{version.id}", by=by, now=now, detail=detail)
