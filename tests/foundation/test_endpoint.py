"""The API's glue: who is it, what was sent, and how a refusal looks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.foundation import try_api

ALL = "all"


@pytest.fixture(scope="module")
def api_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from try_api.running(tmp_path_factory.mktemp("files"), WTF_CSRF_ENABLED=True)


@pytest.fixture
def api(api_app: Flask) -> FlaskClient:
    class Forgetful(FlaskClient):
        def open(self, *args: Any, **kwargs: Any) -> Any:
            for name in list(g):
                g.pop(name)
            return super().open(*args, **kwargs)

    return Forgetful(api_app, api_app.response_class)


def bearer(token: str = ALL, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en", **more}


def codes(response: Any) -> dict[str | None, str]:
    return {error["field"]: error["code"] for error in response.json["errors"]}


def test_a_visitor_is_asked_for_a_token_and_told_how(api: FlaskClient) -> None:
    response = api.post("/api/v1/try/things", json={"name": "x"})
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


@pytest.mark.parametrize("token", ["unknown", "", "é", "x" * 300])
def test_a_bad_token_is_refused_even_where_none_is_needed(api: FlaskClient, token: str) -> None:
    response = api.get("/api/v1/try/things", headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")})
    assert response.status_code == 401
    assert "invalid_token" in response.headers["WWW-Authenticate"]


def test_a_cookie_opens_nothing_in_the_api(api: FlaskClient) -> None:
    with api.session_transaction() as session:
        session["_user_id"], session["_fresh"] = "1:0", True
    assert api.post("/api/v1/try/things", json={"name": "x"}).status_code == 401


def test_a_token_reaches_no_further_than_its_scopes(api: FlaskClient) -> None:
    refused = api.post("/api/v1/try/things", json={"name": "x"}, headers=bearer("reader"))
    assert (refused.status_code, refused.json["code"]) == (403, "insufficient-scope")
    assert api.post("/api/v1/try/things", json={"name": "x"}, headers=bearer("writer")).status_code == 201


def test_a_person_without_the_role_is_forbidden(api: FlaskClient) -> None:
    response = api.post("/api/v1/try/things/1/answer", headers=bearer("nobody"))
    assert (response.status_code, response.json["code"]) == (403, "forbidden")


def test_all_slips_are_told_at_once_with_their_fields(api: FlaskClient) -> None:
    body = {"price_fen": True, "colour": "green", "starts_at": "2026-11-25T09:00:00", "day": "2026-13-01",
            "is_new": "yes", "parts": [1, 10**40, "2"], "extra": 1}  # fmt: skip
    response = api.post("/api/v1/try/things", json=body, headers=bearer())
    assert response.status_code == 422
    assert codes(response) == {
        "name": "required", "price_fen": "not-a-whole-number", "colour": "unknown-code", "starts_at": "no-offset",
        "day": "not-a-date", "is_new": "not-true-or-false", "parts.1": "out-of-bounds", "parts.2": "not-a-whole-number",
        "extra": "unknown-field",
    }  # fmt: skip
    assert all(error["message"] for error in response.json["errors"])


@pytest.mark.parametrize(
    ("text", "code"),
    [("a\0b", "unprintable"), ("\ud800", "unprintable"), ("x" * 21, "too-long"), ("  ", "required"), (None, "required"),
     (7, "not-text"), (["x"], "not-text")],
)  # fmt: skip
def test_text_no_database_could_keep_is_refused(api: FlaskClient, text: object, code: str) -> None:
    raw = json.dumps({"name": text})
    response = api.post("/api/v1/try/things", data=raw, content_type="application/json", headers=bearer())
    assert (response.status_code, codes(response)) == (422, {"name": code})


def test_a_member_whose_name_is_no_text_is_refused_like_any_other(api: FlaskClient) -> None:
    raw = '{"name": "x", "\\ud800": 1}'
    response = api.post("/api/v1/try/things", data=raw, content_type="application/json", headers=bearer())
    assert (response.status_code, codes(response)) == (422, {"?": "unknown-field"})


@pytest.mark.parametrize("fen", [-1, 10**15 + 1, 10**40, 1.0, 1.5, "100", None])
def test_money_is_a_bounded_whole_number(api: FlaskClient, fen: object) -> None:
    response = api.post("/api/v1/try/things", json={"name": "x", "price_fen": fen}, headers=bearer())
    assert response.status_code == (201 if fen is None else 422)


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"name": NaN', b'{"price_fen": ' + b"9" * 5_000 + b"}"]
)
def test_what_is_no_json_is_refused_as_such(api: FlaskClient, raw: bytes) -> None:
    response = api.post("/api/v1/try/things", data=raw, content_type="application/json", headers=bearer())
    assert (response.status_code, response.json["code"]) == (400, "malformed-json")


@pytest.mark.parametrize("body", [[], [{"name": "x"}], "text", 7])
def test_a_body_that_is_no_object_is_refused(api: FlaskClient, body: object) -> None:
    assert api.post("/api/v1/try/things", json=body, headers=bearer()).status_code == 422


def test_another_content_type_is_415(api: FlaskClient) -> None:
    response = api.post("/api/v1/try/things", data="name=x", content_type="text/plain", headers=bearer())
    assert (response.status_code, response.mimetype) == (415, "application/problem+json")


def test_a_body_too_large_is_413(api: FlaskClient) -> None:
    response = api.post("/api/v1/try/things", data=b" " * (26 * 1024 * 1024), headers=bearer())
    assert response.status_code == 413


def test_addresses_and_verbs_that_do_not_exist(api: FlaskClient) -> None:
    assert api.get("/api/v1/nowhere").json["code"] == "not-found"
    wrong = api.delete("/api/v1/try/things")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert "POST" in wrong.headers["Allow"]
    assert api.post("/api/v1/try/things/" + "9" * 40 + "/answer", headers=bearer()).status_code == 404


def test_a_list_answers_items_and_page_and_ignores_what_it_does_not_know(api: FlaskClient) -> None:
    response = api.get("/api/v1/try/things?page=2&per_page=10&town=a&town=b&colour=x")
    assert response.json["page"] == {"number": 2, "size": 10, "total": 41}
    assert response.json["items"][0]["name"] == "a,b"


@pytest.mark.parametrize("query", ["page=0", "per_page=101", "page=x", "page=" + "9" * 40, "per_page=-1", "page=1.5"])
def test_pages_out_of_bounds_are_422(api: FlaskClient, query: str) -> None:
    assert api.get(f"/api/v1/try/things?{query}").status_code == 422


def test_a_blank_where_the_plus_stood_is_accepted_in_queries_only(api: FlaskClient) -> None:
    found = api.get("/api/v1/try/things?since=2026-11-25T09:00:00+08:00").json["items"][0]
    assert found["starts_at"] == "2026-11-25T09:00:00+08:00"
    body = {"name": "x", "starts_at": "2026-11-25T09:00:00 08:00"}
    assert api.post("/api/v1/try/things", json=body, headers=bearer()).status_code == 422


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2026-11-25T01:00:00Z", "2026-11-25T09:00:00+08:00"), ("2026-11-25t01:00:00.999z", "2026-11-25T09:00:00+08:00"),
     ("2026-02-29T01:00:00Z", None), ("0001-01-01T00:00:00+08:00", None), ("9999-12-31T23:59:59-08:00", None),
     ("12026-11-25T09:00:00Z", None), ("20261125T090000Z", None), (1795568400, None)],
)  # fmt: skip
def test_instants_are_rfc_3339_within_reason(api: FlaskClient, text: object, shown: str | None) -> None:
    response = api.post("/api/v1/try/things", json={"name": "x", "starts_at": text}, headers=bearer())
    assert response.status_code == (201 if shown else 422)
    assert shown is None or response.json["starts_at"] == shown


def test_a_change_names_the_revision_it_changes(api: FlaskClient) -> None:
    url, body = "/api/v1/try/things/4", {"name": "y"}
    assert api.patch(url, json=body, headers=bearer()).status_code == 428
    assert api.patch(url, json=body, headers=bearer(**{"If-Match": '"3"'})).status_code == 412
    done = api.patch(url, json=body, headers=bearer(**{"If-Match": '"4"'}))
    assert (done.status_code, done.headers["ETag"]) == (200, '"5"')


def test_words_follow_the_reader_and_codes_do_not(api: FlaskClient) -> None:
    english = api.post("/api/v1/try/things", json={}, headers=bearer()).json
    chinese = api.post("/api/v1/try/things", json={}, headers=bearer() | {"Accept-Language": "zh-CN"}).json
    assert english["errors"][0]["message"] == "This is needed."
    assert chinese["errors"][0]["message"] != "This is needed."
    assert english["errors"][0]["code"] == chinese["errors"][0]["code"]


def test_the_document_is_valid_openapi_3_1_and_tells_who_may(api: FlaskClient) -> None:
    document = api.get("/api/v1/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    calls = document["paths"]
    assert calls["/api/v1/try/things"]["get"]["security"] == [{}, {"token": []}]
    assert calls["/api/v1/try/things/{thing_id}/answer"]["post"]["x-roles"] == ["reviewer"]
    names = [parameter["name"] for parameter in calls["/api/v1/try/things"]["post"]["parameters"]]
    assert "Idempotency-Key" in names


def test_the_page_of_the_api_needs_nothing_from_elsewhere(api: FlaskClient) -> None:
    page = api.get("/api/docs")
    assert page.status_code == 200
    assert "/api/v1/try/things" in page.text
    assert "<script>" not in page.text


def test_a_token_writes_600_times_a_minute(tmp_path_factory: pytest.TempPathFactory) -> None:
    for app in try_api.running(tmp_path_factory.mktemp("files"), RATELIMIT_ENABLED=True):
        client = app.test_client()
        for _round in range(600):
            client.post("/api/v1/try/things", headers=bearer("unknown"))
        refused = client.post("/api/v1/try/things", headers=bearer("unknown"))
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert client.get("/api/v1/try/things").status_code == 200
