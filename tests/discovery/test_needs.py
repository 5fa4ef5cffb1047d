"""People say what they need in their own words, and a right answer stands among the first three."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from equipment_cloud.demo.data import rows
from equipment_cloud.discovery import queries
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.clock import today
from tests.conftest import NOW
from tests.discovery.needs import NEEDS, OTHER_NEEDS, SPELLINGS
from tests.factories import catalog as make

ENOUGH_OF_OTHERS = 17


@pytest.fixture
def city(session: Session) -> None:
    """The instruments and test services of the example city, with the words they are written in."""
    owners = {row["key"]: make.organisation(row["name"]) for row in rows("organisations")}
    machines = {}
    for row in rows("instruments"):
        facts = {name: row[name] for name in ("name", "name_en", "model", "manufacturer", "technical", "function")}
        facts |= {"class_code": row["class"], "service_content": row["function"], "public_fields": ["technical"]}
        for owner in row["owners"].split("|"):
            machines[row["kind"]] = make.instrument(owners[owner], **facts)
    for row in rows("services"):
        on = machines[row["kind"]]
        make.test_service(
            on.organisation, on, name=row["name"], name_en=row["name_en"], category=(on.class_code or "")[:4],
            method_standards=row["standards"].split("|"), sample_requirements=row["sample"],
        )  # fmt: skip
    text_index.recount()


def first_three(query: str) -> list[str]:
    found = queries.search_everything(query, today=today(NOW), now=NOW, number=1, size=3)
    return [hit.name for hit in found.page.items]


def unanswered(needs: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, list[str]]:
    shown = {phrase: first_three(phrase) for phrase, _answers in needs}
    return {
        phrase: shown[phrase] for phrase, answers in needs
        if not any(name.startswith(answer) for name in shown[phrase] for answer in answers)
    }  # fmt: skip


@pytest.mark.usefixtures("city")
def test_every_need_finds_a_right_answer_among_the_first_three() -> None:
    assert unanswered(NEEDS) == {}


@pytest.mark.usefixtures("city")
def test_needs_that_no_word_was_chosen_by_are_answered_mostly() -> None:
    missed = unanswered(OTHER_NEEDS)
    assert len(OTHER_NEEDS) - len(missed) >= ENOUGH_OF_OTHERS, missed


@pytest.mark.usefixtures("city")
def test_standards_models_pinyin_and_slips_of_the_hand_find_what_was_meant() -> None:
    assert unanswered(SPELLINGS) == {}


@pytest.mark.usefixtures("city")
def test_a_standard_is_itself_and_not_the_beginning_of_another() -> None:
    first = queries.search_services("GB/T 2423.1", today=today(NOW), number=1, size=20).page.items
    assert first[0].method_standards[0] == "GB/T 2423.1-2008"
    assert all("GB/T 2423.1-2008" in item.method_standards for item in first)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("typed", ["GB/T 2423.17", "GBT2423.17", "gb/t2423.17-2024", "GB/T 2423.17—2008", "GB 2423.17"])
def test_a_standard_is_found_however_it_is_typed(typed: str) -> None:
    found = queries.search_services(typed, today=today(NOW), number=1, size=3).page.items
    assert "GB/T 2423.17-2024" in found[0].method_standards


def test_the_name_weighs_more_than_the_class_the_class_than_the_method_and_so_on(session: Session) -> None:
    owner = make.organisation()
    plain = {"technical": None, "function": "其他", "service_content": None, "manufacturer": None, "name_en": None}
    machines = [
        make.instrument(owner, **(plain | {"name": "测量仪", "class_code": "000000"} | facts))
        for facts in (
            {"manufacturer": "振动公司"}, {"function": "振动"}, {"class_code": "020400"}, {"name": "振动台"},
        )
    ]  # fmt: skip
    found = queries.search_everything("振动", today=today(NOW), now=NOW, number=1, size=10)
    assert [hit.instrument.instrument.id for hit in found.page.items if hit.instrument] == [
        record.id for record in reversed(machines)
    ]
