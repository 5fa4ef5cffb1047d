"""Reading what a program sent: malformed, of a wrong kind or wrong in a field, each has its own clear answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import flask
import marshmallow as ma
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import UnsupportedMediaType

from equipment_cloud.foundation.endpoint.fields import Slip
from equipment_cloud.kernel.errors import N_, Invalid, Problem, Refused

_PLAIN_MESSAGES = {
    "Missing data for required field.": Slip("required", N_("This is needed.")),
    "Field may not be null.": Slip("required", N_("This is needed.")),
    "Unknown field.": Slip("unknown-field", N_("There is no such field here.")),
    "Invalid input type.": Slip("not-an-object", N_("This must be a JSON object.")),
    "Not a valid list.": Slip("not-a-list", N_("This must be a list.")),
    "Not a valid mapping type.": Slip("not-an-object", N_("This must be a JSON object.")),
}
MOST_PROBLEMS = 100


class Malformed(Refused):
    """The body is no JSON (400)."""

    code = "malformed-json"
    status = 400
    message = N_("The body is not valid JSON.")
    remedy = N_("Send a JSON object with Content-Type: application/json.")


class Parser(FlaskParser):
    """webargs' parser, speaking our refusals."""

    def load_json(self, req: flask.Request, schema: ma.Schema) -> Any:
        """The body's object; ``missing`` without a body. 415 for a body of another kind, 400 when it cannot be read."""
        raw = req.get_data(cache=True)
        if not raw.strip():
            return core.missing
        if not is_json_request(req):
            raise UnsupportedMediaType
        try:
            return core.parse_json(raw)
        except (ValueError, RecursionError):
            raise Malformed from None

    def handle_error(
        self, error: ma.ValidationError, req: flask.Request, schema: ma.Schema, **_kwargs: Any
    ) -> NoReturn:
        """All slips at once, each with its dotted field (``items.3.started_at``)."""
        by_location = error.messages if isinstance(error.messages, dict) else {"json": error.messages}
        problems = [problem for messages in by_location.values() for problem in _problems(messages, ())]
        raise Invalid(problems=problems[:MOST_PROBLEMS])


def _problems(messages: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _problems(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _problems(message, path)
    else:
        slip = (
            messages
            if isinstance(messages, Slip)
            else _PLAIN_MESSAGES.get(str(messages), Slip("invalid", str(messages)))
        )
        field = ".".join(path)[:200].encode("utf-8", "replace").decode()
        yield Problem(slip.code, str(slip), field or None, values=slip.values)


def problems_of(error: ma.ValidationError) -> list[Problem]:
    """The slips of a schema loaded by hand, as where each item of a list is judged alone."""
    return list(_problems(error.messages, ()))
