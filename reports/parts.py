"""What the parts of a figure are called, in a table and in a sentence."""

from django.template.defaultfilters import date as formatted
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.fiscal import FiscalYear
from foster.enums import Half

_formatted = lazy(formatted, str)

# How recipients are called in a sentence, where "to orphanages" is meant and not one orphanage.
RECIPIENTS = {
    "orphanage": _("orphanages"),
    "hospital": _("hospitals"),
    "clinic": _("clinics"),
    "school": _("schools"),
    "family": _("families"),
    "households": _("households"),
    "other": _("other recipients"),
}


def recipients(kind: str, year: FiscalYear | None = None) -> str | Promise:
    return RECIPIENTS.get(kind, _("other recipients"))


def month(part: str, year: FiscalYear) -> str | Promise:
    """Parts are months' numbers, so that a month meets the same month of the year before."""
    first = next((day for day in year.months() if f"{day:%m}" == part), None)
    return _formatted(first, "YEAR_MONTH_FORMAT") if first else _("a month not known")


def term(part: str, year: FiscalYear) -> str | Promise:
    ordinals = {"1": _("the first term"), "2": _("the second term"), "3": _("the third term")}
    if not part:
        return _("a term without number")
    return ordinals.get(part, format_lazy(_("term {number}"), number=part))


def half_term(part: str, year: FiscalYear) -> str | Promise:
    began, half = part.split("-")
    return format_lazy(
        _("{half} of the school year that begins in {year}"), half=Half(half).label, year=began
    )


def funder(part: str, year: FiscalYear) -> str | Promise:
    return part or _("nobody named")


def currency(part: str, year: FiscalYear) -> str:
    return part.upper()
