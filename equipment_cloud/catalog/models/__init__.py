"""Instruments (仪器), their positions and calibrations, test services (检测项目), and likely repeats."""

from equipment_cloud.catalog.models.duplicates import DuplicatePair, PairState
from equipment_cloud.catalog.models.records import (
    Accreditation,
    Calibration,
    CalibrationKind,
    Instrument,
    Mode,
    Position,
    Scheme,
    ServiceInstrument,
    ServiceMethod,
    ShareMode,
    TestService,
)
from equipment_cloud.catalog.rules import InstrumentState, ServiceState

__all__ = [
    "Accreditation",
    "Calibration",
    "CalibrationKind",
    "DuplicatePair",
    "Instrument",
    "InstrumentState",
    "Mode",
    "PairState",
    "Position",
    "Scheme",
    "ServiceInstrument",
    "ServiceMethod",
    "ServiceState",
    "ShareMode",
    "TestService",
]
