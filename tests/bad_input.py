"""The shape of the table of bad input: one case a form that writes; cases in tests/<app>/bad_input.py."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from core.fiscal import month_of

HUGE = 2_000_000  # characters
# What is no text; as huge in the whole proof.
LONG = HUGE if os.environ.get("PROVE") == "whole" else 20_000
NOBODY = "0b1d9a4e-8f6f-4d0e-9c3e-000000000000"


class Bad(NamedTuple):
    """What is changed in a good body, the field at which the sentence must stand, and a part of it.

    An empty field: over the form, where no field can put it right.
    """

    changes: dict[str, Any]
    field: str
    words: str = ""


@dataclass
class Case:
    """A good body and what must be refused of it. `query`: of the address, with its question mark."""

    body: dict[str, Any]
    bad: list[Bad]
    address: dict[str, Any] = field(default_factory=dict)
    query: str = ""


class Form(NamedTuple):
    """`who`: a fixture, the person; `made`: the case, from a getter of fixtures. `says`: which of several."""

    name: str
    who: str
    made: Callable[[Callable[[str], Any]], Case]
    says: str = ""


def _each(name: str, values: Iterable[str], words: str = "") -> list[Bad]:
    return [Bad({name: value}, name, words) for value in values]


def amount(name: str, *, zero: bool = False, minus: bool = False) -> list[Bad]:
    """A number of goods or money, to the thousandth at the finest. `zero`, `minus`: those are answers too."""
    refused = ["" if minus else "-1", "many", "NaN", "1.00001", "1e3", "1_000", "1e400", "9" * LONG]
    return _each(name, filter(None, refused if zero else [*refused, "0"]))


def whole(name: str, *, zero: bool = False) -> list[Bad]:
    return _each(name, ["-1", "1.5", "many", "1_0", "9" * LONG, *([] if zero else ["0"])])


def text(name: str, most: int) -> list[Bad]:
    """`most`: characters."""
    return _each(name, ["x" * (most + 1), "x" * HUGE, "a\0b"])


def choice(name: str) -> list[Bad]:
    return _each(name, [NOBODY, "x" * LONG, "\0"])


def day(name: str) -> list[Bad]:
    return _each(name, ["2.3.26x", "0000-00-00", "", "9" * LONG])


def past_day(name: str) -> list[Bad]:
    """A day that may not lie ahead."""
    return [*day(name), Bad({name: f"{timezone.localdate() + timedelta(days=1)}"}, name)]


def booked_day(name: str) -> list[Bad]:
    """A day of the ledger. The last month is closed when the case is asked."""
    today = timezone.localdate()
    return [
        *past_day(name),
        Bad({name: f"{today - timedelta(days=400)}"}, name),
        Bad({name: f"{last_month(today)}"}, name, "is closed: nothing is booked there"),
    ]


def month(name: str) -> list[Bad]:
    return _each(name, ["2026-13", "last", "", "9" * LONG])


def last_month(today: date) -> date:
    """Its last day."""
    return month_of(today) - timedelta(days=1)
