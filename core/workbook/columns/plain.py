"""Texts, codes, choices and numbers."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.money import CURRENCY_ALIASES
from core.workbook import cells
from core.workbook.cells import CellRefused
from core.workbook.columns.base import Column, Values

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row


class Key(Column):
    """A code: full-width characters become ordinary ones."""

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.narrow(super().value_of(cells.as_code(value), cell, row))

    def usual_help(self) -> str:
        if self.field != "code":
            return super().usual_help()
        return _("a code of your own, at most %(n)s characters") % {"n": self.model_field.max_length}


class Email(Column):
    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_code(value).lower()

    def usual_help(self) -> str:
        return _("an e-mail address")


class LongText(Column):
    width = 60


class Choice(Column):
    """By its English label, its label in another language of the house, or its stored value."""

    def __init__(self, *args: Any, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.without = without

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """Computed once a column, not once a row."""
        return self.choices()

    def choices(self) -> dict[str, list[str]]:
        allowed = [(value, label) for value, label in self.model_field.choices if value not in self.without]
        words: dict[str, list[str]] = {str(value): [] for value, _label in allowed}
        for language in ("en", "ja"):
            with translation.override(language):
                for value, label in allowed:
                    words[str(value)].append(str(label))
        return words

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_choice(value, self.words)

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        value = self.show(stored)
        return self.words[value][0] if value else None

    def usual_help(self) -> str:
        return _("one of: %(words)s") % {"words": ", ".join(words[0] for words in self.choices().values())}


class Currency(Choice):
    def choices(self) -> dict[str, list[str]]:
        words = super().choices()
        for alias, code in CURRENCY_ALIASES.items():
            words[code].append(alias)
        return words


class YesNo(Column):
    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_yes(value)

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        return "yes" if self.show(stored) else "no"

    def usual_help(self) -> str:
        return _("yes or no; empty: %(word)s") % {"word": "yes" if self.model_field.get_default() else "no"}


class Number(Column):
    number_format = "General"
    width = 12

    @property
    def places(self) -> int:
        return getattr(self.model_field, "decimal_places", None) or 0

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        field = self.model_field
        number = cells.as_number(value, self.places)
        if number < 0 and isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField):
            raise CellRefused(_("It cannot be below zero."))
        if not isinstance(field, models.DecimalField):
            return int(number)
        if abs(number) >= 10 ** (field.max_digits - self.places):
            raise CellRefused(_("This number is too large."))
        return number

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        number = self.show(stored)
        if isinstance(number, Decimal):
            return int(number) if number == number.to_integral_value() else number.normalize()
        return number

    def usual_help(self) -> str:
        if not self.places:
            return _("a whole number")
        return _("a number, at most %(n)s digits after the decimal point") % {"n": self.places}
