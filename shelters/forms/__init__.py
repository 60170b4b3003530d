from shelters.forms.arrivals import ArrivalForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm
from shelters.forms.people import AboutForm, ComingForm, HeadCountForm, KnownForm, LeaveForm
from shelters.forms.rations import MonthForm, RationForm
from shelters.forms.registers import EndPostingForm, PlaceForm, PostingForm, ShelterForm, StateForm

__all__ = [
    "AboutForm",
    "ArrivalForm",
    "ComingForm",
    "EndPostingForm",
    "HeadCountForm",
    "KnownForm",
    "LeaveForm",
    "LogForm",
    "MonthForm",
    "PlaceForm",
    "PostingForm",
    "RationForm",
    "ShelterForm",
    "ShelterLockDownForm",
    "StateForm",
]
