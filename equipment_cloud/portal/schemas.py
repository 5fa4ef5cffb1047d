"""What programs send and get."""

from __future__ import annotations

import marshmallow as ma
from flask_smorest.fields import Upload as UploadField


class Upload(ma.Schema):
    """A multipart body with one file."""

    class Meta:
        unknown = ma.EXCLUDE

    file = UploadField(required=True)


class FileShown(ma.Schema):
    """A file as it was kept."""

    id = ma.fields.Integer()
    sha256 = ma.fields.String()
    size = ma.fields.Integer(metadata={"description": "bytes"})
    mime = ma.fields.String(metadata={"description": "what the content is"})
