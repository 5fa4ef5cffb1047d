"""Undoing an import: all of it while nothing depends on it, nothing of it otherwise."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from equipment_cloud.accounts.models import Person
from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.models import Calibration, CalibrationKind, Instrument, InstrumentState, Position
from equipment_cloud.foundation.access import SYSTEM, Actor, Grant
from equipment_cloud.foundation.audit import AuditNote
from equipment_cloud.foundation.db import transaction
from equipment_cloud.kernel.errors import Conflict, Forbidden, WrongState
from equipment_cloud.occupancy.models import Calendar
from equipment_cloud.organisations.models import Kind
from equipment_cloud.survey import service
from equipment_cloud.survey.models import ImportRun, ImportStage, SurveyRow
from tests.factories import occupancy as people
from tests.factories.survey import ROW, numbers, record, row, run, table

SURVEYOR = Actor(7, "查勘", (Grant(1, "surveyor"),))


def last_run(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.max(ImportRun.id))).one()


def undo(run_id: int, now: datetime, by: Actor = SURVEYOR) -> None:
    with transaction():
        service.undo(run_id, by=by, now=now)


def kinds(caught: pytest.ExceptionInfo[Conflict]) -> set[str]:
    return {problem.code for problem in caught.value.problems}


def test_what_an_import_created_goes_and_its_numbers_are_not_given_again(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    path = table(tmp_path, ROW, row(number="B", serial="S2"))
    run(path, now)
    code = record(session, "B").code
    undo(last_run(session), now)
    for model in (Instrument, Position, SurveyRow):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert session.get(ImportRun, last_run(session)).stage is ImportStage.UNDONE
    gone = session.scalars(select(AuditNote).where(AuditNote.action == "catalog.remove")).all()
    assert len(gone) == 2
    with pytest.raises(WrongState):
        undo(last_run(session), now)
    assert numbers(run(path, now)) == (2, 2, 0, 0, 0, 0)
    assert record(session, "A-1").code > code


def test_what_an_import_changed_gets_back_what_it_held(session: Session, now: datetime, tmp_path: Path) -> None:
    run(table(tmp_path, ROW), now)
    before = record(session)
    held = (before.manufacturer, before.in_service_on, before.original_value_fen, before.model)
    run(table(tmp_path, row(maker="海克斯康", day="2022-02-02", value="9"), name="n.csv"), now)
    assert record(session).in_service_on == date(2022, 2, 2)
    undo(last_run(session), now)
    after = record(session)
    assert (after.manufacturer, after.in_service_on, after.original_value_fen, after.model) == held
    assert numbers(run(table(tmp_path, ROW), now)) == (1, 0, 0, 1, 0, 0)


@pytest.mark.parametrize("depends", ["calendar", "calibration", "edited", "submitted", "later-import"])
def test_whatever_points_to_a_record_keeps_the_whole_import(
    session: Session, now: datetime, tmp_path: Path, depends: str
) -> None:
    run(table(tmp_path, ROW, row(number="B", serial="S2")), now)
    run_id, found = last_run(session), record(session, "B")
    person = people.member(session, people.organisation(session, "x"), "manager").id
    if depends == "calendar":
        place = session.scalars(select(Position).where(Position.instrument_id == found.id)).one()
        session.add(Calendar(position_id=place.id, revision=0))
    elif depends == "calibration":
        session.add(Calibration(instrument_id=found.id, kind=CalibrationKind.CHECK, performed_on=now.date(),
                                valid_until=now.date(), recorded_by=person))  # fmt: skip
    elif depends == "edited":
        catalog.bulk_upsert([catalog.BulkRow(0, "B", {"model": "x"}, found.id)], by=SYSTEM, now=now, source="test")
    elif depends == "submitted":
        found.state = InstrumentState.SUBMITTED
    session.commit()
    if depends == "later-import":
        run(table(tmp_path, row(number="B", serial="S2", maker="别的"), name="n.csv"), now)
    with pytest.raises(Conflict) as caught:
        undo(run_id, now)
    assert ("edited" if depends == "submitted" else depends) in kinds(caught)
    assert found.code in " ".join(str(problem.values) for problem in caught.value.problems)
    assert session.scalar(select(func.count()).select_from(Instrument)) == 2
    assert session.get(ImportRun, run_id).stage is ImportStage.DONE


def test_a_field_corrected_after_an_update_keeps_the_import(session: Session, now: datetime, tmp_path: Path) -> None:
    run(table(tmp_path, ROW), now)
    run(table(tmp_path, row(maker="海克斯康"), name="n.csv"), now)
    record(session).manufacturer = "Hexagon"
    session.commit()
    with pytest.raises(Conflict) as caught:
        undo(last_run(session), now)
    assert kinds(caught) == {"changed"}
    assert record(session).manufacturer == "Hexagon"


def test_a_later_import_that_changed_nothing_is_undone_first(session: Session, now: datetime, tmp_path: Path) -> None:
    path = table(tmp_path, ROW)
    run(path, now)
    first = last_run(session)
    run(path, now)
    with pytest.raises(Conflict) as caught:
        undo(first, now)
    assert kinds(caught) == {"later-import"}
    undo(last_run(session), now)
    undo(first, now)
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0


def test_only_a_surveyor_undoes(session: Session, now: datetime, tmp_path: Path) -> None:
    run(table(tmp_path, ROW), now)
    with pytest.raises(Forbidden):
        undo(last_run(session), now, by=Actor(8, "x", (Grant(1, "leader"),)))


def test_the_page_lists_what_depends(client, session: Session, now: datetime, tmp_path: Path) -> None:
    run(table(tmp_path, ROW), now)
    run_id, code = last_run(session), record(session).code
    record(session).state = InstrumentState.SUBMITTED
    bureau = people.organisation(session, "科技局", kind=Kind.BUREAU)
    person = session.get(Person, people.member(session, bureau, "surveyor").id)
    session.commit()
    client.sign_in(person)
    answer = client.post(f"/survey/imports/{run_id}/undo")
    assert answer.status_code == 409
    assert code in answer.text
    record(session).state = InstrumentState.DRAFT
    session.commit()
    assert client.post(f"/survey/imports/{run_id}/undo").status_code == 303
    assert session.scalar(select(func.count()).select_from(Instrument)) == 0
    assert client.get(f"/survey/imports/{run_id}").status_code == 200
