"""What search engines find: the site map, robots.txt, and data in public pages only of what is public."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from equipment_cloud.catalog.models import InstrumentState
from equipment_cloud.insight import exports
from tests.factories import catalog as make


def _addresses(text: str) -> list[str]:
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>'), text[:2000]
    return re.findall("<loc>(.*?)</loc>", text)


def test_the_site_map_names_published_instruments_only_and_is_split(
    app: Flask, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make.organisation()
    shown = [make.instrument(owner) for _number in range(3)]
    hidden = make.instrument(owner, state=InstrumentState.VERIFIED)
    session.commit()
    monkeypatch.setattr(exports, "PART", 2)
    parts = _addresses(client.get("/sitemap.xml").text)
    found = [
        found for part in parts for found in _addresses(client.get(part.removeprefix(app.config["PUBLIC_URL"])).text)
    ]
    assert found == [f"{app.config['PUBLIC_URL']}/instruments/{record.id}" for record in shown]
    assert not any(address.endswith(f"/{hidden.id}") for address in found)
    assert client.get("/sitemaps/9999.xml").status_code == 404
    assert "/sitemap.xml" in client.get("/robots.txt").text


def test_a_public_page_carries_linked_data_that_cannot_break_out(session: Session, client: FlaskClient) -> None:
    record = make.instrument(make.organisation(), name="</script><b>天平", serial_number="S-1")
    session.commit()
    page = client.get(f"/instruments/{record.id}").text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document = json.loads(data)
    assert (document["@type"], document["name"]) == ("IndividualProduct", "</script><b>天平")
    assert "serialNumber" not in document
