"""Machine time: booked with a voucher, confirmed, used at the instrument, confirmed by both sides."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.journeys.conftest import Walker

ZONE = ZoneInfo("Asia/Shanghai")
STEP = timedelta(minutes=30)


def book(walker: Walker, number: int, voucher: str) -> str:
    """A researcher books the next hour, sees beforehand what the voucher pays; address of the booking."""
    begins = _next_step(datetime.now(ZONE))
    walker.sign_in("researcher@sme.example").go(f"/instruments/{number}").follow("Book machine time")
    walker.fill(starts_at=_typed(begins), ends_at=_typed(begins + timedelta(hours=1)), purpose="rd")
    walker.choose("voucher_id", voucher)
    walker.page.get_by_text("Voucher bears").first.wait_for()
    walker.press("Submit booking").sees("Answer due by")
    return walker.path


def confirm_booking(walker: Walker, booking: str) -> None:
    """The institute's manager agrees."""
    walker.sign_in("manager@institute.example").go(booking).press("Confirm booking").sees("Confirmed")


def use(walker: Walker, number: int) -> str:
    """The researcher opens the code at the instrument, starts, stops; address of the usage record."""
    walker.sign_in("researcher@sme.example").go(f"/instruments/{number}")
    plate = walker.page.locator("main a[href^='/at/']").first.get_attribute("href") or ""
    walker.go(plate.removesuffix("/qr.svg")).press("Start").fill(samples="3").press("Stop")
    return walker.path


def confirm_usage(walker: Walker, usage: str) -> None:
    """Both sides agree to the hours."""
    walker.sign_in("researcher@sme.example").go(usage)
    if walker.offers("Confirm hours"):
        walker.press("Confirm hours")
    walker.sign_in("manager@institute.example").go(usage).press("Confirm hours")
    walker.sees("Voucher share drawn")


def _next_step(moment: datetime) -> datetime:
    start = moment.replace(minute=0, second=0, microsecond=0)
    while start < moment + timedelta(minutes=1):
        start += STEP
    return start


def _typed(moment: datetime) -> str:
    """As a date-and-time field takes it."""
    return f"{moment:%Y-%m-%dT%H:%M}"
