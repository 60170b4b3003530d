"""A workbook into the database: all of it or nothing, and every error of the file in one go."""

import warnings
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core import leaks
from core.workbook.lookups import Lookups
from core.workbook.outcome import Outcome
from core.workbook.reading import open_workbook, pages_by_sheet
from core.workbook.sheet_import import SheetImport
from core.workbook.sheets import all_sheets

# One import at a time: two at once would each find the other's rows missing.
_LOCK_NUMBER = 7206401


def import_workbook(*, path: Path, by: Any, today: date, dry_run: bool = False) -> Outcome:
    """Raises NotAWorkbook. With problems, and on a dry run, nothing stays written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reader leaves out (pictures, pivots) is no concern of ours
        book = open_workbook(path)
        try:
            with leaks.guarding():
                return _import(book, name=path.name, by=by, today=today, dry_run=dry_run)
        finally:
            book.close()


@transaction.atomic
def _import(book: Any, *, name: str, by: Any, today: date, dry_run: bool) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
    sheets = all_sheets()
    outcome, lookups = Outcome(), Lookups(sheets)
    pages, outcome.problems = pages_by_sheet(book, sheets)
    for sheet in sheets:
        if sheet in pages:
            SheetImport(sheet, pages[sheet], outcome, lookups, by=by, today=today, file=name).run()
    if dry_run or not outcome.is_clean:
        transaction.set_rollback(True)
    return outcome
