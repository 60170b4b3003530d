from shelters.tables.lock_downs import PeopleOfShelterTable, ShelterLockDownFilters, ShelterLockDownTable
from shelters.tables.people import PersonDaysFilters, PersonDaysTable, period
from shelters.tables.postings import PostingFilters, PostingTable
from shelters.tables.registers import ShelterFilters, ShelterTable, ShelterTableWithHeads

__all__ = [
    "PeopleOfShelterTable",
    "PersonDaysFilters",
    "PersonDaysTable",
    "PostingFilters",
    "PostingTable",
    "ShelterFilters",
    "ShelterLockDownFilters",
    "ShelterLockDownTable",
    "ShelterTable",
    "ShelterTableWithHeads",
    "period",
]
