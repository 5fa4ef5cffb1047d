"""The words and tones of states: ``{{ 'booking'|state_word(state) }}`` and ``{{ 'booking'|state_tone(state) }}``.

Pages never show a stored value and never a colour without a word. Tones: grey (not yet, or over), blue (under way),
amber (someone must act), green (good), red (refused or broken), violet (held by a rule).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from flask import Flask
from flask_babel import gettext

from equipment_cloud.foundation.state_tables import WORDS


def state_word(kind: str, state: object) -> str:
    """The state in the reader's language; an unknown one as it is stored, never an error."""
    value = _value(state)
    entry = _states(kind).get(value)
    return gettext(entry[0]) if entry else value


def state_tone(kind: str, state: object) -> str:
    """The colour family that goes with the word."""
    entry = _states(kind).get(_value(state))
    return entry[1] if entry else "grey"


def state_choices(kind: str) -> list[tuple[str, str]]:
    """Every state of a kind as ``(stored value, word)``, for filters of lists."""
    return [(value, gettext(words)) for value, (words, _tone) in _states(kind).items()]


def register(app: Flask) -> None:
    """Make the filters and ``state_choices`` known to Jinja."""
    app.jinja_env.filters["state_word"] = state_word
    app.jinja_env.filters["state_tone"] = state_tone
    app.jinja_env.globals["state_choices"] = state_choices


def _states(kind: str) -> Mapping[str, tuple[str, str]]:
    return WORDS.get(kind, {})


def _value(state: object) -> str:
    if state is None:
        return "—"
    return str(state.value) if isinstance(state, Enum) else str(state)
