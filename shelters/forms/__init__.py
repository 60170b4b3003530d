from shelters.forms.arrivals import ArrivalForm
from shelters.forms.day_sheets import DaySheetForm, names_of_cells, rows_of
from shelters.forms.evacuations import CountedGoForm, GoForm, SeveralForm, StoreForm
from shelters.forms.incidents import IncidentEffectForm, IncidentForm, IncidentNoteForm, IncidentPaymentForm
from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm
from shelters.forms.medical import (
    AllowanceForm,
    AllowanceMistakeForm,
    CloseCaseForm,
    ClothingForm,
    HandOutForm,
    MedicalCaseForm,
    MedicalCostForm,
    TreatmentForm,
)
from shelters.forms.people import (
    AboutForm,
    ComingForm,
    EvacuationForm,
    GuestForm,
    HeadCountForm,
    KnownForm,
    LeaveForm,
)
from shelters.forms.rations import MonthForm, RationForm
from shelters.forms.registers import EndPostingForm, PlaceForm, PostingForm, ShelterForm, StateForm
from shelters.forms.shelves import Shelves

__all__ = [
    "SeveralForm",
    "GoForm",
    "GuestForm",
    "AboutForm",
    "AllowanceForm",
    "AllowanceMistakeForm",
    "ArrivalForm",
    "CloseCaseForm",
    "ClothingForm",
    "ComingForm",
    "DaySheetForm",
    "EndPostingForm",
    "EvacuationForm",
    "HandOutForm",
    "CountedGoForm",
    "HeadCountForm",
    "IncidentEffectForm",
    "IncidentForm",
    "IncidentNoteForm",
    "IncidentPaymentForm",
    "KnownForm",
    "LeaveForm",
    "LogForm",
    "MedicalCaseForm",
    "MedicalCostForm",
    "MonthForm",
    "PlaceForm",
    "PostingForm",
    "RationForm",
    "ShelterForm",
    "ShelterLockDownForm",
    "Shelves",
    "StateForm",
    "StoreForm",
    "TreatmentForm",
    "names_of_cells",
    "rows_of",
]
