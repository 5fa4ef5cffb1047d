"""Pure rules of the survey: the template, foreign layouts, reading rows, slips and repeats."""

from equipment_cloud.survey.rules.campaigns import (
    ANSWERERS,
    FORMS,
    UNIT_MOVES,
    WITH_UNIT,
    Coverage,
    Scope,
    UnitOutcome,
    UnitState,
    is_late,
    problems_with_outcome,
    totals_of,
)
from equipment_cloud.survey.rules.cells import Setting
from equipment_cloud.survey.rules.columns import (
    COLUMNS,
    EXAMPLE_NUMBER,
    KNOWN_HEADINGS,
    PROBLEM_SHEET,
    SHEETS,
    TARGETS,
    TemplateColumn,
    plain_heading,
)
from equipment_cloud.survey.rules.findings import Draft, Finding, comparable, warning
from equipment_cloud.survey.rules.guessing import MOST_COLUMNS, Guess, fits, guess_head_row, guess_targets, is_standard
from equipment_cloud.survey.rules.headings import Head, find_head, findings_about
from equipment_cloud.survey.rules.layout import FORM_LAYOUTS, STANDARD, STANDARD_LAYOUT, Layout, layout_from
from equipment_cloud.survey.rules.links import LinkGone, hashed, is_live, problems_with_link
from equipment_cloud.survey.rules.passing import findings_about_rows
from equipment_cloud.survey.rules.repeats import Key, flag_repeated_numbers, flag_repeats, keys_of, keys_of_values
from equipment_cloud.survey.rules.returns import (
    NAMEPLATE,
    Difference,
    Said,
    asked_fields,
    differences,
    problems_with_return,
    said_otherwise,
    stored,
    typed,
)
from equipment_cloud.survey.rules.rows import drafts
from equipment_cloud.survey.rules.words import choices_of

__all__ = [
    "ANSWERERS",
    "COLUMNS",
    "EXAMPLE_NUMBER",
    "FORMS",
    "FORM_LAYOUTS",
    "KNOWN_HEADINGS",
    "MOST_COLUMNS",
    "NAMEPLATE",
    "PROBLEM_SHEET",
    "SHEETS",
    "STANDARD",
    "STANDARD_LAYOUT",
    "TARGETS",
    "UNIT_MOVES",
    "WITH_UNIT",
    "Coverage",
    "Difference",
    "Draft",
    "Finding",
    "Guess",
    "Head",
    "Key",
    "Layout",
    "LinkGone",
    "Said",
    "Scope",
    "Setting",
    "TemplateColumn",
    "UnitOutcome",
    "UnitState",
    "asked_fields",
    "choices_of",
    "comparable",
    "differences",
    "drafts",
    "find_head",
    "findings_about",
    "findings_about_rows",
    "fits",
    "flag_repeated_numbers",
    "flag_repeats",
    "guess_head_row",
    "guess_targets",
    "hashed",
    "is_late",
    "is_live",
    "is_standard",
    "keys_of",
    "keys_of_values",
    "layout_from",
    "plain_heading",
    "problems_with_link",
    "problems_with_outcome",
    "problems_with_return",
    "said_otherwise",
    "stored",
    "totals_of",
    "typed",
    "warning",
]
