from foster.models.dues import Allocation, Due
from foster.models.reminders import Reminder, ReminderOutcome, ReminderRun
from foster.models.sponsorships import (
    Child,
    ChildStatus,
    Pause,
    SchoolTerm,
    Sponsor,
    Sponsorship,
    SponsorshipRate,
)
from foster.models.updates import ChildUpdate, UpdatePhoto

__all__ = [
    "Allocation",
    "Child",
    "ChildStatus",
    "ChildUpdate",
    "Due",
    "Pause",
    "Reminder",
    "ReminderOutcome",
    "ReminderRun",
    "SchoolTerm",
    "Sponsor",
    "Sponsorship",
    "SponsorshipRate",
    "UpdatePhoto",
]
