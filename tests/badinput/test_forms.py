"""Every form, as everybody who can reach it, with every field spoiled: refused in words, nothing half-written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from equipment_cloud.foundation.db import db
from equipment_cloud.vouchers import ledger
from tests.badinput import spoiled
from tests.badinput.conftest import ACCOUNTS, City
from tests.badinput.crawl import Form, Found, crawl

pytestmark = [pytest.mark.xdist_group("badinput"), pytest.mark.timeout(600)]
VISITOR = "visitor"
LEFT_OUT = {"/sign-out", "/language"}
FIELDS_MOST = 40
ONE_OF_EACH = ("owner@sme.example", "manager@institute.example", "surveyor@bureau.example", "admin@bureau.example")


@pytest.fixture(scope="module")
def found(city: City) -> dict[str, Found]:
    """What each account, and a visitor, can reach."""
    everyone = {VISITOR: crawl(city.client(None), ("/", "/sign-in", "/sign-up"))}
    public = frozenset(everyone[VISITOR].pages)
    for account in ACCOUNTS:
        everyone[account] = crawl(city.client(account), known=public)
    return everyone


def test_every_page_that_links_lead_to_answers(found: dict[str, Found]) -> None:
    assert [fault for seen in found.values() for fault in seen.failed] == []
    assert len({kind for seen in found.values() for kind in seen.pages}) > 60


def test_every_form_answers_spoiled_fields_without_an_error_and_without_half_written_rows(
    city: City, found: dict[str, Found]
) -> None:
    spoiler, faults, met = spoiled.Spoiler(), list[str](), set[object]()
    for account, seen in found.items():
        client = city.client(None if account == VISITOR else account)
        for kind, form in seen.forms.items():
            if kind in met or form.action in LEFT_OUT:
                continue
            met.add(kind)
            faults += _spoil(city, client, account, form, spoiler)
    assert faults == []
    assert len(met) > 60


def test_every_address_that_takes_forms_answers_without_an_error(city: City, found: dict[str, Found]) -> None:
    """Also those that no page of the example city leads to: with the names of all fields there are."""
    names = sorted({name for seen in found.values() for form in seen.forms.values() for name, _value in form.fields})
    reached = {_endpoint(city, form) for seen in found.values() for form in seen.forms.values()}
    values = dict(zip(names, _round(len(names)), strict=True))
    faults = list[str]()
    for rule in city.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/api/") or rule.endpoint in reached:
            continue
        with city.app.test_request_context():
            path = city.app.url_map.bind("").build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST")
        if path in LEFT_OUT:
            continue
        for account in ONE_OF_EACH:
            for data in ({}, values):
                with city.client(account).post(path, data=data) as answer:
                    faults += city.faults(f"{account} POST {path}", answer.status_code)
    assert faults == []


def test_the_list_of_naughty_strings_is_searched_for_without_an_error(city: City, corpus: Path) -> None:
    client, faults = city.client(None), list[str]()
    for number, text in enumerate(spoiled.naughty(corpus)):
        path = ("/instruments", "/services", "/api/v1/instruments")[number % 3]
        answer = client.get(path, query_string={"q": text.encode("utf-8", "surrogatepass")})
        faults += city.faults(f"{path}?q={text!r}", answer.status_code)
    assert faults == []


def test_markup_that_is_searched_for_is_shown_as_text(city: City, corpus: Path) -> None:
    client = city.client(None)
    marked = [text for text in spoiled.naughty(corpus) if "<script" in text.lower()]
    for text in marked[:20]:
        page = client.get("/instruments", query_string={"q": text}).text
        assert text not in page
    assert marked


def test_the_ledger_still_adds_up(city: City) -> None:
    with city.app.app_context():
        verdict = ledger.verify()
        db.session.remove()
    assert verdict["ok"], verdict


def _spoil(city: City, client: FlaskClient, account: str, form: Form, spoiler: spoiled.Spoiler) -> Iterator[str]:
    fields = dict(islice(form.fields, FIELDS_MOST))
    for data in spoiler.forms(fields, form.files):
        if account != VISITOR:
            city.sign_in(client, account)
        what = f"{account} {form.method} {form.action} {_shown(data, fields)}"
        if form.method == "get":
            answer = client.get(form.action, query_string=_encoded(data))
        else:
            answer = client.post(form.action, data=_encoded(data), content_type="multipart/form-data")
        answer.close()
        yield from city.faults(what, answer.status_code)


def _encoded(data: dict[str, object]) -> dict[str, object]:
    """Lone halves of a pair are sent as the bytes a careless programme sends."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in data.items()
    }


def _shown(data: dict[str, object], sound: dict[str, str]) -> dict[str, str]:
    return {name: ascii(value)[:60] for name, value in data.items() if value != sound.get(name)}


def _endpoint(city: City, form: Form) -> str | None:
    try:
        return str(city.app.url_map.bind("").match(form.action.split("?")[0], method=form.method.upper())[0])
    except HTTPException:
        return None


def _round(count: int) -> list[str]:
    return [spoiled.NASTY[place % len(spoiled.NASTY)].encode("utf-8", "replace").decode() for place in range(count)]
