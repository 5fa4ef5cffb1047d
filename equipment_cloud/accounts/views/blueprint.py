"""The blueprint of the accounts room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
