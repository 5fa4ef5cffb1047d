"""The instrument record field by field, and what NRII (国家网络管理平台) and 省大仪 call each field.

One table feeds the form, the survey template, the import, the API's descriptions and the consent page. Lengths
are NRII's, in characters; a longer text is kept in full here and cut only by an export. Sources: domain rules
2.2, 2.4, 6.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipment_cloud.kernel.errors import N_

LINE = 255
"""Longest text of a one-line column."""
SHORT = 64

KINDS = {"general": N_("General purpose"), "special": N_("Special purpose")}
SOURCES = {
    "purchased": N_("Purchased"),
    "developed": N_("Developed in-house"),
    "donated": N_("Donated"),
    "transferred": N_("Transferred in"),
    "exchanged": N_("Exchanged"),
    "surplus": N_("Found in stocktaking"),
    "other": N_("Other"),
}
FUNDS = {
    "central": N_("Central government funds"),
    "local": N_("Local government funds"),
    "own": N_("Own funds"),
    "other": N_("Other funds"),
}
RUN_STATES = {
    "normal": N_("Running normally"),
    "standby": N_("On standby"),
    "remote": N_("In remote service"),
    "occasional_fault": N_("Occasional faults"),
    "frequent_fault": N_("Frequent faults"),
    "awaiting_repair": N_("Awaiting repair"),
    "awaiting_disposal": N_("Awaiting disposal"),
}
SHARE_MODES = {
    "internal": N_("Shared inside the organisation"),
    "external": N_("Shared with everyone"),
    "none": N_("Not shared"),
}
MODES = {
    "self_operated": N_("Machine time, you operate"),
    "sample": N_("Sample testing, they operate"),
    "both": N_("Machine time and sample testing"),
}

BELONGS = {
    "none": N_("To nothing larger"),
    "centre": N_("To an instrument centre"),
    "facility": N_("To a major research facility"),
    "key_lab": N_("To a national key laboratory"),
    "engineering_centre": N_("To a national engineering centre"),
    "germplasm": N_("To a germplasm bank"),
}

ALWAYS, SHOWN, HIDDEN, NEVER = "always", "shown", "hidden", "never"
"""Public always; public if the owner agrees (proposed, or not proposed); never public."""


_SHORT = frozenset({"contact_name", "phone", "postcode", "country", "gs1_code", "customs_declaration", "customs_item",
                    "duty_exemption"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``kind``: text, prose, code, codes, texts, money, day, whole, truth, town, class."""

    name: str
    label: str
    kind: str = "text"
    limit: int | None = None
    nrii: str | None = None
    zhejiang: str | None = None
    unit: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False
    """Needed before the record may be submitted for verification."""
    is_core: bool = False
    """Says which machine it is: a change after verification asks for another look."""
    public: str = SHOWN

    @property
    def most(self) -> int:
        """Characters the column keeps."""
        return SHORT if self.name in _SHORT else LINE


FIELDS = (
    Field("name", N_("Name"), limit=100, nrii="cname", zhejiang="name", is_needed=True, is_core=True, public=ALWAYS),
    Field("name_en", N_("English name"), limit=100, nrii="ename", zhejiang="ename", public=ALWAYS),
    Field("model", N_("Model"), limit=100, nrii="instrVersion", zhejiang="pormat", is_needed=True, is_core=True,
          public=ALWAYS),
    Field("manufacturer", N_("Manufacturer"), limit=50, nrii="manufacturer", zhejiang="buildCompany", is_needed=True,
          is_core=True, public=ALWAYS),
    Field("serial_number", N_("Serial number"), is_core=True, public=HIDDEN),
    Field("class_code", N_("Class"), "class", nrii="instrCategory", zhejiang="typeCode", is_needed=True, is_core=True,
          public=ALWAYS),
    Field("kind", N_("Kind"), "code", nrii="type", choices=KINDS),
    Field("source", N_("Source"), "code", nrii="instrSource", zhejiang="source", choices=SOURCES, public=HIDDEN),
    Field("country", N_("Country of origin"), limit=64, nrii="nation", zhejiang="country"),
    Field("original_value_fen", N_("Original value"), "money", nrii="worth", zhejiang="price", unit=N_("10,000 yuan"),
          is_needed=True, is_core=True, public=HIDDEN),
    Field("acquired_on", N_("Purchased on"), "day", public=HIDDEN),
    Field("in_service_on", N_("In service since"), "day", nrii="beginDate", zhejiang="startDate", is_needed=True,
          is_core=True),
    Field("technical", N_("Main technical data"), "prose", 500, "technical", "technology", is_needed=True),
    Field("function", N_("Main functions"), "prose", 300, "function", "functionField", is_needed=True,
          public=ALWAYS),
    Field("subjects", N_("Disciplines"), "texts", nrii="subject", zhejiang="applicationArea"),
    Field("service_content", N_("Services offered"), "prose", 200, "serviceContent", "purpose", is_needed=True),
    Field("achievement", N_("Typical results"), "prose", 500, "achievement"),
    Field("requirement", N_("Rules of sharing"), "prose", 500, "requirement", "share", is_needed=True),
    Field("fee_note", N_("Fees in words"), "prose", 500, "fee"),
    Field("funds", N_("Paid from"), "codes", nrii="funds", zhejiang="funds", choices=FUNDS, public=HIDDEN),
    Field("run_state", N_("Running state"), "code", nrii="status", zhejiang="running", choices=RUN_STATES,
          public=HIDDEN),
    Field("share_mode", N_("Sharing"), "code", nrii="shareMode", choices=SHARE_MODES, is_needed=True, public=ALWAYS),
    Field("not_shared_reason", N_("Why it is not shared"), limit=255, public=NEVER),
    Field("mode", N_("Way of service"), "code", choices=MODES, is_needed=True, public=ALWAYS),
    Field("department", N_("Department"), nrii="insideDepart"),
    Field("town_code", N_("Township"), "town", nrii="county", zhejiang="county", is_needed=True, public=ALWAYS),
    Field("address", N_("Place"), limit=100, nrii="street", zhejiang="street", is_needed=True),
    Field("contact_name", N_("Contact"), limit=20, nrii="contact", zhejiang="sContact", is_needed=True),
    Field("phone", N_("Telephone"), limit=20, nrii="phone", zhejiang="sPhone", is_needed=True),
    Field("email", N_("E-mail"), limit=50, nrii="email", zhejiang="sEmail", public=HIDDEN),
    Field("postcode", N_("Postcode"), limit=6, nrii="postalcode", public=HIDDEN),
    Field("postal_address", N_("Postal address"), limit=100, nrii="address", public=HIDDEN),
    Field("belongs_type", N_("Part of"), "code", nrii="instrBelongsType", choices=BELONGS, public=HIDDEN),
    Field("belongs_to", N_("Number of what it is part of"), limit=100, nrii="instrBelongsName", public=HIDDEN),
    Field("carrier_name", N_("Name of what it is part of"), limit=100, nrii="resourceName", public=HIDDEN),
    Field("gs1_code", N_("GS1 code"), limit=64, zhejiang="gs1Code", public=HIDDEN),
    Field("customs_supervised", N_("Under customs supervision"), "truth", nrii="instrSupervise", zhejiang="customs",
          public=HIDDEN),
    Field("customs_declaration", N_("Import declaration"), limit=18, nrii="declarationNumber", public=NEVER),
    Field("customs_item", N_("Item of the declaration"), limit=2, nrii="itemNumber", public=NEVER),
    Field("customs_released_on", N_("Released by customs on"), "day", nrii="importDate", public=NEVER),
    Field("customs_form_name", N_("Name on the declaration"), limit=30, nrii="formname", public=NEVER),
    Field("duty_exemption", N_("Certificate of duty exemption"), limit=12, nrii="codeCpd", public=NEVER),
    Field("run_hours", N_("Hours run last year"), "whole", nrii="runMachine", unit=N_("h"), public=HIDDEN),
    Field("service_hours", N_("Hours of service to others last year"), "whole", nrii="serviceMachine", unit=N_("h"),
          public=HIDDEN),
    Field("is_secret", N_("Secret, never published"), "truth", public=NEVER),
    Field("calibration_required", N_("Must be calibrated"), "truth", public=NEVER),
    Field("calibration_valid_until", N_("Calibration valid until"), "day"),
)  # fmt: skip

BY_NAME: Mapping[str, Field] = {item.name: item for item in FIELDS}
OPTIONAL_PUBLIC = tuple(item.name for item in FIELDS if item.public in {SHOWN, HIDDEN})
"""Fields the owner decides on, one by one."""
PROPOSED_PUBLIC = tuple(item.name for item in FIELDS if item.public == SHOWN)
"""Ticked when the owner first sees the consent page; the original value (原值) is not."""
WRITABLE = frozenset(item.name for item in FIELDS if item.name != "calibration_valid_until") | {"extra"}
"""Fields a person or program may set; the calibration's date follows from its records."""
