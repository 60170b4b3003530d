"""A file from outside: opened with care, its sheets and headings recognised."""

import difflib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.workbook.cells import folded, tidy
from core.workbook.columns import Column
from core.workbook.problems import NotAWorkbook, Problem
from core.workbook.sheets import Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

MEBIBYTE = 2**20
MOST_BYTES = 50 * MEBIBYTE
MOST_BYTES_UNPACKED = 500 * MEBIBYTE
IGNORED_TITLES = ("about", "read me", "readme")


def open_workbook(path: Path) -> "Workbook":
    """Raises NotAWorkbook."""
    _refuse_unfit(path)
    from openpyxl import load_workbook  # slow to import, and few commands need it

    try:
        return load_workbook(path, read_only=True, data_only=False)
    except Exception as error:  # a broken file breaks the reader in many ways
        raise NotAWorkbook(_broken()) from error


def _refuse_unfit(path: Path) -> None:
    if not path.is_file():
        raise NotAWorkbook(_("There is no file %(file)s.") % {"file": path})
    if path.stat().st_size > MOST_BYTES:
        raise NotAWorkbook(_("The file is larger than 50 MB. Split it into several workbooks."))
    if not zipfile.is_zipfile(path):
        raise NotAWorkbook(
            _("This file is not an Excel workbook (.xlsx). Open it in Excel and save it as “Excel Workbook”.")
        )
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise NotAWorkbook(_broken()) from error
    if unpacked > MOST_BYTES_UNPACKED:
        raise NotAWorkbook(_("Unpacked, the file is larger than 500 MB. It was not opened."))


def _broken() -> str:
    return _("This file is not an Excel workbook, or it is damaged. Open it in Excel and save it anew.")


def rows_of(page: Any) -> Iterator[tuple[int, tuple]]:
    """Row number and cells of every row that holds something. Raises NotAWorkbook: a damaged sheet."""
    page.reset_dimensions()  # a file may claim a million rows
    try:
        for number, cells in enumerate(page.iter_rows(), start=1):
            if any(cell.value is not None and tidy(str(cell.value)) for cell in cells):
                yield number, cells
    except Exception as error:  # as above
        raise NotAWorkbook(
            _("Sheet “%(sheet)s” is damaged. %(rest)s") % {"sheet": page.title, "rest": _broken()}
        ) from error


def all_words(words: object) -> set[str]:
    """Folded, in every language of the house."""
    found = set()
    for language in ("en", "ja"):
        with translation.override(language):
            found.add(folded(words))
    return found


def is_left_out(title: str) -> bool:
    return title.strip().startswith("_") or folded(title) in IGNORED_TITLES


def pages_by_sheet(book: "Workbook", sheets: Iterable[Sheet]) -> tuple[dict[Sheet, Any], list[Problem]]:
    """The pages of the file by the sheet they are, and a problem for each that is none."""
    known = {word: sheet for sheet in sheets for word in all_words(sheet.title)}
    pages: dict[Sheet, Any] = {}
    problems = []
    for page in book.worksheets:
        sheet = known.get(folded(page.title))
        if sheet is not None and sheet not in pages:
            pages[sheet] = page
        elif sheet is not None:
            problems.append(Problem(page.title, _("It is in the file twice. Put its rows into one sheet.")))
        elif not is_left_out(page.title):
            problems.append(Problem(page.title, _unknown_title(page.title, known)))
    return pages, problems


def _unknown_title(title: str, known: dict[str, Sheet]) -> str:
    near = difflib.get_close_matches(folded(title), known, 1)
    if near:
        return _("There is no such sheet. Did you mean “%(near)s”?") % {"near": known[near[0]].title}
    return _("There is no such sheet. Put “_” before its name and it is left out.")


class Headings:
    """Which column stands where on a page."""

    def __init__(self, sheet: Sheet, title: str, number: int, cells: tuple) -> None:
        self.sheet, self.title, self.number = sheet, title, number
        self.columns: dict[int, Column] = {}
        self.printed: dict[str, tuple[str, str]] = {}  # column name → heading in the file, letter
        self.left_out: set[int] = set()
        self.problems: list[Problem] = []
        known = {word: column for column in sheet.bound for word in all_words(column.heading)}
        for index, cell in enumerate(cells):
            if cell.value is not None and tidy(str(cell.value)):
                self._place(index, tidy(str(cell.value)), known)
        for name in sheet.key:
            if name not in self.printed:
                self._missing(sheet.by_name[name])

    def _place(self, index: int, heading: str, known: dict[str, Column]) -> None:
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(index + 1)
        column = known.get(folded(heading))
        if heading.startswith("_"):
            self.left_out.add(index)
        elif column is None:
            self.left_out.add(index)
            self._problem(self._unknown(heading, known), heading, letter)
        elif column.name in self.printed:
            self.left_out.add(index)
            self._problem(_("This heading is there twice. Keep one of the two columns."), heading, letter)
        else:
            self.columns[index] = column
            self.printed[column.name] = (heading, letter)

    def _unknown(self, heading: str, known: dict[str, Column]) -> str:
        near = difflib.get_close_matches(folded(heading), known, 1)
        if near:
            near_heading = known[near[0]].printed_heading
            return _("There is no such column. Did you mean “%(near)s”?") % {"near": near_heading}
        return _("There is no such column. Put “_” before its heading and it is left out.")

    def _missing(self, column: Column) -> None:
        sentence = _("This column is missing. Without it no row can be told from another.")
        self._problem(sentence, column.printed_heading, "")

    def _problem(self, sentence: str, heading: str, letter: str) -> None:
        self.problems.append(Problem(self.title, sentence, self.number, heading, letter))

    @property
    def can_be_read(self) -> bool:
        return all(name in self.printed for name in self.sheet.key)

    def place(self, name: str) -> tuple[str, str]:
        """Heading and letter of a column, for a problem."""
        if name in self.printed:
            return self.printed[name]
        column = self.sheet.by_name.get(name)
        return (column.printed_heading, "") if column else ("", "")
