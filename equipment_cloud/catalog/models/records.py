"""Instruments (仪器), their positions and calibrations, and the test services (检测项目) offered on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from equipment_cloud.catalog.rules import InstrumentState, ServiceState, read_standard
from equipment_cloud.foundation.db import Document, Fen, Id, Line, Model, Prose, Short
from equipment_cloud.organisations.models import Organisation


class Mode(StrEnum):
    """预约机时 (one operates oneself), 送样检测 (they operate), or both."""

    SELF_OPERATED = "self_operated"
    SAMPLE = "sample"
    BOTH = "both"


class ShareMode(StrEnum):
    INTERNAL = "internal"
    EXTERNAL = "external"
    NONE = "none"


class Instrument(Model):
    """A surveyed instrument. Field names in comments are NRII's where they differ. Public only when ``published``."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("organisation_id", "unit_number"),
        CheckConstraint("original_value_fen >= 0", name="value_not_negative"),
        CheckConstraint("state <> 'published' OR consented_at IS NOT NULL", name="published_with_consent"),
        CheckConstraint("state <> 'published' OR NOT is_secret", name="secret_never_published"),
        Index("ix_instrument_state_class_code", "state", "class_code"),
        Index("ix_instrument_state_town_code", "state", "town_code"),
        Index("ix_instrument_merged_into_id", "merged_into_id"),
        CheckConstraint("merged_into_id IS NULL OR state = 'retired'", name="merged_is_retired"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        {"sqlite_autoincrement": True},  # a number once given is never given again, even when its record is gone
    )

    id: Mapped[Id]
    code: Mapped[Short | None] = mapped_column(unique=True)
    """Platform number such as ``330281-000231``, given at creation, never reused."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    listed_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_number: Mapped[Line]
    """innerId (所在单位仪器编号): immutable, unique within the unit."""
    state: Mapped[InstrumentState]
    name: Mapped[Line]
    name_en: Mapped[Line | None]
    model: Mapped[Line | None]
    manufacturer: Mapped[Line | None]
    serial_number: Mapped[Line | None]
    class_code: Mapped[str | None] = mapped_column(String(12))
    kind: Mapped[Short | None]
    """NRII type: general (通用) or special (专用)."""
    source: Mapped[Short | None]
    country: Mapped[Short | None]
    original_value_fen: Mapped[int | None] = mapped_column(BigInteger)
    acquired_on: Mapped[date | None]
    in_service_on: Mapped[date | None]
    technical: Mapped[Prose | None]
    function: Mapped[Prose | None]
    subjects: Mapped[list[str]] = mapped_column(Document)
    service_content: Mapped[Prose | None]
    achievement: Mapped[Prose | None]
    requirement: Mapped[Prose | None]
    fee_note: Mapped[Prose | None]
    funds: Mapped[list[str]] = mapped_column(Document)
    run_state: Mapped[Short | None]
    share_mode: Mapped[ShareMode]
    not_shared_reason: Mapped[Line | None]
    mode: Mapped[Mode]
    department: Mapped[Line | None]
    town_code: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[Line | None]
    contact_name: Mapped[Short | None]
    phone: Mapped[Short | None]
    email: Mapped[Line | None]
    postcode: Mapped[Short | None]
    postal_address: Mapped[Line | None]
    belongs_type: Mapped[Short | None]
    belongs_to: Mapped[Line | None]
    carrier_name: Mapped[Line | None]
    gs1_code: Mapped[Short | None]
    customs_supervised: Mapped[bool]
    customs_declaration: Mapped[Short | None]
    customs_item: Mapped[Short | None]
    customs_released_on: Mapped[date | None]
    customs_form_name: Mapped[Line | None]
    duty_exemption: Mapped[Short | None]
    run_hours: Mapped[int | None]
    service_hours: Mapped[int | None]
    is_secret: Mapped[bool]
    calibration_required: Mapped[bool]
    calibration_valid_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("instrument.id"))
    """The record that stands for this machine since this one proved to be a repeat; this one is retired."""
    extra: Mapped[dict[str, Any]] = mapped_column(Document)
    """Columns of a foreign layout that have no field here, by heading, so that nothing is dropped."""
    public_fields: Mapped[list[str]] = mapped_column(Document)
    """Optional fields (e.g. ``original_value_fen``) the owner agreed to show."""
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consented_at: Mapped[datetime | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    return_reason: Mapped[Prose | None]
    pause_reason: Mapped[Line | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int]
    """Raised by every change; the ETag of the record."""

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    positions: Mapped[list[Position]] = relationship(order_by="Position.number", viewonly=True)


class Position(Model):
    """A place on an instrument that one customer occupies at a time (工位); one by default, chambers have several."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("instrument_id", "number"),)

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    number: Mapped[int]
    label: Mapped[Short]


class CalibrationKind(StrEnum):
    """检定 verification, 校准 calibration, 核查 check."""

    VERIFICATION = "verification"
    CALIBRATION = "calibration"
    CHECK = "check"


class Calibration(Model):
    """A calibration record; its ``valid_until`` counts to the end of that day."""

    __tablename__ = "calibration"
    __table_args__ = (Index("ix_calibration_instrument_id", "instrument_id", "valid_until"),)

    id: Mapped[Id]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    kind: Mapped[CalibrationKind]
    certificate: Mapped[Line | None]
    performed_on: Mapped[date]
    valid_until: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class TestService(Model):
    """A test item (检测项目) an institution offers, priced per ``unit``."""

    __tablename__ = "test_service"
    __table_args__ = (
        Index("ix_test_service_state", "state"),
        Index("ix_test_service_organisation_id", "organisation_id"),
    )
    __test__ = False

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ServiceState]
    name: Mapped[Line]
    name_en: Mapped[Line | None]
    category: Mapped[Short]
    sample_requirements: Mapped[Prose | None]
    minimum_quantity: Mapped[Line | None]
    """The least that is needed of a sample (最少送样量), as people say it: ``5 g``, ``10 根``."""
    hazard_note: Mapped[Prose | None]
    """What holds for hazardous samples (危险样品): taken or not, packed how, with which papers."""
    unit: Mapped[Short]
    price_fen: Mapped[Fen]
    turnaround_days: Mapped[int]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    revision: Mapped[int]
    accredited: Mapped[bool | None] = query_expression()
    """Known only where a query asks it of a day: see ``queries.accredited_on``."""

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    instruments: Mapped[list[Instrument]] = relationship(secondary="service_instrument", order_by="Instrument.id")
    methods: Mapped[list[ServiceMethod]] = relationship(
        order_by="ServiceMethod.place", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def method_standards(self) -> list[str]:
        """The standards it is done by, as the laboratory writes them."""
        return [method.standard for method in self.methods]

    @method_standards.setter
    def method_standards(self, standards: Iterable[str]) -> None:
        read = [(text, read_standard(text)) for text in standards]
        self.methods = [
            ServiceMethod(place=place, standard=text, number=found.number, edition=found.edition)
            for place, (text, found) in enumerate(read)
        ]


class ServiceMethod(Model):
    """One method standard (方法标准) a test is done by; ``number`` and ``edition`` are its fixed spelling."""

    __tablename__ = "service_method"
    __table_args__ = (Index("ix_service_method_number", "number"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("test_service.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    standard: Mapped[Line]
    number: Mapped[Short]
    edition: Mapped[Short]


class Scheme(StrEnum):
    """CMA 资质认定, CNAS 认可."""

    CMA = "cma"
    CNAS = "cnas"


class Accreditation(Model):
    """One line of a laboratory's accredited scope (能力附表): this laboratory, by this method, on these days.

    Belongs to laboratory, method and date, never to a machine. ``edition`` is empty where the scope names no year.
    """

    __tablename__ = "accreditation"
    __table_args__ = (
        UniqueConstraint("organisation_id", "scheme", "number", "edition", "valid_from"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme: Mapped[Scheme]
    certificate: Mapped[Short]
    standard: Mapped[Line]
    number: Mapped[Short]
    edition: Mapped[Short]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class ServiceInstrument(Model):
    """Which instruments a test service is done on."""

    __tablename__ = "service_instrument"

    service_id: Mapped[int] = mapped_column(ForeignKey("test_service.id"), primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), primary_key=True, index=True)
