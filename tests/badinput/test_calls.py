"""Every call of the API with spoiled addresses, queries and bodies: a problem with a remedy, never an error of ours."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from equipment_cloud.foundation.endpoint import document
from tests.badinput import spoiled
from tests.badinput.conftest import City

pytestmark = [pytest.mark.xdist_group("badinput"), pytest.mark.timeout(600)]
CALLERS = ("owner@sme.example", "manager@institute.example", "surveyor@bureau.example", "approver@bureau.example")
EXAMPLES = {"date": "2026-12-01", "date-time": "2026-12-01T02:00:00+00:00", "email": "a@b.example", "uuid": "0" * 32}
REFUSED = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 428, 429}


@pytest.fixture(scope="module")
def spec(city: City) -> dict[str, Any]:
    with city.app.test_request_context():
        return document()


def test_every_call_answers_spoiled_addresses_and_queries_with_a_problem(city: City, spec: dict[str, Any]) -> None:
    client, values, faults = city.client(None), cycle(spoiled.PATH_VALUES), list[str]()
    for path, verb, operation in _operations(spec):
        addresses = [path.replace("{", "").replace("}", "")] if "{" not in path else []
        addresses += [_filled(path, next(values)) for _turn in range(3 if "{" in path else 0)]
        names = [one["name"] for one in operation.get("parameters", ()) if one.get("in") == "query"]
        for name in names:
            addresses.append(_filled(path, "1") + f"?{name}={next(values)}")
        for number, address in enumerate(addresses):
            headers = _headers(city, CALLERS[number % len(CALLERS)])
            with client.open(address, method=verb.upper(), headers=headers) as answer:
                faults += _faults(city, f"{verb} {address}", answer)
    assert faults == []


def test_every_call_answers_spoiled_bodies_with_a_problem(city: City, spec: dict[str, Any]) -> None:
    client, faults, spoiler, met = city.client(None), list[str](), spoiled.Spoiler(), 0
    for path, verb, operation in _operations(spec):
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            continue
        met += 1
        sound = _example(spec, schema)
        documents = list(spoiler.documents(sound)) if isinstance(sound, dict) else []
        bodies = [(json.dumps(one).encode(), "application/json") for one in documents] + list(spoiled.BODIES)
        for number, (body, kind) in enumerate(bodies):
            answer = _sent(client, city, verb, _filled(path, "1"), body, kind, CALLERS[number % len(CALLERS)])
            faults += _faults(city, f"{verb} {path} {body[:80]!r}", answer)
    assert faults == []
    assert met > 20


def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(city: City) -> None:
    client, size = city.client("surveyor@bureau.example"), 100 * 1024 * 1024
    headers = _headers(city, "owner@sme.example")
    for path, kind in (("/sign-in", "multipart/form-data; boundary=x"), ("/api/v1/bookings", "application/json")):
        body = _Endless(size)
        with client.post(path, input_stream=body, content_type=kind, headers=headers) as answer:
            assert answer.status_code == 413, path
            assert "remedy" in answer.text or "20 MB" in answer.text, path
        assert body.taken < size / 2, path


class _Endless(io.RawIOBase):
    """A body that is made as it is read."""

    def __init__(self, size: int) -> None:
        self.size, self.taken = size, 0

    def tell(self) -> int:
        return self.taken

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.taken = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.taken, os.SEEK_END: self.size}[whence]
        return self.taken

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.size - self.taken)
        buffer[:count] = b"a" * count
        self.taken += count
        return count


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in spec["paths"].items():
        for verb, operation in verbs.items():
            if verb in {"get", "post", "put", "patch", "delete"}:
                yield (
                    path,
                    verb,
                    operation | {"parameters": [*verbs.get("parameters", ()), *operation.get("parameters", ())]},
                )


def _filled(path: str, value: str) -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


def _headers(city: City, account: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {city.tokens[account]}"}


def _sent(  # noqa: PLR0917 - a call has that many parts
    client: FlaskClient, city: City, verb: str, path: str, body: bytes, kind: str, account: str
) -> TestResponse:
    return client.open(path, method=verb.upper(), data=body, content_type=kind, headers=_headers(city, account))


def _faults(city: City, what: str, answer: TestResponse) -> list[str]:
    """Errors of ours, refusals that wrote, refusals without words."""
    found = city.faults(what, answer.status_code)
    if answer.status_code >= 400:
        if answer.mimetype != "application/problem+json" or not (answer.get_json() or {}).get("remedy"):
            found.append(f"{what} was refused with {answer.status_code} without a remedy ({answer.mimetype})")
        if answer.status_code not in REFUSED:
            found.append(f"{what} answered {answer.status_code}")
    answer.close()
    return found


def _example(spec: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value that fits the schema."""
    if "$ref" in schema:
        return _example(spec, spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    choices = next((schema[some] for some in ("allOf", "anyOf", "oneOf") if schema.get(some)), None)
    if choices:
        return _example(spec, choices[0])
    if "properties" in schema:
        return {name: _example(spec, part) for name, part in schema["properties"].items()}
    kinds = schema.get("type", "string")
    if "array" in kinds:
        return [_example(spec, schema.get("items", {}))]
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "object": {}}
    word = EXAMPLES.get(schema.get("format", ""), "a" * schema.get("minLength", 1))
    return schema["enum"][0] if schema.get("enum") else plain.get(kinds if isinstance(kinds, str) else kinds[0], word)
