"""The one way to a file of rows: the leak guard's verdict, a note of who took what, and then the file."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from core import leaks
from core.enums import Channel
from core.leaks.cells import Kind, pieces_of

# A Japanese spreadsheet takes the full-width marks for the ordinary ones.
WOULD_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@dataclass(frozen=True)
class Sheet:
    """Headings and rows on their way out.

    `kinds`: of each column; `text_type`: what the leak guard calls it; `subject_type`: the kind of record
    that it tells of; `records`: UUIDs of those in it; `filters`: names of those that were set.
    """

    name: str
    text_type: str
    subject_type: str
    headings: list[Any]
    kinds: list[Kind]
    rows: list[list]
    records: list[UUID]
    filters: list[str]

    @property
    def cells(self) -> Iterator[list]:
        for row in (self.headings, *self.rows):
            yield [harmless(cell) for cell in row]


def file_of(request: HttpRequest, file_format: str, sheet: Sheet) -> HttpResponse:
    """The file, noted; or back to the page with the reason why it may not leave.

    Held by a static rule: no other module writes rows for a browser ("file past the guard").
    """
    try:
        verdict = leaks.check(by=request.user, outgoing=_outgoing(request, sheet))
    except leaks.CannotCheck as trouble:
        return without_file(request, str(trouble))
    if not verdict.may_leave:
        held = _("The file was not made: something protected stands in it (%(places)s).")
        return without_file(request, verdict.sentence(held))
    _note_export(request, file_format, sheet)
    content_type, written = FORMATS[file_format]
    name = content_disposition_header(as_attachment=True, filename=f"{_neutral(request)}.{file_format}")
    return HttpResponse(written(sheet), content_type=content_type, headers={"Content-Disposition": name})


def _neutral(request: HttpRequest) -> str:
    """Named by its page: a heading may hold a code, and a folder of downloads shows it to whoever looks."""
    page = request.resolver_match.url_name if request.resolver_match else None
    return (page or "list").replace("_", "-")


def _outgoing(request: HttpRequest, sheet: Sheet) -> leaks.Outgoing:
    return leaks.Outgoing(
        channel=Channel.EXPORT,
        pieces=pieces_of(sheet.headings, sheet.kinds, sheet.rows),
        text_type=sheet.text_type,
        authors=frozenset({cast(int, request.user.pk)}),
        reader=request.user,
    )


def without_file(request: HttpRequest, why: str) -> HttpResponse:
    """Back to the page, which says why there is no file."""
    messages.error(request, why)
    query = request.GET.copy()
    query.pop("export")
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is shown as text instead."""
    if isinstance(cell, str) and cell.startswith(WOULD_RUN):
        return "'" + cell
    return cell


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(sheet.cells)
    return text.getvalue().encode("utf-8-sig")  # the byte order mark tells Excel that it is UTF-8


def _xlsx(sheet: Sheet) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", sheet.name)[:31])
    for row in sheet.cells:
        page.append([_for_excel(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# Format → its type, and what writes it.
FORMATS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}


def _note_export(request: HttpRequest, file_format: str, sheet: Sheet) -> None:
    """Who took which rows away; the app that keeps such notes stands above this one, so settings name it."""
    import_string(settings.EXPORTS_NOTED_BY)(
        by=request.user,
        register=request.path,
        subject_type=sheet.subject_type,
        file_format=file_format,
        filters=sheet.filters,
        row_count=len(sheet.rows),
        rows=sheet.records,
    )


def _for_excel(cell: Any) -> Any:
    """Numbers as numbers; a text without the characters that no workbook may hold."""
    if isinstance(cell, int | float | Decimal | None):
        return cell
    return ILLEGAL_CHARACTERS_RE.sub("", str(cell))
