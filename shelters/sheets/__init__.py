"""Shelters, who stays there and what befell them, in the workbook."""

from shelters.sheets.allowances import AllowancesTakenBack
from shelters.sheets.incidents import (
    EffectsOfIncidents,
    Incidents,
    PaymentsOfIncidents,
    PeopleOfIncidents,
    TimelineOfIncidents,
)
from shelters.sheets.medical import Allowances, Clothing, MedicalCases, MedicalCosts, MedicalSupplies
from shelters.sheets.registers import (
    HeadCounts,
    Postings,
    Rations,
    Residents,
    Shelters,
    ShelterStatuses,
    Stays,
)

__all__ = [
    "Allowances",
    "AllowancesTakenBack",
    "Clothing",
    "EffectsOfIncidents",
    "HeadCounts",
    "Incidents",
    "MedicalCases",
    "MedicalCosts",
    "MedicalSupplies",
    "PaymentsOfIncidents",
    "PeopleOfIncidents",
    "Postings",
    "Rations",
    "Residents",
    "ShelterStatuses",
    "Shelters",
    "Stays",
    "TimelineOfIncidents",
]
