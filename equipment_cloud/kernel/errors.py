"""Refusals: every "no" has a reason and a remedy.

A refusal carries a *message id* (an English sentence, translated at the edge by gettext) and the values that fill it.
The edge turns it into a flash on a page or into RFC 9457 ``application/problem+json`` in the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message id for extraction without translating it: rules know no language."""
    return message


class Words(str):
    """A value that is itself a message id (a field's label, say): the edge translates it too."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: which field, which rule (``code``), what is wrong and what to do about it.

    ``message`` and ``remedy`` are message ids, filled with ``values``. ``who`` (a message id) names who can help;
    ``next_at`` is the next moment at which the rule would not be broken, where that is known; ``waivable`` says that
    the provider's staff may let it pass with a reason.
    """

    code: str
    message: str
    field: str | None = None
    values: Mapping[str, object] = attribute(default_factory=dict)
    remedy: str | None = None
    level: str = "error"
    who: str | None = None
    next_at: datetime | None = None
    waivable: bool = False


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The request was understood and declined. ``status`` is the HTTP status that says so best."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    message: ClassVar[str] = N_("This cannot be done.")
    remedy: ClassVar[str | None] = None

    def __init__(
        self,
        message: str | None = None,
        *,
        problems: Iterable[Problem] = (),
        remedy: str | None = None,
        code: str | None = None,
        **values: object,
    ) -> None:
        self.message_id = message or self.message
        self.remedy_id = remedy or self.remedy
        self.problem_code = code or self.code
        self.values = values
        self.problems = tuple(problems)
        super().__init__(self.message_id % values if values else self.message_id)


class Invalid(Refused):
    """Input breaks one or more rules; all of them are listed in ``problems`` (422)."""

    code = "invalid"
    message = N_("Please correct what is marked below.")

    @classmethod
    def single(
        cls, code: str, message: str, *, field: str | None = None, remedy: str | None = None, **values: object
    ) -> Invalid:
        """One problem, raised in a line."""
        return cls(problems=[Problem(code=code, message=message, field=field, values=values, remedy=remedy)])


class NotFound(Refused):
    """There is no such record, or it is not this person's to see (404)."""

    code = "not-found"
    status = 404
    message = N_("There is no such page or record, or you may not see it.")
    remedy = N_("Check the address, or go back to the list and open it from there.")


class Forbidden(Refused):
    """The person may see the record but not do this to it (403)."""

    code = "forbidden"
    status = 403
    message = N_("You may not do this.")
    remedy = N_("Ask someone of your organisation who holds the right role, or call the platform desk.")


class SamePerson(Forbidden):
    """Two people are asked and this person already acted (maker is not checker)."""

    code = "same-person"
    message = N_("You already decided an earlier step of this record; the second look must be someone else's.")
    remedy = N_("Leave it to a colleague who holds the role of this step.")


class Conflict(Refused):
    """The state of things does not allow it now (409)."""

    code = "conflict"
    status = 409
    message = N_("Someone else changed this record in the meantime.")
    remedy = N_("Reload the page and look again.")


class WrongState(Conflict):
    """The record is not in a state from which this step leads on (409)."""

    code = "wrong-state"
    message = N_("This step does not follow from the present state (%(current)s).")
    remedy = N_("Reload the page: someone may already have acted.")


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise :class:`Invalid` with every problem of level ``error``; warnings alone do not refuse."""
    found = [problem for problem in problems if problem.level == "error"]
    if found:
        raise Invalid(problems=found)
