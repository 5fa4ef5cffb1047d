"""Trial calculation: a policy document and a case document in, the subsidy with its arithmetic out. Writes nothing."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation.errors import problem_values
from equipment_cloud.foundation.filters import money, worded
from equipment_cloud.kernel.errors import N_
from equipment_cloud.vouchers import documents
from equipment_cloud.vouchers.rules import Subsidy, plan_subsidy
from equipment_cloud.vouchers.wording import worded_calculation


def run(policy_document: object, case_document: object) -> dict[str, Any]:
    """The answer of ``flask vouchers calculate``, in the reader's language.

    ``{"eligible", "amount_fen", "calculation", "reasons", "explanation"}``. Raises :class:`Invalid` with every problem
    when a document does not follow its schema. Needs an application context, for the language.
    """
    terms, case = documents.read_policy(policy_document), documents.read_case(case_document)
    subsidy = plan_subsidy(terms, case)
    return {
        "eligible": subsidy.is_eligible,
        "amount_fen": subsidy.amount_fen,
        "calculation": worded_calculation(subsidy.calculation),
        "reasons": [problem_values(reason) for reason in subsidy.reasons],
        "explanation": explanation(subsidy),
    }


def explanation(subsidy: Subsidy) -> str:
    """The arithmetic as one paragraph: each line with its amount, what decided, the result or why not."""
    parts = []
    for line in worded_calculation(subsidy.calculation):
        limit = money(line["amount_fen"] if line["limit_fen"] is None else line["limit_fen"])
        mark = worded(N_(" (decides)")) if line["binding"] else ""
        parts.append(f"{line['label']} {limit}{mark}")
    end = worded(N_("Result: %(amount)s."), {"amount": money(subsidy.amount_fen)})
    reasons = " ".join(str(problem_values(reason)["message"]) for reason in subsidy.reasons)
    return "; ".join(parts) + ". " + (f"{end} {reasons}" if reasons else end)
