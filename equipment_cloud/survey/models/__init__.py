"""Survey campaigns (普查 / 摸底) and imports."""

from equipment_cloud.survey.models.campaigns import Campaign, CampaignState, SurveyReminder
from equipment_cloud.survey.models.imports import ImportProblem, ImportRun, ImportStage, SavedMapping, SurveyRow
from equipment_cloud.survey.models.links import AnswerLink
from equipment_cloud.survey.models.returns import ReturnDefect, ReturnRow, RowSource
from equipment_cloud.survey.models.units import CampaignUnit, ContactKind, SurveyContact

__all__ = [
    "AnswerLink",
    "Campaign",
    "CampaignState",
    "CampaignUnit",
    "ContactKind",
    "ImportProblem",
    "ImportRun",
    "ImportStage",
    "ReturnDefect",
    "ReturnRow",
    "RowSource",
    "SavedMapping",
    "SurveyContact",
    "SurveyReminder",
    "SurveyRow",
]
