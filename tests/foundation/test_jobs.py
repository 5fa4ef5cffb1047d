"""The clock's machinery: due when, run once, caught up in order, told plainly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from equipment_cloud.foundation import clock, jobs
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.job import Job, JobRegistration, JobRun, Outcome, RunState
from equipment_cloud.kernel.errors import Conflict

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def job(
    cron: str = "0 3 * * *", run: Callable[[date, datetime], Outcome] | None = None, name: str = "try.act"
) -> tuple[Job, list[date]]:
    """A job that writes down the dates it ran for."""
    seen: list[date] = []

    def act(on: date, now: datetime) -> Outcome:
        seen.append(on)
        return run(on, now) if run else Outcome(done=1)

    return Job(name, cron, act), seen


def register(known: Job, at: datetime) -> None:
    with transaction() as current:
        current.add(JobRegistration(job_name=known.name, registered_at=at))


def runs(session: Session) -> list[JobRun]:
    return list(session.scalars(select(JobRun).order_by(JobRun.due_at)))


@pytest.mark.parametrize("cron", ["0 8 * * 1", "0 8 * *", "x 8 * * mon", "0 8 * * mon#1", "61 8 * * mon"])
def test_cron_lines_that_could_be_misread_are_refused(cron: str) -> None:
    with pytest.raises(ValueError):
        jobs.trigger(cron, SHANGHAI)


def test_mondays_are_mondays(session: Session) -> None:
    known, _seen = job("0 8 * * mon")
    assert clock.local(jobs.next_due(known, local(24, 12))) == datetime(2026, 11, 30, 8, tzinfo=SHANGHAI)
    assert jobs.last_due(known, local(29, 12)) == local(23, 8)


def test_the_last_firing_is_found_for_minutes_and_for_years(session: Session) -> None:
    assert jobs.last_due(job("* * * * *")[0], local(23, 10, 7)) == local(23, 10, 7)
    assert jobs.last_due(job("0 0 1 1 *")[0], local(23, 10)) == local(1, 0, month=1)


def test_a_firing_runs_once(session: Session, now: datetime) -> None:
    known, seen = job()
    first = jobs.run_once(known, local(23, 3), now=now)
    assert first is not None
    assert (first.state, jobs.summary(first.outcome)) == (RunState.DONE, "0 of 1 failed")
    assert jobs.run_once(known, local(23, 3), now=now) is None
    assert seen == [date(2026, 11, 23)]


def test_the_business_date_is_the_local_date_of_the_firing(session: Session, now: datetime) -> None:
    known, seen = job("30 0 * * *")
    jobs.run_once(known, local(23, 0, 30), now=now)  # still the 22nd in UTC
    assert seen == [date(2026, 11, 23)]


def test_failures_of_items_are_counted_and_told(session: Session, now: datetime) -> None:
    known, _seen = job(run=lambda _on, _now: Outcome(done=38, failures=[(f"claim:{n}", "why") for n in range(3)]))
    run = jobs.run_once(known, local(23, 3), now=now)
    assert run is not None
    assert jobs.summary(run.outcome) == "3 of 41 failed"
    assert run.outcome["failures"][0] == ["claim:0", "why"]


def test_a_job_that_breaks_leaves_nothing_half_done_and_says_why(session: Session, now: datetime) -> None:
    def breaks(_on: date, _now: datetime) -> Outcome:
        with transaction() as current:
            current.add(JobRegistration(job_name="half", registered_at=now))
            raise Conflict

    run = jobs.run_once(job(run=breaks)[0], local(23, 3), now=now)
    assert run is not None
    assert run.state is RunState.FAILED
    assert run.finished_at is not None
    assert jobs.summary(run.outcome)
    assert session.get(JobRegistration, "half") is None


def test_a_run_by_hand_may_be_repeated(session: Session, now: datetime) -> None:
    known, seen = job()
    for _round in range(2):
        assert jobs.run_once(known, jobs.due_on(date(2026, 11, 20)), now=now, again=True)
    assert seen == [date(2026, 11, 20)] * 2
    assert len(runs(session)) == 1


def test_a_run_whose_process_died_is_taken_over_after_half_an_hour(session: Session, now: datetime) -> None:
    known, seen = job()
    due_at = local(23, 3)
    with transaction() as current:
        current.add(JobRun(job_name=known.name, due_at=due_at, state=RunState.RUNNING, started_at=now, outcome={}))
    assert jobs.run_once(known, due_at, now=now + timedelta(minutes=29)) is None
    assert jobs.run_once(known, due_at, now=now + timedelta(minutes=30)) is not None
    assert seen == [date(2026, 11, 23)]


def test_missed_dates_are_caught_up_in_order_from_registration_on(session: Session, now: datetime) -> None:
    late, seen = job("0 23 * * *")
    register(late, local(19, 12))
    early, seen_early = job("0 1 * * *", name="try.early")
    register(early, local(21, 0, 30))
    order = jobs.catch_up([late, early], now=now)
    assert seen == [date(2026, 11, day) for day in (19, 20, 21, 22)]
    assert seen_early == [date(2026, 11, day) for day in (21, 22, 23)]
    assert [run.due_at for run in order] == sorted(run.due_at for run in order)
    assert jobs.catch_up([late, early], now=now) == []


def test_a_date_with_a_run_is_not_run_again(session: Session, now: datetime) -> None:
    known, seen = job("* * * * *")
    register(known, local(22, 12))
    jobs.run_once(known, local(22, 13), now=now)
    jobs.catch_up([known], now=now)
    assert seen == [date(2026, 11, 22), date(2026, 11, 23)]


def test_nothing_older_than_31_days_is_caught_up_and_an_alarm_stays(session: Session, now: datetime) -> None:
    known, seen = job()
    register(known, local(1, 0, month=9))
    jobs.catch_up([known], now=now)
    assert seen[0] == date(2026, 10, 23)
    assert len(seen) == 32
    alarm = runs(session)[0]
    assert (alarm.state, alarm.due_at) == (RunState.FAILED, local(22, 3, month=10))
    assert "2026-09-01 to 2026-10-22" in jobs.summary(alarm.outcome)
    jobs.catch_up([known], now=now + timedelta(hours=1))
    assert [run.job_name for run in jobs.recent_failures(now=now)] == [known.name]


def test_a_job_never_registered_misses_nothing(session: Session, now: datetime) -> None:
    known, seen = job()
    jobs.catch_up([known], now=now)
    assert seen == []


def test_registration_keeps_the_first_date(session: Session, now: datetime) -> None:
    known, _seen = job()
    jobs.register_jobs([known], now=now)
    jobs.register_jobs([known], now=now + timedelta(days=3))
    assert session.get_one(JobRegistration, known.name).registered_at == now


def test_the_clock_stands_still_after_three_minutes_without_a_beat(session: Session, now: datetime) -> None:
    assert jobs.stands_still(jobs.last_beat(), now=now)
    jobs.beat(now=now - timedelta(hours=1))
    jobs.beat(now=now)
    assert not jobs.stands_still(jobs.last_beat(), now=now + timedelta(minutes=3))
    assert jobs.stands_still(jobs.last_beat(), now=now + timedelta(minutes=3, seconds=1))


def test_the_overview_shows_the_run_that_started_last_in_one_statement(
    session: Session, now: datetime, statements: list[str]
) -> None:
    known = jobs.named("foundation.seal-audit")
    jobs.run_once(known, jobs.due_on(date(2026, 11, 23)), now=now)
    jobs.run_once(known, jobs.due_on(date(2026, 11, 1)), now=now + timedelta(seconds=5))
    with transaction() as current:
        current.execute(update(JobRun).values(state=RunState.RUNNING))
    statements.clear()
    line = next(line for line in jobs.overview(now=now + timedelta(hours=1)) if line.job is known)
    assert len(statements) == 1
    assert line.last_run is not None
    assert line.last_run.due_at == jobs.due_on(date(2026, 11, 1))
    assert line.is_stale
    assert line.next_run_at > now
