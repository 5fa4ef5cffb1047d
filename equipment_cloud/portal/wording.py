"""Words for what machines call by codes: jobs and their rhythm, acts and records of the audit trail.

An act is worded in two halves, its room and its verb, so that a new act of a known kind has words from the start.
What has none is shown as its code.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _

from equipment_cloud.kernel.errors import N_

JOBS = {
    "billing.issue-charges": N_("Issue bills for confirmed hours"),
    "booking.expire-pending": N_("Let unanswered requests expire"),
    "booking.mark-no-shows": N_("Record no-shows"),
    "booking.offer-waitlist": N_("Offer free times to the waiting list"),
    "catalog.pause-uncalibrated": N_("Pause instruments whose calibration is over"),
    "discovery.count-words": N_("Learn the words of the catalogue"),
    "discovery.tell-new": N_("Tell of new finds for saved searches"),
    "foundation.backup": N_("Back up the database"),
    "foundation.seal-audit": N_("Seal the audit trail"),
    "insight.roll-up": N_("Add up the figures of the day"),
    "messages.send-outbox": N_("Send messages"),
    "settlement.assemble-batch": N_("Assemble settlement batches"),
    "settlement.check-claims": N_("Check the data of claims"),
    "settlement.close-notices": N_("Close public notices"),
    "settlement.draw-sample": N_("Draw the second look"),
    "booking.remind-approvers": N_("Remind institutions that have not answered requests"),
    "survey.remind-units": N_("Remind units that are behind in the survey"),
    "survey.write-imports": N_("Write long imports"),
    "catalog.find-duplicates": N_("Look for instruments entered twice"),
    "usage.close-forgotten": N_("End forgotten sessions"),
    "vouchers.expire-unused": N_("Take back what expired on vouchers"),
    "vouchers.remind-expiring": N_("Remind of vouchers about to expire"),
    "vouchers.verify-ledger": N_("Prove the ledger"),
}
ROOMS = {
    "accounts": N_("Accounts"), "billing": N_("Bills and papers"), "booking": N_("Booking"),
    "carriers": N_("Carriers"), "catalog": N_("Instruments"), "contracts": N_("Contracts"), "jobs": N_("Jobs"),
    "discovery": N_("Search"),
    "notices": N_("Public notices"), "occupancy": N_("Opening hours"), "organisations": N_("Organisations"),
    "pricing": N_("Prices"), "reference": N_("Calendar of working days"), "settlement": N_("Claims and settlement"),
    "survey": N_("Survey"), "testing": N_("Sample testing"), "training": N_("Training"), "usage": N_("Usage records"),
    "vouchers": N_("Vouchers"),
}  # fmt: skip
VERBS = {
    "appeal": N_("appeal against a breach"), "breach": N_("breach of the booking rules noted"),
    "decide-appeal": N_("appeal decided"), "delegate": N_("answering handed to a colleague"),
    "end-delegation": N_("handing over ended"), "set-breach-policy": N_("rules for breaches changed"),
    "accept": N_("return accepted"), "add-row": N_("instrument added to a return"),
    "add-unit": N_("unit put on the list"), "add-units": N_("units put on the list"),
    "begin-return": N_("return begun"), "confirm-rows": N_("instruments of a return confirmed"),
    "contact": N_("call or visit written down"), "drop-defect": N_("defect taken back"),
    "drop-row": N_("instrument taken out of a return"), "make-link": N_("answer link made"),
    "mark-gone": N_("instrument reported gone"), "open-link": N_("answer link opened"),
    "outcome": N_("outcome of a unit changed"), "remove-unit": N_("unit taken off the list"),
    "restore-unit": N_("unit put back on the list"), "revoke-link": N_("answer link revoked"),
    "save-row": N_("instrument of a return changed"), "set-tags": N_("tags set"),
    "set-clock": N_("registration rule set"), "submit-return": N_("return handed in"),
    "visit": N_("visit written down"),
    "add-version": N_("new version"), "allocate": N_("amounts of papers shared out"), "apply": N_("application begun"),
    "approve": N_("approved"), "approve-bank-account": N_("bank account approved"),
    "approve-claim": N_("money moved to the approved claim"), "approved": N_("confirmed"),
    "assemble": N_("batch assembled"), "auto-end": N_("ended by the clock"), "batch": N_("entered in a batch"),
    "bounced": N_("payment bounced"), "calibrate": N_("calibration recorded"), "cancelled": N_("cancelled"),
    "cancelled-late": N_("cancelled late"), "change": N_("draft changed"),
    "change-credit-code": N_("credit code changed"), "check-batch": N_("batch checked"), "close": N_("closed"),
    "close-batch": N_("batch closed"), "close-campaign": N_("campaign closed"),
    "close-notice": N_("notice closed"), "completed": N_("completed"), "confirm": N_("confirmed"),
    "consent": N_("terms and public fields agreed to"), "correct": N_("corrected"),
    "correct-day": N_("day corrected"), "create": N_("record created"), "create-service": N_("test service created"),
    "decide": N_("objection decided"), "declined": N_("declined"), "disable": N_("account disabled"),
    "draft": N_("claim begun"), "draw": N_("drawn"), "draw-sample": N_("second look drawn"),
    "enable": N_("account enabled"), "end": N_("ended"), "end-accreditation": N_("accreditation ended"),
    "add-synonym": N_("synonym added"), "change-synonym": N_("synonym changed"),
    "remove-synonym": N_("synonym removed"),
    "end-grant": N_("role ended"), "enter": N_("entered"), "enter-year": N_("year entered"),
    "event": N_("report of a sensor"), "expire": N_("expired"), "expired": N_("expired unanswered"),
    "export-payment-list": N_("payment list exported"), "freeze": N_("frozen"), "grant": N_("role given"),
    "hold": N_("held"), "import": N_("list imported"), "import-results": N_("treasury's results imported"),
    "in-use": N_("use began"), "issue": N_("issued"), "issue-charge": N_("bill issued"),
    "issue-token": N_("token created"), "judge-sample": N_("second look taken"),
    "leave-waitlist": N_("waiting list left"), "no-show": N_("no-show"), "note-finding": N_("finding explained"),
    "object": N_("objection raised"), "offer": N_("free time offered"), "open-campaign": N_("campaign opened"),
    "open-report": N_("report opened"), "override-code-check": N_("credit code accepted by hand"),
    "paid": N_("paid"), "pass": N_("passed"), "pause": N_("paused"), "plan": N_("money planned"),
    "post": N_("posted"), "post-notice": N_("put on public notice"),
    "propose-bank-account": N_("bank account proposed"), "publish": N_("published"),
    "publish-service": N_("test service published"), "publish-version": N_("version published"),
    "record": N_("recorded"), "record-invoice": N_("invoice recorded"), "record-payment": N_("payment recorded"),
    "record-profile": N_("figures of a year recorded"), "record-scope": N_("accreditation recorded"),
    "refuse": N_("declined"), "register": N_("registered"), "reject": N_("rejected"),
    "relate": N_("related party recorded"), "release": N_("released"), "rename": N_("renamed"),
    "reopen": N_("reopened"), "repay": N_("paid again"), "request": N_("requested"),
    "request-standing": N_("voucher standing asked for"), "reschedule": N_("moved to another time"),
    "restore-claim": N_("money given back to the claim"), "resume": N_("resumed"), "retire": N_("retired"),
    "return": N_("returned"), "review": N_("first look passed"), "revoke-token": N_("token revoked"),
    "revoked": N_("cancelled by the provider"), "run": N_("run by hand"), "save-mapping": N_("mapping saved"),
    "send-back": N_("sent back"), "send-batch": N_("sent to the treasury"),
    "set-invoice-status": N_("state of an invoice changed"), "set-opening": N_("hours set"),
    "set-password": N_("password set"), "set-plan": N_("prices set"), "set-positions": N_("positions set"),
    "set-rules": N_("booking rules set"), "sign-in": N_("signed in to the platform"), "sign-up": N_("signed up"),
    "standing-approved": N_("voucher standing approved"), "standing-rejected": N_("voucher standing refused"),
    "standing-suspended": N_("voucher standing suspended"), "start": N_("started"), "stop": N_("stopped"),
    "strike": N_("struck from the batch"), "submit": N_("submitted"), "suspend": N_("suspended"),
    "thaw": N_("thawed"), "tick-step": N_("step ticked"), "to-confirm": N_("use ended"), "update": N_("changed"),
    "verify": N_("verified"), "wait": N_("put on the waiting list"), "withdraw": N_("withdrawn"),
    "withdraw-bank-account": N_("bank account withdrawn"), "withdraw-service": N_("test service withdrawn"),
    "queue-import": N_("long import begun"), "retry-import": N_("import taken up again"),
    "undo-import": N_("import undone"), "remove": N_("taken away"), "merge": N_("merged into another record"),
    "keep-both": N_("kept apart from a like record"), "part": N_("merging taken back"),
}  # fmt: skip
KINDS = {
    "campaign-unit": N_("Unit of a campaign"), "registration-rule": N_("Registration rule"),
    "batch": N_("Batch"), "booking": N_("Booking"), "calendar": N_("Calendar"), "campaign": N_("Campaign"),
    "carrier": N_("Carrier"), "charge": N_("Bill"), "claim": N_("Claim"), "contract": N_("Contract"),
    "import": N_("Import"), "instrument": N_("Instrument"), "invoice": N_("Invoice"), "job": N_("Job"),
    "mapping": N_("Mapping"), "notice": N_("Notice"), "organisation": N_("Organisation"),
    "payment": N_("Payment"), "person": N_("Person"), "policy-version": N_("Policy version"), "pool": N_("Pool"),
    "sample": N_("Second look"), "service": N_("Test service"), "token": N_("Token"), "usage": N_("Usage"),
    "synonym": N_("Synonym"), "voucher": N_("Voucher"), "waitlist": N_("Waiting list"),
}  # fmt: skip
_DAILY = re.compile(r"(\d+) (\d+) \* \* \*")
_YEARLY = re.compile(r"(\d+) (\d+) (\d+) ([\d,]+) \*")
_EVERY = re.compile(r"\*/(\d+) \* \* \* \*")


def job_words(name: str) -> str:
    """``Seal the audit trail``."""
    return str(_(JOBS[name])) if name in JOBS else name


def rhythm_words(cron: str) -> str:
    """``every day at 02:30``; a rhythm of another kind stays as it is written."""
    if cron == "* * * * *":
        return str(_("every minute"))
    if every := _EVERY.fullmatch(cron):
        return str(_("every %(minutes)s minutes", minutes=every[1]))
    if daily := _DAILY.fullmatch(cron):
        return str(_("every day at %(time)s", time=f"{int(daily[2]):02}:{int(daily[1]):02}"))
    if yearly := _YEARLY.fullmatch(cron):
        at = f"{int(yearly[2]):02}:{int(yearly[1]):02}"
        days = ", ".join(f"{int(month):02}-{int(yearly[3]):02}" for month in yearly[4].split(","))
        return str(_("every year on %(days)s at %(time)s", days=days, time=at))
    return cron


def act_words(action: str) -> str:
    """``Settlement: approved`` for ``settlement.approve``."""
    room, _dot, verb = action.partition(".")
    if room not in ROOMS or verb not in VERBS:
        return action
    return str(_("%(room)s: %(act)s", room=_(ROOMS[room]), act=_(VERBS[verb])))


def record_words(reference: str) -> str:
    """``Claim 40`` for ``claim:40``."""
    kind, _colon, number = reference.partition(":")
    return f"{_(KINDS[kind])} {number}" if kind in KINDS and number else reference
