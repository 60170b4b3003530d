"""One sheet of a workbook into the database."""

from datetime import date
from typing import Any, cast

from django.db import DatabaseError
from django.db.models import Model
from django.utils.translation import gettext as _

from core.sealed import SEALED, CannotOpen, open_value
from core.workbook.cells import CellRefused
from core.workbook.columns import KEEP, Column, Sealed, Values
from core.workbook.explaining import ColumnRefused, sentences
from core.workbook.lookups import LeansOnTrouble, Lookups
from core.workbook.outcome import Outcome, Tally
from core.workbook.problems import Problem
from core.workbook.reading import Headings, rows_of
from core.workbook.rows import Row
from core.workbook.sheets import Sheet


class SheetImport:
    """Reads one sheet, then writes what is new or changed."""

    def __init__(
        self, sheet: Sheet, page: Any, outcome: Outcome, lookups: Lookups, *, by: Any, today: date, file: str
    ) -> None:
        self.sheet, self.page, self.outcome, self.lookups = sheet, page, outcome, lookups
        self.by, self.today, self.file = by, today, file
        self.title: str = page.title
        self.tally = outcome.tallies[str(sheet.title)] = Tally()
        self.stored: dict[tuple, list[Values]] = {}
        self.seen: dict[tuple, list[int]] = {}
        self.troubled = False
        self.aside: list[Row] = []  # rows with errors

    def run(self) -> None:
        lines = rows_of(self.page)
        first = next(lines, None)
        if first is None:
            return
        self.headings = Headings(self.sheet, self.title, *first)
        self.outcome.problems += self.headings.problems
        if not self.headings.can_be_read:
            self.lookups.of(self.sheet.model).sheet_unread = True
            return
        for stored in self.sheet.stored():
            self.stored.setdefault(self.sheet.key_of_stored(stored), []).append(stored)
        before = len(self.outcome.problems)
        rows = [row for number, cells in lines if (row := self.row(number, cells))]
        self.write(self.to_write(self.without_missing_columns(rows)))
        self.outcome.problems[before:] = sorted(self.outcome.problems[before:], key=_by_row)

    # --- reading ---------------------------------------------------------------------------------------

    def row(self, number: int, cells: tuple) -> Row | None:
        """None when the row cannot be used; the reason is then noted."""
        row = Row(number, self.lookups, self.today)
        good, leans = True, False
        for index, column in self.headings.columns.items():
            try:
                value = column.read(cells[index] if index < len(cells) else _EMPTY, row)
                if value is not KEEP:
                    row.values[column.name] = value
            except CellRefused as refusal:
                good = self.refuse(row, str(refusal), column.name)
            except LeansOnTrouble:
                leans = True
        good = self.nothing_beside(row, cells) and good
        if good and leans:
            self.outcome.unchecked += 1
        if not good or leans:
            self.set_aside(row)
            return None
        row.key = self.sheet.key_of(row.values)
        return row if self.only_once(row) else None

    def nothing_beside(self, row: Row, cells: tuple) -> bool:
        from openpyxl.utils import get_column_letter

        good = True
        known = self.headings.columns.keys() | self.headings.left_out
        for index, cell in enumerate(cells):
            if index not in known and cell.value is not None and str(cell.value).strip():
                letter = get_column_letter(index + 1)
                sentence = _("It holds something, but its column has no heading. Give it one or empty it.")
                self.outcome.problems.append(Problem(self.title, sentence, row.number, letter))
                good = False
        return good

    def only_once(self, row: Row) -> bool:
        """Notes the record that the row is about; a key twice in a sheet is refused."""
        before = self.seen.setdefault(row.key, [])
        before.append(row.number)
        known = self.stored.get(row.key, [])
        if len(before) > max(1, len(known)):
            names = ", ".join(f"“{self.headings.place(name)[0]}”" for name in self.sheet.key)
            values = {"row": before[0], "names": names}
            sentence = (
                _("Row %(row)s is about the same record (same %(names)s). Keep one of the two.") % values
            )
            return self.refuse(row, sentence, self.sheet.key[0])
        row.stored = known[len(before) - 1] if known else None
        return True

    def without_missing_columns(self, rows: list[Row]) -> list[Row]:
        """A missing column is said once a sheet; new rows, which need it, cannot be checked further."""
        missing = [c for c in self.sheet.bound if c.required and c.name not in self.headings.printed]
        new = [row for row in rows if not row.stored] if missing else []
        if not new:
            return rows
        for column in missing:
            sentence = _("This column is missing; new records need it.")
            self.outcome.problems.append(
                Problem(self.title, sentence, self.headings.number, column.printed_heading)
            )
        for row in new:
            self.set_aside(row)
        self.outcome.unchecked += len(new)
        return [row for row in rows if row.stored]

    # --- writing ---------------------------------------------------------------------------------------

    def to_write(self, rows: list[Row]) -> list[Row]:
        """New and changed rows, in the order in which they are to be written."""
        secrets = [column.name for column in self.sheet.bound if column.secret]
        known = [row for row in rows if row.stored]
        open_first = [row for row in known if any(name in row.values for name in secrets)]
        self.fetch(open_first)
        for row in known:
            names = row.values.keys() - set(self.sheet.only_shown(row))
            row.changed = {name for name in names if self.differs(row, self.sheet.by_name[name])}
        changed = [row for row in known if row.changed]
        self.tally.unchanged += len(known) - len(changed)
        if self.sheet.is_history:
            for row in changed:
                self.refuse(row, self.history_sentence(row), sorted(row.changed)[0])
            changed = []
        self.fetch([row for row in changed if row.record is None])
        chosen = {id(row) for row in changed} | {id(row) for row in rows if not row.stored}
        ordered = [row for row in self.sheet.in_order(rows) if id(row) in chosen]
        return self.targets_first(ordered)

    def fetch(self, rows: list[Row]) -> None:
        keys = [row.stored["pk"] for row in rows if row.stored]
        records = self.sheet.model._base_manager.in_bulk(keys)
        for row in rows:
            if row.stored:
                row.record = records[row.stored["pk"]]

    def differs(self, row: Row, column: Column) -> bool:
        given = row.values[column.name]
        if isinstance(column, Sealed):
            try:
                return open_value(cast(Model, row.record), column.field) != given.encode()
            except CannotOpen:
                return True
        return column.show(cast(Values, row.stored)) != given

    def history_sentence(self, row: Row) -> str:
        name = sorted(row.changed)[0]
        column = self.sheet.by_name[name]
        values = {
            "old": SEALED
            if column.secret
            else column.export(cast(Values, row.stored), self.lookups) or _("nothing"),
            "how": self.sheet.correct_by
            or _("Put this row back as it was and add a further row that is right."),
        }
        return _("The record exists already and says “%(old)s”. History is not changed. %(how)s") % values

    def targets_first(self, rows: list[Row]) -> list[Row]:
        """A row that names another row of the sheet comes after it."""
        column = self.sheet.own_code
        if column is None:
            return rows
        here = {row.values[self.sheet.key[0]]: row for row in rows}
        placed: dict[int, Row] = {}
        for row in rows:
            chain, link = [row], row
            while (target := here.get(link.values.get(column.name))) and target.number not in placed:
                if target in chain:
                    self.refuse(row, _("These rows point at one another in a circle."), column.name)
                    break
                chain.append(link := target)
            placed |= {link.number: link for link in reversed(chain) if link.number not in placed}
        return list(placed.values())

    def write(self, rows: list[Row]) -> None:
        """Rows that the database refuses are tried again while others still find their place."""
        if rows:
            self.sheet.begin()
        while rows:
            refused = [(row, trouble) for row in rows if (trouble := self.written(row))]
            if len(refused) == len(rows):
                for row, trouble in refused:
                    self.explain(row, trouble)
                return
            rows = [row for row, _trouble in refused]

    def written(self, row: Row) -> Exception | None:
        """What stood in the way."""
        sheet = self.sheet
        record = row.record or sheet.model()
        draft: Values = {}
        if row.stored:
            draft = {
                part.name: record.__dict__.get(part.attname) for part in sheet.model._meta.concrete_fields
            }
        before = dict(draft)
        try:
            for name, column in sheet.by_name.items():
                if name in row.changed or (not row.stored and name in row.values):
                    _put(column, draft, row)
            sheet.complete(draft, row)
            values = {
                name: value
                for name, value in draft.items()
                if name not in before or before[name] is not value
            }
            reason = f"{self.file}, {self.title} {row.number}"
            made = sheet.save(by=self.by, record=record, values=values, reason=reason, row=row)
        except (CannotOpen, CellRefused, DatabaseError, *sheet.refusals) as trouble:
            if row.stored:
                record.refresh_from_db()  # what was tried stands in it, and the row may be tried again
            return trouble
        self.lookups.learn(made)
        for other in sheet.made_beside(made):
            self.lookups.learn(other)
        if row.stored:
            self.tally.changed += 1
        else:
            self.tally.new += 1
        return None

    # --- problems --------------------------------------------------------------------------------------

    def refuse(self, row: Row, sentence: str, column: str = "") -> bool:
        heading, letter = self.headings.place(column) if column else ("", "")
        self.outcome.problems.append(Problem(self.title, sentence, row.number, heading, letter))
        self.troubled = True
        self.set_aside(row)
        return False

    def set_aside(self, row: Row) -> None:
        """Later rows that name this one are not told that it does not exist."""
        self.troubled = True
        self.aside.append(row)
        if all(name in row.values for name in self.sheet.key):
            for model, label in self.sheet.makes(row.values):
                self.lookups.of(model).in_trouble.add(label)

    def explain(self, row: Row, trouble: Exception) -> None:
        if self.troubled and self.sheet.may_follow_from_others(trouble, row, self.aside):
            self.outcome.unchecked += 1
            self.set_aside(row)
            return
        for column, sentence in sentences(self.sheet, trouble):
            self.refuse(row, sentence, column)


def _put(column: Column, draft: Values, row: Row) -> None:
    try:
        column.put(draft, row.values[column.name], row.lookups)
    except CellRefused as refusal:
        raise ColumnRefused(column.name, str(refusal)) from None


def _by_row(problem: Problem) -> int:
    return problem.row or 0


class _Empty:
    value = None
    data_type = "n"
    number_format = "General"


_EMPTY = _Empty()
