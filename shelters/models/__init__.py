from shelters.models.allowances import AllowanceTakenBack
from shelters.models.clothing import ClothingGiven
from shelters.models.evacuations import (
    Evacuation,
    EvacuationCall,
    EvacuationChild,
    EvacuationCounted,
    EvacuationPerson,
    EvacuationQuerySet,
)
from shelters.models.incidents import (
    Incident,
    IncidentEffect,
    IncidentNote,
    IncidentNoteQuerySet,
    IncidentPayment,
    IncidentPeople,
    IncidentQuerySet,
)
from shelters.models.medical import Allowance, MedicalCase, MedicalCost, MedicalSupply, OfResidentQuerySet
from shelters.models.people import HeadCount, Resident, ResidentQuerySet, Stay, StayQuerySet
from shelters.models.places import (
    Posting,
    PostingQuerySet,
    Shelter,
    ShelterLockDown,
    ShelterQuerySet,
    ShelterStatus,
    same,
)
from shelters.models.rations import RationRule

__all__ = [
    "EvacuationChild",
    "Allowance",
    "AllowanceTakenBack",
    "ClothingGiven",
    "Evacuation",
    "EvacuationCall",
    "EvacuationCounted",
    "EvacuationPerson",
    "EvacuationQuerySet",
    "HeadCount",
    "Incident",
    "IncidentEffect",
    "IncidentNote",
    "IncidentNoteQuerySet",
    "IncidentPayment",
    "IncidentPeople",
    "IncidentQuerySet",
    "MedicalCase",
    "MedicalCost",
    "MedicalSupply",
    "OfResidentQuerySet",
    "Posting",
    "PostingQuerySet",
    "RationRule",
    "Resident",
    "ResidentQuerySet",
    "Shelter",
    "ShelterLockDown",
    "ShelterQuerySet",
    "ShelterStatus",
    "Stay",
    "StayQuerySet",
    "same",
]
