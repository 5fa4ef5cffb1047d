"""What programs send and get of instrument records: every survey field, with its NRII and 省大仪 names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.catalog.rules import (
    BY_NAME,
    FIELDS,
    LONGEST_PROSE,
    MOST_POSITIONS,
    OPTIONAL_PUBLIC,
    WRITABLE,
    Field,
)
from equipment_cloud.foundation.endpoint import (
    Body,
    Code,
    Day,
    Fen,
    Identifier,
    Instant,
    Nested,
    PageQuery,
    Raw,
    Several,
    Text,
    Truth,
    Whole,
)

_MAKERS: Mapping[str, Callable[..., Any]] = {
    "text": lambda item, **options: Text(item.most, **options),
    "prose": lambda _item, **options: Text(LONGEST_PROSE, **options),
    "code": lambda item, **options: Code(item.choices, **options),
    "codes": lambda item, **options: Several(Code(item.choices), most=10, **options),
    "texts": lambda _item, **options: Several(Text(64), most=4, **options),
    "money": lambda _item, **options: Fen(**options),
    "day": lambda _item, **options: Day(**options),
    "whole": lambda _item, **options: Whole(0, 8784, **options),
    "truth": lambda _item, **options: Truth(**options),
    "town": lambda _item, **options: Text(12, **options),
    "class": lambda _item, **options: Text(12, **options),
}
_NEVER_EMPTY = frozenset({"name", "subjects", "funds", "share_mode", "mode"}) | {
    item.name for item in FIELDS if item.kind == "truth"
}


def described(item: Field) -> str:
    """``Original value (NRII worth, 万元; 省大仪 price)``: what a field is called elsewhere."""
    names = []
    if item.nrii:
        names.append(f"NRII {item.nrii}" + (f", at most {item.limit} characters" if item.limit else ""))
    if item.zhejiang:
        names.append(f"省大仪 {item.zhejiang}")
    unit = " Both count it in 万元 with two decimals." if item.kind == "money" else ""
    return f"{item.label}{f' ({chr(59).join(names)})' if names else ''}.{unit}"


def _record_fields(**more: Any) -> dict[str, Any]:
    """One strict field a writable column; ``None`` empties where a column may be empty."""
    return {
        item.name: _MAKERS[item.kind](
            item, allow_none=item.name not in _NEVER_EMPTY, metadata={"description": described(item)}, **more
        )
        for item in FIELDS
        if item.name in WRITABLE
    }


InstrumentChange: type[Body] = type("InstrumentChange", (Body,), _record_fields())
"""Fields to change; what is not named stays."""

InstrumentNew: type[Body] = type(
    "InstrumentNew",
    (Body,),
    {
        **_record_fields(),
        "name": Text(255, required=True, metadata={"description": described(BY_NAME["name"])}),
        "unit_number": Text(
            100,
            required=True,
            metadata={"description": "The unit's own number, never changed (NRII innerId; 省大仪 instruId)."},
        ),
        "organisation_id": Identifier(required=True),
        "positions": Whole(1, MOST_POSITIONS, load_default=1),
    },
)
"""A new draft."""


class Owner(Body):
    """The organisation an instrument belongs to."""

    id = Identifier()
    name = Text()


InstrumentRecord: type[Body] = type(
    "InstrumentRecord",
    (Body,),
    {
        **_record_fields(),
        "calibration_valid_until": Day(allow_none=True),
        "id": Identifier(),
        "code": Text(64, metadata={"description": "Platform number, such as 330281-000231."}),
        "unit_number": Text(100, metadata={"description": "NRII innerId; 省大仪 instruId."}),
        "owner": Nested(Owner),
        "state": Code(InstrumentState),
        "positions": Whole(),
        "revision": Whole(metadata={"description": "Also the ETag; send it in If-Match with PATCH."}),
        "public_fields": Raw(),
        "return_reason": Text(2000, allow_none=True),
        "pause_reason": Text(255, allow_none=True),
        "created_at": Instant(),
        "updated_at": Instant(),
        "verified_at": Instant(allow_none=True),
        "published_at": Instant(allow_none=True),
    },
)
"""An instrument; people outside its owner and the bureau get the public fields only."""


class AwaitingQuery(PageQuery):
    """Words of the record."""

    q = Text(100, load_default=None, allow_none=True, metadata={"description": "name, number, model or maker"})


class RecordsQuery(AwaitingQuery):
    """Words and state of own records."""

    state = Code(InstrumentState, load_default=None)


class InstrumentListed(Body):
    """A record in a list of its owner or of the bureau; all of it is at ``/instruments/{id}``."""

    id = Identifier()
    code = Text(64)
    unit_number = Text(100)
    name = Text()
    model = Text(allow_none=True)
    owner = Nested(Owner, attribute="organisation")
    state = Code(InstrumentState)
    return_reason = Text(2000, allow_none=True)
    updated_at = Instant()
    revision = Whole()


class Publication(Body):
    """The owner's agreement, where it was not given before."""

    accepts_terms = Truth(load_default=None)
    public_fields = Several(Code(OPTIONAL_PUBLIC), most=len(OPTIONAL_PUBLIC), load_default=None)


class Reason(Body):
    """Why."""

    reason = Text(2000, required=True)
