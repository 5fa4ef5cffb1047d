"""A program that speaks to the served platform over HTTP, in the name of the demo accounts."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from equipment_cloud.demo.data import PASSWORD

SLOW_SECONDS = 30
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    kind: str
    content: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Program:
    """One program; every account signs in once and keeps its token."""

    address: str
    tokens: dict[str, str] = field(default_factory=dict)

    def call(self, account: str | None, verb: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a call as ``researcher@sme`` and the like (``None`` for a visitor), whatever comes of it."""
        content = None if body is None else json.dumps(body).encode()
        return self._send(account, verb, path, content, {"Content-Type": "application/json", **headers})

    def done(self, account: str | None, verb: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a call that has to succeed; its JSON."""
        answer = self.call(account, verb, path, body, **headers)
        assert answer.status in {200, 201}, f"{account}: {verb} {path} answered {answer.status} {answer.content!r}"
        return answer.json

    def refused(self, wanted: str, account: str | None, verb: str, path: str, body: Any = None) -> Any:
        """Send a call that has to be refused (``409 period-taken``), with a reason and a remedy; the document."""
        answer = self.call(account, verb, path, body)
        told = f"{account}: {verb} {path} answered {answer.status} {answer.content!r}"
        status, code = wanted.split()
        assert (answer.status, answer.kind) == (int(status), PROBLEM), told
        problem = answer.json
        assert {"type", "title", "status", "detail", "code", "errors"} <= problem.keys(), told
        assert code in {problem["code"], *(error["code"] for error in problem["errors"])}, told
        assert problem["detail"], told
        assert problem["remedy"] or all(error["remedy"] for error in problem["errors"]), told
        return problem

    def changed(self, account: str, path: str, body: Any) -> Any:
        """Read a record, then change it as it was read."""
        tag = self.call(account, "GET", path).headers["etag"]
        return self.done(account, "PATCH", path, body, **{"If-Match": tag})

    def upload(self, account: str, path: str, name: str, content: bytes) -> Any:
        """Send a file."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        answer = self._send(account, "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})
        assert answer.status in {200, 201}, f"{path} answered {answer.status} {answer.content!r}"
        return answer.json

    def download(self, account: str, path: str) -> bytes:
        """Fetch a file."""
        answer = self.call(account, "GET", path)
        assert answer.status == 200, f"{path} answered {answer.status} {answer.content!r}"
        return answer.content

    def _token(self, account: str) -> str:
        if account not in self.tokens:
            asked = {"email": f"{account}.example", "password": PASSWORD, "name": "journey"}
            self.tokens[account] = self.done(None, "POST", "/tokens", asked)["token"]
        return self.tokens[account]

    def _send(self, account: str | None, verb: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        head = {"Accept-Language": "en", **headers}
        if account is not None:
            head["Authorization"] = f"Bearer {self._token(account)}"
        url = f"{self.address}/api/v1{urllib.parse.quote(path, safe='/?&=+:%')}"
        request = urllib.request.Request(url, data=body, headers=head, method=verb)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=SLOW_SECONDS) as response:  # noqa: S310
                return _answer(response.status, response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error)


def _answer(status: int, response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status, headers.get("content-type", "").partition(";")[0], response.read(), headers)
