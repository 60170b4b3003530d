"""The kinds of columns. A column reads a cell, shows what is stored, and puts a value into a record.

Between cell and record stands one plain value (a date, a code's primary key, a number …): a cell changes a
record only when its value differs from what the record shows.
"""

from core.workbook.columns.base import KEEP, Column, Values, Words
from core.workbook.columns.dated import Day, FirstDay, LastDay, Moment, Month, PreciseDay
from core.workbook.columns.hanging import Of
from core.workbook.columns.linked import Code, MadeBeside, OwnCode
from core.workbook.columns.marked import RECONSTRUCTED, Note, Reconstructed, Sealed, unmarked
from core.workbook.columns.numbered import OwnNumber, key_of_number
from core.workbook.columns.plain import Choice, Currency, Email, Key, LongText, Number, YesNo
from core.workbook.columns.usual import column_of

__all__ = [
    "Choice",
    "Code",
    "Column",
    "Currency",
    "Day",
    "Email",
    "FirstDay",
    "KEEP",
    "Key",
    "LastDay",
    "LongText",
    "MadeBeside",
    "Moment",
    "Month",
    "Note",
    "Number",
    "Of",
    "OwnCode",
    "OwnNumber",
    "PreciseDay",
    "RECONSTRUCTED",
    "Reconstructed",
    "Sealed",
    "Values",
    "Words",
    "YesNo",
    "column_of",
    "key_of_number",
    "unmarked",
]
