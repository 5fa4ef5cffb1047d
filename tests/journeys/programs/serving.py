"""From an inventory to confirmed hours: import, record, catalogue, voucher, booking, use."""

from __future__ import annotations

import csv
import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from equipment_cloud.demo.data import credit_code
from tests import city
from tests.journeys.programs import (
    APPROVER,
    HOUR_FEN,
    MANAGER,
    OPERATOR,
    OWNER,
    RESEARCHER,
    REVIEWER,
    SHARE_FEN,
    SURVEYOR,
    Env,
)
from tests.journeys.programs.caller import Program

INSTITUTE = credit_code(1, "institution")
LAYOUT = city.ROOT / "docs" / "mappings" / "cn-university.toml"
ROW = {"id": "00000001", "name": "红外光谱仪", "price": "412376.14元", "price_range": "20万-50万",
       "buy_time": "1298908800000", "model": "Nicolet 6700", "country": "美国", "manufacturer": "Thermo",
       "classification": "特种检测仪器", "discipline_classification": "材料科学", "unit": "材料学院",
       "function_range": "材质鉴别", "technical_indicators": "0.4 cm-1"}  # fmt: skip
"""A row in the shape of the real university inventory, for machines without it."""
NAME = "红外光谱仪"
MISSING = {
    "original_value_fen": 41_237_614, "in_service_on": "2011-03-01", "class_code": "010402", "share_mode": "external",
    "mode": "both", "town_code": "330281004", "address": "示例路 1 号", "contact_name": "陈示例",
    "phone": "0574-62700001", "service_content": "塑料红外光谱", "requirement": "样品干燥。",
}  # fmt: skip
"""What the university's table does not know and the national record asks for."""
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def write_table(path: Path) -> Path:
    """A small inventory with every column of the university's layout."""
    columns = tomllib.loads(LAYOUT.read_text(encoding="utf-8"))["columns"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerow(ROW)
    return path


def import_inventory(table: Path, env: Env) -> None:
    """The bureau reads an institute's inventory; every row is accounted for, and a second reading changes nothing."""
    words = ("survey", "import", str(table), "--campaign", "programs", "--mapping", "cn-university", "--organisation",
             INSTITUTE, "--json")  # fmt: skip
    first = json.loads(city.flask(*words, env=env))
    assert first["created"] > 0
    assert first["rows"] == sum(first[name] for name in ("created", "updated", "unchanged", "refused"))
    again = json.loads(city.flask(*words, env=env))
    assert (again["rows"], again["created"], again["updated"]) == (first["rows"], 0, 0)


def publish(program: Program) -> int:
    """The owner completes the record, the bureau verifies it, the owner agrees; its id."""
    draft = program.done(MANAGER, "GET", f"/my-instruments?state=draft&q={NAME}")["items"][0]
    here = f"/instruments/{draft['id']}"
    problem = program.refused("422 missing", MANAGER, "POST", f"{here}/submit")
    assert {"share_mode", "contact_name"} & {error["field"] for error in problem["errors"]}
    program.changed(MANAGER, here, MISSING)
    assert program.done(MANAGER, "POST", f"{here}/submit")["state"] == "submitted"
    program.refused("403 forbidden", MANAGER, "POST", f"{here}/verify")
    waiting = program.done(SURVEYOR, "GET", f"/verification?q={NAME}")["items"]
    assert draft["id"] in [record["id"] for record in waiting]
    assert program.done(SURVEYOR, "POST", f"{here}/verify")["state"] == "verified"
    program.refused("409 no-consent", MANAGER, "POST", f"{here}/publish", {})
    consent = {"accepts_terms": True, "public_fields": ["phone"]}
    assert program.done(MANAGER, "POST", f"{here}/publish", consent)["state"] == "published"
    return int(draft["id"])


def open_for_booking(program: Program, instrument: int) -> None:
    """The owner says when, how and for how much it can be used."""
    here = f"/instruments/{instrument}"
    program.done(MANAGER, "PUT", f"{here}/opening/hours", dict.fromkeys(WEEK, "00:00-24:00"))
    terms = {"step_minutes": 15, "shortest_minutes": 30, "follows_workdays": False}
    program.done(MANAGER, "PUT", f"{here}/opening/rules", terms)
    prices = {"minimum_minutes": 60, "local_fen": HOUR_FEN, "outside_fen": 2 * HOUR_FEN}
    program.done(MANAGER, "POST", f"{here}/prices", prices)


def find(program: Program, instrument: int) -> None:
    """A visitor finds it by two characters of its name, with its price and its next free time."""
    found = program.done(None, "GET", f"/instruments?q={NAME[:2]}&voucher=true")
    hit = next(item for item in found["items"] if item["id"] == instrument)
    assert (hit["state"], hit["price_from_fen"], bool(hit["next_free_at"])) == ("published", HOUR_FEN, True)
    assert {"category", "town", "owner", "mode"} <= found["facets"].keys()
    assert found["page"]["total"] == len(found["items"])


def get_voucher(program: Program) -> int:
    """The firm gets its standing, applies, and two people of the bureau decide; the voucher's id."""
    asked = {"requested_fen": 500_000, "purpose": "新型工程塑料试制"}
    draft = program.done(RESEARCHER, "POST", "/vouchers", asked)
    here, firm = f"/vouchers/{draft['id']}", f"/organisations/{draft['organisation_id']}/standing"
    program.refused("422 no-standing", RESEARCHER, "POST", f"{here}/submit")
    program.done(OWNER, "POST", f"{firm}/request")
    assert program.done(REVIEWER, "POST", f"{firm}/approve")["standing"] == "approved"
    program.done(RESEARCHER, "POST", f"{here}/submit")
    program.refused("403 forbidden", APPROVER, "POST", f"{here}/approve", {"opinion": "同意"})
    assert program.done(REVIEWER, "POST", f"{here}/approve", {"opinion": "齐全"})["state"] == "reviewed"
    for act in ("approve", "issue"):
        program.refused("403 same-person", REVIEWER, "POST", f"{here}/{act}", {"opinion": "同意"})
    issued = program.done(APPROVER, "POST", f"{here}/issue", {"opinion": "同意"})
    assert (issued["state"], issued["available_fen"]) == ("issued", 500_000)
    return int(draft["id"])


def book(program: Program, instrument: int, voucher: int) -> int:
    """The researcher sees the price, books the next free hour with the voucher, and the owner approves; its id."""
    here = f"/instruments/{instrument}"
    free = program.done(None, "GET", f"{here}/availability?from={datetime.now(UTC) + timedelta(minutes=1):%FT%TZ}")
    starts_at = datetime.fromisoformat(free["free"][0]["starts_at"])
    hour = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    asked = f"{here}/estimate?starts_at={hour['starts_at']}&ends_at={hour['ends_at']}&purpose=rd"
    assert program.done(None, "GET", asked)["price_fen"] == HOUR_FEN
    share = {"price_fen": HOUR_FEN, "voucher_fen": SHARE_FEN, "payable_fen": HOUR_FEN - SHARE_FEN}
    assert share.items() <= program.done(RESEARCHER, "GET", f"{asked}&voucher_id={voucher}").items()
    body = {"instrument_id": instrument, **hour, "purpose": "rd", "voucher_id": voucher}
    made = program.done(RESEARCHER, "POST", "/bookings", body, **{"Idempotency-Key": "journey-1"})
    again = program.done(RESEARCHER, "POST", "/bookings", body, **{"Idempotency-Key": "journey-1"})
    assert (made["state"], again["id"]) == ("requested", made["id"])
    assert share.items() <= made["estimate"].items()
    taken = program.refused("409 period-taken", OWNER, "POST", "/bookings", {**body, "voucher_id": None})
    assert 1 <= len(taken["alternatives"]) <= 5
    assert hour not in taken["alternatives"]
    assert balances(program, voucher)["held_fen"] == SHARE_FEN
    here = f"/bookings/{made['id']}"
    program.refused("403 same-person", RESEARCHER, "POST", f"{here}/approve")
    assert program.done(MANAGER, "POST", f"{here}/approve")["state"] == "approved"
    program.refused("409 wrong-state", MANAGER, "POST", f"{here}/approve")
    return int(made["id"])


def use(program: Program, booking: int) -> int:
    """The researcher starts, the operator stops, each side confirms for itself; the usage's id."""
    here = f"/bookings/{booking}"
    started = program.done(RESEARCHER, "POST", f"{here}/check-in")
    assert (started["id"], started["state"], started["usage"]["state"]) == (booking, "in_use", "running")
    program.refused("409 wrong-state", RESEARCHER, "POST", f"{here}/check-in")
    stopped = program.done(OPERATOR, "POST", f"{here}/check-out", {"samples": 3})
    assert (stopped["state"], stopped["usage"]["samples"]) == ("to_confirm", 3)
    usage = f"/usage/{stopped['usage']['id']}"
    assert program.done(RESEARCHER, "POST", f"{usage}/confirm")["state"] == "to_confirm"
    program.refused("403 forbidden", RESEARCHER, "POST", f"{usage}/confirm")
    settled = program.done(OPERATOR, "POST", f"{usage}/confirm")
    assert (settled["state"], settled["price_fen"], settled["voucher_fen"]) == ("confirmed", HOUR_FEN, SHARE_FEN)
    assert program.done(RESEARCHER, "GET", here)["state"] == "completed"
    return int(stopped["usage"]["id"])


def balances(program: Program, voucher: int) -> dict[str, int]:
    """What is left of a voucher, held and drawn."""
    found = program.done(OWNER, "GET", f"/vouchers/{voucher}")
    return {name: found[name] for name in ("available_fen", "held_fen", "drawn_fen")}
