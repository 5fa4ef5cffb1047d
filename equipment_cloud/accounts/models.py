"""People and their credentials."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from equipment_cloud.foundation.db import Document, Id, Line, Model, Short


class PersonState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class Person(Model):
    """A human being with an account; e-mail lower-cased, mobile of 11 digits, at least one of both."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name="reachable"),)

    id: Mapped[Id]
    name: Mapped[Short]
    email: Mapped[Line | None] = mapped_column(unique=True)
    mobile: Mapped[Short | None] = mapped_column(unique=True)
    password_hash: Mapped[Line | None]
    locale: Mapped[Short]
    state: Mapped[PersonState]
    failed_sign_ins: Mapped[int]
    locked_until: Mapped[datetime | None]
    session_version: Mapped[int]
    """Raised when the password changes or the account is disabled: sessions of before end."""
    created_at: Mapped[datetime]


class OneTimeCode(Model):
    """A sign-in code (短信验证码): six digits, hashed, five minutes, five attempts, once."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_person_id", "person_id", "id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[Line]
    expires_at: Mapped[datetime]
    attempts: Mapped[int]
    used_at: Mapped[datetime | None]


class ApiToken(Model):
    """A bearer token: only its SHA-256 is kept; shown once."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Line]
    token_hash: Mapped[Short] = mapped_column(unique=True)
    scopes: Mapped[list[str] | None] = mapped_column(Document)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
