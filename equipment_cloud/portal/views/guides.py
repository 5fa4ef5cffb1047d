"""Help, the style guide and the page of the API."""

from __future__ import annotations

from typing import Any

from flask import render_template

from equipment_cloud.foundation import clock, endpoint
from equipment_cloud.foundation.access import public
from equipment_cloud.portal import style_guide as guide
from equipment_cloud.portal.rules import HELP
from equipment_cloud.portal.views.blueprint import bp

METHODS = ("get", "post", "put", "patch", "delete")


@bp.get("/help")
@public
def help_page() -> str:
    """How to, for each kind of reader."""
    return render_template("portal/help_page.html", chapters=HELP)


@bp.get("/style-guide")
@public
def style_guide() -> str:
    """Every component once."""
    now = clock.now()
    return render_template(
        "portal/style_guide.html", sample=guide.sample(now), form=guide.sample_form(now), page_charts=True
    )


@bp.get("/api/docs")
@public
def api_docs() -> str:
    """The API document as a page: no script, nothing from elsewhere."""
    document = endpoint.document()
    tags: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                tags.setdefault(item[method]["tags"][0], []).append(_call(path, method, item))
    schemas = [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return render_template("portal/api_docs.html", info=document["info"], tags=sorted(tags.items()), schemas=schemas)


def _call(path: str, method: str, item: dict[str, Any]) -> dict[str, Any]:
    operation = item[method]
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {})
    answers = [(code, _schema_name(answer.get("content", {}))) for code, answer in operation["responses"].items()]
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "is_public": {} in operation.get("security", ()),
        "roles": operation.get("x-roles", ()),
        "parameters": [parameter for parameter in parameters if "name" in parameter],
        "body": _schema_name(body),
        "answers": [(code, name) for code, name in answers if code.isdigit() and code < "300"],
    }


def _schema_name(content: dict[str, Any]) -> str | None:
    media: list[dict[str, Any]] = list(content.values())
    schema = media[0].get("schema", {}) if media else {}
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref")
    return reference.rpartition("/")[2] if reference else None


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    fields = [
        {"name": field, "type": _type(facts), "is_required": field in required, "note": facts.get("description", "")}
        for field, facts in schema.get("properties", {}).items()
    ]
    return {"name": name, "fields": fields}


def _type(facts: dict[str, Any]) -> str:
    if "$ref" in facts or "allOf" in facts:
        return str((facts.get("$ref") or facts["allOf"][0].get("$ref", "")).rpartition("/")[2])
    kind = facts.get("type", "")
    words = " / ".join(kind) if isinstance(kind, list) else str(kind)
    if "enum" in facts:
        return " | ".join(str(code) for code in facts["enum"] if code is not None)
    if words.startswith("array"):
        return f"[{_type(facts.get('items', {}))}]"
    return f"{words} ({facts['format']})" if "format" in facts else words
