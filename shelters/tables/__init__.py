from shelters.tables.lock_downs import PeopleOfShelterTable, ShelterLockDownFilters, ShelterLockDownTable
from shelters.tables.registers import ShelterFilters, ShelterTable, ShelterTableWithHeads

__all__ = [
    "PeopleOfShelterTable",
    "ShelterFilters",
    "ShelterLockDownFilters",
    "ShelterLockDownTable",
    "ShelterTable",
    "ShelterTableWithHeads",
]
