"""What of a record can be searched: only what is public, only while it is public."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from equipment_cloud.catalog.models import Instrument, InstrumentState, ServiceState, TestService
from equipment_cloud.catalog.rules import ALWAYS, BY_NAME
from equipment_cloud.catalog.rules.standards import Standard, standards_in
from equipment_cloud.foundation import text_index
from equipment_cloud.foundation.db import session
from equipment_cloud.reference.models import InstrumentClass, Region
from equipment_cloud.reference.queries import CLASS_VERSION

INSTRUMENT, SERVICE = "instrument", "service"
_CONTENT = ("function", "technical", "service_content")


def refresh_instrument(record: Instrument) -> None:
    """Bring the index in line with the record."""
    if record.state is InstrumentState.PUBLISHED:
        text_index.put(INSTRUMENT, record.id, _instrument_texts(record, _words_of_codes()))
    else:
        text_index.forget(INSTRUMENT, record.id)


def refresh_instruments(records: Sequence[Instrument]) -> None:
    """Bring the index in line with several records at once; what stopped being public is forgotten one by one."""
    words = _words_of_codes()
    shown = [record for record in records if record.state is InstrumentState.PUBLISHED]
    text_index.put_many(INSTRUMENT, ((record.id, _instrument_texts(record, words)) for record in shown))
    for record in records:
        if record.state in {InstrumentState.PAUSED, InstrumentState.RETIRED}:
            text_index.forget(INSTRUMENT, record.id)


def refresh_service(record: TestService) -> None:
    """Bring the index in line with the test service."""
    if record.state is ServiceState.PUBLISHED:
        text_index.put(SERVICE, record.id, _service_texts(record, _words_of_codes()))
    else:
        text_index.forget(SERVICE, record.id)


def reindex() -> int:
    """Index everything public anew (after a restore, or when the way of cutting changes); returns how many."""
    words = _words_of_codes()
    text_index.clear(INSTRUMENT)
    text_index.clear(SERVICE)
    published = select(Instrument).where(Instrument.state == InstrumentState.PUBLISHED).order_by(Instrument.id)
    instruments = session().scalars(published.options(joinedload(Instrument.organisation))).all()
    text_index.put_many(INSTRUMENT, ((record.id, _instrument_texts(record, words)) for record in instruments))
    offered = select(TestService).where(TestService.state == ServiceState.PUBLISHED).order_by(TestService.id)
    offered = offered.options(joinedload(TestService.organisation), selectinload(TestService.instruments))
    services = session().scalars(offered).all()
    text_index.put_many(SERVICE, ((record.id, _service_texts(record, words)) for record in services))
    text_index.recount()
    return len(instruments) + len(services)


def _instrument_texts(record: Instrument, words: dict[str, str]) -> list[list[str | None]]:
    """By tier: name, class, methods, content, who and where."""
    shown = [getattr(record, name) for name in _CONTENT if _is_shown(name, record)]
    owner = record.organisation
    return [
        [" ".join(filter(None, (record.name, record.model))), record.name_en, record.code],
        _class_words(record.class_code, words),
        [
            spelling
            for text in shown
            for standard, _span in standards_in(text or "")
            for spelling in _spellings(standard)
        ],
        shown,
        [*_who(record), words.get(record.town_code or ""), owner.name, owner.name_en],
    ]


def _is_shown(name: str, record: Instrument) -> bool:
    return BY_NAME[name].public == ALWAYS or name in record.public_fields


def _who(record: Instrument) -> list[str | None]:
    return [getattr(record, name) for name in ("manufacturer", "department") if _is_shown(name, record)]


def _service_texts(record: TestService, words: dict[str, str]) -> list[list[str | None]]:
    """By tier: name, class, methods, content, who."""
    machines = " ".join(" ".join(filter(None, (item.name, item.model))) for item in record.instruments[:20])
    spelled = (
        spelling for method in record.methods for spelling in _spellings(Standard(method.number, method.edition))
    )
    return [
        [record.name, record.name_en],
        _class_words(record.category, words),
        [*record.method_standards, *spelled],
        [record.sample_requirements, record.minimum_quantity, record.hazard_note, machines],
        [record.organisation.name, record.organisation.name_en],
    ]


def _spellings(standard: Standard) -> list[str]:
    """The fixed spelling without and with its year: a whole word each, so that 2423.1 does not begin 2423.17."""
    return [standard.number, f"{standard.number}y{standard.edition}"][: 1 + bool(standard.edition)]


def _class_words(code: str | None, words: dict[str, str]) -> list[str | None]:
    return [words.get((code or "")[:2]), words.get((code or "")[:4])]


def _words_of_codes() -> dict[str, str]:
    """Chinese and English names of classes and townships by code: people search in both."""
    classes = select(InstrumentClass.code, InstrumentClass.name, InstrumentClass.name_en)
    rows = [*session().execute(classes.where(InstrumentClass.version == CLASS_VERSION))]
    rows += [*session().execute(select(Region.code, Region.name, Region.name_en))]
    return {code: f"{name} {name_en}" for code, name, name_en in rows}
