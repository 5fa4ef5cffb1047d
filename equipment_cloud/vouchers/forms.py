"""What people type about vouchers, pools and policies."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from equipment_cloud.carriers.rules import CATEGORIES
from equipment_cloud.foundation.filters import worded
from equipment_cloud.foundation.form import Form, MoneyField, text_field, whole_field
from equipment_cloud.vouchers.wording import PURPOSES

_REQUIRED = InputRequired(_l("This must be filled in."))
REGIONS = (
    ("330281", _l("within Yuyao")),
    ("330200", _l("elsewhere in Ningbo")),
    ("330100", _l("elsewhere in Zhejiang")),
    ("310000", _l("Shanghai, Jiangsu or Anhui")),
    ("110000", _l("elsewhere in China")),
)


class ApplicationForm(Form):
    """An application for a voucher."""

    organisation_id = SelectField(_l("For which enterprise"), coerce=int)
    policy_id = SelectField(_l("Policy"), coerce=int)
    requested_fen = MoneyField(_l("Amount"), validators=[_REQUIRED])
    purpose = text_field(_l("What you want to use it for"), required=True, most=2000, area=True)


class ChangeForm(Form):
    """What of an application can still be mended."""

    requested_fen = MoneyField(_l("Amount"), validators=[_REQUIRED])
    purpose = text_field(_l("What you want to use it for"), required=True, most=2000, area=True)


class DecisionForm(Form):
    """The bureau's decision; which one, the pressed button says."""

    opinion = text_field(_l("Opinion"), required=True, most=1000, area=True)
    defects = text_field(_l("To be mended"), most=2000, area=True)

    def listed_defects(self) -> list[str]:
        """One defect a line."""
        return [line.strip() for line in (self.defects.data or "").splitlines() if line.strip()]


class IssueForm(DecisionForm):
    """The second person's decision, who may lower the amount."""

    amount_fen = MoneyField(_l("Amount to issue"), validators=[_REQUIRED])


class ReasonForm(Form):
    """Why a voucher is frozen, let go again or given back."""

    reason = text_field(_l("Reason"), required=True, most=500)


class PlanForm(Form):
    """Money planned for a policy and year."""

    policy_id = SelectField(_l("Policy"), coerce=int)
    year = whole_field(_l("Budget year"), least=2000, most=2200)
    amount_fen = MoneyField(_l("Amount"), validators=[_REQUIRED])
    document_number = text_field(_l("Document number"), required=True, most=120)


class WithdrawForm(Form):
    """Free money taken back by the treasury."""

    amount_fen = MoneyField(_l("Amount"), validators=[_REQUIRED])
    document_number = text_field(_l("Document number"), required=True, most=120)


class TryForm(Form):
    """A service to try a policy on. Asked by GET: nothing is changed, so there is no token."""

    class Meta:
        csrf = False

    price_fen = MoneyField(_l("Price of the service"), validators=[_REQUIRED])
    category = SelectField(_l("Kind of service"))
    purpose = SelectField(_l("Purpose"))
    region = SelectField(_l("The institution is in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [(code, worded(words)) for code, words in CATEGORIES.items()]
        self.purpose.choices = [(code, worded(words)) for code, words in PURPOSES.items()]
        self.region.choices = list(REGIONS)
