"""A survey workbook imported, against reading it alone."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from flask import Flask

from equipment_cloud.foundation import tabular
from equipment_cloud.foundation.db import db
from equipment_cloud.survey.commands import import_file
from tests.factories.survey import CODE, HEAD, row


def workbook(folder: Path, rows: int) -> Path:
    """So many different instruments on one sheet."""
    path = folder / "survey.xlsx"
    columns = [tabular.Column(heading) for heading in HEAD]
    cells = [row(number=f"S-{number}", serial=f"SN{number}") for number in range(rows)]
    with path.open("wb") as stream:
        tabular.write_xlsx(stream, [tabular.Sheet("Sheet1", columns, cells)])
    return path


def seconds(app: Flask, folder: Path, *, rows: int, now: datetime) -> tuple[float, float]:
    """Of the import, of the reading."""
    path = workbook(folder, rows)
    began = time.perf_counter()
    if len(tabular.read_path(path).rows) < rows:
        raise RuntimeError("rows are missing")
    reading = time.perf_counter() - began
    with app.app_context():
        began = time.perf_counter()
        answer = import_file(path, "bench", organisation=CODE, now=now)
        importing = time.perf_counter() - began
        db.session.remove()
    if answer["created"] != rows:
        raise RuntimeError(str({key: value for key, value in answer.items() if key != "problems"}))
    return importing, reading
