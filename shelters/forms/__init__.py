from shelters.forms.incidents import IncidentEffectForm, IncidentForm, IncidentNoteForm, IncidentPaymentForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect
from shelters.forms.rations import MonthForm, RationForm

__all__ = [
    "AmountField",
    "IncidentEffectForm",
    "IncidentForm",
    "IncidentNoteForm",
    "IncidentPaymentForm",
    "LogForm",
    "MOST",
    "MonthForm",
    "RationForm",
    "ShelterLockDownForm",
    "UnitSelect",
]
