"""The product under gunicorn, on the database of the run (``BENCH_URL``)."""

from __future__ import annotations

import os
from pathlib import Path

from tests.databases import make_app

app = make_app(os.environ["BENCH_URL"], Path(os.environ["BENCH_FOLDER"]) / "files")
