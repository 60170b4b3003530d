"""Other records, by their codes."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from core.workbook import cells
from core.workbook.cells import CellRefused
from core.workbook.columns.base import Column, Values, Words

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row


class Code(Column):
    """Another record, by its code. `within`: the column whose record the code belongs to."""

    def __init__(self, *args: Any, within: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within

    @property
    def target(self) -> type[models.Model]:
        return self.model_field.related_model

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        text = cells.as_code(value)
        if _is_user(self.target):
            text = text.lower()
        inside = row.values.get(self.within) if self.within else None
        return row.lookups.of(self.target).find(text, inside)

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        pk = self.show(stored)
        return None if pk is None else lookups.of(self.target).printed(pk)

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        draft[self.field] = None if value is None else lookups.of(self.target).records[value]

    def usual_help(self) -> str:
        if _is_user(self.target):
            return _("e-mail address of a person")
        words = _("code of the %(kind)s") % {"kind": self.target._meta.verbose_name}
        return words if self.required else _("%(words)s, or empty") % {"words": words}


class OwnCode(Column):
    """Another row of the same sheet, by its code: it may stand above or below."""

    def __init__(self, field: str, by: str = "code", *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.by = by

    @property
    def stored_names(self) -> tuple[str, ...]:
        return (f"{self.field}__{self.by}",)

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_code(value)

    def show(self, stored: Values) -> Any:
        return stored[f"{self.field}__{self.by}"]

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        model = self.model_field.related_model
        found = None if value is None else model._base_manager.filter(**{self.by: value}).first()
        if value is not None and found is None:
            raise CellRefused(_("No row of this sheet has this code, nor has the database."))
        draft[self.field] = found

    def usual_help(self) -> str:
        return _("code of another row of this sheet, or empty")


class MadeBeside(Column):
    """A record that is made together with the row's own; its code is not changed afterwards."""

    def __init__(self, field: str, heading: Words, help: Words) -> None:
        super().__init__(field, heading, help, required=False, keeps=True)

    @property
    def stored_names(self) -> tuple[str, ...]:
        return (f"{self.field}__code",)

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_code(value)

    def show(self, stored: Values) -> Any:
        return stored[f"{self.field}__code"]

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        if draft.get(self.field) is not None:
            raise CellRefused(_("It cannot be changed any more. Put the old code back, or empty the cell."))
        draft[self.field] = value


def _is_user(model: type[models.Model]) -> bool:
    return hasattr(model, "USERNAME_FIELD")
