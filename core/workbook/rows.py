from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from core.workbook.columns import Values
from core.workbook.lookups import Lookups


@dataclass
class Row:
    """One row of a sheet while it is imported."""

    number: int
    lookups: Lookups
    today: date
    values: Values = field(default_factory=dict)  # column name → what the cell says
    aside: Values = field(default_factory=dict)  # what a column wants to remember of its cell
    key: tuple = ()
    stored: Values | None = None  # the record as it is, None when it is new
    changed: set[str] = field(default_factory=set)
    record: Model | None = None
