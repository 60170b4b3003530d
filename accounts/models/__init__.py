from accounts.models.lock_downs import AnyLockDown, LockDown, LockDownQuerySet
from accounts.models.people import User, UserManager
from accounts.models.reveal import RevealEntry, RevealRequest
from accounts.models.seen import AccessEntry, ExportEntry

__all__ = [
    "AccessEntry",
    "AnyLockDown",
    "ExportEntry",
    "LockDown",
    "LockDownQuerySet",
    "RevealEntry",
    "RevealRequest",
    "User",
    "UserManager",
]
