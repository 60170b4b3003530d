"""Writes to the ledger. All go through `post_movement`; all refusals are a `Refusal`."""

from supply.services.entries import Entry, deliver, log_count, log_loss, log_receipt, log_use, transfer
from supply.services.ledger import (
    broken_rule,
    first_open_day,
    hold_ledger,
    post_movement,
    refuse_day,
    reverse_movement,
)
from supply.services.places import make_store
from supply.services.refusals import (
    AlreadyReversed,
    CannotReverse,
    DayNotAllowed,
    KeyAlreadyUsed,
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
    "LotOfAnotherItem",
    "NotAnAmount",
    "NotCoveredOnDay",
    "NotEnoughStock",
    "ReasonMissing",
    "Refusal",
    "WholeUnitsOnly",
    "WrongPlace",
    "WrongReason",
    "broken_rule",
    "deliver",
    "first_open_day",
    "hold_ledger",
    "log_count",
    "log_loss",
    "log_receipt",
    "log_use",
    "make_store",
    "post_movement",
    "refuse_day",
    "reverse_movement",
    "transfer",
]
