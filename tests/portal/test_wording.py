"""What machines call by codes has words for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import equipment_cloud
from equipment_cloud.portal import wording

PACKAGE = Path(equipment_cloud.__file__).parent


def noted() -> Iterator[str]:
    """Every act that the code notes under a fixed name."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_job_has_a_name_for_people(app: Flask) -> None:
    assert {job.name for job in app.extensions["jobs"]} - set(wording.JOBS) == set()


def test_every_act_noted_under_a_fixed_name_has_words() -> None:
    acts = set(noted())
    assert len(acts) > 50
    assert {act for act in acts if not {act.partition(".")[0]} <= set(wording.ROOMS)} == set()
    assert {act for act in acts if act.partition(".")[2] not in wording.VERBS} == set()


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("* * * * *", "每分钟"),
        ("*/15 * * * *", "每 15 分钟"),
        ("30 2 * * *", "每天 02:30"),
        ("0 7 1 2,8 *", "每年 02-01, 08-01 07:00"),
        ("0 7 * * 1", "0 7 * * 1"),
    ],
)
def test_a_rhythm_is_told_in_words_where_there_are_some(app: Flask, cron: str, words: str) -> None:
    with app.test_request_context():
        assert wording.rhythm_words(cron) == words


def test_an_act_and_a_record_without_words_stay_codes(app: Flask) -> None:
    with app.test_request_context():
        assert wording.act_words("settlement.approve") == "兑付：核定"
        assert wording.act_words("elsewhere.approve") == "elsewhere.approve"
        assert wording.act_words("settlement.juggle") == "settlement.juggle"
        assert wording.record_words("claim:40") == "兑付申请 40"
        assert wording.record_words("thing:1") == "thing:1"
