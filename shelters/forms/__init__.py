from shelters.forms.arrivals import ArrivalForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm
from shelters.forms.rations import MonthForm, RationForm

__all__ = [
    "ArrivalForm",
    "LogForm",
    "MonthForm",
    "RationForm",
    "ShelterLockDownForm",
]
