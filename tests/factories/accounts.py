"""People for tests."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from equipment_cloud.accounts import service
from equipment_cloud.accounts.models import Person

PASSWORD = "correct-horse-battery"
START = datetime.fromisoformat("2026-01-05T00:00:00+00:00")
_serial = count(1)


def person(
    session: Session, name: str = "示例人员", *, password: str | None = None, mobile: str | None = None, **more: str
) -> Person:
    """A person with an e-mail address of their own; with a mobile number and a password only where given."""
    email = more.get("email") or f"person{next(_serial)}@people.example"
    return service.create_person(
        name, email=email, mobile=mobile, password=password, locale=more.get("locale", "zh_CN"), now=START
    )
