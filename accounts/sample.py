"""The log-ins of the sample: invented people, one shared password that each installation makes for itself.

Only where SAMPLE is set. They stand in `.local/log-ins.txt`, one line a role: role, e-mail, password.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.enums import RoleName
from accounts.models import User

# Without letters and digits that look alike: people type it from one screen into another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class LogIn:
    role: str
    email: str
    password: str

    @property
    def role_name(self) -> str:
        return str(RoleName(self.role).label)


def log_ins() -> list[LogIn]:
    """The log-ins to offer; none outside the sample set-up."""
    path = Path(settings.SAMPLE_LOG_INS)
    if not settings.SAMPLE or not path.is_file():
        return []
    lines = (line.split() for line in path.read_text().splitlines())
    return [LogIn(*words) for words in lines if len(words) == 3]


def password() -> str:
    """The password of this installation's sample: the one in the file, else a new one."""
    known = log_ins()
    return known[0].password if known else "-".join(_word() for _ in range(3))


def write_log_ins(people: Iterable[User], shared: str) -> None:
    """One line a role, the first of its people; readable by the owner of the file alone."""
    first: dict[str, User] = {}
    for person in people:
        first.setdefault(person.role, person)
    found = [first[role] for role in RoleName.values if role in first]
    path = Path(settings.SAMPLE_LOG_INS)
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{person.role:<20}{person.email:<36}{shared}\n" for person in found)
    work.replace(path)


def _word() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
