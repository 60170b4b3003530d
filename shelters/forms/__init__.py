from shelters.forms.arrivals import ArrivalForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect

__all__ = [
    "AmountField",
    "ArrivalForm",
    "LogForm",
    "MOST",
    "ShelterLockDownForm",
    "UnitSelect",
]
