"""Instruments with hours, rules and prices, and the test services done on them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from equipment_cloud.catalog import service as catalog
from equipment_cloud.catalog.models import CalibrationKind, Scheme
from equipment_cloud.demo.data import rows
from equipment_cloud.demo.story import Story
from equipment_cloud.discovery import service as discovery
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor
from equipment_cloud.kernel.money import fen_from_wan, fen_from_yuan
from equipment_cloud.occupancy import service as occupancy
from equipment_cloud.occupancy.models import ApprovalMode
from equipment_cloud.pricing import service as pricing
from equipment_cloud.pricing.models import Basis, CustomerClass

PUBLISHED = 300
LATER_STATES = ("draft", "submitted", "verified", "paused", "retired")
SERVICES = 150
OFFICE_HOURS = ((time(8, 30), time(12)), (time(13), time(17, 30)))
ROUND_THE_CLOCK = ((time(0), time(0)),)


def write_instruments(story: Story) -> None:
    """At least 300 published (times the scale), a few in every other state."""
    wanted = PUBLISHED * story.scale
    units = [(kind, owner) for kind in rows("instruments") for owner in kind["owners"].split("|")]
    number = 0
    while len(story.instruments) < wanted:
        for kind, owner in units:
            number += 1
            _published(story, kind, owner, number)
            if len(story.instruments) == wanted:
                break
    for state in LATER_STATES * 4:
        number += 1
        kind, owner = units[number * 7 % len(units)]
        _in_state(story, kind, owner, number, state)


def write_services(story: Story) -> None:
    """150 test services, offered where the instrument stands, at slightly different prices."""
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for instrument_id, owner, kind in story.instruments:
        by_kind.setdefault(kind, []).append((owner, instrument_id))
    count = turn = 0
    while count < SERVICES:
        for item in rows("services"):
            owners = list(dict.fromkeys(owner for owner, _instrument in by_kind.get(item["kind"], [])))
            if turn < len(owners) and count < SERVICES:
                owner = owners[turn]
                on = [instrument for name, instrument in by_kind[item["kind"]] if name == owner]
                _service(story, item, owner, on[:5], turn)
                count += 1
        turn += 1


def count_words(_story: Story) -> None:
    """Let the search learn the city's words at once; the clock would do so within the hour."""
    discovery.count_words()


def _service(story: Story, item: dict[str, str], owner: str, on: list[int], turn: int) -> None:
    manager = story.actor(owner, "manager")
    price = fen_from_yuan(item["price_yuan"])
    values = {
        "name": item["name"],
        "name_en": item["name_en"],
        "category": _class_of(item["kind"]),
        "method_standards": item["standards"].split("|"),
        "sample_requirements": item["sample"],
        "unit": item["unit"],
        "price_fen": price + price // 10 * turn // 100 * 100,
        "turnaround_days": int(item["days"]) + turn,
    }
    organisation = story.organisations[owner]
    record = catalog.create_service(organisation.id, values, on, by=manager, now=story.begins_at)
    if item["accredited"] == "1" and turn == 0:
        today = clock.today(story.begins_at)
        catalog.record_scope(
            organisation.id, Scheme.CMA, "示例 161100000000", item["standards"].split("|"), valid_from=today,
            valid_to=today + timedelta(days=6 * 365), by=manager, now=story.begins_at,
        )  # fmt: skip
    catalog.publish_service(record.id, by=manager, now=story.begins_at)


def _class_of(kind: str) -> str:
    return next(item["class"][:4] for item in rows("instruments") if item["kind"] == kind)


def _published(story: Story, kind: dict[str, str], owner: str, number: int) -> None:
    manager = story.actor(owner, "manager")
    record_id = _draft(story, kind, owner, number, manager)
    catalog.submit(record_id, by=manager, now=story.begins_at)
    catalog.verify(record_id, by=story.bureau("surveyor"), now=story.begins_at)
    catalog.consent(
        record_id,
        ["technical", "phone", "contact_name", "address", "in_service_on", "country", "service_content", "requirement"],
        by=manager,
        now=story.begins_at,
    )
    _bookable(story, kind, record_id, manager)
    catalog.publish(record_id, by=manager, now=story.begins_at)
    story.instruments.append((record_id, owner, kind["kind"]))


def _in_state(story: Story, kind: dict[str, str], owner: str, number: int, state: str) -> None:
    """A record that stopped on its way, or was paused or retired since."""
    manager = story.actor(owner, "manager")
    record_id = _draft(story, kind, owner, number, manager)
    if state == "draft":
        return
    catalog.submit(record_id, by=manager, now=story.begins_at)
    if state == "submitted":
        return
    catalog.verify(record_id, by=story.bureau("surveyor"), now=story.begins_at)
    if state == "verified":
        return
    catalog.consent(record_id, ["phone", "contact_name"], by=manager, now=story.begins_at)
    _bookable(story, kind, record_id, manager)
    catalog.publish(record_id, by=manager, now=story.begins_at)
    if state == "paused":
        catalog.pause(record_id, "主轴异响，等待厂家检修（示例）", by=manager, now=story.now - timedelta(days=3))
    else:
        catalog.retire(record_id, "设备更新，已停止使用（示例）", by=manager, now=story.now - timedelta(days=20))


def _draft(story: Story, kind: dict[str, str], owner: str, number: int, manager: Actor) -> int:
    organisation = story.organisations[owner]
    start = date(2014 + number % 11, 1 + number % 12, 1 + number % 28)
    fields: dict[str, Any] = {
        "name_en": kind["name_en"],
        "model": kind["model"],
        "manufacturer": kind["manufacturer"],
        "serial_number": f"SN-{number:05d}",
        "class_code": kind["class"][:4],
        "kind": "general",
        "source": "purchased",
        "country": kind["country"],
        "original_value_fen": fen_from_wan(kind["value_wan"]),
        "acquired_on": start - timedelta(days=60),
        "in_service_on": start,
        "technical": kind["technical"],
        "function": kind["function"],
        "service_content": kind["function"],
        "requirement": "请提前预约，自带样品与夹具；首次上机由操作员指导（示例）。",
        "funds": ["own"],
        "run_state": "normal",
        "share_mode": "external",
        "mode": kind["mode"],
        "department": "检测部",
        "town_code": organisation.town_code,
        "address": organisation.address,
        "contact_name": organisation.contact_name,
        "phone": organisation.phone,
        "calibration_required": kind["calibration"] == "1",
    }
    record = catalog.create(
        organisation.id, f"EX-{number:05d}", kind["name"], fields, by=manager, now=story.begins_at,
        positions=int(kind["positions"]),
    )  # fmt: skip
    _calibrate(story, kind, record.id, number, manager)
    return record.id


def _calibrate(story: Story, kind: dict[str, str], record_id: int, number: int, manager: Actor) -> None:
    today = clock.today(story.begins_at)
    if kind["calibration"] == "1":
        done = today - timedelta(days=number % 120)
        catalog.record_calibration(
            record_id, CalibrationKind.CALIBRATION, done, done + timedelta(days=365), by=manager, now=story.begins_at,
            certificate=f"示例校字第{number:05d}号",
        )  # fmt: skip


def _bookable(story: Story, kind: dict[str, str], record_id: int, manager: Actor) -> None:
    unattended, longest = kind["unattended"] == "1", int(kind["longest_hours"])
    hours = dict.fromkeys(range(5), OFFICE_HOURS)
    occupancy.set_opening(record_id, hours, by=manager, now=story.begins_at)
    occupancy.set_rules(
        record_id,
        step_minutes=30,
        shortest_minutes=60,
        longest_minutes=longest * 60,
        lead_minutes=60,
        horizon_days=60,
        pending_hours=72,
        cancel_hours=24,
        approval=ApprovalMode.INSTANT if unattended else ApprovalMode.APPROVE_EACH,
        unattended=unattended,
        follows_workdays=True,
        by=manager,
        now=story.begins_at,
    )
    hour = fen_from_yuan(kind["hour_yuan"])
    pricing.set_plan(
        record_id,
        clock.today(story.begins_at),
        Basis.LONGER if longest <= 8 else Basis.USED,
        60,
        0,
        {CustomerClass.INTERNAL: hour // 2, CustomerClass.LOCAL: hour, CustomerClass.OUTSIDE: hour + hour // 5},
        note="示例价格",
        by=manager,
        now=story.begins_at,
    )
