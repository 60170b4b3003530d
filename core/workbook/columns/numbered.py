"""Records that have no code: known by a number of one's own, kept as the key of the form they came by."""

import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workbook import cells
from core.workbook.cells import CellRefused
from core.workbook.columns.base import Column, Values, Words

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row

_LONGEST_NUMBER = 40
_NUMBERS = uuid.UUID("7c1c1f0e-5f0b-4f0e-9d5c-2b1f6a3e8d41")
_HELP = gettext_lazy(
    "a number of your own, like B-0001; the same number is the same row. An export writes the long number by "
    "which the row is known here; both mean the same row"
)


def key_of_number(number: str) -> uuid.UUID:
    """The key of a record that is known by a number of your own: always the same for the same number."""
    try:
        return uuid.UUID(number)
    except ValueError:
        return uuid.uuid5(_NUMBERS, number)


class OwnNumber(Column):
    """Between cell and record stands the key, so that a number and its key are the same record."""

    def __init__(self, help: Words = _HELP) -> None:
        super().__init__("key", gettext_lazy("number"), help, required=True)

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        number = cells.as_code(value)
        if len(number) > _LONGEST_NUMBER or ":" in number or number.startswith("["):
            raise CellRefused(
                _("A number has at most 40 characters, no colon, and no bracket at its beginning.")
            )
        key = key_of_number(number)
        row.aside["number"] = "" if number == str(key) else number
        return key

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        return str(self.show(stored))
