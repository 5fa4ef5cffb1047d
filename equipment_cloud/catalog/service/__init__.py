"""Every write of instruments, positions, calibrations and test services: one function a use case."""

from equipment_cloud.catalog.service.accreditations import end_accreditation, record_scope
from equipment_cloud.catalog.service.bulk import BulkRow, bulk_remove, bulk_upsert, from_plain
from equipment_cloud.catalog.service.calibrations import pause_uncalibrated, record_calibration
from equipment_cloud.catalog.service.duplicates import find_duplicates, keep_both, merge
from equipment_cloud.catalog.service.indexing import reindex
from equipment_cloud.catalog.service.records import create, problems_with_unit_number, set_positions, update
from equipment_cloud.catalog.service.steps import consent, pause, publish, resume, retire, send_back, submit, verify
from equipment_cloud.catalog.service.surveyed import SurveyedRow, take_over
from equipment_cloud.catalog.service.test_services import (
    create_service,
    publish_service,
    update_service,
    withdraw_service,
)

__all__ = [
    "BulkRow",
    "SurveyedRow",
    "bulk_remove",
    "bulk_upsert",
    "consent",
    "create",
    "create_service",
    "end_accreditation",
    "find_duplicates",
    "from_plain",
    "keep_both",
    "merge",
    "pause",
    "pause_uncalibrated",
    "problems_with_unit_number",
    "publish",
    "publish_service",
    "record_calibration",
    "record_scope",
    "reindex",
    "resume",
    "retire",
    "send_back",
    "set_positions",
    "submit",
    "take_over",
    "update",
    "update_service",
    "verify",
    "withdraw_service",
]
