"""Label sheets: a PDF, many labels a page, and only of instruments the person may see."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.foundation.access import Actor, Grant
from equipment_cloud.insight import exports, labels
from tests.factories import catalog as make


def _pages(document: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", document))


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (24, 1), (25, 2)])
def test_24_labels_stand_on_a_page(count: int, pages: int) -> None:
    label = labels.Label("330281-000001", "三坐标测量机 #[x]", "CONTURA", "示例检测中心", "https://cloud.example/at/1")
    document = labels.sheet([label] * count)
    assert (document[:5], _pages(document)) == (b"%PDF-", pages)


def test_labels_are_of_own_and_of_public_instruments(session: Session) -> None:
    own, other = make.organisation(), make.organisation("另一中心")
    draft = make.instrument(own, state=InstrumentState.DRAFT)
    shown = make.instrument(other)
    hidden = make.instrument(other, state=InstrumentState.DRAFT)
    person = Actor(1, "王示例", (Grant(own.id, "manager"),))
    assert exports.labelled(person, [draft.id, shown.id, hidden.id], most=9) == [draft, shown]
    assert exports.labelled(person, [], most=9) == [draft]


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/labels.pdf?id=1").status_code == 303
