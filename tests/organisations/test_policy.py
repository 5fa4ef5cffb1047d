"""Who may see and do what: role, organisation and record together."""

from __future__ import annotations

import pytest

from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.organisations import policy
from equipment_cloud.organisations.models import Kind, Membership, Organisation

OWN, OTHER, BUREAU = 1, 2, 3
NAMES = {
    "stranger": Actor(10, "路人"),
    "owner": Actor(11, "负责人", (Grant(OWN, "owner"),)),
    "researcher": Actor(12, "研发", (Grant(OWN, "researcher"),)),
    "accountant": Actor(13, "会计", (Grant(OWN, "accountant"),)),
    "manager": Actor(14, "管理员", (Grant(OWN, "manager"),)),
    "finance": Actor(15, "财务", (Grant(OWN, "finance"),)),
    "other owner": Actor(16, "他人", (Grant(OTHER, "owner"),)),
    "other operator": Actor(17, "机组", (Grant(OTHER, "operator"),)),
    "reviewer": Actor(18, "初审", (Grant(BUREAU, "reviewer"),)),
    "admin": Actor(19, "管理", (Grant(BUREAU, "admin"),)),
    "auditor": Actor(20, "审计", (Grant(BUREAU, "auditor"),)),
}
IN_CHARGE = {"owner", "manager"}


def organisation(*, is_provider: bool = False, kind: Kind = Kind.ENTERPRISE, id_: int = OWN) -> Organisation:
    return Organisation(id=id_, kind=kind, is_provider=is_provider)


def test_providers_are_public_and_users_are_not() -> None:
    assert policy.may_see(None, organisation(is_provider=True))
    assert not policy.may_see(None, organisation())
    seen = {name for name, actor in NAMES.items() if policy.may_see(actor, organisation())}
    assert seen == set(NAMES) - {"stranger", "other owner"}


def test_the_inside_is_for_own_people_and_the_bureau() -> None:
    seen = {name for name, actor in NAMES.items() if policy.may_see_inside(actor, OWN)}
    assert seen == set(NAMES) - {"stranger", "other owner", "other operator"}
    assert not policy.may_see_inside(None, OWN)


@pytest.mark.parametrize(
    ("may", "who"),
    [
        (policy.may_edit, IN_CHARGE),
        (policy.may_request_standing, IN_CHARGE),
        (policy.may_decide_standing, {"reviewer"}),
        (policy.may_enter_profile, IN_CHARGE | {"accountant"}),
        (policy.may_propose_account, IN_CHARGE | {"accountant", "finance"}),
        (policy.may_approve_account, IN_CHARGE | {"accountant"}),
    ],
)
def test_each_deed_has_its_people(may: object, who: set[str]) -> None:
    assert callable(may)
    assert {name for name, actor in NAMES.items() if may(actor, OWN)} == who
    assert not may(None, OWN)


def test_people_are_looked_after_by_who_is_in_charge_and_by_the_administrator() -> None:
    allowed = {name for name, actor in NAMES.items() if policy.may_manage_people(actor, organisation())}
    assert allowed == IN_CHARGE | {"admin"}
    office = organisation(kind=Kind.BUREAU, id_=BUREAU)
    assert {name for name, actor in NAMES.items() if policy.may_manage_people(actor, office)} == {"admin"}


def test_one_may_always_leave() -> None:
    own = Membership(person_id=NAMES["researcher"].id, organisation_id=OWN, role="researcher")
    assert policy.may_end_grant(NAMES["researcher"], organisation(), own)
    assert not policy.may_end_grant(NAMES["accountant"], organisation(), own)
    assert policy.may_end_grant(NAMES["owner"], organisation(), own)


def test_a_reviewer_decides_nothing_about_their_own_firm() -> None:
    both = Actor(21, "兼职", (Grant(BUREAU, "reviewer"), Grant(OWN, "accountant")))
    assert not policy.may_decide_standing(both, OWN)
    assert policy.may_decide_standing(both, OTHER)
