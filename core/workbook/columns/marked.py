"""Sealed values, and the mark of records made up to reach a published total."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workbook import cells
from core.workbook.columns.base import Column, Values, Words
from core.workbook.columns.plain import YesNo

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row

RECONSTRUCTED = "[reconstructed]"
_RECONSTRUCTED_HELP = gettext_lazy(
    "yes: the single record is made up so that records add up to a total that was published; "
    "the record is marked “[reconstructed]”"
)


class Sealed(Column):
    """Written only: a filled cell is sealed, an empty one leaves what is sealed; none is ever exported."""

    secret = True
    width = 24

    def __init__(self, field: str, heading: Words, help: Words = "") -> None:
        super().__init__(field, heading, help, required=False, keeps=True)

    @property
    def stored_names(self) -> tuple[str, ...]:
        return ()

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_text(value)

    def show(self, stored: Values) -> Any:
        return None

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        return None

    def usual_help(self) -> str:
        return _("sealed: it is read from the sheet and never written to one; empty leaves it as it is")


class Reconstructed(YesNo):
    """Whether the note begins with the mark "[reconstructed]". Stands before its Note."""

    def __init__(self, field: str) -> None:
        super().__init__(field, gettext_lazy("reconstructed"), _RECONSTRUCTED_HELP, required=False)
        self.name = f"{field}.reconstructed"

    def when_empty(self) -> Any:
        return False

    def show(self, stored: Values) -> Any:
        return stored[self.field].startswith(RECONSTRUCTED)

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        rest = unmarked(draft.get(self.field) or "")
        draft[self.field] = f"{RECONSTRUCTED} {rest}".strip() if value else rest


class Note(Column):
    """The note without its mark."""

    width = 40

    def show(self, stored: Values) -> Any:
        return unmarked(super().show(stored))

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        marked = (draft.get(self.field) or "").startswith(RECONSTRUCTED)
        draft[self.field] = f"{RECONSTRUCTED} {value}".strip() if marked else value


def unmarked(note: str) -> str:
    return note.removeprefix(RECONSTRUCTED).strip()
