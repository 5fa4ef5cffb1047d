"""What people type about claims and batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.billing.rules import Part
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, MoneyField, text_field, whole_field
from equipment_cloud.foundation.state_words import state_word
from equipment_cloud.kernel.errors import Invalid, Problem
from equipment_cloud.kernel.money import fen_from_yuan
from equipment_cloud.settlement.rules import DEFECTS
from equipment_cloud.settlement.rules.sampling import SampleState

_REQUIRED = _l("This must be filled in.")


class PackForm(Form):
    """The parts of a claim's pack that are no lists of records."""

    report = FileField(_l("Report or result (PDF or picture)"))
    report_number = text_field(_l("Report number"), most=100)
    declared = BooleanField(_l("The same invoices were and will be used for no other subsidy."))


class DecisionForm(Form):
    """An opinion, and the amount if it is lowered."""

    amount_fen = MoneyField(_l("Amount"), validators=[Optional()])
    opinion = text_field(_l("Opinion"), required=True, most=2000, area=True)


class CheckList(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReturnForm(Form):
    """Everything that must be mended, told at once."""

    defects = CheckList(_l("Defects"))
    reason = text_field(_l("What to do, for the applicant"), required=True, most=2000, area=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.defects.choices = [(code, worded(words)) for code, words in DEFECTS.items()]


class ReasonForm(Form):
    """A reason."""

    reason = text_field(_l("Reason"), required=True, most=2000, area=True)


class NoteForm(Form):
    """What was found out about a finding, or decided in a step."""

    note = text_field(_l("Note"), required=True, most=2000, area=True)


class JudgementForm(Form):
    """What the second look at a paid claim found."""

    result = RadioField(_l("Result"), validators=[InputRequired(_REQUIRED)])
    opinion = text_field(_l("What was examined and found"), required=True, most=2000, area=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = (SampleState.CLEAR, SampleState.IRREGULAR)
        self.result.choices = [(state.value, state_word("sample_line", state)) for state in states]


class AssembleForm(Form):
    """A batch by hand: a pool and the last day of filing."""

    pool_id = SelectField(_l("Pool"), coerce=int)
    period_start = DateField(_l("Period from"), validators=[InputRequired(_REQUIRED)])
    period_end = DateField(_l("Period to"), validators=[InputRequired(_REQUIRED)])


class PostForm(Form):
    """The public notice of a batch."""

    title = text_field(_l("Title"), required=True)
    body = text_field(_l("Text"), required=True, most=4000, area=True)
    posted_on = DateField(_l("Posted on"), validators=[InputRequired(_REQUIRED)])
    address = text_field(_l("Also posted at (address on the government's site)"))


class StepForm(Form):
    """A step of the office's own chain."""

    step_id = whole_field(_l("Step"), least=1)
    document_number = text_field(_l("Document number"), most=100)
    note = text_field(_l("Note"), most=2000, area=True)


class SendForm(Form):
    """Handing the payment list over."""

    document_number = text_field(_l("Document number"), most=100)


class ResultsForm(Form):
    """The treasury's answer."""

    file = FileField(_l("Result file (xlsx, xls, ods or csv)"), validators=[InputRequired(_REQUIRED)])


def parts_typed(typed: Mapping[str, str]) -> tuple[list[Part], list[Problem]]:
    """Amounts typed as ``invoice-12`` and ``payment-7`` in yuan; empty ones and zeros use nothing of that paper."""
    parts: list[Part] = []
    problems: list[Problem] = []
    for name, text in typed.items():
        kind, _, number = name.partition("-")
        if kind not in {"invoice", "payment"} or not text.strip():
            continue
        try:
            part = _part(kind, number, text)
        except Invalid as refusal:
            problems += [Problem(found.code, found.message, name, found.values) for found in refusal.problems]
        else:
            if part is not None:
                parts.append(part)
    return parts, problems


def ids_typed(values: list[str]) -> list[int]:
    """Whole numbers of check boxes; anything else is left out."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) <= 9]


def _part(kind: str, number: str, text: str) -> Part | None:
    fen = fen_from_yuan(text)
    ids = ids_typed([number])
    if not fen or not ids:
        return None
    return Part(fen, invoice_id=ids[0]) if kind == "invoice" else Part(fen, payment_id=ids[0])
