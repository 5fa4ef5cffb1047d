"""Every read of discovery."""

from equipment_cloud.discovery.queries.everything import EverythingFound, Hit, search_everything
from equipment_cloud.discovery.queries.instruments import Found, InstrumentHit, search_instruments
from equipment_cloud.discovery.queries.kept import (
    address_of,
    favourites,
    is_favourite,
    new_finds,
    recently_booked,
    saved_searches,
    searches_after,
    side_by_side,
)
from equipment_cloud.discovery.queries.own_prices import OwnPrices, own_prices
from equipment_cloud.discovery.queries.popular import city_in_figures, newest, popular_needs
from equipment_cloud.discovery.queries.services import offered_service, search_services, services_like
from equipment_cloud.discovery.queries.suggestions import other_ways
from equipment_cloud.discovery.queries.synonyms import synonym, synonyms
from equipment_cloud.discovery.queries.words import Answer

__all__ = [
    "Answer",
    "EverythingFound",
    "Found",
    "Hit",
    "InstrumentHit",
    "OwnPrices",
    "address_of",
    "city_in_figures",
    "favourites",
    "is_favourite",
    "new_finds",
    "newest",
    "offered_service",
    "other_ways",
    "own_prices",
    "popular_needs",
    "recently_booked",
    "saved_searches",
    "search_everything",
    "search_instruments",
    "search_services",
    "searches_after",
    "services_like",
    "side_by_side",
    "synonym",
    "synonyms",
]
