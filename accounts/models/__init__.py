from accounts.models.devices import Device
from accounts.models.links import LogInLink, MailRequest
from accounts.models.lock_downs import AnyLockDown, LockDown, LockDownQuerySet
from accounts.models.people import User, UserManager
from accounts.models.reveal import RevealEntry, RevealRequest
from accounts.models.seen import AccessEntry, ExportEntry

__all__ = [
    "AccessEntry",
    "AnyLockDown",
    "Device",
    "ExportEntry",
    "LockDown",
    "LockDownQuerySet",
    "LogInLink",
    "MailRequest",
    "RevealEntry",
    "RevealRequest",
    "User",
    "UserManager",
]
