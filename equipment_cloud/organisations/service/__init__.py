"""Writes of organisations: identity, people, standing, accounts, yearly figures."""

from equipment_cloud.organisations.service.accounts import (
    approve_bank_account,
    propose_bank_account,
    withdraw_bank_account,
)
from equipment_cloud.organisations.service.facts import record_profile, relate, update_details
from equipment_cloud.organisations.service.identity import (
    CodeKnown,
    change_credit_code,
    override_code_check,
    register,
    rename,
)
from equipment_cloud.organisations.service.people import LastOne, end_grant, grant, invite
from equipment_cloud.organisations.service.signing_up import sign_up
from equipment_cloud.organisations.service.standing import approve_standing, refuse_standing, request_standing
from equipment_cloud.organisations.service.tags import set_tags

__all__ = [
    "CodeKnown",
    "LastOne",
    "approve_bank_account",
    "approve_standing",
    "change_credit_code",
    "end_grant",
    "grant",
    "invite",
    "override_code_check",
    "propose_bank_account",
    "record_profile",
    "refuse_standing",
    "register",
    "relate",
    "rename",
    "request_standing",
    "set_tags",
    "sign_up",
    "update_details",
    "withdraw_bank_account",
]
