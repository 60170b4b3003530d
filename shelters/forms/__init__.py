from shelters.forms.arrivals import ArrivalForm
from shelters.forms.day_sheets import NEW_ROWS, DaySheetForm, left_out, names_of_cells, rows_of
from shelters.forms.evacuations import (
    CountedGoForm,
    EvacuationForm,
    FinishForm,
    GoForm,
    SeveralForm,
    StoreForm,
)
from shelters.forms.incidents import (
    IncidentEffectForm,
    IncidentForm,
    IncidentNoteForm,
    IncidentPaymentForm,
    NumberOfPeopleForm,
    PaymentMistakeForm,
)
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
    GuestForm,
    HeadCountForm,
    KnownForm,
    LeaveForm,
)
from shelters.forms.rations import MonthForm, RationForm
from shelters.forms.registers import EndPostingForm, PlaceForm, PostingForm, ShelterForm, StateForm
from shelters.forms.shelves import Shelves

__all__ = [
    "NEW_ROWS",
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
    "CountedGoForm",
    "DaySheetForm",
    "EndPostingForm",
    "EvacuationForm",
    "FinishForm",
    "HandOutForm",
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
    "NumberOfPeopleForm",
    "PaymentMistakeForm",
    "PlaceForm",
    "PostingForm",
    "RationForm",
    "ShelterForm",
    "ShelterLockDownForm",
    "Shelves",
    "StateForm",
    "StoreForm",
    "TreatmentForm",
    "left_out",
    "names_of_cells",
    "rows_of",
]
