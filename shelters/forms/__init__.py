from shelters.forms.lock_downs import ShelterLockDownForm
from shelters.forms.log import LogForm

__all__ = [
    "LogForm",
    "ShelterLockDownForm",
]
