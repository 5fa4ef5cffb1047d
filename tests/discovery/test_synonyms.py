"""What the bureau writes about words counts from the next search on."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.discovery import queries, seed
from equipment_cloud.discovery.models import Synonym
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.clock import today
from tests.conftest import NOW, Client
from tests.factories import catalog as make
from tests.factories.organisations import bureau, member

PAIR = {"word": "铁疙瘩", "meaning": "三坐标", "both_ways": "y"}


@pytest.fixture
def keeper(session: Session) -> Person:
    return member(session, bureau(session), "surveyor")


@pytest.fixture
def machine(session: Session) -> str:
    return make.instrument(make.organisation()).name


def found(word: str) -> list[str]:
    page = queries.search_everything(word, today=today(NOW), now=NOW, number=1, size=5).page
    return [hit.name for hit in page.items]


def pair(session: Session, word: str) -> Synonym:
    return session.scalars(select(Synonym).where(Synonym.word == word)).one()


def test_a_new_word_a_changed_one_and_a_removed_one_count_at_once(
    client: Client, session: Session, keeper: Person, machine: str
) -> None:
    client.sign_in(keeper)
    assert found("铁疙瘩") == []
    assert client.post("/synonyms", data=PAIR).status_code == 303
    assert found("铁疙瘩") == [machine]
    number = pair(session, "铁疙瘩").id
    assert client.post(f"/synonyms/{number}", data={"word": "钢疙瘩", "meaning": "三坐标"}).status_code == 303
    assert (found("铁疙瘩"), found("钢疙瘩")) == ([], [machine])
    assert client.post(f"/synonyms/{number}/remove").status_code == 303
    assert found("钢疙瘩") == []
    acts = session.scalars(select(AuditNote.action).where(AuditNote.reference == f"synonym:{number}"))
    assert list(acts) == [f"discovery.{verb}-synonym" for verb in ("add", "change", "remove")]


def test_a_pair_holds_one_way_or_both(client: Client, session: Session, keeper: Person) -> None:
    make.instrument(make.organisation(), name="铁疙瘩检测台")
    client.sign_in(keeper)
    client.post("/synonyms", data={"word": "三角架", "meaning": "铁疙瘩"})
    make.instrument(make.organisation(), name="三角架")
    assert sorted(found("三角架")) == ["三角架", "铁疙瘩检测台"]
    assert found("铁疙瘩") == ["铁疙瘩检测台"]
    number = pair(session, "三角架").id
    client.post(f"/synonyms/{number}", data={"word": "三角架", "meaning": "铁疙瘩", "both_ways": "y"})
    assert found("铁疙瘩") == ["铁疙瘩检测台", "三角架"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"word": ""}, 422), ({"word": "—"}, 422), ({"meaning": "铁"}, 422), ({"meaning": "铁疙瘩"}, 422),
        ({"word": "疙" * 31}, 422), ({"word": "\0"}, 422), ({"word": "三次元"}, 409),
    ],
)  # fmt: skip
def test_what_cannot_be_a_synonym_is_refused_with_the_reason(
    client: Client, keeper: Person, changes: dict[str, str], status: int
) -> None:
    assert client.sign_in(keeper).post("/synonyms", data=PAIR | changes).status_code == status


def test_changing_one_into_another_is_refused(client: Client, session: Session, keeper: Person) -> None:
    client.sign_in(keeper).post("/synonyms", data=PAIR)
    number = pair(session, "铁疙瘩").id
    assert client.post(f"/synonyms/{number}", data={"word": "三次元", "meaning": "三坐标"}).status_code == 409
    assert pair(session, "铁疙瘩").meaning == "三坐标"


def test_the_list_is_searched_and_paged(client: Client, keeper: Person) -> None:
    client.sign_in(keeper)
    page = client.get("/synonyms?q=三次元").text
    assert "三次元" in page
    assert "熔指" not in page
    assert client.get("/synonyms?page=3").status_code == 200
    assert client.get("/synonyms?q=%00").status_code == 200


def test_synonyms_are_the_keepers_alone(client: Client, session: Session) -> None:
    number = pair(session, "三次元").id
    stranger = member(session, bureau(session), "reviewer")
    pages = ("/synonyms", f"/synonyms/{number}")
    assert [client.get(path).status_code for path in pages] == [303, 303]
    client.sign_in(stranger)
    assert [client.get(path).status_code for path in pages] == [403, 403]
    for path in ("/synonyms", f"/synonyms/{number}", f"/synonyms/{number}/remove"):
        assert client.post(path, data=PAIR).status_code == 403


def test_seeding_again_keeps_what_staff_changed(session: Session) -> None:
    record = pair(session, "熔指")
    record.both_ways = False
    session.flush()
    before = session.scalars(select(Synonym.id)).all()
    seed.seed(session.connection())
    assert session.scalars(select(Synonym.id)).all() == before
    assert not pair(session, "熔指").both_ways
