"""Writes of settlement: claims, their review, batches, payment."""

from equipment_cloud.settlement.service.assembling import assemble
from equipment_cloud.settlement.service.checking import check_batch, tick_step
from equipment_cloud.settlement.service.claims import change, draft, submit, withdraw
from equipment_cloud.settlement.service.importing import import_results, import_table
from equipment_cloud.settlement.service.judging import recheck
from equipment_cloud.settlement.service.noticing import close_notice, post_notice, settle_objections
from equipment_cloud.settlement.service.packs import Pack
from equipment_cloud.settlement.service.paying import close_batch, note_payment_list, repay, send_batch
from equipment_cloud.settlement.service.reviewing import approve, note_finding, reject, return_, review
from equipment_cloud.settlement.service.sampling import draw_sample, judge_sampled

__all__ = [
    "Pack",
    "approve",
    "assemble",
    "change",
    "check_batch",
    "close_batch",
    "close_notice",
    "draft",
    "draw_sample",
    "import_results",
    "import_table",
    "judge_sampled",
    "note_finding",
    "note_payment_list",
    "post_notice",
    "recheck",
    "reject",
    "repay",
    "return_",
    "review",
    "send_batch",
    "settle_objections",
    "submit",
    "tick_step",
    "withdraw",
]
