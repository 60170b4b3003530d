"""A filter with hundreds of records to choose from."""

from collections.abc import Callable, Iterator
from typing import Any

import django_filters
from django.db.models import Expression, QuerySet
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from core.widgets import LongSelect

Labelled = Callable[[], str | Expression]


Offered = Callable[[QuerySet], QuerySet]


def _all(records: QuerySet) -> QuerySet:
    return records


class _Rows(ModelChoiceIterator):
    """Key and label of each record, without the record: making five hundred takes longer than their page."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        offered = self.field.offered(self.queryset)
        yield from offered.values_list("pk", self.field.labelled())


class _Field(ModelChoiceField):
    iterator = _Rows

    def __init__(self, *args: Any, labelled: Labelled, offered: Offered, **kwargs: Any) -> None:
        self.labelled, self.offered = labelled, offered
        super().__init__(*args, **kwargs)


class LongChoiceFilter(django_filters.ModelChoiceFilter):
    """`labelled`: the field or expression of a record's label, asked for by each page.

    `offered`: those of the records that the page lists; an address may name any of them.
    """

    field_class = _Field

    def __init__(self, *args: Any, labelled: Labelled, offered: Offered = _all, **kwargs: Any) -> None:
        super().__init__(*args, labelled=labelled, offered=offered, widget=LongSelect, **kwargs)
