from core.models.base import (
    PAYABLE,
    AmountField,
    CurrencyField,
    DayAt,
    DisclosureField,
    Qualified,
    QuantityField,
    Record,
    Spanned,
    TokyoToday,
    payable,
)
from core.models.jobs import Job
from core.models.keys import DataKey
from core.models.leaks import LeakFinding
from core.models.outbox import OutboxMessage
from core.models.rates import ExchangeRate
from core.models.trail import AuditEntry, TrailDigest, TrailEntry

__all__ = [
    "PAYABLE",
    "AmountField",
    "AuditEntry",
    "CurrencyField",
    "DataKey",
    "DayAt",
    "DisclosureField",
    "ExchangeRate",
    "Job",
    "LeakFinding",
    "OutboxMessage",
    "Qualified",
    "QuantityField",
    "Record",
    "Spanned",
    "TokyoToday",
    "TrailDigest",
    "TrailEntry",
    "payable",
]
