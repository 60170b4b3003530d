from accounts.models.people import User, UserManager
from accounts.models.reveal import RevealEntry

__all__ = ["RevealEntry", "User", "UserManager"]
