"""An enterprise gets its voucher: standing, application, two different people, issue."""

from __future__ import annotations

from tests.journeys.conftest import Walker


def stand_for_vouchers(walker: Walker) -> None:
    """The owner asks for the bureau's approval; the reviewer gives it."""
    walker.sign_in("owner@sme.example").go("/my-organisations").follow_first("table")
    walker.press("Ask for approval")
    walker.sign_in("reviewer@bureau.example").go("/organisations?standing=requested").follow_first("table")
    walker.press("Approve for vouchers")


def get_voucher(walker: Walker, yuan: str) -> str:
    """Applied for by the owner, passed on by the reviewer, issued by the approver; its number."""
    walker.sign_in("owner@sme.example").go("/vouchers/apply")
    walker.fill(requested_fen=yuan, purpose="Spectra of a new plastic housing").press("Keep as a draft")
    path = walker.path
    walker.press("Hand in the application")
    walker.sign_in("reviewer@bureau.example").go(path)
    walker.fill(opinion="The papers are complete.").press("Pass on to the approver")
    assert not walker.offers("Approve and issue"), "the person who reviewed may approve as well"
    walker.sign_in("approver@bureau.example").go(path)
    walker.fill(opinion="Agreed.").press("Approve and issue")
    return walker.sees("Available").heading().rsplit(" ", 1)[1]
