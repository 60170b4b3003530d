from accounts.models.devices import Device
from accounts.models.links import LogInLink, MailRequest
from accounts.models.people import User, UserManager
from accounts.models.reveal import RevealEntry

__all__ = ["Device", "LogInLink", "MailRequest", "RevealEntry", "User", "UserManager"]
