"""The blueprint and what its pages share."""

from __future__ import annotations

from flask import Blueprint

from equipment_cloud.settlement import policy

bp = Blueprint("settlement", __name__)

READERS = (*policy.APPLICANT_ROLES, *policy.PROVIDER_ROLES, *policy.READER_ROLES)
