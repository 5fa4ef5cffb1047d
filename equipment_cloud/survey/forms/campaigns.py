"""What people type about campaigns, their lists, and units they tried to reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.foundation.form import Form, options, text_field, whole_field
from equipment_cloud.survey.models import ContactKind
from equipment_cloud.survey.rules import FORMS, Scope, UnitOutcome
from equipment_cloud.survey.rules.links import MOST_DAYS, USUAL_DAYS
from equipment_cloud.survey.wording import CONTACT_WORDS, OUTCOME_WORDS


class CampaignForm(Form):
    """A new campaign."""

    code = text_field(
        lazy_gettext("Code"),
        most=64,
        required=True,
        description=lazy_gettext("Short, such as 2026-survey; part of the address."),
    )
    name = text_field(lazy_gettext("Name"), required=True)
    due_on = DateField(lazy_gettext("Due on"), validators=[InputRequired(lazy_gettext("This must be filled in."))])
    form = SelectField(
        lazy_gettext("Form"),
        choices=options((code, lazy_gettext(words)) for code, words in FORMS.items()),
        default="needed",
    )
    note = text_field(
        lazy_gettext("Words to the units"), most=2000, area=True,
        description=lazy_gettext("What is asked for and why; whom to call."),
    )  # fmt: skip


class ScopeForm(Form):
    """Which organisations to put on the list; read from the address, so that a preview can be kept and sent on."""

    towns = SelectMultipleField(lazy_gettext("Townships"), widget=ListWidget(), option_widget=CheckboxInput())
    industries = SelectMultipleField(lazy_gettext("Industries"), widget=ListWidget(), option_widget=CheckboxInput())
    sizes = SelectMultipleField(lazy_gettext("Sizes"), widget=ListWidget(), option_widget=CheckboxInput())
    kinds = SelectMultipleField(lazy_gettext("Kinds"), widget=ListWidget(), option_widget=CheckboxInput())
    tags = SelectMultipleField(lazy_gettext("Tags"), widget=ListWidget(), option_widget=CheckboxInput())

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, meta={"csrf": False}, **kwargs)
        for name, pairs in choices.items():
            self[name].choices = options(pairs)

    def scope(self) -> Scope:
        """What was ticked."""
        return Scope(**{name: tuple(self[name].data or ()) for name in Scope.__dataclass_fields__})


class ContactForm(Form):
    """A call, visit, message or letter."""

    kind = SelectField(
        lazy_gettext("How"), choices=options((kind.value, lazy_gettext(CONTACT_WORDS[kind])) for kind in ContactKind)
    )
    with_whom = text_field(lazy_gettext("With whom"), most=64)
    result = text_field(lazy_gettext("What came of it"), most=2000, required=True, area=True)
    next_on = DateField(lazy_gettext("Try again on"), validators=[Optional()])


class OutcomeForm(Form):
    """What came of a unit that gives no list."""

    outcome = SelectField(
        lazy_gettext("Outcome"),
        choices=options(
            [("", lazy_gettext("It may still answer")),
             *((item.value, lazy_gettext(OUTCOME_WORDS[item])) for item in UnitOutcome)]
        ),
    )  # fmt: skip
    note = text_field(lazy_gettext("How this is known"))
    revision = HiddenField()


class LinkForm(Form):
    """A link by which one person of the unit answers without an account."""

    addressee = text_field(lazy_gettext("For whom"), most=64, required=True)
    address = text_field(
        lazy_gettext("Send to"), most=254, id="link-address",
        description=lazy_gettext("Mobile number or e-mail; empty: you hand it over yourself."),
    )  # fmt: skip
    days = whole_field(lazy_gettext("Valid for days"), least=1, most=MOST_DAYS, default=USUAL_DAYS)


class RemovalForm(Form):
    """Why a unit leaves the list."""

    reason = text_field(lazy_gettext("Reason"), required=True, id="removal-reason")


def number_in(field: HiddenField) -> int | None:
    """A whole number that a page carried along; none when it is no number."""
    text = field.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
