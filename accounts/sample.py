"""The log-ins of the sample: invented people, one shared password that each installation makes for itself.

Only where SAMPLE is set. They stand in `.local/log-ins.txt`, one line a role: role, e-mail, password (a
sponsor has none and comes in by a link). The code of the second factor is shown on the log-in page beside
each, and by `manage.py sample_code`.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied

from accounts.enums import RoleName
from accounts.factors import codes, seeds
from accounts.models import User
from core import disk

# Without letters and digits that look alike: people type it from one screen into another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
NONE = "-"  # no password
HOW = """\
# Staff are asked for a code of six digits after the password: the log-in page shows it beside each, or type
#   .venv/bin/python manage.py sample_code        (good for half a minute, and once)
# A foster parent has no password: one tap on the log-in page, or a link in the sample's mailbox.
"""


@dataclass(frozen=True)
class LogIn:
    role: str
    email: str
    password: str
    code: str = ""  # of the second factor, now

    @property
    def has_password(self) -> bool:
        return self.password != NONE

    @property
    def role_name(self) -> str:
        return str(RoleName(self.role).label)


def log_ins() -> list[LogIn]:
    """The log-ins to offer; none outside the sample set-up."""
    path = Path(settings.SAMPLE_LOG_INS)
    if not settings.SAMPLE or not path.is_file():
        return []
    lines = (line.split() for line in path.read_text().splitlines() if not line.startswith("#"))
    return [LogIn(*words) for words in lines if len(words) == 3]


def log_ins_with_codes(now: datetime) -> list[LogIn]:
    known = log_ins()
    codes_now = codes_of({person.email for person in known}, now) if known else {}
    return [replace(person, code=codes_now.get(person.email, "")) for person in known]


def codes_of(emails: Iterable[str], now: datetime) -> dict[str, str]:
    """E-mail → the code that the person's app would show, or the next one when that was used.

    Raises PermissionDenied outside the sample set-up.
    """
    if not settings.SAMPLE:
        raise PermissionDenied
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__email__in=emails)
    return {app.user.email: _code(app, now) for app in apps.select_related("user")}


def code_of(person: User, now: datetime) -> str:
    """For the page that asks for it; nothing outside the sample."""
    return codes_of([person.email], now).get(person.email, "") if settings.SAMPLE else ""


def _code(app: Authenticator, now: datetime) -> str:
    here = codes.step_at(now)
    step = here + 1 if app.data.get("last_step", 0) >= here else here
    try:
        return codes.code_at(seeds.unseal(app.data["secret"], app.user), step)
    except seeds.SeedCannotBeOpened:
        return ""  # the page is there; who taps meets the sentence


def password() -> str:
    """The password of this installation's sample: the one in the file, else a new one."""
    known = [person.password for person in log_ins() if person.has_password]
    return known[0] if known else "-".join(_word() for _ in range(3))


def write_log_ins(people: Iterable[User], shared: str) -> None:
    """One line a role, the first of its people; readable by the owner of the file alone."""
    first: dict[str, User] = {}
    for person in people:
        first.setdefault(person.role, person)
    found = [first[role] for role in RoleName.values if role in first]
    path = Path(settings.SAMPLE_LOG_INS)
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace(path, "".join(_line(person, shared) for person in found) + HOW)


def _line(person: User, shared: str) -> str:
    password = shared if person.is_staff_member else NONE
    return f"{person.role:<20}{person.email:<36}{password}\n"


def _word() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
