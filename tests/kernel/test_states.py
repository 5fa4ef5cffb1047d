"""A state machine is a table and one function."""

from __future__ import annotations

from enum import StrEnum

import pytest

from equipment_cloud.kernel.errors import WrongState
from equipment_cloud.kernel.states import move


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


MOVES = {Lamp.OFF: {Lamp.ON}, Lamp.ON: {Lamp.OFF, Lamp.BROKEN}}


def test_a_step_in_the_table_leads_on() -> None:
    assert move(MOVES, Lamp.ON, Lamp.BROKEN) is Lamp.BROKEN


@pytest.mark.parametrize(("current", "target"), [(Lamp.OFF, Lamp.OFF), (Lamp.OFF, Lamp.BROKEN), (Lamp.BROKEN, Lamp.ON)])
def test_any_other_step_is_refused_with_the_present_state(current: Lamp, target: Lamp) -> None:
    with pytest.raises(WrongState) as refused:
        move(MOVES, current, target)
    assert refused.value.status == 409
    assert refused.value.values["current"] == current.value
