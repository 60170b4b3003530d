"""What figures are counted in, and how a number with its unit stands in a sentence."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.enums import Qualifier
from core.quantities import Quantity, plain


class CountedIn(StrEnum):
    """The unit of a figure as the JSON writes it; money has its currency code instead."""

    TONNES = "t"
    KILOGRAMS = "kg"
    HOURS = "hours"
    KITS = "kits"
    SETS = "sets"
    PIECES = "pieces"
    PEOPLE = "people"
    CHILDREN = "children"
    ARTICLES = "articles"
    PUBLICATIONS = "publications"
    DONATIONS = "donations"
    ORGANISATIONS = "organisations"
    NGOS = "NGOs"
    NATIONS = "nations"
    BODIES = "bodies"
    LECTURES = "lectures"
    VISITS = "visits"
    VOLUNTEERS = "volunteers"
    APPLICATIONS = "applications"
    PROFILES = "profiles"
    CASES = "cases"
    OPERATIONS = "operations"
    TERMS = "terms"
    PROVINCES = "provinces"
    RECIPIENT_KINDS = "recipient kinds"
    SPONSORSHIPS = "sponsorships"
    MONTHS = "months"
    ORDINAL = "ordinal"


# Weights and hours keep their digits; counts below ten are words in a sentence.
_MEASURED = (CountedIn.TONNES, CountedIn.KILOGRAMS, CountedIn.HOURS, CountedIn.ORDINAL)

_IN_PROSE: dict[str, Callable[[int], str]] = {
    CountedIn.TONNES: lambda n: ngettext("%(number)s ton", "%(number)s tons", n),
    CountedIn.KILOGRAMS: lambda n: ngettext("%(number)s kg", "%(number)s kg", n),
    CountedIn.HOURS: lambda n: ngettext("%(number)s hour", "%(number)s hours", n),
    CountedIn.KITS: lambda n: ngettext("%(number)s home medical kit", "%(number)s home medical kits", n),
    CountedIn.SETS: lambda n: ngettext("%(number)s set", "%(number)s sets", n),
    CountedIn.PIECES: lambda n: ngettext("%(number)s piece", "%(number)s pieces", n),
    CountedIn.PEOPLE: lambda n: ngettext("%(number)s person", "%(number)s people", n),
    CountedIn.CHILDREN: lambda n: ngettext("%(number)s child", "%(number)s children", n),
    CountedIn.ARTICLES: lambda n: ngettext("%(number)s article", "%(number)s articles", n),
    CountedIn.PUBLICATIONS: lambda n: ngettext("%(number)s publication", "%(number)s publications", n),
    CountedIn.DONATIONS: lambda n: ngettext("%(number)s donation", "%(number)s donations", n),
    CountedIn.ORGANISATIONS: lambda n: ngettext("%(number)s organisation", "%(number)s organisations", n),
    CountedIn.NGOS: lambda n: ngettext("%(number)s NGO", "%(number)s NGOs", n),
    CountedIn.NATIONS: lambda n: ngettext("%(number)s nation", "%(number)s nations", n),
    CountedIn.BODIES: lambda n: ngettext("%(number)s body", "%(number)s bodies", n),
    CountedIn.LECTURES: lambda n: ngettext("%(number)s lecture", "%(number)s lectures", n),
    CountedIn.VISITS: lambda n: ngettext("%(number)s visit", "%(number)s visits", n),
    CountedIn.VOLUNTEERS: lambda n: ngettext("%(number)s volunteer", "%(number)s volunteers", n),
    CountedIn.APPLICATIONS: lambda n: ngettext("%(number)s application", "%(number)s applications", n),
    CountedIn.PROFILES: lambda n: ngettext("%(number)s kind of helper", "%(number)s kinds of helper", n),
    CountedIn.CASES: lambda n: ngettext("%(number)s case", "%(number)s cases", n),
    CountedIn.OPERATIONS: lambda n: ngettext("%(number)s operation", "%(number)s operations", n),
    CountedIn.TERMS: lambda n: ngettext("%(number)s term", "%(number)s terms", n),
    CountedIn.PROVINCES: lambda n: ngettext("%(number)s province", "%(number)s provinces", n),
    CountedIn.RECIPIENT_KINDS: lambda n: ngettext(
        "%(number)s kind of recipient", "%(number)s kinds of recipient", n
    ),
    CountedIn.SPONSORSHIPS: lambda n: ngettext("%(number)s sponsorship", "%(number)s sponsorships", n),
    CountedIn.MONTHS: lambda n: ngettext("%(number)s month", "%(number)s months", n),
}


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_prose(quantity: Quantity, unit: str) -> str:
    """ "eight people", "50 tons", "more than 20 organisations", "15th"."""
    if unit == CountedIn.ORDINAL:
        return ordinal(int(quantity.value or 0))
    pattern = _IN_PROSE.get(unit)
    number = str(quantity) if unit in _MEASURED else _in_words(quantity)
    if pattern is None:  # money: the code says the unit
        return f"{unit} {number}"
    only_one = quantity.value == 1 and quantity.qualifier != Qualifier.RANGE
    return pattern(1 if only_one else 2) % {"number": number}


def number(value: Decimal | None) -> int | float | None:
    """As JSON and a spreadsheet take it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def number_word(number: Decimal | int) -> str:
    """Numbers under ten as a word where the language writes them so; "no" for none."""
    if not (get_language() or "en").startswith("en") or number != int(number) or not 0 <= number < 10:
        return plain(number)
    return _WORDS[int(number)]


def in_a_row(words: list[str]) -> str:
    """ "one", "one and two", "one, two and three": with the marks of the language."""
    if len(words) < 2:
        return "".join(words)
    return _("%(others)s and %(last)s") % {"others": _(", ").join(words[:-1]), "last": words[-1]}


def ordinal(number: int) -> str:
    if not (get_language() or "en").startswith("en"):
        return _("number %(number)s") % {"number": number}
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _in_words(quantity: Quantity) -> str:
    printed = str(quantity)
    if quantity.value is None or quantity.qualifier in (Qualifier.RANGE, Qualifier.WITHHELD):
        return printed
    if quantity.value == 0 and quantity.qualifier != Qualifier.EXACT:
        return printed
    return printed.replace(plain(quantity.value), number_word(quantity.value))
