"""Words of the front door."""

from __future__ import annotations

from equipment_cloud.kernel.errors import N_

NEEDS: tuple[tuple[str, str], ...] = (
    (N_("Salt spray"), "盐雾"),
    (N_("Coordinate measuring"), "三坐标"),
    (N_("Tensile strength"), "拉力"),
    (N_("RoHS"), "RoHS"),
    (N_("Metallography"), "金相"),
    (N_("EMC"), "EMC"),
    (N_("High and low temperature"), "高低温"),
    (N_("Surface roughness"), "粗糙度"),
    (N_("3D scanning"), "三维扫描"),
    (N_("Mould flow"), "模流"),
)
"""Needs by which people look for an instrument (按需求找): the words shown, and what is searched for."""

STEPS: tuple[tuple[str, str], ...] = (
    (N_("Find an instrument"), N_("By name, test item, standard or model; without signing in.")),
    (N_("Book machine time or send samples"), N_("You see free times, price and voucher share before you commit.")),
    (N_("Use your voucher"), N_("Apply once a year; it is drawn when both sides confirm the hours.")),
)
"""The three steps of the home page."""

HELP: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("For enterprises"),
        (
            N_("Sign up with your credit code; you may ask and book at once."),
            N_("Search, open the instrument, choose a free time and its purpose, and submit the booking."),
            N_("At the instrument, scan the QR code to start and to stop; both sides confirm the hours."),
            N_("A voucher needs the bureau's approval of your firm; apply for it under Vouchers."),
            N_("After paying, gather contract, invoice and payment proof in a claim; two people review it."),
        ),
    ),
    (
        N_("For institutions and owners of instruments"),
        (
            N_("Answer the survey or import your list; the bureau verifies each record."),
            N_("Agree to the public fields, set opening hours and prices, and the instrument is published."),
            N_("Approve bookings on your desk; hours, bills and payments follow from use."),
        ),
    ),
    (
        N_("For the bureau"),
        (
            N_("What waits for you stands on your desk, the most urgent first."),
            N_("No step of a claim or voucher can be decided twice by one person."),
            N_("Approved claims are gathered in batches, put on public notice and sent for payment."),
        ),
    ),
)
"""Help in a page: for whom, and what to do."""

PARTIES = ("researcher", "owner", "accountant", "manager", "operator", "finance")
BUREAU = ("township", "surveyor", "policy", "reviewer", "approver", "leader", "treasurer", "auditor", "admin")
WATCHERS = ("auditor", "admin")
"""Who may look at the clock and the trail; running a job by hand is the administrator's."""
