"""What may be asked of the catalogue, and which words of a question carry nothing."""

from equipment_cloud.discovery.rules.asked import INSTRUMENT, KINDS, SERVICE, Asked, FacetValue, Sort, asked_period
from equipment_cloud.discovery.rules.fillers import telling_pieces
from equipment_cloud.discovery.rules.keeping import MOST_COMPARED, MOST_FAVOURITES, MOST_SAVED
from equipment_cloud.discovery.rules.synonyms import LONGEST_WORD, problems_with_synonym

__all__ = [
    "INSTRUMENT",
    "KINDS",
    "LONGEST_WORD",
    "MOST_COMPARED",
    "MOST_FAVOURITES",
    "MOST_SAVED",
    "SERVICE",
    "Asked",
    "FacetValue",
    "Sort",
    "asked_period",
    "problems_with_synonym",
    "telling_pieces",
]
