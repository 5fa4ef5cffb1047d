"""Every state a page may show: kind -> stored value -> (message id, tone). Kept free of Flask; data only."""

from __future__ import annotations

from collections.abc import Mapping

from equipment_cloud.kernel.errors import N_

Words = Mapping[str, tuple[str, str]]

ORGANISATION: Words = {
    "none": (N_("Voucher standing not requested"), "grey"),
    "requested": (N_("Awaiting the bureau's approval"), "amber"),
    "approved": (N_("Approved for vouchers"), "green"),
    "refused": (N_("Not approved"), "red"),
}
CODE_CHECK: Words = {
    "passed": (N_("Check digit right"), "green"),
    "failed": (N_("Check digit wrong"), "amber"),
    "overridden": (N_("Accepted by a reviewer"), "violet"),
}
PERSON: Words = {"active": (N_("Active"), "green"), "disabled": (N_("Disabled"), "grey")}
INSTRUMENT: Words = {
    "draft": (N_("Draft"), "grey"),
    "submitted": (N_("Awaiting verification"), "amber"),
    "verified": (N_("Verified"), "blue"),
    "published": (N_("Bookable"), "green"),
    "paused": (N_("Paused"), "amber"),
    "retired": (N_("Retired"), "grey"),
}
SERVICE: Words = {
    "draft": (N_("Draft"), "grey"),
    "published": (N_("Offered"), "green"),
    "withdrawn": (N_("Withdrawn"), "grey"),
}
FOUND_KIND: Words = {"instrument": (N_("Instrument"), "blue"), "service": (N_("Test service"), "violet")}
INSTRUMENT_MODE: Words = {
    "self_operated": (N_("Machine time, you operate"), "blue"),
    "sample": (N_("Sample testing, they operate"), "blue"),
    "both": (N_("Machine time and sample testing"), "blue"),
}
SHARE_MODE: Words = {
    "internal": (N_("Shared inside the organisation"), "grey"),
    "external": (N_("Shared with everyone"), "green"),
    "none": (N_("Not shared"), "grey"),
}
BOOKING: Words = {
    "requested": (N_("Awaiting approval"), "amber"),
    "approved": (N_("Confirmed"), "green"),
    "in_use": (N_("In use"), "blue"),
    "to_confirm": (N_("Hours to be confirmed"), "amber"),
    "completed": (N_("Completed"), "green"),
    "declined": (N_("Declined"), "red"),
    "expired": (N_("Expired"), "grey"),
    "cancelled": (N_("Cancelled"), "grey"),
    "cancelled_late": (N_("Cancelled late"), "amber"),
    "revoked": (N_("Cancelled by the provider"), "red"),
    "no_show": (N_("No-show"), "red"),
}
BREACH: Words = {
    "standing": (N_("Counts"), "amber"),
    "appealed": (N_("Appealed against"), "blue"),
    "upheld": (N_("Upheld"), "red"),
    "lifted": (N_("Lifted"), "grey"),
}
TEST_ORDER: Words = {
    "draft": (N_("Draft"), "grey"),
    "sent": (N_("Sent for a quote"), "amber"),
    "quoted": (N_("Quoted"), "amber"),
    "accepted": (N_("Quote accepted"), "blue"),
    "received": (N_("Samples received"), "blue"),
    "testing": (N_("Testing"), "blue"),
    "reported": (N_("Report to be accepted"), "amber"),
    "closed": (N_("Report accepted"), "green"),
    "declined": (N_("Declined"), "red"),
    "cancelled": (N_("Cancelled"), "grey"),
}
WAITLIST: Words = {
    "waiting": (N_("Waiting"), "grey"),
    "offered": (N_("Held for you"), "amber"),
    "taken": (N_("Taken"), "green"),
    "lapsed": (N_("Lapsed"), "grey"),
    "left": (N_("Left the list"), "grey"),
}
USAGE: Words = {
    "running": (N_("In use"), "blue"),
    "to_confirm": (N_("Hours to be confirmed"), "amber"),
    "confirmed": (N_("Hours confirmed"), "green"),
    "corrected": (N_("Corrected"), "violet"),
    "void": (N_("Void"), "grey"),
}
VOUCHER: Words = {
    "draft": (N_("Draft"), "grey"),
    "submitted": (N_("Awaiting first review"), "amber"),
    "sent_back": (N_("Sent back for completion"), "amber"),
    "reviewed": (N_("Awaiting second review"), "amber"),
    "issued": (N_("Issued"), "green"),
    "frozen": (N_("Frozen"), "violet"),
    "returned": (N_("Given back"), "grey"),
    "expired": (N_("Expired"), "grey"),
    "exhausted": (N_("Used up"), "grey"),
    "refused": (N_("Refused"), "red"),
}
HOLD: Words = {
    "held": (N_("Held"), "blue"),
    "drawn": (N_("Drawn"), "green"),
    "released": (N_("Released"), "grey"),
}
POLICY: Words = {
    "draft": (N_("Draft"), "grey"),
    "published": (N_("In force"), "green"),
}
CLAIM: Words = {
    "draft": (N_("Draft"), "grey"),
    "submitted": (N_("Awaiting first review"), "amber"),
    "in_review": (N_("Awaiting second review"), "amber"),
    "returned": (N_("Returned for completion"), "amber"),
    "approved": (N_("Amount approved"), "blue"),
    "batched": (N_("In a batch"), "blue"),
    "noticed": (N_("Under public notice"), "blue"),
    "objected": (N_("Objection, frozen"), "violet"),
    "payable": (N_("To be paid"), "blue"),
    "paid": (N_("Paid out"), "green"),
    "bounced": (N_("Bank transfer rejected"), "red"),
    "rejected": (N_("Rejected"), "red"),
    "withdrawn": (N_("Withdrawn"), "grey"),
    "recovering": (N_("Being recovered"), "red"),
    "recovered": (N_("Recovered"), "grey"),
}
CLAIM_STAGE: Words = {
    "review": (N_("First review"), "amber"),
    "approval": (N_("Second review"), "amber"),
}
FINDING: Words = {"block": (N_("Stops the claim"), "red"), "warn": (N_("Needs a note"), "amber")}
EVIDENCE: Words = {
    "complete": (N_("Papers complete"), "green"),
    "present": (N_("Present"), "green"),
    "missing": (N_("Missing"), "red"),
    "doubtful": (N_("Doubtful"), "amber"),
}
SAMPLE_LINE: Words = {
    "open": (N_("Awaiting a second look"), "amber"),
    "clear": (N_("In order"), "green"),
    "irregular": (N_("Irregular"), "red"),
}
BATCH: Words = {
    "assembled": (N_("Assembled"), "grey"),
    "checked": (N_("Checked by a second person"), "blue"),
    "noticed": (N_("Under public notice"), "blue"),
    "sent": (N_("Sent to the treasury"), "blue"),
    "closed": (N_("Closed out"), "green"),
}
BATCH_LINE: Words = {
    "listed": (N_("Listed"), "blue"),
    "frozen": (N_("Objection, frozen"), "violet"),
    "struck": (N_("Struck out"), "red"),
    "payable": (N_("To be paid"), "blue"),
    "carried": (N_("Carried to a later batch"), "amber"),
    "paid": (N_("Paid out"), "green"),
    "bounced": (N_("Bank transfer rejected"), "red"),
}
NOTICE: Words = {"open": (N_("Under public notice"), "blue"), "closed": (N_("Notice over"), "grey")}
NOTICE_LINE: Words = {
    "standing": (N_("No objection"), "green"),
    "frozen": (N_("Objection, frozen"), "violet"),
    "struck": (N_("Struck out"), "red"),
}
OBJECTION: Words = {
    "open": (N_("Awaiting a decision"), "amber"),
    "upheld": (N_("Upheld"), "red"),
    "dismissed": (N_("Dismissed"), "grey"),
}
CAMPAIGN: Words = {"open": (N_("Under way"), "green"), "closed": (N_("Finished"), "grey")}
CAMPAIGN_UNIT: Words = {
    "not_started": (N_("Not started"), "grey"),
    "draft": (N_("Being filled in"), "blue"),
    "submitted": (N_("Handed in"), "amber"),
    "returned": (N_("Sent back"), "amber"),
    "accepted": (N_("Accepted"), "green"),
    "no_equipment": (N_("No equipment"), "green"),
    "closed_down": (N_("Closed down or struck off"), "grey"),
    "refused": (N_("Refuses to answer"), "red"),
    "unreachable": (N_("Cannot be reached"), "violet"),
}
SURVEY_ROW: Words = {
    "created": (N_("New"), "green"),
    "updated": (N_("Changed"), "blue"),
    "unchanged": (N_("Unchanged"), "grey"),
    "refused": (N_("Not taken"), "red"),
    "duplicate": (N_("Possible duplicate"), "amber"),
    "error": (N_("Error"), "red"),
    "warning": (N_("Warning"), "amber"),
}
JOB_RUN: Words = {
    "running": (N_("Running"), "blue"),
    "done": (N_("Done"), "green"),
    "failed": (N_("Failed"), "red"),
}
CLOCK: Words = {"ticking": (N_("The clock is running"), "green"), "still": (N_("The clock stands still"), "red")}
CARRIER: Words = {
    "entered": (N_("Awaiting confirmation"), "amber"),
    "confirmed": (N_("On the register"), "green"),
    "suspended": (N_("Suspended"), "violet"),
    "ended": (N_("No longer in force"), "grey"),
}
CONTRACT: Words = {
    "draft": (N_("Draft"), "grey"),
    "signed": (N_("Signed"), "green"),
    "ended": (N_("No longer in force"), "grey"),
}
INVOICE: Words = {
    "normal": (N_("Valid"), "green"),
    "red": (N_("Reversed by a red-letter invoice"), "red"),
    "void": (N_("Void"), "grey"),
}
PAYMENT: Words = {"recorded": (N_("Recorded"), "blue"), "allocated": (N_("Allocated"), "green")}
BANK_ACCOUNT: Words = {
    "proposed": (N_("Awaiting a second person"), "amber"),
    "approved": (N_("Account approved"), "green"),
    "refused": (N_("Refused"), "red"),
    "withdrawn": (N_("Dropped"), "grey"),
    "ended": (N_("Replaced"), "grey"),
}
ORGANISATION_KIND: Words = {
    "enterprise": (N_("Enterprise"), "grey"),
    "institution": (N_("Research or testing institution"), "grey"),
    "umbrella": (N_("Umbrella organisation"), "grey"),
    "bureau": (N_("Bureau"), "grey"),
}
SLOT: Words = {
    "free": (N_("Free"), "green"),
    "booked": (N_("Booked"), "blue"),
    "pending": (N_("Pending approval"), "amber"),
    "hold": (N_("Held for a moment"), "amber"),
    "maintenance": (N_("Maintenance"), "violet"),
    "closed": (N_("Not open"), "grey"),
    "past": (N_("Gone by"), "grey"),
    "mine": (N_("My booking"), "blue"),
}
OUTBOX: Words = {
    "waiting": (N_("To be sent"), "amber"),
    "sent": (N_("Sent"), "green"),
    "failed": (N_("Failed"), "red"),
}
LIKENESS: Words = {
    "serial": (N_("Same model and serial number"), "red"),
    "number": (N_("Same serial number"), "amber"),
    "facts": (N_("Same model, value and day in service"), "grey"),
}
PAIR: Words = {
    "open": (N_("To be decided"), "amber"),
    "kept": (N_("Both kept"), "green"),
    "merged": (N_("Merged"), "grey"),
}

WORDS: Mapping[str, Words] = {
    "organisation": ORGANISATION, "organisation_kind": ORGANISATION_KIND, "code_check": CODE_CHECK, "person": PERSON,
    "found_kind": FOUND_KIND,
    "instrument": INSTRUMENT, "instrument_mode": INSTRUMENT_MODE, "mode": INSTRUMENT_MODE, "share_mode": SHARE_MODE,
    "service": SERVICE, "likeness": LIKENESS, "pair": PAIR,
    "booking": BOOKING, "breach": BREACH, "waitlist": WAITLIST, "test_order": TEST_ORDER, "usage": USAGE, "slot": SLOT,
    "voucher": VOUCHER, "hold": HOLD, "policy": POLICY, "carrier": CARRIER,
    "claim": CLAIM, "claim_stage": CLAIM_STAGE, "finding": FINDING, "evidence": EVIDENCE,
    "batch": BATCH, "batch_line": BATCH_LINE, "payment_line": BATCH_LINE, "sample_line": SAMPLE_LINE,
    "notice": NOTICE, "notice_line": NOTICE_LINE, "objection": OBJECTION,
    "campaign": CAMPAIGN, "campaign_unit": CAMPAIGN_UNIT, "survey_row": SURVEY_ROW, "job_run": JOB_RUN, "clock": CLOCK,
    "contract": CONTRACT, "invoice": INVOICE, "payment": PAYMENT, "bank_account": BANK_ACCOUNT, "outbox": OUTBOX,
}  # fmt: skip
