from accounts.models.people import User, UserManager
from accounts.models.reveal import RevealEntry, RevealRequest

__all__ = ["RevealEntry", "RevealRequest", "User", "UserManager"]
