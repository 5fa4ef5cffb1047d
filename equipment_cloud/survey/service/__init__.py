"""Every write of campaigns, imports and mappings."""

from equipment_cloud.survey.service.campaigns import close_campaign, find_or_open_campaign, open_campaign
from equipment_cloud.survey.service.imports import Request, confirmed, import_rows, plan_of, preview, problem_row, stage
from equipment_cloud.survey.service.links import bearer_of, make_link, open_link, revoke_link
from equipment_cloud.survey.service.long_imports import (
    MOST_AT_ONCE,
    ROWS_OF_A_PART,
    STALE_AFTER,
    claim,
    give_up,
    queue,
    take_up,
    try_again,
    write_part,
)
from equipment_cloud.survey.service.mappings import save_document, save_mapping
from equipment_cloud.survey.service.owners import checked_code
from equipment_cloud.survey.service.planning import MOST_WARNINGS, Plan
from equipment_cloud.survey.service.reading import Rows, read_rows, rows_of, table_of
from equipment_cloud.survey.service.reminding import remind_unit
from equipment_cloud.survey.service.returns import add_row, begin, confirm_rows, mark_gone, save_row, submit
from equipment_cloud.survey.service.reviews import accept, drop_defect, note_defect, send_back
from equipment_cloud.survey.service.undoing import UNDOABLE, undo
from equipment_cloud.survey.service.units import (
    add_unit,
    add_units,
    freeze,
    log_contact,
    remove,
    restore,
    settle_outcome,
)
from equipment_cloud.survey.service.visits import find_visit, record_visit

__all__ = [
    "MOST_AT_ONCE",
    "MOST_WARNINGS",
    "ROWS_OF_A_PART",
    "STALE_AFTER",
    "UNDOABLE",
    "Plan",
    "Request",
    "Rows",
    "accept",
    "add_row",
    "add_unit",
    "add_units",
    "bearer_of",
    "begin",
    "checked_code",
    "claim",
    "close_campaign",
    "confirm_rows",
    "confirmed",
    "drop_defect",
    "find_or_open_campaign",
    "find_visit",
    "freeze",
    "give_up",
    "import_rows",
    "log_contact",
    "make_link",
    "mark_gone",
    "note_defect",
    "open_campaign",
    "open_link",
    "plan_of",
    "preview",
    "problem_row",
    "queue",
    "read_rows",
    "record_visit",
    "remind_unit",
    "remove",
    "restore",
    "revoke_link",
    "rows_of",
    "save_document",
    "save_mapping",
    "save_row",
    "send_back",
    "settle_outcome",
    "stage",
    "submit",
    "table_of",
    "take_up",
    "try_again",
    "undo",
    "write_part",
]
