from shelters.forms.amounts import MOST, AmountField
from shelters.forms.day_sheets import DaySheetForm, names_of_cells, rows_of
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm, UnitSelect
from shelters.forms.shelves import Shelves

__all__ = [
    "AmountField",
    "DaySheetForm",
    "LogForm",
    "MOST",
    "ShelterLockDownForm",
    "Shelves",
    "UnitSelect",
    "names_of_cells",
    "rows_of",
]
