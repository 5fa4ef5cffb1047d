"""The same key and body answers the first result again; nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import func, select, update

from equipment_cloud.foundation import clock
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import db, transaction
from equipment_cloud.foundation.idempotency import IdempotentAnswer
from tests.foundation import try_api

ALL = "all"
URL = "/api/v1/try/things"


@pytest.fixture
def api_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from try_api.running(tmp_path_factory.mktemp("files"))


def post(app: Flask, key: str, body: dict[str, object], *, token: str = ALL, url: str = URL) -> object:
    for name in list(g):
        g.pop(name)
    return app.test_client().post(
        url, json=body, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    )  # fmt: skip


def acts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AuditNote)) or 0


def test_a_repeated_call_answers_the_first_result_and_acts_once(api_app: Flask) -> None:
    first, again = post(api_app, "k1", {"name": "x"}), post(api_app, "k1", {"name": "x"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Location"] == first.headers["Location"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers.get("Idempotency-Replayed")) == (None, "true")
    assert acts() == 1


def test_a_key_with_another_body_or_address_is_refused(api_app: Flask) -> None:
    post(api_app, "k2", {"name": "x"})
    other = post(api_app, "k2", {"name": "y"})
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    assert post(api_app, "k2", {"name": "x"}, url=f"{URL}/1/answer").status_code == 422
    assert acts() == 1


def test_keys_belong_to_their_person(api_app: Flask) -> None:
    assert post(api_app, "k3", {"name": "x"}).status_code == 201
    assert post(api_app, "k3", {"name": "y"}, token="writer").status_code == 201


def test_a_refused_call_leaves_nothing_and_may_be_repeated(api_app: Flask) -> None:
    assert post(api_app, "k4", {"name": "refused"}).status_code == 409
    assert acts() == 0
    assert post(api_app, "k4", {"name": "x"}).status_code == 201


def test_an_error_answered_without_raising_leaves_nothing_either(api_app: Flask) -> None:
    assert post(api_app, "k5", {}, url=f"{URL}/13/answer").status_code == 418
    assert acts() == 0


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ"])
def test_a_key_that_is_none_is_refused(api_app: Flask, key: str) -> None:
    response = post(api_app, key.encode().decode("latin-1"), {"name": "x"})
    assert response.status_code == 422


def test_old_keys_are_forgotten(api_app: Flask) -> None:
    post(api_app, "k6", {"name": "x"})
    with transaction() as session:
        session.execute(update(IdempotentAnswer).values(created_at=clock.now() - timedelta(days=8)))
    post(api_app, "k7", {"name": "x"})
    db.session.rollback()
    assert db.session.scalars(select(IdempotentAnswer.key)).all() == ["k7"]


def test_eight_calls_with_one_key_at_once_act_once(api_app: Flask) -> None:
    answers: list[int] = []
    start = threading.Barrier(8)

    def call() -> None:
        start.wait()
        client = api_app.test_client()
        headers = {"Authorization": "Bearer all", "Idempotency-Key": "race"}
        answers.append(client.post(URL, json={"name": "x"}, headers=headers).status_code)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 8
    assert acts() == 1
