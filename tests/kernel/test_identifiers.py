"""Identifiers of the field, with codes that exist and codes that do not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment_cloud.kernel import identifiers

VALID = (
    "914403001922038216", "91330100799655058B", "9144030071526726XG", "91110000802100433B", "9152000071430580XT",
    "91440300192317458F", "91350900587527783P", "91100000100003962T", "911000001000013428", "91330000733796106P",
    "91330282671205242Y", "91330200711192037M", "12100000470095016Q", "12100000400000624D", "12100000400002259P",
    "91330281MA2YUYA01B", "91330281144700006R", "12330281419990015J", "52330281500990012N",
)  # fmt: skip
FULL_WIDTH = "９１３３０２８１ＭＡ２ＹＵＹＡ０１Ｂ"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def codes_of(text: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.level) for problem in identifiers.problems_with_credit_code(text)]


@pytest.mark.parametrize("code", VALID)
def test_real_and_synthetic_credit_codes_pass(code: str) -> None:
    assert codes_of(code) == []


@pytest.mark.parametrize("typed", [" 91330281ma2yuya01b ", "91330281-MA2YUYA01B", FULL_WIDTH, "91 330281 MA2YUYA01B"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert identifiers.normalise_credit_code(typed) == "91330281MA2YUYA01B"
    assert codes_of(typed) == []


@pytest.mark.parametrize(
    "code",
    ["", "91330281MA2TEST121", "91330281MA2YUYA01", "91330281MA2YUYA01BB", "9" * 40, "91330281MA2YU\0A01B", "余姚市"],
)
def test_what_has_not_the_form_of_a_code_is_an_error(code: str) -> None:
    assert codes_of(code) == [("credit-code-form", "error")]


@pytest.mark.parametrize("code", ["911000001000044477", "91350211M00013FA1N"])
def test_early_codes_whose_check_digit_fails_are_only_warned_about(code: str) -> None:
    assert codes_of(code) == [("check-digit", "warning")]


def test_a_right_check_digit_does_not_make_up_for_what_stands_before_it() -> None:
    made = identifiers.make_credit_code
    assert codes_of(made("94330281MA2YUYA01")) == [("credit-code-prefix", "error")]
    assert codes_of(made("91990281MA2YUYA01")) == [("credit-code-region", "error")]
    assert codes_of("123456789012345678") == [("organisation-code", "warning")]


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(code: str, place: int, letter: str) -> None:
    changed = code[:place] + letter + code[place + 1 :]
    assert changed == code or codes_of(changed) != []


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    identifiers.problems_with_credit_code(text)
    identifiers.invoice_key(text, text)
    identifiers.is_mobile(text)
    identifiers.is_email(text)


def test_every_code_of_the_published_tests_is_judged_as_they_judge_it(corpus: Path) -> None:
    path = corpus / "uscc" / "uscc-stdnum.csv"
    if not path.exists():
        pytest.skip("this CORPUS_DIR has no credit codes")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    own_checks = {"credit-code-prefix", "credit-code-region"}
    for row in rows:
        found = {code for code, _level in codes_of(row["uscc"])} - own_checks
        assert bool(found) == (row["expected"] == "invalid"), row["uscc"]


@pytest.mark.parametrize(
    ("number", "code", "key"),
    [
        ("26332000001234567890", None, "26332000001234567890"),
        ("26332000001234567890", "3300214130", "26332000001234567890"),
        ("12345678", "3300214130", "3300214130-12345678"),
        ("12345678", "033002141301", "033002141301-12345678"),
        ("12345678", None, None),
        ("1234567", "3300214130", None),
        ("2633200000123456789", None, None),
        ("abcdefgh", "3300214130", None),
    ],
)
def test_an_invoice_is_known_by_its_number_or_by_code_and_number(
    number: str, code: str | None, key: str | None
) -> None:
    assert identifiers.invoice_key(number, code) == key


def test_numbers_of_people_and_banks() -> None:
    assert identifiers.is_mobile("13812345678")
    assert not any(
        identifiers.is_mobile(text) for text in ("12812345678", "1381234567", "138123456789", "１3812345678")
    )
    assert identifiers.is_email("someone@example.cn")
    assert not any(
        identifiers.is_email(text) for text in ("someone", "a@b", "a b@c.d", "@c.d", "a@c..d", "a" * 250 + "@c.de")
    )
    assert identifiers.is_bank_account("62284800" * 2)
    assert not any(identifiers.is_bank_account(text) for text in ("1234567", "9" * 31, "6228 4800"))
    assert identifiers.is_cnaps("103332028101")
    assert not identifiers.is_cnaps("10333202810")
