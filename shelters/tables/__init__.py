from shelters.tables.evacuations import EvacuationFilters, EvacuationTable
from shelters.tables.incidents import IncidentFilters, IncidentTable
from shelters.tables.lock_downs import PeopleOfShelterTable, ShelterLockDownFilters, ShelterLockDownTable
from shelters.tables.medical import (
    AllowanceFilters,
    AllowanceTable,
    ClothingFilters,
    ClothingTable,
    MedicalCaseFilters,
    MedicalCaseTable,
)
from shelters.tables.needs import (
    USUAL_DAYS,
    CoverFilters,
    CoverTable,
    ForecastFilters,
    ForecastTable,
    UsageFilters,
    UsageTable,
    chosen_of,
)
from shelters.tables.people import PersonDaysFilters, PersonDaysTable, SpanRefused, period
from shelters.tables.postings import PostingFilters, PostingTable
from shelters.tables.rations import RationFilters, RationTable
from shelters.tables.registers import ShelterFilters, ShelterTable, ShelterTableWithHeads

__all__ = [
    "EvacuationFilters",
    "EvacuationTable",
    "USUAL_DAYS",
    "AllowanceFilters",
    "AllowanceTable",
    "ClothingFilters",
    "ClothingTable",
    "CoverFilters",
    "CoverTable",
    "ForecastFilters",
    "ForecastTable",
    "IncidentFilters",
    "IncidentTable",
    "MedicalCaseFilters",
    "MedicalCaseTable",
    "PeopleOfShelterTable",
    "PersonDaysFilters",
    "PersonDaysTable",
    "SpanRefused",
    "PostingFilters",
    "PostingTable",
    "RationFilters",
    "RationTable",
    "ShelterFilters",
    "ShelterLockDownFilters",
    "ShelterLockDownTable",
    "ShelterTable",
    "ShelterTableWithHeads",
    "UsageFilters",
    "UsageTable",
    "chosen_of",
    "period",
]
