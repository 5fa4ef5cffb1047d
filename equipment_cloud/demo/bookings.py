"""Half a year of bookings and usage, and what lies ahead: every state of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from equipment_cloud.billing import service as billing
from equipment_cloud.booking import service as bookings
from equipment_cloud.booking.models import Booking, BookingState
from equipment_cloud.catalog.models import Mode
from equipment_cloud.demo.data import rows
from equipment_cloud.demo.story import Story
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.foundation.db import session
from equipment_cloud.kernel.errors import Refused
from equipment_cloud.kernel.period import Period
from equipment_cloud.usage import service as usage

A_DAY = 3
"""Bookings on each working day of the past (times the scale)."""
HALF_DAYS = ((9, 12), (13, 17), (9, 11), (14, 16), (10, 12), (13, 15))
PURPOSES = ("rd", "trial", "failure_analysis", "rd", "incoming_inspection", "trial", "rd")
NOTES = ("试模件首轮测量", "镀层改进对比", "客户投诉件分析", "新材料验证", "样机摸底试验", "批次抽检")


@dataclass(frozen=True)
class Wish:
    """One booking somebody wants."""

    key: str
    instrument_id: int
    owner: str
    period: Period
    purpose: str
    note: str


def write_past(story: Story) -> None:
    """Working days until yesterday: most used and confirmed, a few cancelled, declined, missed or still unconfirmed."""
    days = story.workdays(clock.today(story.begins_at) + timedelta(days=14), clock.today(story.now))
    places = _bookable(story)
    for number, day in enumerate(days):
        for turn in range(A_DAY * story.scale):
            _past(story, _wish(story, places, day, turn), recent=number >= len(days) - 3)
    billing.issue_charges(now=story.now)


def write_future(story: Story) -> None:
    """The coming two weeks: approved ones and requests that wait for an answer."""
    today = clock.today(story.now)
    places = _bookable(story)
    for day in story.workdays(today + timedelta(days=1), today + timedelta(days=15)):
        for turn in range(A_DAY):
            booking = _request(story, _wish(story, places, day, turn), at=story.now - timedelta(hours=2))
            if booking is not None and turn % 3 and booking.state is BookingState.REQUESTED:
                bookings.approve(booking.id, by=_manager_of(story, booking), now=story.now - timedelta(hours=1))
    for day in story.workdays(today + timedelta(days=1), today + timedelta(days=8))[:3]:
        _for_the_demo_accounts(story, places, day)


def _bookable(story: Story) -> list[tuple[int, str]]:
    modes = {item["kind"]: item["mode"] for item in rows("instruments")}
    quick = {item["kind"] for item in rows("instruments") if item["unattended"] == "0"}
    return [
        (record, owner)
        for record, owner, kind in story.instruments
        if modes[kind] != Mode.SAMPLE.value and kind in quick
    ]


def _wish(story: Story, places: list[tuple[int, str]], day: date, turn: int) -> Wish:
    chance = story.chance
    key = "sme" if turn == 0 and chance.random() < 0.6 else chance.choice(sorted(story.vouchers))
    instrument_id, owner = chance.choice([place for place in places if place[1] != key])
    start, end = HALF_DAYS[turn % len(HALF_DAYS)]
    period = Period(story.at(day, start), story.at(day, end))
    return Wish(key, instrument_id, owner, period, chance.choice(PURPOSES), chance.choice(NOTES))


def _request(story: Story, wish: Wish, *, at: datetime) -> Booking | None:
    """Ask for it with the voucher if it will do, else without; ``None`` when the time is taken."""
    organisation_id = story.organisations[wish.key].id
    person = story.actor(wish.key, "researcher")
    for voucher_id in (story.vouchers.get(wish.key), None):
        try:
            with session().begin_nested():
                return bookings.request(
                    wish.instrument_id, wish.period, organisation_id=organisation_id, purpose=wish.purpose,
                    note=wish.note, voucher_id=voucher_id, by=person, now=at,
                )  # fmt: skip
        except Refused:
            continue
    return None


def _past(story: Story, wish: Wish, *, recent: bool) -> None:
    booking = _request(story, wish, at=wish.period.starts_at - timedelta(days=3))
    if booking is None:
        return
    manager, person = story.actor(wish.owner, "manager"), story.actor(wish.key, "researcher")
    asked_at, chance = booking.created_at + timedelta(hours=2), story.chance.random()
    if chance < 0.04 and booking.state is BookingState.REQUESTED:
        bookings.decline(booking.id, "该时段安排内部检定，请改约", by=manager, now=asked_at)
        return
    if booking.state is BookingState.REQUESTED:
        bookings.approve(booking.id, by=manager, now=asked_at)
    if chance < 0.09:
        early = chance < 0.07
        when = wish.period.starts_at - timedelta(hours=30 if early else 3)
        bookings.cancel(booking.id, "样品未到", by=person, now=when)
    elif chance < 0.11:
        bookings.mark_no_shows([booking.id], before=story.now, now=wish.period.ends_at + timedelta(hours=1))
    else:
        _used(story, booking, wish, manager, person, recent=recent)


def _used(story: Story, booking: Booking, wish: Wish, manager: Actor, person: Actor, *, recent: bool) -> None:
    started_at = wish.period.starts_at + timedelta(minutes=story.chance.randrange(-6, 12))
    record = usage.start(booking.id, by=person, now=started_at)
    ended_at = wish.period.ends_at + timedelta(minutes=story.chance.randrange(-35, 12))
    samples = story.chance.randrange(1, 12)
    usage.stop(record.id, samples=samples, note=None, by=person, now=ended_at)
    if recent and story.chance.random() < 0.5:
        return
    usage.confirm(record.id, by=person, now=ended_at + timedelta(minutes=20))
    if recent and story.chance.random() < 0.3:
        return
    usage.confirm(record.id, by=manager, now=ended_at + timedelta(hours=2))


def _for_the_demo_accounts(story: Story, places: list[tuple[int, str]], day: date) -> None:
    """The demo institute has requests of the demo enterprise to answer, whatever chance gave it."""
    mine = [place for place in places if place[1] == "institute"]
    instrument_id, owner = story.chance.choice(mine)
    period = Period(story.at(day, 9), story.at(day, 11))
    _request(story, Wish("sme", instrument_id, owner, period, "rd", NOTES[0]), at=story.now - timedelta(hours=5))


def _manager_of(story: Story, booking: Booking) -> Actor:
    key = next(key for key, organisation in story.organisations.items() if organisation.id == booking.provider_id)
    return story.actor(key, "manager")
