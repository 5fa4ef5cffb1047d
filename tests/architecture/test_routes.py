"""Every address says who may come, what it takes, and is spelled like the others."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

TEXT_IN_URL = {
    "/at/<code>",  # the QR code on an instrument, and what is done there
    "/at/<code>/bookings/<int:booking_id>/start",
    "/at/<code>/qr.svg",
    "/at/<code>/start",
    "/calendar/<secret>.ics",  # a calendar's secret address
}
"""Addresses that take free text: what stands there is only ever compared, never computed with."""

AUTOMATIC = {"HEAD", "OPTIONS"}
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]


def test_every_route_states_its_audience(app: Flask, rules: list[Rule]) -> None:
    silent = {rule.rule: rule.endpoint for rule in rules if not _audience(app, rule)}
    assert silent == {}


def _audience(app: Flask, rule: Rule) -> tuple[str, ...]:
    view = app.view_functions[rule.endpoint]
    by_class = getattr(view, "view_class", None)
    if by_class is None:
        return getattr(view, "_audience", ())
    methods = (rule.methods or set()) - AUTOMATIC
    stated = [getattr(getattr(by_class, method.lower(), None), "_audience", ()) for method in methods]
    return stated[0] if stated and all(stated) else ()


def test_urls_are_kebab_case(rules: list[Rule]) -> None:
    parts = ((rule.rule, part) for rule in rules for part in re.sub(r"<[^>]*>", "x", rule.rule).strip("/").split("/"))
    assert {url for url, part in parts if part and not WORD.fullmatch(part)} == set()


def test_every_value_in_a_url_is_typed(rules: list[Rule]) -> None:
    untyped = {rule.rule for rule in rules if re.search(r"<[^:>]+>", rule.rule)}
    assert untyped - TEXT_IN_URL == set()


def test_every_address_leads_to_one_view(rules: list[Rule]) -> None:
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for rule in rules:
        for method in (rule.methods or set()) - AUTOMATIC:
            shape = (re.sub(r"<[^>]*>", "<>", rule.rule), method)
            if seen.setdefault(shape, rule.endpoint) != rule.endpoint:
                twice.append((shape, seen[shape], rule.endpoint))
    assert twice == []
