"""``make pages``: every page of every role, in both languages at two widths; pictures and a verdict.

Fails on error statuses, complaints of the browser, untranslated words, raw keys and values, numbers that break over
lines, text that runs over its edge, empty tables and charts, and what axe finds (both colour schemes, 200 % and 400 %
zoom). Pictures go to ``instance/pages/<role>/<language>-<width>-<page>.png``.

``python -m tests.pages sme-owner bureau-policy`` looks at some roles only.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from equipment_cloud.demo.data import DEMO_PEOPLE, HOSTS
from tests.city import demo_city
from tests.pages import visit

BROWSERS = 2


def main(wanted: Sequence[str]) -> int:
    """Open everything; exit code 1 when anything is wrong."""
    started = time.monotonic()
    roles = {role: name for role, name in _roles() if not wanted or role in wanted}
    opened, faults = 0, list[str]()
    if not wanted:
        shutil.rmtree(visit.PICTURES, ignore_errors=True)
    with demo_city() as (address, _env), ProcessPoolExecutor(BROWSERS, mp_context=get_context("spawn")) as pool:
        public = visit.public_kinds(address)
        for done in as_completed(pool.submit(visit.go, address, role, name, public) for role, name in roles.items()):
            verdict = done.result()
            opened += verdict.opened
            faults += verdict.faults
            sys.stdout.write(f"{verdict.role}: {verdict.kinds} kinds of pages, {len(verdict.faults)} faults\n")
            sys.stdout.flush()
    sys.stdout.writelines(f"{fault}\n" for fault in sorted(set(faults)))
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    sys.stdout.write(
        f"{opened} pages opened for {len(roles)} roles in {minutes} min {seconds} s, {len(set(faults))} faults\n"
    )
    return 1 if faults or not opened else 0


def _roles() -> Iterator[tuple[str, str | None]]:
    yield visit.VISITOR, None
    for key, people in DEMO_PEOPLE.items():
        for account, _name in people:
            yield f"{key}-{account}", f"{account}@{HOSTS[key]}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
