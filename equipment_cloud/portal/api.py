"""Files a program sends ahead of the record they belong to."""

from __future__ import annotations

from typing import Any

from equipment_cloud.foundation import clock, stored_file
from equipment_cloud.foundation.access import current_actor, signed_in
from equipment_cloud.foundation.db import transaction
from equipment_cloud.foundation.endpoint import Blueprint
from equipment_cloud.portal.schemas import FileShown, Upload

blp = Blueprint("portal-api", __name__, description="Files")


@blp.post("/files")
@signed_in
@blp.arguments(Upload, location="files", content_type="multipart/form-data")
@blp.response(201, FileShown)
def upload(files: dict[str, Any]) -> stored_file.StoredFile:
    """Keep a PDF, JPG or PNG (at most 20 MB; the content decides, not the name). Records refer to it by its id."""
    given = files["file"]
    with transaction():
        return stored_file.store(given.stream, given.filename or "", by=current_actor(), now=clock.now())
