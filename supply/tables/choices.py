"""Filters by place and by item."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from core.choices import LongChoiceFilter
from supply import selectors
from supply.models import Item, Place


def _places(request: Any) -> QuerySet[Place]:
    return selectors.places(request.user)


def _list_all_places(request: Any, _places: QuerySet[Place]) -> list[tuple[int, str]]:
    return selectors.places_to_choose(request.user)


def _list_places(_request: Any, places: QuerySet[Place]) -> Iterable[tuple[int, str]]:
    return selectors.without_empty_transit(places).values_list("pk", "code")


def _items(request: Any) -> QuerySet[Item]:
    return selectors.items().prefetch_related(None)  # without their packs


def _list_items(_request: Any, _items: QuerySet[Item]) -> list[tuple[int, str]]:
    return selectors.items_to_choose(in_japanese=get_language() == "ja")


class PlaceFilter(LongChoiceFilter):
    """Of all places, or of a queryset."""

    def __init__(self, *args: Any, queryset: Any = None, **kwargs: Any) -> None:
        listed = _list_places if queryset else _list_all_places
        super().__init__(*args, queryset=queryset or _places, listed=listed, **kwargs)


class ItemFilter(LongChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=_items, listed=_list_items, **kwargs)
