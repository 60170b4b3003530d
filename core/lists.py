"""The one shape of every register: search, filter, sort, pages, and export of exactly what is filtered."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import BoundField, DateField, DateInput, NullBooleanField, Select
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template import Context
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import library

from core import searches
from core.cells import rows_of
from core.dates import written
from core.files import FORMATS, Sheet, file_of, without_file
from core.leaks.cells import kind_of
from core.paging import BoundedPaginator, ByKeys, counted_up_to
from core.quantities import plain

MOST_EXPORTED = 200_000
# A column that a phone leaves out; a wide screen and every file have it.
ON_WIDE = {"td": {"class": "d-none d-md-table-cell"}, "th": {"class": "d-none d-md-table-cell"}}
# A column of days or codes.
UNBROKEN = {"td": {"class": "text-nowrap"}}
# A column of amounts.
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
# A column of sentences: on a phone as wide as the card.
LONG = {"td": {"class": "long"}}


class _WorkedOut(list):
    """Rows that are no query: their headings are the words of the table's model all the same."""

    def __init__(self, rows: list, model: type[Model] | None) -> None:
        super().__init__(rows)
        self.model = model


class Table(django_tables2.Table):
    """Base of every register's table. `by_keys`: see `list_page`; `parts`: see `Filters`."""

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "register table table-sm table-hover align-middle"}
        empty_text = _("Nothing here yet.")

    def __init__(
        self,
        *args: Any,
        request: HttpRequest | None = None,
        by_keys: ByKeys | None = None,
        parts: Sequence[QuerySet] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)  # given the request, it would count all rows for pages of its own
        self.request, self.by_keys, self.parts = request, by_keys, parts
        if self.data.model is None:
            self.data.data = _WorkedOut(self.data.data, self._meta.model)
        self.context = Context()  # columns of templates look here

    @property
    def order_by(self) -> Sequence[str]:
        return self._order_by

    @order_by.setter
    def order_by(self, chosen: Any) -> None:
        """What is alike in the chosen columns stays in the order that the register has without them."""
        usual = self.data.data
        django_tables2.Table.order_by.fset(self, chosen)
        if self._order_by and isinstance(usual, QuerySet):
            rows = self.data.data
            self.data.data = _in_order(rows.order_by(*rows.query.order_by, *_order_of(usual)))

    @property
    def rows_of_page(self) -> str:
        """The rows on this page as HTML, once; empty when there are none."""
        return rows_of(self.columns, self.paginated_rows)

    @cached_property
    def values(self) -> list[list]:
        """Headings and rows as a file has them; computed once for the guard and the file."""
        return list(self.as_values())


@library.register
class DayColumn(django_tables2.DateColumn):
    """A day, also of a model's field; the library's own compiles a template for each cell."""

    empty_values = (None, "")

    def __init__(self, form: str | None = None, *, short: bool = True, **kwargs: Any) -> None:
        super().__init__(form, short, **kwargs)
        self.form = form or ("SHORT_DATE_FORMAT" if short else "DATE_FORMAT")

    def render(self, value: date) -> str:
        return written(value, self.form)


@library.register
class MomentColumn(django_tables2.DateTimeColumn):
    """Day and time, where the reader is."""

    empty_values = (None, "")

    def __init__(self, *, short: bool = True, **kwargs: Any) -> None:
        super().__init__(None, short, **kwargs)
        self.form = "SHORT_DATETIME_FORMAT" if short else "DATETIME_FORMAT"

    def render(self, value: datetime) -> str:
        return written(localtime(value), self.form)

    def value(self, value: datetime | None) -> str | None:
        """In a file too where the reader is, and so that it sorts."""
        return f"{localtime(value):%Y-%m-%d %H:%M}" if value else None


@library.register
class MarkColumn(django_tables2.BooleanColumn):
    """A mark where it is so, nothing where it is not; also of a model's field."""

    def __init__(self, null: bool = False, yesno: tuple[Any, Any] = ("✓", ""), **kwargs: Any) -> None:
        super().__init__(null, yesno, **kwargs)


class NumberColumn(django_tables2.Column):
    """A quantity as people read it; in an export the bare number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NUMBER)
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return plain(value)

    def value(self, value: Any) -> Decimal:
        return bare(value)


def bare(number: Any) -> Decimal:
    """As a file has it: without zeros behind the point."""
    whole = Decimal(number).to_integral_value()
    return whole if whole == number else Decimal(number).normalize()


class Filters(django_filters.FilterSet):
    """Base of every register's filters; `searched` names the fields that the search box looks in."""

    searched: tuple[str, ...] = ()
    # Of a page that always speaks of one month, one number of days …: what it is while nobody chose.
    usual: Mapping[str, Callable[[], str]] = {}
    # Where no index keeps what is filtered in the order of its model: parts of it, no row in two, each of
    # which one does. For `by_keys` of `list_page`.
    parts: Sequence[QuerySet] = ()
    q = django_filters.CharFilter(method="search", label=_("Search"))

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        usual = {name: value() for name, value in self.usual.items()}
        super().__init__(_with_usual(data, usual), *args, **kwargs)
        if not self.searched:  # before the form is made
            self.filters.pop("q", None)
        for name, value in usual.items():
            field = self.form.fields[name]
            field.initial = field.to_python(value)  # left as it is, nothing counts as filtered
        for field in self.form.fields.values():
            if isinstance(field, NullBooleanField):  # a filter that is not set says "all"
                field.widget.choices = [("", _("all")), *list(field.widget.choices)[1:]]
            if isinstance(field.widget, DateInput) and field.widget.input_type == "text":
                field.widget.input_type, field.widget.format = "date", "%Y-%m-%d"
            is_choice = isinstance(field.widget, Select)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")

    @property
    def search_field(self) -> BoundField | None:
        return self.form["q"] if "q" in self.form.fields else None

    @property
    def further_fields(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field.name != "q"]

    @property
    def are_set(self) -> bool:
        """Whether anything but the search is."""
        return any(name != "q" for name in self.form.changed_data)

    def kept_without(self, name: str, rows: QuerySet) -> QuerySet:
        """Those of the rows that all filters but this one keep."""
        for other, value in self.form.cleaned_data.items():
            if other != name:
                rows = self.filters[other].filter(rows, value)
        return rows

    @classmethod
    def typed(cls) -> set[str]:
        """The fields into which people write freely: their words never stand in an address."""
        return {name for name, one in cls.base_filters.items() if isinstance(one, django_filters.CharFilter)}

    @classmethod
    def labels_for(cls, subject_type: str) -> dict[str, str]:
        """Name of a filter → what stands beside it on the page, of every register of this kind of record.

        Registers that show records of any kind come first, so that those of the kind itself prevail.
        """
        found = sorted(_all_below(cls), key=lambda one: one._shows(subject_type))
        return {name: one._label_of(name) for one in found for name in one.base_filters}

    @classmethod
    def _shows(cls, subject_type: str) -> bool:
        return cls._meta.model is not None and cls._meta.model._meta.label_lower == subject_type

    @classmethod
    def _label_of(cls, name: str) -> str:
        one = copy(cls.base_filters[name])  # as a page has it: a filter learns its model from its set
        one.model = cls._meta.model
        return str(one.label or name.replace("_", " "))

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = Q()
        for field in self.searched:
            wanted |= Q(**{f"{field}__icontains": value.strip()})
        return queryset.filter(wanted)


def _with_usual(data: QueryDict | None, usual: Mapping[str, str]) -> QueryDict | None:
    missing = {name: value for name, value in usual.items() if data is not None and not data.get(name)}
    if data is None or not missing:
        return data
    whole = data.copy()
    whole.update(missing)
    return whole


def _all_below(kind: type[Filters]) -> list[type[Filters]]:
    return [one for direct in kind.__subclasses__() for one in (direct, *_all_below(direct))]


def list_page(
    request: HttpRequest,
    *,
    heading: str,
    queryset: QuerySet,
    table: type[Table],
    filters: type[Filters],
    worked_out: Callable[[Filters], list] | None = None,
    by_keys: ByKeys | None = None,
    template: str = "components/list.html",
    fragment: str = "components/list.html#register",
    **context: Any,
) -> HttpResponse:
    """The register as a page, as a fragment for htmx, or as a file when `?export=csv|xlsx` asks for one.

    A POST is a search: it leads to the address of what it finds. `worked_out`: the rows of a register that is
    computed from the filtered records. `by_keys`: for a register of a million rows, those with these keys, in
    any order. `fragment`: for a template that writes its own `register`.
    """
    if request.method == "POST":
        return redirect(_address_of_search(request, filters))
    query, words = _chosen(request, filters), searches.opened(request)
    filtered = filters(_with_words(query, words), queryset=queryset, request=request)
    rows = worked_out(filtered) if worked_out else _in_order(filtered.qs)
    shown = table(rows, request=request, by_keys=by_keys, parts=filtered.parts)
    export = query.get("export")
    if export in FORMATS and (why_not := _why_no_file(filtered, words, rows)):
        return without_file(request, why_not)
    pages = False if export in FORMATS else {"paginator_class": BoundedPaginator}
    django_tables2.RequestConfig(request, paginate=pages).configure(shown)
    if export in FORMATS:
        return _exported(request, export, filtered, shown, heading)
    shown.before_render(request)
    query.pop("page", None)
    export_query = f"{query.urlencode()}&" if query else ""
    is_part = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
    context |= {"heading": heading, "table": shown, "filters": filtered, "export_query": export_query}
    context |= {"search_ended": words is None, "is_part": is_part}  # a heading may name a chosen day
    # A fragment stands in the template that defines it, not in those that extend it.
    return render(request, fragment if is_part else template, context)


def _in_order(rows: QuerySet) -> QuerySet:
    """So that no two rows are alike in it, or pages would repeat rows and leave others out.

    A count beside each row loses the order of its model.
    """
    order = _order_of(rows)
    if order and order[-1] in ("pk", "-pk", "id", "-id"):
        return rows if rows.ordered else rows.order_by(*order)
    return rows.order_by(*order, "pk")


def _order_of(rows: QuerySet) -> Sequence[Any]:
    return rows.query.order_by or rows.model._meta.ordering


def _is_too_long(rows: QuerySet | list) -> bool:
    if isinstance(rows, list):
        return len(rows) > MOST_EXPORTED
    return counted_up_to(rows.order_by(), MOST_EXPORTED) > MOST_EXPORTED


def _why_no_file(filtered: Filters, words: dict[str, str] | None, rows: QuerySet | list) -> str:
    """A page says beside its rows that it is not what was asked for; a file cannot."""
    if words is None:
        return gettext("The file was not made: this search has ended. Search once more, then take the file.")
    if filtered.form.errors:
        return gettext(
            "The file was not made: a filter cannot be read, so it would hold more than was asked for. "
            "Choose the filters anew, then take the file."
        )
    if _is_too_long(rows):
        most = {"most": plain(MOST_EXPORTED)}
        return gettext("A file holds at most %(most)s rows. Filter what you need, a year or a place.") % most
    return ""


def day_in(query: Mapping[str, str], name: str) -> date | None:
    """A day in an address, as a filter of days reads it; None where it is none."""
    try:
        return DateField(required=False).clean(query.get(name))
    except ValidationError:
        return None


def _address_of_search(request: HttpRequest, filters: type[Filters]) -> str:
    """What was chosen stands in it, what was typed is behind a key; the order of the rows stays."""
    query, words = QueryDict(mutable=True), {}
    if "sort" in request.GET:
        query["sort"] = request.GET["sort"]
    for name in filters.base_filters:
        values = [value for value in request.POST.getlist(name) if value.strip()]
        if values and name in filters.typed():
            words[name] = values[-1].strip()[: searches.LONGEST]
        elif values:
            query.setlist(name, values)
    if words:
        query[searches.IN_ADDRESS] = searches.keep(request, words)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _chosen(request: HttpRequest, filters: type[Filters]) -> QueryDict:
    """What the address says, without words that were written into it."""
    query = request.GET.copy()
    for name in filters.typed():
        query.pop(name, None)
    return query


def _with_words(query: QueryDict, words: dict[str, str] | None) -> QueryDict:
    asked = query.copy()
    asked.update(words or {})
    return asked


def _exported(
    request: HttpRequest, file_format: str, filtered: Filters, shown: Table, heading: str
) -> HttpResponse:
    model = shown._meta.model or getattr(shown.data, "model", None)
    columns = [column for column in shown.columns.iterall() if not column.column.exclude_from_export]
    headings, *rows = shown.values
    records = [row.record for row in shown.rows]
    sheet = Sheet(
        name=heading,
        text_type=model._meta.label_lower if model else type(shown).__name__,
        subject_type=filtered.queryset.model._meta.label_lower,
        headings=headings,
        kinds=[kind_of(model, str(column.accessor or column.name)) for column in columns],
        rows=rows,
        records=[record.uuid for record in records if hasattr(record, "uuid")],
        filters=[name for name in filtered.form.changed_data if name in {*request.GET, *filtered.typed()}],
    )
    return file_of(request, file_format, sheet)
