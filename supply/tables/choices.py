"""Filters by place and by item."""

from typing import Any

from django.db.models import Expression, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from core.choices import LongChoiceFilter
from supply import selectors
from supply.models import Item, Place


def _places(request: Any) -> QuerySet[Place]:
    return selectors.places(request.user)


def _in_use(places: QuerySet[Place]) -> QuerySet[Place]:
    """Each consignment has a place of its own while it is under way: years of them would fill every page."""
    return selectors.without_empty_transit(places)


def _items(request: Any) -> QuerySet[Item]:
    return selectors.items().prefetch_related(None)  # without their packs


def _name() -> str | Expression:
    """As an item calls itself."""
    return Coalesce(NullIf("name_ja", Value("")), "name") if get_language() == "ja" else "name"


class PlaceFilter(LongChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", _places)
        super().__init__(*args, labelled=lambda: "code", offered=_in_use, **kwargs)


class ItemFilter(LongChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=_items, labelled=_name, **kwargs)
