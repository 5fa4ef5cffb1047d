"""Every write of discovery."""

from equipment_cloud.discovery.service.keeping import TooMany, forget_search, keep, let_go, save_search, tell_new
from equipment_cloud.discovery.service.synonyms import add_synonym, change_synonym, remove_synonym
from equipment_cloud.discovery.service.words import count_words

__all__ = [
    "TooMany",
    "add_synonym",
    "change_synonym",
    "count_words",
    "forget_search",
    "keep",
    "let_go",
    "remove_synonym",
    "save_search",
    "tell_new",
]
