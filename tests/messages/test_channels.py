"""Adapters at the edge of the process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import Flask

from equipment_cloud.foundation import channels


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A gateway on the loopback: keeps what it is sent, answers 500 to the number 13800000000."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append(body)
            self.send_response(500 if body["mobile"] == "13800000000" else 204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sms", seen
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_gateway_gets_number_and_text_as_json(gateway: tuple[str, list[dict[str, Any]]]) -> None:
    url, seen = gateway
    channels.Webhook(url).send("13800000001", "标题", "验证码 123456")
    assert seen == [{"mobile": "13800000001", "text": "验证码 123456"}]


def test_a_gateway_that_refuses_or_is_away_is_an_undelivered_message(gateway: tuple[str, list[dict[str, Any]]]) -> None:
    with pytest.raises(channels.Undeliverable):
        channels.Webhook(gateway[0]).send("13800000000", "", "x")
    with pytest.raises(channels.Undeliverable):
        channels.Webhook("http://127.0.0.1:9/").send("13800000001", "", "x")


def test_development_prints_and_production_refuses(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    channels.Console("sms").send("13800000001", "登录验证码", "123456")
    assert "13800000001" in capsys.readouterr().err
    with pytest.raises(channels.Undeliverable):
        channels.Nowhere("sms").send("13800000001", "", "123456")


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, channels.Console),
        ({"PRODUCTION": True}, channels.Nowhere),
        ({"PRODUCTION": True, "SMS_URL": "https://sms.example/"}, channels.Webhook),
    ],
)
def test_settings_choose_the_adapter(settings: dict[str, Any], kind: type[object]) -> None:
    app = Flask("edge")
    app.config.update(settings)
    with app.app_context():
        assert isinstance(channels.sms(), kind)


def test_a_gateways_address_must_be_one() -> None:
    app = Flask("edge")
    app.config["SMS_URL"] = "file:///etc/passwd"
    with app.app_context(), pytest.raises(RuntimeError):
        channels.sms()
