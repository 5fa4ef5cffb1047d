"""What programs ask of the catalogue and get."""

from __future__ import annotations

from equipment_cloud.catalog.models import Mode
from equipment_cloud.discovery.rules import Sort
from equipment_cloud.foundation.endpoint import (
    Body,
    Code,
    Fen,
    Function,
    Identifier,
    Instant,
    Nested,
    PageQuery,
    Raw,
    Several,
    Text,
    Truth,
    Whole,
)


class InstrumentsQuery(PageQuery):
    """Words, facets (repeatable), limits. ``free_from`` and ``free_to`` go together."""

    q = Text(100, load_default="")
    category = Several(Text(12), most=20, load_default=list)
    town = Several(Text(12), most=30, load_default=list)
    owner = Several(Identifier(), most=50, load_default=list)
    mode = Several(Code(Mode), most=3, load_default=list)
    service = Identifier(load_default=None)
    voucher = Truth(load_default=False)
    accredited = Truth(load_default=False)
    calibrated = Truth(load_default=False)
    min_price_fen = Fen(load_default=None)
    max_price_fen = Fen(load_default=None)
    free_from = Instant(load_default=None)
    free_to = Instant(load_default=None)
    sort = Code(Sort, load_default=Sort.RELEVANCE)


class OwnerShown(Body):
    """An organisation as others see it."""

    id = Identifier()
    name = Text()


class InstrumentShown(Body):
    """An instrument in a list."""

    id = Function(lambda hit: hit.instrument.id)
    code = Function(lambda hit: hit.instrument.code)
    name = Function(lambda hit: hit.instrument.name)
    name_en = Function(lambda hit: hit.instrument.name_en)
    model = Function(lambda hit: hit.instrument.model)
    manufacturer = Function(lambda hit: hit.instrument.manufacturer)
    category = Function(lambda hit: hit.instrument.class_code)
    town = Function(lambda hit: hit.instrument.town_code)
    owner = Nested(OwnerShown)
    mode = Function(lambda hit: hit.instrument.mode.value)
    state = Function(lambda hit: hit.instrument.state.value)
    positions = Whole()
    price_from_fen = Fen(allow_none=True)
    next_free_at = Instant(allow_none=True)


class FacetShown(Body):
    """A value of a facet with its count."""

    value = Text()
    label = Text()
    count = Whole()


class Facets(Body):
    """Facets beside a page of instruments or services."""

    category = Several(Nested(FacetShown))
    town = Several(Nested(FacetShown))
    owner = Several(Nested(FacetShown))
    mode = Several(Nested(FacetShown))


class WithFacets(Body):
    """The extra member of the page."""

    facets = Nested(Facets)


class ServicesQuery(PageQuery):
    """Words and facets (repeatable)."""

    q = Text(100, load_default="")
    category = Several(Text(12), most=20, load_default=list)
    town = Several(Text(12), most=30, load_default=list)
    owner = Several(Identifier(), most=50, load_default=list)
    mode = Several(Code(Mode), most=3, load_default=list)
    accredited = Truth(load_default=False)


class SearchQuery(PageQuery):
    """Words and facets (repeatable); ``kind`` is ``instrument`` or ``service``."""

    q = Text(100, load_default="")
    kind = Several(Text(12), most=2, load_default=list)
    category = Several(Text(12), most=20, load_default=list)
    town = Several(Text(12), most=30, load_default=list)
    owner = Several(Identifier(), most=50, load_default=list)
    mode = Several(Code(Mode), most=3, load_default=list)


class ServiceShown(Body):
    """A test service."""

    id = Identifier()
    name = Text()
    name_en = Text(allow_none=True)
    method_standards = Raw()
    unit = Text()
    price_fen = Fen()
    turnaround_days = Whole()
    accredited = Truth()
    instrument_ids = Function(lambda service: [instrument.id for instrument in service.instruments])
    owner = Function(lambda service: {"id": service.organisation.id, "name": service.organisation.name})


class HitShown(Body):
    """An instrument or a test service; the other is null."""

    kind = Text()
    name = Text()
    instrument = Nested(InstrumentShown, allow_none=True)
    service = Nested(ServiceShown, allow_none=True)


class AllFacets(Facets):
    """Facets beside a page of both."""

    kind = Several(Nested(FacetShown))


class WithAnswer(Body):
    """The extra members of the page: facets, whether the words were found as typed, and what they were read as."""

    facets = Nested(AllFacets)
    is_exact = Truth()
    read_as = Raw()
    not_found = Raw()
