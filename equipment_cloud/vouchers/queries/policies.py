"""Policies and their versions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import NotFound
from equipment_cloud.vouchers.models import Policy, PolicyVersion, VersionState
from equipment_cloud.vouchers.rules import PolicyTerms, terms_of


def policy_named(code: str) -> Policy:
    """The policy of that code. Raises :class:`NotFound`."""
    found = session().scalar(select(Policy).where(Policy.code == code))
    if found is None:
        raise NotFound
    return found


def version(version_id: int) -> PolicyVersion:
    """One version with its policy, draft or published. Raises :class:`NotFound`."""
    statement = select(PolicyVersion).options(joinedload(PolicyVersion.policy))
    found = session().scalar(statement.where(PolicyVersion.id == version_id))
    if found is None:
        raise NotFound
    return found


def policy_version_on(policy: int | str, on: date) -> PolicyVersion | None:
    """The published version in force on a day, of a policy given by id or code: the newest that has begun."""
    same = PolicyVersion.policy_id == policy if isinstance(policy, int) else Policy.code == policy
    return session().scalars(_in_force(on).where(same).order_by(PolicyVersion.number.desc()).limit(1)).first()


def default_version(on: date) -> PolicyVersion | None:
    """The version by which a price is estimated for a reader without a voucher: that of the first policy in force."""
    newest = _in_force(on).order_by(PolicyVersion.policy_id, PolicyVersion.number.desc())
    return session().scalars(newest.limit(1)).first()


def policies_on(on: date) -> list[PolicyVersion]:
    """The version in force of each policy, by name."""
    numbers = (
        select(PolicyVersion.policy_id, func.max(PolicyVersion.number).label("number"))
        .where(PolicyVersion.state == VersionState.PUBLISHED, PolicyVersion.valid_from <= on)
        .group_by(PolicyVersion.policy_id)
        .subquery()
    )
    newest = (PolicyVersion.policy_id == numbers.c.policy_id) & (PolicyVersion.number == numbers.c.number)
    return list(session().scalars(_in_force(on).join(numbers, newest).order_by(Policy.name, Policy.id).limit(100)))


def versions_of(policy_id: int) -> list[PolicyVersion]:
    """Every published version of a policy, newest first."""
    statement = select(PolicyVersion).where(PolicyVersion.policy_id == policy_id)
    published = statement.where(PolicyVersion.state == VersionState.PUBLISHED)
    return list(session().scalars(published.order_by(PolicyVersion.number.desc()).limit(100)))


def terms_of_version(version: PolicyVersion) -> PolicyTerms:
    """What the version says about money and dates."""
    return terms_of(version.document)


def _in_force(on: date) -> Select[PolicyVersion]:
    return (
        select(PolicyVersion)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .options(joinedload(PolicyVersion.policy))
        .where(PolicyVersion.state == VersionState.PUBLISHED)
        .where(PolicyVersion.valid_from <= on)
        .where(or_(PolicyVersion.valid_to.is_(None), PolicyVersion.valid_to >= on))
    )
