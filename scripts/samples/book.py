"""Rows for the sheets of the workbook, written so that the same rows give the same file."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.workbook.sheets import Sheet, all_sheets

# A workbook carries the moment it was saved, in its properties and in each part of its archive.
SAVED = datetime(2026, 11, 24, tzinfo=UTC)
ABOUT = "About"
_PROPERTIES = "docProps/core.xml"


class Book:
    """`rows`: sheet title → rows, each by the names of the sheet's columns."""

    def __init__(self, about: Iterable[str]) -> None:
        self.about = list(about)
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, title: str, /, **values: Any) -> None:
        """One row. Column `days.first` is written `days__first`; one that begins with _ is for readers."""
        self.rows[title].append({_column_name(name): value for name, value in values.items()})

    def sheets(self) -> dict[str, list[list[Any]]]:
        """Title → headings and rows, cell by cell. Raises ValueError: a sheet or column that is none."""
        with override("en"):
            known = {str(sheet.title): sheet for sheet in all_sheets()}
            if strange := set(self.rows) - set(known):
                raise ValueError(f"There is no sheet {', '.join(sorted(strange))}.")
            filled = {title: self._cells(sheet) for title, sheet in known.items() if self.rows.get(title)}
        return {ABOUT: [[line] for line in self.about]} | filled

    def _cells(self, sheet: Sheet) -> list[list[Any]]:
        rows = self.rows[str(sheet.title)]
        used = {name for row in rows for name in row}
        headings = {column.name: column.printed_heading for column in sheet.bound if column.name in used}
        headings |= {name: f"_{name[1:].capitalize()}" for name in sorted(used) if name.startswith("_")}
        if strange := used - set(headings):
            raise ValueError(f"Sheet {sheet.title} has no column {', '.join(sorted(strange))}.")
        return [list(headings.values()), *([_cell(row.get(name)) for name in headings] for row in rows)]

    def write(self, path: Path) -> None:
        workbook = Workbook()
        workbook.remove(workbook.active)
        for title, rows in self.sheets().items():
            _fill(workbook.create_sheet(title), rows)
        workbook.properties.creator = "LFNKR Operations"
        workbook.properties.created = SAVED
        raw = BytesIO()
        workbook.save(raw)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_without_time(raw))


def _column_name(name: str) -> str:
    return name if name.startswith("_") else name.replace("__", ".")


def _cell(value: Any) -> Any:
    return "yes" if value is True else "no" if value is False else value


def _fill(sheet: Any, rows: list[list[Any]]) -> None:
    for row in rows:
        sheet.append(row)
    sheet.freeze_panes = "A2" if sheet.title != ABOUT else None
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for index, column in enumerate(zip(*rows, strict=True), 1):
        longest = max(len(str(value)) for value in column if value is not None)
        sheet.column_dimensions[get_column_letter(index)].width = min(60, longest + 3)
        for number, value in enumerate(column, 1):
            if isinstance(value, date):
                sheet.cell(number, index).number_format = "yyyy-mm-dd"


def _without_time(raw: BytesIO) -> bytes:
    """The same archive with every part dated `SAVED`."""
    fixed = BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == _PROPERTIES:
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    b"\\g<1>" + SAVED.strftime("%Y-%m-%dT00:00:00Z").encode(),
                    content,
                )
            new.writestr(zipfile.ZipInfo(name, SAVED.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
