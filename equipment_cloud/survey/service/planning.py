"""Reads a table, compares it with what is known, and plans what an import would write. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from equipment_cloud.catalog import queries as catalog
from equipment_cloud.catalog.models import Instrument
from equipment_cloud.catalog.rules import BY_NAME, UNVERIFIED
from equipment_cloud.catalog.rules.exchange import Form, Known, news_in, values_from
from equipment_cloud.kernel.errors import N_, Words
from equipment_cloud.survey import queries
from equipment_cloud.survey.rules import (
    Draft,
    Finding,
    comparable,
    flag_repeated_numbers,
    flag_repeats,
    keys_of,
    warning,
)
from equipment_cloud.survey.service.owners import Owner
from equipment_cloud.survey.service.reading import Rows

MOST_WARNINGS = 20_000
"""Warnings kept of one import; errors are all kept."""


@dataclass(slots=True)
class Step:
    """What becomes of one accepted row. ``changes`` is what is written; ``said`` what to remember of the row."""

    draft: Draft
    owner: Owner
    outcome: str
    record: Instrument | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] | None = None

    @property
    def before(self) -> dict[str, Any] | None:
        """What the record holds in the fields to be changed, as JSON keeps it."""
        record = self.record if self.outcome == "updated" else None
        return comparable({name: getattr(record, name) for name in self.changes}) if record else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of an import, and every finding in the order of the sheet."""

    rows: int
    steps: list[Step]
    findings: list[Finding]
    duplicates: int

    def count(self, outcome: str) -> int:
        return sum(step.outcome == outcome for step in self.steps)

    def counts(self) -> dict[str, int]:
        """The counts the command prints: ``rows`` is the sum of the next four."""
        done = {name: self.count(name) for name in ("created", "updated", "unchanged")}
        refused = self.rows - sum(done.values())
        return {"rows": self.rows, **done, "refused": refused, "duplicates": self.duplicates}

    def owners(self) -> list[Owner]:
        return list({id(step.owner): step.owner for step in self.steps}.values())


def make_plan(rows: Rows, owners: Mapping[int, Owner]) -> Plan:
    """Compare with records and earlier imports. ``owners`` by row number, as :func:`find_owners` gives them."""
    flag_all(rows, owners)
    steps = steps_of(rows, rows.drafts, owners)
    findings = [*rows.findings, *(finding for draft in rows.drafts for finding in draft.findings)]
    findings.sort(key=lambda finding: finding.row)
    duplicates = sum(draft.is_repeat for draft in rows.drafts)
    return Plan(len(rows.drafts), steps, bounded(findings, rows.head.row), duplicates)


def flag_all(rows: Rows, owners: Mapping[int, Owner]) -> None:
    """What only the table as a whole shows: numbers used twice, machines entered twice."""
    places: dict[int, object] = {row: _place(owner) for row, owner in owners.items()}
    flag_repeated_numbers(rows.drafts, places)
    ids = sorted({owner.organisation_id for owner in owners.values() if owner.organisation_id is not None})
    numbers = {draft.unit_number for draft in rows.drafts if not draft.is_refused}
    flag_repeats(rows.drafts, places, _identities(ids, numbers))


def steps_of(rows: Rows, drafts: Sequence[Draft], owners: Mapping[int, Owner]) -> list[Step]:
    """What becomes of these rows, as records and earlier imports are now."""
    accepted = [draft for draft in drafts if not draft.is_refused]
    found = (owners[draft.row].organisation_id for draft in accepted)
    ids = sorted({organisation_id for organisation_id in found if organisation_id is not None})
    known = catalog.by_unit_numbers(ids, sorted({draft.unit_number for draft in accepted}))
    before = queries.last_values({record.id for record in known.values()})
    return [
        _step(
            draft,
            owners[draft.row],
            known.get((owners[draft.row].organisation_id or 0, draft.unit_number)),
            before,
            rows,
        )
        for draft in accepted
    ]


def _step(
    draft: Draft, owner: Owner, record: Instrument | None, before: Mapping[int, Mapping[str, Any]], rows: Rows
) -> Step:
    if record is not None and rows.layout.form is not None:
        _forget_old_news(draft, record, rows.layout.form, rows.known)
    values = {**draft.values, "extra": draft.extra}
    said = comparable(values)
    if record is None:
        return Step(draft, owner, "created", None, values, said)
    last = before.get(record.id)
    changed = {name: value for name, value in values.items() if last is None or said[name] != last.get(name)}
    if "extra" in changed:
        changed["extra"] = {**record.extra, **draft.extra}
    changes = {name: value for name, value in changed.items() if value != getattr(record, name)}
    if not changes:
        return Step(draft, owner, "unchanged", record, {}, said if last is None or changed else None)
    if record.state in UNVERIFIED:
        return Step(draft, owner, "updated", record, changes, said)
    labels = [Words(BY_NAME[name].label) if name in BY_NAME else name for name in changes]
    message = N_("The record is verified already and differs in: %(fields)s. It was left as it is.")
    remedy = N_("Let its owner change it in the edit form.")
    draft.say(warning("changed", message, remedy, fields=labels))
    return Step(draft, owner, "unchanged", record)


def _forget_old_news(draft: Draft, record: Instrument, form: Form, known: Known) -> None:
    """Drop what the row says in the very words in which the record is exported: a rounded or cut value is no change."""
    values = values_from(record, owner=record.organisation.name, owner_code=record.organisation.credit_code)
    news = news_in(form, draft.cells, values, known)
    old = {name for column in form.columns if column.name not in news for name in column.fields}
    draft.values = {name: value for name, value in draft.values.items() if name not in old}
    draft.extra = {
        heading: text for heading, text in draft.extra.items() if heading in news or not form.column(heading)
    }


def _identities(ids: Sequence[int], inside: Collection[str]) -> dict[tuple[object, Any], str]:
    """Records outside the table by what would make a row their repeat."""
    found: dict[tuple[object, Any], str] = {}
    for organisation_id, number, name, model, manufacturer, serial in catalog.identities_of(ids):
        if number not in inside:
            for key in keys_of(name, model, manufacturer, serial):
                found.setdefault((organisation_id, key), number)
    return found


def _place(owner: Owner) -> object:
    return owner.organisation_id if owner.organisation_id is not None else (owner.name, owner.code)


def bounded(findings: list[Finding], head_row: int, room: int = MOST_WARNINGS) -> list[Finding]:
    """All errors, and so many warnings; the last finding says how many there were."""
    warnings = sum(finding.problem.level != "error" for finding in findings)
    if warnings <= room:
        return findings
    kept: list[Finding] = []
    for finding in findings:
        if finding.problem.level == "error" or room > 0:
            kept.append(finding)
            room -= finding.problem.level != "error"
    message = N_("There are more than %(most)s warnings; only the first are listed.")
    kept.append(Finding(head_row, warning("more-warnings", message, most=MOST_WARNINGS)))
    return kept
