"""Amounts as people type them: any keyboard's digits, a point or a comma."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST = 1_000_000  # one entry; more is a slip of the thumb
_READ = 50  # characters at most; the longest amount has far fewer
_ONE_COMMA = re.compile(r"[+-]?(\d{1,3}),(\d{3})")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([,.])\d{3})(?:\1\d{3})+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:\.\d{3})+,\d+")


class AmountField(forms.DecimalField):
    """Full-width digits of a Japanese keyboard, "1,5" and "1,500.5" too.

    "1,500" may be one and a half or fifteen hundred: it is asked about, unless `in_whole_units` says which.
    """

    in_whole_units = False
    default_error_messages = {
        "required": _("Say how much."),
        "invalid": _("Write a number such as 3 or 2.5."),
        "min_value": _("Write a number above zero."),
        "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        "max_digits": _("That is very much. Write a number up to 1000000."),
        "max_whole_digits": _("That is very much. Write a number up to 1000000."),
        "max_decimal_places": _("Write at most three digits after the point."),
        "two_readings": _("%(typed)s can be read in two ways. Write %(many)s or %(few)s."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = self._with_point(unicodedata.normalize("NFKC", value[:_READ]).replace(" ", ""))
        return super().to_python(value)

    def _with_point(self, text: str) -> str:
        """As Python reads it."""
        if _GROUPS.fullmatch(text):
            return text.replace(",", "").replace(".", "")
        if _BOTH.fullmatch(text):
            decimal = max(text.rfind(","), text.rfind("."))
            return re.sub("[,.]", "", text[:decimal]) + "." + text[decimal + 1 :]
        if text.count(",") != 1 or "." in text:
            return text
        unclear = _ONE_COMMA.fullmatch(text)
        if unclear and not unclear[1].startswith("0"):
            if self.in_whole_units:
                return text.replace(",", "")
            whole, rest = unclear[1], unclear[2].rstrip("0")
            words = {"typed": text, "many": whole + unclear[2], "few": f"{whole}.{rest}" if rest else whole}
            raise ValidationError(self.error_messages["two_readings"], "two_readings", words)
        return text.replace(",", ".")
