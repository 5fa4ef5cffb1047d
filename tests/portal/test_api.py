"""Files by API: kept as they came, judged by content."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from equipment_cloud.accounts import service
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.stored_file import path_of
from tests.conftest import Client
from tests.factories import accounts

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def headers(session: Session) -> dict[str, str]:
    text, _token = service.issue_token(accounts.person(session).id, "test", now=clock.now())
    return {"Authorization": f"Bearer {text}"}


def send(client: Client, headers: dict[str, str], content: bytes, name: str = "contract.pdf") -> Any:
    return client.post("/api/v1/files", data={"file": (io.BytesIO(content), name)}, headers=headers)


def test_a_file_is_kept_by_its_hash(app: Flask, client: Client, headers: dict[str, str]) -> None:
    answer = send(client, headers, PDF)
    assert answer.status_code == 201
    assert (answer.json["size"], answer.json["mime"]) == (len(PDF), "application/pdf")
    assert Path(path_of(answer.json["sha256"])).read_bytes() == PDF


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"MZ\x90\x00 program", "wrong-kind"), (b"<html><script>", "wrong-kind")]
)
def test_a_file_of_the_wrong_kind_is_refused_whatever_its_name(
    client: Client, headers: dict[str, str], content: bytes, code: str
) -> None:
    answer = send(client, headers, content)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)


def test_a_call_without_a_file_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/files", data={}, content_type="multipart/form-data", headers=headers)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")


def test_the_same_upload_with_one_key_is_kept_once(client: Client, headers: dict[str, str]) -> None:
    keyed = headers | {"Idempotency-Key": "upload-1"}
    first, again = send(client, keyed, PDF), send(client, keyed, PDF)
    assert first.json == again.json
    assert send(client, keyed, PDF + b"%").status_code == 422


def test_a_visitor_sends_no_files(client: Client) -> None:
    assert send(client, {}, PDF).status_code == 401
