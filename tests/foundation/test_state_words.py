"""Every state a page may show has a word and a tone."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask

from equipment_cloud.booking.models import BookingState, WaitState
from equipment_cloud.catalog.models import InstrumentState, Mode, ServiceState, ShareMode
from equipment_cloud.foundation.job import RunState
from equipment_cloud.foundation.state_tables import WORDS
from equipment_cloud.foundation.state_words import state_choices, state_tone, state_word
from equipment_cloud.notices.models import LineState as NoticeLineState
from equipment_cloud.notices.models import NoticeState
from equipment_cloud.settlement.models import BatchState, ClaimState, Level, Stage
from equipment_cloud.settlement.models import LineState as BatchLineState
from equipment_cloud.settlement.rules.sampling import SampleState
from equipment_cloud.survey.models import CampaignState
from equipment_cloud.usage.models import UsageState
from equipment_cloud.vouchers.models import HoldState, VersionState, VoucherState

KINDS: list[tuple[str, type[StrEnum]]] = [
    ("instrument", InstrumentState), ("instrument_mode", Mode), ("share_mode", ShareMode), ("service", ServiceState),
    ("booking", BookingState), ("waitlist", WaitState), ("usage", UsageState), ("voucher", VoucherState),
    ("hold", HoldState),
    ("policy", VersionState), ("claim", ClaimState), ("claim_stage", Stage), ("finding", Level), ("batch", BatchState),
    ("batch_line", BatchLineState), ("sample_line", SampleState), ("notice", NoticeState),
    ("notice_line", NoticeLineState),
    ("campaign", CampaignState), ("job_run", RunState),
]  # fmt: skip
TONES = {"grey", "blue", "green", "amber", "red", "violet"}


@pytest.mark.parametrize(("kind", "states"), KINDS, ids=[kind for kind, _states in KINDS])
def test_every_state_of_a_room_has_a_word_and_none_is_left_over(kind: str, states: type[StrEnum]) -> None:
    assert set(WORDS[kind]) == {state.value for state in states}


@pytest.mark.parametrize("kind", WORDS)
def test_every_tone_is_one_that_the_style_sheet_knows(kind: str) -> None:
    assert {tone for _words, tone in WORDS[kind].values()} <= TONES


def test_a_state_is_worded_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context("/?lang=zh_CN"):
        assert state_word("booking", BookingState.NO_SHOW) == "爽约"
    with app.test_request_context("/?lang=en"):
        assert state_word("booking", "no_show") == "No-show"


def test_an_unknown_state_is_shown_as_it_is_and_never_fails(app: Flask) -> None:
    with app.test_request_context("/"):
        assert state_word("booking", "from-the-future") == "from-the-future"
        assert state_tone("nothing", "at all") == "grey"
        assert state_word("booking", None) == "—"


def test_choices_are_stored_values_with_words(app: Flask) -> None:
    with app.test_request_context("/?lang=zh_CN"):
        assert ("in_use", "使用中") in state_choices("booking")
