from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect
from shelters.forms.people import AboutForm, ComingForm, HeadCountForm, KnownForm, LeaveForm

__all__ = [
    "AboutForm",
    "AmountField",
    "ComingForm",
    "HeadCountForm",
    "KnownForm",
    "LeaveForm",
    "LogForm",
    "MOST",
    "ShelterLockDownForm",
    "UnitSelect",
]
