from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workbook.cells import CellRefused, as_code
from core.workbook.columns import Code, Values, key_of_number
from core.workbook.rows import Row
from shelters.models import Allowance, AllowanceTakenBack
from shelters.sheets.written import WHO_IMPORTS, WrittenBy


class _OfAllowance(Code):
    """By the number it has in sheet Allowances."""

    @property
    def stored_names(self) -> tuple[str, ...]:
        return (self.model_field.attname, f"{self.field}__key")

    def value_of(self, value: Any, cell: Any, row: Row) -> Any:
        try:
            return row.lookups.of(Allowance).find(str(key_of_number(as_code(value))))
        except CellRefused:
            sentence = _("There is no allowance with this number. Add it in sheet “Allowances”, or mend it.")
            raise CellRefused(sentence) from None

    def export(self, stored: Values, lookups: Any) -> Any:
        return str(stored[f"{self.field}__key"])

    def usual_help(self) -> str:
        return _("number of a row of sheet Allowances")


class AllowancesTakenBack(WrittenBy):
    title = gettext_lazy("Allowances taken back")
    about = gettext_lazy("Allowances that were entered by mistake: they stay, and count in no sum.")
    model = AllowanceTakenBack
    key = ("allowance",)
    columns = (
        _OfAllowance("allowance"),
        "reason",
        Code("by", help=WHO_IMPORTS, keeps=True),
    )

    def records(self) -> QuerySet:
        return AllowanceTakenBack.objects.order_by("allowance__resident__code", "pk")
