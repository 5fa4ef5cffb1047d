"""The blueprint all of the portal's pages stand on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("portal", __name__)
