"""The one shape of every register: search, filter, sort, pages, and export of exactly what is filtered."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from core.quantities import plain

ROWS_A_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Words in the pages of django-tables2, which speaks no Japanese: named here, our catalogues translate them.
PAGER_WORDS = (_("previous"), _("next"))


class Table(django_tables2.Table):
    """Base of every register's table."""

    class Meta:
        template_name = "django_tables2/bootstrap5-responsive.html"
        attrs = {"class": "table table-sm table-hover align-middle"}
        empty_text = _("Nothing here yet.")


class NumberColumn(django_tables2.Column):
    """A quantity as people read it; in an export the bare number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "number"}, "th": {"class": "number"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return plain(value)

    def value(self, value: Any) -> Decimal:
        whole = Decimal(value).to_integral_value()
        return whole if whole == value else value


class Filters(django_filters.FilterSet):
    """Base of every register's filters; `searched` names the fields that the search box looks in."""

    searched: tuple[str, ...] = ()
    q = django_filters.CharFilter(method="search", label=_("Search"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.searched:
            self.filters.pop("q", None)
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        names = list(self.form.fields)
        helper.layout = Layout(Row(*(Column(name, css_class="col-6 col-md-3 col-lg-2") for name in names)))
        self.form.helper = helper

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = Q()
        for field in self.searched:
            wanted |= Q(**{f"{field}__icontains": value.strip()})
        return queryset.filter(wanted)


def list_page(
    request: HttpRequest,
    *,
    heading: str,
    queryset: QuerySet,
    table: type[Table],
    filters: type[Filters],
    template: str = "components/list.html",
    fragment: str = "components/list.html#register",
    **context: Any,
) -> HttpResponse:
    """The register as a page, as a fragment for htmx, or as a file when `?export=csv|xlsx` asks for one.

    `fragment`: for a template that writes its own `register`.
    """
    filtered = filters(request.GET, queryset=queryset, request=request)
    shown = table(filtered.qs, request=request)
    export = request.GET.get("export")
    django_tables2.RequestConfig(request, paginate=False if export else {"per_page": ROWS_A_PAGE}).configure(
        shown
    )
    if export == "csv":
        return _csv(shown, heading)
    if export == "xlsx":
        return _xlsx(shown, heading)
    query = request.GET.copy()
    query.pop("page", None)
    context |= {
        "heading": heading,
        "table": shown,
        "filters": filtered,
        "export_query": f"{query.urlencode()}&" if query else "",
    }
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        # A fragment stands in the template that defines it, not in those that extend it.
        template = fragment
    return render(request, template, context)


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is shown as text instead."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def _rows(table: Table) -> Iterator[list]:
    for row in table.as_values():
        yield [harmless(cell) for cell in row]


def _csv(table: Table, name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows(_rows(table))
    # The byte order mark tells Excel that it is UTF-8.
    return _file(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def _xlsx(table: Table, name: str) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    for row in _rows(table):
        sheet.append(
            [cell if isinstance(cell, int | float | Decimal | str | None) else str(cell) for cell in row]
        )
    content = io.BytesIO()
    book.save(content)
    return _file(content.getvalue(), XLSX, f"{name}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)  # in any script
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
