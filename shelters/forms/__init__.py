from shelters.forms.evacuations import StoreForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect
from shelters.forms.people import AboutForm, ComingForm, EvacuationForm, HeadCountForm, KnownForm, LeaveForm
from shelters.forms.registers import EndPostingForm, PlaceForm, PostingForm, ShelterForm, StateForm

__all__ = [
    "AboutForm",
    "AmountField",
    "ComingForm",
    "EndPostingForm",
    "EvacuationForm",
    "HeadCountForm",
    "KnownForm",
    "LeaveForm",
    "LogForm",
    "MOST",
    "PlaceForm",
    "PostingForm",
    "ShelterForm",
    "ShelterLockDownForm",
    "StateForm",
    "StoreForm",
    "UnitSelect",
]
