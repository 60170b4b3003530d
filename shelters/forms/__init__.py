from shelters.forms.amounts import MOST, AmountField
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm, UnitSelect

__all__ = [
    "AmountField",
    "LogForm",
    "MOST",
    "ShelterLockDownForm",
    "UnitSelect",
]
