"""Enough to recognise one's own, not enough to learn another's."""

from __future__ import annotations

import pytest

from equipment_cloud.foundation import mask


@pytest.mark.parametrize(("text", "shown"), [("王小明", "王**"), ("王", "王*"), ("", ""), (None, "")])
def test_names(text: str | None, shown: str) -> None:
    assert mask.name(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("13812345678", "138****5678"), ("12345", "*****"), (None, "")])
def test_mobiles(text: str | None, shown: str) -> None:
    assert mask.mobile(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("6222000011112222", "**** 2222"), ("1234567", "*******"), (None, "")])
def test_accounts(text: str | None, shown: str) -> None:
    assert mask.account(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("someone@example.cn", "s***@example.cn"), ("nonsense", ""), (None, "")])
def test_addresses(text: str | None, shown: str) -> None:
    assert mask.email(text) == shown
