"""The database as a workbook: the same sheets that the import reads, sealed columns left empty."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core import audit, leaks
from core.disk import replacing
from core.enums import Channel
from core.leaks.cells import Kind, kind_of, pieces_of
from core.workbook.columns import Column
from core.workbook.lookups import Lookups
from core.workbook.sheets import Sheet, all_sheets

READ_ME = "Read me"
# A spreadsheet would run a text that begins so.
_WOULD_RUN = ("=", "+", "-", "@", "\t", "\r")


class FileExists(Exception):
    def __str__(self) -> str:
        return _("%(file)s exists already. Choose another name, or add --replace.") % {"file": self.args[0]}


class LeakHeld(Exception):
    """`args[0]`: the verdict, with sheet, row and column of what must not leave."""

    def __str__(self) -> str:
        return self.args[0].sentence(
            _("Nothing was written: something protected stands in the workbook (%(places)s).")
        )


def export_workbook(*, path: Path, by: Any, replace: bool = False) -> dict[str, int]:
    """Everything the sheets cover. Returns records by sheet.

    Raises FileExists, LeakHeld, core.leaks.CannotCheck.
    """
    if path.exists() and not replace:
        raise FileExists(path)
    with translation.override("en"):
        pages = _checked_pages(by)
        _write(path, pages)
    counts = {str(sheet.title): len(rows) for sheet, rows in pages}
    changes = {title: [None, count] for title, count in counts.items()}
    audit.record(by=by, action="workbook.exported", subject=by, changes=changes)
    return counts


def _checked_pages(by: Any) -> list[tuple[Sheet, list[list]]]:
    """Every sheet with its rows, looked through whole before the first letter of a file is written."""
    sheets = all_sheets()
    lookups = Lookups(sheets)
    pages, held = [], []
    with leaks.guarding():
        for sheet in sheets:
            rows = [[column.export(stored, lookups) for column in sheet.bound] for stored in sheet.stored()]
            held += leaks.check(by=by, outgoing=_outgoing(sheet, rows, by)).held
            pages.append((sheet, rows))
    if held:
        raise LeakHeld(leaks.Verdict(held, is_quiet=leaks.has_many(by)))
    return pages


def _outgoing(sheet: Sheet, rows: Iterable[list], by: Any) -> leaks.Outgoing:
    """The workbook speaks of every record by its code: only sealed values have no business in it."""
    headings = [f"{sheet.title}: {column.printed_heading}" for column in sheet.bound]
    kinds = [kind_of(sheet.model, column.field) for column in sheet.bound]
    coded = [Kind.CODE if kind == Kind.FREE else kind for kind in kinds]
    return leaks.Outgoing(
        channel=Channel.WORKBOOK,
        pieces=pieces_of(headings, coded, rows),
        text_type=sheet.model._meta.label_lower,
        authors=frozenset({by.pk}),
    )


def write_workbook(path: Path, records: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """A workbook of the same shape from plain values: title of the sheet → rows as heading → value.

    Raises KeyError: no such sheet or heading.
    """
    with translation.override("en"):
        by_title = {str(sheet.title): sheet for sheet in all_sheets()}
        unknown = set(records) - set(by_title)
        if unknown:
            raise KeyError(f"no such sheets: {sorted(unknown)}")
        pages = [
            (sheet, list(_in_columns(sheet, records.get(title, ())))) for title, sheet in by_title.items()
        ]
        _write(path, pages)


def _in_columns(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Iterable[list]:
    headings = [column.printed_heading for column in sheet.bound]
    for row in rows:
        if set(row) - set(headings):
            raise KeyError(f"{sheet.title}: no such columns: {sorted(set(row) - set(headings))}")
        yield [row.get(heading) for heading in headings]


def _write(path: Path, pages: Iterable[tuple[Sheet, Iterable[list]]]) -> None:
    """Beside the place first, then into it, readable by its owner alone: it holds names and gifts."""
    from openpyxl import Workbook  # slow to import, and few commands need it

    book = Workbook(write_only=True)
    _write_read_me(book)
    for sheet, rows in pages:
        _write_page(book, sheet, rows)
    with replacing(path) as file:
        book.save(file)


def _write_page(book: Any, sheet: Sheet, rows: Iterable[list]) -> None:
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(str(sheet.title))
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.bound, start=1):
        shape = page.column_dimensions[get_column_letter(number)]
        shape.width, shape.number_format = column.width, column.number_format
    page.append([_heading(page, column) for column in sheet.bound])
    for row in rows:
        page.append([_cell(page, column, value) for column, value in zip(sheet.bound, row, strict=True)])


def _heading(page: Any, column: Column) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(page, column.printed_heading)
    cell.font = Font(bold=True)
    colour = "F4CCCC" if column.secret else "D9EAD3" if column.required else "EEEEEE"
    cell.fill = PatternFill("solid", fgColor=colour)
    return cell


def _cell(page: Any, column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(page, value)
    cell.number_format = column.number_format
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_WOULD_RUN)
    return cell


def _write_read_me(book: Any) -> None:
    page = book.create_sheet(READ_ME)
    for letter, width in zip("ABCD", (24, 34, 10, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_("sheet"), _("column"), _("needed"), _("what stands there")])
    for sheet in all_sheets():
        page.append([str(sheet.title), None, None, str(sheet.about)])
        for column in sheet.bound:
            page.append([str(sheet.title), column.printed_heading, needed(sheet, column), column.help])


def needed(sheet: Sheet, column: Column) -> str:
    if column.name in sheet.key:
        return _("key")
    return _("yes") if column.required else ""
