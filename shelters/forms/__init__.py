from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect

__all__ = [
    "AmountField",
    "LogForm",
    "MOST",
    "ShelterLockDownForm",
    "UnitSelect",
]
