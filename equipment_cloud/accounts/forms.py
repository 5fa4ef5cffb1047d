"""What people type to sign in and about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from equipment_cloud.accounts import rules
from equipment_cloud.foundation.form import Form, text_field, whole_field

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}


def password_field(label: str) -> PasswordField:
    """A password: never stripped, bounded so that hashing stays cheap to ask for."""
    return PasswordField(
        label, validators=[InputRequired(_l("This must be filled in.")), Length(max=rules.PASSWORD_MOST)]
    )


class SignInForm(Form):
    name = text_field(_l("Mobile number or e-mail"), required=True)
    password = password_field(_l("Password"))
    next = HiddenField()


class CodeRequestForm(Form):
    name = text_field(_l("Mobile number or e-mail"), required=True)
    next = HiddenField()


class CodeForm(Form):
    name = text_field(_l("Mobile number or e-mail"), required=True)
    code = text_field(_l("One-time code"), required=True, most=12)
    next = HiddenField()


class ProfileForm(Form):
    person_name = text_field(_l("Full name"), required=True, most=64)
    mobile = text_field(_l("Mobile number"), most=32)
    email = text_field(_l("E-mail"), most=254)
    locale = SelectField(_l("Language"), choices=LANGUAGES)
    current = PasswordField(_l("Present password"), validators=[Length(max=rules.PASSWORD_MOST)])


class PasswordForm(Form):
    current = PasswordField(_l("Present password"), validators=[Length(max=rules.PASSWORD_MOST)])
    password = password_field(_l("New password"))
    again = password_field(_l("New password again"))

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ."))


class TokenForm(Form):
    name = text_field(_l("Used by which program"), required=True, most=100)
    days = whole_field(_l("Valid for"), least=1, most=365, default=30)
    scopes = SelectMultipleField(
        _l("Limited to"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validate_choice=True
    )
