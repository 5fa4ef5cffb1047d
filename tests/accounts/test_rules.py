"""Names, passwords and scopes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from equipment_cloud.accounts import rules


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("138 1234-5678", "mobile", "13812345678"),
        ("+86 13812345678", "mobile", "13812345678"),
        ("１３８１２３４５６７８", "mobile", "13812345678"),
        (" Someone@Example.CN ", "email", "someone@example.cn"),
    ],
)
def test_a_name_to_sign_in_with_is_read_as_people_type_it(typed: str, kind: str, value: str) -> None:
    assert rules.sign_in_name(typed) == rules.SignInName(kind, value)


@pytest.mark.parametrize("typed", [None, "", "admin", "12345", "1" * 40, "a\0b@example.cn", "x" * 5000 + "@y.cn"])
def test_anything_else_is_nobodys_name(typed: str | None) -> None:
    assert rules.sign_in_name(typed) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-length"),
        ("x" * 129, "password-length"),
        ("has a NUL \0 inside", "password-length"),
        ("my-password-1", "password-easy"),
        ("aaaaaaaaaaaa", "password-easy"),
        ("wanglei@sme.example!", "password-easy"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, code: str) -> None:
    found = rules.problems_with_password(password, not_like=("wanglei@sme.example", None, "王"))
    assert [problem.code for problem in found] == [code]


@pytest.mark.parametrize("password", ["correct-horse-battery", "equipment-cloud-demo", "余姚 模具 三坐标 测量 机时"])
def test_a_long_password_is_accepted_in_any_writing(password: str) -> None:
    assert rules.problems_with_password(password) == []


def test_everything_wrong_with_a_person_is_said_at_once() -> None:
    found = rules.problems_with_person(" ", email="nonsense", mobile="123", locale="fr")
    assert {problem.field for problem in found} == {"person_name", "email", "mobile", "locale"}
    assert [problem.code for problem in rules.problems_with_person("王", email=None, mobile=None, locale="en")] == [
        "unreachable"
    ]


def test_a_token_is_limited_to_known_scopes_and_at_most_a_year() -> None:
    assert rules.problems_with_token("导入程序", ["read", "booking", "usage:write"], timedelta(days=30)) == []
    found = rules.problems_with_token("", ["everything", "read:write"], timedelta(days=366))
    assert [problem.code for problem in found] == ["name", "scope", "scope", "expires-in"]
