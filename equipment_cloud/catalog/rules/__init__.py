"""Pure rules of the catalogue: fields, states, checks."""

from equipment_cloud.catalog.rules.checks import (
    LONGEST_PROSE,
    MOST_POSITIONS,
    class_code_from,
    has_control_characters,
    is_known_class,
    problems_before_submission,
    problems_between,
    problems_with_values,
    without_control_characters,
)
from equipment_cloud.catalog.rules.fields import (
    ALWAYS,
    BY_NAME,
    FIELDS,
    NEVER,
    OPTIONAL_PUBLIC,
    PROPOSED_PUBLIC,
    WRITABLE,
    Field,
)
from equipment_cloud.catalog.rules.likeness import Identity, Likeness, Pair, like_pairs
from equipment_cloud.catalog.rules.moves import (
    IN_CATALOGUE,
    MOVES,
    SERVICE_MOVES,
    UNVERIFIED,
    InstrumentState,
    ServiceState,
)
from equipment_cloud.catalog.rules.services import problems_with_scope, problems_with_service
from equipment_cloud.catalog.rules.standards import Standard, read_standard, standards_in

CODE_PREFIX = "330281"
"""Platform numbers of instruments begin with the city's region code."""
CALIBRATION_EXPIRED = "calibration-expired"
"""The pause reason the clock writes; only a new calibration record lifts it."""

__all__ = [
    "ALWAYS",
    "BY_NAME",
    "CALIBRATION_EXPIRED",
    "CODE_PREFIX",
    "FIELDS",
    "IN_CATALOGUE",
    "LONGEST_PROSE",
    "MOST_POSITIONS",
    "MOVES",
    "NEVER",
    "OPTIONAL_PUBLIC",
    "PROPOSED_PUBLIC",
    "SERVICE_MOVES",
    "UNVERIFIED",
    "WRITABLE",
    "Field",
    "Identity",
    "InstrumentState",
    "Likeness",
    "Pair",
    "ServiceState",
    "Standard",
    "class_code_from",
    "has_control_characters",
    "is_known_class",
    "like_pairs",
    "problems_before_submission",
    "problems_between",
    "problems_with_scope",
    "problems_with_service",
    "problems_with_values",
    "read_standard",
    "standards_in",
    "without_control_characters",
]
