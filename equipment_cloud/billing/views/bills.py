"""Bills: what confirmed usage costs, for both sides."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from equipment_cloud.billing import policy, queries
from equipment_cloud.billing.views.blueprint import READERS, bp
from equipment_cloud.foundation import clock
from equipment_cloud.foundation.access import Actor, current_actor, only
from equipment_cloud.foundation.page import asked_page
from equipment_cloud.organisations import queries as organisations

SIDES = ("to-pay", "to-receive", "all")


@bp.get("/bills")
@only(*READERS)
def index() -> str:
    """Bills of one side, with totals over the whole list."""
    actor = current_actor()
    shown = _sides(actor)
    side = request.args.get("side", "")
    side = side if side in shown else shown[0]
    number, size = asked_page()
    page = queries.charges_page(actor, side=side, number=number, size=size)
    totals = queries.charge_totals(actor, side=side)
    return render_template("billing/index.html", page=page, totals=totals, side=side, sides=shown)


@bp.get("/bills/<int:charge_id>")
@only(*READERS)
def bill(charge_id: int) -> str:
    """One bill down to the minutes it rests on."""
    charge = queries.charge_for(current_actor(), charge_id)
    usage = queries.usage_of(charge)
    voucher = queries.voucher_of(charge)
    return render_template(
        "billing/bill.html",
        charge=charge,
        usage=usage,
        voucher=voucher,
        lines=charge.lines,
        buyer_name=organisations.name_on(charge.organisation_id, clock.today(clock.now())),
        tax_base=_tax_base(voucher.policy_version.document) if voucher else None,
        model=voucher.policy_version.document.get("settlement_model") if voucher else None,
        is_example=bool(voucher and voucher.policy_version.document.get("example")),
    )


def _sides(actor: Actor) -> list[str]:
    """The lists a person has: as user, as provider, as reviewer."""
    if policy.may_see_all(actor):
        return ["all"]
    if not actor.has("manager", "operator", "finance"):
        return ["to-pay"]
    uses = actor.has("researcher", "owner", "accountant")
    return ["to-pay", "to-receive"] if uses else ["to-receive", "to-pay"]


def _tax_base(document: dict[str, object]) -> str:
    inclusive = document.get("tax_base", "inclusive") == "inclusive"
    return str(_("total with tax") if inclusive else _("amount without tax"))
