"""Codes to records: each kind of record is read from the database once an import."""

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.translation import gettext as _

from core.workbook.cells import CellRefused

if TYPE_CHECKING:
    from core.workbook.sheets import Sheet

# Under which words a record is known: within which other record (its primary key, or None), and the code.
Label = tuple[Any, str]


class LeansOnTrouble(Exception):
    """The cell names a record whose own row has an error: the row can only be checked when that is mended."""


class Lookup:
    """The records of one model by their codes."""

    def __init__(self, model: type[Model], sheet: "Sheet | None") -> None:
        self.model = model
        self.sheet = sheet
        self.records: dict[Any, Model] = {}
        self.by_label: dict[Label, list[Any]] = {}
        self.in_trouble: set[Label] = set()
        self.sheet_unread = False
        for record in model._base_manager.all():
            self.add(record)

    def add(self, record: Model) -> None:
        self.records[record.pk] = record
        for label in self.labels(record):
            holders = self.by_label.setdefault(label, [])
            if record.pk not in holders:
                holders.append(record.pk)

    def labels(self, record: Model) -> list[Label]:
        if self.sheet is None:
            return [(None, str(record.code))]  # type: ignore[attr-defined]
        return self.sheet.labels(self.sheet.label_values(record))

    def find(self, text: str, within: Any = None) -> Any:
        """The primary key. Raises CellRefused, LeansOnTrouble."""
        holders = self.by_label.get((within, text), [])
        if len(holders) == 1:
            return holders[0]
        if holders:
            longer = sorted(self.printed(pk) for pk in holders)
            raise CellRefused(_("It could be any of: %(codes)s. Write which.") % {"codes": ", ".join(longer)})
        if self.sheet_unread or (within, text) in self.in_trouble:
            raise LeansOnTrouble
        raise CellRefused(self._unknown(text, within))

    def printed(self, pk: Any) -> str:
        """The shortest words that name this record alone."""
        labels = self.labels(self.records[pk])
        for label in labels:
            if len(self.by_label[label]) == 1:
                return label[1]
        return labels[-1][1]

    def _unknown(self, text: str, within: Any) -> str:
        codes = [code for (inside, code) in self.by_label if inside == within]
        near = [code for code in codes if code.casefold() == text.casefold()]
        near = near or difflib.get_close_matches(text, codes, 1)
        kind = self.model._meta.verbose_name
        values: dict[str, Any] = {"code": text, "kind": kind, "near": near[0] if near else ""}
        if near:
            return _("There is no %(kind)s “%(code)s”. Did you mean “%(near)s”?") % values
        if self.sheet is None:
            return _("There is no %(kind)s “%(code)s”.") % values
        values["sheet"] = self.sheet.title
        return _("There is no %(kind)s “%(code)s”. Add it in sheet “%(sheet)s”, or mend the code.") % values


class Lookups:
    def __init__(self, sheets: Iterable["Sheet"]) -> None:
        self.sheets = {sheet.model: sheet for sheet in sheets}
        self.known: dict[type[Model], Lookup] = {}

    def of(self, model: type[Model]) -> Lookup:
        if model not in self.known:
            self.known[model] = Lookup(model, self.sheets.get(model))
        return self.known[model]

    def learn(self, record: Model) -> None:
        """A record was just made or changed. Kinds that nobody asked for yet are read later anyway."""
        if type(record) in self.known:
            self.known[type(record)].add(record)
