"""What people type about campaigns, imports and mappings."""

from equipment_cloud.survey.forms.campaigns import (
    CampaignForm,
    ContactForm,
    LinkForm,
    OutcomeForm,
    RemovalForm,
    ScopeForm,
    number_in,
)
from equipment_cloud.survey.forms.imports import ColumnsForm, ImportForm, MappingForm, number_of
from equipment_cloud.survey.forms.returns import (
    ConfirmForm,
    DefectForm,
    GoneForm,
    RowForm,
    SendBackForm,
    SubmitForm,
    row_data,
    row_form,
)
from equipment_cloud.survey.forms.visits import VisitForm

__all__ = [
    "CampaignForm",
    "ColumnsForm",
    "ConfirmForm",
    "ContactForm",
    "DefectForm",
    "GoneForm",
    "ImportForm",
    "LinkForm",
    "MappingForm",
    "OutcomeForm",
    "RemovalForm",
    "RowForm",
    "ScopeForm",
    "SendBackForm",
    "SubmitForm",
    "VisitForm",
    "number_in",
    "number_of",
    "row_data",
    "row_form",
]
