"""What people type about organisations."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length

from equipment_cloud.accounts import rules as accounts
from equipment_cloud.foundation.form import Form, MoneyField, text_field, whole_field
from equipment_cloud.kernel.errors import Invalid
from equipment_cloud.kernel.identifiers import problems_with_credit_code

_needed = InputRequired(_l("This must be filled in."))


class SignUpForm(Form):
    """A person and their organisation in one form."""

    kind = RadioField(_l("Kind of organisation"), default="enterprise")
    name = text_field(_l("Registered name"), required=True)
    credit_code = text_field(_l("Unified social credit code"), required=True, most=40)
    town_code = SelectField(_l("Township"), validators=[_needed])
    industry_code = SelectField(_l("Industry"), default="")
    is_provider = BooleanField(_l("We also have instruments to share"))
    person_name = text_field(_l("Your name"), required=True, most=64)
    mobile = text_field(_l("Mobile number"), most=32)
    email = text_field(_l("E-mail"), most=254)
    password = PasswordField(_l("Password"), validators=[_needed, Length(max=accounts.PASSWORD_MOST)])
    again = PasswordField(_l("Password again"), validators=[_needed, Length(max=accounts.PASSWORD_MOST)])
    accepts = BooleanField(_l("I act for this organisation and accept the terms of use"), validators=[_needed])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ."))

    def validate(self, extra_validators: Any = None) -> bool:
        """The rules of person and organisation too, so that all that is wrong is said at once."""
        fits = super().validate(extra_validators)
        problems = accounts.problems_with_person(
            self.person_name.data or "-",
            email=accounts.stored_email(self.email.data) or None,
            mobile=accounts.stored_mobile(self.mobile.data) or None,
            locale="en",
        )
        if self.password.data:
            problems += accounts.problems_with_password(
                self.password.data, not_like=(self.email.data, self.mobile.data)
            )
        if self.credit_code.data:
            found = problems_with_credit_code(self.credit_code.data)
            problems += [problem for problem in found if problem.level == "error"]
        if problems:
            self.show(Invalid(problems=problems))
        return fits and not problems


class DetailsForm(Form):
    """What needs no licence to change."""

    name_en = text_field(_l("English name"))
    town_code = SelectField(_l("Township"), default="")
    address = text_field(_l("Address"))
    industry_code = SelectField(_l("Industry"), default="")
    contact_name = text_field(_l("Contact"), most=64)
    phone = text_field(_l("Telephone"), most=64)
    introduction = text_field(_l("Introduction"), most=2000, area=True)
    is_provider = BooleanField(_l("We have instruments to share"))


class InviteForm(Form):
    """A colleague and a role."""

    contact = text_field(_l("Mobile number or e-mail"), required=True, most=254)
    person_name = text_field(_l("Name, if the person has no account yet"), most=64)
    role = SelectField(_l("Role"), validators=[_needed])
    scope = SelectField(_l("Township"), default="")


class ReasonForm(Form):
    """Why."""

    reason = text_field(_l("Reason"), required=True, area=True)


class RenameForm(Form):
    """A newly registered name."""

    name = text_field(_l("New registered name"), required=True)
    valid_from = DateField(_l("Registered on"), validators=[_needed])


class CreditCodeForm(Form):
    """Another credit code."""

    credit_code = text_field(_l("Unified social credit code"), required=True, most=40)
    valid_from = DateField(_l("In force from"), validators=[_needed], id="code_valid_from")


class BankAccountForm(Form):
    """Where money goes."""

    account_name = text_field(_l("Account name"), required=True)
    account_number = text_field(_l("Account number"), required=True, most=64)
    bank_name = text_field(_l("Bank and branch"), required=True)
    cnaps = text_field(_l("Bank code (12 digits)"), most=40)


class ProfileForm(Form):
    """A year's figures."""

    year = whole_field(_l("Year"), least=2000, most=2200)
    industry = SelectField(_l("Industry of the size notice"), validators=[_needed])
    staff = whole_field(_l("Staff"), most=1_000_000)
    revenue_fen = MoneyField(_l("Revenue"), validators=[_needed])
    assets_fen = MoneyField(_l("Total assets"), validators=[_needed])


class TagsForm(Form):
    """Words to group by."""

    tags = text_field(_l("Tags"), most=900, description=_l("Separated by commas; a survey can choose units by them."))

    def words(self) -> list[str]:
        """The tags, one each."""
        return re.split(r"[,，、;；]", self.tags.data or "")
