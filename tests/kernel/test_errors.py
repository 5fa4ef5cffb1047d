"""Every "no" has a reason, a remedy and a status."""

from __future__ import annotations

import pytest

from equipment_cloud.kernel import errors
from equipment_cloud.kernel.errors import Invalid, Problem, Refused, raise_if

WARNING = Problem("odd", "This looks odd.", level="warning")
FIRST, SECOND = Problem("first", "First.", "a"), Problem("second", "Second.", "b")


def test_all_errors_are_raised_together_and_warnings_stay_behind() -> None:
    with pytest.raises(Invalid) as refused:
        raise_if([FIRST, WARNING, SECOND])
    assert refused.value.problems == (FIRST, SECOND)
    assert refused.value.status == 422


def test_warnings_alone_refuse_nothing() -> None:
    raise_if([WARNING])
    raise_if([])


def test_one_problem_can_be_said_in_a_line() -> None:
    refused = Invalid.single("too-long", "At most %(most)s.", field="name", most=5, remedy="Shorten it.")
    assert refused.problems == (Problem("too-long", "At most %(most)s.", "name", {"most": 5}, "Shorten it."),)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Invalid", 422),
        ("NotFound", 404),
        ("Forbidden", 403),
        ("SamePerson", 403),
        ("Conflict", 409),
        ("WrongState", 409),
    ],
)  # fmt: skip
def test_each_kind_of_refusal_has_its_status_and_a_remedy_or_problems(kind: str, status: int) -> None:
    refusal = getattr(errors, kind)
    assert issubclass(refusal, Refused)
    assert refusal.status == status
    assert refusal is Invalid or refusal.remedy
