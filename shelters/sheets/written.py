"""Sheets whose rows somebody wrote."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy

from core.workbook.columns import Values
from core.workbook.rows import Row
from core.workbook.sheets import Sheet

ABOVE_ZERO = gettext_lazy("It must be above zero.")
WHO_IMPORTS = gettext_lazy("e-mail address of a person; empty: who imports")


class WrittenBy(Sheet):
    """A new row that names nobody is the importer's."""

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        if record._state.adding:
            values = {"by": by} | values
        return super().save(by=by, record=record, values=values, reason=reason, row=row)
