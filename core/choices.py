"""A filter with hundreds of records to choose from."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from core.widgets import LongSelect

Listed = Callable[[HttpRequest, QuerySet], Iterable[tuple[Any, Any]]]


class _Rows(ModelChoiceIterator):
    """Key and label of each record, without the record: making five hundred takes longer than their page."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from self.field.listed(self.queryset)


class _Field(ModelChoiceField):
    iterator = _Rows
    listed: Callable[[QuerySet], Iterable[tuple[Any, Any]]]


class LongChoiceFilter(django_filters.ModelChoiceFilter):
    """`listed`: of the request and the queryset, the keys and labels that the page lists; an address may name
    any record of the queryset."""

    field_class = _Field

    def __init__(self, *args: Any, listed: Listed, **kwargs: Any) -> None:
        super().__init__(*args, widget=LongSelect, **kwargs)
        self.listed = listed

    @property
    def field(self) -> _Field:
        field = super().field
        field.listed = partial(self.listed, self.get_request())
        return field
