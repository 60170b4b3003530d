from shelters.forms.amounts import MOST, AmountField
from shelters.forms.arrivals import ArrivalForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm, UnitSelect
from shelters.forms.rations import MonthForm, RationForm

__all__ = [
    "AmountField",
    "ArrivalForm",
    "LogForm",
    "MOST",
    "MonthForm",
    "RationForm",
    "ShelterLockDownForm",
    "UnitSelect",
]
