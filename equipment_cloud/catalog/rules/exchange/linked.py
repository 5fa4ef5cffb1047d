"""The public page's data for search engines: schema.org in JSON-LD."""

from __future__ import annotations

from typing import Any

from equipment_cloud.catalog.rules.exchange.columns import Known, Values, page_address


def linked_data(values: Values, known: Known) -> dict[str, Any]:
    """An ``IndividualProduct``; pass public values only."""
    owner, maker = values.get("owner"), values.get("manufacturer")
    document = {
        "@context": "https://schema.org",
        "@type": "IndividualProduct",
        "@id": page_address(values, known),
        "url": page_address(values, known),
        "name": values.get("name"),
        "alternateName": values.get("name_en"),
        "identifier": values.get("code"),
        "serialNumber": values.get("serial_number"),
        "model": values.get("model"),
        "category": values.get("class_code"),
        "description": values.get("function") or values.get("technical"),
        "manufacturer": {"@type": "Organization", "name": maker} if maker else None,
        "owner": {"@type": "Organization", "name": owner} if owner else None,
    }
    return {name: value for name, value in document.items() if value}
