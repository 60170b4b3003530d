from shelters.forms.incidents import IncidentEffectForm, IncidentForm, IncidentNoteForm, IncidentPaymentForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import MOST, AmountField, LogForm, UnitSelect
from shelters.forms.medical import (
    AllowanceForm,
    CloseCaseForm,
    ClothingForm,
    HandOutForm,
    MedicalCaseForm,
    MedicalCostForm,
    TreatmentForm,
)
from shelters.forms.rations import MonthForm, RationForm

__all__ = [
    "AllowanceForm",
    "AmountField",
    "CloseCaseForm",
    "ClothingForm",
    "HandOutForm",
    "IncidentEffectForm",
    "IncidentForm",
    "IncidentNoteForm",
    "IncidentPaymentForm",
    "LogForm",
    "MOST",
    "MedicalCaseForm",
    "MedicalCostForm",
    "MonthForm",
    "RationForm",
    "ShelterLockDownForm",
    "TreatmentForm",
    "UnitSelect",
]
