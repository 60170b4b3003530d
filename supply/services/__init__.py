"""Writes to the ledger. All go through `post_movement`; all refusals are a `Refusal`."""

from supply.services.entries import Entry, deliver, log_count, log_loss, log_receipt, log_use, transfer
from supply.services.ledger import first_open_day, hold_ledger, post_movement, reverse_movement
from supply.services.refusals import (
    AlreadyReversed,
    CannotReverse,
    DayNotAllowed,
    KeyAlreadyUsed,
    LotExpired,
    LotOfAnotherItem,
    NotAnAmount,
    NotCoveredOnDay,
    NotEnoughStock,
    ReasonMissing,
    Refusal,
    WholeUnitsOnly,
    WrongPlace,
    WrongReason,
)

__all__ = [
    "AlreadyReversed",
    "CannotReverse",
    "DayNotAllowed",
    "Entry",
    "KeyAlreadyUsed",
    "LotExpired",
    "LotOfAnotherItem",
    "NotAnAmount",
    "NotCoveredOnDay",
    "NotEnoughStock",
    "ReasonMissing",
    "Refusal",
    "WholeUnitsOnly",
    "WrongPlace",
    "WrongReason",
    "deliver",
    "first_open_day",
    "hold_ledger",
    "log_count",
    "log_loss",
    "log_receipt",
    "log_use",
    "post_movement",
    "reverse_movement",
    "transfer",
]
